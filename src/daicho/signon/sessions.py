"""From the cookie to the actor."""

from datetime import date, datetime

from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from daicho.access.actor import Actor
from daicho.signon import rules, service
from daicho.signon.errors import SessionEnded, SessionLocked, SessionReplaced, SignonRequired
from daicho.signon.models import Officer, OfficerSession
from daicho.wire.environment import Environment

REF = "signon_ref"
PROVEN = "signon_proven_at"
PROVEN_LAST = "signon_proven_last"


def current_session(env: Environment, request: HttpRequest, *, late_save: bool = False) -> OfficerSession:
    """The open, unlocked session of this browser.

    Raises SignonRequired, SessionEnded, SessionReplaced, SessionLocked; ends what is over, locks what is idle.
    `late_save`: let pass for a few seconds after the lock, for a draft that was on its way.
    """
    session = any_session(request)
    if session is None:
        raise SignonRequired
    if session.ended_at is None:
        service.end_if_over(env, session)
    if session.ended_at is not None:
        raise SessionReplaced if session.ended_why == "replaced" else SessionEnded
    service.lock_if_idle(env, session)
    if session.locked_at is not None and not (late_save and env.clock.now() <= session.locked_at + rules.SAVE_GRACE):
        raise SessionLocked
    return session


def any_session(request: HttpRequest) -> OfficerSession | None:
    """The session this browser's cookie names, open or not; None when it names none."""
    ref = request.session.get(REF)
    if not ref:
        return None
    return (
        OfficerSession.objects.select_related("officer", "terminal")
        .prefetch_related("officer__roles")
        .filter(pk=ref)
        .first()
    )


def roles_on(officer: Officer, day: date) -> frozenset[str]:
    """The roles an officer holds on a day."""
    return frozenset(
        held.role for held in officer.roles.all() if held.since <= day and (held.until is None or day <= held.until)
    )


def actor_of(env: Environment, session: OfficerSession) -> Actor:
    """The actor of a session, with the roles in force today."""
    officer, terminal = session.officer, session.terminal
    roles = roles_on(officer, env.clock.today())
    place = officer.place_on(env.clock.today())
    return Actor(
        officer_id=officer.officer_id,
        name=officer.name,
        roles=roles,
        department=place.department,
        office=place.office,
        terminal_id=terminal.terminal_id,
        terminal_name=terminal.name,
        session_ref=session.ref,
        signed_on_at=session.signed_on_at,
        terminal_class=terminal.terminal_class,
    )


def touch(env: Environment, session: OfficerSession) -> None:
    """Remember activity; written at most every few seconds, so that most requests write nothing."""
    now = env.clock.now()
    if session.locked_at is None and now - session.last_seen_at >= rules.SEEN_EVERY:
        OfficerSession.objects.filter(pk=session.pk, ended_at=None, locked_at=None).update(last_seen_at=now)
        session.last_seen_at = now


def start(env: Environment, request: HttpRequest, session: OfficerSession) -> None:
    """Bind the browser to a session that was just opened, under a new session key (no fixation).

    Cookies that ran out are swept on the way; what happened in those sessions stays in `officer_session` and the trail.
    """
    Session.objects.filter(expire_date__lt=env.clock.now()).delete()
    request.session.flush()
    request.session[REF] = session.ref
    remember_proof(env, request)
    rotate_token(request)


def remember_proof(env: Environment, request: HttpRequest) -> None:
    """Remember that this person has just shown who they are, by signing on or by unlocking."""
    request.session[PROVEN] = request.session[PROVEN_LAST] = env.clock.now().isoformat()


def has_proof(env: Environment, request: HttpRequest) -> bool:
    """Whether the person has just shown who they are."""
    proven = request.session.get(PROVEN)
    return proven is not None and env.clock.now() - datetime.fromisoformat(proven) <= rules.PROOF_FRESH


def proven_lately(env: Environment, request: HttpRequest) -> bool:
    """Whether the person showed who they are not long ago: enough for a sensitive act, any number of times."""
    proven = request.session.get(PROVEN_LAST)
    return proven is not None and env.clock.now() - datetime.fromisoformat(proven) <= rules.STEP_UP


def spend_proof(request: HttpRequest) -> None:
    """Each showing counts once."""
    request.session.pop(PROVEN, None)


def password_is_old(env: Environment, officer: Officer) -> bool:
    """Whether the officer must change the password before anything else."""
    return env.clock.today() > officer.password_changed_on + rules.PASSWORD_AGE


def lacks_second_factor(officer: Officer) -> bool:
    """Whether the officer must register a passkey before anything else."""
    return not officer.totp_allowed and not officer.passkeys.filter(ended_at=None).exists()
