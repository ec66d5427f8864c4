"""The sealer's process: seals the trail of this house every second until it is told to stop (`docs/trail.md`).

It is small on purpose: one connection under a role of its own, no pages, no HTTP.
"""

import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

from daicho.engine.databases import DatabaseSettings
from daicho.engine.environment import PooledDatabase, SequenceIds, SystemClock, SystemRandom
from daicho.engine.keys import of_process
from daicho.wire.environment import Environment

SYSTEM = "register"
BEAT = "sealer.beat"
"""A file in the run folder, touched at every round."""


class NoTransport:
    """The sealer calls nobody."""

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Refuse."""
        raise OSError("the sealer calls nobody")


def environment() -> Environment:
    """The Environment of the sealer, from its DAICHO_* variables."""
    return Environment(
        clock=SystemClock(),
        random=SystemRandom(),
        ids=SequenceIds(),
        database=PooledDatabase(DatabaseSettings.of_process("seal"), size=1),
        keys=of_process(),
        transport=NoTransport(),
    )


def main() -> int:
    """Seal until SIGTERM or SIGINT."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: stop.set())
    beat = Path(os.environ["DAICHO_DATA"]) / "run" / BEAT
    sealer: Any = import_module("daicho.trail.sealer")
    sealer.keep_sealing(
        sealer.Sealer(environment(), SYSTEM), stop, beat=beat.touch, say=lambda text: print(text, flush=True)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
