"""How often each warning is passed without correction, month by month (STD 11.1; ux.md 3.4): a page for those who keep the rules."""

import re
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daicho.access.actor import Right
from daicho.law.eras import format_year
from daicho.register.changes.alerts import catalogue
from daicho.register.desk.alerts import ENOUGH, REWORK_ABOVE, Rate, rates
from daicho.register.desk.model import ACK_REASONS
from daicho.register.environment import current
from daicho.register.signon.door import DoorRequest, door


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in words."""

    rate: Rate
    sentence: str
    source: str
    reasons: str


@require_GET
@door(Right.ALERT_RATES)
def alert_rates(request: DoorRequest) -> HttpResponse:
    """The rules met in a month (`month`: 2026-04), the most often passed first."""
    today = current().clock.today()
    month = _month(request.GET.get("month", ""), today)
    rules = catalogue()
    lines = [
        Line(rate, re.sub(r"{\w+}", "…", rules[rate.code].sentence), rules[rate.code].source, _reasons(rate))
        for rate in rates(current(), request.actor, month)
    ]
    return render(
        request,
        "register/alert_rates.html",
        {
            "lines": lines,
            "month": f"{format_year(month.year)}{month.month}月",
            "previous": _step(month, -1),
            "following": _step(month, 1) if month < today.replace(day=1) else "",
            "above": REWORK_ABOVE,
            "enough": ENOUGH,
            "rework": sum(line.rate.needs_rework for line in lines),
        },
    )


def _month(text: str, today: date) -> date:
    """The first day of the month asked for, this month when it cannot be read or lies ahead."""
    try:
        chosen = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return min(chosen, today.replace(day=1))


def _step(month: date, by: int) -> str:
    count = month.year * 12 + month.month - 1 + by
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def _reasons(rate: Rate) -> str:
    return "、".join(f"{ACK_REASONS.get(code, code)} {count}" for code, count in sorted(rate.reasons.items()))
