"""Fixtures of sign-on."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from daicho.wire.environment import Environment
from tests.house_database import SettableClock

if TYPE_CHECKING:
    from tests.signon.desk import Desk


@pytest.fixture
def desk(environment: Environment, clock: SettableClock, tmp_path: Path) -> "Desk":
    """Demo officers on a database of this test."""
    from tests.signon.desk import make_desk  # Django's models load only after pytest has configured Django

    return make_desk(environment, clock, tmp_path)
