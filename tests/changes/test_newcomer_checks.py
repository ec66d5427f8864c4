"""Stay and parents of people to be entered (STD 11.1)."""

from dataclasses import replace
from datetime import date

import pytest

from daicho.law.dates import LegalDate
from daicho.register.changes import birth as births
from daicho.register.changes.errors import DuplicatePerson
from daicho.register.changes.move_in import plan
from daicho.register.changes.newcomer_checks import ParentYounger, StayEnded, special_period_end
from daicho.register.changes.notification import ForeignItems
from daicho.register.changes.plan import Candidate
from tests.changes.build import DAY, TODAY, before, codes, family, household, move_in, person, resident, row
from tests.changes.test_birth import birth

CARD = "AB12345678CD"
FOREIGN = ForeignItems(
    residence_status="ZS10",
    nationality="VNM",
    article_30_45="1",
    foreign_resident_since=LegalDate(date(2020, 1, 1)),
    residence_card_number=CARD,
)


@pytest.mark.parametrize(
    ("until", "last"),
    [
        (date(2026, 9, 20), date(2026, 11, 20)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 12, 30), date(2028, 2, 29)),
        (date(2026, 6, 30), date(2026, 8, 30)),
    ],
)
def test_the_special_period_lasts_two_months(until: date, last: date) -> None:
    assert special_period_end(until) == last


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (None, None),
        (date(2027, 11, 20), None),
        (date(2026, 12, 21), None),
        (date(2026, 12, 20), "W072"),
        (DAY, "W072"),
        (date(2026, 11, 19), "W070"),
        (date(2026, 9, 20), "W070"),
    ],
)
def test_a_stay_that_ends(until: date | None, code: str | None) -> None:
    made = plan(before(), move_in(row(0, foreign=replace(FOREIGN, stay_until=until))), TODAY)
    assert [one for one in codes(made) if one in ("W070", "W072")] == ([code] if code else [])


def test_a_stay_that_is_over_cannot_be_entered() -> None:
    with pytest.raises(StayEnded) as caught:
        plan(before(), move_in(row(0), row(1, foreign=replace(FOREIGN, stay_until=date(2026, 9, 19)))), TODAY)
    assert caught.value.field == "members.1.stay_until"
    assert "2026年9月19日" in caught.value.message


def test_one_card_in_two_rows_is_one_person() -> None:
    with pytest.raises(DuplicatePerson):
        plan(before(), move_in(row(0, foreign=FOREIGN), row(1, foreign=FOREIGN)), TODAY)


def test_a_child_is_not_older_than_its_parent() -> None:
    child = person(12, resident(3, birth=LegalDate(DAY)))
    there = household(person(11, resident(0)), child)
    with pytest.raises(ParentYounger) as caught:
        births.plan(before(there), birth(parent_id=12, relationship="20"), TODAY)
    assert caught.value.field == "birth"


@pytest.mark.parametrize(("born", "warned"), [(date(2014, 11, 20), False), (date(2014, 11, 21), True)])
def test_a_parent_of_eleven_is_asked_about(born: date, warned: bool) -> None:
    there = household(person(11, resident(0)), person(12, resident(3, birth=LegalDate(born))))
    made = births.plan(before(there), birth(parent_id=12, relationship="20.20"), TODAY)
    assert ("W071" in codes(made)) is warned


def test_a_parent_with_an_unknown_birth_date_is_not_judged() -> None:
    from daicho.law.dates import UNKNOWN_DAY, Precision

    unknown = LegalDate(UNKNOWN_DAY, Precision.UNKNOWN, "年月日不詳")
    there = household(person(11, resident(0)), person(12, resident(3, birth=unknown)))
    made = births.plan(before(there), birth(parent_id=12, relationship="20.20"), TODAY)
    assert "W071" not in codes(made)
    assert "W071" not in codes(births.plan(before(family(2)), birth(parent_id=None, relationship="20"), TODAY))


def test_a_similar_record_is_a_warning_said_once() -> None:
    seen = before(candidates=(Candidate(91, 50, "similar", True), Candidate(91, 51, "similar", False)))
    made = plan(seen, move_in(row(0)), TODAY)
    assert codes(made).count("W073") == 1
    decided = plan(seen, move_in(row(0, different_from=(50, 51))), TODAY)
    assert codes(decided).count("W003") == 1
