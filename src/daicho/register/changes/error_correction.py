"""誤記修正: the right value from the day on which the wrong one began, through all later states (令12条2項, STD 4.2.3.3).

The wrong rows stay on the known axis with the change that wrote them, and this change names that one. What a later
change set by itself stays on its own days.
"""

from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.eras import format_wareki
from daicho.register.changes.amending import amended, careful, household_address, new_fields, notes_of
from daicho.register.changes.errors import ChangeGone, FutureChangeDate
from daicho.register.changes.notification_amend import ErrorCorrection
from daicho.register.changes.overlay import resident_state
from daicho.register.changes.plan import Before, Plan, Scope
from daicho.register.changes.rules import check_notified


def scope(notification: ErrorCorrection) -> Scope:
    """Every household in which the person has stood since, and the person."""
    return Scope(notification.household_ids, (notification.person_id,))


def plan(before: Before, notification: ErrorCorrection, today: date) -> Plan:
    """Put right what the named change recorded.

    Raises C001, C002, C004-C006, C010, C013, C019, C022, C028, C041, C101-C103, L401, L402, L501, L601-L603.
    """
    if notification.change_date > today:
        raise FutureChangeDate("change_date", shown=format_wareki(notification.change_date))
    check_notified(notification.notified_on, notification.basis, today)
    change = before.past.changes.get(notification.change_id) if before.past is not None else None
    if change is None or notification.person_id not in change.people:
        raise ChangeGone("change_id")
    person = before.person(notification.person_id)
    household_id = resident_state(person, "person_id").record.household_id
    fields = new_fields(notification, (person,), before.on)
    effects = amended(before, household_id, (person,), fields, household_address(notification))
    return Plan(
        notification.reason,
        notification.basis,
        LegalDate(notification.change_date),
        notification.notified_on,
        effects,
        tuple(careful((person,), fields)),
        notes=notes_of(notification, (notification.person_id,)),
        corrects=notification.change_id,
    )
