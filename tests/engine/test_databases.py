"""Who may reach the database, and how."""

from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from daicho.engine.databases import DatabaseSettings
from daicho.engine.errors import SetupError
from tests.house_database import House


def test_settings_come_from_the_variables_of_the_process(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("se cret\n", encoding="ascii")
    settings = DatabaseSettings(
        "db.city.example", 6432, "register", "kept", tmp_path / "password", "verify-full", "/ca"
    )
    read = DatabaseSettings.of_process("app", settings.variables("app"))
    assert read == settings
    parsed = conninfo_to_dict(read.conninfo())
    assert parsed["password"] == "se cret"
    assert parsed["sslmode"] == "verify-full"
    assert parsed["sslrootcert"] == "/ca"


def test_the_role_of_a_process_is_the_runtime_role_unless_told(tmp_path: Path) -> None:
    both = DatabaseSettings("h", 1, "n", "a", tmp_path / "a").variables("app")
    both |= DatabaseSettings("h", 1, "n", "o", tmp_path / "o").variables("owner")
    assert DatabaseSettings.of_process(None, both).user == "a"
    assert DatabaseSettings.of_process(None, both | {"DAICHO_DATABASE_ROLE": "owner"}).user == "o"


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(SetupError, match="DAICHO_DATABASE_HOST is missing"):
        DatabaseSettings.of_process("app", {})


def test_a_password_never_shows(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hidden\n", encoding="ascii")
    settings = DatabaseSettings("h", 1, "n", "u", tmp_path / "password")
    assert "hidden" not in repr(settings)
    assert "hidden" not in str(settings.variables("app"))


def test_no_role_gets_in_without_its_password(house: House, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("wrong\n", encoding="ascii")
    for user in ("register_app", "register_owner", "daicho_superuser"):
        known = house.cluster.settings(user, "register")
        wrong = DatabaseSettings(known.host, known.port, known.name, user, tmp_path / "wrong", "disable")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong.conninfo())


def test_every_way_in_is_scram(house: House) -> None:
    with psycopg.connect(house.cluster.superuser.conninfo()) as connection:
        methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        stored = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolcanlogin").fetchall()
        (listens,) = connection.execute("SHOW listen_addresses").fetchone() or ("",)
    assert methods == [("scram-sha-256",)]
    assert all(password.startswith("SCRAM-SHA-256$") for (password,) in stored)
    assert listens == ""


def test_a_strange_role_cannot_connect_to_the_register(house: House) -> None:
    with psycopg.connect(house.cluster.superuser.conninfo()) as connection:
        row = connection.execute(
            "SELECT has_database_privilege('pg_monitor', 'register', 'CONNECT'),"
            " has_database_privilege('register_app', 'register', 'CREATE')"
        ).fetchone()
    assert row == (False, False)
