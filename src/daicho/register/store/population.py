"""Counts of residents over a period: opening + entered - removed = closing, by sex and nationality class. Pure.

From the records of people as known at one instant, so that a period can be asked "as known at" like everything else.
Whoever changes class while staying (帰化, 国籍喪失) is removed from one class and entered into the other (STD 1.2.2).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from daicho.register.changes.record import ResidentRecord

Line = Sequence[tuple[date, ResidentRecord]]
"""The records of one person with the day from which each holds, by rising day; the last one holds for good."""
_DAY = timedelta(days=1)


class Class(NamedTuple):
    """One class of residents: sex ("1" 男, "2" 女), and whether foreign."""

    sex: str
    is_foreign: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """What became of one class in a period; `opening` stands at the end of the day before its first day."""

    opening: int = 0
    entered: int = 0
    removed: int = 0
    closing: int = 0


def flows(people: Iterable[Line], first: date, last: date) -> Mapping[Class, Flow]:
    """Per class the residents before `first`, those entered and removed on `first` to `last`, and those on `last`."""
    opening: Counter[Class] = Counter()
    entered: Counter[Class] = Counter()
    removed: Counter[Class] = Counter()
    closing: Counter[Class] = Counter()
    for line in people:
        was = _class_on(line, first - _DAY)
        _count(opening, was)
        for begins, record in line:
            if first <= begins <= last:
                now = _class_of(record)
                if now != was:
                    _count(removed, was)
                    _count(entered, now)
                was = now
        _count(closing, _class_on(line, last))
    return {
        one: Flow(opening[one], entered[one], removed[one], closing[one])
        for one in sorted({*opening, *entered, *removed, *closing})
    }


def _class_on(line: Line, day: date) -> Class | None:
    held = [record for begins, record in line if begins <= day]
    return _class_of(held[-1]) if held else None


def _class_of(record: ResidentRecord) -> Class | None:
    return Class(record.sex, record.is_foreign) if record.is_resident else None


def _count(counter: Counter[Class], one: Class | None) -> None:
    if one is not None:
        counter[one] += 1
