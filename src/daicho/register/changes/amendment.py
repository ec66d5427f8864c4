"""職権修正 and 軽微な修正: items of a record amended without a notification (令12条2項, 規則11条3項2号; STD 4.2.3.1, 4.2.3.2).

An address is amended for the whole household. The head's name as the others show it is derived from the head's record,
so that it follows by itself (STD 4.2.3.1). 本籍 and 筆頭者 of several members at once: STD 4.0.6, 4.2.0.3.
"""

from datetime import date

from daicho.law.reasons import Reason
from daicho.register.changes.amend_errors import GroundMissing, ItemNotAmendable
from daicho.register.changes.amendable import ITEMS, NAME_ITEMS
from daicho.register.changes.amending import (
    amended,
    careful,
    check_dates,
    household_address,
    made,
    new_fields,
    people_of,
    scope,
)
from daicho.register.changes.grounds import GROUNDS, Ground
from daicho.register.changes.notification_amend import Amendment
from daicho.register.changes.plan import Before, Plan

__all__ = ["plan", "scope"]


def plan(before: Before, notification: Amendment, today: date) -> Plan:
    """Set the new values from the change date on.

    Raises C001, C002, C004-C006, C010, C013, C017-C019, C022, C024, C028, C029, C100-C104, L401, L402, L501, L601-L603.
    """
    check_dates(before, notification, today)
    ground = _ground(notification)
    people = people_of(before, notification)
    fields = new_fields(notification, people, before.on)
    shared = household_address(notification)
    if notification.reason is Reason.MINOR_AMENDMENT:
        _check_minor(notification, ground)
    effects = amended(before, notification.household_id, people, fields, shared)
    return made(notification, effects, careful(people, fields), ground=notification.ground)


def _ground(notification: Amendment) -> Ground:
    """The ground, which says what the change rests on (STD 4.2.0.3, 4.2.0.5)."""
    ground = GROUNDS[notification.reason].get(notification.ground or "")
    if ground is None or ground.basis is not notification.basis:
        raise GroundMissing("ground")
    return ground


def _check_minor(notification: Amendment, ground: Ground) -> None:
    """Names on the grounds about characters only, the rest on those about places; never anything else (STD 4.2.3.2)."""
    for place, value in enumerate(notification.values):
        if value.item in NAME_ITEMS and not ground.names:
            raise ItemNotAmendable(f"values.{place}", item=ITEMS[value.item].word)
