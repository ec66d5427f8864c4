"""Birth: the child joins the parent's household."""

from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate, Precision
from daicho.law.errors import DaichoError
from daicho.law.numbers import NumberRule, resident_code
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import errors
from daicho.register.changes.birth import newcomers, plan, scope
from daicho.register.changes.notification import Birth
from daicho.register.changes.plan import Before, Candidate
from tests.changes.build import (
    DAY,
    HOME,
    TODAY,
    before,
    codes,
    days,
    family,
    household,
    leaves,
    person,
    records,
    resident,
)

CODE = resident_code("1234567890", NumberRule.SYNTHETIC)


def birth(**changes: Any) -> Birth:
    given: dict[str, Any] = {
        "person_id": 91,
        "household_id": 1,
        "birth": LegalDate(DAY),
        "notified_on": TODAY,
        "name": "渡邉　葵",
        "sex": "2",
        "parent_id": 12,
        "domicile": "東京都板橋区大山東町32番地",
        "family_register_head": "渡邉　大輔",
        "resident_code": CODE,
    }
    return Birth(**{**given, **changes})


def test_the_child_of_the_wife_is_the_child_of_the_head() -> None:
    made = plan(before(family()), birth(), TODAY)
    [effect] = made.effects
    record = effect.record
    assert (made.reason, made.basis, made.change_date) == (Reason.BIRTH, Basis.EX_OFFICIO, LegalDate(DAY))
    assert (effect.kind, effect.role, effect.valid_from) == ("enter", "mover", DAY)
    assert (record.relationship, record.household_id, record.household_order) == ("20", 1, 5)
    assert (record.address, record.building) == (HOME.address, HOME.building)
    assert not made.alerts
    assert effect.numbers.resident_code == CODE


def test_all_dates_are_the_birth_date_and_there_is_no_address_before() -> None:
    record = plan(before(family()), birth(), TODAY).effects[0].record
    assert record.resident_since == record.settled_on == record.birth == LegalDate(DAY)
    assert (record.settled_reason, record.settled_basis) == ("出生", "職権")
    assert record.previous_address is None
    assert record.former_address is None


def test_the_clerk_may_choose_the_relationship() -> None:
    made = plan(before(family()), birth(parent_id=None, relationship="夫の子"), TODAY)
    assert made.effects[0].record.relationship == "11.20"


def test_the_child_of_an_unregistered_wife_is_asked_about() -> None:
    there = household(person(11, resident(0)), person(12, resident(1, relationship="14")))
    made = plan(before(there), birth(), TODAY)
    assert made.effects[0].record.relationship == "14.20"
    assert codes(made) == ["W008"]


def test_an_impossible_day_of_birth_stays_as_written() -> None:
    born = LegalDate(date(2026, 2, 28), Precision.IMPOSSIBLE, "令和8年2月29日")
    made = plan(before(family(), on=born.on), birth(birth=born), TODAY)
    assert made.change_date == born
    assert made.effects[0].record.resident_since == born


def test_a_missing_code_is_said_and_candidates_are_shown() -> None:
    there = before(family(), candidates=(Candidate(91, 50, "three_items", True),))
    made = plan(there, birth(resident_code=None), TODAY)
    assert codes(made) == ["W002", "W054"]


def test_a_child_older_than_the_head_is_warned_of() -> None:
    there = household(person(11, resident(4, relationship="02")), person(12, resident(1, relationship="52")))
    born = date(2020, 1, 5)
    older = plan(before(there, on=born), birth(birth=LegalDate(born), parent_id=None, relationship="20"), TODAY)
    assert "W013" in codes(older)


def test_the_family_has_planned_to_leave() -> None:
    gone_on = TODAY + days(5)
    there = household(
        person(11, resident(0), leaves(resident(0), gone_on)), person(12, resident(1), leaves(resident(1), gone_on))
    )
    made = plan(before(there), birth(), TODAY)
    assert records(made)[91].relationship == "20"
    assert records(made, gone_on)[91].relationship == "02"
    assert [effect.numbers.resident_code for effect in made.effects] == [CODE, CODE], (
        "the code is there on that day too"
    )
    [warning] = made.alerts
    assert (warning.code, warning.tier) == ("W014", 2)


def test_the_mother_heads_the_household_from_a_later_day() -> None:
    gone_on = TODAY + days(5)
    there = household(
        person(11, resident(0), leaves(resident(0), gone_on)),
        person(12, resident(1, relationship="14"), (gone_on, resident(1, relationship="02"))),
    )
    made = plan(before(there), birth(), TODAY)
    assert [effect.kind for effect in made.effects] == ["enter", "amend"]
    assert [effect.numbers.resident_code for effect in made.effects] == [CODE, CODE]
    assert records(made)[91].relationship == "14.20"
    assert records(made, gone_on)[91].relationship == "20"


def another_head_later(later_mother: bool) -> Before:
    gone_on = TODAY + days(5)
    mother = resident(1)
    return before(
        household(
            person(11, resident(0), leaves(resident(0), gone_on)),
            person(12, mother, *([leaves(mother, gone_on)] if later_mother else [])),
            person(13, resident(2), (gone_on, resident(2, relationship="02"))),
        )
    )


REFUSED: list[tuple[str, Before, Birth, type[DaichoError]]] = [
    ("tomorrow", before(family(), on=TODAY + days(1)), birth(birth=LegalDate(TODAY + days(1))), errors.FutureChangeDate),
    ("read for another day", before(family(), on=TODAY), birth(), errors.PlanOutdated),
    ("nobody there", before(household()), birth(), errors.HouseholdEmpty),
    ("no parent, no relationship", before(family()), birth(parent_id=None), errors.RelationshipNeeded),
    ("parent elsewhere", before(family()), birth(parent_id=77), errors.NotOfHousehold),
    ("second head", before(family()), birth(relationship="02"), errors.SecondHead),
    ("already entered", before(family(), persons=(person(91, resident(2)),)), birth(), errors.AlreadyResident),
    ("no domicile", before(family()), birth(domicile=None), errors.ItemMissing),
    ("head later, mother leaves", another_head_later(later_mother=True), birth(), errors.LaterChangeExists),
    ("head later, mother unchanged", another_head_later(later_mother=False), birth(), errors.LaterChangeExists),
    ("head later, no parent", another_head_later(later_mother=False), birth(parent_id=None, relationship="20"), errors.LaterChangeExists),
]  # fmt: skip


@pytest.mark.parametrize(("there", "notified", "error"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_registered_is_refused(there: Before, notified: Birth, error: type[DaichoError]) -> None:
    with pytest.raises(error):
        plan(there, notified, TODAY)


def test_scope_and_newcomers() -> None:
    assert scope(birth()) == ((1,), (91,))
    assert newcomers(birth()) == (birth(),)
