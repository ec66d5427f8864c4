"""S27: sign-ons and failures of a month by user ID, from the trail of the system that signs officers on (control R-ACQ-20)."""

import re
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daicho.access.actor import Right
from daicho.law.japan import JAPAN, midnight
from daicho.signon.door import DoorRequest, door
from daicho.signon.models import Officer
from daicho.trail import reports
from daicho.wire.environment import current


@require_GET
@door(Right.TRAIL_READ)
def sign_ons(request: DoorRequest) -> HttpResponse:
    """The month asked for (`month`, 2026-04), else the present one."""
    env = current()
    first = _first_day(request.GET.get("month", ""), env.clock.today())
    following = _later(first, 1)
    found = reports.sign_ons(env, request.actor, reports.Period(midnight(first), midnight(following)))
    known = dict(Officer.objects.values_list("officer_id", "department"))
    context: dict[str, Any] = {
        "tab": "sign-ons",
        "lines": [
            (one, known.get(one.officer, ""), one.last_at.astimezone(JAPAN) if one.last_at else None) for one in found
        ],
        "first": first,
        "before": f"{_later(first, -1):%Y-%m}",
        "after": f"{following:%Y-%m}" if following <= env.clock.today() else "",
    }
    return render(request, "signon/officers.html", context)


def _first_day(month: str, today: date) -> date:
    if re.fullmatch(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])", month):
        return min(date.fromisoformat(f"{month}-01"), today.replace(day=1))
    return today.replace(day=1)


def _later(first: date, months: int) -> date:
    year, index = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, index + 1, 1)
