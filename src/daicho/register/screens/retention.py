"""The keeping of removed records: what ends in which year, and their disposal by two officers (STD 9.3; 令34条)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from daicho.access.actor import Right
from daicho.access.decision import holds
from daicho.access.errors import NotAvailable, SameOfficer
from daicho.law.errors import DaichoError
from daicho.law.retention import PERIODS, Kept
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
    request,
    settle,
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
        request(current(), asked.actor, asked.POST.get("reason", ""))
    except (DisposalUnreadable, NothingDue) as error:
        return _page(asked, error)
    return redirect("retention")


@require_POST
@door(Right.RETENTION_REQUEST)
def disposal_act(asked: DoorRequest, disposal_id: int) -> HttpResponse:
    """Approve, refuse or take back a request, or carry out an approved one."""
    env, act = current(), asked.POST.get("act", "")
    try:
        if act == "carry_out":
            carry_out(env, asked.actor, disposal_id)
        elif act in ("approve", "drop"):
            settle(env, asked.actor, disposal_id, agree=act == "approve", note=asked.POST.get("note", ""))
        else:
            raise NotAvailable
    except (DisposalMoved, SameOfficer) as error:
        return _page(asked, error)
    return redirect("retention")


def _page(asked: DoorRequest, error: DaichoError | None) -> HttpResponse:
    env = current()
    today = env.clock.today()
    found = disposals(env, asked.actor)
    with env.database.transaction() as connection:
        names = officer_names(connection, [who for one in found for who in (one.requested_by, one.decided_by)])
    may_approve = holds(asked.actor, Right.RETENTION_APPROVE, on=today)
    years = work_list(env, asked.actor, today.year + AHEAD)
    return render(
        asked,
        "register/retention.html",
        {
            "years": years,
            "due": sum(year.due for year in years),
            "most": MOST,
            "period": PERIODS[Kept.REMOVED_RECORD],
            "lines": [_line(one, names, asked.actor.officer_id, may_approve) for one in found],
            "error": error,
        },
        status=error.status if error else 200,
    )


def _line(one: Disposal, names: dict[str, str], officer: str, may_approve: bool) -> dict[str, object]:
    acts: list[tuple[str, str]] = []
    own = one.requested_by == officer
    if one.status == "requested" and own:
        acts = [("drop", "取り下げる")]
    elif one.status == "requested" and may_approve:
        acts = [("approve", "承認"), ("drop", "却下")]
    elif one.status == "approved" and may_approve:
        acts = [("carry_out", "廃棄を実行")]
    return {
        "disposal": one,
        "requester": names.get(one.requested_by, one.requested_by),
        "decider": names.get(one.decided_by or "", one.decided_by or ""),
        "acts": acts,
    }
