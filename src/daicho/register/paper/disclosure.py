"""The paper that tells a person who looked at the own record: plain, without seal, made from the trail's report.

It names officers by user ID and department, and the person by 宛名番号 only.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from daicho.access.actor import Purpose
from daicho.law.eras import format_wareki
from daicho.law.japan import JAPAN
from daicho.register.paper import plain
from daicho.register.signon.names import Departments
from daicho.trail.reports import Line

MOST = 5_000
"""Lines on one paper; the paper says when there are more."""


@dataclass(frozen=True, slots=True)
class DisclosedLine:
    """One look or change as the person is told."""

    at: str
    place: str
    officer: str
    act: str
    purpose: str
    note: str

    @classmethod
    def of(cls, line: Line, places: Departments) -> "DisclosedLine":
        """From the report's line and the officers' departments."""
        notes = [*(["番号の表示"] if line.number_shown else []), *(["拒否"] if line.refused else [])]
        known = {purpose.value: purpose.word for purpose in Purpose}
        local = line.at.astimezone(JAPAN)
        return cls(
            at=f"{format_wareki(local.date())} {local:%H:%M}",
            place=places.on(line.officer, local.date()) or line.terminal,
            officer=line.officer,
            act=line.word,
            purpose=known.get(line.purpose, ""),
            note="・".join(notes),
        )


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What stands on the paper."""

    addressee_number: str
    since: date
    until: date
    made_at: datetime
    lines: tuple[DisclosedLine, ...]
    more: bool
    sealed: int
    root: str


def pdf(paper: Disclosure) -> bytes:
    """The finished paper. Raises PressTimeout, PressRefused."""
    local = paper.made_at.astimezone(JAPAN)
    content = asdict(paper) | {
        "since": format_wareki(paper.since),
        "until": format_wareki(paper.until),
        "made_at": f"{format_wareki(local.date())} {local:%H:%M}",
        "on": [local.year, local.month, local.day],
        "lines": [list(asdict(line).values()) for line in paper.lines],
    }
    return plain.pdf("disclosure", content)
