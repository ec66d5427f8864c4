"""The real parts of Environment, on a real database."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from daicho.engine.databases import DatabaseSettings
from daicho.engine.environment import HttpTransport, PooledDatabase, SystemClock, SystemRandom
from daicho.engine.errors import CommitUnknown, DatabaseUnavailable
from daicho.engine.keys import SYNTHETIC_MARK, FileKeys
from daicho.law.japan import JAPAN
from daicho.wire.environment import Connection, Environment
from tests.house_database import House

OUTCOME_WORDS = "登録できたかどうか"


def test_ids_are_positive_and_never_repeat(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        first = environment.ids.take(connection, 3)
    with environment.database.transaction() as connection:
        second = environment.ids.take(connection, 2)
        assert environment.ids.take(connection, 0) == []
    assert len(set(first + second)) == 5
    assert min(first) > 0


def test_ids_are_spent_when_the_transaction_is_rolled_back(environment: Environment) -> None:
    taken: list[int] = []
    with pytest.raises(ZeroDivisionError), environment.database.transaction() as connection:
        taken += environment.ids.take(connection, 1)
        taken[0] //= 0
    with environment.database.transaction() as connection:
        assert environment.ids.take(connection, 1) != taken


def test_a_transaction_is_kept_whole_or_not_at_all(environment: Environment, owner_connection: Connection) -> None:
    make_notes(owner_connection)
    with environment.database.transaction() as connection:
        connection.execute("INSERT INTO engine.note VALUES ('kept')")
    with pytest.raises(KeyError), environment.database.transaction() as connection:
        connection.execute("INSERT INTO engine.note VALUES ('dropped')")
        raise KeyError
    assert [row["text"] for row in owner_connection.execute("SELECT text FROM engine.note")] == ["kept"]


def test_a_refused_statement_stays_what_it_is(environment: Environment, owner_connection: Connection) -> None:
    make_notes(owner_connection)
    with pytest.raises(psycopg.errors.UniqueViolation), environment.database.transaction() as connection:
        connection.execute("INSERT INTO engine.note VALUES ('twice'), ('twice')")
    with environment.database.transaction() as connection:
        assert connection.execute("SELECT 1 AS one").fetchone() == {"one": 1}


def test_a_deadlock_is_not_taken_for_a_lost_server(environment: Environment, owner_connection: Connection) -> None:
    make_notes(owner_connection)
    owner_connection.execute("INSERT INTO engine.note VALUES ('a'), ('b')")
    met = threading.Barrier(2)
    ends: list[type[BaseException] | None] = []

    def take(first: str, second: str) -> None:
        try:
            with environment.database.transaction() as connection:
                connection.execute("SELECT * FROM engine.note WHERE text = %s FOR UPDATE", (first,))
                met.wait(10)
                connection.execute("SELECT * FROM engine.note WHERE text = %s FOR UPDATE", (second,))
            ends.append(None)
        except psycopg.Error as error:
            ends.append(type(error))

    clerks = [threading.Thread(target=take, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert set(ends) == {None, psycopg.errors.DeadlockDetected}


def test_a_server_lost_in_the_middle_is_told_in_japanese(environment: Environment, house: House) -> None:
    with pytest.raises(DatabaseUnavailable) as raised, environment.database.transaction() as connection:
        end_backend(house, connection)
        connection.execute("SELECT 1")
    happened, kept, todo = raised.value.sentences
    assert "データベースにつながらない" in happened
    assert "登録は変わっていません" in kept
    assert "もう一度" in todo
    assert str(raised.value) == "E001"


def test_a_server_lost_during_the_commit_leaves_the_outcome_open(environment: Environment, house: House) -> None:
    with pytest.raises(CommitUnknown, match="E002") as raised, environment.database.transaction() as connection:
        connection.execute("SELECT 1")
        end_backend(house, connection)
    assert OUTCOME_WORDS in raised.value.message


def test_the_pool_comes_back_by_itself(environment: Environment, house: House) -> None:
    with pytest.raises(CommitUnknown), environment.database.transaction() as connection:
        connection.execute("SELECT 1")
        end_backend(house, connection)
    with environment.database.transaction() as connection:
        assert connection.execute("SELECT 1 AS one").fetchone() == {"one": 1}


def test_a_server_that_is_not_there_is_said_soon(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x\n", encoding="ascii")
    database = PooledDatabase(DatabaseSettings(str(tmp_path), 1, "n", "u", tmp_path / "password"), timeout=0.2)
    with pytest.raises(DatabaseUnavailable), database.transaction():
        pass
    database.close()


def test_the_clock_gives_utc_and_the_day_of_japan(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    late = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)  # half past midnight on 1 April in Japan
    monkeypatch.setattr(SystemClock, "now", lambda _self: late)
    assert clock.today() == late.astimezone(JAPAN).date()
    assert clock.today().isoformat() == "2026-04-01"


def test_randomness_keeps_its_bounds() -> None:
    random = SystemRandom()
    assert len(random.token(32)) == 32
    assert {random.integer(1, 3) for _ in range(200)} == {1, 2, 3}
    assert random.choice(["only"]) == "only"


def test_an_unreachable_peer_is_an_os_error() -> None:
    transport = HttpTransport(timeout=0.5)
    with pytest.raises(OSError, match="refused"):
        transport.post("http://127.0.0.1:9/", b"", {})
    transport.close()


def test_keys_are_made_once_kept_private_and_marked_synthetic(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "keys")
    first = keys.key("numbers", keys.newest("numbers"))
    assert len(first) == 32
    assert FileKeys(tmp_path / "keys").key("numbers", 1) == first
    assert (tmp_path / "keys" / SYNTHETIC_MARK).exists()
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_production_keys_are_never_made(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "keys", make=False)
    with pytest.raises(KeyError):
        keys.newest("numbers")
    with pytest.raises(KeyError):
        keys.key("numbers", 1)
    assert list((tmp_path / "keys").iterdir()) == []


@pytest.mark.parametrize("name", ["../numbers", "", "a b"])
def test_a_key_s_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyError):
        FileKeys(tmp_path / "keys").key(name, 1)


def test_a_version_that_was_never_made_is_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        FileKeys(tmp_path / "keys").key("numbers", 2)


def test_the_runtime_role_cannot_change_structure(environment: Environment, owner_connection: Connection) -> None:
    rows = owner_connection.execute(
        "SELECT nspname, has_schema_privilege('register_app', oid, 'CREATE') AS may FROM pg_namespace"
        " WHERE nspname !~ '^pg_'"
    ).fetchall()
    assert {row["nspname"] for row in rows} >= {"engine", "register", "trail", "wire", "signon"}
    assert not [row["nspname"] for row in rows if row["may"]]
    with pytest.raises(psycopg.errors.InsufficientPrivilege), environment.database.transaction() as connection:
        connection.execute("DROP TABLE engine.migration")


def make_notes(owner_connection: Connection) -> None:
    """A small table that the runtime role may write."""
    owner_connection.execute("CREATE TABLE engine.note (text text PRIMARY KEY)")
    owner_connection.execute("GRANT SELECT, INSERT, UPDATE ON engine.note TO register_app")


def end_backend(house: House, connection: Connection) -> None:
    """End the server's side of a connection, as a crash would."""
    with psycopg.connect(house.cluster.superuser.conninfo(), autocommit=True) as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))
