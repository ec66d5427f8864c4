"""Doors to serve on a real socket: one without a database, which says what it would take, and one that takes."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from daicho.engine.environment import SystemClock
from daicho.wire.certificates import Own, own_of_process
from daicho.wire.door import Door
from daicho.wire.environment import of_process
from daicho.wire.inbox import Handler, Receiver

files = [Path(os.environ[f"DAICHO_WIRE_{name}"]) for name in ("OWN", "ISSUERS", "REVOKED")]
environment: Any = SimpleNamespace(clock=SystemClock())
application = Door(environment, Receiver(Own(*files), {}))


def taking() -> Door:
    """A door on the database that the DAICHO_DATABASE_* variables name."""
    from tests.wire.parties import Fact, take

    return Door(of_process(), Receiver(own_of_process(), {("resident-changed", 2): Handler(Fact, take)}))
