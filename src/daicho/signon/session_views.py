"""Pages of an open session, the same in every system: sign of life, lock, unlock, kept form, sign-off."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from daicho.law.errors import DaichoError
from daicho.signon import resume, service, sessions
from daicho.signon.door import DoorRequest, signed_on
from daicho.signon.errors import SessionEnded, SessionReplaced, SignonRequired
from daicho.signon.frames import show_frame
from daicho.signon.models import OfficerSession
from daicho.signon.system import system
from daicho.signon.targets import HOME, safe_next
from daicho.wire.environment import current

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


def has_open_session(request: HttpRequest) -> bool:
    """Whether this browser's session is open, locked or not."""
    session = sessions.any_session(request)
    if session is None:
        return False
    service.end_if_over(current(), session)
    return session.ended_at is None


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
        system().left(env, session)
        raise
    except DaichoError as error:
        if wants_json(request):
            raise
        return locked_page(request, session, target, error)
    sessions.remember_proof(env, request)
    if wants_json(request):
        return JsonResponse({"locked": False})
    return see_other(reverse("resume") if session.kept_post else target)


@require_POST
def sign_off(request: HttpRequest) -> HttpResponse:
    """End the session, locked or not; another officer can sign on."""
    session = sessions.any_session(request)
    if session is not None and session.ended_at is None:
        service.sign_off(current(), session)
        system().left(current(), session)
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
