"""The case among many hands: decisions of a list by office, and handing a case to the next station."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Right
from daicho.law.errors import DaichoError
from daicho.register.desk import bulk
from daicho.register.desk import case as desk
from daicho.register.desk.bulk import CAP, ForDecision, Outcome, TooManyDecisions
from daicho.register.desk.errors import HeldByOther, StalePage, UnknownCode, WrongStatus
from daicho.register.desk.stations import STATIONS, hand_over
from daicho.register.environment import current
from daicho.register.screens import conflict
from daicho.register.screens.entry import version_of
from daicho.register.screens.entry_view import casebar
from daicho.register.screens.review import make_papers
from daicho.register.screens.words import minutes, reason_word
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names


@require_http_methods(["GET", "POST"])
@door(Right.CASE_DECIDE)
def decisions(request: DoorRequest) -> HttpResponse:
    """The reviewed cases of an office (`office`); a POST decides those that are chosen, each by itself."""
    office = request.GET.get("office") or request.POST.get("office") or request.actor.office
    if request.method != "POST":
        return _list(request, office, [], None)
    chosen = []
    for code in request.POST.getlist("case"):
        number, _, version = code.rpartition(":")
        if version.isascii() and version.isdigit() and len(version) < 9:
            chosen.append((number, int(version)))
    try:
        outcomes = bulk.decide_many(current(), request.actor, chosen)
    except TooManyDecisions as error:
        return _list(request, office, [], error)
    for one in outcomes:
        if one.error is None:
            make_papers(request, desk.open_case(current(), request.actor, one.number))
    return _list(request, office, outcomes, None)


def _list(request: DoorRequest, office: str, outcomes: list[Outcome], error: DaichoError | None) -> HttpResponse:
    env = current()
    now = env.clock.now()
    with env.database.transaction() as connection:
        found = bulk.for_decision(connection, office)
        everywhere = bulk.offices(connection)
        names = officer_names(connection, [who for one in found for who in (one.line.entrant, one.line.reviewer)])
    failed = {one.number: one.error for one in outcomes if one.error is not None}

    def line(one: ForDecision) -> dict[str, object]:
        own = request.actor.officer_id in one.line.entered_by
        return {
            "one": one,
            "kind": reason_word(one.line.reason),
            "wait": minutes(one.line.received_at, now),
            "entrant": names.get(one.line.entrant, one.line.entrant),
            "reviewer": names.get(one.line.reviewer or "", ""),
            "why_not": "自分が入力した件" if own else "",
            "failed": failed.get(one.line.case_number),
        }

    return render(
        request,
        "register/decisions.html",
        {
            "lines": [line(one) for one in found],
            "office": office,
            "offices": everywhere,
            "cap": CAP,
            "done": [one.number for one in outcomes if one.error is None],
            "failed": [(one.number, one.error) for one in outcomes if one.error is not None],
            "error": error,
        },
        status=error.status if error else 200,
    )


@require_http_methods(["GET", "POST"])
@door(Right.CASE_ENTER)
def hand_over_case(request: DoorRequest, number: str) -> HttpResponse:
    """Hand a case to the next station with a note."""
    env = current()
    error: DaichoError | None = None
    if request.method == "POST":
        try:
            hand_over(
                env, request.actor, number, version_of(request), request.POST.get("station", ""),
                request.POST.get("note", ""),
            )  # fmt: skip
        except UnknownCode as unknown:
            error = unknown
        except (StalePage, WrongStatus, HeldByOther) as refused:
            return conflict.state_page(request, desk.open_case(env, request.actor, number), refused)
        else:
            return redirect("home")
    case = desk.open_case(env, request.actor, number)
    with env.database.transaction() as connection:
        names = officer_names(connection, [case.entrant])
    return render(
        request,
        "register/hand_over.html",
        {
            "case": casebar(case, env, "入力", names),
            "the_case": case,
            "stations": list(STATIONS.items()),
            "note": request.POST.get("note", ""),
            "error": error,
        },
        status=error.status if error else 200,
    )
