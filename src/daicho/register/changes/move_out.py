"""国内転出 and 国外転出: leaving the city, usually notified before the planned day (法24条, STD 4.1.3).

The records become removed records from the planned day on; until then the people are residents like all others, and
only their later state shows the plan. A notification more than 14 days after the day is dealt with ex officio
(STD 4.1.3.0.1). The later notice of arrival comes with its own reason.
"""

from datetime import date
from typing import Any, Literal

from daicho.law.dates import LegalDate
from daicho.law.periods import days_since, move_out_is_ex_officio
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import CardRouteAbroad, PlanOutdated
from daicho.register.changes.household import check_households
from daicho.register.changes.leaving import chosen_members, left_behind
from daicho.register.changes.notification import MoveOut
from daicho.register.changes.overlay import check_nothing_later, resident_state
from daicho.register.changes.plan import Alert, Before, Effect, Note, PersonBefore, Plan, Scope
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.rules import check_notified, check_place, place_items, require


def scope(notification: MoveOut) -> Scope:
    """The household that is left, and the leavers."""
    return Scope((notification.household_id,), tuple(sorted(set(notification.person_ids))))


def plan(before: Before, notification: MoveOut, today: date) -> Plan:
    """Remove the leavers from the planned day, and settle who heads those that stay.

    Raises C004, C007, C008, C010, C017-C019, C022, C024, C026, C029, C031, C082, C090, L401, L402, L601-L603.
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
        household,
        notification.person_ids,
        notification.new_head_id,
        notification.relationships,
        before.on,
        head_open=notification.head_open,
    )
    effects += stay_effects
    check_households(before, effects)
    return Plan(
        reason,
        notification.basis,
        LegalDate(notification.change_date),
        notification.notified_on,
        tuple(effects),
        (*_late(notification), *_card_note(notification), *stay_alerts),
        tuple(Note(leaver.person_id, "planned_on", BY_CARD) for leaver in leavers if notification.by_card),
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


def _card_note(notification: MoveOut) -> tuple[Alert, ...]:
    """That no certificate is owed but data (法24条の2); nobody leaves the country that way."""
    if not notification.by_card:
        return ()
    if notification.abroad:
        raise CardRouteAbroad("by_card")
    return (alert("W046"),)


BY_CARD = "特例による転出"
"""留意事項 of everybody who leaves by card."""

Owed = Literal["move_out_certificate", "equivalent", "none"]
"""転出証明書, 転出証明書に準ずる証明書, or nothing."""


def certificate_owed(record: ResidentRecord, *, by_card: bool = False) -> Owed:
    """Which certificate somebody with this removed record takes along (STD 4.1.3.0.3, 4.1.3.0.4).

    Nothing for whoever leaves the country or `by_card`, whose data is sent instead, and for whose arrival there is a notice.
    """
    leaves = record.status in ("moved_out", "removed") and record.planned_on is not None
    abroad = record.removed_reason == Reason.MOVE_OUT_ABROAD.word
    if by_card or abroad or not leaves or record.arrival_notice_on is not None:
        return "none"
    return "equivalent" if is_ex_officio(record) else "move_out_certificate"


def is_ex_officio(record: ResidentRecord) -> bool:
    """Whether a removed record rests on no notification in time, so that only the equivalent certifies it (STD 4.1.3.0.1).

    The day of the move is not counted (民法140条): a notification on the 14th day after it is in time, one on the 15th is not.
    """
    notified, moved = record.removed_notified_on, record.removed_on
    late = notified is not None and moved is not None and move_out_is_ex_officio(moved.on, notified)
    by_office = record.removed_basis == Basis.EX_OFFICIO.word
    return late or by_office or record.removed_reason == Reason.EX_OFFICIO_REMOVAL.word


def _late(notification: MoveOut) -> tuple[Alert, ...]:
    """The stop when the notification came too late to be one."""
    if notification.notified_on is None or notification.basis is not Basis.NOTIFICATION:
        return ()
    if not move_out_is_ex_officio(notification.change_date, notification.notified_on):
        return ()
    return (alert("W007", days=days_since(notification.change_date, notification.notified_on)),)
