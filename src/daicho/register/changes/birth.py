"""出生: entering a newborn into the household of a parent (令8条, STD 4.2.1.2), ex officio on the family-register notice.

The change date is the birth date, and so are 住民となった年月日 and 住所を定めた年月日 (STD 4.1.1.1). There is no address
before. The relationship follows from that of the parent in the household, unless the clerk chooses it. Where that
household's head changes on a later day already, the child's relationship follows there too.
"""

from dataclasses import replace
from datetime import date

from daicho.law.eras import format_wareki
from daicho.law.kinship import parse_relationship
from daicho.law.reasons import Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import LaterChangeExists, NotOfHousehold, RelationshipNeeded
from daicho.register.changes.household import check_households, enter_household, later_head_days
from daicho.register.changes.newcomer import (
    alone_later,
    candidate_alerts,
    check_newcomer,
    check_not_resident,
    fit_alerts,
    personal_items,
    record_number,
)
from daicho.register.changes.newcomer_checks import parent_alerts
from daicho.register.changes.notification import Birth
from daicho.register.changes.overlay import resident_state
from daicho.register.changes.plan import Alert, Before, Effect, HouseholdBefore, Plan, Scope
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.relations import child_of
from daicho.register.changes.rules import check_day, check_notified, relationship_code


def scope(notification: Birth) -> Scope:
    """The household entered, and the child."""
    return Scope((notification.household_id,), (notification.person_id,))


def newcomers(notification: Birth) -> tuple[Birth, ...]:
    """The child, for whom the store looks for the same person."""
    return (notification,)


def plan(before: Before, notification: Birth, today: date) -> Plan:
    """Enter the child at the address of the household.

    Raises C001, C003, C005, C010, C011, C014, C019, C022, C024-C026, C028, C029, C032, L101-L103, L401, L402, L601-L603.
    """
    check_day(before, notification.on, today)
    check_notified(notification.notified_on, notification.basis, today)
    check_not_resident(before.person(notification.person_id), "person_id")
    given = check_newcomer(before, notification)
    numbers = replace(given, code_from_stock=given.resident_code is None)
    target = enter_household(before, notification.household_id, None)
    household = before.household(notification.household_id)
    relationship, guessed = _relationship(household, notification)
    record = ResidentRecord(
        **target.items,
        **personal_items(notification),
        record_no=record_number(before.person(notification.person_id)),
        household_order=target.last_rank + 1,
        relationship=relationship,
        resident_since=notification.birth,
        resident_notified_on=notification.notified_on,
        settled_on=notification.birth,
        settled_reason=Reason.BIRTH.word,
        settled_notified_on=notification.notified_on,
        settled_basis=notification.basis.word,
    )
    entered = Effect(notification.person_id, "enter", "mover", before.on, record, numbers)
    alone, alone_alerts = alone_later(entered, household)
    effects = (entered, *_under_later_heads(entered, household, notification), *alone)
    check_households(before, effects)
    alerts = [
        *candidate_alerts(before, notification, "name"),
        *fit_alerts(notification, relationship, target.head_birth),
        *guessed,
        *parent_alerts(household, notification),
        *alone_alerts,
    ]
    if notification.resident_code is None:
        alerts.append(alert("W054", notification.person_id))
    return Plan(
        Reason.BIRTH,
        notification.basis,
        notification.birth,
        notification.notified_on,
        effects,
        tuple(alerts),
    )


def _relationship(household: HouseholdBefore, notification: Birth) -> tuple[str, tuple[Alert, ...]]:
    """The code chosen by the clerk, or the one that follows from the parent, with a warning where that is a guess."""
    if notification.relationship is not None:
        return relationship_code(notification.relationship, "relationship"), ()
    if notification.parent_id is None:
        raise RelationshipNeeded("relationship", row=1)
    for member in household.residents:
        if member.person_id == notification.parent_id:
            code, is_sure = child_of(resident_state(member).record.relationship, notification.sex)
            word = parse_relationship(code).word
            return code, () if is_sure else (alert("W008", notification.person_id, word=word),)
    raise NotOfHousehold("parent_id")


def _under_later_heads(entered: Effect, household: HouseholdBefore, notification: Birth) -> tuple[Effect, ...]:
    """The child's record from each later day on which another head is registered; raises LaterChangeExists.

    It follows the parent's relationship on that day. Without a parent there the clerk has to settle the later change.
    """
    parent = next((member for member in household.members if member.person_id == notification.parent_id), None)
    effects = []
    for day in later_head_days(household):
        states = [state for state in parent.later if state.valid_from == day] if parent is not None else []
        if not states or not states[0].record.is_resident:
            raise LaterChangeExists(shown=format_wareki(day))
        code, _ = child_of(states[0].record.relationship, notification.sex)
        record = entered.record.with_(relationship=code)
        effects.append(replace(entered, kind="amend", valid_from=day, record=record))
    return tuple(effects)
