"""Periods and deadlines: 14 days for notifications, business days of the city, years of retention.

The first day does not count (民法140条). A deadline for a notification that falls on a city holiday moves to the next
open day (地方自治法4条の2第4項); city holidays are Saturdays, Sundays, national holidays and 29 December to 3 January.
"""

from datetime import date, timedelta

import jpholiday

from daicho.law.tables import given, remembered

NOTIFICATION_DAYS = 14
"""Moves in, moves within and changes of household: within 14 days (住民基本台帳法22条, 23条, 25条)."""

_DAY = timedelta(days=1)


def is_city_holiday(on: date) -> bool:
    """Whether the city office is closed by law (地方自治法4条の2第2項); single offices may open on such days."""
    special = _special_days().get(on.isoformat())
    if special is not None:
        return special == "closed"
    year_end = (on.month, on.day) >= (12, 29) or (on.month, on.day) <= (1, 3)
    return on.weekday() >= 5 or year_end or jpholiday.is_holiday(on)


@remembered
def _special_days() -> dict[str, str]:
    """Days that the city has declared closed or open in its calendar, by ISO date."""
    return {row["code"]: row["kind"] for row in given("city_days")}


def open_day(on: date) -> date:
    """`on` itself or the next day that is no city holiday."""
    while is_city_holiday(on):
        on += _DAY
    return on


def business_days_later(on: date, count: int) -> date:
    """The `count`-th open day after `on`."""
    for _ in range(count):
        on = open_day(on + _DAY)
    return on


def days_since(changed: date, notified: date) -> int:
    """Days from the change to its notification, the first day not counted; negative for planned changes."""
    return (notified - changed).days


def notification_deadline(changed: date) -> date:
    """The last day on which a change of this day is notified in time (法22条 with 地方自治法4条の2第4項)."""
    return open_day(changed + NOTIFICATION_DAYS * _DAY)


def is_late(changed: date, notified: date) -> bool:
    """Whether the notification came after its deadline (法52条2項: 過料 is for the court, the clerk only notes it)."""
    return notified > notification_deadline(changed)


def move_out_is_ex_officio(moved: date, notified: date) -> bool:
    """Whether a move-out is recorded ex officio because 14 days have passed since it (STD 4.1.3.0.1)."""
    return days_since(moved, notified) > NOTIFICATION_DAYS


def years_later(begins: date, years: int) -> date:
    """The last day of a period of years that begins with the event of `begins` (民法140条, 143条)."""
    first = begins + _DAY
    try:
        return first.replace(year=first.year + years) - _DAY
    except ValueError:  # 29 February without a day of that name: the period ends with the month (143条2項)
        return date(first.year + years, 2, 28)
