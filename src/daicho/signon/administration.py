"""Officers and terminals as an administrator makes them, at the console or on the screen (S27)."""

import re
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from daicho.access.decision import RIGHTS
from daicho.signon import rules
from daicho.signon.codes import new_secret, seal_secret
from daicho.signon.errors import OfficerRefused
from daicho.signon.ledger import AT_CONSOLE, By, Detail, write
from daicho.signon.models import Officer, OfficerRole, OfficerSession, Passkey
from daicho.signon.people import officer_to_change, require_few
from daicho.signon.service import clean_login
from daicho.signon.words import clean_words, new_words
from daicho.trail.entry import CONSOLE
from daicho.wire.environment import Environment

LOGIN = re.compile(r"[a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Handover:
    """What is handed to the officer once, on paper: the password must be changed at the first sign-on.

    Beside it either the secret of one-time codes, where they are allowed, or the code with which a passkey is registered.
    """

    officer_id: str
    password: str
    totp_secret: str
    enrolment: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An officer to be made, with one role for the whole term; `until` None means no end."""

    officer_id: str
    name: str
    department: str
    office: str
    role: str
    since: date
    until: date | None = None
    reason: str = ""
    totp: bool = False


def add_officer(
    env: Environment, officer_id: str, name: str, department: str, office: str, role: str, *, totp: bool = False
) -> Handover:
    """Make an officer with one role from today, without end, at the console; see `issue`."""
    wanted = Wanted(officer_id, name, department, office, role, since=env.clock.today(), totp=totp)
    return issue(env, AT_CONSOLE, wanted)


def issue(env: Environment, by: By, wanted: Wanted) -> Handover:
    """Make an officer. Raises OfficerRefused for a known ID, an unknown role, a blank item or a term that is over."""
    officer_id = clean_login(wanted.officer_id)
    by.require_other(officer_id)
    require_sound(env, replace(wanted, officer_id=officer_id))
    today = env.clock.today()
    with transaction.atomic():
        officer, made = Officer.objects.get_or_create(
            officer_id=officer_id,
            defaults={
                "name": wanted.name.strip(),
                "department": wanted.department.strip(),
                "office": wanted.office.strip(),
                "active": True,
                "valid_from": wanted.since,
                "valid_to": wanted.until,
                "second_factor": b"",
                "password": "",
                "password_changed_on": today,
                "past_passwords": [],
                "large_text": False,
                "letter_keys": False,
                "totp_allowed": wanted.totp,
            },
        )
        if not made:
            raise OfficerRefused(field="officer_id", why="その職員番号はすでにあります。")
        require_few(wanted.role, wanted.since, wanted.until)
        OfficerRole.objects.create(
            officer=officer, role=wanted.role, since=wanted.since, until=wanted.until, granted_by=by.officer_id
        )
        detail = Detail(wanted.reason.strip()[:200], wanted.role, wanted.since, wanted.until)
        write(env, by, "added", officer_id, detail)
        return _renew(env, officer)


def require_sound(env: Environment, wanted: Wanted) -> None:
    """Raise OfficerRefused for what cannot be a user ID."""
    if wanted.role not in RIGHTS.roles:
        raise OfficerRefused(field="role", why=f"役割は{'・'.join(RIGHTS.roles)}のどれかです。")
    limits = {"officer_id": 32, "name": 64, "department": 32, "office": 32}
    for field, most in limits.items():
        if not 0 < len(getattr(wanted, field).strip()) <= most:
            raise OfficerRefused(field=field, why=f"職員番号・氏名・所属・窓口を{most}文字までで入力してください。")
    if not LOGIN.fullmatch(wanted.officer_id):
        raise OfficerRefused(field="officer_id", why="職員番号は英数字と . _ - で入力してください。")
    if wanted.officer_id in {CONSOLE, "-"}:
        raise OfficerRefused(field="officer_id", why="その職員番号は使えません。")
    if wanted.since < env.clock.today() or (wanted.until is not None and wanted.until < wanted.since):
        raise OfficerRefused(field="since", why="初日は今日以後、期限は初日以後にしてください。")


def reset_officer(
    env: Environment, officer_id: str, by: By = AT_CONSOLE, reason: str = "", *, totp: bool = False
) -> Handover:
    """A new password and a new second factor, for a lost one; an open session ends. `totp`: one-time codes are allowed."""
    with transaction.atomic():
        officer = officer_to_change(env, by, officer_id)
        officer.totp_allowed = totp
        write(env, by, "reset", officer.officer_id, Detail(reason.strip()[:200]))
        return _renew(env, officer)


def stop_officer(env: Environment, officer_id: str) -> None:
    """The officer may not sign on from now; an open session ends at its next request."""
    with transaction.atomic():
        officer = officer_to_change(env, AT_CONSOLE, officer_id)
        Officer.objects.filter(pk=officer.pk).update(active=False, valid_to=env.clock.today())
        write(env, AT_CONSOLE, "stopped", officer.officer_id)


def _renew(env: Environment, officer: Officer) -> Handover:
    code, secret = ("", new_secret(env)) if officer.totp_allowed else (new_words(env), "")
    handover = Handover(officer.officer_id, new_words(env), secret, code)
    officer.password = make_password(handover.password)
    officer.password_changed_on = env.clock.today() - rules.PASSWORD_AGE - rules.ONE_DAY
    officer.second_factor = seal_secret(env, officer.officer_id, secret) if secret else b""
    officer.enrolment = make_password(clean_words(code)) if code else ""
    officer.enrolment_until = env.clock.today() + rules.ENROLMENT if code else None
    officer.save()
    Passkey.objects.filter(officer=officer, ended_at=None).update(ended_at=env.clock.now())
    OfficerSession.objects.filter(officer=officer, ended_at=None).update(
        ended_at=env.clock.now(), ended_why="reset", kept_post=None
    )
    return handover
