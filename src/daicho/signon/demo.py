"""Officers and terminals of the demo city: made at set-up, never in production.

Passwords and TOTP secrets are drawn for each data folder and kept in `secrets/demo-signons.json` (0600), so that the
supervisor can print them and `daicho code` can say the present code.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from daicho.law.errors import DaichoError
from daicho.signon.acts import note
from daicho.signon.codes import new_secret, seal_secret
from daicho.signon.models import Officer, OfficerRole, Terminal
from daicho.signon.words import new_words
from daicho.trail.act import Act
from daicho.trail.entry import CONSOLE
from daicho.wire.environment import Environment

FILE = "demo-signons.json"
SINCE = date(2020, 4, 1)


class DemoRefused(DaichoError):
    """Demo officers were asked for in production."""

    code = "S014"
    status = 403
    happened = "本番環境では、見本の職員を作れません。"
    todo = "職員の管理の画面で、実際の職員を登録してください。"


@dataclass(frozen=True, slots=True)
class DemoSignon:
    """What a person needs to sign on as a demo officer."""

    officer: str
    name: str
    role: str
    office: str
    terminal: str
    password: str
    totp_secret: str


# officer id, name, role, office, department, terminal
OFFICERS = (
    ("clerk1", "小林 由美", "clerk", "市民課", "市民課", "SHIMIN-03"),
    ("clerk2", "関根 健一", "clerk", "市民課", "市民課", "SHIMIN-04"),
    ("reviewer1", "野口 真理", "reviewer", "市民課", "市民課", "SHIMIN-11"),
    ("reviewer2", "大塚 浩", "reviewer", "大里", "大里市民係", "OSATO-01"),
    ("protector1", "根岸 恵子", "protector", "市民課", "市民課", "SHIMIN-12"),
    ("protector2", "金子 修", "protector", "市民課", "市民課", "SHIMIN-08"),
    ("admin1", "情報政策 担当", "administrator", "市民課", "情報政策課", "JOHO-01"),
    ("admin2", "情報政策 係長", "administrator", "市民課", "情報政策課", "JOHO-02"),
    ("assistant1", "石川 愛", "assistant", "市民課", "市民課", "SHIMIN-21"),
    ("security1", "内田 誠一", "security", "市民課", "情報政策課", "JOHO-01"),
    ("clerk3", "新井 さくら", "clerk", "妻沼", "妻沼市民係", "MENUMA-01"),
    ("clerk4", "福島 大輔", "clerk", "江南", "江南市民係", "KONAN-01"),
    ("clerk5", "田島 恵", "clerk", "さくらめいと", "さくらめいと出張所", "SAKURA-01"),
    ("clerk6", "長谷川 誠", "clerk", "熊谷駅", "熊谷駅出張所", "EKI-01"),
    ("clerk7", "清水 香織", "clerk", "籠原駅", "籠原駅出張所", "KAGOHARA-01"),
)

CLASSES = {"JOHO-01": "management", "JOHO-02": "management", "SHIMIN-21": "temporary", "SHIMIN-22": "screen"}
"""Classes of the demo's terminals; all others stand at counters."""

TERMINALS = (
    *((f"SHIMIN-{n:02d}", f"市民課 {n}番窓口", "市民課") for n in range(1, 9)),
    ("SHIMIN-11", "市民課 審査1", "市民課"),
    ("SHIMIN-12", "市民課 審査2", "市民課"),
    ("SHIMIN-21", "市民課 臨時職員用", "市民課"),
    ("SHIMIN-22", "市民課 画面専用", "市民課"),
    ("JOHO-01", "情報政策課 1", "市民課"),
    ("JOHO-02", "情報政策課 2", "市民課"),
    ("OSATO-01", "大里 1番窓口", "大里"),
    ("OSATO-02", "大里 2番窓口", "大里"),
    ("MENUMA-01", "妻沼 1番窓口", "妻沼"),
    ("MENUMA-02", "妻沼 2番窓口", "妻沼"),
    ("KONAN-01", "江南 1番窓口", "江南"),
    ("KONAN-02", "江南 2番窓口", "江南"),
    ("SAKURA-01", "さくらめいと 1番窓口", "さくらめいと"),
    ("EKI-01", "熊谷駅 1番窓口", "熊谷駅"),
    ("EKI-02", "熊谷駅 2番窓口", "熊谷駅"),
    ("KAGOHARA-01", "籠原駅 1番窓口", "籠原駅"),
)


def ensure_demo_officers(env: Environment, secrets_folder: Path) -> list[DemoSignon]:
    """Make the demo's terminals and officers; the sign-ons of this data folder stay what they were.

    Harmless to repeat. Raises DemoRefused in production.
    """
    if settings.PRODUCTION:
        raise DemoRefused
    path = secrets_folder / FILE
    signons = _draw(env, read_demo_signons(path) if path.exists() else [])
    _write(path, signons)
    with transaction.atomic():
        for terminal_id, name, office in TERMINALS:
            Terminal.objects.get_or_create(
                terminal_id=terminal_id,
                defaults={
                    "name": name,
                    "office": office,
                    "address": "",
                    "terminal_class": CLASSES.get(terminal_id, "counter"),
                    "active": True,
                    "keyless": True,
                },
            )
        for signon, officer in zip(signons, OFFICERS, strict=True):
            _ensure(env, signon, department=officer[4])
    return signons


def read_demo_signons(path: Path) -> list[DemoSignon]:
    """The sign-ons kept in a file."""
    return [DemoSignon(**item) for item in json.loads(path.read_text(encoding="utf-8"))]


def _draw(env: Environment, kept: list[DemoSignon]) -> list[DemoSignon]:
    """The sign-ons in the order of OFFICERS: those kept as they are, new ones for whoever has come since."""
    known = {signon.officer: signon for signon in kept}
    return [
        known.get(officer_id)
        or DemoSignon(
            officer=officer_id,
            name=name,
            role=role,
            office=office,
            terminal=terminal,
            password=new_words(env),
            totp_secret=new_secret(env),
        )
        for officer_id, name, role, office, _department, terminal in OFFICERS
    ]


def _write(path: Path, signons: list[DemoSignon]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump([asdict(signon) for signon in signons], file, ensure_ascii=False, indent=1)


def _ensure(env: Environment, signon: DemoSignon, *, department: str) -> None:
    if Officer.objects.filter(pk=signon.officer).exists():
        return
    officer = Officer.objects.create(
        officer_id=signon.officer,
        name=signon.name,
        department=department,
        office=signon.office,
        active=True,
        valid_from=SINCE,
        valid_to=None,
        second_factor=seal_secret(env, signon.officer, signon.totp_secret),
        password=make_password(signon.password),
        password_changed_on=env.clock.today(),
        past_passwords=[],
        large_text=False,
        letter_keys=False,
        totp_allowed=True,
    )
    OfficerRole.objects.create(officer=officer, role=signon.role, since=SINCE, until=None, granted_by=CONSOLE)
    note(env, Act.OFFICER_CHANGED, signon.officer, "-", why="demo")
