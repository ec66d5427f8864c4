"""Removed records from rows alone: which state is the last one, and what is no removed record."""

from datetime import UTC, date, datetime, timedelta

from daicho.law.dates import LegalDate
from daicho.register.changes.plan import RecordEnd
from daicho.register.changes.timeline import EndRow, StateRow
from daicho.register.store.removed import removal_steps, removed_records
from tests.changes.build import resident

AT = datetime(2026, 4, 1, tzinfo=UTC)
DAY = date(2026, 4, 1)
BEFORE = date(2020, 1, 1)


def state(
    history_no: int, number: int, start: date, *, status: str = "resident", until: datetime | None = None
) -> StateRow:
    record = resident(0, record_no=number, status=status, address=f"{history_no}番地")
    return StateRow(history_no, 11, history_no, history_no, history_no, start, None, AT, until, record)


def end(number: int, on: date = DAY, until: datetime | None = None) -> EndRow:
    return EndRow(RecordEnd(11, number, LegalDate(on), None, "改製", "職権"), 70 + number, 80 + number, AT, until)


def test_the_state_with_the_highest_history_number_is_the_last() -> None:
    rows = [state(1, 1, BEFORE), state(2, 1, DAY, until=AT + timedelta(hours=1)), state(3, 2, DAY)]
    [removed] = removed_records(rows, [end(1)], DAY)
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
