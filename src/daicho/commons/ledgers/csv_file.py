"""A ledger as a file that a spreadsheet opens as text: no cell can begin a formula, nothing private is in it."""

import csv
import io
from collections.abc import Iterable, Mapping

from daicho.commons.ledgers.kinds import Kind
from daicho.commons.ledgers.store import Entry
from daicho.commons.ledgers.values import shown
from daicho.law.eras import format_wareki
from daicho.law.japan import JAPAN

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_WORDS = {"correction": "訂正", "note": "経過", "extension": "延長", "closing": "完了"}


def csv_of(kind: Kind, entries: Iterable[Entry], officers: Mapping[str, str]) -> str:
    """The text of the file: an entry a line as it stands now, and beside it what was added."""
    fields = [field for field in kind.fields if not field.private]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["番号", kind.day, *(field.word for field in fields), "期限", "完了", "記入", "記入日時", "経過"])
    for entry in entries:
        standing = entry.standing
        at = entry.entered_at.astimezone(JAPAN)
        cells = [
            standing.number,
            format_wareki(standing.on_day),
            *(shown(field, standing.values.get(field.name, ""), officers) for field in fields),
            format_wareki(entry.due_on) if entry.due_on else "",
            "完了" if standing.is_closed else "",
            officers.get(entry.entered_by, entry.entered_by),
            f"{at:%Y-%m-%d %H:%M}",
            " / ".join(f"{_WORDS[one.what]} {one.reason}" for one in entry.additions),
        ]
        writer.writerow(map(inert, cells))
    return "\ufeff" + text.getvalue()


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) or cell.startswith(_FORMULA) else cell
