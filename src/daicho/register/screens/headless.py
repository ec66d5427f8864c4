"""世帯主変更依頼の対象者一覧: households whose head has left, as a list and as a file (STD 4.0.5)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daicho.access.actor import Output, Purpose, Right
from daicho.access.decision import holds
from daicho.law.reasons import Reason
from daicho.register.environment import current
from daicho.register.exports.list_files import HEADLESS
from daicho.register.screens.reception import NOBODY
from daicho.register.screens.trail_view import csv_answer
from daicho.register.screens.words import reason_word
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.headless import MOST, headless


@require_GET
@door(Right.PERSON_READ, purpose=Purpose.EX_OFFICIO)
def headless_list(request: DoorRequest) -> HttpResponse:
    """Households without a head, the longest first; `all` with those that have none by their own notification."""
    env = current()
    everything = request.GET.get("all") == "1"
    lines = headless(env, request.actor, everything=everything)
    context = {
        "lines": [(line, reason_word(line.reason)) for line in lines],
        "everything": everything,
        "is_cut": len(lines) == MOST,
        "reason": Reason.HEAD_CHANGE.key,
        "nobody": NOBODY,
        "may_enter": holds(request.actor, Right.CASE_ENTER, on=env.clock.today()),
        "may_export": holds(request.actor, Right.CASE_DECIDE, on=env.clock.today()),
    }
    return render(request, "register/headless.html", context)


@require_GET
@door(Right.CASE_DECIDE, purpose=Purpose.EX_OFFICIO, output=Output.EXPORT)
def headless_file(request: DoorRequest) -> HttpResponse:
    """The same as a file, for those who decide."""
    lines = headless(current(), request.actor, everything=request.GET.get("all") == "1")
    return csv_answer("households-without-head", HEADLESS.headings, map(HEADLESS.cells, lines), more=len(lines) == MOST)
