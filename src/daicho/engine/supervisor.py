"""Starts the processes of a house in order, watches them, restarts them with back-off, stops them in reverse.

A process that ends, or lives but fails its health check six times running, is ended with its whole group and started
again: at once the first time, then after 0.5, 1, 2 ... 30 seconds; a minute of good health forgets the past.
"""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from daicho.engine import processes
from daicho.engine.errors import SetupError

POLL_SECONDS = 0.2
HEALTH_SECONDS = 5.0
FAILURES_ALLOWED = 6
LONGEST_PAUSE = 30.0
GOOD_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Service:
    """One process: how to start it and how to see that it serves.

    `start` returns the running child (its own session); `healthy` must answer within a second or two.
    """

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    healthy: Callable[[], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    ready_seconds: float = 120.0
    log: Path | None = None


@dataclass(slots=True)
class _Watched:
    service: Service
    process: subprocess.Popen[bytes]
    since: float
    failures: int = 0
    starts: int = 1
    next_check: float = 0.0
    again_at: float | None = None


@dataclass
class Supervisor:
    """The processes of one house. `run` is its run folder."""

    run: Path
    stopping: threading.Event = field(default_factory=threading.Event)
    _watched: list[_Watched] = field(default_factory=list)

    @property
    def pid(self) -> int:
        """The process id of the supervisor."""
        return os.getpid()

    def listen(self) -> None:
        """Let Ctrl-C, `down` and a closed terminal stop the house in order."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._stop)

    def start(self, *services: Service) -> None:
        """Start services side by side and wait until all are healthy. SetupError when one does not come up in time."""
        if self.stopping.is_set():
            raise KeyboardInterrupt
        begun = []
        for service in services:
            begun.append(_Watched(service, service.start(), time.monotonic()))
            self._watched.append(begun[-1])
        self._record()
        for watched in begun:
            self._await(watched)

    def _await(self, watched: _Watched) -> None:
        service = watched.service
        deadline = watched.since + service.ready_seconds
        while not service.healthy():
            if self.stopping.is_set():
                raise KeyboardInterrupt
            if watched.process.poll() is not None or time.monotonic() > deadline:
                raise SetupError(f"The process {service.name} did not come up. Its log: {service.log or 'none'}")
            time.sleep(0.05)

    def once(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        """Run a job to its end, its output on ours; stopped when the house is. SetupError when it fails."""
        process = subprocess.Popen(command, env=dict(environment), start_new_session=True)
        while process.poll() is None:
            if self.stopping.wait(0.02):
                _end(process, signal.SIGTERM)
                raise KeyboardInterrupt
        if process.returncode != 0:
            raise SetupError(f"{name} ended with status {process.returncode}.")

    def watch(self) -> None:
        """Keep everything running until the house is stopped."""
        while not self.stopping.wait(POLL_SECONDS):
            for watched in self._watched:
                self._look_at(watched)

    def stop(self) -> None:
        """Stop everything, last started first."""
        while self._watched:
            watched = self._watched.pop()
            _end(watched.process, watched.service.stop_signal)
        self._record()

    def _look_at(self, watched: _Watched) -> None:
        now = time.monotonic()
        if watched.again_at is not None:
            if now >= watched.again_at:
                self._restart(watched)
        elif watched.process.poll() is not None:
            self._say(f"{watched.service.name} ended with status {watched.process.returncode}; starting it again")
            self._pause(watched, now)
        elif now >= watched.next_check:
            watched.next_check = now + HEALTH_SECONDS
            watched.failures = 0 if watched.service.healthy() else watched.failures + 1
            if watched.failures >= FAILURES_ALLOWED:
                self._say(f"{watched.service.name} does not answer; starting it again")
                self._pause(watched, now)
            elif watched.failures == 0 and now - watched.since > GOOD_SECONDS:
                watched.starts = 1

    def _pause(self, watched: _Watched, now: float) -> None:
        _end(watched.process, watched.service.stop_signal)
        watched.again_at = now + self.pause_after(watched.starts)

    @staticmethod
    def pause_after(starts: int) -> float:
        """Seconds to wait after so many starts that did not last."""
        return 0.0 if starts == 1 else min(LONGEST_PAUSE, 0.25 * 2.0 ** min(starts - 1, 16))

    def _restart(self, watched: _Watched) -> None:
        watched.starts += 1
        watched.failures = 0
        watched.since = time.monotonic()
        watched.next_check = watched.since + HEALTH_SECONDS
        watched.again_at = None
        try:
            watched.process = watched.service.start()
        except (SetupError, OSError) as error:
            self._say(f"{watched.service.name} could not be started: {error}")
            self._pause(watched, watched.since)
        self._record()

    def _record(self) -> None:
        """Write `processes.json` for `status` and `down`."""
        entries = {
            item.service.name: {"pid": item.process.pid, "starts": item.starts}
            for item in self._watched
            if item.process.poll() is None
        }
        write_json(self.run / "processes.json", {"supervisor": os.getpid(), "services": entries})

    def _stop(self, _sign: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    @staticmethod
    def _say(text: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def write_json(path: Path, value: object) -> None:
    """Replace a small JSON file as a whole, readable by its owner only."""
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)


def _end(process: subprocess.Popen[bytes], sign: signal.Signals, seconds: float = 15.0) -> None:
    """End a child and everything in its process group, and reap it."""
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            processes.end_group(process.pid, signal.SIGKILL)
            process.wait()
    if processes.end_group(process.pid, signal.SIGKILL):
        processes.wait_for_group(process.pid)
