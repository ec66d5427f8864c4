"""When something is due: pure, from the rule of the kind and what stands in the ledger."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from daicho.commons.ledgers.kinds import Kind
from daicho.commons.ledgers.values import Values

SHOWN_AHEAD = timedelta(days=30)
"""What is due later than this is not reminded yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry as it stands: values after corrections, days by which it was extended, whether it is closed."""

    entry_id: int
    number: str
    on_day: date
    values: Values
    extended: int = 0
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to do: which ledger, what about, until when; `entry_id` of an open entry, None for one that is missing."""

    kind: Kind
    about: str
    due_on: date
    entry_id: int | None = None
    officer: str = ""

    def is_late(self, today: date) -> bool:
        """Whether the day has passed."""
        return self.due_on < today


def due_on(kind: Kind, entry: Standing) -> date | None:
    """The day by which an open entry has to be closed; None where there is none."""
    due = kind.due
    if entry.is_closed or not kind.closes:
        return None
    if due.rule == "field":
        return date.fromisoformat(entry.values[due.field]) + timedelta(days=entry.extended)
    return entry.on_day + timedelta(days=due.days[entry.values.get(due.by, "")] + entry.extended)


def longest_extension(kind: Kind, entry: Standing) -> int:
    """Days by which an entry may still be extended."""
    due = kind.due
    if due.rule != "days" or not due.longest:
        return 0
    return due.longest - due.days[entry.values.get(due.by, "")] - entry.extended


def months_later(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def fiscal_year(day: date) -> tuple[date, date]:
    """First and last day of the fiscal year of a day (April to March)."""
    first = date(day.year if day.month >= 4 else day.year - 1, 4, 1)
    return first, date(first.year + 1, 3, 31)


def reminders(
    kind: Kind, entries: Sequence[Standing], today: date, officers: Mapping[str, date], since: date
) -> list[Reminder]:
    """What this ledger reminds of today, the soonest first.

    `officers`: those in force, with their first day; `since`: the first day of the ledgers, from which a first entry counts.
    """
    found: Iterable[Reminder]
    if kind.due.rule == "officer":
        found = _each_officer(kind, entries, today, officers)
    elif kind.due.rule == "interval":
        found = _interval(kind, entries, since)
    else:
        found = _open(kind, entries)
    ahead = max(SHOWN_AHEAD, timedelta(days=kind.due.ahead))
    return sorted((one for one in found if one.due_on <= today + ahead), key=lambda one: (one.due_on, one.about))


def _open(kind: Kind, entries: Iterable[Standing]) -> Iterable[Reminder]:
    for entry in entries:
        day = due_on(kind, entry)
        if day is not None:
            yield Reminder(kind, entry.number, day, entry.entry_id)


def _interval(kind: Kind, entries: Iterable[Standing], since: date) -> Iterable[Reminder]:
    """For each value of `per` the day after its last entry; a list of choices is expected in full from the first day on."""
    expected = kind.field(kind.due.per).choices if kind.due.per else ("",)
    last: dict[str, date] = {}
    for entry in entries:
        about = entry.values.get(kind.due.per, "")
        last[about] = max(entry.on_day, last.get(about, entry.on_day))
    for about in dict.fromkeys((*expected, *last)):
        yield Reminder(kind, about, months_later(last[about], kind.due.months) if about in last else since)


def _each_officer(
    kind: Kind, entries: Iterable[Standing], today: date, officers: Mapping[str, date]
) -> Iterable[Reminder]:
    """Each officer once in a fiscal year; whoever came within it, within 30 days of coming."""
    first, last = fiscal_year(today)
    done = {entry.values["officer"] for entry in entries if first <= entry.on_day <= last}
    for officer, came in officers.items():
        if officer not in done:
            day = min(last, came + timedelta(days=30)) if came >= first else last
            yield Reminder(kind, officer, day, officer=officer)
