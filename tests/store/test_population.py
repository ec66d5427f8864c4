"""opening + entered - removed = closing, per sex and nationality class (STD 1.2.2)."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daicho.register.changes.record import ResidentRecord
from daicho.register.store.population import Class, Flow, Line, flows
from tests.changes.build import resident

BASE = resident()
MAN, WOMAN, FOREIGN = Class("1", False), Class("2", False), Class("1", True)
FIRST, LAST = date(2026, 4, 1), date(2026, 4, 30)
GONE = BASE.with_(status="moved_out")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ([(date(2026, 3, 31), BASE)], {MAN: Flow(1, 0, 0, 1)}),
        ([(FIRST, BASE)], {MAN: Flow(0, 1, 0, 1)}),
        ([(date(2026, 3, 1), BASE), (LAST, GONE)], {MAN: Flow(1, 0, 1, 0)}),
        ([(date(2026, 3, 1), BASE), (date(2026, 5, 1), GONE)], {MAN: Flow(1, 0, 0, 1)}),
        ([(FIRST, BASE), (date(2026, 4, 9), GONE), (date(2026, 4, 20), BASE)], {MAN: Flow(0, 2, 1, 1)}),
        ([(date(2026, 5, 1), BASE)], {}),
        (
            [(date(2026, 3, 1), BASE.with_(is_foreign=True)), (date(2026, 4, 9), BASE)],
            {MAN: Flow(0, 1, 0, 1), FOREIGN: Flow(1, 0, 1, 0)},
        ),
        (
            [(date(2026, 3, 1), BASE), (date(2026, 4, 9), BASE.with_(address="別府二丁目9番地3"))],
            {MAN: Flow(1, 0, 0, 1)},
        ),
    ],
)
def test_who_counts_where(line: Line, expected: dict[Class, Flow]) -> None:
    assert flows([line], FIRST, LAST) == expected


records = st.builds(
    BASE.with_,
    status=st.sampled_from(["resident", "moved_out"]),
    sex=st.sampled_from("12"),
    is_foreign=st.booleans(),
)
days = st.dates(date(2026, 3, 20), date(2026, 5, 10))
lines = st.dictionaries(days, records, max_size=4).map(lambda found: sorted(found.items(), key=lambda e: e[0]))


@given(people=st.lists(lines, max_size=4), first=days, length=st.integers(0, 40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_opening_and_what_came_and_went_is_closing(
    people: list[list[tuple[date, ResidentRecord]]], first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    for one, flow in flows(people, first, last).items():
        assert flow.opening + flow.entered - flow.removed == flow.closing
        assert (
            flow.closing == flows(people, last + timedelta(days=1), last + timedelta(days=1)).get(one, Flow()).opening
        )
    assert WOMAN.sex == "2"
