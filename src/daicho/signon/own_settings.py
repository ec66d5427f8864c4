"""The officer's own page (S29 in part): size of the text, letter keys, a new password."""

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from daicho.law.errors import DaichoError
from daicho.signon import passkeys, rules, sessions
from daicho.signon.acts import note_session
from daicho.signon.door import DoorRequest, signed_on
from daicho.signon.errors import PasskeyRefused, PasswordRefused
from daicho.signon.models import Officer, OfficerSession
from daicho.signon.password_rules import check_new_password
from daicho.signon.service import password_fits
from daicho.signon.session_views import see_other
from daicho.signon.sessions import password_is_old
from daicho.signon.targets import safe_next
from daicho.trail.act import Act
from daicho.wire.environment import Environment, current

CHALLENGE = "signon_challenge"
AFTER = "signon_after"
"""Where an officer wanted to go who had to change the password first."""


@require_GET
@signed_on
def settings_page(request: DoorRequest) -> HttpResponse:
    """Show the page."""
    return _page(request)


def _page(request: DoorRequest, error: DaichoError | None = None) -> HttpResponse:
    session = request.officer_session
    officer = session.officer
    before = OfficerSession.objects.filter(officer=officer, ended_at__isnull=False).order_by("-signed_on_at").first()
    page = {
        "actor": request.actor,
        "officer": officer,
        "session": session,
        "before": before,
        "expires_on": officer.password_changed_on + rules.PASSWORD_AGE,
        "is_old": password_is_old(current(), officer),
        "length": rules.PASSWORD_LENGTH,
        "errors": [(f"f-{error.field}", error.message)] if error else [],
        "wrong": {error.field: error.happened.format_map(error.data)} if error else {},
        "changed": "changed" in request.GET,
        "passkeys": passkeys.in_force(officer),
        "lacks": sessions.lacks_second_factor(officer),
        "totp_allowed": officer.totp_allowed,
        "passkey_name": request.POST.get("name", ""),
        "options": _options(request, officer),
    }
    return render(request, "signon/settings.html", page, status=error.status if error else 200)


def _options(request: DoorRequest, officer: Officer) -> str:
    """What the browser makes a passkey from; the challenge counts once, for this page."""
    challenge = passkeys.new_challenge(current())
    request.session[CHALLENGE] = challenge
    return passkeys.options_to_register(officer, challenge)


@sensitive_post_parameters()
@require_POST
@signed_on
def register_passkey(request: DoorRequest) -> HttpResponse:
    """Register an authenticator: the password is asked for again, and the authenticator verifies the person."""
    env, session = current(), request.officer_session
    challenge = request.session.pop(CHALLENGE, "")
    try:
        with transaction.atomic():
            officer = Officer.objects.select_for_update().get(pk=session.officer_id)
            if not password_fits(officer, request.POST.get("password", "")):
                raise PasskeyRefused(field="password", why="今のパスワードが違います。")
            passkeys.register(env, officer, challenge, request.POST.get("answer", ""), request.POST.get("name", ""))
            note_session(env, Act.OFFICER_CHANGED, session, why="passkey")
    except PasskeyRefused as error:
        return _page(request, error)
    return _settled(request)


@require_POST
@signed_on
def end_passkey(request: DoorRequest) -> HttpResponse:
    """Take an own authenticator out of use."""
    env, session = current(), request.officer_session
    number = request.POST.get("passkey", "")
    try:
        with transaction.atomic():
            officer = Officer.objects.select_for_update().get(pk=session.officer_id)
            passkeys.end(env, officer, int(number) if number.isascii() and number.isdigit() else 0)
            note_session(env, Act.OFFICER_CHANGED, session, why="passkey-ended")
    except PasskeyRefused as error:
        return _page(request, error)
    return see_other("/settings?changed")


def _settled(request: DoorRequest) -> HttpResponse:
    """Back to where the officer wanted to go before something had to be settled first."""
    sessions.remember_proof(current(), request)
    return see_other(safe_next(request.session.pop(AFTER, "/settings?changed")))


@require_POST
@signed_on
def change_display(request: DoorRequest) -> HttpResponse:
    """Keep size of text and letter keys."""
    Officer.objects.filter(pk=request.actor.officer_id).update(
        large_text=request.POST.get("size") == "large", letter_keys=request.POST.get("letter_keys") == "on"
    )
    return see_other("/settings?changed")


@sensitive_post_parameters()
@require_POST
@signed_on
def change_password(request: DoorRequest) -> HttpResponse:
    """Change the password; the old one must be right, the new one must keep the rules."""
    given = [request.POST.get(name, "") for name in ("old_password", "new_password", "new_password_again")]
    try:
        set_new_password(current(), request.officer_session, *given)
    except PasswordRefused as error:
        return _page(request, error)
    request.session.cycle_key()
    if sessions.lacks_second_factor(request.officer_session.officer):
        return see_other("/settings?changed")
    return _settled(request)


def set_new_password(env: Environment, session: OfficerSession, old: str, new: str, again: str) -> None:
    """Store a new password. Raises PasswordRefused naming the field and the rule."""
    with transaction.atomic():
        officer = Officer.objects.select_for_update().get(pk=session.officer_id)
        if not password_fits(officer, old):
            raise PasswordRefused(field="old_password", rule="今のパスワードが違います。")
        if new != again:
            raise PasswordRefused(field="new_password_again", rule="二つの新しいパスワードが違います。")
        check_new_password(officer, old, new)
        if any(check_password(new, past) for past in [officer.password, *officer.past_passwords]):
            raise PasswordRefused(field="new_password", rule="最近使ったパスワードは使えません。")
        officer.past_passwords = [officer.password, *officer.past_passwords][: rules.PASSWORDS_REMEMBERED]
        officer.password = make_password(new)
        officer.password_changed_on = env.clock.today()
        officer.save()
        note_session(env, Act.OFFICER_CHANGED, session, why="password")
