"""When a plan runs next (STD 9.1)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.japan import JAPAN
from daicho.register.batch.rule import DAILY, MONTH_END, MONTHLY, ONCE, WEEKLY, Rule, next_after

NINE = time(21, 0)
NOON = datetime(2026, 1, 30, 12, 0, tzinfo=JAPAN)  # a Friday


@pytest.mark.parametrize(
    ("rule", "wanted", "word"),
    [
        (Rule(ONCE, NINE, on_day=date(2026, 2, 3)), date(2026, 2, 3), "2026-02-03 21:00"),
        (Rule(ONCE, NINE, on_day=date(2026, 1, 29)), None, "2026-01-29 21:00"),
        (Rule(DAILY, NINE), date(2026, 1, 30), "毎日 21:00"),
        (Rule(DAILY, time(2, 0)), date(2026, 1, 31), "毎日 02:00"),
        (Rule(WEEKLY, NINE, weekday=4), date(2026, 1, 30), "毎週金曜 21:00"),
        (Rule(WEEKLY, NINE, weekday=0), date(2026, 2, 2), "毎週月曜 21:00"),
        (Rule(MONTHLY, NINE, month_day=1), date(2026, 2, 1), "毎月1日 21:00"),
        (Rule(MONTHLY, time(2, 0), month_day=30), date(2026, 2, 28), "毎月30日 02:00"),
        (Rule(MONTHLY, NINE, month_day=30), date(2026, 1, 30), "毎月30日 21:00"),
        (Rule(MONTH_END, NINE), date(2026, 1, 31), "毎月末 21:00"),
    ],
)
def test_the_next_time(rule: Rule, wanted: date | None, word: str) -> None:
    found = next_after(rule, NOON.astimezone(UTC))
    assert found == (None if wanted is None else datetime.combine(wanted, rule.at_time, JAPAN))
    assert rule.word == word


rules = st.one_of(
    st.builds(Rule, st.just(DAILY), st.times()),
    st.builds(Rule, st.just(WEEKLY), st.times(), weekday=st.integers(0, 6)),
    st.builds(Rule, st.just(MONTHLY), st.times(), month_day=st.integers(1, 31)),
    st.builds(Rule, st.just(MONTH_END), st.times()),
)


@given(rules, st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)))
def test_it_is_later_and_never_further_than_one_turn(rule: Rule, naive: datetime) -> None:
    instant = naive.replace(tzinfo=JAPAN)
    found = next_after(rule, instant)
    assert found is not None
    assert instant < found <= instant + timedelta(days={DAILY: 1, WEEKLY: 7}.get(rule.rule, 32))
    if rule.rule == MONTH_END:
        assert (found + timedelta(days=1)).day == 1
    if rule.weekday is not None:
        assert found.weekday() == rule.weekday
