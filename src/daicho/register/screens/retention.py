"""The keeping of removed records: what ends in which year, and their disposal by two officers (STD 9.3; 令34条)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from daicho.access.actor import Right
from daicho.law.errors import DaichoError
from daicho.law.retention import PERIODS, Kept
from daicho.register.approvals.book import BOOK
from daicho.register.approvals.disposal import ask_disposal
from daicho.register.environment import current
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.register.store.retention import (
    MOST,
    Disposal,
    DisposalMoved,
    DisposalUnreadable,
    NothingDue,
    carry_out,
    disposals,
    work_list,
)

AHEAD = 10
"""Years ahead that the work list shows."""


@require_http_methods(["GET", "POST"])
@door(Right.RETENTION_REQUEST)
def retention(asked: DoorRequest) -> HttpResponse:
    """The work list by year and all acts of disposal; a POST asks for one."""
    if asked.method != "POST":
        return _page(asked, None)
    try:
        approval_id = ask_disposal(current(), BOOK, asked.actor, asked.POST.get("reason", ""))
    except (DisposalUnreadable, NothingDue) as error:
        return _page(asked, error)
    return redirect("approval", approval_id)


@require_POST
@door(Right.RETENTION_REQUEST)
def disposal_act(asked: DoorRequest, disposal_id: int) -> HttpResponse:
    """Go on with a disposal that was released and stopped on its way. All else is done on the page of its request."""
    try:
        carry_out(current(), asked.actor, disposal_id)
    except DisposalMoved as error:
        return _page(asked, error)
    return redirect("retention")


def _page(asked: DoorRequest, error: DaichoError | None) -> HttpResponse:
    env = current()
    today = env.clock.today()
    found = disposals(env, asked.actor)
    with env.database.transaction() as connection:
        names = officer_names(connection, [who for one in found for who in (one.requested_by, one.decided_by)])
    years = work_list(env, asked.actor, today.year + AHEAD)
    return render(
        asked,
        "register/retention.html",
        {
            "years": years,
            "due": sum(year.due for year in years),
            "most": MOST,
            "period": PERIODS[Kept.REMOVED_RECORD],
            "lines": [_line(one, names) for one in found],
            "error": error,
        },
        status=error.status if error else 200,
    )


def _line(one: Disposal, names: dict[str, str]) -> dict[str, object]:
    return {
        "disposal": one,
        "requester": names.get(one.requested_by, one.requested_by),
        "decider": names.get(one.decided_by or "", one.decided_by or ""),
    }
