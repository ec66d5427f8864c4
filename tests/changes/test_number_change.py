"""New individual numbers and resident codes."""

from typing import Any

import pytest

from daicho.law.errors import DaichoError
from daicho.law.numbers import NumberRule, NumberWrongCheckDigit, individual_number, resident_code
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import amend_errors, errors
from daicho.register.changes.notification_amend import NumberChange
from daicho.register.changes.number_change import plan, scope
from daicho.register.changes.record import ResidentRecord
from tests.changes.build import DAY, TODAY, before, codes, days, household, leaves, person, resident

NUMBER = individual_number("12345678901", NumberRule.SYNTHETIC)
CODE = resident_code("1234567890", NumberRule.SYNTHETIC)
HELD = resident(0, individual_number_id=7)
BARE = resident(0, resident_code_id=None)


def change(reason: Reason, **changes: Any) -> NumberChange:
    given: dict[str, Any] = {
        "reason": reason,
        "household_id": 1,
        "person_id": 11,
        "change_date": DAY,
        "notified_on": TODAY,
    }
    return NumberChange(**{**given, **changes})


R = Reason
DONE: list[tuple[Reason, ResidentRecord, dict[str, Any], tuple[str | None, str | None, bool]]] = [
    (R.INDIVIDUAL_NUMBER_CHANGE, HELD, {"individual_number": NUMBER}, (NUMBER, None, False)),
    (R.INDIVIDUAL_NUMBER_AMENDMENT, HELD, {"individual_number": NUMBER}, (NUMBER, None, False)),
    (R.INDIVIDUAL_NUMBER_ENTRY, resident(0), {"individual_number": NUMBER}, (NUMBER, None, False)),
    (R.RESIDENT_CODE_CHANGE, HELD, {}, (None, None, True)),
    (R.RESIDENT_CODE_ENTRY, BARE, {"resident_code": CODE}, (None, CODE, False)),
    (R.RESIDENT_CODE_ENTRY, BARE, {}, (None, None, True)),
]


@pytest.mark.parametrize(("reason", "record", "given", "numbers"), DONE)
def test_numbers_given(
    reason: Reason, record: ResidentRecord, given: dict[str, Any], numbers: tuple[str | None, str | None, bool]
) -> None:
    made = plan(before(household(person(11, record))), change(reason, **given), TODAY)
    [effect] = made.effects
    assert (made.reason, effect.kind, effect.role, effect.record) == (reason, "amend", "mover", record)
    found = effect.numbers
    assert (found.individual_number, found.resident_code, found.code_from_stock) == numbers
    assert codes(made) == (["W054"] if numbers[2] else [])


def test_a_planned_leaver_leaves_with_the_new_number() -> None:
    there = household(person(11, HELD, leaves(HELD, TODAY + days(9))), person(12, resident(1)))
    made = plan(before(there), change(R.INDIVIDUAL_NUMBER_CHANGE, individual_number=NUMBER), TODAY)
    assert [effect.numbers.individual_number for effect in made.effects] == [NUMBER, NUMBER]


REFUSED: list[tuple[str, Reason, ResidentRecord, dict[str, Any], type[DaichoError]]] = [
    (
        "none to change",
        R.INDIVIDUAL_NUMBER_CHANGE,
        resident(0),
        {"individual_number": NUMBER},
        amend_errors.NumberNotThere,
    ),
    ("no code to change", R.RESIDENT_CODE_CHANGE, BARE, {}, amend_errors.NumberNotThere),
    ("a second one", R.INDIVIDUAL_NUMBER_ENTRY, HELD, {"individual_number": NUMBER}, amend_errors.NumberAlreadyThere),
    ("a second code", R.RESIDENT_CODE_ENTRY, resident(0), {}, amend_errors.NumberAlreadyThere),
    ("no number", R.INDIVIDUAL_NUMBER_CHANGE, HELD, {}, errors.ItemMissing),
    ("check digit", R.INDIVIDUAL_NUMBER_CHANGE, HELD, {"individual_number": "123456789012"}, NumberWrongCheckDigit),
    ("code's check digit", R.RESIDENT_CODE_CHANGE, HELD, {"resident_code": "12345678901"}, NumberWrongCheckDigit),
    ("no request", R.RESIDENT_CODE_CHANGE, HELD, {"notified_on": None}, errors.ItemMissing),
    ("tomorrow", R.RESIDENT_CODE_CHANGE, HELD, {"change_date": TODAY + days(1)}, errors.PlanOutdated),
    ("a stranger", R.RESIDENT_CODE_CHANGE, HELD, {"person_id": 99}, errors.NotOfHousehold),
]


@pytest.mark.parametrize(("reason", "record", "given", "error"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_is_refused(
    reason: Reason, record: ResidentRecord, given: dict[str, Any], error: type[DaichoError]
) -> None:
    with pytest.raises(error):
        plan(before(household(person(11, record))), change(reason, **given), TODAY)


def test_ex_officio_needs_no_day() -> None:
    wanted = change(R.RESIDENT_CODE_ENTRY, basis=Basis.EX_OFFICIO, notified_on=None)
    assert plan(before(household(person(11, BARE))), wanted, TODAY).notified_on is None
    assert scope(wanted) == ((1,), (11,))
