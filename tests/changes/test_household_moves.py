"""世帯分離, 世帯合併, 世帯変更, the order set by hand, and a household without a head."""

from collections.abc import Callable
from typing import Any

import pytest

from daicho.law.errors import DaichoError
from daicho.law.reasons import Basis, Reason
from daicho.register.changes import errors, household_change, household_merge, household_split
from daicho.register.changes.head_change import plan as change_head
from daicho.register.changes.notification import HeadChange, HouseholdMove, Related
from daicho.register.changes.plan import Before, HouseholdBefore, Plan
from daicho.register.changes.record import differences
from tests.changes.build import (
    DAY,
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


def move(*person_ids: int, **changes: Any) -> HouseholdMove:
    """Members of household 1 go to a new household 9, notified today."""
    given: dict[str, Any] = {
        "from_household_id": 1,
        "household_id": 9,
        "change_date": DAY,
        "notified_on": TODAY,
        "person_ids": person_ids,
    }
    return HouseholdMove(**{**given, **changes})


def join(*person_ids: int, **changes: Any) -> HouseholdMove:
    """The same into household 2, which is there already."""
    return move(*person_ids, **{"household_id": 2, **changes})


def related(person_id: int, relationship: str) -> tuple[Related, ...]:
    return (Related(person_id=person_id, relationship=relationship),)


def neighbours(size: int = 1, **changes: Any) -> HouseholdBefore:
    """Household 2 at the same address: a man born in 1955, and his wife."""
    rows = [
        resident(0, household_id=2, name="渡邉　清", birth=resident(0).birth, **changes),
        resident(1, household_id=2, name="渡邉　和子", **changes),
    ]
    return household(*(person(21 + place, row) for place, row in enumerate(rows[:size])), household_id=2)


def elders(size: int = 2) -> HouseholdBefore:
    """Household 2 at the same address: the grandparents."""
    from datetime import date

    from daicho.law.dates import LegalDate

    rows = [
        resident(0, household_id=2, name="渡邉　清", birth=LegalDate(date(1955, 3, 1))),
        resident(1, household_id=2, name="渡邉　和子", birth=LegalDate(date(1957, 3, 1))),
    ]
    return household(*(person(21 + place, row) for place, row in enumerate(rows[:size])), household_id=2)


# --- 世帯分離 -----------------------------------------------------------------------------------------------------


def test_a_wife_and_a_child_split_off() -> None:
    """The new head stands first, the relationship follows, and nothing else of the record changes."""
    made = household_split.plan(before(family()), move(12, 14, head_id=12), TODAY)
    written = records(made)
    assert made.reason is Reason.HOUSEHOLD_SPLIT
    assert {p: (r.household_id, r.relationship, r.household_order) for p, r in written.items()} == {
        12: (9, "02", 1),
        14: (9, "20", 2),
    }
    old = resident(1)
    assert set(differences(old, written[12])) == {"household_id", "household_order", "relationship"}
    assert {effect.role for effect in made.effects} == {"mover"}
    assert codes(made) == ["W008"]


def test_the_head_splits_off_and_the_rest_gets_another() -> None:
    made = household_split.plan(before(family(3)), move(11, new_head_id=12), TODAY)
    assert {p: (r.household_id, r.relationship) for p, r in records(made).items()} == {
        11: (9, "02"),
        12: (1, "02"),
    }
    assert [effect.role for effect in made.effects] == ["mover", "affected"]


def test_one_who_is_left_alone_becomes_head_ex_officio() -> None:
    """STD 4.0.4."""
    made = household_split.plan(before(family(2)), move(11), TODAY)
    assert records(made)[12].relationship == "02"
    assert "W004" in codes(made)


def test_one_who_leaves_alone_heads_the_new_household() -> None:
    made = household_split.plan(before(family(3)), move(13), TODAY)
    assert records(made)[13].relationship == "02"
    assert "W005" in codes(made)


def test_a_planned_move_out_stays_planned() -> None:
    there = household(person(11, resident(0)), person(12, resident(1), leaves(resident(1), TODAY + days(9))))
    made = household_split.plan(before(there), move(12), TODAY)
    [later] = effects_later(made)
    assert (later.record.status, later.record.household_id, later.record.relationship) == ("moved_out", 9, "02")


def test_a_split_ex_officio_is_never_late() -> None:
    late = move(12, change_date=DAY, notified_on=None, basis=Basis.EX_OFFICIO)
    assert "W001" not in codes(household_split.plan(before(family(2)), late, TODAY + days(90)))


# --- 世帯合併 and 世帯変更 -----------------------------------------------------------------------------------------


def test_a_family_merges_into_the_grandparents_household() -> None:
    """One relationship is chosen, the others follow; newcomers stand behind in the order of STD 5.2."""
    made = household_merge.plan(before(family(3), elders()), join(11, 12, 13, relationships=related(11, "子")), TODAY)
    assert made.reason is Reason.HOUSEHOLD_MERGE
    assert {p: (r.household_id, r.relationship, r.household_order) for p, r in records(made).items()} == {
        11: (2, "20", 3),
        12: (2, "20.12", 4),
        13: (2, "20.20", 5),
    }
    assert made.alerts == ()


def test_the_wife_brings_her_child_along() -> None:
    """Nobody becomes a parent by joining a household: the child is 妻の子 unless documents say more."""
    mother = household(person(12, resident(1, relationship="02")), person(13, resident(2)))
    husband = household(person(21, resident(0, household_id=2)), household_id=2)
    made = household_merge.plan(before(mother, husband), join(12, 13, relationships=related(12, "妻")), TODAY)
    assert records(made)[13].relationship == "12.20"
    assert codes(made) == ["W008"]
    chosen = (*related(12, "妻"), *related(13, "子"))
    adopted = household_merge.plan(before(mother, husband), join(12, 13, relationships=chosen), TODAY)
    assert records(adopted)[13].relationship == "20"


def test_some_members_go_over_to_the_other_household() -> None:
    made = household_change.plan(before(family(), elders()), join(13, relationships=related(13, "子の子")), TODAY)
    assert made.reason is Reason.HOUSEHOLD_CHANGE
    assert {p: (r.household_id, r.relationship) for p, r in records(made).items()} == {13: (2, "20.20")}


def test_over_whom_they_are_followed_is_up_to_the_clerk() -> None:
    """Where the old head stays or is not chosen, another one's relationship leads."""
    made = household_merge.plan(before(family(2), elders()), join(11, 12, relationships=related(12, "子の妻")), TODAY)
    assert {p: r.relationship for p, r in records(made).items()} == {11: "20", 12: "20.12"}


def test_into_a_household_without_a_head_everybody_is_chosen() -> None:
    there = household(person(21, resident(0, household_id=2, relationship="99", head_absent=True)), household_id=2)
    with pytest.raises(errors.RelationshipNeeded):
        household_merge.plan(before(family(2), there), join(11, 12, relationships=related(11, "99")), TODAY)
    both = (*related(11, "同居人"), *related(12, "同居人"))
    made = household_merge.plan(before(family(2), there), join(11, 12, relationships=both), TODAY)
    assert {(r.relationship, r.head_absent) for r in records(made).values()} == {("99", True)}


def test_the_head_goes_over_and_the_rest_gets_another() -> None:
    wanted = join(11, relationships=related(11, "子"), new_head_id=12)
    made = household_change.plan(before(family(3), elders()), wanted, TODAY)
    assert {p: (r.household_id, r.relationship) for p, r in records(made).items()} == {11: (2, "20"), 12: (1, "02")}


def test_the_order_may_be_set_with_the_merger() -> None:
    wanted = join(11, 12, relationships=related(11, "子"), order=(21, 11, 12, 22))
    made = household_merge.plan(before(family(2), elders()), wanted, TODAY)
    ranks = {p: r.household_order for p, r in records(made).items()}
    assert sorted(ranks, key=lambda p: ranks[p]) == [21, 11, 12, 22]
    assert {effect.person_id: effect.role for effect in made.effects}[22] == "affected"


# --- the order by hand --------------------------------------------------------------------------------------------


def test_the_order_alone_changes_nothing_but_ranks() -> None:
    """STD 5.2: 世帯員の並び順を任意に設定できる."""
    there = household(
        person(11, resident(0)), person(12, resident(1), leaves(resident(1), TODAY + days(9))), person(13, resident(2))
    )
    wanted = move(household_id=1, order=(11, 13, 12), basis=Basis.EX_OFFICIO, notified_on=None)
    made = household_change.plan(before(there), wanted, TODAY)
    ranks = {p: r.household_order for p, r in records(made).items()}
    assert sorted(ranks, key=lambda p: ranks[p]) == [11, 13, 12]
    assert differences(resident(2), records(made)[13]) == ("household_order",)
    assert effects_later(made)[0].record.household_order == ranks[12]
    assert {effect.role for effect in made.effects} == {"affected"}


# --- 世帯主未設定 --------------------------------------------------------------------------------------------------


def head_change(**changes: Any) -> HeadChange:
    return HeadChange(**{"household_id": 1, "change_date": DAY, "notified_on": TODAY, **changes})


def test_a_household_is_left_without_a_head() -> None:
    """STD 1.1.10, 4.1.4.3: relationships are to the head in fact, whose name stands in the remarks."""
    there = household(
        person(12, resident(1, relationship="02", remarks="住所は住民の申出による")), person(13, resident(2))
    )
    wanted = head_change(factual_head="スミス　ジョン", relationships=related(12, "妻"))
    made = change_head(before(there), wanted, TODAY)
    assert {p: (r.relationship, r.head_absent, r.remarks) for p, r in records(made).items()} == {
        12: ("12", True, "住所は住民の申出による〔事実上の世帯主　スミス　ジョン〕"),
        13: ("12.20", True, "〔事実上の世帯主　スミス　ジョン〕"),
    }
    assert codes(made) == ["W041", "W008"]


def test_a_head_is_set_again_and_the_remark_goes() -> None:
    remark = "〔事実上の世帯主　スミス　ジョン〕"
    there = household(
        person(12, resident(1, head_absent=True, remarks=f"転入{remark}")),
        person(13, resident(2, head_absent=True, remarks=remark)),
    )
    made = change_head(before(there), head_change(new_head_id=12), TODAY)
    assert {p: (r.relationship, r.head_absent, r.remarks) for p, r in records(made).items()} == {
        12: ("02", False, "転入"),
        13: ("20", False, None),
    }


def test_a_home_whose_head_is_not_named() -> None:
    made = change_head(before(family(1)), head_change(relationships=related(11, "同居人")), TODAY)
    assert (records(made)[11].head_absent, records(made)[11].remarks) == (True, None)


# --- refusals -----------------------------------------------------------------------------------------------------

SPLIT, MERGE, CHANGE = household_split.plan, household_merge.plan, household_change.plan
REFUSED: list[tuple[str, Callable[..., Plan], Before, Any, type[DaichoError]]] = [
    ("everybody splits off", SPLIT, before(family(2)), move(11, 12), errors.NobodyStays),
    ("two split off without a head", SPLIT, before(family()), move(13, 14), errors.NewHeadNeeded),
    ("a head who stays", SPLIT, before(family()), move(13, head_id=11), errors.NewHeadUnfit),
    ("two are left without a head", SPLIT, before(family(3)), move(11), errors.NewHeadNeeded),
    ("the number is taken", SPLIT, before(family(), elders()), join(13), errors.HouseholdOccupied),
    ("nobody splits off", SPLIT, before(family()), move(), errors.NobodyMoves),
    ("impossible", SPLIT, before(family()), move(12, 13, head_id=12, relationships=related(13, "父")), errors.RelationshipImpossible),
    ("some stay", MERGE, before(family(3), elders()), join(11, 12, relationships=related(11, "子")), errors.SomebodyStays),
    ("all go over", CHANGE, before(family(1), elders()), join(11, relationships=related(11, "子")), errors.NobodyStays),
    ("no relationship", MERGE, before(family(2), elders()), join(11, 12), errors.RelationshipNeeded),
    ("another head", MERGE, before(family(1), elders()), join(11, head_id=11, relationships=related(11, "子")), errors.NewHeadUnfit),
    ("a second head", MERGE, before(family(1), elders()), join(11, relationships=related(11, "02")), errors.SecondHead),
    ("a woman as husband", MERGE, before(family(2), elders()), join(11, 12, relationships=related(12, "夫")), errors.RelationshipImpossible),
    ("an empty household", MERGE, before(family(1)), join(11, relationships=related(11, "子")), errors.HouseholdEmpty),
    ("the same household", CHANGE, before(family()), move(13, household_id=1), errors.SameHousehold),
    ("another building", MERGE, before(family(1), neighbours(building="メゾン2号")), join(11, relationships=related(11, "縁故者")), errors.AddressDiffers),
    ("another address", MERGE, before(family(1), neighbours(address="肥塚三丁目9番地")), join(11, relationships=related(11, "縁故者")), errors.AddressDiffers),
    ("order with a stranger", CHANGE, before(family(2)), move(household_id=1, order=(11, 12, 13)), errors.OrderUnfit),
    ("order with a gap", CHANGE, before(family(2)), move(household_id=1, order=(11,)), errors.OrderUnfit),
    ("somebody twice", CHANGE, before(family(2)), move(household_id=1, order=(11, 12, 12)), errors.OrderUnfit),
    ("the head not first", CHANGE, before(family(2)), move(household_id=1, order=(12, 11)), errors.OrderUnfit),
    ("neither people nor order", CHANGE, before(family(2)), move(household_id=1), errors.NobodyMoves),
    ("order of another household", CHANGE, before(family(2)), move(order=(11, 12)), errors.NobodyMoves),
    ("order with relationships", CHANGE, before(family(2)), move(household_id=1, order=(11, 12), relationships=related(12, "子")), errors.RelationshipFixed),
    ("headless already", change_head, before(family(1, head_absent=True, relationship="99")), head_change(), errors.AlreadyHeadless),
    ("headless, old head unknown", change_head, before(family(2)), head_change(), errors.RelationshipNeeded),
    ("headless with a head", change_head, before(family(2)), head_change(relationships=related(11, "02")), errors.SecondHead),
    ("headless, impossible", change_head, before(family(1)), head_change(relationships=related(11, "妻")), errors.RelationshipImpossible),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "seen", "wanted", "error"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_registered_is_refused(
    plan: Callable[..., Plan], seen: Before, wanted: Any, error: type[DaichoError]
) -> None:
    with pytest.raises(error):
        plan(seen, wanted, TODAY)


def test_an_impossible_relationship_stands_at_its_person() -> None:
    with pytest.raises(errors.RelationshipImpossible) as caught:
        household_split.plan(before(family()), move(12, 13, head_id=12, relationships=related(13, "父")), TODAY)
    assert caught.value.field == "relationships.of.13"
    assert "続柄「父」は年齢と合いません。" in caught.value.message
