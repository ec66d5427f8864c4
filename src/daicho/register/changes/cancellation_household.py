"""Households after a cancellation: who comes back where, as what, and whether every household keeps its rules.

Days are the valid axis; on each day on which anything changes the pictures now and after are compared. What follows from
what was known before the cancelled change is taken over; what does not follow is asked for, never guessed.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from daicho.law.eras import format_wareki
from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import (
    CancellationBreaksHousehold,
    FormerHouseholdGone,
    FormerHouseholdThere,
    RelationshipFixed,
    RelationshipInDoubt,
)
from daicho.register.changes.household import HEAD
from daicho.register.changes.known import Past, PastChange, shown
from daicho.register.changes.notification import Cancellation
from daicho.register.changes.plan import Alert, Before
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.retroactive import Line, line_of, record_on, set_fields
from daicho.register.changes.rules import relationship_code

Picture = Mapping[int, ResidentRecord]
"""Person id → record of the residents of one household on one day."""


@dataclass(slots=True)
class Settled:
    """Everybody's records after the cancellation, and what the clerk has to see."""

    lines: dict[int, Line]
    alerts: list[Alert]


@dataclass(slots=True)
class Desk:
    """What the steps below work on: `now` and `after` hold the line of everybody seen."""

    change: PastChange
    past: Past
    now: Mapping[int, Line]
    after: dict[int, Line]
    on: date
    alerts: list[Alert]

    def days(self) -> list[date]:
        """Every day from the first on which anything changes, now or after."""
        lines = (*self.now.values(), *self.after.values())
        return sorted({self.on, *(begins for line in lines for begins, _ in line if begins > self.on)})

    def living(self, day: date, *, now: bool = False) -> dict[int, dict[int, ResidentRecord]]:
        """Household → its residents on a day."""
        found: dict[int, dict[int, ResidentRecord]] = {}
        for person_id, line in sorted((self.now if now else self.after).items()):
            record = record_on(line, day)
            if record is not None and record.is_resident:
                found.setdefault(record.household_id, {})[person_id] = record
        return found

    def next_day(self, day: date) -> date | None:
        """The next day on which anything changes."""
        return next((one for one in self.days() if one > day), None)


def settle(
    before: Before, past: Past, change: PastChange, lines: Mapping[int, Line], notification: Cancellation
) -> Settled:
    """Put the people of `lines` back where they stand without the change.

    Raises RelationshipFixed, L401, L402, FormerHouseholdGone, FormerHouseholdThere, RelationshipInDoubt,
    CancellationBreaksHousehold.
    """
    seen = {member.person_id: member for household in before.households.values() for member in household.members}
    seen.update(before.persons)
    now = {person_id: line_of(person) for person_id, person in seen.items()}
    desk = Desk(change, past, now, {**now, **lines}, before.on, [])
    chosen = {
        one.person_id: relationship_code(one.relationship, f"relationships.{place}.relationship")
        for place, one in enumerate(notification.relationships)
    }
    _children_follow(desk, lines)
    moved = _new_household(desk, lines, chosen, notification.new_household_id)
    _relationships(desk, chosen, moved)
    for person_id in lines:
        _free_rank(desk, person_id)
        _former_address(desk, person_id)
    _check(desk, before.households)
    changed = {one: line for one, line in desk.after.items() if one in lines or line != now[one]}
    return Settled(changed, desk.alerts)


def _children_follow(desk: Desk, people: Iterable[int]) -> None:
    """Whoever was born into the household since lives where it lives."""
    for day in desk.days():
        was, will = desk.living(day, now=True), desk.living(day)
        for household_id, residents in will.items():
            back = [r for one, r in residents.items() if one in people and one in was.get(household_id, {})]
            for person_id, record in residents.items():
                if back and person_id not in people and _born_since(desk, person_id):
                    _follow_address(desk, person_id, day, record, back[0])


def _born_since(desk: Desk, person_id: int) -> bool:
    return any(
        one.recorded_at > desk.change.recorded_at and one.reason.value == "birth" and person_id in one.people
        for one in desk.past.changes.values()
    )


_PLACE = ("municipality_code", "address", "town_code", "postcode", "district_code", "building_code", "building")


def _follow_address(desk: Desk, person_id: int, day: date, record: ResidentRecord, back: ResidentRecord) -> None:
    wanted = {name: getattr(back, name) for name in _PLACE}
    if any(getattr(record, name) != value for name, value in wanted.items()):
        desk.after[person_id] = set_fields(desk.after[person_id], day, until=desk.next_day(day), **wanted)
        if not any(one.code == "W023" and one.person_id == person_id for one in desk.alerts):
            desk.alerts.append(alert("W023", person_id))


def _new_household(
    desk: Desk, people: Iterable[int], chosen: Mapping[int, str], new_household_id: int | None
) -> set[int]:
    """Where the former household is gone, a new one from that day on, if the clerk says so (STD 4.6.0.1); who is in it."""
    used: set[int] = set()
    for day in desk.days():
        for household_id, residents in sorted(desk.living(day).items()):
            stranded = _stranded(desk, people, household_id, residents, day)
            if not stranded:
                continue
            if new_household_id is None:
                raise FormerHouseholdGone(shown=format_wareki(day), later=later_of(desk, residents, day))
            used.update(stranded)
            for place, person_id in enumerate(stranded, start=1):
                code = HEAD if len(stranded) == 1 else chosen.get(person_id)
                if code is None:
                    raise RelationshipInDoubt(f"relationships.of.{person_id}")
                desk.after[person_id] = set_fields(
                    desk.after[person_id],
                    day,
                    household_id=new_household_id,
                    household_order=place,
                    relationship=code,
                    head_absent=False,
                )
    if new_household_id is not None and not used:
        raise FormerHouseholdThere("new_household")
    if used:
        desk.alerts.append(alert("W024"))
    return used


def _stranded(desk: Desk, people: Iterable[int], household_id: int, residents: Picture, day: date) -> list[int]:
    """Those who come back to a household of which nobody is left at their address."""
    here = desk.living(day, now=True).get(household_id, {})
    back = [one for one in residents if one in people and one not in here]
    others = [record for one, record in residents.items() if one not in back]
    if not back or (
        not others and any(residents[one].relationship == HEAD or residents[one].head_absent for one in back)
    ):
        return []
    return [one for one in back if not any(_place(residents[one]) == _place(other) for other in others)]


def _place(record: ResidentRecord) -> tuple[str | None, ...]:
    return record.municipality_code, record.address, record.building


def _relationships(desk: Desk, chosen: Mapping[int, str], moved: Container[int]) -> None:
    """A relationship stands if it was recorded to the same head before the change; else the clerk has to choose."""
    needed: set[int] = set()
    for day in desk.days():
        was, will = desk.living(day, now=True), desk.living(day)
        for household_id, residents in will.items():
            before = was.get(household_id, {})
            head = _head(residents, before)
            for person_id, record in residents.items():
                if not _in_doubt(desk, day, person_id, record, before, head):
                    continue
                needed.add(person_id)
                if person_id in chosen and record.relationship != chosen[person_id]:
                    desk.after[person_id] = set_fields(
                        desk.after[person_id], day, until=desk.next_day(day), relationship=chosen[person_id]
                    )
    for person_id in chosen:
        if person_id not in needed and person_id not in moved:
            raise RelationshipFixed(f"relationships.of.{person_id}")
    for person_id in sorted(needed - set(chosen)):
        raise RelationshipInDoubt(f"relationships.of.{person_id}")


def _head(residents: Picture, before: Picture) -> int | None:
    """Who heads the household: whoever does now goes before one who comes back as head."""
    heads = [one for one, record in residents.items() if record.relationship == HEAD]
    staying = [one for one in heads if one in before and before[one].relationship == HEAD]
    return next(iter((*staying, *heads)), None)


def _in_doubt(desk: Desk, day: date, person_id: int, record: ResidentRecord, before: Picture, head: int | None) -> bool:
    if head is None or head == person_id:
        return False
    was = before.get(person_id)
    same_head = head in before and before[head].relationship == HEAD
    if same_head and was is not None and was.relationship == record.relationship:
        return False
    return record.relationship == HEAD or not _vouched(desk, day, person_id, record, head)


def _vouched(desk: Desk, day: date, person_id: int, record: ResidentRecord, head: int) -> bool:
    """Whether this relationship to this head was recorded for the day before the change came."""
    own, other = _known_before(desk, day, person_id), _known_before(desk, day, head)
    return (
        own is not None
        and other is not None
        and own.household_id == other.household_id == record.household_id
        and own.relationship == record.relationship
        and other.relationship == HEAD
        and other.is_resident
    )


def _known_before(desk: Desk, day: date, person_id: int) -> ResidentRecord | None:
    rows = desk.past.rows_before(desk.change.change_id, person_id)
    return record_on(tuple((row.valid_from, row.record) for row in rows), day)


def _free_rank(desk: Desk, person_id: int) -> None:
    """A rank that somebody took in the meantime is given up: the head goes first, everybody else last."""
    for day in desk.days():
        record = record_on(desk.after[person_id], day)
        if record is None or not record.is_resident:
            continue
        others = [r for one, r in desk.living(day)[record.household_id].items() if one != person_id]
        if record.household_order not in {other.household_order for other in others}:
            continue
        ranks = _ranks(desk, record.household_id)
        free = min(ranks) - 1 if record.relationship == HEAD else max(ranks) + 1
        desk.after[person_id] = set_fields(desk.after[person_id], day, household_order=free)


def _ranks(desk: Desk, household_id: int) -> set[int]:
    return {
        record.household_order
        for line in desk.after.values()
        for _, record in line
        if record.household_id == household_id
    }


def _former_address(desk: Desk, person_id: int) -> None:
    """異動前住所 of a later move is the address that stands before it."""
    moves = {
        day: record.former_address
        for (_, old), (day, record) in pairwise(desk.now[person_id])
        if day > desk.on and (record.former_address, record.former_building) == (old.address, old.building)
    }
    for (_, before), (day, here) in pairwise(desk.after[person_id]):
        if day in moves and here.former_address == moves[day]:
            line = desk.after[person_id]
            desk.after[person_id] = set_fields(
                line, day, former_address=before.address, former_building=before.building
            )


def _check(desk: Desk, read: Container[int]) -> None:
    """Raises CancellationBreaksHousehold for the first day on which a household breaks its rules (STD 1.1.10).

    Looks at the households that were read: of another one, into which a member has gone on, not everybody is known here.
    """
    for day in desk.days():
        for household_id, residents in desk.living(day).items():
            rule = _broken(list(residents.values())) if household_id in read else None
            if rule is not None:
                later = later_of(desk, residents, day)
                raise CancellationBreaksHousehold(shown=format_wareki(day), rule=rule, later=later)


def _broken(records: Sequence[ResidentRecord]) -> str | None:
    heads = sum(record.relationship == HEAD for record in records)
    without = sum(record.head_absent for record in records)
    if heads > 1:
        return "世帯主が二人"
    if heads + without == 0 or (without and without < len(records)):
        return "世帯主がいない"
    if len({_place(record) for record in records}) > 1:
        return "住所が二つ"
    return None


def later_of(desk: Desk, residents: Iterable[int], day: date) -> str:
    """The latest other change of these people that counts on the day: what has to be taken back or put right first."""
    found = [
        one
        for one in desk.past.changes.values()
        if one.change_id != desk.change.change_id
        and one.recorded_at > desk.change.recorded_at
        and any(person in one.people and desk.past.is_in_force(one.change_id, person) for person in residents)
    ]
    if not found:
        return "世帯のほかの異動（残りの人のこの異動を含む）"
    return f"「{shown(max(found, key=lambda one: one.recorded_at))}」"
