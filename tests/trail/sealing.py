"""A sealer with its own role, and trails to seal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from daicho.engine.environment import PooledDatabase, build
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.trail.sealer import Sealer
from daicho.wire.environment import Environment
from tests.house_database import House
from tests.people import CLERK

LOG = "register"


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
