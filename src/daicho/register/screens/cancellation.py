"""取消し from the list of changes of a household: first what hangs on the change, then the case (STD 4.6)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Purpose, Right
from daicho.access.errors import NotAvailable
from daicho.register.changes.cancellation import cancelling_reason
from daicho.register.desk import case as desk
from daicho.register.desk import guard
from daicho.register.desk.forms.base import ChangeView
from daicho.register.desk.past_changes import change_view, number_of
from daicho.register.environment import current
from daicho.register.screens.cancellation_view import Back, back
from daicho.register.signon.door import DoorRequest, door
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection


@require_http_methods(["GET", "POST"])
@door(Right.CASE_ENTER)
def case_cancel(request: DoorRequest, household_id: int, change_id: int) -> HttpResponse:
    """What hangs on a change of this household; sending the page opens the case of its cancellation.

    A change that is not of this household looks like one that is not there.
    """
    env = current()
    with env.database.transaction() as connection:
        view, shown, number = opened_change(connection, request, household_id, change_id)
    if view is None or shown is None:
        raise NotAvailable
    if request.method != "POST":
        token = env.random.token(16).hex()
        context = {"back": shown, "household_id": household_id, "household_number": number, "token": token}
        return render(request, "register/cancellation.html", context)
    chosen = {f"m.{m.person_id}": "0" if m.person_id in view.taken_back else "1" for m in view.movers}
    case = desk.receive(
        env,
        request.actor,
        token=f"{request.actor.officer_id}:{request.POST.get('token', '')[:64]}",
        reason=cancelling_reason(view.reason),
        reception={"notifier": "5"},
        typed={"household": number, "change": str(change_id), **chosen},
    )
    return redirect("case-entry", case.case_number)


def opened_change(
    connection: Connection, request: DoorRequest, household_id: int, change_id: int | None
) -> tuple[ChangeView | None, Back | None, str]:
    """A change of this household with what hangs on it, and the number of the household; the look is on record.

    Nothing of a change that is not there, is not of this household, or concerns somebody who is hidden.
    """
    env = current()
    view = change_view(connection, change_id) if change_id is not None else None
    concerned = [m.person_id for m in (*view.movers, *view.others)] if view is not None else []
    there = view is not None and household_id in view.household_ids
    there = there and not guard.hides(connection, env, request.actor, concerned)
    record_act(
        connection,
        env,
        request.actor,
        Act.HOUSEHOLD_OPENED,
        purpose=Purpose.CHANGE_NOTIFICATION,
        subjects=concerned if there else (),
        refused=not there,
        detail={"household": household_id} if there else {},
    )
    if view is None or not there:
        return None, None, ""
    return view, back(connection, view), number_of(connection, household_id)
