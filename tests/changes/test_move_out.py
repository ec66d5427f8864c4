"""Move-out: removal on the planned day, and who heads what stays."""

from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import errors
from daicho.register.changes.move_out import plan, scope
from daicho.register.changes.notification import MoveOut, Place, Related
from daicho.register.changes.plan import Before
from tests.changes.build import DAY, TODAY, before, codes, days, family, household, leaves, person, records, resident

PLANNED = TODAY + days(7)
TO = Place(municipality="131164", address="東京都豊島区東池袋九丁目2番3号", head="渡邉　大輔")


def move_out(*person_ids: int, **changes: Any) -> MoveOut:
    given: dict[str, Any] = {
        "household_id": 1,
        "change_date": PLANNED,
        "notified_on": TODAY,
        "destination": TO,
        "person_ids": person_ids,
    }
    return MoveOut(**{**given, **changes})


def test_all_leave_on_the_planned_day() -> None:
    made = plan(before(family(), on=PLANNED), move_out(11, 12, 13, 14), TODAY)
    assert made.reason is Reason.MOVE_OUT
    assert {effect.valid_from for effect in made.effects} == {PLANNED}
    assert {effect.kind for effect in made.effects} == {"remove"}
    head = records(made, PLANNED)[11]
    assert (head.status, head.removed_on, head.removed_reason) == ("moved_out", LegalDate(PLANNED), "国内転出")
    assert (head.removed_basis, head.removed_notified_on, head.planned_on) == ("届出", TODAY, PLANNED)
    assert (head.planned_address, head.planned_head) == (TO.address, TO.head)
    assert head.relationship == "02"
    assert not made.alerts


def test_some_leave_and_the_head_stays() -> None:
    made = plan(before(family(), on=PLANNED), move_out(13), TODAY)
    assert made.person_ids == (13,)


def test_one_who_stays_alone_becomes_head_ex_officio() -> None:
    made = plan(before(family(2), on=PLANNED), move_out(11), TODAY)
    wife = records(made, PLANNED)[12]
    assert wife.relationship == "02"
    assert wife.household_order == 0  # before everybody who was there
    assert [effect.role for effect in made.effects] == ["mover", "affected"]
    assert codes(made) == ["W004"]
    named = plan(before(family(2), on=PLANNED), move_out(11, new_head_id=12), TODAY)
    assert named == made


def test_of_several_who_stay_the_named_one_becomes_head() -> None:
    made = plan(before(family(), on=PLANNED), move_out(11, new_head_id=12), TODAY)
    written = records(made, PLANNED)
    assert [written[person_id].relationship for person_id in (12,)] == ["02"]
    assert 13 not in written  # still 子: no row without a change
    assert codes(made) == ["W008", "W008"]


def test_relationships_chosen_by_the_clerk() -> None:
    related = (Related(person_id=13, relationship="12の子"), Related(person_id=14, relationship="子"))
    with pytest.raises(DaichoError) as caught:
        plan(before(family(), on=PLANNED), move_out(11, new_head_id=12, relationships=related), TODAY)
    assert caught.value.field == "relationships.0.relationship"
    related = (Related(person_id=13, relationship="夫の子"), Related(person_id=14, relationship="子"))
    made = plan(before(family(), on=PLANNED), move_out(11, new_head_id=12, relationships=related), TODAY)
    assert records(made, PLANNED)[13].relationship == "11.20"
    assert not made.alerts


def test_a_young_head_is_warned_of() -> None:
    made = plan(before(family(3), on=PLANNED), move_out(11, 12), TODAY)
    assert codes(made) == ["W004", "W005"]


def test_abroad() -> None:
    made = plan(
        before(family(1), on=PLANNED), move_out(11, abroad=True, destination=Place(address="アメリカ合衆国")), TODAY
    )
    assert made.reason is Reason.MOVE_OUT_ABROAD
    assert records(made, PLANNED)[11].removed_reason == "国外転出"


def test_the_municipality_alone_is_enough() -> None:
    made = plan(before(family(1), on=PLANNED), move_out(11, destination=Place(municipality="131164")), TODAY)
    assert records(made, PLANNED)[11].planned_address is None


@pytest.mark.parametrize(("late", "stopped"), [(-30, False), (0, False), (14, False), (15, True)])
def test_after_fourteen_days_it_is_no_notification_any_more(late: int, stopped: bool) -> None:
    moved = TODAY - days(late)
    made = plan(before(family(1), on=moved), move_out(11, change_date=moved), TODAY)
    assert [alert.tier for alert in made.alerts if alert.code == "W007"] == ([3] if stopped else [])
    by_office = plan(
        before(family(1), on=moved), move_out(11, change_date=moved, basis=Basis.EX_OFFICIO, notified_on=None), TODAY
    )
    assert not by_office.alerts
    assert records(by_office, moved)[11].removed_basis == "職権"


def test_a_household_recorded_without_head_stays_so() -> None:
    there = household(
        person(11, resident(0, relationship="99", head_absent=True)), person(12, resident(1, head_absent=True))
    )
    assert plan(before(there, on=PLANNED), move_out(11), TODAY).person_ids == (11,)


REFUSED: list[tuple[str, Before, MoveOut, type[DaichoError]]] = [
    ("read for another day", before(family()), move_out(11), errors.PlanOutdated),
    ("nobody", before(family(), on=PLANNED), move_out(), errors.NobodyMoves),
    ("twice", before(family(), on=PLANNED), move_out(13, 13), errors.DuplicatePerson),
    ("a stranger", before(family(), on=PLANNED), move_out(77), errors.NotOfHousehold),
    ("nowhere", before(family(), on=PLANNED), move_out(11, destination=Place()), errors.ItemMissing),
    ("no head named", before(family(), on=PLANNED), move_out(11), errors.NewHeadNeeded),
    ("leaver named", before(family(), on=PLANNED), move_out(11, 12, new_head_id=12), errors.NewHeadUnfit),
    ("head stays", before(family(), on=PLANNED), move_out(13, new_head_id=12), errors.NewHeadUnfit),
    ("nobody stays", before(family(2), on=PLANNED), move_out(11, 12, new_head_id=12), errors.NewHeadUnfit),
    (
        "relationship of a leaver",
        before(family(), on=PLANNED),
        move_out(11, new_head_id=12, relationships=(Related(person_id=11, relationship="11"),)),
        errors.RelationshipFixed,
    ),
    (
        "relationship without change of head",
        before(family(), on=PLANNED),
        move_out(13, relationships=(Related(person_id=12, relationship="11"),)),
        errors.RelationshipFixed,
    ),
    (
        "second head chosen",
        before(family(), on=PLANNED),
        move_out(11, new_head_id=12, relationships=(Related(person_id=13, relationship="02"),)),
        errors.SecondHead,
    ),
    (
        "leaves later already",
        before(household(person(11, resident(0), leaves(resident(0), PLANNED + days(1)))), on=PLANNED),
        move_out(11),
        errors.LaterChangeExists,
    ),
    (
        "new head leaves later",
        before(
            household(
                person(11, resident(0)),
                person(12, resident(1), leaves(resident(1), PLANNED + days(1))),
                person(13, resident(2)),
            ),
            on=PLANNED,
        ),
        move_out(11, new_head_id=12),
        errors.HeadLeavesLater,
    ),
]


@pytest.mark.parametrize(("there", "notified", "error"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_registered_is_refused(there: Before, notified: MoveOut, error: type[DaichoError]) -> None:
    with pytest.raises(error):
        plan(there, notified, TODAY)


def test_a_planned_leaver_who_becomes_head_still_leaves() -> None:
    gone_on = PLANNED + days(1)
    there = household(person(11, resident(0)), person(12, resident(1), leaves(resident(1), gone_on)))
    made = plan(before(there, on=PLANNED), move_out(11), TODAY)
    assert records(made, PLANNED)[12].relationship == "02"
    removed = records(made, gone_on)[12]
    assert (removed.status, removed.relationship) == ("moved_out", "02")


def test_scope() -> None:
    assert scope(move_out(13, 11, 13)) == ((1,), (11, 13))
    assert move_out(11).on == PLANNED
    assert date(2026, 12, 1) == PLANNED
    assert DAY < TODAY
