"""Lists of residents by condition: the list for inspection of a part or the whole of the city (STD 9.5; Act art. 11, 11-2),
and the random sample with its labels (STD 9.6). Their first step fixes whom the list shows; then they go page by page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from daicho.access.actor import Output, Purpose, Right
from daicho.law.codes import Sex
from daicho.law.dates import UnreadableDate, birth_word, parse_date
from daicho.law.eras import format_wareki
from daicho.law.errors import DaichoError
from daicho.law.glyphs import check_characters, font_glyphs
from daicho.law.towns import town_of_code, towns
from daicho.register.batch.model import LIST, Content, Job, Parameter, Step, Work
from daicho.register.paper import plain
from daicho.register.paper.kinds.parts import SYNTHETIC
from daicho.register.paper.kinds.values import address_of, full_name, in_city
from daicho.register.store import picks, tenant
from daicho.register.store.derived_day import bring_to_today
from daicho.register.store.picks import Condition, Picked, Who

PAGE = 480
"""Lines of a step, and of one PDF; a multiple of the labels of a sheet."""
MOST_AT_RANDOM = 100_000
CSV, PDF = "csv", "pdf"
GONE = "一覧を作っている間に載せられなくなりました"
NO_GLYPH = "字形がないためPDFに載せていません。CSVで確かめてください"


@dataclass(frozen=True, slots=True)
class Sheets:
    """How one of the jobs writes its lines: file name, headings, cells, and its PDF."""

    name: str
    purpose: Purpose
    headings: Callable[[bool], tuple[str, ...]]
    cells: Callable[[Picked, bool], tuple[str, ...]]
    pdf: Callable[[Work, Sequence[Picked]], bytes]


def _step(work: Work, sheets: Sheets) -> Step:
    if work.run.cursor is None:
        return _draw(work)
    after = int(work.run.cursor)
    shown, gone = picks.page(work.connection, work.env, work.officer, sheets.purpose, work.run.run_id, after, PAGE)
    read = len(shown) + len(gone)
    contents, unprintable = _contents(work, sheets, shown, first=after == 0)
    errors = [*((f"{place}番", GONE) for place in gone), *((one.addressee_number, NO_GLYPH) for one in unprintable)]
    done = work.run.done + read
    more = work.run.total is not None and done < work.run.total
    return Step(done=read, cursor=after + read if more else None, contents=contents, errors=errors)


def _draw(work: Work) -> Step:
    """The first step: who is on the list, and what proves it. An empty list is an end too."""
    bring_to_today(work.env)
    parameters = work.run.parameters
    seed = parameters.get("seed") or work.env.random.token(8).hex()
    found, picked = picks.pick(work.connection, work.env, work.run.run_id, condition_of(parameters), seed)
    digest = sha256("\n".join(picks.numbers_of(work.connection, work.run.run_id)).encode()).hexdigest()
    summary: dict[str, int | str] = {
        "条件に合う人数": found,
        "一覧の人数": picked,
        "乱数の種": seed,
        "宛名番号の要約値": digest,
    }
    return Step(total=picked, cursor=0 if picked else None, summary=summary)


def _contents(
    work: Work, sheets: Sheets, shown: Sequence[Picked], *, first: bool
) -> tuple[list[Content], list[Picked]]:
    """The table, and where it was asked for the PDF of these lines; whose characters cannot be printed exactly."""
    readings = work.run.parameters["readings"] == "2"
    head = (sheets.headings(readings),) if first else ()
    contents = [Content(f"{sheets.name}.csv", (*head, *(sheets.cells(one, readings) for one in shown)))]
    if work.run.parameters["form"] == CSV or not shown:
        return contents, []
    printable = [one for one in shown if _is_printable(one)]
    if printable:
        name = f"{sheets.name}-{(shown[0].place - 1) // PAGE + 1:04d}.pdf"
        contents.append(Content(name, whole=sheets.pdf(work, printable)))
    printed = {one.place for one in printable}
    return contents, [one for one in shown if one.place not in printed]


def _is_printable(one: Picked) -> bool:
    record = one.record
    try:
        for text in (full_name(record), record.name_reading or "", address_of(record)):
            check_characters(text, font_glyphs())
    except DaichoError:
        return False
    return True


_WHO_CODES: dict[str, Who] = {"1": "residents", "2": "removed", "3": "all"}


def condition_of(parameters: Any) -> Condition:
    """The condition that parameters describe."""
    count = parameters.get("count", "")
    return Condition(
        sex={"2": Sex.MALE.value, "3": Sex.FEMALE.value}.get(parameters["sex"], ""),
        born_from=_kept_day(parameters["born_from"]),
        born_until=_kept_day(parameters["born_until"]),
        towns=tuple(parameters["towns"].split()),
        districts=tuple(parameters["districts"].split()),
        foreign={"2": False, "3": True}.get(parameters["nationality"]),
        count=int(count) if count else None,
        who=_WHO_CODES.get(parameters.get("who", "1"), "residents"),
        order="random" if parameters["order"] == "2" else "address",
    )


def _kept_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


# --- what is typed ---------------------------------------------------------------------------------------------------


def _day(text: str, today: date) -> str:
    try:
        return parse_date(text, today).isoformat() if text else ""
    except UnreadableDate:
        raise ValueError from None


def _day_word(text: str) -> str:
    return format_wareki(date.fromisoformat(text)) if text else ""


def read_towns(text: str, _today: date) -> str:
    """Town codes from codes and the beginnings of names."""
    codes: list[str] = []
    for word in text.split():
        found = [word] if town_of_code(word) else [code for code, town in towns().items() if town.name.startswith(word)]
        if not found:
            raise ValueError
        codes += found
    return " ".join(dict.fromkeys(codes))


def towns_word(text: str) -> str:
    """Town codes in words."""
    names = [town.full_name for code in text.split() if (town := town_of_code(code))]
    return "、".join(names[:5]) + (f" ほか{len(names) - 5}町字" if len(names) > 5 else "")


def _count(text: str, _today: date) -> str:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_AT_RANDOM):
        raise ValueError
    return str(int(text))


WHO = (
    Parameter(
        "towns",
        "町字",
        hint="コードか名前の初め。いくつでも、空白で区切る。空欄は市全体",
        read=read_towns,
        word_of=towns_word,
    ),
    Parameter("districts", "行政区コード", hint="いくつでも、空白で区切る。空欄はすべて"),
    Parameter("sex", "性別", choices={"1": "男女", "2": "男", "3": "女"}, default="1"),
    Parameter("born_from", "生年月日 から", hint="S55.4.1 のように。空欄は指定なし", read=_day, word_of=_day_word),
    Parameter("born_until", "生年月日 まで", hint="H18.4.1 のように。空欄は指定なし", read=_day, word_of=_day_word),
    Parameter("nationality", "日本人・外国人", choices={"1": "両方", "2": "日本人", "3": "外国人"}, default="1"),
)
_ORDER = {"1": "住所順", "2": "ランダム順"}
_READINGS = Parameter("readings", "フリガナ", choices={"1": "載せない", "2": "載せる"}, default="1")
_SEED = Parameter("seed", "乱数の種", hint="空欄は自動。前の抽出をもう一度行うときだけ入力")


# --- the list for inspection -----------------------------------------------------------------------------------------


def _inspection_headings(readings: bool) -> tuple[str, ...]:
    return ("番号", "氏名", *(["フリガナ"] if readings else []), "生年月日", "性別", "住所")


def _inspection_cells(one: Picked, readings: bool) -> tuple[str, ...]:
    record = one.record
    return (
        str(one.place),
        full_name(record),
        *([record.name_reading or ""] if readings else []),
        birth_word(record.birth, record.is_foreign),
        Sex(record.sex).word,
        address_of(record),
    )


def _inspection_pdf(work: Work, shown: Sequence[Picked]) -> bytes:
    readings = work.run.parameters["readings"] == "2"
    today, city = work.env.clock.today(), tenant.read(work.connection)
    content = {
        "on": [today.year, today.month, today.day],
        "day": format_wareki(today),
        "run": str(work.run.run_id),
        "total": str(work.run.total),
        "stamp": SYNTHETIC if city is None or city.synthetic else "",
        "headings": list(_inspection_headings(False)),
        "lines": [
            [*_inspection_cells(one, False), (one.record.name_reading or "") if readings else ""] for one in shown
        ],
    }
    return plain.pdf("inspection-list", content)


INSPECTION = Sheets("inspection", Purpose.CERTIFICATE_ISSUE, _inspection_headings, _inspection_cells, _inspection_pdf)


# --- the random sample -----------------------------------------------------------------------------------------------


def _sample_headings(readings: bool) -> tuple[str, ...]:
    return (
        "番号",
        "氏名",
        *(["フリガナ"] if readings else []),
        "生年月日",
        "性別",
        "郵便番号",
        "住所",
        "日本人・外国人",
    )


def _sample_cells(one: Picked, readings: bool) -> tuple[str, ...]:
    record = one.record
    return (
        str(one.place),
        full_name(record),
        *([record.name_reading or ""] if readings else []),
        birth_word(record.birth, record.is_foreign),
        Sex(record.sex).word,
        record.postcode or "",
        address_of(record),
        "外国人" if record.is_foreign else "日本人",
    )


def _labels_pdf(work: Work, shown: Sequence[Picked]) -> bytes:
    today = work.env.clock.today()
    labels = [
        [
            one.record.postcode or "",
            in_city(one.record.municipality_code, one.record.address) or "",
            one.record.building or "",
            f"{full_name(one.record)}　様",
        ]
        for one in shown
    ]
    return plain.pdf("labels", {"on": [today.year, today.month, today.day], "labels": labels})


SAMPLE = Sheets("sample", Purpose.STATISTICS, _sample_headings, _sample_cells, _labels_pdf)

JOBS = (
    Job(
        code="inspection",
        word="住民基本台帳の一部の写し(閲覧用)",
        hint="市全体または条件に合う人。支援措置・抑止の対象者は載りません",
        kind=LIST,
        step=lambda work: _step(work, INSPECTION),
        right=Right.CASE_DECIDE,
        output=Output.EXPORT,
        is_mass=True,
        items=_inspection_headings(True)[1:],
        outdated=picks.who_must_go,
        parameters=(
            *WHO,
            Parameter("order", "並び順", choices=_ORDER, default="1"),
            _READINGS,
            Parameter("form", "形式", choices={CSV: "CSV", PDF: "CSVとPDF"}, default=CSV),
            _SEED,
        ),
    ),
    Job(
        code="sample",
        word="無作為抽出と宛名シール",
        hint="条件に合う人から抽出します。乱数の種を証拠として残します",
        kind=LIST,
        step=lambda work: _step(work, SAMPLE),
        right=Right.CASE_DECIDE,
        output=Output.EXPORT,
        is_mass=True,
        items=_sample_headings(True)[1:],
        outdated=picks.who_must_go,
        parameters=(
            Parameter("count", "抽出人数", default="1000", hint=f"1から{MOST_AT_RANDOM}まで", read=_count),
            *WHO,
            Parameter("order", "並び順", choices=_ORDER, default="1"),
            _READINGS,
            Parameter("form", "宛名シール", choices={CSV: "作らない(CSVだけ)", PDF: "A4 12面"}, default=PDF),
            _SEED,
        ),
    ),
)
