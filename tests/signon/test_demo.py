"""Demo officers, their secrets, and the command that says their codes."""

import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from daicho.engine.commands import code
from daicho.engine.environment import SystemClock
from daicho.engine.errors import SetupError
from daicho.signon.codes import code_at, new_secret
from daicho.signon.demo import FILE, OFFICERS, TERMINALS, DemoRefused, ensure_demo_officers, read_demo_signons
from daicho.signon.errors import SignonKeyMissing
from daicho.signon.models import Officer, OfficerRole, Terminal
from daicho.signon.sealing import seal, unseal
from daicho.wire.environment import Connection
from tests.signon.desk import CommonsDesk as Desk

OFFICES = {"市民課", "大里", "妻沼", "江南", "さくらめいと", "熊谷駅", "籠原駅"}


def test_all_seven_offices_have_terminals_and_officers(desk: Desk) -> None:
    assert {terminal.office for terminal in Terminal.objects.all()} == OFFICES
    assert {officer.office for officer in Officer.objects.all()} == OFFICES
    assert OfficerRole.objects.filter(role="reviewer").count() == 2
    assert {officer[5] for officer in OFFICERS} <= {terminal[0] for terminal in TERMINALS}


def test_making_them_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    before = list(Officer.objects.order_by("pk").values_list("pk", "password"))
    first = ensure_demo_officers(desk.env, tmp_path)
    assert ensure_demo_officers(desk.env, tmp_path) == first == read_demo_signons(tmp_path / FILE)
    assert list(Officer.objects.order_by("pk").values_list("pk", "password")) == before


def test_each_data_folder_has_secrets_of_its_own_closed_to_others(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = ensure_demo_officers(desk.env, tmp_path / "a")
    other = ensure_demo_officers(desk.env, tmp_path / "b")
    assert {signon.password for signon in one}.isdisjoint(signon.password for signon in other)
    assert {signon.totp_secret for signon in one}.isdisjoint(signon.totp_secret for signon in other)
    assert stat.S_IMODE((tmp_path / "a" / FILE).stat().st_mode) == 0o600


def test_production_refuses_them(desk: Desk, tmp_path: Path) -> None:
    with override_settings(PRODUCTION=True):
        with pytest.raises(DemoRefused):
            ensure_demo_officers(desk.env, tmp_path)
        with pytest.raises(CommandError, match="never made in production"):
            call_command("demo_officers", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_supervisor_makes_them_by_command(desk: Desk, tmp_path: Path) -> None:
    call_command("demo_officers", folder=tmp_path)
    assert (tmp_path / FILE).exists()


def test_the_second_factor_is_unreadable_at_rest_and_bound_to_its_officer(
    desk: Desk, module_owner_connection: Connection
) -> None:
    signon = desk.signons["clerk1"]
    [row] = module_owner_connection.execute(
        "SELECT second_factor FROM signon.officer WHERE officer_id = 'clerk1'"
    ).fetchall()
    sealed = bytes(row["second_factor"])
    assert signon.totp_secret.encode() not in sealed
    assert unseal(desk.env, sealed, "clerk1").decode() == signon.totp_secret
    for wrong in (sealed[:-1] + b"\0", b"", sealed[:10], b"\xff\xff" + sealed[2:]):
        with pytest.raises(SignonKeyMissing):
            unseal(desk.env, wrong, "clerk1")
    with pytest.raises(SignonKeyMissing):
        unseal(desk.env, sealed, "clerk2")


def test_no_two_sealings_are_equal(desk: Desk) -> None:
    assert seal(desk.env, b"same", "clerk1") != seal(desk.env, b"same", "clerk1")
    assert new_secret(desk.env) != new_secret(desk.env)


def test_the_command_says_the_present_code(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = tmp_path / "data" / "secrets"
    secrets.mkdir(parents=True)
    [signon, *_] = ensure_demo_officers(desk.env, secrets)
    assert code.run([signon.officer, "--data", str(tmp_path / "data")]) == 0
    now = SystemClock().now()
    codes = {code_at(signon.totp_secret, now - timedelta(seconds=back)) for back in (0, 30)}
    assert capsys.readouterr().out.strip() in codes
    assert code.run(["--data", str(tmp_path / "data")]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(OFFICERS)


def test_the_command_says_what_is_missing(tmp_path: Path, desk: Desk) -> None:
    with pytest.raises(SetupError, match="no demo officers"):
        code.run(["clerk1", "--data", str(tmp_path / "empty")])
    (tmp_path / "data" / "secrets").mkdir(parents=True)
    ensure_demo_officers(desk.env, tmp_path / "data" / "secrets")
    with pytest.raises(SetupError, match="no demo officer nobody"):
        code.run(["nobody", "--data", str(tmp_path / "data")])


@pytest.mark.parametrize("system", ["register", "commons"])
@pytest.mark.parametrize(("kind", "secure"), [("production", True), ("demo", False)])
def test_cookies_need_tls_in_production(repository: Path, kind: str, secure: bool, system: str) -> None:
    program = (
        "import django; django.setup(); from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SAMESITE)"
    )
    variables = os.environ | {
        "DAICHO_ENV": kind,
        "PYTHONPATH": str(repository / "src"),
        "DJANGO_SETTINGS_MODULE": f"daicho.{system}.settings",
    }
    done = subprocess.run([sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(secure), str(secure), f"daicho_{system}_session", "Strict"]
