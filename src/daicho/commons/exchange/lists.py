"""The lists of the assessment: to whom data are transferred inside the city (移転 35) and provided outside (提供 71), with
legal basis, items, form and frequency, as data with periods (R-PRV-03).

What the document names is filled in, each line with its place in the document; the rest stays as open lines (未公表), on which
nobody can be registered.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from daicho.commons.exchange.errors import NoBasis
from daicho.commons.exchange.items import of_groups

ListName = Literal["transfers", "provisions"]
COUNTS: dict[ListName, int] = {"transfers": 35, "provisions": 71}
"""How many lines the document says its lists have."""
WORDS: dict[ListName, str] = {"transfers": "移転先一覧", "provisions": "提供先一覧"}
NOT_PUBLISHED = "未公表"
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list over one period; `published` is False for what the document leaves to an attachment."""

    number: int
    recipient: str
    purpose: str
    basis: str
    items: tuple[str, ...]
    form: str
    frequency: str
    valid_from: date | None
    valid_to: date | None
    source: str
    protection: Literal["withheld", "marked"] = "withheld"
    published: bool = True

    def holds(self, day: date) -> bool:
        """Whether the line is in force on that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)

    def allowed(self) -> frozenset[str]:
        """The items that may be told on this basis; none where it is not published."""
        return frozenset(of_groups(self.items)) if self.published else frozenset()


@cache
def lines(name: ListName) -> tuple[Line, ...]:
    """Every line of a list by number and period, open ones included."""
    text = (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    found = [Line(**{**line, "items": tuple(line["items"])}) for line in _with_defaults(tomllib.loads(text))]
    known = {line.number for line in found}
    found += [_open(number) for number in range(1, COUNTS[name] + 1) if number not in known]
    return tuple(sorted(found, key=lambda line: (line.number, line.valid_from or date.min)))


def on(name: ListName, day: date) -> tuple[Line, ...]:
    """The lines in force on a day, one for each number."""
    return tuple(line for line in lines(name) if line.holds(day))


def by_number(name: ListName, day: date) -> tuple[Line, ...]:
    """One line for each number, for people to look at: the one in force, else the last one that was."""
    found = {line.number: line for line in lines(name) if line.valid_from is None or line.valid_from <= day}
    return tuple(found[number] for number in sorted(found))


def basis_for(number: int, day: date) -> Line:
    """The line of the list of transfers on which somebody may be told on that day. Raises NoBasis."""
    for line in on("transfers", day):
        if line.number == number and line.published:
            return line
    raise NoBasis(number=number)


HEADINGS = (
    "番号",
    "相手",
    "用途",
    "法令上の根拠",
    "項目",
    "方法",
    "時期・頻度",
    "いつから",
    "いつまで",
    "支援対象者",
    "出典",
)
"""The columns of a printed list."""


def cells(line: Line) -> tuple[object, ...]:
    """One line as it is printed; `valid_to` is the first day on which it no longer holds."""
    protection = {"withheld": "住所・世帯を渡さない", "marked": "印を付けて渡す"}[line.protection]
    return (
        line.number,
        line.recipient,
        line.purpose,
        line.basis,
        "、".join(line.items) or NOT_PUBLISHED,
        line.form,
        line.frequency,
        line.valid_from or "",
        line.valid_to or "",
        protection if line.published else NOT_PUBLISHED,
        line.source,
    )


def _with_defaults(read: dict[str, Any]) -> list[dict[str, Any]]:
    """Each line with what all lines of the file share, and without a last day where none is known."""
    shared = read["shared"][0]
    return [{"valid_from": None, "valid_to": None, **shared, **line} for line in read["line"]]


def _open(number: int) -> Line:
    return Line(number, NOT_PUBLISHED, NOT_PUBLISHED, NOT_PUBLISHED, (), NOT_PUBLISHED, NOT_PUBLISHED, None, None,
                "添付資料は公表されていない", published=False)  # fmt: skip
