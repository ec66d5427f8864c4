"""S21: asking to see what is hidden, or to issue for it; deciding about what others have asked for."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daicho.access.actor import Purpose, Right
from daicho.access.decision import RIGHTS, holds
from daicho.access.errors import NotAvailable, PurposeMissing
from daicho.law.errors import DaichoError
from daicho.law.japan import JAPAN
from daicho.register.environment import current
from daicho.register.protection import openings
from daicho.register.screens.household_view import member_rows, strip
from daicho.register.screens.purpose import purpose_of
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.register.store.access import open_hidden


@require_http_methods(["GET", "POST"])
@door(Right.PROTECTION_OPEN)
def opening_new(request: DoorRequest, person_id: int) -> HttpResponse:
    """What is to be opened, for whom, why and for how long; somebody else decides."""
    if request.method != "POST":
        return _new(request, person_id, None)
    people = [int(one) for one in request.POST.getlist("person") if one.isascii() and one.isdigit() and len(one) < 19]
    minutes = request.POST.get("minutes", "")
    try:
        openings.ask(
            current(),
            request.actor,
            request.POST.get("kind", ""),
            people,
            _purpose(request.POST.get("purpose", "")),
            request.POST.get("reason", ""),
            int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 4 else 0,
        )
    except DaichoError as error:
        if error.status not in (404, 422):
            raise
        return _new(request, person_id, error)
    return redirect("openings")


def _purpose(code: str) -> Purpose:
    try:
        return Purpose.from_code(code)
    except ValueError:
        raise PurposeMissing(field="purpose") from None


def _new(request: DoorRequest, person_id: int, error: DaichoError | None) -> HttpResponse:
    sheet = open_hidden(current(), request.actor, person_id, purpose_of(request))
    if sheet is None:
        return redirect("person", person_id)
    typed = request.POST if error else {}
    ticked = request.POST.getlist("person") if error else [str(person_id)]
    context = {
        "person": strip(sheet, sheet.member(person_id)),
        "person_id": person_id,
        "people": [(row, str(row.person_id) in ticked) for row in member_rows(sheet, person_id)],
        "kinds": openings.KINDS.items(),
        "kind": typed.get("kind", "look"),
        "purposes": [(p.value, p.word) for p in Purpose if p in RIGHTS.purposes[Right.PROTECTION_OPEN]],
        "purpose": typed.get("purpose", purpose_of(request).value),
        "reason": typed.get("reason", ""),
        "minutes": typed.get("minutes", str(openings.USUAL)),
        "error": error,
    }
    return render(request, "register/opening_new.html", context, status=error.status if error else 200)


@require_GET
@door(Right.PROTECTION_OPEN)
def openings_list(request: DoorRequest) -> HttpResponse:
    """What one has asked for, with the time it is open until; what others ask for, for those who may decide."""
    return _list(request, None)


def _list(request: DoorRequest, error: DaichoError | None) -> HttpResponse:
    env = current()
    may_decide = holds(request.actor, Right.PROTECTION_APPROVE, on=env.clock.today())
    waiting = openings.waiting(env, request.actor) if may_decide else ()
    mine = openings.mine(env, request.actor)
    with env.database.transaction() as connection:
        names = officer_names(connection, [one.requested_by for one in waiting])
    now = env.clock.now()
    context = {
        "waiting": [
            (one, openings.KINDS[one.kind], names.get(one.requested_by, ""), one.requested_at.astimezone(JAPAN))
            for one in waiting
        ],
        "mine": [
            (
                one,
                openings.KINDS[one.kind],
                one.requested_at.astimezone(JAPAN),
                one.outcome == "approved" and one.until_at is not None and one.until_at > now,
                one.until_at.astimezone(JAPAN) if one.until_at else None,
            )
            for one in mine
        ],
        "may_decide": may_decide,
        "error": error,
    }
    return render(request, "register/openings.html", context, status=error.status if error else 200)


@require_POST
@door(Right.PROTECTION_APPROVE)
def opening_decide(request: DoorRequest, opening_id: int) -> HttpResponse:
    """Approve with every name confirmed and a reason written, or refuse with a reason."""
    confirmed = [
        int(one) for one in request.POST.getlist("person") if one.isascii() and one.isdigit() and len(one) < 19
    ]
    answer = request.POST.get("answer", "")
    if answer not in ("approve", "refuse"):
        raise NotAvailable
    try:
        openings.decide(
            current(),
            request.actor,
            opening_id,
            approve=answer == "approve",
            reason=request.POST.get("reason", ""),
            confirmed=confirmed,
        )
    except DaichoError as error:
        if error.status not in (403, 409, 422):
            raise
        return _list(request, error)
    return redirect("openings")
