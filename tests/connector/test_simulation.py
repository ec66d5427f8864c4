"""Days of city life under faults and crashes: afterwards every store agrees. `./daicho test --long` lives more of them."""

from pathlib import Path

import pytest

from daicho.wire.environment import Connection, Environment
from tests.connector.network import Cluster, network
from tests.connector.simulation import Simulation
from tests.house_database import SettableClock

_PEOPLE = "register.resident_code_stock, register.change, register.person, register.household, register.kana_deletion, register.stating, wire.outbox, wire.delivery, wire.settled, wire.stream"


class Worlds:
    """Makes a fresh world for each seed."""

    def __init__(self, env: Environment, owner: Connection, clock: SettableClock, three: Cluster, folder: Path) -> None:
        """On the module's databases, emptied each time."""
        self.parts = (env, owner, clock, three, folder)

    def live(self, seed: int, days: int, changes: int) -> tuple[str, Simulation]:
        """Live a seed; the digest of the end and the run."""
        env, owner, clock, three, folder = self.parts
        owner.execute(f"TRUNCATE {_PEOPLE} CASCADE".encode())
        for name in ("engine.entity_id", "register.addressee_serial", "register.household_serial"):
            owner.execute(f"ALTER SEQUENCE {name} RESTART".encode())
        with network(env, three, clock, folder / str(seed)) as net:
            simulation = Simulation(net, seed)
            return simulation.live(days, changes), simulation


@pytest.fixture
def worlds(
    module_environment: Environment,
    module_owner_connection: Connection,
    module_clock: SettableClock,
    three: Cluster,
    tmp_path: Path,
) -> Worlds:
    """Worlds to live in."""
    return Worlds(module_environment, module_owner_connection, module_clock, three, tmp_path)


def test_a_day_under_faults_and_crashes(worlds: Worlds) -> None:
    _, run = worlds.live(7, 2, 12)
    assert run.changes >= 15
    assert run.crashes > 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 21))
def test_days_of_many_seeds(worlds: Worlds, seed: int) -> None:
    _, run = worlds.live(seed, 3, 60)
    assert run.changes >= 100
