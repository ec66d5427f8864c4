"""Registered changes as the desk sees them when one is to be taken back: whose it was, what hangs on it (STD 4.6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.cancellation import cancelling_reason
from daicho.register.changes.known import Past, PastChange, StateRow
from daicho.register.changes.undoing import days_written
from daicho.register.desk.forms.base import ChangeView, HouseholdMember, HouseholdView
from daicho.register.store.read import members_on, read_past
from daicho.wire.environment import Connection


@dataclass(frozen=True, slots=True)
class Hanging:
    """A change of the same people or households registered since; `people` are ids, `counts` says it is in force."""

    change_id: int
    reason: Reason
    change_date: LegalDate
    recorded_at: datetime
    people: tuple[int, ...]
    counts: bool


@dataclass(frozen=True, slots=True)
class Effects:
    """What hangs on a change: later changes in their order, with the names of the people."""

    later: tuple[Hanging, ...]
    names: Mapping[int, str]


def change_view(connection: Connection, change_id: int) -> ChangeView | None:
    """A change with its people; None when there is none.

    The removing half of a pair writes nothing of its own: the entering half stands for both.
    """
    paired = connection.execute(
        "SELECT c.paired_with FROM register.change c WHERE c.change_id = %s::bigint AND c.paired_with IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM register.resident_state s WHERE s.written_by = c.change_id)",
        (change_id,),
    ).fetchone()
    if paired is not None:
        change_id = paired["paired_with"]
    past = read_past(connection, _people(connection, change_id))
    change = past.changes.get(change_id)
    if change is None:
        return None
    first = min(day for one in change.people for day in days_written(past, one, change_id))
    households = sorted(
        {
            row.record.household_id
            for one in change.people
            for row in past.rows[one]
            if row.valid_to is None or row.valid_to > first
        }
    )
    around = members_on(connection, households, first)
    beside = sorted({person for people in around.values() for person in people} - set(change.people))
    rows = {**past.rows, **read_past(connection, beside).rows}
    movers = [one for one, part in change.people.items() if part.role == "mover"]
    others = [*(one for one in change.people if one not in movers), *beside]
    place = past.rows[movers[0]][-1].record if movers else None
    return ChangeView(
        change_id=change_id,
        reason=change.reason,
        change_date=change.change_date,
        recorded_at=change.recorded_at,
        first_day=first,
        household_ids=tuple(households),
        involved_ids=tuple(sorted(change.people)),
        movers=tuple(_member(rows, one) for one in sorted(movers, key=lambda one: _order(rows, one))),
        others=tuple(_member(rows, one) for one in others),
        taken_back=tuple(one for one in sorted(movers) if not past.is_in_force(change_id, one)),
        address=place.address if place else "",
        building=place.building if place else None,
    )


def concerned(connection: Connection, change_id: str) -> HouseholdView | None:
    """Everybody whom a change concerns, as the members of one household: those who moved by it first."""
    view = change_view(connection, int(change_id)) if change_id.isascii() and change_id.isdigit() else None
    if view is None:
        return None
    return HouseholdView(
        view.household_ids[0],
        number_of(connection, view.household_ids[0]),
        view.address,
        view.building,
        (*view.movers, *view.others),
    )


def changes_of(connection: Connection, person_id: int) -> tuple[PastChange, ...]:
    """The changes that wrote a person's record, newest first."""
    past = read_past(connection, [person_id])
    found = [one for one in past.changes.values() if person_id in one.people]
    return tuple(sorted(found, key=lambda one: (one.change_date.on, one.recorded_at), reverse=True))


def move_out_in_force(connection: Connection, person_id: int) -> int | None:
    """The move out by which somebody leaves or has left, while no notice of arrival came; None where there is none."""
    past = read_past(connection, [person_id])
    live = [row for row in past.rows.get(person_id, ()) if row.known_to is None]
    last = max(live, key=lambda row: row.valid_from).record if live else None
    if last is None or last.status != "moved_out" or last.arrival_notice_on is not None:
        return None
    found = [
        one
        for one in past.changes.values()
        if one.reason in (Reason.MOVE_OUT, Reason.MOVE_OUT_ABROAD)
        and person_id in one.people
        and one.people[person_id].role == "mover"
        and past.is_in_force(one.change_id, person_id)
    ]
    return max(found, key=lambda one: one.recorded_at).change_id if found else None


def _people(connection: Connection, change_id: int) -> list[int]:
    rows = connection.execute(
        "SELECT person_id FROM register.change_person WHERE change_id = %s::bigint ORDER BY person_id", (change_id,)
    )
    return [row["person_id"] for row in rows]


def _order(rows: Mapping[int, Sequence[StateRow]], person_id: int) -> tuple[int, int]:
    return rows[person_id][-1].record.household_order, person_id


def _member(rows: Mapping[int, Sequence[StateRow]], person_id: int) -> HouseholdMember:
    record = rows[person_id][-1].record
    return HouseholdMember(
        person_id=person_id,
        name=record.name,
        name_kana=record.name_kana,
        birth=record.birth,
        sex=record.sex,
        relationship=record.relationship,
        domicile=record.domicile,
        family_register_head=record.family_register_head,
        is_foreign=record.is_foreign,
    )


def effects_of(connection: Connection, view: ChangeView) -> Effects:
    """Later changes of the same people and of their households."""
    around = members_on(connection, list(view.household_ids), view.first_day)
    people = sorted({*view.involved_ids, *(person for found in around.values() for person in found)})
    past = read_past(connection, people)
    later = [
        Hanging(
            one.change_id,
            one.reason,
            one.change_date,
            one.recorded_at,
            tuple(sorted(set(one.people) & set(people))),
            any(past.is_in_force(one.change_id, person) for person in one.people),
        )
        for one in sorted(past.changes.values(), key=lambda one: one.recorded_at)
        if one.recorded_at > view.recorded_at
    ]
    names = {person: rows[-1].record.name for person, rows in past.rows.items()}
    return Effects(tuple(later), names)


def states_since(connection: Connection, view: ChangeView) -> list[int]:
    """What was known of these people, for days on which the change counts, from its registration until it was taken back.

    A certificate made from any of it tells what the change had made of them.
    """
    rows = connection.execute(
        "SELECT state_id FROM register.resident_state WHERE person_id = ANY (%(people)s::bigint[])"
        " AND valid && daterange(%(day)s::date, NULL) AND known && tstzrange(%(since)s, %(until)s)"
        " AND lower(known) >= %(since)s",
        {
            "people": list(view.involved_ids),
            "day": view.first_day,
            "since": view.recorded_at,
            "until": _taken_back_at(connection, view),
        },
    )
    return [row["state_id"] for row in rows]


def _taken_back_at(connection: Connection, view: ChangeView) -> datetime | None:
    """When the change was taken back for the last of those who moved by it; None while it counts for anybody."""
    if {member.person_id for member in view.movers} - set(view.taken_back):
        return None
    row = connection.execute(
        "SELECT max(recorded_at) AS at FROM register.change WHERE cancels = %s::bigint", (view.change_id,)
    ).fetchone()
    return row["at"] if row else None


def cancellable(connection: Connection, household_id: int, reason: Reason) -> list[PastChange]:
    """The changes of a household's people that a cancellation of this reason could take back, newest first."""
    people = [
        row["person_id"]
        for row in connection.execute(
            "SELECT DISTINCT person_id FROM register.resident_state WHERE household_id = %s::bigint", (household_id,)
        )
    ]
    past: Past = read_past(connection, people)
    found: Iterable[PastChange] = (
        one
        for one in past.changes.values()
        if cancelling_reason(one.reason) is reason
        and any(days_written(past, person, one.change_id) for person in one.people)
        and any(past.is_in_force(one.change_id, person) for person in one.people)
    )
    return sorted(found, key=lambda one: one.recorded_at, reverse=True)


def number_of(connection: Connection, household_id: int) -> str:
    """The number of a household, "" for none."""
    row = connection.execute(
        "SELECT household_number FROM register.household WHERE household_id = %s::bigint", (household_id,)
    ).fetchone()
    return str(row["household_number"]) if row else ""
