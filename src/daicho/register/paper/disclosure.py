"""The paper that tells a person who looked at the own record: plain, without seal, made from the trail's report.

It names officers by user ID and department, and the person by 宛名番号 only. Set by a process of its own, so that the font's memory
goes back when the paper is done: `python -m daicho.register.paper.disclosure` reads the content and writes the PDF.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from daicho.access.actor import Purpose
from daicho.law.eras import format_wareki
from daicho.register.paper.errors import PressRefused, PressTimeout
from daicho.trail.reports import Line

TEMPLATE = Path(__file__).parent / "templates" / "disclosure.typ"
PDF_STANDARD: Final = "a-2b"
MOST = 5_000
"""Lines on one paper; the paper says when there are more."""
SECONDS = 20.0
_JAPAN = ZoneInfo("Asia/Tokyo")


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
    def of(cls, line: Line, places: Mapping[str, str]) -> "DisclosedLine":
        """From the report's line and the officers' departments."""
        notes = [*(["番号の表示"] if line.number_shown else []), *(["拒否"] if line.refused else [])]
        known = {purpose.value: purpose.word for purpose in Purpose}
        local = line.at.astimezone(_JAPAN)
        return cls(
            at=f"{format_wareki(local.date())} {local:%H:%M}",
            place=places.get(line.officer, "") or line.terminal,
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
    local = paper.made_at.astimezone(_JAPAN)
    content = asdict(paper) | {
        "since": format_wareki(paper.since),
        "until": format_wareki(paper.until),
        "made_at": f"{format_wareki(local.date())} {local:%H:%M}",
        "on": [local.year, local.month, local.day],
        "lines": [list(asdict(line).values()) for line in paper.lines],
    }
    command = [sys.executable, "-m", "daicho.register.paper.disclosure"]
    try:
        done = subprocess.run(
            command, input=json.dumps(content).encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise PressTimeout from None
    if done.returncode != 0:
        raise PressRefused
    return done.stdout


def main() -> int:
    """Content from standard input, PDF to standard output."""
    import typst

    from daicho.register.paper.face import find_font

    content: dict[str, Any] = json.load(sys.stdin)
    made = typst.compile(
        str(TEMPLATE),
        font_paths=[str(find_font().parent)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        pdf_standards=PDF_STANDARD,
    )
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
