"""What would stand of a person had a change never been (docs/decisions/0013). Pure.

Each change is reduced to what it set: fields of the record on days of the valid axis, against what was known just before.
What stands is the last value set on each day by a change that counts. Thinking one change away and laying the others
over each other again takes back that change only: whatever other changes set stays, field by field, on its own days.

A cancellation sets nothing but what it decided beyond that (a removed record where no record would be, a relationship
chosen by the clerk), measured against what would stand without it; so a cancellation can itself be taken back.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from daicho.register.changes.known import Past, StateRow
from daicho.register.changes.record import RECORD_FIELDS, ResidentRecord, differences
from daicho.register.changes.retroactive import Line, merged

_ADDRESS = ("municipality_code", "address", "town_code", "postcode", "district_code", "building_code", "building")
_DESTINATION = tuple(
    f"{kind}_{item}"
    for kind in ("planned", "confirmed")
    for item in ("municipality", "postcode", "address", "building", "head", "on")
)
_IMPLIED: Mapping[str, tuple[str, ...]] = {
    "settled_on": _ADDRESS,
    "household_id": (*_ADDRESS, "relationship", "household_order", "head_absent"),
    "status": ("removed_on", "removed_notified_on", "removed_reason", "removed_basis", *_DESTINATION),
}
"""Who moves says where to, even to where the record puts them already; likewise for households and removals."""

TAKEN_OVER = 0
"""Stands for what an older register had made before the change that it names."""

Sets = ResidentRecord | dict[str, object]
"""What a change set for one stretch of days: the whole record (it entered the person), or some fields."""
Stretches = dict[date, ResidentRecord | None]
"""First day of a stretch on which nothing ever changed → the record that holds."""


def line_without(past: Past, person_id: int, change_id: int | None) -> Line:
    """The records of a person had this change never been; of all that count when it is None. () for no record.

    Days before the first record, and days on which no record would be, are left out.
    """
    stretches = _laid(past, person_id, _all_sets(past, person_id), change_id)
    return merged([(begins, record) for begins, record in sorted(stretches.items()) if record is not None])


def days_written(past: Past, person_id: int, change_id: int) -> tuple[date, ...]:
    """The days from which a change wrote records of its own, rising."""
    rows = past.rows.get(person_id, ())
    return tuple(sorted(row.valid_from for row in rows if row.made_by == row.written_by == change_id))


def fields_set(past: Past, person_id: int, change_id: int) -> frozenset[str]:
    """The fields that a change set on any day of a person's record."""
    sets = dict(_all_sets(past, person_id))[change_id]
    return frozenset(
        name for what in sets.values() for name in (RECORD_FIELDS if isinstance(what, ResidentRecord) else what)
    )


def _all_sets(past: Past, person_id: int) -> list[tuple[int, dict[date, Sets]]]:
    """What each change set, in the order in which the changes were registered."""
    rows = past.rows.get(person_id, ())
    starts = sorted({row.valid_from for row in rows} | {row.valid_to for row in rows if row.valid_to is not None})
    known: Stretches = dict.fromkeys(starts)
    done: list[tuple[int, dict[date, Sets]]] = []
    for change_id in _in_order(rows):
        change, own = past.changes[change_id], [row for row in rows if row.written_by == change_id]
        kind = change.people[person_id].kind
        if kind == "remove" and all(record is None for record in known.values()):
            known = _taken_over(own, starts)
            done.append((TAKEN_OVER, {start: record for start, record in known.items() if record is not None}))
        base = known if change.cancels is None else _laid(past.until(change_id), person_id, done, None)
        known = {**known, **{start: row.record for start in starts for row in own if _covers(row, start)}}
        made = [row for row in own if row.made_by == change_id]
        done.append((change_id, _sets(base, known, made, enters=kind == "enter" and change.cancels is None)))
    return done


def _taken_over(rows: Sequence[StateRow], starts: Sequence[date]) -> Stretches:
    """What stood before a removal that an older register names as the last change: its resident record, if it has one.

    A take-over knows one picture of each person, and of a move out planned then also the record that ends it.
    """
    residents = [row for row in rows if row.record.is_resident]
    return {start: residents[0].record if residents and start >= residents[0].valid_from else None for start in starts}


def _in_order(rows: Sequence[StateRow]) -> list[int]:
    return list(dict.fromkeys(row.written_by for row in sorted(rows, key=lambda row: (row.known_from, row.state_id))))


def _covers(row: StateRow, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def _sets(base: Stretches, known: Stretches, made: Sequence[StateRow], *, enters: bool) -> dict[date, Sets]:
    found: dict[date, Sets] = {}
    for start, record in known.items():
        if record is None or not any(_covers(row, start) for row in made):
            continue
        old = base.get(start)
        if old is None or (enters and not old.is_resident):
            found[start] = record
            continue
        names = differences(old, record)
        implied = [name for lead in names for name in _IMPLIED.get(lead, ())]
        found[start] = {name: getattr(record, name) for name in (*names, *implied)}
    return found


def _laid(past: Past, person_id: int, sets: Sequence[tuple[int, dict[date, Sets]]], without: int | None) -> Stretches:
    """The sets of all changes that count laid over each other."""
    found: Stretches = {}
    for change_id, of_days in sets:
        if not past.is_in_force(change_id, person_id, without=without):
            continue
        for start, what in of_days.items():
            under = found.get(start)
            if isinstance(what, ResidentRecord):
                found[start] = what
            elif under is not None:
                found[start] = under.with_(**what)
    return found
