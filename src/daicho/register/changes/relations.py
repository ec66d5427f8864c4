"""Relationships as the changes need them: after a change of head, and of a newborn to the head."""

from collections.abc import Mapping, Sequence

from daicho.law.codes import Sex
from daicho.law.kinship import (
    CONNECTION,
    MOST_ELEMENTS,
    PARENTS,
    SPOUSES,
    UNREGISTERED_SPOUSES,
    Member,
)
from daicho.law.kinship_change import Proposal, relationships_after_head_change
from daicho.register.changes.alerts import alert
from daicho.register.changes.overlay import resident_state
from daicho.register.changes.plan import Alert, HouseholdBefore, PersonBefore
from daicho.register.changes.rules import relationship_of

HEAD, CHILD = "02", "20"
_CHILD_AND_SPOUSE = {"21", "22"}
_YOUNGER_SIBLING = {Sex.MALE: "74", Sex.FEMALE: "84"}


def proposals(household: HouseholdBefore, head_id: int) -> tuple[Proposal, ...]:
    """What law.kinship_change proposes for every resident of the household with this new head, steps included.

    For the screens; plans take the same proposals where the clerk chose nothing. Raises KeyError for others than
    residents.
    """
    members = [_member(member) for member in household.residents]
    return relationships_after_head_change(members, head_id)


def _member(person: PersonBefore) -> Member:
    record = resident_state(person).record
    return Member(
        id=person.person_id,
        relationship=relationship_of(record.relationship),
        sex=Sex(record.sex),
        born=record.birth.on,
        number=person.addressee_number or "",
        leads_register=record.family_register_head == record.name,
    )


def follow(
    household: HouseholdBefore, members: Sequence[PersonBefore], head_id: int, chosen: Mapping[int, str]
) -> tuple[dict[int, str], list[Alert]]:
    """Person id → code for `members` once `head_id` is their head: as chosen, else unchanged or as proposed.

    A proposal that leaves a choice is taken with a warning, since law wants it confirmed from documents.
    """
    found = {head_id: HEAD, **chosen}
    open_ids = [member.person_id for member in members if member.person_id not in found]
    alerts: list[Alert] = []
    if household.head is not None and household.head.person_id == head_id:
        for member in members:
            found.setdefault(member.person_id, resident_state(member).record.relationship)
    elif open_ids:
        for proposal in proposals(household, head_id):
            if proposal.member_id in open_ids:
                found[proposal.member_id] = proposal.proposed.code
                if proposal.is_open:
                    alerts.append(alert("W008", proposal.member_id, word=proposal.proposed.word))
    return found, alerts


def child_of(parent: str, sex: str) -> tuple[str, bool]:
    """The code of a child whose parent has the code `parent`; the flag is False where documents must decide.

    The child of the head's registered spouse is the head's child (民法772条); that of an unregistered one is not unless
    acknowledged. A parent's child is the head's younger sibling. Beyond four elements it is 縁故者.
    """
    elements = relationship_of(parent).elements
    last = elements[-1]
    if last == HEAD:
        return CHILD, True
    if last in {"96", "99"}:
        return last, True
    if last in _CHILD_AND_SPOUSE:
        elements = (*elements[:-1], CHILD, CHILD)
    elif last in PARENTS:
        elements = (*elements[:-1], _YOUNGER_SIBLING[Sex(sex)])
    elif last in SPOUSES - UNREGISTERED_SPOUSES:
        elements = (*elements[:-1], CHILD)
    else:
        elements = (*elements, CHILD)
    code = ".".join(elements) if len(elements) <= MOST_ELEMENTS else CONNECTION.code
    return code, last not in UNREGISTERED_SPOUSES
