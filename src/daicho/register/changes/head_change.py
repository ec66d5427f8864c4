"""世帯主変更 (法25条, STD 4.1.4.2): another member heads the household, all relationships follow.

A household may also be left without a head (世帯主未設定, STD 1.1.10): whoever heads it in fact is not in the register, a
foreigner outside the law or the head of a children's home (STD 4.1.4.3). The relationships are then those to that
person: the old head's is chosen, the others follow over it; the name stands in the remarks of every member.
"""

from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import AlreadyHeadless, HouseholdEmpty, RelationshipNeeded, SameHead, SecondHead
from daicho.register.changes.household import HEAD, check_households, check_nobody_came_since
from daicho.register.changes.leaving import Outcome, chosen_relationships, set_head, with_factual_head
from daicho.register.changes.notification import HeadChange
from daicho.register.changes.overlay import amend_from, resident_state
from daicho.register.changes.plan import Before, Effect, HouseholdBefore, Plan, Scope
from daicho.register.changes.relations import check_possible, joining_proposals, taken
from daicho.register.changes.rules import check_after_change, check_day, check_notified, check_texts, late_note


def scope(notification: HeadChange) -> Scope:
    """The household, and the new head."""
    head = (notification.new_head_id,) if notification.new_head_id is not None else ()
    return Scope((notification.household_id,), head)


def plan(before: Before, notification: HeadChange, today: date) -> Plan:
    """Set the new head, or none; in a household recorded without one all other relationships must be chosen.

    Raises C001, C005, C008, C010, C014, C019, C020, C022, C025-C027, C029, C031, C082, C086, L401, L402, L601-L603.
    """
    check_day(before, notification.change_date, today)
    check_notified(notification.notified_on, notification.basis, today)
    check_after_change(notification.notified_on, notification.change_date, notification.basis)
    household = before.household(notification.household_id)
    if not household.residents:
        raise HouseholdEmpty("household_id")
    if notification.new_head_id is None:
        effects, alerts = _without_head(household, notification)
    else:
        effects, alerts = _with_head(household, notification, notification.new_head_id)
    check_households(before, effects)
    return Plan(
        Reason.HEAD_CHANGE,
        notification.basis,
        LegalDate(notification.change_date),
        notification.notified_on,
        tuple(effects),
        (*late_note(notification.notified_on, before.on, notification.basis, "法25条"), *alerts),
    )


def _with_head(household: HouseholdBefore, notification: HeadChange, head_id: int) -> Outcome:
    if household.head is not None and household.head.person_id == head_id:
        raise SameHead("new_head_id")
    movers = {head_id} | ({household.head.person_id} if household.head is not None else set())
    return set_head(household, household.residents, head_id, notification.relationships, notification.on, movers)


def _without_head(household: HouseholdBefore, notification: HeadChange) -> Outcome:
    """Nobody heads it in the register from now on; the old head becomes what the clerk chose, the others follow."""
    old = household.head
    if old is None:
        raise AlreadyHeadless("new_head_id")
    check_nobody_came_since(household)
    check_texts(notification, ("factual_head",))
    members = household.residents
    chosen = chosen_relationships(notification.relationships, [member.person_id for member in members])
    if HEAD in chosen.values():
        raise SecondHead("new_head_id")
    if old.person_id not in chosen:
        row = [member.person_id for member in members].index(old.person_id) + 1
        raise RelationshipNeeded(f"relationships.of.{old.person_id}", row=row)
    check_possible(notification.relationships, members, None)
    found, alerts = taken(joining_proposals(household, old.person_id, chosen[old.person_id], None), members, chosen)
    effects: list[Effect] = []
    for member in members:
        effects += amend_from(
            member,
            notification.on,
            "mover" if member is old else "affected",
            relationship=found[member.person_id],
            head_absent=True,
            remarks=with_factual_head(resident_state(member).record.remarks, notification.factual_head),
        )
    return effects, [alert("W041"), *alerts]
