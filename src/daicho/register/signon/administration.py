"""Officers and terminals as an administrator makes them; the screen for it comes with the common platform."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from daicho.access.decision import RIGHTS
from daicho.law.errors import DaichoError
from daicho.register.signon import rules
from daicho.register.signon.acts import note
from daicho.register.signon.codes import new_secret, seal_secret
from daicho.register.signon.models import Officer, OfficerRole, OfficerSession, Terminal
from daicho.register.signon.service import clean_login
from daicho.trail.act import Act
from daicho.wire.environment import Environment

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CONSOLE = "console"


class OfficerRefused(DaichoError):
    """The officer cannot be made or changed; `why` says it in Japanese."""

    code = "S015"
    status = 422
    happened = "職員を登録できません。{why}"
    todo = "職員番号と役割を確かめてください。"


@dataclass(frozen=True, slots=True)
class Handover:
    """What is handed to the officer once, on paper: the password must be changed at the first sign-on."""

    officer_id: str
    password: str
    totp_secret: str


def new_password(env: Environment) -> str:
    """Sixteen letters and digits in groups of four, without those that look alike: 79 bits."""
    return "-".join("".join(env.random.choice(LETTERS) for _ in range(4)) for _ in range(4))


def add_officer(env: Environment, officer_id: str, name: str, department: str, office: str, role: str) -> Handover:
    """Make an officer with one role from today. Raises OfficerRefused for a known ID or an unknown role."""
    officer_id = clean_login(officer_id)
    if role not in RIGHTS.roles:
        raise OfficerRefused(why=f"役割は{'・'.join(RIGHTS.roles)}のどれかです。")
    today = env.clock.today()
    with transaction.atomic():
        officer, made = Officer.objects.get_or_create(
            officer_id=officer_id,
            defaults={
                "name": name,
                "department": department,
                "office": office,
                "active": True,
                "valid_from": today,
                "valid_to": None,
                "second_factor": b"",
                "password": "",
                "password_changed_on": today,
                "past_passwords": [],
                "large_text": False,
                "letter_keys": False,
            },
        )
        if not made:
            raise OfficerRefused(why="その職員番号はすでにあります。")
        OfficerRole.objects.create(officer=officer, role=role, since=today, until=None)
        note(env, Act.OFFICER_CHANGED, officer_id, CONSOLE, why="added")
        return _renew(env, officer)


def reset_officer(env: Environment, officer_id: str) -> Handover:
    """A new password and a new second factor, for a lost one; an open session ends."""
    with transaction.atomic():
        officer = _known(officer_id)
        note(env, Act.OFFICER_CHANGED, officer.officer_id, CONSOLE, why="reset")
        return _renew(env, officer)


def stop_officer(env: Environment, officer_id: str) -> None:
    """The officer may not sign on from now; an open session ends at its next request."""
    with transaction.atomic():
        officer = _known(officer_id)
        Officer.objects.filter(pk=officer.pk).update(active=False, valid_to=env.clock.today())
        note(env, Act.OFFICER_CHANGED, officer.officer_id, CONSOLE, why="stopped")


def put_terminal(env: Environment, terminal_id: str, name: str, office: str, address: str, terminal_class: str) -> None:
    """Register a terminal or change it; `address` an IP network it must call from, empty for any.

    `terminal_class` is a code of the rights table. Raises OfficerRefused for an unknown one.
    """
    if terminal_class not in RIGHTS.terminals:
        raise OfficerRefused(why=f"端末の区分は{'・'.join(RIGHTS.terminals)}のどれかです。")
    kept = {"name": name, "office": office, "address": address, "terminal_class": terminal_class, "active": True}
    with transaction.atomic():
        Terminal.objects.update_or_create(terminal_id=terminal_id, defaults=kept)
        note(env, Act.OFFICER_CHANGED, "-", terminal_id, why="terminal")


def _known(officer_id: str) -> Officer:
    officer = Officer.objects.select_for_update().filter(pk=clean_login(officer_id)).first()
    if officer is None:
        raise OfficerRefused(why="その職員番号はありません。")
    return officer


def _renew(env: Environment, officer: Officer) -> Handover:
    handover = Handover(officer.officer_id, new_password(env), new_secret(env))
    officer.password = make_password(handover.password)
    officer.password_changed_on = env.clock.today() - rules.PASSWORD_AGE - rules.ONE_DAY
    officer.second_factor = seal_secret(env, officer.officer_id, handover.totp_secret)
    officer.save()
    OfficerSession.objects.filter(officer=officer, ended_at=None).update(
        ended_at=env.clock.now(), ended_why="reset", kept_post=None
    )
    return handover
