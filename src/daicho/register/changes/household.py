"""Households: entering one, and their rules, held against a plan on every day on which anything changes (STD 1.1.10).

PostgreSQL checks the same again at commit (`register.household_faults`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.eras import format_wareki
from daicho.register.changes.errors import (
    HeadLeavesLater,
    HeadlessHousehold,
    HouseholdEmpty,
    HouseholdOccupied,
    LaterChangeExists,
    NoHead,
    SecondHead,
)
from daicho.register.changes.notification import Address
from daicho.register.changes.overlay import resident_state
from daicho.register.changes.plan import Before, Effect, HouseholdBefore, PersonBefore
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.rules import address_items, address_of, check_address

HEAD = "02"

Timeline = list[tuple[date, ResidentRecord]]
"""The records of one person from the change date on, by rising first day."""


def ranks(household: HouseholdBefore) -> tuple[int, int]:
    """The lowest and highest rank that any member has or will have; (1, 0) for a household without members."""
    found = [
        state.record.household_order
        for member in household.members
        for state in (member.current, *member.later)
        if state is not None and state.record.household_id == household.household_id
    ]
    return (min(found), max(found)) if found else (1, 0)


@dataclass(frozen=True, slots=True)
class Target:
    """The household entered: what its members share, the rank before the first free one, the head's birth date."""

    items: dict[str, Any]
    last_rank: int
    head_birth: LegalDate | None


def enter_household(before: Before, household_id: int, address: Address | None) -> Target:
    """A new household at `address`, or without it the existing one (STD 4.0.2).

    Raises HouseholdOccupied or UnknownTown for a new one, HouseholdEmpty for an existing one.
    """
    household = before.household(household_id)
    if address is not None:
        if household.members:
            raise HouseholdOccupied("household_id")
        check_address(address)
        return Target({"household_id": household_id, "head_absent": False, **address_items(address)}, 0, None)
    records = [resident_state(member).record for member in household.residents]
    if not records:
        raise HouseholdEmpty("household_id")
    items = {"household_id": household_id, "head_absent": records[0].head_absent, **address_of(records[0])}
    heads = [record.birth for record in records if record.relationship == HEAD]
    return Target(items, ranks(household)[1], heads[0] if heads else None)


def later_head_days(household: HouseholdBefore) -> tuple[date, ...]:
    """The later days on which another head is registered already, in order."""
    return tuple(
        sorted(
            state.valid_from
            for member in household.members
            for state in member.later
            if state.record.is_resident
            and state.record.household_id == household.household_id
            and state.record.relationship == HEAD
        )
    )


def check_head_stays(household: HouseholdBefore) -> None:
    """Raises LaterChangeExists when another head is registered from a later day: relationships would follow it."""
    for day in later_head_days(household):
        raise LaterChangeExists(shown=format_wareki(day))


def check_nobody_came_since(household: HouseholdBefore) -> None:
    """Raises LaterChangeExists when somebody came in after the change date: their relationship is to the old head."""
    present = {member.person_id for member in household.residents}
    for member in household.members:
        for state in member.later:
            arrives = state.record.is_resident and state.record.household_id == household.household_id
            if arrives and member.person_id not in present:
                raise LaterChangeExists(shown=format_wareki(state.valid_from))


def left_alone_on(household: HouseholdBefore) -> date | None:
    """The later day from which no present member lives there any more, as planned; None if anybody stays."""
    last_day = None
    for member in household.members:
        last = member.later[-1] if member.later else member.current
        if last is None or (last.record.is_resident and last.record.household_id == household.household_id):
            return None
        last_day = max(last_day or last.valid_from, last.valid_from)
    return last_day


def check_households(before: Before, effects: Sequence[Effect]) -> None:
    """Raises what the plan would break: SecondHead, NoHead, and for later days HeadLeavesLater, LaterChangeExists.

    Not at a household that was not read and in which somebody stands already, gone on since the change date: its other
    members are not known here, and the database holds its rules.
    """
    timelines = _timelines(before, effects)
    touched = set(before.households) | _entered(before, effects)
    days = sorted({day for timeline in timelines for day, _ in timeline})
    for day in days:
        living: dict[int, list[ResidentRecord]] = {}
        for timeline in timelines:
            record = _on(timeline, day)
            if record is not None and record.is_resident and record.household_id in touched:
                living.setdefault(record.household_id, []).append(record)
        for records in living.values():
            _check_day(records, day, is_later=day > before.on)


def _entered(before: Before, effects: Sequence[Effect]) -> set[int]:
    """The households into which the effects bring anybody."""
    return {
        effect.record.household_id
        for effect in effects
        if all(
            state.record.household_id != effect.record.household_id for state in before.person(effect.person_id).states
        )
    }


def _timelines(before: Before, effects: Sequence[Effect]) -> list[Timeline]:
    people: dict[int, PersonBefore] = dict(before.persons)
    for household in before.households.values():
        people.update((member.person_id, member) for member in household.members)
    planned: dict[int, list[Effect]] = {}
    for effect in effects:
        planned.setdefault(effect.person_id, []).append(effect)
    return [
        _timeline(before.on, people.get(person_id), planned.get(person_id, ())) for person_id in {**people, **planned}
    ]


def _timeline(on: date, person: PersonBefore | None, effects: Iterable[Effect]) -> Timeline:
    """What will be known of one person: live states up to the first effect, then the effects."""
    new = sorted(((effect.valid_from, effect.record) for effect in effects), key=lambda entry: entry[0])
    first = new[0][0] if new else date.max
    old: Timeline = []
    if person is not None:
        if person.current is not None:
            old.append((on, person.current.record))
        old.extend((state.valid_from, state.record) for state in person.later)
    return [entry for entry in old if entry[0] < first] + new


def _on(timeline: Timeline, day: date) -> ResidentRecord | None:
    found = None
    for begins, record in timeline:
        if begins > day:
            break
        found = record
    return found


def _check_day(records: list[ResidentRecord], day: date, *, is_later: bool) -> None:
    heads = sum(record.relationship == HEAD for record in records)
    without = sum(record.head_absent for record in records)
    if heads == 0 and without < len(records):
        raise HeadLeavesLater(shown=format_wareki(day)) if is_later else NoHead
    if heads and without:
        raise HeadlessHousehold
    if heads > 1:
        raise LaterChangeExists(shown=format_wareki(day)) if is_later else SecondHead
    places = {(record.municipality_code, record.address, record.building) for record in records}
    if len(places) > 1 or len({record.household_order for record in records}) < len(records):
        raise LaterChangeExists(shown=format_wareki(day))
