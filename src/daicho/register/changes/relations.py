"""Relationships as the changes need them: after a change of head, among people who join, and of a newborn to the head."""

from collections.abc import Mapping, Sequence

from daicho.law.codes import Sex
from daicho.law.kinship import (
    CHILDREN,
    CONNECTION,
    ELDER_SIBLINGS,
    MOST_ELEMENTS,
    PARENTS,
    SIBLINGS,
    SPOUSES,
    UNREGISTERED_SPOUSES,
    Member,
)
from daicho.law.kinship_change import Proposal, relationships_after_head_change, relationships_after_joining
from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import RelationshipImpossible, RelationshipNeeded, SecondHead
from daicho.register.changes.notification import Related
from daicho.register.changes.overlay import resident_state
from daicho.register.changes.plan import Alert, HouseholdBefore, PersonBefore
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.rules import relationship_of

HEAD, CHILD = "02", "20"
_CHILD_AND_SPOUSE = {"21", "22"}
_YOUNGER_SIBLING = {Sex.MALE: "74", Sex.FEMALE: "84"}


def proposals(household: HouseholdBefore, head_id: int) -> tuple[Proposal, ...]:
    """What law.kinship_change proposes for every resident of the household with this new head, steps included.

    For the screens; plans take the same proposals where the clerk chose nothing. Raises KeyError for others than
    residents.
    """
    return relationships_after_head_change(members_of(household), head_id)


def joining_proposals(
    source: HouseholdBefore, anchor_id: int, link: str, target: HouseholdBefore | None
) -> tuple[Proposal, ...]:
    """What is proposed for every resident of `source` who joins `target`, where `anchor_id` is `link` to its head.

    Without `target` that head is somebody outside the register (事実上の世帯主).
    """
    head = target.head if target is not None else None
    there = members_of(target) if target is not None else []
    return relationships_after_joining(
        members_of(source), anchor_id, relationship_of(link), member_of(head) if head is not None else None, there
    )


def members_of(household: HouseholdBefore) -> list[Member]:
    """The residents as law.kinship sees them."""
    return [member_of(member) for member in household.residents]


def member_of(person: PersonBefore, relationship: str | None = None) -> Member:
    """One resident as law.kinship sees it, with another relationship if given."""
    record = resident_state(person).record
    return Member(
        id=person.person_id,
        relationship=relationship_of(relationship or record.relationship),
        sex=Sex(record.sex),
        born=record.birth.on,
        number=person.addressee_number or "",
        leads_register=record.family_register_head == record.name,
    )


def follow(
    household: HouseholdBefore, members: Sequence[PersonBefore], head_id: int, chosen: Mapping[int, str]
) -> tuple[dict[int, str], list[Alert]]:
    """Person id → code for `members` once `head_id` is their head: as chosen, else unchanged or as proposed.

    A proposal that leaves a choice is taken with a warning, since law wants it confirmed from documents; so is a choice
    where law leaves none.
    """
    if household.head is not None and household.head.person_id == head_id:
        found = {member.person_id: resident_state(member).record.relationship for member in members}
        return {**found, head_id: HEAD, **chosen}, []
    found, alerts = taken(proposals(household, head_id), members, chosen)
    return {**found, head_id: HEAD}, alerts


def taken(
    proposed: Sequence[Proposal], members: Sequence[PersonBefore], chosen: Mapping[int, str]
) -> tuple[dict[int, str], list[Alert]]:
    """Person id → code for `members`: as chosen, else as proposed; with a warning for each doubt."""
    found: dict[int, str] = {}
    alerts: list[Alert] = []
    wanted = {member.person_id for member in members}
    for proposal in proposed:
        who = proposal.member_id
        if who not in wanted:
            continue
        found[who] = chosen.get(who, proposal.proposed.code)
        if who not in chosen and proposal.is_open:
            alerts.append(alert("W008", who, word=proposal.proposed.word))
        elif not proposal.is_open and found[who] != proposal.proposed.code:
            word = relationship_of(found[who]).word
            alerts.append(alert("W040", who, word=word, usual=proposal.proposed.word))
    return found, alerts


def join(
    source: HouseholdBefore, target: HouseholdBefore, movers: Sequence[PersonBefore], chosen: Mapping[int, str]
) -> tuple[dict[int, str], list[Alert]]:
    """Person id → code for the movers who join another household.

    The relationship of one of them is chosen from documents, the old head's if possible; the others follow over that
    one. To a household without a head everybody's is chosen. Raises SecondHead, and RelationshipNeeded at `person_ids.N`.
    """
    if HEAD in chosen.values():
        raise SecondHead
    anchor_id = anchor_of(source, movers)
    if anchor_id not in chosen:
        anchor_id = next((mover.person_id for mover in movers if mover.person_id in chosen), anchor_id)
    needed = [anchor_id] if target.head is not None else [mover.person_id for mover in movers]
    for place, mover in enumerate(movers):
        if mover.person_id in needed and mover.person_id not in chosen:
            raise RelationshipNeeded(f"person_ids.{place}", row=place + 1)
    if target.head is None:
        return dict(chosen), []
    return taken(joining_proposals(source, anchor_id, chosen[anchor_id], target), movers, chosen)


def anchor_of(source: HouseholdBefore, movers: Sequence[PersonBefore]) -> int:
    """Over whom those who join are followed: their old head, else the first of them."""
    ids = [mover.person_id for mover in movers]
    if source.head is not None and source.head.person_id in ids:
        return source.head.person_id
    return ids[0]


def check_possible(related: Sequence[Related], members: Sequence[PersonBefore], head: ResidentRecord | None) -> None:
    """Raises RelationshipImpossible for a chosen relationship that sex or age rules out, at `relationships.of.<id>`."""
    records = {member.person_id: resident_state(member).record for member in members}
    for choice in related:
        record = records.get(choice.person_id)
        item = contradiction(choice.relationship, record, head) if record is not None else None
        if item is not None:
            word = relationship_of(choice.relationship).word
            raise RelationshipImpossible(f"relationships.of.{choice.person_id}", word=word, item=item)


def contradiction(code: str, record: ResidentRecord, head: ResidentRecord | None) -> str | None:
    """性別 or 年齢 when somebody cannot be this to the head; None when possible or not told by the dates."""
    relationship = relationship_of(code)
    if relationship.sex not in (None, record.sex):
        return "性別"
    if head is None or len(relationship.elements) > 1 or not (record.birth.is_calendar and head.birth.is_calendar):
        return None
    [element] = relationship.elements
    older, younger = record.birth.on < head.birth.on, record.birth.on > head.birth.on
    if (element in CHILDREN | (SIBLINGS - ELDER_SIBLINGS) and older) or (
        element in PARENTS | ELDER_SIBLINGS and younger
    ):
        return "年齢"
    return None


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
