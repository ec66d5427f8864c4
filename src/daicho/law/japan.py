"""The clock of the register: days begin and end in Japan, wherever a process runs."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


def midnight(day: date) -> datetime:
    """The first instant of a day in Japan."""
    return datetime.combine(day, time(0), JAPAN)
