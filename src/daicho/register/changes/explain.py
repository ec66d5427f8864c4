"""Why each relationship of a plan is what it is: for the entry and the check page, person by person (STD 4.1.4.2).

The same inference as in the plan, run again on what the plan makes: nothing of it is registered.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from daicho.law.kinship_change import Proposal
from daicho.register.changes.household import HEAD
from daicho.register.changes.overlay import resident_state
from daicho.register.changes.plan import Before, Effect, HouseholdBefore, Plan
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.relations import anchor_of, joining_proposals, proposals
from daicho.register.changes.rules import relationship_of


@dataclass(frozen=True, slots=True)
class Explained:
    """One person's relationship: before, after, and how it came about; `choices` are the other readings."""

    person_id: int
    name: str
    before: str
    after: str
    line: str
    steps: tuple[str, ...]
    choices: tuple[str, ...]
    is_open: bool


def explain(before: Before, plan: Plan) -> tuple[Explained, ...]:
    """Everybody whose relationship the plan infers or sets anew, in household order."""
    firsts = _firsts(plan)
    return tuple(found for household in before.households.values() for found in _household(before, household, firsts))


def _firsts(plan: Plan) -> dict[int, Effect]:
    """The first effect on each person."""
    found: dict[int, Effect] = {}
    for effect in sorted(plan.effects, key=lambda effect: effect.valid_from):
        found.setdefault(effect.person_id, effect)
    return found


def _household(before: Before, household: HouseholdBefore, firsts: dict[int, Effect]) -> Iterator[Explained]:
    heads = _heads(before, firsts)
    old_head = household.head.person_id if household.head is not None else None
    for member in household.residents:
        record = resident_state(member).record
        # A word that stays the same under another head is as much inferred as one that changes.
        unchanged = Effect(member.person_id, "amend", "affected", before.on, record)
        effect = firsts.get(member.person_id, unchanged)
        if not effect.record.is_resident:
            continue
        moved = effect.record.household_id != household.household_id
        new_head = heads.get(effect.record.household_id)
        unchanged_word = not moved and effect.record.relationship == record.relationship
        if unchanged_word and (new_head == old_head or (new_head is None and not _stays(firsts, old_head))):
            continue  # the same head, or one to be notified later: nothing is inferred
        proposal = _proposal(before, household, firsts, effect, new_head)
        yield _explained(record, effect, proposal)


def _stays(firsts: dict[int, Effect], old_head: int | None) -> bool:
    """Whether the old head is still a resident afterwards."""
    return old_head is not None and (old_head not in firsts or firsts[old_head].record.is_resident)


def _heads(before: Before, firsts: dict[int, Effect]) -> dict[int, int]:
    """Household id → who heads it after the plan."""
    found = {
        household.household_id: household.head.person_id
        for household in before.households.values()
        if household.head is not None and household.head.person_id not in firsts
    }
    for person_id, effect in firsts.items():
        if effect.record.is_resident and effect.record.relationship == HEAD:
            found[effect.record.household_id] = person_id
    return found


def _proposal(
    before: Before, household: HouseholdBefore, firsts: dict[int, Effect], effect: Effect, new_head: int | None
) -> Proposal | None:
    """What law.kinship_change says about this person in the household entered; None where everything is chosen."""
    ids = [member.person_id for member in household.residents]
    if new_head in ids:
        found = proposals(household, new_head)
    else:
        target = before.household(effect.record.household_id)
        outside = new_head is None and target.household_id != household.household_id
        movers = [m for m in household.residents if _goes_along(firsts.get(m.person_id), effect)]
        if outside or not movers:
            return None
        anchor = anchor_of(household, movers)
        link = firsts[anchor].record.relationship
        found = joining_proposals(household, anchor, link, target if new_head is not None else None)
    return next(one for one in found if one.member_id == effect.person_id)


def _goes_along(one: Effect | None, other: Effect) -> bool:
    return one is not None and one.record.is_resident and one.record.household_id == other.record.household_id


def _explained(record: ResidentRecord, effect: Effect, proposal: Proposal | None) -> Explained:
    after = relationship_of(effect.record.relationship)
    words = (relationship_of(record.relationship).word, after.word)
    if proposal is None:
        said = "書類で確かめて選んだ続柄です。"
        return Explained(effect.person_id, record.name, *words, said, (said,), (), is_open=False)
    if proposal.proposed == after:
        choices = tuple(choice.word for choice in proposal.choices)
        return Explained(
            effect.person_id, record.name, *words, proposal.line, proposal.steps, choices, is_open=proposal.is_open
        )
    said = f"選んだ続柄です。記録から決まるのは「{proposal.proposed.word}」です。"
    others = tuple(one.word for one in (proposal.proposed, *proposal.choices) if one != after)
    return Explained(effect.person_id, record.name, *words, said, (*proposal.steps, said), others, is_open=False)
