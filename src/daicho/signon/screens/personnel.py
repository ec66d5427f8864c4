"""S27: files of the personnel office: load, look at each line before it counts, let another administrator confirm (R-USE-09)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Right
from daicho.access.decision import RIGHTS
from daicho.law.errors import DaichoError
from daicho.signon import personnel as files
from daicho.signon import personnel_rows as reading
from daicho.signon.door import DoorRequest, door
from daicho.signon.ledger import By
from daicho.signon.models import Officer, PersonnelFile
from daicho.signon.personnel_rows import Line
from daicho.signon.sessions import roles_on
from daicho.wire.environment import current

SHOWN = 50
STATES = {None: "承認待ち", True: "承認済み", False: "却下・取下げ"}


@require_GET
@door(Right.USER_ADMIN)
def personnel(request: DoorRequest) -> HttpResponse:
    """The files so far, and each line of the one chosen (`file`)."""
    return _page(request, request.GET.get("file", ""))


@require_POST
@door(Right.USER_ADMIN, step_up=True)
def personnel_load(request: DoorRequest) -> HttpResponse:
    """Hand in a new file; when a line is wrong nothing is kept, and each line is shown with what is wrong."""
    env, by = current(), _by(request)
    typed = {"reason": request.POST.get("reason", "").strip()[:200]}
    sent = request.FILES.get("file")
    lines: list[Line] = []
    try:
        lines = files.look_at(env, by, sent.read(reading.LARGEST + 1) if sent is not None else b"")
        kept = files.load(env, by, lines, typed["reason"])
    except DaichoError as error:
        return _page(request, "", error, {"typed": typed, "report": _told(lines, env.clock.today())})
    return redirect(f"{reverse('officers-personnel')}?file={kept.pk}")


@require_POST
@door(Right.USER_ADMIN, step_up=True)
def personnel_decide(request: DoorRequest) -> HttpResponse:
    """Confirm (`approve`) as a second administrator, refuse, or take an own file back."""
    number = request.POST.get("file", "")
    try:
        files.decide(current(), _by(request), _number(number), approve=request.POST.get("act") == "approve")
    except DaichoError as error:
        return _page(request, number, error)
    return redirect(f"{reverse('officers-personnel')}?file={_number(number)}")


def _by(request: DoorRequest) -> By:
    return By(request.actor.officer_id, request.actor.terminal_id)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _told(lines: Iterable[Line], today: date) -> list[dict[str, Any]]:
    """Each line with who it is about, what they hold now and what they hold from the day on."""
    found = list(lines)
    officers = Officer.objects.prefetch_related("roles").in_bulk({line.officer for line in found})
    told = []
    for line in found:
        officer = officers.get(line.officer)
        told.append(
            {
                "line": line,
                "name": officer.name if officer else "",
                "place": officer.place_on(today) if officer else None,
                "now": _words(roles_on(officer, today)) if officer else "",
                "then": _words(line.roles),
            }
        )
    return told


def _words(roles: Iterable[str]) -> str:
    return "・".join(sorted(RIGHTS.words.get(role, role) for role in roles))


def _page(
    request: DoorRequest, number: str, error: DaichoError | None = None, more: dict[str, Any] | None = None
) -> HttpResponse:
    today, own = current().clock.today(), request.actor.officer_id
    chosen = PersonnelFile.objects.filter(pk=_number(number)).first()
    context: dict[str, Any] = {
        "tab": "personnel",
        "files": [(one, len(one.rows), STATES[one.approved]) for one in PersonnelFile.objects.order_by("-id")[:SHOWN]],
        "chosen": chosen,
        "state": STATES[chosen.approved] if chosen else "",
        "is_own": chosen is not None and chosen.loaded_by == own,
        "report": _told(map(reading.line_of, chosen.rows), today) if chosen else [],
        "columns": ",".join(reading.COLUMNS),
        "events": "・".join(reading.EVENTS),
        "role_words": "・".join(reading.CODES),
        "error": error,
    }
    return render(request, "signon/officers.html", context | (more or {}), status=error.status if error else 200)
