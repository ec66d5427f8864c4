"""Every form of a date: typed, recorded, taken over and shown."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law import dates, eras, tables
from daicho.law.dates import LegalDate, Precision, from_import, parse_date, parse_legal_date
from daicho.law.errors import DaichoError

TODAY = date(2026, 11, 24)
BIRTH = date(1980, 3, 12)


@pytest.mark.parametrize(
    "typed",
    [
        "S550312",
        "s55.3.12",
        "s55/3/12",
        "S55-3-12",
        "3550312",
        "19800312",
        "1980/3/12",
        "1980-03-12",
        "Ｓ５５０３１２",
        "３５５０３１２",
        "550312",
        "昭和55年3月12日",
        "昭和５５年０３月１２日",
        "昭55.3.12",
        "1980年3月12日",
        "西暦1980年3月12日",
        "㍼55.3.12",
        "55.3.12",
    ],
)
def test_one_day_in_every_typed_form(typed: str) -> None:
    assert parse_date(typed, TODAY) == BIRTH
    assert parse_legal_date(f" {typed}　", TODAY) == LegalDate(BIRTH)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("R元.5.1", date(2019, 5, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("昭 2. 1. 3", date(1927, 1, 3)),
        ("今日", TODAY),
        ("本日", TODAY),
        ("t", TODAY),
        ("Ｔ", TODAY),
        ("-3", date(2026, 11, 21)),
        ("－３", date(2026, 11, 21)),
        ("−40", date(2026, 10, 15)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("明治45.7.30", date(1912, 7, 30)),
        ("大正元.7.30", date(1912, 7, 30)),
        ("大正15.12.25", date(1926, 12, 25)),
        ("昭和元.12.25", date(1926, 12, 25)),
        ("明治6年1月1日", date(1873, 1, 1)),
        ("18730101", date(1873, 1, 1)),
        ("S590229", date(1984, 2, 29)),
    ],
)
def test_single_forms(typed: str, expected: date) -> None:
    assert parse_date(typed, TODAY) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "",
        *[
            "abc",
            "S5503",
            "R81224",
            "X550312",
            "0550312",
            "1980",
            "55年3月",
            "令和",
            "S55.3",
            "1-2",
            "-",
            "-1234",
            "12345",
        ],
    ],
)
def test_unreadable(typed: str) -> None:
    with pytest.raises(dates.UnreadableDate):
        parse_date(typed, TODAY)


@pytest.mark.parametrize(
    "typed", ["S550230", "19810229", "H30.4.31", "1980-13-01", "S551301", "S550300", "990230", "2026/2/29"]
)
def test_days_the_calendar_has_not(typed: str) -> None:
    with pytest.raises(dates.ImpossibleDate):
        parse_date(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "correct"),
    [
        ("S640108", "平成元年1月8日"),
        ("H310501", "令和元年5月1日"),
        ("T151226", "昭和元年12月26日"),
        ("M450731", "大正元年7月31日"),
        ("H010107", "昭和64年1月7日"),
        ("R010430", "平成31年4月30日"),
        ("R0.5.1", "平成30年5月1日"),
        ("M051231", "1872年12月31日"),
        ("18721231", "1872年12月31日"),
    ],
)
def test_days_outside_their_era_name_the_right_one(typed: str, correct: str) -> None:
    with pytest.raises(dates.OutOfEra) as error:
        parse_date(typed, TODAY)
    assert error.value.data["correct"] == correct


def test_without_an_era_several_readings_are_refused_and_named() -> None:
    with pytest.raises(dates.AmbiguousDate) as error:
        parse_date("100312", TODAY)
    assert error.value.data["choices"] == "明治10年3月12日・大正10年3月12日・昭和10年3月12日・平成10年3月12日"


def test_the_expected_range_settles_the_era() -> None:
    recent = (date(2025, 11, 24), date(2027, 3, 31))
    assert parse_date("081123", TODAY, expected=recent) == date(2026, 11, 23)
    assert parse_date("8.11.23", TODAY, expected=recent) == date(2026, 11, 23)
    assert parse_date("081225", TODAY, expected=recent, future=True) == date(2026, 12, 25)
    assert parse_legal_date("081123", TODAY, expected=recent) == LegalDate(date(2026, 11, 23))
    with pytest.raises(dates.ImpossibleDate):
        parse_date("550312", TODAY, expected=recent)


def test_days_after_today_need_to_be_allowed() -> None:
    for parse in (parse_date, parse_legal_date):
        with pytest.raises(dates.FutureDate):
            parse("R081125", TODAY)
    assert parse_date("R081125", TODAY, future=True) == date(2026, 11, 25)
    assert parse_legal_date("R081125", TODAY, future=True).on == date(2026, 11, 25)
    assert parse_date("R081124", TODAY) == TODAY


UNKNOWN_FORMS = [
    ("昭和20年頃", date(1945, 1, 1), Precision.ABOUT_YEAR),
    ("昭和20年8月頃", date(1945, 8, 1), Precision.ABOUT_MONTH),
    ("昭和20年8月15日頃", date(1945, 8, 15), Precision.ABOUT_DAY),
    ("推定昭和20年8月15日", date(1945, 8, 15), Precision.ESTIMATED_DAY),
    ("推定昭和20年8月", date(1945, 8, 1), Precision.ESTIMATED_MONTH),
    ("昭和20年春", date(1945, 3, 1), Precision.SEASON),
    ("昭和20年冬", date(1945, 12, 1), Precision.SEASON),
    ("昭和20年8月上旬", date(1945, 8, 1), Precision.THIRD_OF_MONTH),
    ("昭和20年8月中旬頃", date(1945, 8, 11), Precision.ABOUT_THIRD_OF_MONTH),
    ("昭和20年8月下旬", date(1945, 8, 21), Precision.THIRD_OF_MONTH),
    ("年月日不詳", dates.UNKNOWN_DAY, Precision.UNKNOWN),
    ("昭和20年 月日不詳", date(1945, 1, 1), Precision.YEAR),
    ("昭和20年8月 日不詳", date(1945, 8, 1), Precision.MONTH),
    ("昭和20年8月5日から9月6日頃までの間", date(1945, 8, 5), Precision.BETWEEN_MONTHS),
    ("昭和20年8月推定5日から8日までの間", date(1945, 8, 5), Precision.ESTIMATED_BETWEEN_DAYS),
    ("昭和20年8月5日頃から8日頃までの間", date(1945, 8, 5), Precision.ABOUT_BETWEEN_DAYS),
    ("1945年頃", date(1945, 1, 1), Precision.ABOUT_YEAR),
    ("昭和元年頃", date(1926, 12, 25), Precision.ABOUT_YEAR),
    ("平成元年1月頃", date(1989, 1, 8), Precision.ABOUT_MONTH),
    ("令和元年春", date(2019, 5, 1), Precision.SEASON),
    ("昭和20年2月30日", date(1945, 2, 28), Precision.IMPOSSIBLE),
    ("平成31年4月31日", date(2019, 4, 30), Precision.IMPOSSIBLE),
    ("1945年2月30日", date(1945, 2, 28), Precision.IMPOSSIBLE),
    ("明治45年7月30日", date(1912, 7, 30), Precision.DAY),
    ("大正15年12月25日", date(1926, 12, 25), Precision.DAY),
]


@pytest.mark.parametrize(("text", "on", "precision"), UNKNOWN_FORMS)
def test_unknown_and_impossible_dates_keep_their_text(text: str, on: date, precision: Precision) -> None:
    legal = parse_legal_date(text, TODAY)
    assert legal == LegalDate(on, precision, text)
    assert legal.wareki == text
    if precision not in (Precision.DAY, Precision.IMPOSSIBLE):
        assert from_import(text) == legal
    assert legal.is_calendar == (precision is Precision.DAY)


def test_all_fourteen_forms_of_the_standard_are_covered() -> None:
    covered = {precision for _, _, precision in UNKNOWN_FORMS}
    assert covered == set(Precision)
    assert len(covered - {Precision.DAY, Precision.IMPOSSIBLE}) == 14


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("S20年頃", "昭和20年頃"),
        ("西暦1945年頃", "1945年頃"),
        ("昭和２０年０８月頃", "昭和20年8月頃"),
        ("令和1年頃", "令和元年頃"),
        ("昭和20年月日不詳", "昭和20年 月日不詳"),
        ("昭和20年8月　日不詳", "昭和20年8月 日不詳"),
        ("S200230", "昭和20年2月30日"),
        ("M45.7.30", "明治45年7月30日"),
    ],
)
def test_recorded_text_has_one_form(typed: str, text: str) -> None:
    assert parse_legal_date(typed, TODAY).wareki == text


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("昭和20年13月頃", dates.ImpossibleDate),
        ("昭和20年2月32日", dates.ImpossibleDate),
        ("昭和20年0月頃", dates.ImpossibleDate),
        ("9999年12月頃", dates.ImpossibleDate),
        ("昭和20年8月8日頃から5日頃までの間", dates.ImpossibleDate),
        ("昭和20年8月8日から7月9日頃までの間", dates.ImpossibleDate),
        ("平成31年5月頃", dates.OutOfEra),
        ("平成31年6月31日", dates.OutOfEra),
        ("平成元年1月7日頃", dates.OutOfEra),
        ("明治50年頃", dates.OutOfEra),
        ("昭和0年頃", dates.OutOfEra),
        ("1870年頃", dates.OutOfEra),
        ("20年頃", dates.UnreadableDate),
        ("慶応3年頃", dates.UnreadableDate),
        ("令和9年頃", dates.FutureDate),
        ("年不詳", dates.UnreadableDate),
    ],
)
def test_unknown_dates_that_cannot_be(typed: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_legal_date(typed, TODAY)


def test_relative_days_are_legal_dates_too() -> None:
    assert parse_legal_date("t", TODAY) == LegalDate(TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("　", None),
        ("19800312", LegalDate(BIRTH)),
        ("M450730", LegalDate(date(1912, 7, 30), Precision.DAY, "明治45年7月30日")),
        ("T151225", LegalDate(date(1926, 12, 25), Precision.DAY, "大正15年12月25日")),
        ("S220229", LegalDate(date(1947, 2, 28), Precision.IMPOSSIBLE, "昭和22年2月29日")),
        ("19470229", LegalDate(date(1947, 2, 28), Precision.IMPOSSIBLE, "1947年2月29日")),
        ("H010108", LegalDate(date(1989, 1, 8))),
        ("R060401", LegalDate(date(2024, 4, 1))),
        ("R990401", LegalDate(date(2117, 4, 1))),
        ("昭和20年頃", LegalDate(date(1945, 1, 1), Precision.ABOUT_YEAR, "昭和20年頃")),
    ],
)
def test_forms_of_the_take_over_file(text: str, expected: LegalDate | None) -> None:
    assert from_import(text) == expected


@pytest.mark.parametrize("text", ["550312", "3550312", "1980/3/12", "昭和55年3月12日", "今日", "-3", "1980031"])
def test_the_take_over_file_has_no_other_forms(text: str) -> None:
    with pytest.raises(dates.UnreadableDate):
        from_import(text)


def test_a_date_that_is_no_calendar_day_needs_its_text() -> None:
    with pytest.raises(ValueError, match="text"):
        LegalDate(BIRTH, Precision.YEAR)


def test_shown_forms() -> None:
    assert dates.format_wareki(BIRTH) == "昭和55年3月12日"
    assert dates.format_wareki(date(2019, 5, 1)) == "令和元年5月1日"
    assert dates.format_wareki(date(1872, 12, 31)) == "1872年12月31日"
    assert dates.format_western(BIRTH) == "1980年3月12日"
    space = "\N{FIGURE SPACE}"
    assert dates.format_short(BIRTH) == f"昭55.{space}3.12"
    assert dates.format_short(date(1990, 11, 5)) == f"平{space}2.11.{space}5"
    assert dates.format_short(date(2019, 10, 10)) == "令元.10.10"
    assert dates.format_short(date(1872, 1, 2)) == f"1872.{space}1.{space}2"
    assert dates.format_echo(BIRTH) == "昭和55年3月12日(1980-03-12)"
    assert dates.format_echo(BIRTH, TODAY) == "昭和55年3月12日(1980-03-12)・46歳"
    assert dates.format_year(1989) == "昭和64年・平成元年"
    assert dates.format_year(1912) == "明治45年・大正元年"
    assert dates.format_year(1980) == "昭和55年"
    assert dates.format_year(1800) == "1800年"
    assert LegalDate(BIRTH).wareki == "昭和55年3月12日"
    assert LegalDate(BIRTH).western == "1980年3月12日"
    assert parse_legal_date("1950年頃", TODAY).western == "1950年頃"
    assert parse_legal_date("T15.12.25", TODAY).western == "1926年12月25日"


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (BIRTH, date(2026, 3, 11), 45),
        (BIRTH, date(2026, 3, 12), 46),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
        (LegalDate(BIRTH), date(2026, 3, 12), 46),
        (LegalDate(dates.UNKNOWN_DAY, Precision.UNKNOWN, "年月日不詳"), TODAY, None),
    ],
)
def test_ages(born: date | LegalDate, on: date, age: int | None) -> None:
    assert dates.age_on(born, on) == age


def test_a_new_era_is_one_more_row(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [dict(row) for row in tables.table("eras.csv")]
    rows[-1]["last_recorded_day"] = "2040-06-30"
    rows.append({"digit": "6", "letter": "X", "name": "新元", "first_day": "2040-07-01", "last_recorded_day": ""})
    monkeypatch.setattr(eras, "table", lambda _: rows)
    eras.eras.cache_clear()
    try:
        later = date(2041, 1, 1)
        assert parse_date("X元.7.1", later) == date(2040, 7, 1)
        assert parse_date("6010701", later) == date(2040, 7, 1)
        assert parse_legal_date("新元元年7月頃", later).wareki == "新元元年7月頃"
        assert dates.format_wareki(date(2040, 7, 1)) == "新元元年7月1日"
        with pytest.raises(dates.OutOfEra):
            parse_date("R220701", later)
    finally:
        eras.eras.cache_clear()


DAYS = st.dates(date(1873, 1, 1), date(2090, 12, 31))


@given(DAYS)
def test_every_day_survives_every_written_form(on: date) -> None:
    era = eras.era_of(on)
    assert era is not None
    year = on.year - era.first_year + 1
    for text in (
        dates.format_wareki(on),
        dates.format_western(on),
        dates.format_short(on),
        on.isoformat(),
        f"{on:%Y%m%d}",
        f"{era.letter}{year:02d}{on:%m%d}",
        f"{era.digit}{year:02d}{on:%m%d}",
        f"{era.letter.lower()}{year}.{on.month}.{on.day}",
    ):
        assert parse_date(text, TODAY, future=True) == on
        assert parse_legal_date(text, TODAY, future=True) == LegalDate(on)
    assert from_import(f"{era.letter}{year:02d}{on:%m%d}") == LegalDate(on)
    assert from_import(f"{on:%Y%m%d}") == LegalDate(on)


@given(DAYS)
def test_a_short_date_without_era_is_never_read_as_another_day(on: date) -> None:
    era = eras.era_of(on)
    assert era is not None
    typed = f"{on.year - era.first_year + 1:02d}{on:%m%d}"
    near = (on - timedelta(days=400), on + timedelta(days=400))
    assert parse_date(typed, TODAY, expected=near, future=True) == on


@given(st.text("昭和平成令推定年月日頃不詳上旬春からまでの間元0123456789 ./-STHR", max_size=24))
def test_any_text_is_read_once_or_refused(text: str) -> None:
    try:
        legal = parse_legal_date(text, TODAY, future=True)
    except DaichoError:
        return
    again = parse_legal_date(legal.wareki, TODAY, future=True)
    assert again == legal or (legal.text is None and again.on == legal.on)
