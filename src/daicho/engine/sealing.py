"""The sealer's process: seals the trail of this house every second until it is told to stop (`docs/trail.md`).

It is small on purpose: one connection under a role of its own, no pages, no HTTP.
"""

import os
import signal
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg

from daicho.engine.databases import DatabaseSettings
from daicho.engine.environment import PooledDatabase, SequenceIds, SystemClock, SystemRandom
from daicho.engine.keys import of_process
from daicho.law.errors import DaichoError
from daicho.wire.environment import Environment

SYSTEM = "register"
BEATS = {"register": "sealer.beat", "commons": "commons-sealer.beat"}
"""A file in the run folder for each system's sealer, touched at every round."""
BEAT = BEATS[SYSTEM]
KEEP_SECONDS = 3600.0


class NoTransport:
    """The sealer calls nobody."""

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Refuse."""
        raise OSError("the sealer calls nobody")

    def get(self, url: str, headers: dict[str, str]) -> tuple[int, bytes]:
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


def checkpoints(files: Path, system: str = SYSTEM) -> Path:
    """Where the house keeps its own checkpoints of a system's trail, in its folder of files."""
    folder = (files if system == SYSTEM else files / system) / "trail" / "checkpoints"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


class Keeper:
    """After each round: a sign of life, and every hour a checkpoint in the data folder."""

    def __init__(self, env: Environment, data: Path, system: str = SYSTEM) -> None:
        self._env = env
        self._beat = data / "run" / BEATS[system]
        self._folder = checkpoints(data / "files", system)
        self._next = 0.0

    def __call__(self) -> None:
        """Do what is due. A checkpoint that cannot be made now is made at the next round."""
        self._beat.touch()
        if time.monotonic() < self._next:
            return
        module: Any = import_module("daicho.trail.checkpoint")
        try:
            with self._env.database.transaction() as connection:
                made = module.newest(connection, self._env.keys)
            path = self._folder / f"{made.seal['batch_no']:012d}.json"
            draft = path.with_suffix(".draft")
            draft.write_text(made.text(), encoding="utf-8")
            draft.replace(path)
        except (DaichoError, psycopg.Error, OSError):
            return
        self._next = time.monotonic() + KEEP_SECONDS


def main() -> int:
    """Seal until SIGTERM or SIGINT."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: stop.set())
    env = environment()
    sealer: Any = import_module("daicho.trail.sealer")
    system = os.environ.get("DAICHO_SYSTEM", SYSTEM)
    keeper = Keeper(env, Path(os.environ["DAICHO_DATA"]), system)
    sealer.keep_sealing(sealer.Sealer(env, system), stop, beat=keeper, say=lambda text: print(text, flush=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
