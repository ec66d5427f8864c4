"""Move inside the city: whole, part, joining another household."""

from dataclasses import replace
from typing import Any

import pytest

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.register.changes import errors
from daicho.register.changes.move_within import plan, scope
from daicho.register.changes.notification import MoveWithin, Related
from daicho.register.changes.plan import Before, HouseholdBefore
from tests.changes.build import (
    DAY,
    HOME,
    OTHER,
    TODAY,
    before,
    codes,
    days,
    effects_later,
    family,
    household,
    leaves,
    person,
    records,
    resident,
)


def move(*person_ids: int, **changes: Any) -> MoveWithin:
    """The movers make household 2 at OTHER, unless said otherwise."""
    given: dict[str, Any] = {
        "from_household_id": 1,
        "household_id": 2,
        "change_date": DAY,
        "notified_on": TODAY,
        "address": OTHER,
        "person_ids": person_ids,
    }
    return MoveWithin(**{**given, **changes})


def whole(*person_ids: int, **changes: Any) -> MoveWithin:
    """The whole household moves and keeps its number."""
    return move(*person_ids, household_id=1, **changes)


def join(*person_ids: int, **changes: Any) -> MoveWithin:
    """The movers join household 2."""
    return move(*person_ids, address=None, **changes)


def others() -> HouseholdBefore:
    """Household 2: an old couple at OTHER."""
    place = {"household_id": 2, "address": OTHER.address, "building": None, "town_code": OTHER.town_code}
    return household(person(21, resident(0, **place)), person(22, resident(1, **place)), household_id=2)


def test_the_whole_household_keeps_number_head_and_order() -> None:
    made = plan(before(family()), whole(11, 12, 13, 14), TODAY)
    written = records(made)
    assert made.reason is Reason.MOVE_WITHIN
    assert {effect.kind for effect in made.effects} == {"amend"}
    assert {record.household_id for record in written.values()} == {1}
    assert {record.address for record in written.values()} == {OTHER.address}
    assert [record.relationship for record in written.values()] == ["02", "12", "20", "20"]
    assert [record.household_order for record in written.values()] == [1, 2, 3, 4]
    assert not made.alerts


def test_dates_and_former_address() -> None:
    record = records(plan(before(family()), whole(11, 12, 13, 14), TODAY))[12]
    assert (record.former_address, record.former_building) == (HOME.address, HOME.building)
    assert record.building is None
    assert record.resident_since == resident(1).resident_since
    assert (record.settled_on, record.settled_reason) == (LegalDate(DAY), "転居")
    assert (record.settled_notified_on, record.settled_basis) == (TODAY, "届出")


def test_a_child_moves_out_on_its_own() -> None:
    made = plan(before(family()), move(13), TODAY)
    record = records(made)[13]
    assert made.person_ids == (13,)
    assert (record.household_id, record.relationship, record.household_order) == (2, "02", 1)
    assert codes(made) == ["W005"]


def test_a_part_with_a_new_head() -> None:
    made = plan(before(family()), move(12, 13, head_id=12), TODAY)
    written = records(made)
    assert {p: (r.relationship, r.household_order) for p, r in written.items()} == {12: ("02", 1), 13: ("20", 2)}
    assert written[12].household_id == 2


def test_the_named_head_stands_first() -> None:
    made = plan(before(family()), move(12, 13, head_id=13), TODAY)
    assert {p: (r.relationship, r.household_order) for p, r in records(made).items()} == {12: ("52", 2), 13: ("02", 1)}


def test_the_head_goes_with_a_part_and_the_rest_gets_a_head() -> None:
    made = plan(before(family()), move(11, 14, new_head_id=12), TODAY)
    written = records(made)
    assert (written[11].relationship, written[14].relationship) == ("02", "20")
    assert (written[12].relationship, written[12].household_id) == ("02", 1)
    assert {effect.person_id: effect.role for effect in made.effects}[12] == "affected"


def test_the_head_goes_and_one_stays() -> None:
    made = plan(before(family(2)), move(11), TODAY)
    assert {record.relationship for record in records(made).values()} == {"02"}
    assert codes(made) == ["W004"]


def test_relationships_for_movers_and_for_those_who_stay() -> None:
    related = (Related(person_id=14, relationship="縁故者"), Related(person_id=13, relationship="夫の子"))
    made = plan(before(family()), move(11, 14, new_head_id=12, relationships=related), TODAY)
    written = records(made)
    assert (written[14].relationship, written[13].relationship) == ("96", "11.20")
    assert not made.alerts


def test_joining_another_household() -> None:
    related = (Related(person_id=13, relationship="子の子"), Related(person_id=14, relationship="20.20"))
    made = plan(before(family(), others()), join(13, 14, relationships=related), TODAY)
    written = records(made)
    assert {p: (r.household_id, r.relationship, r.household_order) for p, r in written.items()} == {
        13: (2, "20.20", 3),
        14: (2, "20.20", 4),
    }
    assert {record.address for record in written.values()} == {OTHER.address}


def test_a_whole_household_joins_another() -> None:
    related = (Related(person_id=11, relationship="子"), Related(person_id=12, relationship="子の妻"))
    made = plan(before(family(2), others()), join(11, 12, relationships=related), TODAY)
    assert {record.household_id for record in records(made).values()} == {2}
    assert made.person_ids == (11, 12)


def test_a_planned_move_out_stays_planned() -> None:
    gone_on = TODAY + days(5)
    there = household(person(11, resident(0), leaves(resident(0), gone_on)))
    made = plan(before(there), whole(11), TODAY)
    [later] = effects_later(made)
    assert (later.valid_from, later.record.status, later.record.address) == (gone_on, "moved_out", OTHER.address)
    assert (later.record.planned_on, later.record.former_address) == (gone_on, HOME.address)
    assert codes(made) == ["W011"]


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        (HOME, True),
        (replace(HOME, building="ひまわり荘102号"), False),
        (replace(HOME, building=None), False),
        (OTHER, False),
    ],
)
def test_the_same_address_is_possible_but_warned_of(address: Any, warned: bool) -> None:
    made = plan(before(family()), move(12, address=address), TODAY)
    assert ("W006" in codes(made)) is warned


def test_late_by_more_than_fourteen_days() -> None:
    moved = TODAY - days(20)
    made = plan(before(family(1), on=moved), whole(11, change_date=moved), TODAY)
    assert [(alert.code, alert.rule) for alert in made.alerts] == [("W001", "法23条")]


def test_a_household_without_head_moves_as_it_is() -> None:
    there = household(person(11, resident(1, head_absent=True)))
    record = records(plan(before(there), whole(11), TODAY))[11]
    assert record.head_absent
    made = plan(before(there), move(11), TODAY)
    assert (records(made)[11].head_absent, records(made)[11].relationship) == (False, "02")


REFUSED: list[tuple[str, Before, MoveWithin, type[DaichoError]]] = [
    ("tomorrow", before(family(), on=TODAY + days(1)), move(12, change_date=TODAY + days(1)), errors.FutureChangeDate),
    ("notified before", before(family()), move(12, notified_on=DAY - days(1)), errors.NotifiedBeforeChange),
    ("nobody", before(family()), move(), errors.NobodyMoves),
    ("a stranger", before(family()), move(77), errors.NotOfHousehold),
    ("part keeps the number", before(family()), whole(11, 12), errors.NewHeadNeeded),
    ("part without head keeps the number", before(family()), whole(12), errors.HouseholdOccupied),
    ("joins itself", before(family()), join(11, 12, 13, 14, household_id=1), errors.HouseholdOccupied),
    ("whole with another head", before(family(2)), whole(11, 12, head_id=12), errors.NewHeadUnfit),
    (
        "whole with relationships",
        before(family(2)),
        whole(11, 12, relationships=(Related(person_id=12, relationship="13"),)),
        errors.RelationshipFixed,
    ),
    ("whole to nowhere", before(family(1)), whole(11, address=replace(OTHER, town_code="11202999999")), errors.UnknownTown),
    ("no head for the part", before(family()), move(12, 13), errors.NewHeadNeeded),
    ("head who does not move", before(family()), move(12, 13, head_id=11), errors.NewHeadUnfit),
    ("no head for the rest", before(family()), move(11), errors.NewHeadNeeded),
    ("new number is taken", before(family(), others()), move(12), errors.HouseholdOccupied),
    ("joins nobody", before(family()), join(12, relationships=(Related(person_id=12, relationship="子"),)), errors.HouseholdEmpty),
    ("joins without relationship", before(family(), others()), join(12, 13), errors.RelationshipNeeded),
    ("joins as second head", before(family(), others()), join(12, relationships=(Related(person_id=12, relationship="02"),)), errors.SecondHead),
    ("joins with a head", before(family(), others()), join(12, head_id=12), errors.NewHeadUnfit),
    (
        "relationship of a stranger",
        before(family()),
        move(13, relationships=(Related(person_id=77, relationship="子"),)),
        errors.RelationshipFixed,
    ),
    (
        "changed since",
        before(household(person(11, resident(0), (TODAY, resident(0, name="別"))))),
        whole(11),
        errors.LaterChangeExists,
    ),
    (
        "somebody came in since",
        before(household(person(11, resident(0)), person(12, None, (TODAY, resident(1))))),
        whole(11),
        errors.LaterChangeExists,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("there", "notified", "error"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_registered_is_refused(there: Before, notified: MoveWithin, error: type[DaichoError]) -> None:
    with pytest.raises(error):
        plan(there, notified, TODAY)


def test_scope() -> None:
    assert scope(move(13, 12)) == ((1, 2), (12, 13))
    assert scope(whole(12)) == ((1,), (12,))
