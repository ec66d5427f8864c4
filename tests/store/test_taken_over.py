"""What the rows of a record taken over say: since when it holds, and which change the older register names last."""

from datetime import UTC, date, datetime
from itertools import count

import pytest

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.store.taken_over import TakenOver, household_since, rows_of_household
from tests.people import record

DAY = date(2026, 4, 1)
AT = datetime(2026, 4, 1, tzinfo=UTC)
SETTLED = LegalDate(date(2020, 5, 6))


def _change(reason: Reason, **fields: object) -> tuple[date, date | None, Basis]:
    """Date, notified on and basis of the change of one record."""
    made = rows_of_household([TakenOver(1, reason, record(9, **fields))], day=DAY, recorded_at=AT, ids=count(1))
    [change] = made.changes
    assert change.reason is reason
    return change.change_date.on, change.notified_on, change.basis


@pytest.mark.parametrize(
    ("reason", "fields", "expected"),
    [
        (Reason.MOVE_IN, {}, (date(2026, 3, 30), date(2026, 4, 1), Basis.NOTIFICATION)),
        (Reason.MOVE_IN, {"resident_since": None}, (DAY, date(2026, 4, 1), Basis.NOTIFICATION)),
        (Reason.BIRTH, {"settled_basis": Basis.EX_OFFICIO.word}, (date(1980, 3, 12), date(2026, 4, 1), Basis.EX_OFFICIO)),
        (
            Reason.MOVE_WITHIN,
            {"settled_on": SETTLED, "settled_notified_on": date(2020, 5, 8)},
            (date(2020, 5, 6), date(2020, 5, 8), Basis.NOTIFICATION),
        ),
        (Reason.MOVE_WITHIN, {}, (DAY, None, Basis.NOTIFICATION)),
        (Reason.EX_OFFICIO_AMENDMENT, {}, (DAY, None, Basis.EX_OFFICIO)),
        (Reason.HEAD_CHANGE, {}, (DAY, None, Basis.NOTIFICATION)),
        (
            Reason.MOVE_OUT,
            {"status": "moved_out", "removed_on": SETTLED, "removed_notified_on": date(2020, 5, 1)},
            (date(2020, 5, 6), date(2020, 5, 1), Basis.NOTIFICATION),
        ),
        (Reason.MOVE_OUT, {"status": "moved_out"}, (DAY, None, Basis.NOTIFICATION)),
    ],
)  # fmt: skip
def test_the_last_change_is_dated_as_the_record_says(
    reason: Reason, fields: dict[str, object], expected: tuple[date, date | None, Basis]
) -> None:
    assert _change(reason, **fields) == expected


def test_a_household_holds_since_its_last_member_came() -> None:
    child = record(9, birth=LegalDate(date(2024, 2, 3)), settled_on=SETTLED)
    adult = record(9, settled_on=SETTLED)
    assert household_since([adult, child], DAY) == date(2024, 2, 3)
    assert household_since([adult], DAY) == SETTLED.on
    assert household_since([adult, record(9, resident_since=None)], DAY) == DAY
    assert household_since([record(9, settled_on=LegalDate(date(2030, 1, 1)))], DAY) == DAY
    assert household_since([], DAY) == DAY


def test_a_planned_move_out_is_a_state_of_its_own() -> None:
    leaving = LegalDate(date(2026, 4, 20))
    gone = record(9, status="moved_out", removed_on=leaving)
    person = TakenOver(1, Reason.MOVE_OUT, record(9, settled_on=SETTLED), gone)
    made = rows_of_household([person], day=DAY, recorded_at=AT, ids=count(1))
    assert [(row.history_no, row.valid_from, row.valid_to, row.record.status) for row in made.states] == [
        (1, SETTLED.on, leaving.on, "resident"),
        (2, leaving.on, None, "moved_out"),
    ]


def test_members_with_one_act_share_its_change() -> None:
    people = [TakenOver(n, Reason.MOVE_IN, record(9, household_order=n)) for n in (1, 2)]
    made = rows_of_household(people, day=DAY, recorded_at=AT, ids=count(1))
    assert len(made.changes) == 1
    assert {row.person_id for row in made.change_persons} == {1, 2}
