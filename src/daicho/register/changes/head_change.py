"""世帯主変更 (法25条, STD 4.1.4.2): another member heads the household, all relationships follow."""

from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.errors import HouseholdEmpty, SameHead
from daicho.register.changes.household import check_households
from daicho.register.changes.leaving import set_head
from daicho.register.changes.notification import HeadChange
from daicho.register.changes.plan import Before, Plan, Scope
from daicho.register.changes.rules import check_after_change, check_day, check_notified, late_note


def scope(notification: HeadChange) -> Scope:
    """The household, and the new head."""
    return Scope((notification.household_id,), (notification.new_head_id,))


def plan(before: Before, notification: HeadChange, today: date) -> Plan:
    """Set the new head; in a household recorded without one all other relationships must be chosen.

    Raises C001, C008, C010, C014, C019, C020, C022, C026, C027, C029, C031, L401, L402.
    """
    check_day(before, notification.change_date, today)
    check_notified(notification.notified_on, notification.basis, today)
    check_after_change(notification.notified_on, notification.change_date, notification.basis)
    household = before.household(notification.household_id)
    if not household.residents:
        raise HouseholdEmpty("household_id")
    if household.head is not None and household.head.person_id == notification.new_head_id:
        raise SameHead("new_head_id")
    movers = {notification.new_head_id} | ({household.head.person_id} if household.head is not None else set())
    effects, alerts = set_head(
        household, household.residents, notification.new_head_id, notification.relationships, before.on, movers
    )
    check_households(before, effects)
    return Plan(
        Reason.HEAD_CHANGE,
        notification.basis,
        LegalDate(notification.change_date),
        notification.notified_on,
        tuple(effects),
        (*late_note(notification.notified_on, before.on, notification.basis, "法25条"), *alerts),
    )
