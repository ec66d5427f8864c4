"""A house for real people does not start without what keeps their data (control R-STO-06)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from daicho.engine import production
from daicho.engine.errors import SetupError
from daicho.engine.paths import ROOT

LACKS = ("DAICHO_TLS_CERT", "DAICHO_KEYS", "DAICHO_DATABASE_HOST", "DAICHO_HOSTS")


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
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).touch()
    complete = {
        "DAICHO_TLS_CERT": str(tmp_path / "cert.pem"),
        "DAICHO_TLS_KEY": str(tmp_path / "key.pem"),
        "DAICHO_KEYS": str(tmp_path),
        "DAICHO_DATABASE_HOST": "database.example",
        "DAICHO_DATABASE_SSLMODE": "verify-full",
        "DAICHO_HOSTS": "register.example",
    }
    for name, value in complete.items():
        monkeypatch.setenv(name, value)
    production.check()
    monkeypatch.setenv("DAICHO_DATABASE_SSLMODE", "require")
    with pytest.raises(SetupError, match="verify-full"):
        production.check()
    monkeypatch.delenv("DAICHO_TLS_CERT")
    with pytest.raises(SetupError, match="no service without TLS"):
        production.check()
