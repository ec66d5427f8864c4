"""Processes of a house: told apart from strangers, found again after a kill -9, ended with all their children.

Every child carries DAICHO_RUN (the run folder of its house) in its environment, so that even children that no file names
are found; a process id alone is never trusted, since ids are used again.
"""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

MARK = "DAICHO_RUN"


@dataclass(frozen=True, slots=True)
class Identity:
    """One process of this machine: its id and the kernel's start tick, which together never repeat before a reboot."""

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> "Identity | None":
        """The process that has this id now; None when there is none (or only its remains)."""
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else cls(pid, int(fields[19]))

    @property
    def alive(self) -> bool:
        """Whether exactly this process still runs."""
        return Identity.of(self.pid) == self


def of_house(run: Path) -> list[Identity]:
    """All living processes that carry the mark of this run folder, this process excepted."""
    mark = f"{MARK}={run}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            marked = mark in (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        identity = Identity.of(int(entry.name)) if marked else None
        if identity:
            found.append(identity)
    return found


def end(processes: list[Identity], seconds: float = 10.0) -> None:
    """Ask them to end, wait, and kill what is left after `seconds`."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for process in processes:
            if process.alive:
                _signal(process.pid, sign)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not any(process.alive for process in processes):
                return
            time.sleep(0.02)


def end_group(leader: int, sign: signal.Signals) -> bool:
    """Signal a whole process group, its leader dead or alive; False when nobody is left in it."""
    try:
        os.killpg(leader, sign)
    except ProcessLookupError:
        return False
    return True


def wait_for_group(leader: int, seconds: float = 5.0) -> None:
    """Wait until nobody of a process group lives: who was killed is still there for a moment, remains may be for long."""
    deadline = time.monotonic() + seconds
    while _group_lives(leader) and time.monotonic() < deadline:
        time.sleep(0.01)


def _group_lives(leader: int) -> bool:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader and fields[0] not in "ZX":
            return True
    return False


def _signal(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return
