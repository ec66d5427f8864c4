"""Dates as typed and as recorded: calendar dates, and the unknown and impossible dates of STD 1.1.8.

`parse_date` reads every form of the one date box; `parse_legal_date` adds the dates that only birth dates, 住民と
なった年月日, 住所を定めた年月日, 外国人住民となった年月日 and the change dates of birth, death and disappearance may
hold; `from_import` reads the forms of the take-over file. Dates are days in Japan, without time.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from daicho.law import eras as era_names
from daicho.law.eras import Era, format_short, format_wareki, format_western, format_year
from daicho.law.errors import DaichoError

__all__ = [
    "UNKNOWN_DAY",
    "AmbiguousDate",
    "DateRange",
    "FutureDate",
    "ImpossibleDate",
    "LegalDate",
    "OutOfEra",
    "Precision",
    "UnreadableDate",
    "age_on",
    "format_echo",
    "format_short",
    "format_wareki",
    "format_western",
    "format_year",
    "from_import",
    "parse_date",
    "parse_legal_date",
]

DateRange = tuple[date, date]
UNKNOWN_DAY = date(1868, 1, 1)
"""Sorting date of 年月日不詳: before every date that can be recorded."""


class UnreadableDate(DaichoError):
    """The text is none of the accepted forms."""

    code = "L201"
    happened = "日付として読み取れません。"
    todo = "「S550312」「昭和55年3月12日」「19800312」のように入力してください。"


class ImpossibleDate(DaichoError):
    """The calendar has no such day; data: shown."""

    code = "L202"
    happened = "{shown}は暦にない日付です。"
    todo = "月と日を確かめて、入力し直してください。"


class OutOfEra(DaichoError):
    """The day lies outside the era it is written in; data: shown, correct (the same day in its own era)."""

    code = "L203"
    happened = "{shown}はその元号の期間にありません。"
    todo = "元号と年を確かめてください。西暦が同じ日は{correct}です。"


class AmbiguousDate(DaichoError):
    """No era was given and several fit; data: choices."""

    code = "L204"
    happened = "元号がないため、日付を一つに決められません（{choices}）。"
    todo = "先頭に元号（S・H・R など）を付けて入力してください。"


class FutureDate(DaichoError):
    """The day lies after today where only past days are allowed; data: shown."""

    code = "L205"
    happened = "{shown}は今日より後の日付です。"
    todo = "日付を確かめて、入力し直してください。"


class Precision(StrEnum):
    """What is known of a recorded date: the calendar day, an impossible day, or one of the 14 forms of STD 1.1.8."""

    DAY = "day"
    IMPOSSIBLE = "impossible"
    ABOUT_YEAR = "about_year"
    ABOUT_MONTH = "about_month"
    ABOUT_DAY = "about_day"
    ESTIMATED_DAY = "estimated_day"
    ESTIMATED_MONTH = "estimated_month"
    SEASON = "season"
    THIRD_OF_MONTH = "third_of_month"
    ABOUT_THIRD_OF_MONTH = "about_third_of_month"
    UNKNOWN = "unknown"
    YEAR = "year"
    MONTH = "month"
    BETWEEN_MONTHS = "between_months"
    ESTIMATED_BETWEEN_DAYS = "estimated_between_days"
    ABOUT_BETWEEN_DAYS = "about_between_days"


@dataclass(frozen=True, slots=True)
class LegalDate:
    """A recorded date: `on` sorts it, `text` is what is printed where it is not simply the calendar day `on`."""

    on: date
    precision: Precision = Precision.DAY
    text: str | None = None

    def __post_init__(self) -> None:
        """A date that is not a calendar day must carry its text."""
        if self.precision is not Precision.DAY and not self.text:
            raise ValueError("a legal date that is no calendar day needs its text")

    @property
    def is_calendar(self) -> bool:
        """Whether the day itself is known and exists (STD 1.1.8: all that most items may hold)."""
        return self.precision is Precision.DAY

    @property
    def wareki(self) -> str:
        """The date as certificates and screens show it."""
        return self.text or format_wareki(self.on)

    @property
    def western(self) -> str:
        """The date for items shown in Western years (STD 1.1.9); recorded text stays as recorded."""
        return self.text if self.text and not self.is_calendar else format_western(self.on)


def age_on(born: date | LegalDate, on: date) -> int | None:
    """Full years on `on`; None when the birth year is unknown. Born on 29 February: older from 1 March.

    Ages of unknown birth days count from the sorting date.
    """
    if isinstance(born, LegalDate):
        if born.precision is Precision.UNKNOWN:
            return None
        born = born.on
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def format_echo(on: date, today: date | None = None) -> str:
    """昭和55年3月12日(1980-03-12)・46歳: what the date box shows below the input; the age only with `today`."""
    age = "" if today is None else f"・{age_on(on, today)}歳"
    return f"{format_wareki(on)}({on.isoformat()}){age}"


# --- reading -------------------------------------------------------------------------------------------------------

_TRANSLATE = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))
_TODAY = {"T", "今日", "本日"}
_RELATIVE = re.compile(r"-(\d{1,3})")
_COMPACT = re.compile(r"([A-Z]|\d)?(\d\d)(\d\d)(\d\d)")
_COMPACT_WESTERN = re.compile(r"(\d{4})(\d\d)(\d\d)")
_PARTED = re.compile(r"(\D{0,2}?)(\d{1,4}|元)(?:年|[./-])(\d{1,2})(?:月|[./-])(\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class _Parts:
    """Year, month and day as written; `era` None means a Western year."""

    era: Era | None
    year: int
    month: int
    day: int

    @property
    def western_year(self) -> int:
        return self.year if self.era is None else self.era.first_year + self.year - 1

    @property
    def month_name(self) -> str:
        return f"{_year_text(self.era, self.year)}{self.month}月"

    @property
    def shown(self) -> str:
        return f"{self.month_name}{self.day}日"


def _year_text(era: Era | None, year: int) -> str:
    return f"{year}年" if era is None else f"{era.name}{era_names.year_name(era, year)}年"


def _clean(text: str) -> str:
    """Width, case, spaces and kinds of hyphen do not matter; square era signs become two characters."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper().translate(_TRANSLATE)


def _find_era(mark: str) -> Era:
    for era in era_names.eras():
        if mark in (era.name, era.letter, era.digit, era.name[0]):
            return era
    raise UnreadableDate


def _number(text: str) -> int:
    return 1 if text == "元" else int(text)


def _split(text: str) -> tuple[str | None, int, int, int] | None:
    """(era mark, year, month, day) of cleaned text: mark "" is a Western year, None says that no era was given."""
    if match := _COMPACT_WESTERN.fullmatch(text):
        return "", int(match[1]), int(match[2]), int(match[3])
    if match := _COMPACT.fullmatch(text):
        return match[1], int(match[2]), int(match[3]), int(match[4])
    if match := _PARTED.fullmatch(text):
        mark = match[1] or ("" if len(match[2]) == 4 else None)
        return "" if mark == "西暦" else mark, _number(match[2]), int(match[3]), int(match[4])
    return None


def _calendar(parts: _Parts) -> date:
    """The day of `parts`; raises ImpossibleDate or OutOfEra."""
    try:
        on = date(parts.western_year, parts.month, parts.day)
    except ValueError:
        raise ImpossibleDate(shown=parts.shown) from None
    era = parts.era
    if (era and not (parts.year and era.covers(on))) or on < era_names.eras()[0].first_day:
        raise OutOfEra(shown=parts.shown, correct=format_wareki(on))
    return on


def _fitting(year: int, month: int, day: int, window: DateRange) -> list[_Parts]:
    """The readings of a date without era that exist and lie in `window`."""
    found = []
    for era in era_names.eras():
        parts = _Parts(era, year, month, day)
        try:
            on = _calendar(parts)
        except (ImpossibleDate, OutOfEra):
            continue
        if window[0] <= on <= window[1]:
            found.append(parts)
    return found


def _parts(text: str, window: DateRange) -> _Parts:
    """The parts of cleaned text, the era found by `window` when none is written."""
    split = _split(text)
    if split is None:
        raise UnreadableDate
    mark, year, month, day = split
    if mark == "":
        return _Parts(None, year, month, day)
    if mark is not None:
        return _Parts(_find_era(mark), year, month, day)
    found = _fitting(year, month, day, window)
    if len(found) == 1:
        return found[0]
    if not found:
        raise ImpossibleDate(shown=f"{year}年{month}月{day}日")
    raise AmbiguousDate(choices="・".join(parts.shown for parts in found))


def _window(today: date, expected: DateRange | None) -> DateRange:
    return expected or (era_names.eras()[0].first_day, today)


def _relative(text: str, today: date) -> date | None:
    if text in _TODAY:
        return today
    if match := _RELATIVE.fullmatch(text):
        return today - timedelta(days=int(match[1]))
    return None


def _not_after(on: date, shown: str, today: date, future: bool) -> None:
    if on > today and not future:
        raise FutureDate(shown=shown)


def parse_date(text: str, today: date, *, expected: DateRange | None = None, future: bool = False) -> date:
    """The calendar day typed as S550312, s55.3.12, 3550312, R元.5.1, 19800312, 1980/3/12, 昭和55年3月12日, 今日, t, -3.

    `expected` (first and last likely day) settles the era of 550312 and 55.3.12, by default any day up to today;
    `future` allows days after today (planned move-outs only). Raises L201-L205.
    """
    cleaned = _clean(text)
    on = _relative(cleaned, today)
    if on is None:
        on = _calendar(_parts(cleaned, _window(today, expected)))
    _not_after(on, format_wareki(on), today, future)
    return on


# --- unknown and impossible dates ------------------------------------------------------------------------------------

_Y = r"(?P<era>\D{0,2}?)(?P<year>\d{1,4}|元)年"
_M = r"(?P<month>\d{1,2})月"
_D = r"(?P<day>\d{1,2})日"
_SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
_THIRDS = {"上旬": 1, "中旬": 11, "下旬": 21}

_FORMS: Sequence[tuple[Precision, str, str]] = (
    (Precision.ABOUT_YEAR, _Y + "頃", "{y}頃"),
    (Precision.ABOUT_MONTH, _Y + _M + "頃", "{y}{m}月頃"),
    (Precision.ABOUT_DAY, _Y + _M + _D + "頃", "{y}{m}月{d}日頃"),
    (Precision.ESTIMATED_DAY, "推定" + _Y + _M + _D, "推定{y}{m}月{d}日"),
    (Precision.ESTIMATED_MONTH, "推定" + _Y + _M, "推定{y}{m}月"),
    (Precision.SEASON, _Y + "(?P<season>[春夏秋冬])", "{y}{season}"),
    (Precision.THIRD_OF_MONTH, _Y + _M + "(?P<third>[上中下]旬)", "{y}{m}月{third}"),
    (Precision.ABOUT_THIRD_OF_MONTH, _Y + _M + "(?P<third>[上中下]旬)頃", "{y}{m}月{third}頃"),
    (Precision.YEAR, _Y + "月日不詳", "{y} 月日不詳"),
    (Precision.MONTH, _Y + _M + "日不詳", "{y}{m}月 日不詳"),
    (
        Precision.BETWEEN_MONTHS,
        _Y + _M + _D + r"から(?P<month2>\d{1,2})月(?P<day2>\d{1,2})日頃までの間",
        "{y}{m}月{d}日から{m2}月{d2}日頃までの間",
    ),
    (
        Precision.ESTIMATED_BETWEEN_DAYS,
        _Y + _M + "推定" + _D + r"から(?P<day2>\d{1,2})日までの間",
        "{y}{m}月推定{d}日から{d2}日までの間",
    ),
    (
        Precision.ABOUT_BETWEEN_DAYS,
        _Y + _M + _D + r"頃から(?P<day2>\d{1,2})日頃までの間",
        "{y}{m}月{d}日頃から{d2}日頃までの間",
    ),
)
_PATTERNS = [(precision, re.compile(pattern), shape) for precision, pattern, shape in _FORMS]
_UNKNOWN = "年月日不詳"


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _sorting_day(parts: _Parts, last_day: Callable[[date], date]) -> date:
    """The first day that `parts` can mean, kept inside its month and its era.

    `last_day` turns that first day into the last one: a date whose every day lies outside its era raises OutOfEra, a
    month over 12 or a day over 31 raises ImpossibleDate.
    """
    year, era = parts.western_year, parts.era
    if not (1 <= parts.month <= 12 and 1 <= parts.day <= 31 and 1 <= year <= 9998):
        raise ImpossibleDate(shown=parts.shown)
    first = date(year, parts.month, min(parts.day, _month_end(year, parts.month).day))
    begins = era.first_day if era else era_names.eras()[0].first_day
    ends = (era.last_recorded_day if era else None) or date.max
    if not parts.year or last_day(first) < begins or first > ends:
        raise OutOfEra(shown=parts.shown, correct=format_wareki(first))
    return max(first, begins)


def _same_day(first: date) -> date:
    return first


def _end_of_month(first: date) -> date:
    return _month_end(first.year, first.month)


def _end_of_year(first: date) -> date:
    return date(first.year, 12, 31)


def _era_of_text(mark: str, year: str) -> Era | None:
    if mark == "西暦" or (not mark and len(year) == 4):
        return None
    return _find_era(mark)


def _unknown(match: re.Match[str], precision: Precision, shape: str) -> LegalDate:
    """The legal date of one matched form; the sorting date is the first day it can mean."""
    found = match.groupdict()
    era, year = _era_of_text(found["era"], found["year"]), _number(found["year"])
    season, third = found.get("season", ""), found.get("third", "")
    month = int(found.get("month") or _SEASONS.get(season, 1))
    day = int(found.get("day") or _THIRDS.get(third, 1))
    parts = _Parts(era, year, month, day)
    last_day = _same_day if "day" in found else _end_of_month if "month" in found else _end_of_year
    on = _sorting_day(parts, last_day)
    end = _Parts(era, year, int(found.get("month2") or month), int(found.get("day2") or day))
    if _sorting_day(end, last_day) < on:
        raise ImpossibleDate(shown=f"{parts.shown}から{end.shown}")
    text = shape.format(y=_year_text(era, year), m=month, d=day, m2=end.month, d2=end.day, season=season, third=third)
    return LegalDate(on, precision, text)


def _known(parts: _Parts) -> LegalDate:
    """The legal date of fully written parts: a calendar day, one under the old era, or an impossible day."""
    try:
        on = _calendar(parts)
    except ImpossibleDate:
        return LegalDate(_sorting_day(parts, _same_day), Precision.IMPOSSIBLE, parts.shown)
    overlapping = parts.era is not None and format_wareki(on) != parts.shown
    return LegalDate(on, Precision.DAY, parts.shown if overlapping else None)


def _legal(cleaned: str, read: Callable[[str], LegalDate]) -> LegalDate:
    if cleaned == _UNKNOWN:
        return LegalDate(UNKNOWN_DAY, Precision.UNKNOWN, _UNKNOWN)
    for precision, pattern, shape in _PATTERNS:
        if match := pattern.fullmatch(cleaned):
            return _unknown(match, precision, shape)
    return read(cleaned)


def parse_legal_date(text: str, today: date, *, expected: DateRange | None = None, future: bool = False) -> LegalDate:
    """Like parse_date, and also the 14 unknown forms, 2月30日, 明治45年7月30日, 大正15年12月25日 (STD 1.1.8).

    Raises L201-L205; a day over 31 or a month over 12 stays an error.
    """

    def read(cleaned: str) -> LegalDate:
        on = _relative(cleaned, today)
        return LegalDate(on) if on else _known(_parts(cleaned, _window(today, expected)))

    legal = _legal(_clean(text), read)
    _not_after(legal.on, legal.wareki, today, future)
    return legal


_IMPORT = re.compile(r"(\d{8})|([A-Z]\d{6})")


def from_import(text: str) -> LegalDate | None:
    """A date of the take-over file: YYYYMMDD, M450730, T151225, S220229, or an unknown form; None when blank.

    Whether the item may hold an unknown, impossible or future date is the caller's to check. Raises L201-L203.
    """

    def read(cleaned: str) -> LegalDate:
        if not _IMPORT.fullmatch(cleaned):
            raise UnreadableDate
        return _known(_parts(cleaned, (date.max, date.max)))

    cleaned = _clean(text)
    return _legal(cleaned, read) if cleaned else None


def birth_word(birth: LegalDate, is_foreign: bool) -> str:
    """A birth date as it is shown and printed: in western years for a foreign resident, in eras for a Japanese one (STD 1.1.9)."""
    return birth.western if is_foreign else birth.wareki
