"""A sealer with its own role, and trails to seal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from daicho.engine.environment import PooledDatabase, build
from daicho.trail import encoding
from daicho.trail.act import Act
from daicho.trail.checkpoint import Checkpoint, newest, of_seal
from daicho.trail.entry import record_act
from daicho.trail.merkle import frontier_of, leaf_hash, root_of
from daicho.trail.seal import MARK_KEY, KeptHashes, mark, seal_of_batch, seals_between, signed
from daicho.trail.sealer import Sealer
from daicho.wire.environment import Environment, Keys
from tests.house_database import House, SettableClock
from tests.people import CLERK

LOG = "register"
TABLES = ("entry", "subject", "leaf", "node", "seal")


@contextmanager
def sealing_environment(house: House, environment: Environment) -> Iterator[Environment]:
    """The Environment of the sealer's process: the same database, the role `register_seal`."""
    assert isinstance(environment.database, PooledDatabase)
    with environment.database.transaction() as connection:
        name = connection.info.dbname
    made = build(house.cluster.settings("register_seal", name), environment.keys, pool_size=2)
    made = replace(made, clock=environment.clock)
    yield made
    assert isinstance(made.database, PooledDatabase)
    made.database.close()


def write(environment: Environment, count: int, *, subjects: tuple[int, ...] = (7, 8)) -> list[int]:
    """Write entries, each in its own transaction; their ids."""
    return [write_one(environment, subjects) for _ in range(count)]


def write_one(environment: Environment, subjects: tuple[int, ...] = (7, 8)) -> int:
    """Write one entry in its own transaction; its id."""
    with environment.database.transaction() as connection:
        return record_act(connection, environment, CLERK, Act.SEARCH, subjects=subjects, detail={"n": len(subjects)})


def write_together(environment: Environment, count: int) -> list[int]:
    """Write entries in one transaction; their ids."""
    with environment.database.transaction() as connection:
        return [record_act(connection, environment, CLERK, Act.SEARCH, subjects=(7,)) for _ in range(count)]


def seal_all(sealer: Sealer) -> int:
    """Seal until nothing is left; how many entries."""
    entries = 0
    while sealed := sealer.seal():
        entries += sealed.entries
    return entries


def numbers(environment: Environment) -> dict[int, int]:
    """Entry id by number."""
    with environment.database.transaction() as connection:
        rows = connection.execute("SELECT seq, entry_id FROM trail.leaf ORDER BY seq").fetchall()
    return {row["seq"]: row["entry_id"] for row in rows}


@dataclass
class Trail:
    """A sealed trail, and the superuser of its database with all triggers off."""

    environment: Environment
    sealing: Environment
    superuser: psycopg.Connection
    folder: Path

    @contextmanager
    def harmed(self, *statements: str) -> Iterator[None]:
        """Do harm; everything is put back at the end."""
        try:
            for statement in statements:
                self.superuser.execute(statement)
            yield
        finally:
            for table in TABLES:
                self.superuser.execute(f"DELETE FROM trail.{table}")
                self.superuser.execute(f"INSERT INTO trail.{table} TABLE kept.{table}")

    @contextmanager
    def more(self) -> Iterator[list[int]]:
        """Entries that are not sealed yet; gone at the end."""
        with self.harmed():
            yield write(self.environment, 3)

    def keep(self) -> None:
        """Remember how it is now."""
        self.superuser.execute("CREATE SCHEMA kept")
        for table in TABLES:
            self.superuser.execute(f"CREATE TABLE kept.{table} AS TABLE trail.{table}")

    def contents(self, first: int, last: int) -> list[tuple[int, bytes]]:
        """Numbers and contents of entries as they are now."""
        rows = self.superuser.execute(
            f"SELECT l.seq, {encoding.CONTENT} FROM trail.leaf l JOIN trail.entry e ON e.entry_id = l.entry_id"
            " WHERE l.seq BETWEEN %s AND %s ORDER BY l.seq".encode(),
            (first, last),
        ).fetchall()
        return [(seq, content.encode()) for seq, content in rows]

    def hash_again(self, first: int, last: int | None = None, *, marked: bool = False) -> list[bytes]:
        """Make leaves fit their entries again, without or with the key of marks; the hashes."""
        found = []
        for seq, content in self.contents(first, last or first):
            found.append(leaf_hash(content))
            self.superuser.execute("UPDATE trail.leaf SET leaf_hash = %s WHERE seq = %s", (found[-1], seq))
            if marked:
                stamp = mark(self.environment.keys.key(MARK_KEY, 1), seq, found[-1])
                self.superuser.execute("UPDATE trail.leaf SET mark = %s WHERE seq = %s", (stamp, seq))
        return found

    def write_anew(self, keys: Keys | None = None) -> None:
        """Make the whole trail agree with itself again: leaves, marks, roots, signatures."""
        hashes = self.hash_again(1, 10**6, marked=True)
        with self.environment.database.transaction() as connection:
            seals = seals_between(connection, 0, len(hashes))
        for seal in seals:
            root = root_of(hashes[: seal.size])
            wanted = {name: getattr(seal, name) for name in ("batch_no", "log", "encoding", "size", "sealed_at")}
            wanted |= {"root": root, "mark_version": 1}
            made = signed(replace(self.environment, keys=keys or self.environment.keys), wanted)
            self.superuser.execute(
                "UPDATE trail.seal SET root = %s, signature = %s WHERE batch_no = %s",
                (root, made.signature, seal.batch_no),
            )

    def checkpoint(self) -> Checkpoint:
        """The checkpoint of the last seal."""
        with self.environment.database.transaction() as connection:
            return newest(connection, self.environment.keys)

    def checkpoint_of(self, batch_no: int) -> Checkpoint:
        """The checkpoint of an earlier seal."""
        with self.environment.database.transaction() as connection:
            seal = seal_of_batch(connection, batch_no)
            assert seal is not None
            return of_seal(seal, frontier_of(KeptHashes(connection), seal.size), self.environment.keys)


@contextmanager
def sealed_trail(house: House, environment: Environment, entries: int, each: int = 2) -> Iterator[Trail]:
    """A trail of so many entries, sealed in batches of `each`, one more microsecond each."""
    clock = environment.clock
    assert isinstance(clock, SettableClock)
    with sealing_environment(house, environment) as sealing:
        sealer = Sealer(sealing, LOG)
        for _ in range(entries // each):
            for _ in range(each):
                clock.advance(seconds=1)
                write_one(environment)
            sealer.seal()
        with sealing.database.transaction() as connection:
            name = connection.info.dbname
        with psycopg.connect(house.cluster.superuser.on(name).conninfo(), autocommit=True) as superuser:
            superuser.execute("SET session_replication_role = replica")
            made = Trail(environment, sealing, superuser, house.cluster.data.path)
            made.keep()
            yield made
