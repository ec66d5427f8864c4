"""Removed records (除票, 改製原) of one person, from state rows and ends of records, without looking at the database.

How to read them: `access.open_removed_record(env, actor, person_id, record_no, purpose)` gives one with the trace in the
trail; `HouseholdSheet.former` lists those of the people shown. A `RemovedRecord` holds the record as removed (its
last state with 消除 items filled), the states that it went through, oldest first, and the change that removed it.

Every record of a person has a number, counted from 1. A record ends in one of two ways (docs/decisions/0014):
* the person moved out, died or was removed: the last state of that number is a removed record by itself, and whoever
  returns gets the next number;
* the person goes on with another record from the same day (帰化, 国籍喪失, 改製, 再製): a row of `record_end` says so, and the
  removed record is the last state of that number with those items.

A last state whose day went on with another record holds no day any more, so no correction writes it. What it had carried
over from the day before follows that day: what is put right there stands in the removed record too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.register.changes.record import RECORD_FIELDS, ResidentRecord
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
    """One step per change that ended a record: its last state as known then, and the same as removed."""
    made: dict[int, Step] = {}
    for row in ends:
        last = _last(_of(rows, row.end.record_no), row)
        if last is not None and row.made_by not in made:
            on = row.end.removed_on.on
            made[row.made_by] = Step(row.made_by, row.end.person_id, on, last.record, row.end.of(last.record))
    return list(made.values())


def put_right(
    rows: Sequence[StateRow], live: Sequence[StateRow], last: StateRow, replaced_at: datetime
) -> ResidentRecord:
    """The last state of a record that lost its day at `replaced_at`, with what was put right since on the days before.

    `live` are the rows as known now, or then. Field by field: what the state had carried over from the day before it
    follows that day, what it set itself stays.
    """
    before = _until(_known_before(_of(rows, last.record.record_no), replaced_at), last.valid_from)
    now = _until(_of(live, last.record.record_no), last.valid_from)
    if before is None or now is None:
        return last.record
    carried = [name for name in RECORD_FIELDS if getattr(last.record, name) == getattr(before.record, name)]
    return last.record.with_(**{name: getattr(now.record, name) for name in carried})


def _went_on(row: EndRow, known: Sequence[StateRow], live: Sequence[StateRow]) -> RemovedRecord | None:
    own = _of(known, row.end.record_no)
    last = _last(own, row)
    if last is None:
        return None
    kept = _of(live, row.end.record_no)
    if last.valid_from < row.end.removed_on.on and kept:
        last = kept[-1]
    record = last.record if last in kept else put_right(own, kept, last, row.known_from)
    states = (*(one for one in kept if one.valid_from < last.valid_from), last)
    return RemovedRecord(row.end.person_id, row.end.record_no, row.end.of(record), states, row.made_by, goes_on=True)


def _left(
    number: int, highest: int, known: Sequence[StateRow], live: Sequence[StateRow], on: date
) -> RemovedRecord | None:
    """A record whose last state is a removed one.

    Whoever is entered again on the day of the removal leaves no live state of it: a record that another one followed is
    read from the removed state written last, with what was put right since on days before it.
    """
    gone = (row for row in known if not row.record.is_resident)
    rows = live if number == highest else sorted(gone, key=lambda row: row.history_no)
    own = [row for row in rows if row.record.record_no == number and row.valid_from <= on]
    last = own[-1] if own else None
    if last is None or last.record.is_resident:
        return None
    record = last.record if last in live or last.known_to is None else put_right(known, live, last, last.known_to)
    states = (*(one for one in _of(live, number) if one.valid_from < last.valid_from), last)
    return RemovedRecord(last.person_id, number, record, states, last.made_by, goes_on=False)


def _of(rows: Iterable[StateRow], number: int) -> list[StateRow]:
    return [row for row in rows if row.record.record_no == number]


def _last(own: Sequence[StateRow], row: EndRow) -> StateRow | None:
    """The state of an ended record that was known to hold on its last day; what was planned for later never came to be."""
    on = row.end.removed_on.on
    held = [one for one in _known_before(own, row.known_from) if one.valid_from <= on]
    return max(held or own, key=lambda one: (one.valid_from, one.history_no), default=None)


def _known_before(rows: Iterable[StateRow], instant: datetime) -> list[StateRow]:
    return [row for row in rows if row.known_from < instant and (row.known_to is None or row.known_to >= instant)]


def _until(rows: Iterable[StateRow], day: date) -> StateRow | None:
    """The last of the rows that begin before a day."""
    return max((row for row in rows if row.valid_from < day), key=lambda row: row.valid_from, default=None)


def _is_known(row: EndRow, known_at: datetime | None) -> bool:
    if known_at is None:
        return row.known_to is None
    return row.known_from <= known_at and (row.known_to is None or known_at < row.known_to)
