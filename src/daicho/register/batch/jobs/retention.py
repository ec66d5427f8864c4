"""除票の保存期間の一覧: whose removed record ends in which year, before a disposal is asked for (STD 9.3; 令34条)."""

from datetime import date

from daicho.access.actor import Output, Right
from daicho.law.eras import format_wareki
from daicho.register.batch.model import LIST, Content, Job, Parameter, Step, Work
from daicho.register.store.retention import ending_records

PAGE = 500
HEADINGS = ("宛名番号", "保存期間の最後の日", "期間が終わった")


def _years(text: str, _today: date) -> str:
    if not (text.isascii() and text.isdigit() and int(text) <= 150):
        raise ValueError
    return str(int(text))


def _step(work: Work) -> Step:
    today = work.env.clock.today()
    until = today.year + int(work.run.parameters["years"])
    after = work.run.cursor or 0
    found = ending_records(work.connection, work.env, work.officer, until, after=after, most=PAGE)
    lines = [
        (one.addressee_number, format_wareki(one.kept_until), "はい" if one.kept_until < today else "") for one in found
    ]
    head = () if work.run.cursor else (HEADINGS,)
    return Step(
        done=len(lines),
        cursor=found[-1].person_id if len(found) == PAGE else None,
        contents=(Content("removed-records-ending.csv", (*head, *lines)),) if head or lines else (),
        summary={"人数": work.run.done + len(lines)},
    )


JOB = Job(
    code="retention",
    word="除票の保存期間の一覧",
    hint="保存期間150年が終わる除票。廃棄の申請の前に確かめます",
    kind=LIST,
    step=_step,
    right=Right.RETENTION_REQUEST,
    output=Output.EXPORT,
    parameters=(Parameter("years", "何年先まで", default="1", hint="0から150までの数字。0は今年まで", read=_years),),
)
