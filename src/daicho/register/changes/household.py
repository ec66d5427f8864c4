"""The rules of a household, held against a plan on every day on which anything changes (STD 1.1.10).

PostgreSQL checks the same again at commit (`register.household_faults`).
"""

from collections.abc import Iterable, Sequence
from datetime import date

from daicho.law.eras import format_wareki
from daicho.register.changes.errors import (
    HeadLeavesLater,
    HeadlessHousehold,
    LaterChangeExists,
    NoHead,
    SecondHead,
)
from daicho.register.changes.plan import Before, Effect, HouseholdBefore, PersonBefore
from daicho.register.changes.record import ResidentRecord

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


def check_head_stays(household: HouseholdBefore) -> None:
    """Raises LaterChangeExists when another head is registered from a later day: relationships would follow it."""
    for member in household.members:
        for state in member.later:
            record = state.record
            if record.is_resident and record.household_id == household.household_id and record.relationship == HEAD:
                raise LaterChangeExists(shown=format_wareki(state.valid_from))


def check_households(before: Before, effects: Sequence[Effect]) -> None:
    """Raises what the plan would break: SecondHead, NoHead, and for later days HeadLeavesLater, LaterChangeExists."""
    timelines = _timelines(before, effects)
    touched = {effect.record.household_id for effect in effects} | set(before.households)
    days = sorted({day for timeline in timelines for day, _ in timeline})
    for day in days:
        living: dict[int, list[ResidentRecord]] = {}
        for timeline in timelines:
            record = _on(timeline, day)
            if record is not None and record.is_resident and record.household_id in touched:
                living.setdefault(record.household_id, []).append(record)
        for records in living.values():
            _check_day(records, day, is_later=day > before.on)


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
