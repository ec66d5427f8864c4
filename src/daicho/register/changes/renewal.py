"""改製 and 再製: a resident record written anew with what holds now (STD 1.1.4).

By hand at any time, never because a record is full. The former record ends as 改製原 (or as the record that was lost and
made again) and keeps what it went through; the new one holds the present facts and the day of renewal, not the address
before the last move inside the city, which stands in the former one.
"""

from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.household import check_households
from daicho.register.changes.leaving import chosen_members
from daicho.register.changes.notification import Renewal
from daicho.register.changes.plan import Before, Plan, Scope
from daicho.register.changes.rules import check_day, check_notified
from daicho.register.changes.succession import next_record, record_end


def scope(notification: Renewal) -> Scope:
    """The household, and those whose records are renewed."""
    return Scope((notification.household_id,), tuple(sorted(set(notification.person_ids))))


def plan(before: Before, notification: Renewal, today: date) -> Plan:
    """End the records of the chosen members and enter the next ones.

    Raises C001, C010, C017-C019, C022, C024, C029.
    """
    check_day(before, notification.change_date, today)
    check_notified(notification.notified_on, notification.basis, today)
    members = chosen_members(before.household(notification.household_id), notification.person_ids)
    reason, removal = Reason.RENEWAL_ENTRY, Reason.RENEWAL_REMOVAL
    items: dict[str, object] = {"renewed_on": notification.change_date, "former_address": None, "former_building": None}
    if notification.restoration:
        reason, removal, items = Reason.RESTORATION_ENTRY, Reason.RESTORATION_REMOVAL, {}
    effects = [effect for member in members for effect in next_record(member, before.on, **items)]
    check_households(before, effects)
    on = LegalDate(notification.change_date)
    return Plan(
        reason,
        notification.basis,
        on,
        notification.notified_on,
        tuple(effects),
        removal=removal,
        ends=tuple(record_end(member, removal, on, notification.notified_on, notification.basis) for member in members),
    )
