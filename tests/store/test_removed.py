"""Removed records from rows alone: which state is the last one, and what is no removed record."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from daicho.law.dates import LegalDate
from daicho.register.changes.plan import RecordEnd
from daicho.register.changes.timeline import EndRow, StateRow
from daicho.register.store.removed import removal_steps, removed_records
from tests.changes.build import resident

AT = datetime(2026, 4, 1, tzinfo=UTC)
DAY = date(2026, 4, 1)
BEFORE = date(2020, 1, 1)


def state(
    history_no: int,
    number: int,
    start: date,
    *,
    status: str = "resident",
    at: datetime = AT,
    until: datetime | None = None,
    **fields: Any,
) -> StateRow:
    record = resident(0, record_no=number, status=status, **{"address": f"{history_no}番地", **fields})
    return StateRow(history_no, 11, history_no, history_no, history_no, start, None, at, until, record)


def end(number: int, on: date = DAY, until: datetime | None = None, at: datetime = AT) -> EndRow:
    return EndRow(RecordEnd(11, number, LegalDate(on), None, "改製", "職権"), 70 + number, 80 + number, at, until)


def test_the_state_that_held_when_the_record_ended_is_the_last() -> None:
    later = AT + timedelta(hours=1)
    rows = [state(1, 1, BEFORE), state(2, 1, DAY, until=later), state(3, 2, DAY, at=later)]
    [removed] = removed_records(rows, [end(1, at=later)], DAY)
    assert (removed.record.address, removed.removed_by, removed.goes_on) == ("2番地", 71, True)
    assert [one.history_no for one in removed.states] == [1, 2]


def test_an_end_of_a_record_without_states_says_nothing() -> None:
    assert removed_records([state(3, 2, DAY)], [end(1)], DAY) == ()
    assert removal_steps([state(3, 2, DAY)], [end(1)]) == []


def test_a_number_nobody_knows_is_no_removed_record() -> None:
    assert removed_records([state(3, 2, DAY)], [], DAY) == ()
    assert removed_records([state(1, 1, BEFORE)], [end(1, until=AT + timedelta(hours=1))], DAY) == ()


def test_one_step_for_each_change_that_ended_a_record() -> None:
    rows = [state(1, 1, BEFORE), state(2, 2, DAY)]
    again = EndRow(end(1).end, 71, 95, AT + timedelta(hours=2))
    [step] = removal_steps(rows, [end(1, until=AT + timedelta(hours=1)), again])
    assert (step.change_id, step.valid_from, step.after.status) == (71, DAY, "removed")


def test_who_came_back_on_the_day_of_leaving_keeps_the_removed_record_when_the_time_before_is_put_right() -> None:
    later = AT + timedelta(hours=1)
    rows = [
        state(1, 1, BEFORE, until=later),
        state(2, 1, DAY, status="moved_out", until=later),
        state(3, 2, DAY),
        state(4, 1, BEFORE + timedelta(days=9)),
    ]
    [removed] = removed_records(rows, [], DAY)
    assert (removed.record_no, removed.record.status, removed.removed_by) == (1, "moved_out", 2)
    assert [one.history_no for one in removed.states] == [4, 2]


def test_what_is_put_right_on_the_days_before_reaches_a_record_that_lost_its_day() -> None:
    """Left and came back on one day: the removed state carries no day, so what it carried over follows the day before."""
    returned, corrected = AT + timedelta(hours=1), AT + timedelta(hours=2)
    rows = [
        state(1, 1, BEFORE, at=AT - timedelta(days=9), until=corrected, name="高橋　健一", address="1番地"),
        state(
            2, 1, DAY, status="moved_out", until=returned, name="高橋　健一", address="1番地", planned_address="杉並区"
        ),
        state(3, 2, DAY, at=returned, name="髙橋　健一"),
        state(4, 1, BEFORE, at=corrected, name="髙橋　健一", address="1番地4"),
    ]
    [removed] = removed_records(rows, [], DAY)
    record = removed.record
    assert (record.name, record.address, record.planned_address) == ("髙橋　健一", "1番地4", "杉並区")
    assert (record.status, removed.removed_by) == ("moved_out", 2)
    [then] = removed_records(rows, [], DAY, returned)
    assert (then.record.name, then.record.address) == ("高橋　健一", "1番地")


def test_what_a_change_set_on_the_day_of_the_renewal_stays_when_the_days_before_are_put_right() -> None:
    renewed, corrected = AT + timedelta(hours=1), AT + timedelta(hours=2)
    rows = [
        state(1, 1, BEFORE, at=AT - timedelta(days=9), until=corrected, name="高橋　健一", address="1番地"),
        state(2, 1, DAY, until=renewed, name="高橋　健一", address="2番地"),
        state(3, 2, DAY, at=renewed, name="髙橋　健一", address="2番地"),
        state(4, 1, BEFORE, at=corrected, name="髙橋　健一", address="1番地"),
    ]
    [removed] = removed_records(rows, [end(1, at=renewed)], DAY)
    assert (removed.record.name, removed.record.address, removed.record.removed_reason) == (
        "髙橋　健一",
        "2番地",
        "改製",
    )
    [step] = removal_steps(rows, [end(1, at=renewed)])
    assert step.before is not None
    assert (step.before.name, step.before.address) == ("高橋　健一", "2番地")
