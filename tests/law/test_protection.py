"""Periods of a measure of protection (STD 3.4)."""

from datetime import date

import pytest

from daicho.law.protection import Period, extended, extension_opens, period_from


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (date(2020, 4, 1), date(2021, 3, 31)),
        (date(2023, 3, 1), date(2024, 2, 29)),
        (date(2024, 3, 1), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_year_less_a_day(starts: date, ends: date) -> None:
    assert period_from(starts) == Period(starts, ends)


def test_the_next_year_begins_the_day_after() -> None:
    assert extended(Period(date(2020, 4, 1), date(2021, 3, 31))) == Period(date(2021, 4, 1), date(2022, 3, 31))


@pytest.mark.parametrize(
    ("ends", "opens"),
    [
        (date(2021, 3, 31), date(2021, 2, 28)),
        (date(2024, 3, 30), date(2024, 2, 29)),
        (date(2021, 1, 15), date(2020, 12, 15)),
        (date(2021, 6, 30), date(2021, 5, 30)),
    ],
)
def test_extension_opens_one_month_before(ends: date, opens: date) -> None:
    assert extension_opens(ends) == opens
