"""Two databases a module: one system sends, the other receives; both are emptied before each test."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from daicho.engine.databases import DatabaseSettings
from daicho.engine.environment import PooledDatabase
from daicho.wire.environment import Environment
from tests.house_database import House, SettableClock
from tests.wire.parties import NOW, Parties, parties

_FACT = (
    "CREATE TABLE wire.fact (person bigint, no bigint, text text); GRANT SELECT, INSERT ON wire.fact TO register_app"
)
_EMPTY = "TRUNCATE wire.outbox, wire.delivery, wire.settled, wire.refusal, wire.archived, wire.handling, wire.skipped, wire.inbox, wire.stream"


@pytest.fixture(scope="module")
def receiving(house: House) -> Iterator[DatabaseSettings]:
    """The receiver's database."""
    name = house.clone()
    with psycopg.connect(house.cluster.settings("register_owner", name).conninfo()) as connection:
        connection.execute(_FACT)
    yield house.cluster.settings("register_app", name)
    house.drop(name)


@pytest.fixture
def two(
    module_environment: Environment,
    module_database: DatabaseSettings,
    module_clock: SettableClock,
    receiving: DatabaseSettings,
    house: House,
    tmp_path: Path,
) -> Iterator[Parties]:
    """Register and commons, with nothing said yet."""
    module_clock.set(NOW)
    for settings, more in ((module_database, ""), (receiving, ", wire.fact")):
        owner = house.cluster.settings("register_owner", settings.name)
        with psycopg.connect(owner.conninfo()) as connection:
            connection.execute((_EMPTY + more).encode())
    database = PooledDatabase(receiving)
    yield parties(module_environment, replace(module_environment, database=database), tmp_path / "pki")
    database.close()
