"""転入通知未着: the list by days waiting, as a file, and the way to receive a notice (STD 4.1.3.1.1, 4.1.3.1.4)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Output, Purpose, Right
from daicho.access.decision import holds
from daicho.law.reasons import Basis, Reason
from daicho.register.desk import case as desk
from daicho.register.environment import current
from daicho.register.exports.list_files import AWAITED
from daicho.register.screens.reception import NOBODY
from daicho.register.screens.trail_view import csv_answer
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.awaited import MOST, awaited


@require_GET
@door(Right.PERSON_READ, purpose=Purpose.EX_OFFICIO)
def awaited_list(request: DoorRequest) -> HttpResponse:
    """Who is awaited, the longest first; `all` beyond a year."""
    env = current()
    everything = request.GET.get("all") == "1"
    lines = awaited(env, request.actor, everything=everything)
    return render(
        request,
        "register/awaited.html",
        {
            "lines": lines,
            "everything": everything,
            "is_cut": len(lines) == MOST,
            "may_enter": holds(request.actor, Right.CASE_ENTER, on=env.clock.today()),
            "may_export": holds(request.actor, Right.CASE_DECIDE, on=env.clock.today()),
            "token": env.random.token(16).hex(),
        },
    )


@require_GET
@door(Right.CASE_DECIDE, purpose=Purpose.EX_OFFICIO, output=Output.EXPORT)
def awaited_file(request: DoorRequest) -> HttpResponse:
    """転入通知未着者一覧 as a file, for those who decide."""
    lines = awaited(current(), request.actor, everything=request.GET.get("all") == "1")
    return csv_answer("arrival-notices-awaited", AWAITED.headings, map(AWAITED.cells, lines), more=len(lines) == MOST)


@require_POST
@door(Right.CASE_ENTER)
def receive_notice(request: DoorRequest) -> HttpResponse:
    """Open a case that receives a notice of arrival, for a household and a person of the list or for none yet."""
    household, person = (request.POST.get(name, "") for name in ("household", "person"))
    token = f"{request.POST.get('token', '')[:64]}:{household[:20]}:{person[:20]}"
    case = desk.receive(
        current(),
        request.actor,
        token=f"{request.actor.officer_id}:{token}",
        reason=Reason.MOVE_OUT,
        reception={"notifier": NOBODY},
        household_id=_id(household),
        person_id=_id(person),
        basis=Basis.NOTICE,
        typed={"basis": "4", "notifier": NOBODY},
    )
    return redirect("case-entry", case.case_number)


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
