"""The process `backup` of a house: receives WAL all the time and makes a base backup when one is due.

While the medium is away it tries again; the server keeps WAL for it meanwhile (`max_slot_wal_keep_size`), and when that was too
long a new base backup is made. What goes wrong is said in the log and shown by `./daicho status`.
"""

import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import psycopg

from daicho.engine.backup.errors import BackupError, Busy
from daicho.engine.backup.make import make, wait_for_receiver
from daicho.engine.backup.medium import Base, Medium
from daicho.engine.backup.replication import Replication
from daicho.engine.backup.source import RECEIVING, Plan, Source, claimed, segment_size
from daicho.engine.backup.wal import Receiver
from daicho.engine.environment import SystemClock, SystemRandom
from daicho.engine.paths import DataDir
from daicho.engine.services import BACKUP_BEAT
from daicho.law.errors import DaichoError

AGAIN_SECONDS = 15.0
LOOK_SECONDS = 5.0


def receive(source: Source, plan: Plan, stop: threading.Event, beat: Callable[[], object] = lambda: None) -> None:
    """Receive WAL until told to stop. Raises Busy when another process does, BackupError, OSError."""
    medium = source.medium(plan)
    with source.connect() as lock:
        if not claimed(lock, RECEIVING):
            raise Busy("Another process receives the WAL of this house.")
        receiver = Receiver(medium, source.keys, SystemRandom(), SystemClock(), segment_size(lock))
        connection = Replication(source.settings)
        try:
            receiver.run(connection, connection.identify(), stop, beat)
        finally:
            connection.close()


def keep_receiving(source: Source, plan: Plan, stop: threading.Event, beat: Callable[[], object]) -> None:
    """Receive, and begin again after whatever went wrong."""
    while not stop.is_set():
        try:
            receive(source, plan, stop, beat)
        except (BackupError, OSError, psycopg.Error) as error:
            _say(f"WAL is not received: {error}")
            _idle(stop, AGAIN_SECONDS, beat)


def backup_now(data: DataDir, source: Source, plan: Plan) -> Base:
    """Make a base backup and put it on record. Receives WAL itself where no process of the house does."""
    stop = threading.Event()
    problems: list[Exception] = []

    def alongside() -> None:
        try:
            receive(source, plan, stop)
        except Busy:
            return
        except (BackupError, OSError, psycopg.Error) as error:
            problems.append(error)

    helper = threading.Thread(target=alongside, daemon=True)
    helper.start()
    try:
        made = make(source, plan, SystemClock(), SystemRandom(), wait_for_receiver(source, problems))
    finally:
        stop.set()
        helper.join()
    note(source.medium(plan), made)
    return made


def note(medium: Medium, made: Base) -> None:
    """Put the backup into the register's ledger and the trail; the backup is good even where this fails."""
    module: Any = import_module("daicho.register.backups")
    environment: Any = import_module("daicho.register.environment").current()
    try:
        module.made(environment, made.said, made.size, medium.names())
    except (DaichoError, psycopg.Error) as error:
        _say(f"The backup is made, but not on record: {type(error).__name__}")


def is_due(medium: Medium, source: Source, plan: Plan) -> bool:
    """Whether a base backup is to be made: none yet, the last one too old, of another timeline, or WAL was lost since."""
    names = medium.names()
    if not names:
        return True
    newest = medium.base(names[-1], source.keys)
    if SystemClock().now() - newest.at >= timedelta(hours=plan.every_hours):
        return True
    if source.server().timeline != newest.timeline:
        return True
    return _has_gap(medium, newest)


def _has_gap(medium: Medium, base: Base) -> bool:
    """Whether a segment is missing between the first that the base backup needs and the last that is there."""
    known = [name for name in medium.segments() if len(name) == len(base.said["first_segment"])]
    since = [
        name for name in known if name[:8] == base.said["first_segment"][:8] and name >= base.said["first_segment"]
    ]
    if not since:
        return False
    size = int(base.said["segment_size"])
    per_file = (1 << 32) // size
    numbers = [int(name[8:16], 16) * per_file + int(name[16:24], 16) for name in since]
    return len(numbers) != numbers[-1] - numbers[0] + 1


def main() -> int:
    """Keep the backup of the house in DAICHO_DATA until SIGTERM or SIGINT."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: stop.set())
    data = DataDir.at()
    plan = Plan.of(data)
    if plan is None:
        raise BackupError("No backup is planned for this house.")
    beat = data.run / BACKUP_BEAT
    source = Source.of(data)
    receiving = threading.Thread(target=keep_receiving, args=(source, plan, stop, beat.touch))
    receiving.start()
    while not stop.wait(LOOK_SECONDS):
        try:
            if is_due(source.medium(plan), source, plan):
                made = backup_now(data, source, plan)
                _say(f"Base backup {made.name}: {made.size:,} bytes")
        except (BackupError, OSError, psycopg.Error) as error:
            _say(f"No base backup: {error}")
            _idle(stop, AGAIN_SECONDS, lambda: None)
    receiving.join()
    return 0


def _idle(stop: threading.Event, seconds: float, beat: Callable[[], object]) -> None:
    """Wait, with signs of life."""
    until = time.monotonic() + seconds
    while not stop.wait(0.5) and time.monotonic() < until:
        beat()


def _say(text: str) -> None:
    print(f"{SystemClock().now():%Y-%m-%d %H:%M:%S} {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
