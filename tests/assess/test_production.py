"""A house for real people does not start without what keeps their data (control R-STO-06)."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from daicho.engine import production
from daicho.engine.databases import known_roles
from daicho.engine.errors import SetupError
from daicho.engine.paths import ROOT
from tests.house_database import House

ROLES = frozenset({"register_owner", "register_app", "register_seal"})
LACKS = ("DAICHO_TLS_CERT", "DAICHO_KEYS", "DAICHO_DATABASE_HOST", "DAICHO_HOSTS", "DAICHO_OIDC_ISSUER")


def test_up_refuses_a_production_house_without_tls_and_names_every_lack(tmp_path: Path) -> None:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("DAICHO_")}
    done = subprocess.run(
        [sys.executable, "-m", "daicho.engine", "up", "--data", str(tmp_path)],
        env=variables | {"PYTHONPATH": str(ROOT / "src"), "DAICHO_ENV": "production"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    for lack in LACKS:
        assert lack in done.stderr


def test_a_database_over_the_network_needs_a_verified_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(tmp_path, monkeypatch)
    production.check(lambda _: ROLES)
    monkeypatch.setenv("DAICHO_DATABASE_SSLMODE", "require")
    with pytest.raises(SetupError, match="verify-full"):
        production.check(lambda _: ROLES)
    monkeypatch.delenv("DAICHO_TLS_CERT")
    with pytest.raises(SetupError, match="no service without TLS"):
        production.check(lambda _: ROLES)


def complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that a production house must have."""
    for name in ("cert.pem", "key.pem", "owner", "app", "seal"):
        (tmp_path / name).touch()
    variables = {
        "DAICHO_TLS_CERT": str(tmp_path / "cert.pem"),
        "DAICHO_TLS_KEY": str(tmp_path / "key.pem"),
        "DAICHO_KEYS": str(tmp_path),
        "DAICHO_DATABASE_HOST": "database.example",
        "DAICHO_DATABASE_SSLMODE": "verify-full",
        "DAICHO_HOSTS": "register.example",
        "DAICHO_OIDC_ISSUER": "https://commons.example",
        "DAICHO_OIDC_SECRET_FILE": str(tmp_path / "app"),
        **{f"DAICHO_DATABASE_{role.upper()}_PASSWORD_FILE": str(tmp_path / role) for role in ("owner", "app", "seal")},
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_a_trail_that_nobody_could_seal_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/trail.md: the city makes register_seal and names its password."""
    complete(tmp_path, monkeypatch)
    with pytest.raises(SetupError, match="no role register_seal:"):
        production.check(lambda _: ROLES - {"register_seal"})
    monkeypatch.setenv("DAICHO_DATABASE_SEAL_USER", "our_sealer")
    with pytest.raises(SetupError, match="no role our_sealer:"):
        production.check(lambda _: ROLES)
    (tmp_path / "seal").unlink()
    with pytest.raises(SetupError, match=r"our_sealer \(DAICHO_DATABASE_SEAL_PASSWORD_FILE\)"):
        production.check(lambda _: ROLES)


def test_the_server_is_asked_for_its_roles(house: House) -> None:
    known = known_roles(house.cluster.settings("register_owner", "postgres"))
    assert known >= ROLES
    with pytest.raises(SetupError, match="cannot be reached as register_owner"):
        known_roles(dataclasses.replace(house.cluster.settings("register_owner", "postgres"), port=1))
