"""文字超過リスト on paper: which papers hold texts that had to be broken into lines, by issue number (STD 5.8, 10.7).

It names nobody: the paper itself is found by its number.
"""

from collections.abc import Sequence
from datetime import date, datetime

from daicho.law.eras import format_wareki
from daicho.law.japan import JAPAN
from daicho.register.paper import plain
from daicho.register.paper.forms.table import item_word
from daicho.register.paper.lookup import IssueLine


def pdf(lines: Sequence[IssueLine], since: date, until: date, made_at: datetime) -> bytes:
    """The list of those of these papers. Raises PressTimeout, PressRefused."""
    local = made_at.astimezone(JAPAN)
    content = {
        "on": [local.year, local.month, local.day],
        "made_at": f"{format_wareki(local.date())} {local:%H:%M}",
        "since": format_wareki(since),
        "until": format_wareki(until),
        "lines": [
            [line.number, line.kind, "、".join(_item(*one) for one in line.tight), f"{line.terminal} {line.officer}"]
            for line in lines
            if line.tight
        ],
    }
    return plain.pdf("overflow-list", content)


def _item(position: int, item: str) -> str:
    return f"{position}人目の{item_word(item)}" if position else item_word(item)
