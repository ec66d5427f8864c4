"""What the households look like after a change, side by side, and why each relationship is what it is (S12)."""

from dataclasses import dataclass

from daicho.law.kinship import parse_relationship
from daicho.register.changes.explain import Explained, explain
from daicho.register.changes.plan import Before, HouseholdBefore, Plan
from daicho.register.changes.record import ResidentRecord
from daicho.register.desk.planning import Prepared


@dataclass(frozen=True, slots=True)
class After:
    """One member of a household as it will be: `mark` says what happens to this person."""

    person_id: int
    name: str
    relationship: str
    mark: str


@dataclass(frozen=True, slots=True)
class Column:
    """A household as it will be; `number` is blank for a new one."""

    title: str
    number: str
    members: tuple[After, ...]


def columns(prepared: Prepared | None) -> list[Column]:
    """The household that is left and the one that is entered, as they will be; nothing while the plan does not go."""
    if prepared is None:
        return []
    before, plan = prepared.before, prepared.plan
    after = _after(before, plan)
    households = [*before.households.values()]
    known = {household.household_id for household in households}
    new = sorted({record.household_id for record in after.values()} - known)
    households += [before.household(one) for one in new]
    found = []
    for household in households:
        people = _living(after, household.household_id)
        title = "残る世帯" if _loses(household, after) else "移る先の世帯"
        if household.household_number is None:
            title = "新しい世帯"
        members = tuple(_member(person, record, before, household) for person, record in people)
        found.append(Column(title, household.household_number or "", members))
    return found


def _after(before: Before, plan: Plan) -> dict[int, ResidentRecord]:
    """Person id → record on the change date, once the plan is registered."""
    found = {
        member.person_id: member.current.record
        for household in before.households.values()
        for member in household.residents
        if member.current is not None
    }
    for effect in plan.effects:
        if effect.valid_from == before.on:
            found[effect.person_id] = effect.record
    return {person: record for person, record in found.items() if record.is_resident}


def _living(after: dict[int, ResidentRecord], household_id: int) -> list[tuple[int, ResidentRecord]]:
    there = [(person, record) for person, record in after.items() if record.household_id == household_id]
    return sorted(there, key=lambda one: one[1].household_order)


def _loses(household: HouseholdBefore, after: dict[int, ResidentRecord]) -> bool:
    there = [member.person_id for member in household.residents]
    return any(person not in after or after[person].household_id != household.household_id for person in there)


def _member(person_id: int, record: ResidentRecord, before: Before, household: HouseholdBefore) -> After:
    current = before.person(person_id).current
    word = parse_relationship(record.relationship).word
    if current is None or current.record.household_id != household.household_id:
        return After(person_id, record.name, word, "移る")
    changed = current.record.relationship != record.relationship
    return After(person_id, record.name, word, "続柄" if changed else "")


def reasons(prepared: Prepared | None) -> tuple[Explained, ...]:
    """How each relationship of the plan came about."""
    if prepared is None or prepared.plan.cancels is not None:  # what is restored was never inferred
        return ()
    return explain(prepared.before, prepared.plan)
