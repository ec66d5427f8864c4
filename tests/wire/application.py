"""A door to serve on a real socket without a database: it says which messages it would take."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from daicho.engine.environment import SystemClock
from daicho.wire.certificates import Own
from daicho.wire.door import Door
from daicho.wire.inbox import Receiver

files = [Path(os.environ[f"DAICHO_WIRE_{name}"]) for name in ("OWN", "ISSUERS", "REVOKED")]
environment: Any = SimpleNamespace(clock=SystemClock())
application = Door(environment, Receiver(Own(*files), {}))
