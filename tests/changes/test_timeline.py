"""From effects to rows on two time axes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from daicho.register.changes.errors import LaterChangeExists, NotResident
from daicho.register.changes.overlay import amend_from
from daicho.register.changes.plan import Effect
from daicho.register.changes.record import ResidentRecord, differences
from daicho.register.changes.timeline import StateRow, apply_effects
from tests.changes.build import DAY, TODAY, before, days, family, household, leaves, person, resident

FIRST = datetime(2026, 4, 1, tzinfo=UTC)
THEN = FIRST + timedelta(days=1)
SINCE = date(2019, 4, 1)


def live(record: ResidentRecord, valid_from: date = SINCE, valid_to: date | None = None, no: int = 1) -> StateRow:
    return StateRow(no, 11, no, 1, 1, valid_from, valid_to, FIRST, None, record)


def effect(record: ResidentRecord, on: date = DAY) -> Effect:
    return Effect(11, "amend", "mover", on, record)


def apply(rows: list[StateRow], *effects: Effect, at: datetime = THEN) -> tuple[list[StateRow], list[StateRow]]:
    done = apply_effects(rows, effects, change_id=7, recorded_at=at, next_history_no=5, state_ids=iter(range(100, 200)))
    return list(done.closed), list(done.written)


def test_the_part_before_is_carried_over_with_its_number_and_maker() -> None:
    old, new = resident(0), resident(0, address="別")
    [closed], [carried, written] = apply([live(old)], effect(new))
    assert (closed.state_id, closed.known_to) == (1, THEN)
    assert (carried.history_no, carried.made_by, carried.written_by) == (1, 1, 7)
    assert (carried.valid_from, carried.valid_to, carried.record) == (SINCE, DAY, old)
    assert (written.history_no, written.made_by, written.written_by) == (5, 7, 7)
    assert (written.valid_from, written.valid_to, written.record) == (DAY, None, new)
    assert {row.known_from for row in (carried, written)} == {THEN}


def test_a_first_entry_closes_nothing() -> None:
    closed, [written] = apply([], effect(resident(0)))
    assert not closed
    assert written.valid_from == DAY


def test_what_ended_before_is_left_alone() -> None:
    ended, current = live(resident(0), SINCE, DAY - days(5)), live(resident(0), DAY - days(5), None, 2)
    closed, written = apply([ended, current], effect(resident(0)))
    assert [row.state_id for row in closed] == [2]
    assert [row.valid_from for row in written] == [DAY - days(5), DAY]


def test_on_the_same_day_the_last_one_wins() -> None:
    closed, [written] = apply([live(resident(0), DAY)], effect(resident(0, address="別")))
    assert len(closed) == 1
    assert written.record.address == "別"


def test_several_effects_end_where_the_next_begins() -> None:
    _, [_, first, second] = apply([live(resident(0))], effect(resident(1), TODAY), effect(resident(0)))
    assert (first.valid_from, first.valid_to, first.history_no) == (DAY, TODAY, 5)
    assert (second.valid_from, second.valid_to, second.history_no) == (TODAY, None, 6)


def test_no_effects_no_rows() -> None:
    assert apply([live(resident(0))]) == ([], [])


def test_recorded_at_must_move_on() -> None:
    with pytest.raises(ValueError, match="recorded_at"):
        apply([live(resident(0))], effect(resident(0)), at=FIRST)


def test_one_day_has_one_effect() -> None:
    with pytest.raises(ValueError, match="same day"):
        apply([], effect(resident(0)), effect(resident(1)))


def test_amending_carries_a_planned_removal() -> None:
    gone_on = TODAY + days(5)
    effects = amend_from(person(11, resident(0), leaves(resident(0), gone_on)), DAY, "mover", address="別")
    assert [(e.valid_from, e.record.status, e.record.address, e.kind) for e in effects] == [
        (DAY, "resident", "別", "amend"),
        (gone_on, "moved_out", "別", "amend"),
    ]


def test_amending_needs_a_resident() -> None:
    with pytest.raises(NotResident):
        amend_from(person(11, None), DAY)
    with pytest.raises(NotResident):
        amend_from(person(11, resident(0, status="dead")), DAY)


def test_amending_never_overwrites_a_later_change() -> None:
    with pytest.raises(LaterChangeExists) as caught:
        amend_from(person(11, resident(0), (TODAY, resident(0, name="別"))), DAY, name="他")
    assert "令和8年11月24日" in caught.value.message


def test_a_picture_is_known_by_its_states() -> None:
    there = before(family(2), persons=(person(11, resident(0)), person(50, None, (TODAY, resident(3)))))
    assert there.fingerprint() == ((11, 110), (12, 120), (50, 501))
    assert there.person(12).person_id == 12
    assert there.person(50).later
    assert there.person(77).current is None
    assert there.household(9).members == ()


def test_a_household_knows_its_head() -> None:
    first = family(3).head
    assert first is not None
    assert first.person_id == 11
    assert household(person(12, resident(1))).head is None


def test_differences_name_the_fields_in_order() -> None:
    assert differences(resident(0), resident(0, address="別", name="他")) == ("address", "name")


def test_an_unknown_field_cannot_be_set() -> None:
    with pytest.raises(KeyError):
        resident(0).with_(adress="別")
