"""Screens are tested on one database per module, with the demo's officers and a family."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from daicho.wire.environment import Environment
from tests.house_database import SettableClock
from tests.people import move_in_family

if TYPE_CHECKING:
    from tests.signon.desk import Desk

MORNING = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def screen_desk(
    module_environment: Environment, module_clock: SettableClock, tmp_path_factory: pytest.TempPathFactory
) -> "Desk":
    """The demo's officers at nine in the morning."""
    from tests.signon.desk import make_desk  # Django's models load only after pytest has configured Django

    module_clock.set(MORNING)
    return make_desk(module_environment, module_clock, tmp_path_factory.mktemp("secrets"))


@pytest.fixture(scope="module")
def people(module_environment: Environment, screen_desk: "Desk") -> tuple[int, list[int]]:
    """A family of four, registered that morning: household id and person ids."""
    assert screen_desk.signons
    return move_in_family(module_environment)
