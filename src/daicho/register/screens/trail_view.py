"""Words and cells of the trail's screens and files (S26). Officers appear by user ID and department, people by 宛名番号."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpResponse

from daicho.access.actor import Purpose
from daicho.law.eras import format_year, typed_day
from daicho.law.japan import JAPAN
from daicho.register.screens.words import WEEKDAYS
from daicho.register.signon.names import officer_families, officer_places
from daicho.register.store.named_alike import NamesakeLook, addressee_numbers
from daicho.trail.abnormal import (
    CLOSES,
    FAILURES_A_DAY,
    LOOKS_AN_HOUR,
    NUMBERS_A_DAY,
    OPENS,
    REFUSALS_A_DAY,
    SEARCHES_AN_HOUR,
    Abnormal,
    Oddity,
)
from daicho.trail.act import Act
from daicho.trail.reports import Line, SignOns
from daicho.trail.seal import newest_seal
from daicho.wire.environment import Connection, Environment

ONLY = {"search": Act.SEARCH, "open": Act.PERSON_OPENED, "household": Act.HOUSEHOLD_OPENED, "number": Act.NUMBER_SHOWN}
ONLY_WORDS = [("", "すべて"), *((code, f"{act.word}だけ") for code, act in ONLY.items())]
HEADINGS = (
    "日時",
    "職員",
    "所属",
    "端末",
    "操作",
    "目的",
    "対象者数",
    "対象者",
    "番号表示",
    "拒否",
    "件",
    "連絡番号",
    "操作履歴ID",
)
ODD_HEADINGS = ("区分", "日", "職員", "時間帯", "件数")
SIGN_ON_HEADINGS = ("職員", "サインオン", "失敗", "ID停止", "最後のサインオン")
GROUPS = (
    ("nights", f"夜間({CLOSES}時から翌{OPENS}時)の操作", "eye-off"),
    ("days_off", "休業日の操作", "pause"),
    ("failures", f"サインオンの失敗(1日{FAILURES_A_DAY}回以上)", "lock"),
    ("searches", f"大量の検索・照会(1時間に検索{SEARCHES_AN_HOUR}回か照会{LOOKS_AN_HOUR}回以上)", "search"),
    ("refusals", f"拒否の多い操作(1日{REFUSALS_A_DAY}回以上)", "octagon-x"),
    ("watched", "支援措置の対象者の照会・操作(窓口の担当として必要だったか)", "shield-alert"),
    ("numbers", f"番号の表示が多い(1日{NUMBERS_A_DAY}回以上)", "eye"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One line as the screen shows it."""

    line: Line
    day: str
    time: str
    place: str
    purpose: str
    people: str
    rest: int


@dataclass(frozen=True, slots=True)
class OddLine:
    """One oddity with its words."""

    oddity: Oddity
    day: str
    hours: str
    typed: str


def seal_state(env: Environment) -> dict[str, object]:
    """How far the trail is sealed, for the first page."""
    with env.database.transaction() as connection:
        head = newest_seal(connection)
    if head is None:
        return {"size": ""}
    local = head.sealed_at.astimezone(JAPAN)
    return {
        "size": f"{head.size:,}",
        "batch_no": f"{head.batch_no:,}",
        "at": f"{typed_day(local.date())} {local:%H:%M:%S}",
        "root": head.root.hex(),
    }


def lines(env: Environment, found: Sequence[Line]) -> list[Shown]:
    """Lines with departments and 宛名番号."""
    with env.database.transaction() as connection:
        places = officer_places(connection, [line.officer for line in found])
        numbers = addressee_numbers(connection, [person for line in found for person in line.some])
    return [
        Shown(
            line=line,
            day=_day(line.at.astimezone(JAPAN).date()),
            time=f"{line.at.astimezone(JAPAN):%H:%M:%S}",
            place=places.on(line.officer, line.at.astimezone(JAPAN).date()),
            purpose=_purpose(line.purpose),
            people="・".join(numbers.get(person, "—") for person in line.some),
            rest=line.persons - len(line.some),
        )
        for line in found
    ]


def cells(env: Environment, found: Sequence[Line]) -> Iterator[Sequence[object]]:
    """The cells of a file, in the order of `HEADINGS`."""
    for shown in lines(env, found):
        line = shown.line
        yield (
            f"{line.at.astimezone(JAPAN):%Y-%m-%d %H:%M:%S}",
            line.officer,
            shown.place,
            line.terminal,
            line.word,
            shown.purpose,
            line.persons,
            shown.people + (f" ほか{shown.rest}人" if shown.rest else ""),
            "あり" if line.number_shown else "",
            "拒否" if line.refused else "",
            line.case_id or "",
            line.request_id,
            line.entry_id,
        )


def groups(found: Abnormal) -> list[tuple[str, str, str, list[OddLine]]]:
    """Name, words, icon and lines of each list."""
    return [(name, words, icon, [_odd(one) for one in getattr(found, name)]) for name, words, icon in GROUPS]


def odd_cells(found: Abnormal) -> Iterator[Sequence[object]]:
    """The cells of a file, in the order of `ODD_HEADINGS`."""
    for _, words, _, listed in groups(found):
        for one in listed:
            yield words, one.oddity.day.isoformat(), one.oddity.officer, one.hours, one.oddity.count


def namesake_lines(env: Environment, found: Sequence[NamesakeLook]) -> list[dict[str, object]]:
    """Looks at people of the own family name."""
    with env.database.transaction() as connection:
        numbers = addressee_numbers(connection, [look.person_id for look in found])
        places = officer_places(connection, [look.officer for look in found])
    known = {act.value: act.word for act in Act}
    return [
        {
            "officer": look.officer,
            "place": places.on(look.officer, look.at.astimezone(JAPAN).date()),
            "day": _day(look.at.astimezone(JAPAN).date()),
            "typed": typed_day(look.at.astimezone(JAPAN).date()),
            "time": f"{look.at.astimezone(JAPAN):%H:%M:%S}",
            "act": known[look.act],
            "person": numbers[look.person_id],
        }
        for look in found
    ]


def sign_on_lines(env: Environment, found: Sequence[SignOns]) -> list[dict[str, object]]:
    """Sign-ons with departments."""
    with env.database.transaction() as connection:
        places = officer_places(connection, [one.officer for one in found])
    return [
        {
            "one": one,
            "place": places.on(one.officer, (one.last_at or env.clock.now()).astimezone(JAPAN).date()),
            "last": _instant(one.last_at),
        }
        for one in found
    ]


def sign_on_cells(found: Sequence[SignOns]) -> Iterator[Sequence[object]]:
    """The cells of a file, in the order of `SIGN_ON_HEADINGS`."""
    for one in found:
        last = f"{one.last_at.astimezone(JAPAN):%Y-%m-%d %H:%M:%S}" if one.last_at else ""
        yield one.officer, one.on, one.failed, one.locked_out, last


def families(connection: Connection) -> dict[str, str]:
    """Family names of officers, by user ID."""
    return officer_families(connection)


def csv_answer(
    name: str, headings: Sequence[str], rows: Iterable[Sequence[object]], *, more: bool = False
) -> HttpResponse:
    """A file that a spreadsheet opens as text: no cell can begin a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    if more:
        writer.writerow(["(多いため、ここまでを書き出しました。期間を分けてください)"])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def month_of(text: str, today: date) -> date:
    """The first day of the month asked for (2026-04), this month when it cannot be read or lies ahead."""
    try:
        chosen = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return min(chosen, today.replace(day=1))


def month_words(month: date, today: date) -> dict[str, str]:
    """The month and its neighbours."""
    return {
        "month": f"{month:%Y-%m}",
        "month_word": f"{format_year(month.year)}{month.month}月",
        "previous_month": _step(month, -1),
        "following_month": _step(month, 1) if month < today.replace(day=1) else "",
    }


def _step(month: date, by: int) -> str:
    count = month.year * 12 + month.month - 1 + by
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell


def _odd(one: Oddity) -> OddLine:
    hours = (
        f"{one.first_hour}時台" if one.first_hour == one.last_hour else f"{one.first_hour}時台から{one.last_hour}時台"
    )
    return OddLine(one, _day(one.day), hours, typed_day(one.day))


def _purpose(code: str) -> str:
    try:
        return Purpose.from_code(code).word
    except ValueError:
        return ""


def _day(day: date) -> str:
    return f"{typed_day(day)}({WEEKDAYS[day.weekday()]})"


def _instant(at: datetime | None) -> str:
    local = at.astimezone(JAPAN) if at else None
    return f"{_day(local.date())} {local:%H:%M:%S}" if local else ""
