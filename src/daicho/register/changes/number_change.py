"""個人番号 and 住民票コード: change on request, amendment and entry ex officio (法30条の4; 番号法7条; STD 4.3.1, 4.3.2, 4.4).

The former number is released at registration and stays in the history; the new one is refused when somebody else holds
it. A resident code that is not typed is drawn from the stock of free codes.
"""

from datetime import date
from typing import NamedTuple

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.numbers import check_individual_number, check_resident_code
from daicho.law.reasons import Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.amend_errors import NumberAlreadyThere, NumberNotThere
from daicho.register.changes.errors import ItemMissing
from daicho.register.changes.leaving import chosen_members
from daicho.register.changes.notification_amend import NumberChange
from daicho.register.changes.overlay import resident_state
from daicho.register.changes.plan import Before, Effect, NewNumbers, Plan, Scope
from daicho.register.changes.rules import check_day, check_notified


class _Rule(NamedTuple):
    word: str
    field: str
    replaces: bool


_INDIVIDUAL, _CODE = "個人番号", "住民票コード"
_RULES = {
    Reason.INDIVIDUAL_NUMBER_CHANGE: _Rule(_INDIVIDUAL, "individual_number_id", True),
    Reason.INDIVIDUAL_NUMBER_AMENDMENT: _Rule(_INDIVIDUAL, "individual_number_id", True),
    Reason.INDIVIDUAL_NUMBER_ENTRY: _Rule(_INDIVIDUAL, "individual_number_id", False),
    Reason.RESIDENT_CODE_CHANGE: _Rule(_CODE, "resident_code_id", True),
    Reason.RESIDENT_CODE_ENTRY: _Rule(_CODE, "resident_code_id", False),
}


def scope(notification: NumberChange) -> Scope:
    """The household and the person."""
    return Scope((notification.household_id,), (notification.person_id,))


def plan(before: Before, notification: NumberChange, today: date) -> Plan:
    """Give the person a new number from the change date on.

    Raises C001, C004, C010, C019, C022, C024, C029, C107, C108, L101-L103.
    """
    check_day(before, notification.change_date, today)
    check_notified(notification.notified_on, notification.basis, today)
    rule = _RULES[notification.reason]
    household = before.household(notification.household_id)
    [person] = chosen_members(household, (notification.person_id,))
    current = resident_state(person)
    held = getattr(current.record, rule.field)
    if rule.replaces and held is None:
        raise NumberNotThere("person_id", item=rule.word)
    if not rule.replaces and held is not None:
        raise NumberAlreadyThere("person_id", item=rule.word)
    numbers = _numbers(before, notification, rule)
    days = [(before.on, current.record), *((state.valid_from, state.record) for state in person.later)]
    effects = tuple(Effect(person.person_id, "amend", "mover", day, record, numbers) for day, record in days)
    drawn = (alert("W054", person.person_id),) if numbers.code_from_stock else ()
    return Plan(
        notification.reason,
        notification.basis,
        LegalDate(notification.change_date),
        notification.notified_on,
        effects,
        drawn,
    )


def _numbers(before: Before, notification: NumberChange, rule: _Rule) -> NewNumbers:
    """The new number with its check digit held, or the wish for one of the stock."""
    try:
        if rule.word == _CODE:
            code = notification.resident_code
            kept = check_resident_code(code, before.number_rule) if code else None
            return NewNumbers(resident_code=kept, code_from_stock=kept is None)
        if not notification.individual_number:
            raise ItemMissing("individual_number", item=_INDIVIDUAL)
        return NewNumbers(check_individual_number(notification.individual_number, before.number_rule))
    except DaichoError as error:
        error.field = "resident_code" if rule.word == _CODE else "individual_number"
        raise
