"""Fixtures of the register's door: the demo's officers once per module, put back into their first state before each test."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock

if TYPE_CHECKING:
    from tests.signon.desk import Desk

MORNING = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def module_desk(
    module_environment: Environment, module_clock: SettableClock, tmp_path_factory: pytest.TempPathFactory
) -> "Desk":
    """Demo officers on the module's database."""
    from tests.signon.desk import make_desk  # Django's models load only after pytest has configured Django

    module_clock.set(MORNING)
    return make_desk(module_environment, module_clock, tmp_path_factory.mktemp("secrets"))


@pytest.fixture
def desk(module_desk: "Desk", module_owner_connection: Connection) -> "Desk":
    """Nobody signed on, nothing failed, nine in the morning; officers and terminals as the demo makes them."""
    from tests.signon.desk import as_first

    module_desk.clock.set(MORNING)
    as_first(module_owner_connection)
    return module_desk
