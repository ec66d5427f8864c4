"""抑止対象者一覧 as a list and as a file (STD 9.2)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daicho.access.actor import Output, Right
from daicho.access.decision import holds
from daicho.register.environment import current
from daicho.register.exports.list_files import SUPPRESSED, suppression_levels, suppression_state
from daicho.register.screens.trail_view import csv_answer
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.suppressed import MOST, suppressed


@require_GET
@door(Right.SUPPRESSION_SET)
def suppressed_list(request: DoorRequest) -> HttpResponse:
    """Who is suppressed, what is overdue first."""
    env = current()
    lines = suppressed(env, request.actor)
    context = {
        "lines": [(line, suppression_levels(line), suppression_state(line)) for line in lines],
        "overdue": sum(line.overdue for line in lines),
        "is_cut": len(lines) == MOST,
        "may_export": holds(request.actor, Right.CASE_DECIDE, on=env.clock.today()),
    }
    return render(request, "register/suppressed.html", context)


@require_GET
@door(Right.CASE_DECIDE, output=Output.EXPORT)
def suppressed_file(request: DoorRequest) -> HttpResponse:
    """The same as a file, for those who decide and may suppress."""
    lines = suppressed(current(), request.actor)
    return csv_answer("suppressed", SUPPRESSED.headings, map(SUPPRESSED.cells, lines), more=len(lines) == MOST)
