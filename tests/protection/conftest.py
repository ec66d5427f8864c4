"""The demo's officers beside a family that has fled, one database a module."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from daicho.wire.environment import Environment
from tests.house_database import SettableClock
from tests.protection.build import Refuge, make_refuge

if TYPE_CHECKING:
    from tests.signon.desk import Desk

NOON = datetime(2026, 5, 1, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def refuge(module_environment: Environment, module_clock: SettableClock) -> Refuge:
    """Mother and daughter under a provisional measure since 1 May 2026."""
    module_clock.set(NOON)
    return make_refuge(module_environment)


@pytest.fixture(scope="module")
def desk(
    module_environment: Environment, module_clock: SettableClock, tmp_path_factory: pytest.TempPathFactory
) -> "Desk":
    """Officers and terminals, ready to sign on."""
    from tests.signon.desk import make_desk  # Django's models load only after pytest has configured Django

    module_clock.set(NOON)
    return make_desk(module_environment, module_clock, tmp_path_factory.mktemp("secrets"))
