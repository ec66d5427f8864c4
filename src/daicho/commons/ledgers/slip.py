"""受付票 as a paper: the number of an entry, its day and the day until which it is answered (Q-02)."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import typst

from daicho.commons.ledgers.store import Entry
from daicho.law.eras import format_wareki
from daicho.law.japan import JAPAN
from daicho.ui.register_font import font_path

_TEMPLATE = Path(__file__).parent / "slip.typ"


def slip_of(entry: Entry, officer: str, office: str, now: datetime) -> bytes:
    """The slip as PDF/A, on half a sheet; nothing on it that is private."""
    local = now.astimezone(JAPAN)
    rows = [
        ("受付番号", entry.standing.number),
        ("用件", entry.kind.word),
        (entry.kind.day, format_wareki(entry.standing.on_day)),
        *([("お答えする期限", format_wareki(entry.due_on))] if entry.due_on else []),
        ("担当", officer),
    ]
    content = {
        "title": "受付票",
        "on": [local.year, local.month, local.day],
        "printed": f"{format_wareki(local.date())} {local:%H:%M}",
        "rows": rows,
        "office": office,
    }
    noon = datetime.combine(local.date(), time(12), UTC) - timedelta(hours=9)
    made = typst.compile(
        str(_TEMPLATE),
        font_paths=[str(font_path().parent)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        format="pdf",
        pdf_standards="a-2b",
        timestamp=noon,
    )
    if not isinstance(made, bytes):
        raise TypeError("one document is one file")
    return made
