"""転出の取消し at the counter: who does not leave after all says so, and the case of the cancellation is made in one page (STD 4.6.1.1).

The core is that of every cancellation; what is asked beside it is who came and for whom.
"""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Right
from daicho.access.errors import NotAvailable
from daicho.register.changes.cancellation import cancelling_reason
from daicho.register.desk import case as desk
from daicho.register.desk.forms.base import ChangeView
from daicho.register.desk.past_changes import move_out_in_force
from daicho.register.environment import current
from daicho.register.screens.cancellation import opened_change
from daicho.register.screens.entry import check_or_form
from daicho.register.screens.reception import LISTS, NOBODY, echoes, who_came
from daicho.register.signon.door import DoorRequest, door

FIELDS = ("notified_on", "notifier", "name", "document", "authority")
_COUNTER = [(name, word, [one for one in options if one[0] != NOBODY]) for name, word, options in LISTS]


@require_http_methods(["GET", "POST"])
@door(Right.CASE_ENTER)
def withdraw_move_out(request: DoorRequest, household_id: int, person_id: int) -> HttpResponse:
    """What is withdrawn, certificates to be asked back, and who came; sent, it goes to the check page or asks what is open.

    Who has no move out to withdraw, or whose notice of arrival has come, looks like somebody who is not there.
    """
    env = current()
    with env.database.transaction() as connection:
        change_id = move_out_in_force(connection, person_id)
        view, shown, number = opened_change(connection, request, household_id, change_id)
    if view is None or shown is None:
        raise NotAvailable
    leavers = [m for m in view.movers if m.person_id not in view.taken_back]
    typed = {name: request.POST.get(name, "今日" if name == "notified_on" else "").strip()[:100] for name in FIELDS}
    errors: dict[str, str] = {}
    answers = who_came(typed, errors) if request.method == "POST" else {}
    if request.method != "POST" or errors:
        wanted = request.POST if request.method == "POST" else {f"m.{m.person_id}": "1" for m in leavers}
        context = {
            "back": shown,
            "household_id": household_id,
            "household_number": number,
            "token": request.POST.get("token", "")[:64] or env.random.token(16).hex(),
            "leavers": [(m, wanted.get(f"m.{m.person_id}") == "1") for m in leavers],
            "typed": typed,
            "errors": [(f"f-{name}", text) for name, text in errors.items()],
            "error_of": errors,
            "echoes": echoes(_COUNTER, typed),
            "lists": _COUNTER,
        }
        return render(request, "register/withdrawal.html", context, status=422 if errors else 200)
    case = desk.receive(
        env,
        request.actor,
        token=f"{request.actor.officer_id}:{request.POST.get('token', '')[:64]}",
        reason=cancelling_reason(view.reason),
        reception=answers,
        typed={
            "household": number,
            "change": str(view.change_id),
            "basis": "3",
            "notified_on": typed["notified_on"],
            **_chosen(view, request.POST),
        },
    )
    return check_or_form(request, case) if case.status == "received" else redirect("case-entry", case.case_number)


def _chosen(view: ChangeView, posted: Mapping[str, str]) -> dict[str, str]:
    fields = [f"m.{m.person_id}" for m in view.movers]
    taken_back = {f"m.{one}" for one in view.taken_back}
    return {field: "1" if posted.get(field) == "1" and field not in taken_back else "0" for field in fields}
