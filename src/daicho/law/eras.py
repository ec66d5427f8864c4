"""Eras (元号) and how dates are written (STD 1.1.9): a new era is one more row of data/eras.csv.

`last_recorded_day` is the last day that may be recorded under the era: 明治45年7月30日 and 大正15年12月25日 are
allowed although the next era had begun that day (STD 1.1.8). 明治 starts with 明治6年1月1日, the first day of the
solar calendar; earlier dates are lunar and are not accepted.
"""

from dataclasses import dataclass
from datetime import date

from daicho.law.tables import remembered, table

FIGURE_SPACE = "\N{FIGURE SPACE}"


@dataclass(frozen=True, slots=True)
class Era:
    """One era; `first_year` is the Western year of its year 1."""

    digit: str
    letter: str
    name: str
    first_day: date
    last_recorded_day: date | None
    first_year: int

    def covers(self, on: date) -> bool:
        """Whether `on` may be recorded under this era."""
        return self.first_day <= on <= (self.last_recorded_day or date.max)


def _era(row: dict[str, str]) -> Era:
    first_day, last = date.fromisoformat(row["first_day"]), row["last_recorded_day"]
    # Only 明治 does not start in its own year 1: its solar part begins in year 6.
    first_year = 1868 if row["letter"] == "M" else first_day.year
    last_day = date.fromisoformat(last) if last else None
    return Era(row["digit"], row["letter"], row["name"], first_day, last_day, first_year)


@remembered
def eras() -> tuple[Era, ...]:
    """The eras of data/eras.csv, oldest first."""
    return tuple(_era(dict(row)) for row in table("eras.csv"))


def era_of(on: date) -> Era | None:
    """The era in force on `on` (the newer one on a day of change), None before 明治6年."""
    return next((era for era in reversed(eras()) if era.first_day <= on), None)


def year_name(era: Era, year: int) -> str:
    """Era year as written: 1 is 元."""
    return "元" if year == 1 else str(year)


def format_western(on: date) -> str:
    """1980年3月12日: birth dates of foreign residents and the end of a period of stay (STD 1.1.9)."""
    return f"{on.year}年{on.month}月{on.day}日"


def format_wareki(on: date) -> str:
    """昭和55年3月12日, the form of certificates and screens (STD 1.1.9); Western before 明治6年."""
    era = era_of(on)
    if era is None:
        return format_western(on)
    return f"{era.name}{year_name(era, on.year - era.first_year + 1)}年{on.month}月{on.day}日"


def format_short(on: date) -> str:
    """昭55. 3.12 for table cells: parts padded to two columns with figure spaces, 元 being two columns wide."""
    era = era_of(on)
    if era is None:
        return f"{on.year}.{on.month:{FIGURE_SPACE}>2}.{on.day:{FIGURE_SPACE}>2}"
    year = on.year - era.first_year + 1
    shown = "元" if year == 1 else f"{year:{FIGURE_SPACE}>2}"
    return f"{era.name[0]}{shown}.{on.month:{FIGURE_SPACE}>2}.{on.day:{FIGURE_SPACE}>2}"


def format_year(year: int) -> str:
    """Every name of a Western year: 昭和64年・平成元年 for 1989."""
    names = [
        f"{era.name}{year_name(era, year - era.first_year + 1)}年"
        for era in eras()
        if era.first_day.year <= year <= (era.last_recorded_day or date.max).year
    ]
    return "・".join(names) or f"{year}年"


def typed_day(on: date) -> str:
    """R3.4.1, as a day would be typed; the Western form before the first era."""
    era = era_of(on)
    if era is None:
        return f"{on.year}/{on.month}/{on.day}"
    return f"{era.letter}{on.year - era.first_year + 1}.{on.month}.{on.day}"
