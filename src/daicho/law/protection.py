"""Protection of threatened people (支援措置): periods, duties, sections (STD 1.1.16, 3.4; 住民基本台帳事務処理要領 第5-10)."""

from dataclasses import dataclass
from datetime import date, timedelta

from daicho.law.periods import years_later

_DAY = timedelta(days=1)

DUTIES = {
    "read_now": "住民基本台帳の閲覧(現住所)",
    "copy_now": "住民票の写し等の交付(現住所)",
    "copy_former": "住民票の写し等の交付(前住所)",
    "supplement_now": "戸籍の附票の写しの交付(本籍)",
    "supplement_former": "戸籍の附票の写しの交付(前本籍)",
    "supplement_earlier": "戸籍の附票の写しの交付(前々本籍など)",
}
"""事務 that an applicant may ask to be held back (STD 1.1.16)."""

SECTIONS = {
    "family_register": "戸籍・附票",
    "tax": "税",
    "health_insurance": "国民健康保険・後期高齢者医療",
    "pension": "国民年金",
    "care": "介護保険",
    "child": "児童手当・保育",
    "school": "教育委員会",
    "welfare": "福祉",
    "election": "選挙管理委員会",
    "kiosk": "コンビニ交付",
    "connector": "住民基本台帳ネットワーク",
}
"""Other sections that must know of a measure the same day (Izumo: not passed between desks)."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day of a measure, both included."""

    starts_on: date
    ends_on: date


def period_from(starts_on: date) -> Period:
    """One year less a day: 2020-04-01 to 2021-03-31 (STD 3.4)."""
    return Period(starts_on, years_later(starts_on - _DAY, 1))


def extended(period: Period) -> Period:
    """The next year, from the day after the end (STD 3.4)."""
    return period_from(period.ends_on + _DAY)


def extension_opens(ends_on: date) -> date:
    """The day from which a measure can be extended and its end is alerted: one month before the end (STD 3.4)."""
    year, month = (ends_on.year, ends_on.month - 1) if ends_on.month > 1 else (ends_on.year - 1, 12)
    first_of_next = date(ends_on.year, ends_on.month, 1)
    return date(year, month, min(ends_on.day, (first_of_next - _DAY).day))
