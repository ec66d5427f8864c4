"""Pages by which an officer signs on (S01): user ID and password, then the one-time code."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from daicho.law.errors import DaichoError
from daicho.signon import passkeys, rules, service, sessions
from daicho.signon.models import Officer, Terminal
from daicho.signon.session_views import ENDED_WORDS, has_open_session, see_other
from daicho.signon.targets import safe_next
from daicho.signon.terminals import in_force, register_key
from daicho.wire.environment import current

PENDING = "signon_pending"
CHALLENGE = "signon_terminal_challenge"
TERMINAL_COOKIE_AGE = 365 * 24 * 3600


def origin_of(request: HttpRequest, terminal_id: str) -> service.Origin:
    """Where this request comes from, with what the terminal's key signed; each challenge counts once."""
    return service.Origin(
        terminal_id=terminal_id,
        address=request.META.get("REMOTE_ADDR", ""),
        challenge=request.session.pop(CHALLENGE, ""),
        proof=request.POST.get("proof", ""),
    )


def new_challenge(request: HttpRequest) -> str:
    """What the terminal's key has to sign with this page."""
    request.session[CHALLENGE] = current().random.token(16).hex()
    return str(request.session[CHALLENGE])


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_on(request: HttpRequest) -> HttpResponse:
    """User ID and password; on to the code."""
    target = safe_next(request.POST.get("next") or request.GET.get("next"))
    if request.method != "POST":
        if has_open_session(request):
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


def _sign_on_page(request: HttpRequest, target: str, error: DaichoError | None = None) -> HttpResponse:
    today = current().clock.today()
    terminals = [one for one in Terminal.objects.filter(active=True).order_by("terminal_id") if in_force(one, today)]
    remembered = request.get_signed_cookie(settings.SIGNON_TERMINAL_COOKIE, default="")
    page = {
        "next": target,
        "challenge": new_challenge(request),
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
def terminal_key(request: HttpRequest) -> HttpResponse:
    """Register the key of this browser for a terminal, with the code from the administrator."""
    asked = request.POST.get("terminal", "") if request.method == "POST" else request.GET.get("terminal", "")
    page = {"terminal": asked[:32], "error": "", "done": False}
    status = 200
    if request.method == "POST":
        origin = origin_of(request, asked)
        try:
            made = register_key(current(), asked, request.POST.get("code", ""), origin.challenge, origin.proof)
        except DaichoError as error:
            page["error"], status = error.message, error.status
        else:
            page |= {"done": True, "terminal": made.terminal_id}
    page["challenge"] = new_challenge(request)
    return render(request, "signon/terminal_key.html", page, status=status)


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
        return _code_page(request, pending, target)
    origin = origin_of(request, pending["terminal"])
    try:
        code, answer = request.POST.get("code", ""), _answer(request, pending)
        session = service.second_step(env, origin, pending["officer"], code, answer)
    except DaichoError as error:
        return _code_page(request, pending, target, error)
    sessions.start(env, request, session)
    response = see_other(target)
    remember_terminal(request, response, session.terminal_id)
    return response


def _answer(request: HttpRequest, pending: dict[str, str]) -> service.Answer | None:
    """What the authenticator said to the challenge of this page; each challenge counts once."""
    challenge = pending.pop("challenge", "")
    request.session[PENDING] = pending
    text = request.POST.get("answer", "")
    return service.Answer(challenge, text) if text else None


def _code_page(
    request: HttpRequest, pending: dict[str, str], target: str, error: DaichoError | None = None
) -> HttpResponse:
    """The page of the second factor: the authenticator where the officer has one, the code where it is allowed or comes on paper."""
    env = current()
    officer = Officer.objects.get(pk=pending["officer"])
    has_passkey = bool(passkeys.in_force(officer))
    options = ""
    if has_passkey:
        pending["challenge"] = passkeys.new_challenge(env)
        request.session[PENDING] = pending
        options = passkeys.options_to_sign_on(officer, pending["challenge"])
    page = {
        "next": target,
        "error": error.message if error else "",
        "options": options,
        "takes_code": officer.totp_allowed or not has_passkey,
        "on_paper": not officer.totp_allowed,
    }
    response = render(request, "signon/code.html", page, status=error.status if error else 200)
    _say_when_to_retry(response, error)
    return response


def remember_terminal(request: HttpRequest, response: HttpResponse, terminal_id: str) -> None:
    """Let this browser offer the same terminal next time."""
    response.set_signed_cookie(
        settings.SIGNON_TERMINAL_COOKIE,
        terminal_id,
        max_age=TERMINAL_COOKIE_AGE,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure(),
    )
