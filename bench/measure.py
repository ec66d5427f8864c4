"""How figures are taken and written down (one JSON object a line)."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

WARM_UPS = 20
SAMPLES = 300


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `bar` is what it must reach, `limit` what the machine itself reaches on the same work, or None."""

    name: str
    value: float
    unit: str
    better: Literal["lower", "higher"]
    bar: float | None
    limit: float | None
    n: int

    @property
    def ok(self) -> bool:
        """Whether the bar is reached; a figure without a bar is always well."""
        if self.bar is None:
            return True
        return self.value <= self.bar if self.better == "lower" else self.value >= self.bar

    def as_dict(self) -> dict[str, object]:
        """The object that is printed."""
        return {**asdict(self), "value": round(self.value, 3), "limit": _rounded(self.limit), "ok": self.ok}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def p95(samples: Sequence[float]) -> float:
    """The value that 95 of 100 samples do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]


def milliseconds(work: Callable[[int], object], *, n: int = SAMPLES, warm_ups: int = WARM_UPS) -> list[float]:
    """Run `work(i)` warm_ups + n times; the milliseconds of each counted run."""
    for number in range(warm_ups):
        work(number)
    taken = []
    for number in range(warm_ups, warm_ups + n):
        begun = time.perf_counter()
        work(number)
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def pss_mb(process_ids: Sequence[int]) -> float:
    """Proportional set size of the processes together, in MB of a million bytes; shared pages are counted once."""
    total = 0
    for process_id in process_ids:
        try:
            text = Path(f"/proc/{process_id}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1_000_000
