"""The sealer on real connections: nothing lost, nothing numbered twice, whoever is slow, killed, or there twice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import cast

import psycopg
import pytest

from daicho.engine.databases import DatabaseSettings
from daicho.engine.environment import PooledDatabase
from daicho.engine.errors import CommitUnknown, DatabaseUnavailable
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.trail.errors import KeyMissing, ServerChanged, TrailBroken
from daicho.trail.merkle import root_of
from daicho.trail.seal import newest_seal, seal_of_batch, seals_between
from daicho.trail.sealer import Sealed, Sealer, keep_sealing
from daicho.wire.environment import Connection, Database, Environment
from tests.house_database import House, SettableClock
from tests.people import CLERK
from tests.trail.sealing import LOG, numbers, seal_all, sealing_environment, write, write_one, write_together


@pytest.fixture
def sealing(house: House, environment: Environment) -> Iterator[Environment]:
    """The Environment of the sealer."""
    with sealing_environment(house, environment) as made:
        yield made


@pytest.fixture
def superuser(house: House, environment: Environment) -> Iterator[psycopg.Connection]:
    """Who can do everything."""
    with environment.database.transaction() as connection:
        name = connection.info.dbname
    with psycopg.connect(house.cluster.superuser.on(name).conninfo(), autocommit=True) as connection:
        yield connection


def test_entries_get_numbers_in_order_of_their_transactions(environment: Environment, sealing: Environment) -> None:
    entries = write(environment, 5)
    sealer = Sealer(sealing, LOG)
    sealed = sealer.seal()
    assert sealed is not None
    assert (sealed.batch_no, sealed.size, sealed.entries, sealed.more) == (1, 5, 5, False)
    assert sealer.seal() is None
    assert numbers(environment) == dict(enumerate(entries, 1))
    with environment.database.transaction() as connection:
        leaves = connection.execute("SELECT leaf_hash FROM trail.leaf ORDER BY seq").fetchall()
        seal = newest_seal(connection)
        assert seal is not None
        assert seal == seal_of_batch(connection, 1)
        assert seals_between(connection, 0, 5) == [seal]
        assert seal_of_batch(connection, 2) is None
    assert seal.root == root_of(leaf["leaf_hash"] for leaf in leaves)
    seal.check(environment.keys)


def test_a_leaf_is_the_hash_of_the_documented_content(environment: Environment, sealing: Environment) -> None:
    entry = write_one(environment, (9, 4))
    seal_all(Sealer(sealing, LOG))
    expected = (
        f'[1, {entry}, 1775001600000000, "person.search", "clerk1", "T001", "", "-", null, false, false, null, null,'
        ' {"n": 2}, [4, 9]]'
    )
    with environment.database.transaction() as connection:
        assert connection.execute("SELECT leaf_hash FROM trail.leaf").fetchone() == {
            "leaf_hash": sha256(b"\x00" + expected.encode()).digest()
        }


def test_whoever_commits_late_is_neither_lost_nor_waited_for(environment: Environment, sealing: Environment) -> None:
    sealer = Sealer(sealing, LOG)
    with environment.database.transaction() as slow:
        late = record_act(slow, environment, CLERK, Act.SEARCH)
        early = write(environment, 2)
        assert seal_all(sealer) == 2
        more = write_one(environment)
        assert seal_all(sealer) == 1
    assert seal_all(Sealer(sealing, LOG)) == 1
    assert list(numbers(environment).values()) == [*early, more, late]


def test_batches_are_cut_between_transactions_late_ones_included(
    environment: Environment, sealing: Environment
) -> None:
    sealer = Sealer(sealing, LOG, batch=2, page=2)
    database = environment.database
    with database.transaction() as one, database.transaction() as two:
        late = [record_act(one, environment, CLERK, Act.SEARCH) for _ in range(3)]
        late += [record_act(two, environment, CLERK, Act.SEARCH) for _ in range(3)]
        first = write(environment, 1)
        assert seal_all(sealer) == 1
        later = write(environment, 3)
    sizes = []
    while sealed := sealer.seal():
        sizes.append((sealed.entries, sealed.more))
    assert sizes == [(3, True), (3, True), (2, True), (1, False)]
    assert list(numbers(environment).values()) == [*first, *late, *later]


def test_an_entry_that_is_rolled_back_gets_no_number(environment: Environment, sealing: Environment) -> None:
    with pytest.raises(RuntimeError), environment.database.transaction() as connection:
        record_act(connection, environment, CLERK, Act.SEARCH)
        raise RuntimeError
    assert Sealer(sealing, LOG).seal() is None


def test_writers_and_two_sealers_at_once(house: House, environment: Environment, sealing: Environment) -> None:
    """Six writers commit and roll back in disorder while two sealers take turns: each entry gets one number."""
    with environment.database.transaction() as connection:
        settings = house.cluster.settings("register_app", connection.info.dbname)
    stop = threading.Event()
    written: list[list[int]] = [[] for _ in range(6)]

    def seal() -> None:
        sealer = Sealer(sealing, LOG, batch=3, page=2)
        while not stop.is_set():
            with suppress(psycopg.Error):
                sealer.seal()

    writers = [
        threading.Thread(target=_write_in_disorder, args=(environment, settings, number, written[number]))
        for number in range(6)
    ]
    sealers = [threading.Thread(target=seal) for _ in range(2)]
    for thread in (*writers, *sealers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    seal_all(Sealer(sealing, LOG))
    numbered = numbers(environment)
    assert sorted(numbered.values()) == sorted(entry for some in written for entry in some)
    assert list(numbered) == list(range(1, len(numbered) + 1))


def _write_in_disorder(environment: Environment, settings: DatabaseSettings, number: int, written: list[int]) -> None:
    """Commit after pauses of different length; roll back every fifth time."""
    database = PooledDatabase(settings, size=1)
    for turn in range(12):
        with suppress(RuntimeError), database.transaction() as connection:
            entry = record_act(connection, environment, CLERK, Act.SEARCH, subjects=(number,))
            threading.Event().wait(0.001 * ((number * 7 + turn * 5) % 9))
            if turn % 5 == 4:
                raise RuntimeError
            written.append(entry)
    database.close()


def test_a_second_sealer_goes_on_where_the_first_stopped(environment: Environment, sealing: Environment) -> None:
    first, second = Sealer(sealing, LOG), Sealer(sealing, LOG)
    for sealer in (first, second, second, first):
        write_together(environment, 700)
        assert seal_all(sealer) == 700
    with environment.database.transaction() as connection:
        leaves = connection.execute("SELECT leaf_hash FROM trail.leaf ORDER BY seq").fetchall()
        seal = newest_seal(connection)
        nodes = connection.execute("SELECT hash FROM trail.node WHERE height = 10 ORDER BY position").fetchall()
    assert seal is not None
    assert seal.root == root_of(leaf["leaf_hash"] for leaf in leaves)
    assert [node["hash"] for node in nodes] == [
        root_of(leaf["leaf_hash"] for leaf in leaves[:1024]),
        root_of(leaf["leaf_hash"] for leaf in leaves[1024:2048]),
    ]


def test_a_sealer_that_finds_another_at_work_waits(environment: Environment, sealing: Environment) -> None:
    write(environment, 1)
    with sealing.database.transaction() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (0x7472_6169_6C,))
        assert Sealer(sealing, LOG).seal() is None
    assert seal_all(Sealer(sealing, LOG)) == 1


class KilledAt:
    """A connection whose server process is ended at the nth statement."""

    def __init__(self, connection: Connection, at: int, killer: psycopg.Connection) -> None:
        self.connection, self.left, self.killer = connection, at, killer

    def __getattr__(self, name: str) -> object:
        if name in {"execute", "cursor"}:
            self.left -= 1
            if self.left == 0:
                self.killer.execute("SELECT pg_terminate_backend(%s, 5000)", (self.connection.info.backend_pid,))
        return getattr(self.connection, name)


class KillingDatabase:
    """Ends the server process of each transaction at its nth statement, or after the last one, before the commit."""

    def __init__(self, database: Database, at: int, killer: psycopg.Connection) -> None:
        self.database, self.at, self.killer = database, at, killer

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self.database.transaction() as connection:
            killed = KilledAt(connection, self.at, self.killer)
            yield cast(Connection, killed)
            killed.left = 1
            _ = killed.cursor

    def hear(self, channel: str, seconds: float) -> bool:
        return self.database.hear(channel, seconds)


def test_killed_at_any_statement_nothing_is_lost(
    environment: Environment, sealing: Environment, superuser: psycopg.Connection
) -> None:
    written = write_together(environment, 1030)
    for statement in range(1, 14):
        dying = replace(sealing, database=KillingDatabase(sealing.database, statement, superuser))
        with pytest.raises((DatabaseUnavailable, CommitUnknown, psycopg.Error)):
            Sealer(dying, LOG).seal()
        assert numbers(environment) == {}
    assert seal_all(Sealer(sealing, LOG)) == 1030
    assert list(numbers(environment).values()) == written


def test_the_clock_goes_back_but_seals_do_not(
    environment: Environment, sealing: Environment, clock: SettableClock
) -> None:
    sealer = Sealer(sealing, LOG)
    entries = write(environment, 1)
    seal_all(sealer)
    clock.advance(days=-40)
    entries += write(environment, 1)
    seal_all(sealer)
    clock.advance(days=80)
    entries += write(environment, 1)
    seal_all(sealer)
    assert list(numbers(environment).values()) == entries
    with environment.database.transaction() as connection:
        first, second, third = (seal.sealed_at for seal in seals_between(connection, 0, 3))
    assert first == second == third - timedelta(days=40)


def test_nothing_is_sealed_over_a_broken_tree(
    environment: Environment, sealing: Environment, superuser: psycopg.Connection
) -> None:
    write(environment, 3)
    seal_all(Sealer(sealing, LOG))
    write(environment, 1)
    superuser.execute("SET session_replication_role = replica")
    for harm in (
        "UPDATE trail.leaf SET leaf_hash = sha256('') WHERE seq = 2",
        "DELETE FROM trail.leaf WHERE seq = 3",
        "UPDATE trail.seal SET log = 'other'",
        "UPDATE trail.seal SET sealed_at = sealed_at - interval '1 second'",
    ):
        _harmed(superuser, sealing, harm)
    assert seal_all(Sealer(sealing, LOG)) == 1


def _harmed(superuser: psycopg.Connection, sealing: Environment, harm: str) -> None:
    """Do harm, see the sealer refuse, and mend it again."""
    for table in ("leaf", "seal"):
        superuser.execute(f"CREATE TEMP TABLE kept_{table} AS TABLE trail.{table}")
    superuser.execute(harm)
    with pytest.raises(TrailBroken):
        Sealer(sealing, LOG).seal()
    for table in ("leaf", "seal"):
        superuser.execute(f"DELETE FROM trail.{table}")
        superuser.execute(f"INSERT INTO trail.{table} TABLE kept_{table}")
        superuser.execute(f"DROP TABLE kept_{table}")


def test_a_trail_of_another_server_is_not_guessed_at(
    environment: Environment, sealing: Environment, superuser: psycopg.Connection, owner_connection: Connection
) -> None:
    """A dump restored into another server: its transaction ids are meaningless until the owner adopts the entries."""
    first = write(environment, 3)
    seal_all(Sealer(sealing, LOG))
    second = write(environment, 2)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE trail.seal SET cluster = cluster + 1")
    superuser.execute("UPDATE trail.entry SET xid = (xid::text::bigint + 1000000000)::text::xid8")
    with pytest.raises(ServerChanged):
        Sealer(sealing, LOG).seal()
    owner_connection.execute("SELECT trail.adopt()")
    third = write(environment, 2)
    sealer = Sealer(sealing, LOG, batch=1)
    assert [sealer.seal() is not None for _ in range(4)] == [True, True, True, False]
    assert list(numbers(environment).values()) == [*first, *second, *third]
    with pytest.raises(psycopg.errors.InsufficientPrivilege), sealing.database.transaction() as connection:
        connection.execute("SELECT trail.adopt()")


def test_time_travel_of_the_server_is_refused(
    environment: Environment, sealing: Environment, superuser: psycopg.Connection
) -> None:
    write(environment, 1)
    seal_all(Sealer(sealing, LOG))
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE trail.seal SET accounted = '900000000000:900000000000:'")
    with pytest.raises(ServerChanged):
        Sealer(sealing, LOG).seal()


def test_the_sealer_may_do_little_and_nobody_may_change_a_seal(
    environment: Environment, sealing: Environment, owner_connection: Connection
) -> None:
    write(environment, 2)
    seal_all(Sealer(sealing, LOG))
    for statement in (
        "INSERT INTO trail.entry DEFAULT VALUES",
        "UPDATE trail.leaf SET seq = 3",
        "DELETE FROM trail.seal",
        "TRUNCATE trail.node",
        "SELECT count(*) FROM register.change",
        "SELECT count(*) FROM signon.officer",
        "CREATE TABLE trail.own ()",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), sealing.database.transaction() as connection:
            connection.execute(statement)
    for statement in (
        "INSERT INTO trail.leaf DEFAULT VALUES",
        "INSERT INTO trail.seal DEFAULT VALUES",
        "SELECT trail.ensure_leaves(1, 1)",
        "INSERT INTO trail.entry (xid) VALUES ('3')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), environment.database.transaction() as connection:
            connection.execute(statement)
    for statement in (
        "UPDATE trail.leaf SET seq = 3",
        "DELETE FROM trail.seal",
        "TRUNCATE trail.leaf",
        "TRUNCATE trail.entry",
        "INSERT INTO trail.seal SELECT 3, log, encoding, 9, root, sealed_at, 1, 1, signature, accounted, cluster FROM trail.seal",
        "INSERT INTO trail.seal SELECT 2, log, encoding, 2, root, sealed_at, 1, 1, signature, accounted, cluster FROM trail.seal",
        "INSERT INTO trail.seal SELECT 2, 'x', encoding, 9, root, sealed_at, 1, 1, signature, accounted, cluster FROM trail.seal",
    ):
        with pytest.raises(psycopg.errors.IntegrityError):
            owner_connection.execute(statement)


class NoKeys:
    """An empty key store."""

    def newest(self, name: str) -> int:
        raise KeyError(name)

    def key(self, name: str, version: int) -> bytes:
        raise KeyError(f"{name}.{version}")


class OldKeys(NoKeys):
    """Knows versions, but has lost the keys."""

    def newest(self, name: str) -> int:
        return 1


def test_without_keys_nothing_is_sealed(environment: Environment, sealing: Environment) -> None:
    write(environment, 1)
    for keys in (NoKeys(), OldKeys()):
        with pytest.raises(KeyMissing):
            Sealer(replace(sealing, keys=keys), LOG).seal()
    assert numbers(environment) == {}


def test_the_loop_goes_on_after_every_trouble(environment: Environment, sealing: Environment) -> None:
    """A wrong key, a lost database, a backlog: said once, and at the next round it works again."""
    write(environment, 5)
    sealer, stop, said = Sealer(sealing, LOG, batch=2), threading.Event(), list[str]()
    troubles: list[Exception] = [KeyMissing(), KeyMissing(), psycopg.OperationalError()]
    original = sealer.seal

    def seal() -> Sealed | None:
        if troubles:
            raise troubles.pop(0)
        sealed = original()
        if sealed is None:
            stop.set()
        return sealed

    sealer.seal = seal  # type: ignore[method-assign]
    beats = list[int]()
    waits = list[float]()

    def wait(timeout: float | None = None) -> bool:
        waits.append(timeout or 0)
        return False

    stop.wait = wait  # type: ignore[method-assign]
    keep_sealing(sealer, stop, beat=lambda: beats.append(1), say=said.append)
    assert said == [
        "sealing is interrupted: T005",
        "sealing is interrupted: OperationalError",
        "sealing goes on",
    ]
    assert len(numbers(environment)) == 5
    assert len(beats) == 7
    assert waits == [1.0] * 5
