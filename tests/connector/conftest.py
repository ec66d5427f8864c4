"""Three databases a module: register, connector, prefecture; emptied before each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from daicho.wire.environment import Connection, Environment
from tests.connector.network import Cluster, Network, cluster, network
from tests.house_database import House, SettableClock

_PEOPLE = "register.person, register.household, register.kana_deletion, register.stating, wire.outbox, wire.delivery, wire.settled, wire.stream"


@pytest.fixture(scope="module")
def three(house: House) -> Iterator[Cluster]:
    """The databases of connector and prefecture."""
    with cluster(house) as made:
        yield made


@pytest.fixture
def net(
    module_environment: Environment,
    module_owner_connection: Connection,
    module_clock: SettableClock,
    three: Cluster,
    tmp_path: Path,
) -> Iterator[Network]:
    """The three ends with nobody in them."""
    module_owner_connection.execute(f"TRUNCATE {_PEOPLE} CASCADE".encode())
    with network(module_environment, three, module_clock, tmp_path) as made:
        yield made
