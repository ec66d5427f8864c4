"""The lists of transfers and provisions on a day, and as a file with every period (R-PRV-03)."""

import csv
import io
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from daicho.access.actor import Output, Right
from daicho.commons.exchange import files, lists
from daicho.commons.exchange.lists import COUNTS, HEADINGS, WORDS, Line, ListName
from daicho.law.dates import parse_date
from daicho.law.eras import typed_day
from daicho.law.errors import DaichoError
from daicho.signon.door import DoorRequest, door
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import current


@require_GET
@door(Right.EXCHANGE_MANAGE)
def show(request: DoorRequest, name: ListName) -> HttpResponse:
    """One list on a day (`on`), narrowed by `q`."""
    which, today = name, current().clock.today()
    error: DaichoError | None = None
    day = today
    try:
        day = parse_date(request.GET["on"], today, future=True) if request.GET.get("on") else today
    except DaichoError as unreadable:
        error = unreadable
    q = request.GET.get("q", "").strip()[:64]
    found = lists.by_number(which, day)
    context: dict[str, Any] = {
        "tab": which,
        "file_url": reverse(f"exchange-{which}-file"),
        "word": WORDS[which],
        "count": COUNTS[which],
        "published": sum(line.published for line in found),
        "on": typed_day(day),
        "q": q,
        "lines": [(line, *_state(line, day), "、".join(line.items)) for line in found if _matches(line, q)],
        "error": error,
    }
    return render(request, "exchange/list.html", context, status=error.status if error else 200)


@require_GET
@door(Right.EXCHANGE_MANAGE, output=Output.EXPORT)
def file(request: DoorRequest, name: ListName) -> HttpResponse:
    """Every line with every period as CSV, for printing and for the assessment."""
    which, env = name, current()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows([[files.inert(cell) for cell in lists.cells(line)] for line in lists.lines(which)])
    with env.database.transaction() as connection:
        record_act(connection, env, request.actor, Act.EXCHANGE_LIST_EXPORTED, detail={"list": which})
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{which}.csv"'
    return answer


def _state(line: Line, day: date) -> tuple[str, str]:
    if not line.published:
        return "open", lists.NOT_PUBLISHED
    return ("live", "有効") if line.holds(day) else ("ended", "期間終了")


def _matches(line: Line, q: str) -> bool:
    return q.casefold() in " ".join(str(cell) for cell in lists.cells(line)).casefold()
