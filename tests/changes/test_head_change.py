"""Change of head: every relationship follows."""

from typing import Any

import pytest

from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.register.changes import errors
from daicho.register.changes.head_change import plan, scope
from daicho.register.changes.notification import HeadChange, Related
from daicho.register.changes.plan import Before
from tests.changes.build import DAY, TODAY, before, codes, days, family, household, leaves, person, records, resident


def head_change(new_head_id: int, **changes: Any) -> HeadChange:
    given: dict[str, Any] = {
        "household_id": 1,
        "change_date": DAY,
        "notified_on": TODAY,
        "new_head_id": new_head_id,
    }
    return HeadChange(**{**given, **changes})


def test_husband_and_wife_change_places() -> None:
    made = plan(before(family(2)), head_change(12), TODAY)
    written = records(made)
    assert made.reason is Reason.HEAD_CHANGE
    assert (written[11].relationship, written[12].relationship) == ("11", "02")
    assert (written[11].household_order, written[12].household_order) == (1, 0)
    assert {effect.role for effect in made.effects} == {"mover"}
    assert {effect.kind for effect in made.effects} == {"amend"}
    assert not made.alerts


def test_the_clerk_may_choose_within_the_vocabulary() -> None:
    related = (Related(person_id=11, relationship="夫（未届）"), Related(person_id=13, relationship="子"))
    made = plan(before(family(3)), head_change(12, relationships=related), TODAY)
    assert records(made)[11].relationship == "13"
    assert 13 not in records(made)
    assert codes(made) == ["W040"]


def test_a_child_heads_parents_and_siblings() -> None:
    made = plan(before(family()), head_change(13), TODAY)
    assert {p: r.relationship for p, r in records(made).items()} == {11: "51", 12: "52", 13: "02", 14: "84"}
    assert "W005" in codes(made)


def test_a_household_without_head_gets_one() -> None:
    there = household(
        person(11, resident(0, relationship="99", head_absent=True)), person(12, resident(1, head_absent=True))
    )
    related = (Related(person_id=11, relationship="夫"),)
    made = plan(before(there), head_change(12, relationships=related), TODAY)
    assert {p: (r.relationship, r.head_absent) for p, r in records(made).items()} == {
        11: ("11", False),
        12: ("02", False),
    }
    assert [effect.role for effect in made.effects] == ["affected", "mover"]


def test_the_first_in_rank_keeps_it() -> None:
    there = household(person(11, resident(0, household_order=2)), person(12, resident(1, household_order=1)))
    assert records(plan(before(there), head_change(12), TODAY))[12].household_order == 1


def test_planned_leavers_keep_their_day() -> None:
    gone_on = TODAY + days(5)
    there = household(
        person(11, resident(0), leaves(resident(0), gone_on)), person(12, resident(1), leaves(resident(1), gone_on))
    )
    made = plan(before(there), head_change(12), TODAY)
    later = records(made, gone_on)
    assert {p: (r.status, r.relationship) for p, r in later.items()} == {
        11: ("moved_out", "11"),
        12: ("moved_out", "02"),
    }


def test_late_by_more_than_fourteen_days() -> None:
    moved = TODAY - days(15)
    made = plan(before(family(2), on=moved), head_change(12, change_date=moved), TODAY)
    assert [(alert.code, alert.rule) for alert in made.alerts] == [("W001", "法25条")]


REFUSED: list[tuple[str, Before, HeadChange, type[DaichoError]]] = [
    ("tomorrow", before(family(), on=TODAY + days(1)), head_change(12, change_date=TODAY + days(1)), errors.FutureChangeDate),
    ("notified before", before(family()), head_change(12, notified_on=DAY - days(1)), errors.NotifiedBeforeChange),
    ("is head", before(family()), head_change(11), errors.SameHead),
    ("a stranger", before(family()), head_change(77), errors.NewHeadUnfit),
    ("nobody there", before(household()), head_change(12), errors.HouseholdEmpty),
    (
        "two heads chosen",
        before(family(3)),
        head_change(12, relationships=(Related(person_id=11, relationship="02"),)),
        errors.SecondHead,
    ),
    (
        "the head chosen otherwise",
        before(family(3)),
        head_change(12, relationships=(Related(person_id=12, relationship="99"),)),
        errors.RelationshipFixed,
    ),
    (
        "changed since",
        before(household(person(11, resident(0)), person(12, resident(1), (TODAY, resident(1, name="別"))))),
        head_change(12),
        errors.LaterChangeExists,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("there", "notified", "error"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_registered_is_refused(there: Before, notified: HeadChange, error: type[DaichoError]) -> None:
    with pytest.raises(error):
        plan(there, notified, TODAY)


def test_scope() -> None:
    assert scope(head_change(12)) == ((1,), (12,))
