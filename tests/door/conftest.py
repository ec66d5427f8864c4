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
    module_desk.clock.set(MORNING)
    for table in ("officer_session", "used_code", "signon_attempt", "django_session"):
        module_owner_connection.execute(f"DELETE FROM signon.{table}")
    module_owner_connection.execute("UPDATE signon.terminal SET address = '', active = true")
    module_owner_connection.execute(
        "UPDATE signon.officer SET active = true, valid_from = '2020-04-01', valid_to = NULL,"
        " password_changed_on = '2026-04-01', large_text = false"
    )
    return module_desk
