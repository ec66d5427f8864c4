"""What becomes of a household when members leave it or its head changes (STD 4.0.4, 4.1.4.2)."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import (
    DuplicatePerson,
    NewHeadNeeded,
    NewHeadUnfit,
    NobodyMoves,
    NotOfHousehold,
    RelationshipFixed,
)
from daicho.register.changes.household import check_nobody_came_since, ranks
from daicho.register.changes.notification import Related
from daicho.register.changes.overlay import amend_from, resident_state
from daicho.register.changes.plan import Alert, Effect, HouseholdBefore, PersonBefore, Role
from daicho.register.changes.relations import check_possible, follow
from daicho.register.changes.rules import first_repeated, relationship_code, young_head_note

_FACTUAL = re.compile("〔事実上の世帯主　[^〕]*〕")

Outcome = tuple[list[Effect], list[Alert]]


def chosen_members(household: HouseholdBefore, person_ids: Sequence[int]) -> list[PersonBefore]:
    """The members with these ids, in the order of the household.

    Raises NobodyMoves, DuplicatePerson, or NotOfHousehold for whoever does not live in the household on that day.
    """
    if not person_ids:
        raise NobodyMoves("person_ids")
    repeated = first_repeated(person_ids)
    if repeated is not None:
        raise DuplicatePerson(f"person_ids.{repeated}", row=repeated + 1)
    residents = {member.person_id: member for member in household.residents}
    for place, person_id in enumerate(person_ids):
        if person_id not in residents:
            raise NotOfHousehold(f"person_ids.{place}")
    return [member for person_id, member in residents.items() if person_id in person_ids]


def chosen_relationships(related: Sequence[Related], allowed: Collection[int]) -> dict[int, str]:
    """Person id → code as chosen by the clerk; raises RelationshipFixed for others than `allowed`, L401 or L402."""
    found = {}
    for place, choice in enumerate(related):
        if choice.person_id not in allowed:
            raise RelationshipFixed(f"relationships.{place}.person_id")
        found[choice.person_id] = relationship_code(choice.relationship, f"relationships.{place}.relationship")
    return found


def left_behind(
    household: HouseholdBefore,
    leaving: Collection[int],
    new_head_id: int | None,
    related: Sequence[Related],
    on: date,
    *,
    head_open: bool = False,
) -> Outcome:
    """The effects on those who stay when `leaving` go on that day.

    If the head goes, one who stays alone becomes head ex officio; of two or more the new head must be named, unless it is
    left open (`head_open`) and they are asked to name one (世帯主変更依頼, STD 4.0.5). Raises
    NewHeadNeeded, NewHeadUnfit, RelationshipFixed, RelationshipImpossible, L401, L402, LaterChangeExists.
    """
    staying = [member for member in household.residents if member.person_id not in leaving]
    head = household.head
    head_leaves = head is not None and head.person_id in leaving
    if head_leaves:
        check_nobody_came_since(household)
    if not head_leaves or not staying:
        if new_head_id is not None:
            raise NewHeadUnfit("new_head_id")
        chosen_relationships(related, ())
        return [], []
    alerts: list[Alert] = []
    if len(staying) == 1:
        alerts.append(alert("W004", staying[0].person_id))
    elif new_head_id is None and head_open:
        chosen_relationships(related, ())
        return _left_open(staying, on)
    elif new_head_id is None:
        raise NewHeadNeeded("new_head_id", count=len(staying))
    wanted = staying[0].person_id if new_head_id is None else new_head_id
    effects, more = set_head(household, staying, wanted, related, on)
    return effects, alerts + more


def _left_open(staying: Sequence[PersonBefore], on: date) -> Outcome:
    """Nobody heads those who stay; their relationships remain those to the head who left until one is notified."""
    effects = [effect for member in staying for effect in amend_from(member, on, "affected", head_absent=True)]
    return effects, [alert("W042")]


def set_head(
    household: HouseholdBefore,
    members: Sequence[PersonBefore],
    head_id: int,
    related: Sequence[Related],
    on: date,
    movers: Collection[int] = (),
) -> Outcome:
    """Make one of `members` head from that day; the relationships of the others follow, or are as the clerk chose.

    Raises NewHeadUnfit, RelationshipFixed, RelationshipImpossible, L401, L402, LaterChangeExists.
    """
    check_nobody_came_since(household)
    others = [member.person_id for member in members if member.person_id != head_id]
    if len(others) == len(members):
        raise NewHeadUnfit("new_head_id")
    chosen = chosen_relationships(related, others)
    [head] = [resident_state(member).record for member in members if member.person_id == head_id]
    check_possible(related, members, head)
    relationships, alerts = follow(household, members, head_id, chosen)
    first = ranks(household)[0]
    effects: list[Effect] = []
    for member in members:
        is_head = member.person_id == head_id
        # The head stands first in the household: a rank before everybody who was or will be in it.
        rank = first - 1 if is_head else None
        role: Role = "mover" if member.person_id in movers else "affected"
        effects.extend(_amended(member, on, role, relationships[member.person_id], rank))
        if is_head:
            alerts.extend(young_head_note(head_id, resident_state(member).record.birth, on))
    return effects, alerts


def _amended(member: PersonBefore, on: date, role: Role, relationship: str, rank: int | None) -> tuple[Effect, ...]:
    """The effects on one member, none where nothing changes."""
    wanted: dict[str, Any] = {"relationship": relationship, "head_absent": False}
    record = resident_state(member).record
    wanted["remarks"] = without_factual_head(record.remarks)
    if rank is not None and record.household_order > rank + 1:
        wanted["household_order"] = rank
    if all(getattr(record, name) == value for name, value in wanted.items()):
        return ()
    return amend_from(member, on, role, **wanted)


def with_factual_head(remarks: str | None, name: str | None) -> str | None:
    """The remarks (備考, type C) with the name of whoever heads the household in fact (STD 4.1.4.3)."""
    rest = without_factual_head(remarks)
    return rest if name is None else f"{rest or ''}〔事実上の世帯主　{name}〕"


def without_factual_head(remarks: str | None) -> str | None:
    """The remarks once the household has a head again."""
    return (_FACTUAL.sub("", remarks) or None) if remarks is not None else None
