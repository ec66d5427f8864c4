"""Ends of records on the known axis: written by a pair, taken back and given back by cancellations."""

from datetime import UTC, date, datetime, timedelta

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.plan import Plan, RecordEnd
from daicho.register.changes.timeline import EndRow, Ends, StateRow, apply_ends
from tests.changes.build import resident

AT = datetime(2026, 4, 1, tzinfo=UTC)
DAY = date(2026, 4, 1)
END = RecordEnd(11, 1, LegalDate(DAY), None, "改製", "職権")
OTHER = RecordEnd(12, 1, LegalDate(DAY), None, "改製", "職権")


def state(number: int, start: date = DAY, *, status: str = "resident") -> StateRow:
    return StateRow(number, 11, number, 1, 1, start, None, AT, None, resident(0, record_no=number, status=status))


def plan(*ends: RecordEnd, cancels: int | None = None) -> Plan:
    return Plan(Reason.RENEWAL_ENTRY, Basis.EX_OFFICIO, LegalDate(DAY), None, (), ends=ends, cancels=cancels)


def after(known: list[EndRow], wanted: Plan, *live: StateRow) -> Ends:
    return apply_ends(known, wanted, live, made_by=7, written_by=8, recorded_at=AT + timedelta(hours=1))


def test_a_pair_writes_the_end_of_its_own_person() -> None:
    done = after([], plan(END, OTHER), state(1), state(2))
    assert done == Ends((), (EndRow(END, 7, 8, AT + timedelta(hours=1)),))


def test_another_change_touches_no_end() -> None:
    assert after([EndRow(END, 5, 6, AT)], plan(), state(1)) == Ends((), ())


def test_a_cancellation_takes_the_end_of_a_record_back_that_goes_on() -> None:
    known = [EndRow(END, 5, 6, AT)]
    [closed] = after(known, plan(cancels=6), state(1)).closed
    assert (closed.end, closed.known_to) == (END, AT + timedelta(hours=1))
    assert after(known, plan(cancels=6), state(1, date(2020, 1, 1)), state(2)) == Ends((), ())


def test_a_cancellation_taken_back_gives_the_end_back() -> None:
    known = [EndRow(END, 5, 6, AT, AT + timedelta(minutes=1))]
    [again] = after(known, plan(cancels=7), state(1, date(2020, 1, 1)), state(2)).written
    assert (again.end, again.made_by, again.written_by) == (END, 5, 8)
    [again] = after(known, plan(cancels=7), state(2)).written
    assert again.end == END
    left = after(known, plan(cancels=7), state(1, date(2020, 1, 1), status="moved_out"), state(2))
    assert left == Ends((), ())


def test_a_removed_record_is_the_last_state_with_its_end() -> None:
    removed = END.of(resident(0))
    assert (removed.status, removed.removed_on, removed.removed_reason) == ("removed", LegalDate(DAY), "改製")
