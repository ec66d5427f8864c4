"""国内転出 and 国外転出: leaving the city, usually notified before the planned day (法24条, STD 4.1.3).

The records become removed records from the planned day on; until then the people are residents like all others, and
only their later state shows the plan. A notification more than 14 days after the day is dealt with ex officio
(STD 4.1.3.0.1). The later notice of arrival comes with its own reason.
"""

from datetime import date
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import PlanOutdated
from daicho.register.changes.household import check_households
from daicho.register.changes.leaving import chosen_members, left_behind
from daicho.register.changes.notification import MoveOut
from daicho.register.changes.overlay import check_nothing_later, resident_state
from daicho.register.changes.plan import Alert, Before, Effect, PersonBefore, Plan, Scope
from daicho.register.changes.rules import (
    NOTIFICATION_DAYS,
    check_notified,
    check_place,
    days_since,
    place_items,
    require,
)


def scope(notification: MoveOut) -> Scope:
    """The household that is left, and the leavers."""
    return Scope((notification.household_id,), tuple(sorted(set(notification.person_ids))))


def plan(before: Before, notification: MoveOut, today: date) -> Plan:
    """Remove the leavers from the planned day, and settle who heads those that stay.

    Raises C004, C007, C008, C010, C017-C019, C022, C024, C026, C029, C031, L401, L402, L601-L603.
    """
    if before.on != notification.change_date:
        raise PlanOutdated
    check_notified(notification.notified_on, notification.basis, today)
    where = notification.destination
    require(where.address or where.municipality, "destination.address", "転出先")
    check_place(where, "destination")
    household = before.household(notification.household_id)
    leavers = chosen_members(household, notification.person_ids)
    reason = Reason.MOVE_OUT_ABROAD if notification.abroad else Reason.MOVE_OUT
    items = _items(notification, reason)
    effects = [_effect(leaver, before.on, items) for leaver in leavers]
    stay_effects, stay_alerts = left_behind(
        household, notification.person_ids, notification.new_head_id, notification.relationships, before.on
    )
    effects += stay_effects
    check_households(before, effects)
    return Plan(
        reason,
        notification.basis,
        LegalDate(notification.change_date),
        notification.notified_on,
        tuple(effects),
        (*_late(notification), *stay_alerts),
    )


def _items(notification: MoveOut, reason: Reason) -> dict[str, Any]:
    """What all removed records get."""
    return {
        "status": "moved_out",
        "removed_on": LegalDate(notification.change_date),
        "removed_notified_on": notification.notified_on,
        "removed_reason": reason.word,
        "removed_basis": notification.basis.word,
        "planned_on": notification.change_date,
        **place_items(notification.destination, "planned"),
    }


def _effect(leaver: PersonBefore, on: date, items: dict[str, Any]) -> Effect:
    current = resident_state(leaver)
    check_nothing_later(leaver)
    return Effect(leaver.person_id, "remove", "mover", on, current.record.with_(**items))


def _late(notification: MoveOut) -> tuple[Alert, ...]:
    """The stop when the notification came too late to be one."""
    if notification.notified_on is None or notification.basis is not Basis.NOTIFICATION:
        return ()
    days = days_since(notification.change_date, notification.notified_on)
    return (alert("W007", days=days),) if days > NOTIFICATION_DAYS else ()
