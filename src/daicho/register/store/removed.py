"""Removed records (除票, 改製原) of one person, from state rows and ends of records, without looking at the database.

How to read them: `access.open_removed_record(env, actor, person_id, record_no, purpose)` gives one with the trace in the
trail; `HouseholdSheet.former` lists those of the people shown. A `RemovedRecord` holds the record as removed (its
last state with 消除 items filled), the states that it went through, oldest first, and the change that removed it.

Every record of a person has a number, counted from 1. A record ends in one of two ways (docs/decisions/0014):
* the person moved out, died or was removed: the last state of that number is a removed record by itself, and whoever
  returns gets the next number;
* the person goes on with another record from the same day (帰化, 国籍喪失, 改製, 再製): a row of `record_end` says so, and the
  removed record is the last state of that number, the one with the highest history number (STD 1.2.1), with those items.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.timeline import EndRow, StateRow
from daicho.register.store.history import Step, known_then


@dataclass(frozen=True, slots=True)
class RemovedRecord:
    """One removed record. `states` are what it went through, oldest first; `removed_by` is the change that ended it."""

    person_id: int
    record_no: int
    record: ResidentRecord
    states: tuple[StateRow, ...]
    removed_by: int
    goes_on: bool
    """Whether the person went on with another record on the same day."""


def removed_records(
    rows: Iterable[StateRow], ends: Iterable[EndRow], on: date, known_at: datetime | None = None
) -> tuple[RemovedRecord, ...]:
    """The removed records of one person on a day, as known at an instant (None: now), by record number."""
    known = list(rows)
    if known_at is not None:
        known = [row for row in known if row.known_from <= known_at]
    live = known_then(known, known_at)
    ended = {row.end.record_no: row for row in ends if _is_known(row, known_at) and row.end.removed_on.on <= on}
    highest = max((row.record.record_no for row in live if row.valid_from <= on), default=0)
    found = [
        _went_on(ended[number], known, live) if number in ended else _left(number, highest, known, live, on)
        for number in range(1, highest + 1)
    ]
    return tuple(one for one in found if one is not None)


def removal_steps(rows: Sequence[StateRow], ends: Iterable[EndRow]) -> list[Step]:
    """One step per change that ended a record: its last state, and the same as removed."""
    made: dict[int, Step] = {}
    for row in ends:
        last = _last(row, rows)
        if last is not None and row.made_by not in made:
            on = row.end.removed_on.on
            made[row.made_by] = Step(row.made_by, row.end.person_id, on, last.record, row.end.of(last.record))
    return list(made.values())


def _went_on(row: EndRow, known: Sequence[StateRow], live: Sequence[StateRow]) -> RemovedRecord | None:
    last = _last(row, known)
    if last is None:
        return None
    states = (*_states(row.end.record_no, live, last.valid_from), last)
    return RemovedRecord(
        row.end.person_id, row.end.record_no, row.end.of(last.record), states, row.made_by, goes_on=True
    )


def _states(number: int, live: Sequence[StateRow], before: date) -> tuple[StateRow, ...]:
    return tuple(one for one in live if one.record.record_no == number and one.valid_from < before)


def _last(row: EndRow, rows: Iterable[StateRow]) -> StateRow | None:
    """The last state of an ended record; what was planned for later never came to be."""
    own = [one for one in rows if one.record.record_no == row.end.record_no and one.valid_from <= row.end.removed_on.on]
    return max(own, key=lambda one: (one.history_no, one.known_from), default=None)


def _left(
    number: int, highest: int, known: Sequence[StateRow], live: Sequence[StateRow], on: date
) -> RemovedRecord | None:
    """A record whose last state is a removed one.

    Whoever is entered again on the day of the removal leaves no live state of it: a record that another one followed is
    read from the removed state written last, whatever was put right since on days before it.
    """
    gone = (row for row in known if not row.record.is_resident)
    rows = live if number == highest else sorted(gone, key=lambda row: row.history_no)
    own = [row for row in rows if row.record.record_no == number and row.valid_from <= on]
    last = own[-1] if own else None
    if last is None or last.record.is_resident:
        return None
    states = (*_states(number, live, last.valid_from), last)
    return RemovedRecord(last.person_id, number, last.record, states, last.made_by, goes_on=False)


def _is_known(row: EndRow, known_at: datetime | None) -> bool:
    if known_at is None:
        return row.known_to is None
    return row.known_from <= known_at and (row.known_to is None or known_at < row.known_to)
