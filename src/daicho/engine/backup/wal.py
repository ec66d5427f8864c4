"""Receiving WAL: what the database has committed is on the medium a second later, segment by segment, encrypted."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from daicho.engine.backup.files import settle, sync_folder
from daicho.engine.backup.medium import OPEN, SEALED, Medium, segment_name
from daicho.engine.backup.replication import Replication, Server
from daicho.engine.backup.stream import Sealer
from daicho.wire.environment import Clock, Keys, Random

SLOT = "daicho_backup"
FLUSH_SECONDS = 1.0
FLUSH_BYTES = 1 << 20
SAY_SECONDS = 10.0


@dataclass(slots=True)
class _Segment:
    name: str
    path: Path
    file: IO[bytes]
    sealer: Sealer
    left: int


@dataclass(slots=True)
class Receiver:
    """Receives WAL over one connection; `reached` is what is safe on the medium.

    A segment that was under way when a receiver ended is received again from its beginning, beside the file that is
    there, which goes when the segment is whole: at no moment does the medium hold less than before.
    """

    medium: Medium
    keys: Keys
    random: Random
    clock: Clock
    segment_size: int
    reached: int = 0
    _segment: _Segment | None = None
    _taken: int = 0
    _unsafe: int = 0
    _flushed_at: float = field(default_factory=time.monotonic)
    _said: int = 0
    _said_at: float = 0.0

    def run(
        self, connection: Replication, server: Server, stop: threading.Event, beat: Callable[[], object] = lambda: None
    ) -> None:
        """Receive until told to stop. Raises BackupError when the server or the stream fails, OSError when the medium does."""
        connection.ensure_slot(SLOT)
        self._keep_history(connection, server)
        start = connection.slot_start(SLOT) or server.reached
        self._taken = self.reached = start - start % self.segment_size
        connection.start_wal(SLOT, self._taken, server.timeline)
        try:
            while not stop.is_set():
                beat()
                message = connection.wal(FLUSH_SECONDS / 2)
                if message is not None and message.content:
                    self._take(server.timeline, message.content)
                self._maybe_flush(connection, server, asked=message is not None and message.asks)
        finally:
            self._leave(server)

    def _take(self, timeline: int, content: bytes) -> None:
        while content:
            segment = self._segment or self._begin(timeline)
            part, content = content[: segment.left], content[segment.left :]
            segment.sealer.write(part)
            segment.left -= len(part)
            self._taken += len(part)
            self._unsafe += len(part)
            if segment.left == 0:
                self._finish(segment)

    def _begin(self, timeline: int) -> _Segment:
        name = segment_name(timeline, self._taken, self.segment_size)
        known = self.medium.open_files(name)
        number = int(known[0].name.rpartition("-")[2]) + 1 if known else 1
        path = self.medium.wal / f"{name}{OPEN}{number}"
        file = path.open("xb")
        sealer = Sealer(file, self.keys, self.random, self.medium.name_of_segment(name))
        sync_folder(self.medium.wal)
        self._segment = _Segment(name, path, file, sealer, self.segment_size)
        return self._segment

    def _finish(self, segment: _Segment) -> None:
        segment.sealer.close()
        segment.file.close()
        settle(segment.path, self.medium.wal / f"{segment.name}{SEALED}")
        for older in self.medium.open_files(segment.name):
            older.unlink()
        self._segment = None
        self._safe()

    def _maybe_flush(self, connection: Replication, server: Server, *, asked: bool) -> None:
        now = time.monotonic()
        due = self._unsafe >= FLUSH_BYTES or now - self._flushed_at >= FLUSH_SECONDS
        if self._unsafe and due and self._segment is not None:
            self._segment.sealer.flush()
            self._safe()
        silent = now - self._said_at
        if asked or silent >= SAY_SECONDS or (self._said != self.reached and silent >= FLUSH_SECONDS):
            connection.confirm(self.reached)
            self._say(server)
            self._said_at = now

    def _say(self, server: Server) -> None:
        self.medium.say_reach(server.timeline, self.reached, self.clock.now(), self.keys)
        self._said = self.reached

    def _safe(self) -> None:
        self.reached = self._taken
        self._unsafe = 0
        self._flushed_at = time.monotonic()

    def _leave(self, server: Server) -> None:
        """What was taken is kept for a restore; the next receiver begins the segment again."""
        segment, self._segment = self._segment, None
        if segment is None:
            return
        try:
            segment.sealer.flush()
            self._safe()
        finally:
            segment.file.close()
        self._say(server)

    def _keep_history(self, connection: Replication, server: Server) -> None:
        """Where a timeline left its predecessor: needed by a restore that crosses from one to the next."""
        if server.timeline == 1:
            return
        name, content = connection.history(server.timeline)
        path = self.medium.wal / f"{name}{SEALED}"
        if path.exists():
            return
        draft = self.medium.wal / f".{name}.draft"
        with draft.open("wb") as file:
            sealer = Sealer(file, self.keys, self.random, self.medium.name_of_segment(name))
            sealer.write(content)
            sealer.close()
        settle(draft, path)
