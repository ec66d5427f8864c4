"""When a plan runs: once, every day, every week on a day, every month on a day or at its end (STD 9.1). Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from daicho.law.japan import JAPAN

ONCE, DAILY, WEEKLY, MONTHLY, MONTH_END = "once", "daily", "weekly", "monthly", "month_end"
RULES = {ONCE: "年月日", DAILY: "毎日", WEEKLY: "毎週", MONTHLY: "毎月", MONTH_END: "毎月末"}
WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with its time of day in Japan. `weekday`: 0 is Monday; `month_day` 31 in a shorter month is its last day."""

    rule: str
    at_time: time
    on_day: date | None = None
    weekday: int | None = None
    month_day: int | None = None

    @property
    def word(self) -> str:
        """The rule in words: 毎週月曜 02:00."""
        at = f"{self.at_time:%H:%M}"
        if self.on_day is not None:
            return f"{self.on_day:%Y-%m-%d} {at}"
        if self.weekday is not None:
            return f"毎週{WEEKDAYS[self.weekday]}曜 {at}"
        if self.month_day is not None:
            return f"毎月{self.month_day}日 {at}"
        return f"{RULES[self.rule]} {at}"


def next_after(rule: Rule, instant: datetime) -> datetime | None:
    """The first time of the rule after an instant (aware); None when none is left."""
    return next((at for day in _days(rule, instant) if (at := _at(rule, day)) > instant), None)


def _at(rule: Rule, day: date) -> datetime:
    return datetime.combine(day, rule.at_time, JAPAN)


def _days(rule: Rule, instant: datetime) -> Iterator[date]:
    """The days of the rule in order, from the day of the instant or earlier."""
    today = instant.astimezone(JAPAN).date()
    if rule.on_day is not None:
        yield rule.on_day
    elif rule.rule in (MONTHLY, MONTH_END):
        yield from (_in_month(today.year, today.month + ahead, rule.month_day or 31) for ahead in count())
    else:
        days = (today + timedelta(days=ahead) for ahead in count())
        yield from (day for day in days if rule.weekday is None or day.weekday() == rule.weekday)


def _in_month(year: int, month: int, day: int) -> date:
    year, index = divmod(year * 12 + month - 1, 12)
    return date(year, index + 1, min(day, monthrange(year, index + 1)[1]))
