"""Pages of sign-on (S01): user ID and password, one-time code, lock, unlock, sign-off."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from daicho.law.errors import DaichoError
from daicho.register.environment import current
from daicho.register.signon import resume, rules, service, sessions
from daicho.register.signon.door import DoorRequest, signed_on
from daicho.register.signon.errors import SessionEnded, SessionReplaced, SignonRequired
from daicho.register.signon.frames import show_frame
from daicho.register.signon.models import OfficerSession, Terminal
from daicho.register.signon.targets import HOME, safe_next
from daicho.wire.environment import Environment

PENDING = "signon_pending"
TERMINAL_COOKIE = "daicho_register_terminal"
TERMINAL_COOKIE_AGE = 365 * 24 * 3600
ENDED_WORDS = {
    "replaced": SessionReplaced.happened + SessionReplaced.todo,
    "ended": SessionEnded.happened,
    "off": "サインオフしました。",
}


def see_other(url: str) -> HttpResponseRedirect:
    """303: look at this page now."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of the page asks (fetch), not the browser for a page."""
    asked = request.headers.get("X-Requested-With") == "fetch"
    return asked or request.headers.get("Accept", "").startswith("application/json")


def origin_of(request: HttpRequest, terminal_id: str) -> service.Origin:
    """Where this request comes from."""
    return service.Origin(terminal_id=terminal_id, address=request.META.get("REMOTE_ADDR", ""))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_on(request: HttpRequest) -> HttpResponse:
    """User ID and password; on to the code."""
    target = safe_next(request.POST.get("next") or request.GET.get("next"))
    if request.method != "POST":
        if _has_open_session(current(), request):
            return see_other(target)
        return _sign_on_page(request, target)
    origin = origin_of(request, request.POST.get("terminal", ""))
    try:
        officer_id = service.first_step(
            current(), origin, request.POST.get("officer", ""), request.POST.get("password", "")
        )
    except DaichoError as error:
        return _sign_on_page(request, target, error)
    request.session.cycle_key()
    request.session[PENDING] = {
        "officer": officer_id,
        "terminal": origin.terminal_id,
        "at": current().clock.now().isoformat(),
    }
    return see_other(f"{reverse('sign-on-code')}?{urlencode({'next': target})}")


def _has_open_session(env: Environment, request: HttpRequest) -> bool:
    session = sessions.any_session(request)
    if session is None:
        return False
    service.end_if_over(env, session)
    return session.ended_at is None


def _sign_on_page(request: HttpRequest, target: str, error: DaichoError | None = None) -> HttpResponse:
    terminals = list(Terminal.objects.filter(active=True).order_by("terminal_id"))
    remembered = request.get_signed_cookie(TERMINAL_COOKIE, default="")
    page = {
        "next": target,
        "terminals": terminals,
        "terminal_id": request.POST.get("terminal") or remembered,
        "officer": request.POST.get("officer", ""),
        "error": error.message if error else "",
        "ended": ENDED_WORDS.get(request.GET.get("ended", ""), ""),
    }
    response = render(request, "signon/sign_on.html", page, status=error.status if error else 200)
    _say_when_to_retry(response, error)
    return response


def _say_when_to_retry(response: HttpResponse, error: DaichoError | None) -> None:
    if error is not None and "minutes" in error.data:
        response["Retry-After"] = str(int(error.data["minutes"]) * 60)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_on_code(request: HttpRequest) -> HttpResponse:
    """The one-time code; opens the session under a new session key."""
    target = safe_next(request.POST.get("next") or request.GET.get("next"))
    env = current()
    pending = request.session.get(PENDING)
    if pending is None or env.clock.now() - datetime.fromisoformat(pending["at"]) > rules.SECOND_STEP_WITHIN:
        return see_other(f"{reverse('sign-on')}?{urlencode({'next': target})}")
    if request.method != "POST":
        return render(request, "signon/code.html", {"next": target})
    origin = origin_of(request, pending["terminal"])
    try:
        session = service.second_step(env, origin, pending["officer"], request.POST.get("code", ""))
    except DaichoError as error:
        page = {"next": target, "error": error.message}
        response = render(request, "signon/code.html", page, status=error.status)
        _say_when_to_retry(response, error)
        return response
    sessions.start(env, request, session)
    response = see_other(target)
    remember_terminal(request, response, session.terminal_id)
    return response


def remember_terminal(request: HttpRequest, response: HttpResponse, terminal_id: str) -> None:
    """Let this browser offer the same terminal next time."""
    response.set_signed_cookie(
        TERMINAL_COOKIE,
        terminal_id,
        max_age=TERMINAL_COOKIE_AGE,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )


@require_POST
@signed_on
def alive(request: DoorRequest) -> HttpResponse:
    """Told by the page while somebody types or scrolls without asking for anything: passing the door is all."""
    return HttpResponse(status=204)


@require_POST
@signed_on
def lock(request: DoorRequest) -> HttpResponse:
    """Lock at once (Ctrl+Alt+L or button)."""
    service.lock(current(), request.officer_session)
    if wants_json(request):
        return JsonResponse({"locked": True})
    return see_other(safe_next(request.POST.get("next")))


def locked_page(request: HttpRequest, session: OfficerSession, target: str, error: DaichoError | None) -> HttpResponse:
    """The lock screen at the address that was asked for; holds nothing of the page behind it."""
    show_frame(request, session)
    page = {"lock_next": target, "lock_error": error.happened.format_map(error.data) if error else ""}
    return render(request, "signon/locked.html", page, status=error.status if error else 423)


@sensitive_post_parameters()
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Open a locked session again by password and go back to the same page."""
    env = current()
    session = sessions.any_session(request)
    if session is None:
        raise SignonRequired
    service.end_if_over(env, session)
    if session.ended_at is not None:
        raise SessionEnded
    target = safe_next(request.POST.get("next"))
    try:
        service.unlock(env, session, request.POST.get("password", ""))
    except SessionEnded:
        raise
    except DaichoError as error:
        if wants_json(request):
            raise
        return locked_page(request, session, target, error)
    if wants_json(request):
        return JsonResponse({"locked": False})
    return see_other(reverse("resume") if session.kept_post else target)


@require_POST
def sign_off(request: HttpRequest) -> HttpResponse:
    """End the session, locked or not; another officer can sign on."""
    session = sessions.any_session(request)
    if session is not None and session.ended_at is None:
        service.sign_off(current(), session)
    request.session.flush()
    return see_other(f"{reverse('sign-on')}?{urlencode({'ended': 'off'})}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_on
def resume_page(request: DoorRequest) -> HttpResponse:
    """Give back the form that arrived while the session was locked: to be sent again, or dropped (POST)."""
    kept = resume.read(current(), request.officer_session)
    if kept is None:
        return see_other(HOME)
    return render(request, "signon/resume.html", {"kept": kept})
