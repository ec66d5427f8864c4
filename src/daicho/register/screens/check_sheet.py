"""入力確認用帳票: the check page as a paper, before anything is registered (STD 4.0.9, 20.0.1). Numbers never stand on it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from daicho.access.actor import Output, Purpose, Right
from daicho.law.eras import format_wareki
from daicho.law.japan import JAPAN
from daicho.register.desk import check as checking
from daicho.register.desk.case import require
from daicho.register.desk.check import Checked
from daicho.register.desk.errors import EntryIncomplete, RegisterChanged
from daicho.register.environment import current
from daicho.register.paper import plain
from daicho.register.screens.amend_view import ground_word
from daicho.register.screens.check_view import Group, groups
from daicho.register.screens.reception import DOCUMENTS, NOTIFIERS
from daicho.register.screens.words import reason_word
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.trail.act import Act
from daicho.trail.entry import record_act

TITLE = "入力確認用帳票"
_TIERS = {1: "お知らせ", 2: "注意", 3: "止める"}


@require_GET
@door(Right.CASE_ENTER, output=Output.PRINT)
def case_sheet(request: DoorRequest, number: str) -> HttpResponse:
    """The sheet of a provisional case as it would be registered now; printing it is on record.

    What can no longer be registered as it was checked is shown by the check page instead.
    """
    env = current()
    try:
        checked = checking.look_again(env, request.actor, number)
    except EntryIncomplete:
        return redirect("case-check", number)
    require(checked.case, "provisional")
    if checked.is_stale:
        raise RegisterChanged
    with env.database.transaction() as connection:
        names = officer_names(connection, [checked.case.entrant])
        record_act(
            connection,
            env,
            request.actor,
            Act.CASE_PRINTED,
            purpose=Purpose.CHANGE_NOTIFICATION,
            subjects=[person for person, _ in checked.prepared.before.fingerprint()],
            case_id=checked.case.case_id,
        )
    now = env.clock.now().astimezone(JAPAN)
    content = {
        "title": TITLE,
        "number": number,
        "printed": f"{format_wareki(now.date())} {now:%H:%M}",
        "on": [now.year, now.month, now.day],
        "head": _head(checked, names.get(checked.case.entrant, checked.case.entrant)),
        "groups": [_group(one) for one in groups(checked.prepared)],
        "alerts": [
            [_TIERS[alert.tier], alert.sentence]
            for alert in sorted(checked.prepared.plan.alerts, key=lambda a: -a.tier)
        ],
    }
    answer = HttpResponse(plain.pdf("check-sheet", content), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="check-sheet.pdf"'
    return answer


def _head(checked: Checked, entrant: str) -> list[list[str]]:
    case, plan = checked.case, checked.prepared.plan
    came = case.reception
    notified = format_wareki(plan.notified_on) if plan.notified_on else ""
    return [
        ["件番号", case.case_number, "異動事由", reason_word(case.reason)],
        ["異動日", plan.change_date.wareki, plan.basis.date_word, notified],
        ["根拠", ground_word(case) or plan.basis.word, "入力", f"{entrant}　{case.office}"],
        ["届出人", NOTIFIERS.get(came.get("notifier", ""), ""), "来た人", came.get("name", "")],
        ["確認書類", DOCUMENTS.get(came.get("document", ""), ""), "番号札", case.counter_ticket or ""],
    ]


def _group(group: Group) -> dict[str, object]:
    title = "　".join(part for part in (group.title, group.name, group.note) if part)
    return {"title": title, "rows": [[row.label, row.before, row.after] for row in group.rows]}
