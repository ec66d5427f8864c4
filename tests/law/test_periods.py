"""Periods, deadlines and retention."""

from datetime import date, timedelta

import pytest

from daicho.law import periods
from daicho.law.retention import PERIODS, Kept, keep_until, may_be_discarded_lawfully, may_be_erased


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 11, 24), False),
        (date(2026, 11, 21), True),
        (date(2026, 11, 22), True),
        (date(2026, 11, 23), True),
        (date(2026, 9, 22), True),
        (date(2026, 12, 28), False),
        (date(2026, 12, 29), True),
        (date(2027, 1, 1), True),
        (date(2025, 1, 3), True),
        (date(2027, 1, 4), False),
    ],
)
def test_city_holidays(day: date, closed: bool) -> None:
    assert periods.is_city_holiday(day) is closed


@pytest.mark.parametrize(
    ("changed", "deadline"),
    [
        (date(2026, 11, 10), date(2026, 11, 24)),
        (date(2026, 11, 7), date(2026, 11, 24)),
        (date(2026, 12, 15), date(2027, 1, 4)),
        (date(2026, 6, 1), date(2026, 6, 15)),
    ],
)
def test_fourteen_days_end_on_an_open_day(changed: date, deadline: date) -> None:
    assert periods.notification_deadline(changed) == deadline
    assert not periods.is_late(changed, deadline)
    assert periods.is_late(changed, deadline + timedelta(days=1))


def test_days_since_a_change() -> None:
    assert periods.days_since(date(2026, 11, 20), date(2026, 11, 24)) == 4
    assert periods.days_since(date(2026, 11, 30), date(2026, 11, 24)) == -6


def test_a_move_out_after_fourteen_days_is_recorded_ex_officio() -> None:
    assert not periods.move_out_is_ex_officio(date(2026, 6, 1), date(2026, 6, 15))
    assert periods.move_out_is_ex_officio(date(2026, 6, 1), date(2026, 6, 16))


def test_business_days() -> None:
    assert periods.business_days_later(date(2026, 11, 20), 1) == date(2026, 11, 24)
    assert periods.business_days_later(date(2026, 11, 24), 2) == date(2026, 11, 26)
    assert periods.business_days_later(date(2026, 11, 21), 0) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("begins", "years", "ends"),
    [
        (date(2026, 4, 1), 1, date(2027, 4, 1)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2023, 2, 28), 1, date(2024, 2, 29)),
        (date(2024, 2, 28), 1, date(2025, 2, 28)),
        (date(2024, 2, 28), 4, date(2028, 2, 28)),
        (date(2026, 12, 31), 150, date(2176, 12, 31)),
    ],
)
def test_periods_of_years(begins: date, years: int, ends: date) -> None:
    assert periods.years_later(begins, years) == ends


@pytest.mark.parametrize(
    ("kept", "ends"),
    [
        (Kept.REMOVED_RECORD, date(2176, 11, 20)),
        (Kept.IDENTITY_SUPERSEDED, date(2176, 11, 20)),
        (Kept.IDENTITY_REMOVED, date(2176, 11, 20)),
        (Kept.DOCUMENT, date(2027, 11, 20)),
        (Kept.PROVISION_RECORD, date(2033, 11, 20)),
        (Kept.DISPATCH, date(2026, 11, 24)),
    ],
)
def test_retention(kept: Kept, ends: date) -> None:
    begins = date(2026, 11, 20)
    assert keep_until(kept, begins) == ends
    assert not may_be_erased(kept, begins, ends)
    assert may_be_erased(kept, begins, date(2200, 1, 1))
    assert PERIODS[kept].basis


def test_removed_records_of_the_time_of_five_years() -> None:
    assert may_be_discarded_lawfully(date(2014, 6, 19))
    assert not may_be_discarded_lawfully(date(2014, 6, 20))
