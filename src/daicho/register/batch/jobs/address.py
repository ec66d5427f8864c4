"""住所一括変更 (STD 9.7): the file of whom it concerns, the registration as long work, notices before and after."""

from datetime import date

from daicho.access.actor import Output, Right
from daicho.law.eras import format_wareki
from daicho.register.batch.jobs.picked import read_towns, towns_word
from daicho.register.batch.model import LIST, UPDATE, Content, Job, Parameter, Step, Work
from daicho.register.desk import address_batch
from daicho.register.desk.address_file import ADDRESS, COLUMNS, DOMICILE
from daicho.register.paper import masters, plain
from daicho.register.paper.kinds.values import in_city, with_building
from daicho.register.store import address_lists

PAGE = 500
LETTERS = 100
KINDS = {"1": "現住所(世帯番号ごと)", "2": "本籍(宛名番号ごと)"}
_KIND_CODES = {"1": "address", "2": "domicile"}


def _targets(work: Work) -> Step:
    typed, after = work.run.parameters, work.run.cursor or 0
    kind = _KIND_CODES[typed["kind"]]
    found = address_lists.targets(
        work.connection,
        work.env,
        work.officer,
        kind,
        towns=typed["towns"].split(),
        begins=typed["begins"],
        after=after,
        most=PAGE,
    )
    columns = COLUMNS[kind]
    lines = [(one.key, one.text, *((one.building,) if kind == "address" else ()), *_blank(kind)) for one in found]
    head = () if work.run.cursor else (columns,)
    contents = (Content(f"{kind}-targets.csv", (*head, *lines)),) if head or lines else ()
    done = work.run.done + len(lines)
    return Step(
        done=len(lines),
        cursor=found[-1].place if len(found) == PAGE else None,
        contents=contents,
        summary={"行数": done},
    )


def _blank(kind: str) -> tuple[str, ...]:
    """The columns that the office fills in."""
    return ("",) * (3 if kind == "address" else 1)


def _number(text: str, _today: date) -> str:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValueError
    return str(int(text))


def _register(work: Work) -> Step:
    """The next lines, each committed by itself with its change: whoever dies in between goes on behind the last one."""
    batch_id = int(work.run.parameters["batch"])
    before = address_batch.batch_of(work.env, work.officer, batch_id)
    after = address_batch.go_on(work.env, work.officer, batch_id)
    settled = before.left - after.left
    excluded = [
        (f"{one.line}行", one.problem or "")
        for one in address_batch.lines_of(work.env, work.officer, batch_id, "excluded")
    ]
    is_over = after.left == 0
    return Step(
        done=settled,
        total=before.left + work.run.done,
        cursor=None if is_over else after.left,
        errors=excluded if is_over else (),
        summary={"登録した行": after.counts.get("done", 0), "除いた行": after.counts.get("excluded", 0)},
    )


def _notices(work: Work) -> Step:
    batch_id, after = int(work.run.parameters["batch"]), work.run.cursor or 0
    is_after = work.run.parameters["when"] == "2"
    batch = address_batch.batch_of(work.env, work.officer, batch_id)
    state = "done" if is_after else "ready"
    found, last = address_lists.notices(
        work.connection, work.env, work.officer, batch_id, state, after=after, most=LETTERS
    )
    today = work.env.clock.today()
    city = masters.in_force(work.connection, today).masters
    letters = [
        [
            one.postcode,
            with_building(in_city(one.municipality_code, one.address), one.building) or "",
            f"{one.addressee}　様",
            one.before,
            one.after,
        ]
        for one in found
    ]
    content = {
        "on": [today.year, today.month, today.day],
        "date": format_wareki(today),
        "title": "住所の表示等の変更のお知らせ" if is_after else "住所の表示等の変更の予告",
        "sentence": "次のとおり変更しましたので、お知らせします。"
        if is_after
        else "次のとおり変更する予定ですので、お知らせします。",
        "change": format_wareki(batch.change_date),
        "office": city.title,
        "name": city.name,
        "stamp": "合成データ" if city.synthetic else "",
        "letters": letters,
    }
    number = after // LETTERS + 1
    contents = (Content(f"address-notices-{number:04d}.pdf", whole=plain.pdf("address-notice", content)),)
    return Step(
        done=len(letters),
        cursor=last,
        contents=contents if letters else (),
        summary={"通知": work.run.done + len(letters)},
    )


_BATCH = Parameter("batch", "一括変更の番号", hint="住所一括変更の一覧の番号", read=_number)
JOBS = (
    Job(
        code="address_targets",
        word="住所変更の対象者",
        hint="住所一括変更に読み込むCSV。変更後の列を埋めて使います",
        kind=LIST,
        step=_targets,
        right=Right.CASE_DECIDE,
        output=Output.EXPORT,
        is_mass=True,
        items=(*ADDRESS, *DOMICILE),
        parameters=(
            Parameter("kind", "対象", choices=KINDS, default="1"),
            Parameter(
                "towns",
                "町字",
                hint="現住所のとき。コードか名前の初め。空欄は市全体",
                read=read_towns,
                word_of=towns_word,
            ),
            Parameter("begins", "住所・本籍の初め", hint="この文字で始まるもの。空欄はすべて"),
        ),
    ),
    Job(
        code="address_register",
        word="住所一括変更の本処理",
        hint="入力した人とは別の職員が起動します。終わるまで続けます",
        kind=UPDATE,
        step=_register,
        right=Right.CASE_DECIDE,
        parameters=(_BATCH,),
    ),
    Job(
        code="address_notices",
        word="住所変更の通知",
        hint="一括変更の世帯・個人に送る、事前または事後の通知",
        kind=LIST,
        step=_notices,
        right=Right.CASE_DECIDE,
        output=Output.EXPORT,
        is_mass=True,
        items=("氏名", "郵便番号", "住所", "変更前", "変更後"),
        parameters=(_BATCH, Parameter("when", "時期", choices={"1": "事前", "2": "事後"}, default="2")),
    ),
)
