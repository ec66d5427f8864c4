"""How a person's record came to be what it is: from rows alone."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from daicho.register.changes.plan import Effect
from daicho.register.changes.timeline import StateRow, apply_effects
from daicho.register.store.history import known_then, sources, state_on, steps
from tests.people import record

FIRST = datetime(2026, 4, 1, tzinfo=UTC)
ENTERED = date(2026, 3, 30)


def _lives(*changes: tuple[tuple[date, dict[str, object]], ...]) -> list[StateRow]:
    """All rows of one person after some changes, a day apart; each has effects: (valid from, what differs)."""
    ids = count(1)
    rows: list[StateRow] = []
    number = 1
    for place, effects in enumerate(changes):
        done = apply_effects(
            [row for row in rows if row.known_to is None],
            [Effect(1, "amend", "mover", on, record(1, **what)) for on, what in effects],
            change_id=100 + place,
            recorded_at=FIRST + timedelta(days=place),
            next_history_no=number,
            state_ids=ids,
        )
        closed = {row.state_id: row for row in done.closed}
        rows = [closed.get(row.state_id, row) for row in rows] + list(done.written)
        number += len(effects)
    return rows


@pytest.fixture
def rows() -> list[StateRow]:
    """Entered; a remark and a planned end in one change; then a correction before both."""
    return _lives(
        ((ENTERED, {}),),
        ((date(2026, 4, 5), {"remarks": "一"}), (date(2026, 5, 1), {"remarks": "一", "status": "moved_out"})),
        ((date(2026, 4, 2), {"remarks": "二"}),),
    )


def test_one_step_for_each_change_with_what_was_before(rows: list[StateRow]) -> None:
    made = steps(rows)
    assert [(step.change_id, step.valid_from, step.changed) for step in made] == [
        (100, ENTERED, ()),
        (101, date(2026, 4, 5), ("remarks",)),
        (102, date(2026, 4, 2), ("remarks",)),
    ]
    assert made[0].before is None
    assert made[2].before == record(1)


def test_a_day_without_a_record_has_no_state(rows: list[StateRow]) -> None:
    now = known_then(rows, None)
    assert state_on(now, ENTERED - timedelta(days=1)) is None
    assert state_on([], ENTERED) is None
    on = state_on(now, date(2026, 4, 1))
    assert on is not None
    assert (on.history_no, on.made_by, on.written_by) == (1, 100, 102)


def test_what_was_known_then_is_what_is_shown_then(rows: list[StateRow]) -> None:
    assert known_then(rows, FIRST - timedelta(microseconds=1)) == []
    for place, remarks in enumerate(([None], [None, "一", "一"], [None, "二"])):
        known = known_then(rows, FIRST + timedelta(days=place))
        assert [row.record.remarks for row in known] == remarks
    assert known_then(rows, None) == known_then(rows, FIRST + timedelta(days=9))


def test_each_value_names_the_change_that_brought_it(rows: list[StateRow]) -> None:
    then = known_then(rows, FIRST + timedelta(days=1))
    shown = state_on(then, date(2026, 6, 1))
    assert shown is not None
    found = sources(then, shown)
    assert (found["name"], found["remarks"], found["status"]) == (100, 101, 101)
