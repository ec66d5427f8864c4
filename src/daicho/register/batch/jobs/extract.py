"""データ抽出 (EUC, STD 10.1): residents and removed records by condition, with the items one chooses, as CSV or XML, or counted.

The items are those of the register's file (docs/import-format.md); the two numbers are never among them.
"""

from hashlib import sha256
from xml.sax.saxutils import escape

from daicho.access.actor import Output, Right
from daicho.register.batch.jobs.picked import WHO, condition_of
from daicho.register.batch.model import LIST, Content, Job, Parameter, Step, Work
from daicho.register.store import picks
from daicho.register.store.derived_day import bring_to_today
from daicho.register.takeover.items import INDIVIDUAL_NUMBER, NAMES, RESIDENT_CODE

PAGE = 500
ITEMS = tuple(name for place, name in enumerate(NAMES) if place not in (INDIVIDUAL_NUMBER, RESIDENT_CODE))
FIRST = "宛名番号 世帯番号 漢字氏名 カナ氏名 生年月日 性別コード 現住所"
_ITEM_OF = {name.replace(" ", "_"): name for name in ITEMS}
"""Item by the code of the form, in which no space stands."""
CSV, XML, COUNT = "csv", "xml", "count"


def _step(work: Work) -> Step:
    if work.run.cursor is None:
        return _draw(work)
    items = [_ITEM_OF[code] for code in work.run.parameters["items"].split()]
    if work.run.parameters["form"] == COUNT:
        lines = picks.counts_by(work.connection, work.run.run_id, items)
        content = Content("extract-counts.csv", ((*items, "人数"), *lines))
        return Step(done=work.run.total or 0, contents=(content,), summary={"組合せ": len(lines)})
    after = int(work.run.cursor)
    lines, read = picks.items_page(work.connection, work.env, work.officer, work.run.run_id, items, after, PAGE)
    is_over = after + read >= (work.run.total or 0)
    return Step(
        done=read,
        cursor=None if is_over else after + read,
        contents=(_xml(items, lines, first=after == 0, last=is_over),)
        if work.run.parameters["form"] == XML
        else (Content("extract.csv", (*((tuple(items),) if after == 0 else ()), *lines)),),
    )


def _draw(work: Work) -> Step:
    bring_to_today(work.env)
    condition = condition_of({**work.run.parameters, "order": "1"})
    _, picked = picks.pick(work.connection, work.env, work.run.run_id, condition, "")
    digest = sha256("\n".join(picks.numbers_of(work.connection, work.run.run_id)).encode()).hexdigest()
    return Step(total=picked, cursor=0 if picked else None, summary={"人数": picked, "宛名番号の要約値": digest})


def _xml(items: list[str], lines: list[tuple[object, ...]], *, first: bool, last: bool) -> Content:
    """One element a person, one element an item; blank items are empty elements."""
    text = ['<?xml version="1.0" encoding="UTF-8"?>\n<抽出>\n'] if first else []
    for line in lines:
        cells = "".join(
            f"<{_tag(name)}>{escape(str(value or ''))}</{_tag(name)}>" for name, value in zip(items, line, strict=True)
        )
        text.append(f"<人>{cells}</人>\n")
    return Content("extract.xml", whole="".join([*text, *(["</抽出>\n"] if last else [])]).encode())


def _tag(name: str) -> str:
    """An item's name as XML allows it."""
    plain = name.replace(" ", "").replace("(", "・").replace(")", "")
    return f"項{plain}" if plain[:1].isdigit() else plain


JOB = Job(
    code="extract",
    word="データ抽出(EUC)",
    hint="条件に合う人を、選んだ項目で書き出すか、数えます",
    kind=LIST,
    step=_step,
    right=Right.DATA_EXTRACT,
    output=Output.EXPORT,
    is_mass=True,
    items=ITEMS,
    outdated=picks.who_must_go,
    parameters=(
        Parameter("who", "対象", choices={"1": "住民", "2": "除票", "3": "住民と除票"}, default="1"),
        *WHO,
        Parameter("items", "項目", default=FIRST, choices=_ITEM_OF, is_many=True),
        Parameter(
            "form",
            "形式",
            choices={CSV: "一覧(CSV)", XML: "一覧(XML)", COUNT: "項目の組合せごとの人数(CSV)"},
            default=CSV,
        ),
    ),
)
