"""Records that come from an older register, as rows: one state each, and the change that the older register names.

A take-over knows one picture of each person. A removed record holds from the day of its removal. The resident
records of a household hold from the day on which the last of its members took up residence or was born, as the
records say, so that a change dated before the take-over finds the household; where a record names no such day, from the
day of the take-over. Persons of a household whose change has one reason, day and basis share one row of `change`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.timeline import StateRow
from daicho.register.store.bulk_rows import ChangePersonRow, ChangeRow

_Act = tuple[Reason, LegalDate, date | None, Basis]
TAKEN_OVER = "takeover"
"""Stands for officer, terminal and office of a change made in an older register."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """One person of the older register; `reason` is the one of the last change (item 11).

    `planned` is the removed record that takes effect on its removal date, for a move out notified ahead.
    """

    person_id: int
    reason: Reason
    record: ResidentRecord
    planned: ResidentRecord | None = None


@dataclass(frozen=True, slots=True)
class TakenOverRows:
    """The rows of one household."""

    changes: list[ChangeRow]
    change_persons: list[ChangePersonRow]
    states: list[StateRow]


def rows_of_household(
    people: Sequence[TakenOver], *, day: date, recorded_at: datetime, ids: Iterator[int]
) -> TakenOverRows:
    """The rows of all people of one household taken over on `day`; history numbers start at 1."""
    since = household_since([person.record for person in people if person.record.is_resident], day)
    made = TakenOverRows([], [], [])
    known: dict[_Act, int] = {}
    for person in people:
        act = _act(person, day)
        change_id = known.get(act)
        if change_id is None:
            change_id = known[act] = next(ids)
            made.changes.append(_change(change_id, *act, recorded_at))
        made.change_persons.append(ChangePersonRow(change_id, person.person_id, person.reason.kind.value, "mover", 1))
        made.states.extend(_states(person, change_id, since, day, recorded_at, ids))
    return made


def _states(
    person: TakenOver, change_id: int, since: date, day: date, recorded_at: datetime, ids: Iterator[int]
) -> Iterator[StateRow]:
    """The state of one person, and the removed one after it where a move out is planned."""
    removal = (person.planned or person.record).removed_on
    removed = removal.on if removal is not None else day
    parts = [(since if person.record.is_resident else removed, person.record)]
    if person.planned is not None:
        parts.append((removed, person.planned))
    for place, (start, record) in enumerate(parts):
        yield StateRow(
            state_id=next(ids),
            person_id=person.person_id,
            history_no=1 + place,
            made_by=change_id,
            written_by=change_id,
            valid_from=start,
            valid_to=parts[place + 1][0] if place + 1 < len(parts) else None,
            known_from=recorded_at,
            known_to=None,
            record=record,
        )


def household_since(residents: Sequence[ResidentRecord], day: date) -> date:
    """The day since which all residents of a household live there, as far as the records say; at most `day`."""
    since = date.min
    for record in residents:
        settled = record.settled_on or record.foreign_resident_since or record.resident_since
        if settled is None:
            return day
        since = max(since, settled.on, record.birth.on)
    return min(since, day) if since > date.min else day


def _act(person: TakenOver, day: date) -> _Act:
    """Reason, date, notified on and basis of the change that the older register names last."""
    record, reason = person.planned or person.record, person.reason
    if reason.kind.value == "remove":
        return (
            reason,
            record.removed_on or LegalDate(day),
            record.removed_notified_on,
            _basis(record.removed_basis, reason),
        )
    if reason is Reason.BIRTH:
        return reason, record.birth, record.resident_notified_on, _basis(record.settled_basis, reason)
    if reason.kind.value == "enter":
        since = record.foreign_resident_since or record.resident_since or record.settled_on
        notified = record.foreign_resident_notified_on or record.resident_notified_on
        return reason, since or LegalDate(day), notified, _basis(record.settled_basis, reason)
    if reason is Reason.MOVE_WITHIN:
        settled = record.settled_on or LegalDate(day)
        return reason, settled, record.settled_notified_on, _basis(record.settled_basis, reason)
    return reason, LegalDate(day), None, _basis(None, reason)


def _basis(word: str | None, reason: Reason) -> Basis:
    for basis in Basis:
        if word == basis.word:
            return basis
    return Basis.EX_OFFICIO if reason.value.startswith(("ex_officio", "cancellation")) else Basis.NOTIFICATION


def _change(
    change_id: int, reason: Reason, on: LegalDate, notified_on: date | None, basis: Basis, recorded_at: datetime
) -> ChangeRow:
    return ChangeRow(
        change_id=change_id,
        reason=reason,
        basis=basis,
        change_date=on,
        notified_on=notified_on,
        recorded_at=recorded_at,
        entrant=TAKEN_OVER,
        reviewer=None,
        decider=None,
        terminal=TAKEN_OVER,
        office=TAKEN_OVER,
        taken_over=True,
    )
