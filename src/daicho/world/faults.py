"""Faults of a simulated peer, switched on by command: a small file that its process reads at every request.

`delay` waits before taking, `drop` takes nothing and hangs up, `lose` takes and hangs up, `late` takes and answers after
the caller's patience, `repeat` takes everything twice, `reorder` takes a batch from its end, `twice` answers each message
twice, `refuse` refuses and signs so, `garbage` answers nonsense, `wrong_certificate` and `wrong_signature` are somebody
else's, `down` hangs up at once, `skew` lives by a clock that is `seconds` ahead.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from daicho.law.japan import JAPAN
from daicho.wire.environment import Clock, Random

Kind = Literal[
    "delay", "drop", "lose", "late", "repeat", "reorder", "twice", "refuse", "garbage", "wrong_certificate",
    "wrong_signature", "down", "skew",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kind)
AT_THE_SOCKET = frozenset({"down", "wrong_certificate"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: how often of a hundred requests, and its seconds where it has any; until an instant, or until cleared."""

    kind: str
    share: int = 100
    seconds: float = 0.0
    until: str | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it is on at this instant."""
        return self.until is None or at < datetime.fromisoformat(self.until)


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults of one peer, in its file."""

    file: Path

    def on(self, at: datetime) -> list[Fault]:
        """Those that are on now."""
        try:
            found = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        return [fault for one in found if (fault := Fault(**one)).holds(at)]

    def drawn(self, clock: Clock, random: Random) -> dict[str, Fault]:
        """Those that strike the present request, by kind."""
        return {
            fault.kind: fault
            for fault in self.on(clock.now())
            if fault.share >= 100 or random.integer(1, 100) <= fault.share
        }

    def write(self, faults: Sequence[Fault]) -> None:
        """Switch on exactly these."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.file.with_suffix(".draft")
        draft.write_text(json.dumps([asdict(fault) for fault in faults]), encoding="utf-8")
        draft.replace(self.file)


def faults_of_process() -> Faults:
    """The file that DAICHO_WORLD_FAULTS names."""
    return Faults(Path(os.environ["DAICHO_WORLD_FAULTS"]))


@dataclass(frozen=True, slots=True)
class SkewedClock:
    """A clock that is ahead of another by what the fault `skew` says now."""

    real: Clock
    faults: Faults

    def now(self) -> datetime:
        """The instant by this clock."""
        at = self.real.now()
        ahead = sum(fault.seconds for fault in self.faults.on(at) if fault.kind == "skew")
        return at + timedelta(seconds=ahead)

    def today(self) -> date:
        """Its day in Japan."""
        return self.now().astimezone(JAPAN).date()
