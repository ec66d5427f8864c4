"""未付番者: who has no resident code, with the way to its entry, and the stock of free codes with its warning."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Purpose, Right
from daicho.access.decision import holds
from daicho.law.reasons import Reason
from daicho.register.environment import current
from daicho.register.screens.reception import NOBODY
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.without_code import Line, set_warning, without_code

MOST_FREE = 1_000_000


@require_GET
@door(Right.PERSON_READ, purpose=Purpose.EX_OFFICIO)
def unnumbered(request: DoorRequest) -> HttpResponse:
    """The work list and the stock."""
    env = current()
    lines, stock = without_code(env, request.actor)
    return render(
        request,
        "register/unnumbered.html",
        {
            "lines": [(line, _entry_url(line)) for line in lines],
            "stock": stock,
            "may_set": holds(request.actor, Right.CASE_DECIDE, on=env.clock.today()),
        },
    )


def _entry_url(line: Line) -> str:
    asked = {
        "household": line.household_id,
        "person": line.person_id,
        "reason": Reason.RESIDENT_CODE_ENTRY.key,
        "notifier": NOBODY,
    }
    return f"{reverse('case-new')}?{urlencode(asked)}"


@require_POST
@door(Right.CASE_DECIDE)
def code_warning(request: DoorRequest) -> HttpResponse:
    """Set below how many free codes the warning is shown; anything but a number changes nothing."""
    text = request.POST.get("warn_below", "").strip()
    if text.isascii() and text.isdigit() and int(text) <= MOST_FREE:
        set_warning(current(), request.actor, int(text))
    return redirect("unnumbered")
