"""Signing on: password, then one-time code; failures counted per typed user ID; one open session per officer.

Each step runs in one transaction that is committed also when it fails, so that a failure is counted and recorded;
the error is raised after it.
"""

import ipaddress
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import check_password, get_hasher
from django.db import transaction

from daicho.law.errors import DaichoError
from daicho.signon import passkeys, rules, terminals
from daicho.signon.acts import note, note_session
from daicho.signon.codes import spend_code
from daicho.signon.errors import LockedOut, SessionEnded, SignonFailed, TerminalUnknown, UnlockFailed
from daicho.signon.models import Officer, OfficerSession, SignonAttempt, Terminal
from daicho.signon.sealing import login_digest, seal
from daicho.trail.act import Act
from daicho.wire.environment import Environment

NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a sign-on comes from: the terminal chosen and the network address of the browser."""

    terminal_id: str
    address: str
    challenge: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """What a provider gave for one sign-on: who, at which terminal, its token for the session, and what unlocking is checked with."""

    officer_id: str
    terminal_id: str
    token: str
    unlock_hash: str
    failures: int


def clean_login(typed: str) -> str:
    """A user ID as typed, in the form it is stored: half-width, lower case, no spaces around."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def check_terminal(origin: Origin, today: date) -> Terminal:
    """The terminal, if it is registered, in use, and calling from its own network; else TerminalUnknown."""
    terminal = Terminal.objects.filter(pk=origin.terminal_id).first()
    if terminal is None or not terminals.in_force(terminal, today):
        raise TerminalUnknown(field="terminal")
    if terminal.address:
        try:
            inside = ipaddress.ip_address(origin.address) in ipaddress.ip_network(terminal.address)
        except ValueError:
            inside = False
        if not inside:
            raise TerminalUnknown(field="terminal")
    return terminal


def password_fits(officer: Officer | None, password: str) -> bool:
    """Whether the password fits; as much work for an officer who does not exist as for one who does."""
    if officer is None:
        get_hasher().encode(password, "nobody-has-this-salt")
        return False
    return check_password(password, officer.password)


def first_step(env: Environment, origin: Origin, login: str, password: str) -> str:
    """Check user ID and password; returns the officer id that may go on to the code.

    Raises TerminalUnknown, LockedOut or SignonFailed (the same for unknown, wrong and not in force).
    """
    login = clean_login(login)
    failure: DaichoError | None = None
    with transaction.atomic():
        terminal = check_terminal(origin, env.clock.today())
        terminals.require_key(terminal, origin.challenge, origin.proof)
        attempt = _attempt(env, login)
        officer = _officer_in_force(login, env.clock.today())
        _refuse_while_locked(env, attempt)
        if not password_fits(officer, password) or officer is None:
            failure = _count_failure(env, attempt, _known(login), terminal.terminal_id)
    if failure is not None or officer is None:
        raise failure or SignonFailed()
    return officer.officer_id


@dataclass(frozen=True, slots=True)
class Answer:
    """What an authenticator answered (JSON) to which challenge."""

    challenge: str
    text: str


def shown_factor(env: Environment, officer: Officer, code: str, answer: Answer | None) -> str:
    """Which second factor was shown rightly: `passkey`, `otp` where it is allowed, `paper`; empty for none."""
    if answer is not None:
        return "passkey" if passkeys.holds(env, officer, answer.challenge, answer.text) else ""
    if officer.totp_allowed and officer.second_factor and spend_code(env, officer, code):
        return "otp"
    return "paper" if passkeys.is_enrolment(env, officer, code) else ""


def second_step(
    env: Environment, origin: Origin, officer_id: str, code: str, answer: Answer | None = None
) -> OfficerSession:
    """Check the second factor of an officer whose password was right and open a session.

    A session of the same officer that is still open ends (`replaced`). Raises as `first_step` does.
    """
    failure: DaichoError | None = None
    session: OfficerSession | None = None
    with transaction.atomic():
        terminal = check_terminal(origin, env.clock.today())
        attempt = _attempt(env, officer_id)
        officer = _officer_in_force(officer_id, env.clock.today())
        _refuse_while_locked(env, attempt)
        method = shown_factor(env, officer, code, answer) if officer is not None else ""
        if officer is None or not method:
            failure = _count_failure(env, attempt, officer_id, terminal.terminal_id)
        else:
            attempt.delete()
            session = _open_session(env, officer, terminal, attempt.failures, method)
            note_session(env, Act.SIGN_ON, session, why=method)
    if session is None:
        raise failure or SignonFailed()
    return session


def sign_on(env: Environment, origin: Origin, login: str, password: str, code: str) -> OfficerSession:
    """Both steps at once, for scripts; the same rules."""
    return second_step(env, origin, first_step(env, origin, login, password), code)


def open_on_word(env: Environment, granted: Granted) -> OfficerSession:
    """Open a session for an officer whom the provider has let in; both must be in force in the copy kept here.

    A session of the same officer that is still open ends (`replaced`). Raises SignonFailed or TerminalUnknown.
    """
    with transaction.atomic():
        officer = _officer_in_force(granted.officer_id, env.clock.today())
        terminal = Terminal.objects.filter(pk=granted.terminal_id).first()
        if officer is None:
            raise SignonFailed
        if terminal is None or not terminals.in_force(terminal, env.clock.today()):
            raise TerminalUnknown
        SignonAttempt.objects.filter(pk=login_digest(env, officer.officer_id)).delete()
        session = _open_session(env, officer, terminal, granted.failures, "")
        session.provider_token = seal(env, granted.token.encode("ascii"), session.ref)
        session.unlock_hash = granted.unlock_hash
        session.asked_at = session.heard_at = env.clock.now()
        session.save()
        note_session(env, Act.SIGN_ON, session)
    return session


def lock(env: Environment, session: OfficerSession) -> None:
    """Lock at once, as the officer asks. Harmless when already locked."""
    _lock_at(env, session, env.clock.now())


def lock_if_idle(env: Environment, session: OfficerSession) -> None:
    """Lock a session without activity for the idle time, dated when that time was over."""
    over_at = session.last_seen_at + rules.IDLE
    if session.locked_at is None and env.clock.now() >= over_at:
        _lock_at(env, session, over_at)


def _lock_at(env: Environment, session: OfficerSession, at: datetime) -> None:
    with transaction.atomic():
        changed = OfficerSession.objects.filter(pk=session.pk, locked_at=None, ended_at=None).update(locked_at=at)
        if changed:
            note_session(env, Act.LOCK, session)
    session.locked_at = session.locked_at or at


def unlock(env: Environment, session: OfficerSession, password: str) -> None:
    """Unlock by password. Five failures in a row end the session: UnlockFailed, then SessionEnded."""
    failure: DaichoError | None = None
    if not (session.unlock_hash or session.officer.password):  # a city's own provider alone can check the password
        end(env, session, "no-hash")
        raise SessionEnded
    with transaction.atomic():
        attempt = _attempt(env, session.officer_id)
        officer = _officer_in_force(session.officer_id, env.clock.today())
        if attempt.locked_until is None and officer is not None and _unlocks(session, officer, password):
            attempt.delete()
            now = env.clock.now()
            OfficerSession.objects.filter(pk=session.pk, ended_at=None).update(locked_at=None, last_seen_at=now)
            note_session(env, Act.UNLOCK, session)
        else:
            _count_failure(env, attempt, session.officer_id, session.terminal_id, Act.UNLOCK_FAILED)
            failure = UnlockFailed(field="password", left=max(rules.FAILURES_ALLOWED - attempt.failures, 0))
            if attempt.locked_until is not None:
                _end(env, session, "failures")
                failure = SessionEnded()
    if failure is not None:
        raise failure


def _unlocks(session: OfficerSession, officer: Officer, password: str) -> bool:
    """Where officers sign on elsewhere, the session carries what the password is checked with, as long as it is open."""
    return check_password(password, session.unlock_hash or officer.password)


def sign_off(env: Environment, session: OfficerSession) -> None:
    """End the session as the officer asks."""
    with transaction.atomic():
        _end(env, session, "signed-off")


def end(env: Environment, session: OfficerSession, why: str) -> None:
    """End the session for a reason that came from elsewhere."""
    with transaction.atomic():
        _end(env, session, why)


def end_if_over(env: Environment, session: OfficerSession) -> None:
    """End a session past its age limit, or of an officer or terminal no longer in force."""
    today = env.clock.today()
    too_old = env.clock.now() >= session.signed_on_at + rules.SESSION_AGE
    if too_old or not in_force(session.officer, today) or not terminals.in_force(session.terminal, today):
        with transaction.atomic():
            _end(env, session, "age" if too_old else "not-in-force")


def _end(env: Environment, session: OfficerSession, why: str) -> None:
    open_ones = OfficerSession.objects.filter(pk=session.pk, ended_at=None)
    over = {"ended_at": env.clock.now(), "ended_why": why, "kept_post": None, "unlock_hash": ""}
    if open_ones.update(**over):
        note_session(env, Act.SIGN_OFF, session, why=why)
        session.ended_at, session.ended_why = env.clock.now(), why


def in_force(officer: Officer, today: date) -> bool:
    """Whether the user ID may be used on a day: not suspended, within its term (both days included), not on leave."""
    within = officer.valid_from <= today and (officer.valid_to is None or today <= officer.valid_to)
    return officer.active and within and not officer.place_on(today).on_leave


def _officer_in_force(officer_id: str, today: date) -> Officer | None:
    """The officer with the row locked, if they may sign on today."""
    officer = Officer.objects.select_for_update().filter(pk=officer_id).first()
    return officer if officer is not None and in_force(officer, today) else None


def _known(login: str) -> str:
    """The officer id for the trail; what was typed is not kept when nobody has it."""
    return login if Officer.objects.filter(pk=login).exists() else NOBODY


def _attempt(env: Environment, login: str) -> SignonAttempt:
    """The failure count of a typed user ID with its row locked, so that guesses queue up."""
    now = env.clock.now()
    digest = login_digest(env, login)
    SignonAttempt.objects.bulk_create(
        [SignonAttempt(login_digest=digest, failures=0, failed_at=now)], ignore_conflicts=True
    )
    attempt = SignonAttempt.objects.select_for_update().get(pk=digest)
    if attempt.locked_until is not None and attempt.locked_until <= now:
        attempt.failures, attempt.locked_until = 0, None
    return attempt


def _refuse_while_locked(env: Environment, attempt: SignonAttempt) -> None:
    if attempt.locked_until is not None:
        raise LockedOut(minutes=_minutes(attempt.locked_until, env.clock.now()))


def _minutes(until: datetime, now: datetime) -> int:
    return -(-int((until - now).total_seconds()) // 60)


def _count_failure(
    env: Environment, attempt: SignonAttempt, officer_id: str, terminal_id: str, act: Act = Act.SIGN_ON_FAILED
) -> DaichoError:
    """Count and record one more failure; the fifth locks. Counts that nobody added to for a day are forgotten."""
    now = env.clock.now()
    SignonAttempt.objects.filter(failed_at__lt=now - rules.FAILURES_KEPT).exclude(pk=attempt.pk).delete()
    attempt.failures += 1
    attempt.failed_at = now
    note(env, act, officer_id, terminal_id, refused=True)
    failure: DaichoError = SignonFailed()
    if attempt.failures >= rules.FAILURES_ALLOWED:
        attempt.locked_until = now + rules.LOCKOUT
        failure = LockedOut(minutes=_minutes(attempt.locked_until, now))
        note(env, Act.LOCKED_OUT, officer_id, terminal_id, refused=True)
    attempt.save()
    return failure


def _open_session(env: Environment, officer: Officer, terminal: Terminal, failures: int, method: str) -> OfficerSession:
    """A new open session; the one that was open ends, because an officer has one."""
    for other in OfficerSession.objects.select_for_update().filter(officer=officer, ended_at=None):
        _end(env, other, "replaced")
    now = env.clock.now()
    return OfficerSession.objects.create(
        ref=env.random.token(16).hex(),
        officer=officer,
        terminal=terminal,
        signed_on_at=now,
        last_seen_at=now,
        failures_before=failures,
        method=method,
    )
