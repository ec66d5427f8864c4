"""The migration runner: linear, remembered, refusing what was edited, lost or slipped in."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psycopg
import pytest

from daicho.engine import migrate
from daicho.engine.databases import DatabaseSettings
from daicho.engine.errors import SetupError
from daicho.wire.environment import Connection
from tests.house_database import House

Make = Callable[..., list[migrate.Migration]]


@pytest.fixture
def owner(house: House) -> Iterator[DatabaseSettings]:
    """An empty database, as its owner."""
    name = house.empty()
    yield house.cluster.settings("register_owner", name)
    house.drop(name)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write files of a room and load it."""

    def make(**files: str) -> list[migrate.Migration]:
        folder = tmp_path / "room" / "migrations"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / f"{name.removeprefix('m')}.sql").write_text(text, encoding="utf-8")
        return migrate.load(["room"], tmp_path)

    return make


def tables(owner: DatabaseSettings) -> set[str]:
    """Tables in schema `house`."""
    with psycopg.connect(owner.conninfo()) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'house'").fetchall()
    return {row[0] for row in rows}


FIRST = {"m0001_first": "CREATE SCHEMA house; CREATE TABLE house.first (id bigint);"}


def test_each_file_is_applied_once_and_in_order(owner: DatabaseSettings, make: Make) -> None:
    files = make(**FIRST, m0002_second="ALTER TABLE house.first RENAME TO second;")
    assert migrate.apply(owner, files, "register_app") == ["room/0001_first", "room/0002_second"]
    assert migrate.apply(owner, files, "register_app") == []
    assert tables(owner) == {"second"}


def test_roles_are_put_in_by_name(owner: DatabaseSettings, make: Make) -> None:
    grant = "GRANT USAGE ON SCHEMA house TO ${app}; GRANT SELECT ON house.first TO ${app};"
    migrate.apply(owner, make(**FIRST, m0002_grant=grant), "register_app")
    with psycopg.connect(owner.conninfo()) as connection:
        row = connection.execute("SELECT has_table_privilege('register_app', 'house.first', 'SELECT')").fetchone()
    assert row == (True,)


def test_an_edited_file_is_refused(owner: DatabaseSettings, make: Make) -> None:
    migrate.apply(owner, make(**FIRST), "register_app")
    with pytest.raises(SetupError, match="room/0001_first was edited"):
        migrate.apply(owner, make(m0001_first="CREATE SCHEMA house;"), "register_app")


def test_a_lost_file_is_refused(owner: DatabaseSettings, make: Make, tmp_path: Path) -> None:
    migrate.apply(owner, make(**FIRST), "register_app")
    (tmp_path / "room" / "migrations" / "0001_first.sql").unlink()
    with pytest.raises(SetupError, match="0001_first was applied to this database, but its file is missing"):
        migrate.apply(owner, make(), "register_app")


def test_a_file_before_an_applied_one_is_refused(owner: DatabaseSettings, make: Make) -> None:
    migrate.apply(owner, make(m0005_late="CREATE SCHEMA house;"), "register_app")
    with pytest.raises(SetupError, match="room/0002_early is new, but room/0005_late was applied before it"):
        migrate.apply(owner, make(m0002_early="CREATE TABLE house.early (id bigint);"), "register_app")


@pytest.mark.parametrize("name", ["first", "1_first", "0001-first", "0001_First"])
def test_a_name_out_of_form_is_refused(make: Make, name: str) -> None:
    with pytest.raises(SetupError, match="must have the form"):
        make(**{name: "SELECT 1;"})


def test_a_number_used_twice_is_refused(make: Make) -> None:
    with pytest.raises(SetupError, match="used twice"):
        make(m0001_first="SELECT 1;", m0001_other="SELECT 1;")


def test_a_failing_file_leaves_nothing_of_itself(owner: DatabaseSettings, make: Make) -> None:
    broken = "CREATE TABLE house.half (id bigint); SELECT 1/0;"
    with pytest.raises(psycopg.errors.DivisionByZero) as raised:
        migrate.apply(owner, make(**FIRST, m0002_broken=broken), "register_app")
    assert "in migration room/0002_broken" in raised.value.__notes__
    assert tables(owner) == {"first"}
    mended = make(**FIRST, m0002_broken="CREATE TABLE house.whole (id bigint);")
    assert migrate.apply(owner, mended, "register_app") == ["room/0002_broken"]


def test_two_runners_at_once_apply_each_file_once(owner: DatabaseSettings, make: Make) -> None:
    files = make(**FIRST, m0002_second="CREATE TABLE house.second (id bigint);")
    applied: list[str] = []
    runners = [
        threading.Thread(target=lambda: applied.extend(migrate.apply(owner, files, "register_app"))) for _ in range(3)
    ]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert sorted(applied) == ["room/0001_first", "room/0002_second"]


def test_a_table_in_use_is_waited_for_only_so_long(
    owner: DatabaseSettings, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "50ms")
    migrate.apply(owner, make(**FIRST), "register_app")
    with psycopg.connect(owner.conninfo()) as reader:
        reader.execute("SELECT * FROM house.first")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            migrate.apply(owner, make(m0002_more="ALTER TABLE house.first ADD note text;"), "register_app")


def test_an_old_server_is_refused(owner: DatabaseSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daicho.engine.databases.OLDEST_SERVER", 999_999)
    with pytest.raises(SetupError, match="PostgreSQL 15 or later is needed"):
        migrate.apply(owner, [], "register_app")


def test_the_migrations_of_the_house_are_in_form() -> None:
    names = [item.name for item in migrate.load()]
    assert names[0] == "engine/0001_entity_id"
    assert len(names) == len(set(names))


def test_the_queue_is_there_for_every_transaction_of_the_register(
    database_settings: DatabaseSettings, house: House, owner_connection: Connection
) -> None:
    owner = house.cluster.settings("register_owner", database_settings.name)
    migrate.apply_queue(owner, "register_app")  # a second time: nothing to do
    assert migrate.remembered(owner, "queue") == version("procrastinate")
    found = owner_connection.execute(
        "SELECT count(*) AS n FROM pg_proc WHERE pronamespace = 'queue'::regnamespace AND proconfig IS NULL"
    ).fetchone()
    assert found == {"n": 0}


def test_a_later_queue_brings_its_own_migrations_only() -> None:
    assert len(migrate.queue_texts(None)) == 1
    assert migrate.queue_texts(version("procrastinate")) == []
    later = migrate.queue_texts("3.3.0")
    assert later
    assert all("CREATE TABLE procrastinate_jobs" not in text for text in later)


def test_months_are_made_ahead_and_again_without_harm(
    database_settings: DatabaseSettings, house: House, owner_connection: Connection
) -> None:
    owner = house.cluster.settings("register_owner", database_settings.name)
    for _ in range(2):
        migrate.ensure_months(owner, date(2027, 11, 5), 3)
    made = owner_connection.execute(
        "SELECT relname FROM pg_class WHERE relname ~ '^(entry|outbox)_20(27|28)' AND relkind = 'r' ORDER BY 1"
    ).fetchall()
    assert [row["relname"] for row in made] == [
        "entry_202711",
        "entry_202712",
        "entry_202801",
        "outbox_202711",
        "outbox_202712",
        "outbox_202801",
    ]
