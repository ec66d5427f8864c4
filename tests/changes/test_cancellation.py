"""Taking a change back: what stood before stands again, what came since stays, and nothing is lost."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.errors import (
    AlreadyCancelled,
    CancellationBreaksHousehold,
    ChangeGone,
    FormerHouseholdGone,
    FormerHouseholdThere,
    LaterChangeRelies,
    NobodyMoves,
    NothingToRestore,
    PlanOutdated,
    RelationshipFixed,
    RelationshipInDoubt,
)
from daicho.register.changes.notification import Renewal
from daicho.register.changes.plan import Effect, Plan
from daicho.register.changes.record import ResidentRecord
from tests.changes.build import HOME, OTHER, codes, resident
from tests.changes.cancelling import HOUSE, Story, day, related


@pytest.fixture
def story() -> Story:
    """A family of four that came in January: 11 head, 12 wife, 13 and 14 children."""
    found = Story()
    found.family()
    return found


def lines(story: Story) -> dict[int, list[tuple[date, ResidentRecord]]]:
    return {person: story.line(person) for person in story.register.rows}


@pytest.mark.parametrize("month", [3, 12], ids=["after its day", "before its day"])
def test_a_move_out_is_taken_back(story: Story, month: int) -> None:
    was = lines(story)
    out = story.move_out(day(month), 11, 12, 13, 14)
    plan = story.cancel_plan(out)
    assert plan.reason is Reason.CANCELLATION_ENTRY
    assert plan.cancels == out
    assert plan.change_date.on == day(month)
    assert {e.kind for e in plan.effects} == {"enter"}
    story.cancel(out)
    for person, line in was.items():
        assert story.on(person, date(2030, 1, 1)) == line[-1][1]
        assert story.on(person, day(2)) == line[-1][1]


def test_both_stay_on_the_known_axis(story: Story) -> None:
    out = story.move_out(day(3), 11, 12, 13, 14)
    told = story.register.recorded_at
    story.cancel(out)
    then = {one[0]: one[4].status for one in story.register.known_at(told)[11]}
    assert then == {day(1): "resident", day(3): "moved_out"}
    assert [r.record.status for r in story.register.live(11)] == ["resident", "resident"]


def test_a_death_of_the_wrong_person_brings_head_and_followers_back(story: Story) -> None:
    was = lines(story)
    death = story.death(day(3), 11, new_head_id=12)
    assert story.at(12, day(4)).relationship == "02"
    plan = story.cancel_plan(death)
    assert {e.person_id: e.role for e in plan.effects} == {11: "mover", 12: "affected"}
    story.cancel(death)
    assert {p: story.on(p, day(4)) for p in was} == {p: line[-1][1] for p, line in was.items()}


def test_what_came_since_stays_on_its_own_days(story: Story) -> None:
    """The household moves in May; taking back the death of March leaves the move, and takes the dead along."""
    death = story.death(day(3), 14)
    moved = story.move_within(day(5), HOUSE, 11, 12, 13)
    with pytest.raises(FormerHouseholdGone) as error:
        story.cancel(death)
    assert error.value.data == {"shown": "令和8年5月1日", "later": "「転居（令和8年5月1日）」"}
    story.cancel(death, new_household_id=7)
    assert (story.at(14, day(4)).household_id, story.at(14, day(6)).household_id) == (HOUSE, 7)
    assert story.at(14, day(6)).address == HOME.address
    assert story.at(14, day(6)).relationship == "02"
    assert story.at(11, day(6)).address == OTHER.address
    story.cancel(moved)


def test_a_birth_taken_back_leaves_a_removed_record(story: Story) -> None:
    birth = story.birth(day(3), 15, 11)
    plan = story.cancel_plan(birth)
    assert plan.reason is Reason.CANCELLATION_REMOVAL
    story.cancel(birth)
    gone = story.on(15, day(3))
    assert gone is not None
    assert (gone.status, gone.removed_reason, gone.removed_basis) == ("removed", "異動の取消し（減）", "職権")
    assert gone.removed_on is not None
    assert gone.removed_on.on == day(3)
    assert story.on(15, day(2)) is None


def test_a_move_in_taken_back_leaves_nobody(story: Story) -> None:
    came = story.family(day(2), household_id=2, first=21)
    story.cancel(came)
    assert 2 not in story.register.residents(day(6))
    assert all(story.at(person, day(2)).status == "removed" for person in (21, 22, 23, 24))


def test_an_entry_on_which_a_later_move_rests_is_named(story: Story) -> None:
    came = story.family(day(2), household_id=2, first=21)
    moved = story.move_within(day(4), 2, 21, 22, 23, 24, source=2)
    with pytest.raises(LaterChangeRelies) as error:
        story.cancel(came)
    assert error.value.data["later"] == "転居（令和8年4月1日）"
    story.cancel(moved)
    story.cancel(came)
    assert 2 not in story.register.residents(day(6))


def test_a_move_within_is_taken_back_under_a_later_one(story: Story) -> None:
    """They went to OTHER in March by mistake and to HOME again in May: the address before that is HOME."""
    wrong = story.move_within(day(3), HOUSE, 11, 12, 13, 14)
    story.move_within(day(5), HOUSE, 11, 12, 13, 14, address=HOME)
    assert story.at(11, day(6)).former_address == OTHER.address
    plan = story.cancel_plan(wrong)
    assert plan.reason is Reason.CANCELLATION_AMENDMENT
    assert codes(plan) == ["W020"] * 4
    story.cancel(wrong)
    assert story.at(11, day(4)).address == HOME.address
    later = story.on(11, day(6))
    assert later is not None
    assert later.address == HOME.address, "whoever moves says where to"
    assert later.settled_on is not None
    assert later.settled_on.on == day(5)
    assert later.former_address == HOME.address, "the address before that move is the one that stands now"


def test_a_change_of_head_is_taken_back_with_its_followers(story: Story) -> None:
    was = lines(story)
    changed = story.head_change(day(3), 12)
    story.cancel(changed)
    assert {p: story.on(p, day(4)) for p in was} == {p: line[-1][1] for p, line in was.items()}


def test_a_child_born_under_the_other_head_needs_a_relationship(story: Story) -> None:
    changed = story.head_change(day(3), 12)
    story.birth(day(5), 15, 12)
    with pytest.raises(RelationshipInDoubt) as error:
        story.cancel(changed)
    assert error.value.field == "relationships.of.15"
    story.cancel(changed, relationships=related((15, "20")))
    assert story.at(11, day(6)).relationship == "02"
    assert story.at(15, day(6)).relationship == "20"


def test_a_relationship_that_follows_is_not_chosen(story: Story) -> None:
    changed = story.head_change(day(3), 12)
    with pytest.raises(RelationshipFixed):
        story.cancel_plan(changed, relationships=related((13, "99")))


def test_a_household_without_head_names_what_comes_first(story: Story) -> None:
    """14 moved out to a household of its own, where 13 joined: taking the first back would leave 13 without a head."""
    own = story.move_within(day(3), 7, 14)
    joined = story.move_within(day(5), 7, 13, address=None, relationships=related((13, "99")))
    with pytest.raises(CancellationBreaksHousehold) as error:
        story.cancel(own)
    assert error.value.data["rule"] == "世帯主がいない"
    assert error.value.data["later"] == "「転居（令和8年5月1日）」"
    story.cancel(joined)
    story.cancel(own)
    assert story.at(14, day(6)).household_id == HOUSE


def test_a_cancellation_is_taken_back(story: Story) -> None:
    out = story.move_out(day(3), 13, 14)
    gone = lines(story)
    first = story.cancel(out)
    plan = story.cancel_plan(first)
    assert plan.reason is Reason.CANCELLATION_REMOVAL
    second = story.cancel(first)
    assert {p: story.on(p, day(4)) for p in gone} == {p: line[-1][1] for p, line in gone.items()}
    third = story.cancel(second)
    assert story.at(13, day(4)).status == "resident"
    story.cancel(third)
    assert story.at(13, day(4)).status == "moved_out"


def test_the_cancellation_of_an_entry_is_taken_back(story: Story) -> None:
    came = story.family(day(2), household_id=2, first=21)
    was = story.on(21, day(6))
    story.cancel(story.cancel(came))
    assert story.on(21, day(6)) == was


def test_a_change_is_taken_back_once(story: Story) -> None:
    out = story.move_out(day(3), 13, 14)
    again = story.notice(out)
    story.cancel(out)
    with pytest.raises(AlreadyCancelled):
        story.plan(Reason.CANCELLATION_ENTRY, again)
    with pytest.raises(AlreadyCancelled):
        story.cancel_plan(out)


def test_some_of_those_who_left_stay(story: Story) -> None:
    """One of two did not go (STD 4.6.0.1: all or some)."""
    out = story.move_out(day(3), 13, 14)
    plan = story.cancel_plan(out, 14)
    assert "W021" in codes(plan)
    story.cancel(out, 14)
    assert [story.at(p, day(4)).status for p in (13, 14)] == ["moved_out", "resident"]
    story.cancel(out, 13)
    assert [story.at(p, day(4)).status for p in (13, 14)] == ["resident", "resident"]


def test_one_who_comes_back_under_another_head_needs_a_relationship(story: Story) -> None:
    out = story.move_out(day(3), 11, 14, new_head_id=12)
    with pytest.raises(RelationshipInDoubt) as error:
        story.cancel(out, 14)
    assert error.value.field == "relationships.of.14"
    story.cancel(out, 14, relationships=related((14, "20")))
    assert story.at(14, day(4)).relationship == "20"
    assert story.at(11, day(4)).status == "moved_out"


def test_a_whole_household_comes_back_as_it_was(story: Story) -> None:
    out = story.move_out(day(3), 11, 12, 13, 14)
    with pytest.raises(FormerHouseholdThere):
        story.cancel(out, new_household_id=7)
    story.cancel(out)
    assert [story.at(p, day(4)).household_id for p in (11, 12, 13, 14)] == [HOUSE] * 4


def test_whoever_came_back_meanwhile_is_named(story: Story) -> None:
    out = story.move_out(day(3), 11, 12, 13, 14)
    story.family(day(5), household_id=3)
    with pytest.raises(LaterChangeRelies) as error:
        story.cancel(out)
    assert error.value.data["later"] == "国内転入（令和8年5月1日）"


def test_a_rank_taken_meanwhile_is_given_up(story: Story) -> None:
    out = story.move_out(day(3), 14)
    born = story.birth(day(5), 15, 11)
    story.cancel(out)
    orders = [story.at(p, day(6)).household_order for p in (11, 12, 13, 14, 15)]
    assert len(set(orders)) == 5
    story.cancel(born)


def test_a_child_born_where_they_moved_goes_back_with_them(story: Story) -> None:
    moved = story.move_within(day(3), HOUSE, 11, 12, 13, 14)
    story.birth(day(5), 15, 11)
    plan = story.cancel_plan(moved)
    assert codes(plan).count("W023") == 1
    story.cancel(moved)
    assert story.at(15, day(6)).address == HOME.address


@pytest.mark.parametrize("changes", [{"change_id": 99}, {"involved_ids": (11,)}, {"person_ids": (11, 99)}])
def test_what_is_not_there_is_not_taken_back(story: Story, changes: dict[str, Any]) -> None:
    out = story.move_out(day(3), 13, 14)
    notice = replace(story.notice(out), **changes)
    with pytest.raises(ChangeGone):
        story.plan(Reason.CANCELLATION_ENTRY, notice)


def test_somebody_must_be_chosen_and_the_day_must_fit(story: Story) -> None:
    out = story.move_out(day(3), 13, 14)
    with pytest.raises(NobodyMoves):
        story.plan(Reason.CANCELLATION_ENTRY, story.notice(out, person_ids=()))
    with pytest.raises(PlanOutdated):
        story.plan(Reason.CANCELLATION_ENTRY, story.notice(out, first_day=day(4)))


def test_by_application(story: Story) -> None:
    """申出による取消し (STD 4.6.1.1)."""
    out = story.move_out(day(3), 13, 14)
    plan = story.cancel_plan(out, basis=Basis.APPLICATION)
    assert (plan.basis, plan.notified_on) == (Basis.APPLICATION, story.today)


def test_a_correction_of_the_change_comes_first(story: Story) -> None:
    moved = story.move_within(day(3), HOUSE, 11, 12, 13, 14)
    record = story.at(11, day(3)).with_(building="101号")
    fixed = Effect(11, "amend", "mover", day(3), record)
    wanted = Plan(Reason.ERROR_CORRECTION, Basis.EX_OFFICIO, LegalDate(day(3)), None, (fixed,), corrects=moved)
    correction = story.write(wanted)
    with pytest.raises(LaterChangeRelies) as error:
        story.cancel(moved)
    assert error.value.data["later"] == "誤記修正（令和8年3月1日）"
    story.cancel_plan(correction)


def test_the_numbers_of_an_entry_are_left_out_of_what_remains(story: Story) -> None:
    entry = story.enter(day(2), resident(0, household_id=3, individual_number_id=700))
    plan = story.cancel_plan(entry)
    assert "W022" in codes(plan)
    assert {(e.record.individual_number_id, e.record.resident_code_id) for e in plan.effects} == {(None, None)}


def test_whoever_came_back_has_the_numbers_of_before(story: Story) -> None:
    """A returning person keeps the removed record of the time before the entry that is taken back."""
    story.enter(day(2), resident(0, household_id=3, resident_code_id=701))
    story.move_out(day(3), 31, household_id=3)
    was = story.at(31, day(4))
    returned = story.enter(day(5), resident(0, household_id=4, resident_code_id=701))
    plan = story.cancel_plan(returned)
    assert "W022" not in codes(plan)
    story.cancel(returned)
    assert story.at(31, day(6)) == was


def test_a_head_who_is_back_under_another_head_needs_a_relationship(story: Story) -> None:
    death = story.death(day(3), 11, new_head_id=12)
    story.head_change(day(5), 13)
    with pytest.raises(RelationshipInDoubt) as error:
        story.cancel(death)
    assert error.value.field == "relationships.of.11"
    with pytest.raises(CancellationBreaksHousehold) as broken:
        story.cancel(death, relationships=related((11, "02")))
    assert broken.value.data == {
        "shown": "令和8年5月1日",
        "rule": "世帯主が二人",
        "later": "「世帯主変更（令和8年5月1日）」",
    }
    story.cancel(death, relationships=related((11, "51")))
    assert [story.at(11, d).relationship for d in (day(4), day(6))] == ["02", "51"]


def test_a_household_at_two_addresses_names_what_comes_first(story: Story) -> None:
    moved = story.move_within(day(3), HOUSE, 11, 12, 13, 14)
    story.enter(day(5), story.at(14, day(5)).with_(household_order=9))
    with pytest.raises(CancellationBreaksHousehold) as error:
        story.cancel(moved)
    assert error.value.data["rule"] == "住所が二つ"
    assert error.value.data["later"] == "「国内転入（令和8年5月1日）」"


def test_a_child_follows_on_every_day(story: Story) -> None:
    moved = story.move_within(day(3), HOUSE, 11, 12, 13, 14)
    story.birth(day(5), 15, 11)
    story.head_change(day(7), 12)
    story.cancel(moved)
    assert {story.at(15, day(month)).address for month in (5, 6, 8)} == {HOME.address}


def test_several_who_make_a_new_household_need_relationships(story: Story) -> None:
    out = story.move_out(day(3), 13, 14)
    story.move_within(day(5), HOUSE, 11, 12)
    with pytest.raises(RelationshipInDoubt):
        story.cancel(out, new_household_id=7)
    story.cancel(out, new_household_id=7, relationships=related((13, "02"), (14, "51")))
    assert [story.at(p, day(6)).relationship for p in (13, 14)] == ["02", "51"]


def test_a_household_left_without_its_head_by_part_of_a_cancellation(story: Story) -> None:
    own = story.move_within(day(3), 7, 13, 14, head_id=13)
    with pytest.raises(CancellationBreaksHousehold) as error:
        story.cancel(own, 13)
    assert "残りの人" in str(error.value.data["later"])


def test_what_an_older_register_made_has_nothing_before_it(story: Story) -> None:
    gone = resident(0, household_id=3, status="moved_out")
    removal = story.enter(day(2), gone, kind="remove")
    with pytest.raises(NothingToRestore):
        story.cancel(removal)


def test_a_planned_move_out_of_an_older_register_is_taken_back(story: Story) -> None:
    """The take-over knows the resident record and the planned removal, both from the change that it names."""
    here = resident(0, household_id=3)
    parts = ((day(2), here), (day(12), here.with_(status="moved_out", planned_on=day(12))))
    effects = tuple(Effect(31, "remove", "mover", begins, record) for begins, record in parts)
    planned = story.write(Plan(Reason.MOVE_OUT, Basis.NOTIFICATION, LegalDate(day(12)), day(2), effects))
    story.cancel(planned)
    assert {record for _, record in story.line(31)} == {here}


def test_a_pair_is_taken_back_whole_and_a_later_move_stays(story: Story) -> None:
    """改製: one record ended, the next began; taken back, the former record goes on (decision 0014)."""
    renewed = story.tell(Reason.RENEWAL_ENTRY, Renewal(household_id=HOUSE, person_ids=(11,), change_date=day(3)))
    assert story.at(11, day(4)).record_no == 2
    story.move_within(day(5), HOUSE, 11, 12, 13, 14)
    plan = story.cancel_plan(renewed)
    assert plan.reason is Reason.CANCELLATION_AMENDMENT
    story.cancel(renewed)
    assert [story.at(11, d).record_no for d in (day(4), day(6))] == [1, 1]
    assert [story.at(11, d).address for d in (day(4), day(6))] == [HOME.address, OTHER.address]
    assert story.at(11, day(4)).renewed_on is None


def test_of_two_renewals_the_later_one_goes_first(story: Story) -> None:
    first = story.tell(Reason.RENEWAL_ENTRY, Renewal(household_id=HOUSE, person_ids=(11,), change_date=day(3)))
    second = story.tell(Reason.RENEWAL_ENTRY, Renewal(household_id=HOUSE, person_ids=(11,), change_date=day(5)))
    with pytest.raises(LaterChangeRelies):
        story.cancel(first)
    story.cancel(second)
    story.cancel(first)


def test_a_change_is_taken_back_through_a_later_renewal(story: Story) -> None:
    """A renewal writes the record again and decides nothing of its items."""
    moved = story.move_within(day(3), HOUSE, 11, 12, 13, 14)
    story.tell(Reason.RENEWAL_ENTRY, Renewal(household_id=HOUSE, person_ids=(11,), change_date=day(5)))
    story.cancel(moved)
    assert [story.at(11, d).address for d in (day(4), day(6))] == [HOME.address, HOME.address]
    assert story.at(11, day(6)).record_no == 2


def test_who_has_gone_on_to_people_that_the_change_has_nothing_to_do_with(story: Story) -> None:
    """A child of the household has joined another one since: of that one not everybody is read, and nothing is refused."""
    story.family(household_id=2, first=21, size=2, address=OTHER)
    death = story.death(day(3), 14)
    story.move_within(day(5), 2, 13, address=None, relationships=related((13, "99")))
    story.cancel(death)
    assert story.at(14, day(6)).household_id == HOUSE
    assert (story.at(13, day(6)).household_id, story.at(13, day(6)).relationship) == (2, "99")
