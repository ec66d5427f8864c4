"""S27: terminals for the administrator: register, change, a new key, end (control R-ACQ-10)."""

import ipaddress
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Right
from daicho.access.decision import RIGHTS
from daicho.law.dates import parse_date
from daicho.law.eras import typed_day
from daicho.law.errors import DaichoError
from daicho.signon import people, terminals
from daicho.signon.door import DoorRequest, door
from daicho.signon.errors import OfficerRefused
from daicho.signon.ledger import ACT_WORDS, By
from daicho.signon.models import OfficerLedger, Terminal
from daicho.wire.environment import Environment, current

_TYPED = (
    "terminal_id",
    "name",
    "office",
    "terminal_class",
    "address",
    "since",
    "until",
    "keyless",
    "reason",
    "terminal",
)


@require_GET
@door(Right.USER_ADMIN)
def terminal_list(request: DoorRequest) -> HttpResponse:
    """The list, and the terminal chosen (`terminal`) in the form."""
    return _page(request, {"terminal": request.GET.get("terminal", "").strip()[:32]})


@require_POST
@door(Right.USER_ADMIN, step_up=True)
def terminal_put(request: DoorRequest) -> HttpResponse:
    """Register or change; the code for the key is shown once."""
    typed, env = _typed(request), current()
    try:
        wanted = terminals.Wanted(
            typed["terminal_id"],
            typed["name"],
            typed["office"],
            typed["terminal_class"],
            _network(typed["address"]),
            _day(env, typed["since"]),
            _day(env, typed["until"]),
            bool(typed["keyless"]),
            people.required(typed["reason"]),
        )
        code = terminals.put(env, _by(request), wanted)
    except DaichoError as error:
        return _page(request, typed, error)
    return _after(request, typed["terminal_id"].upper(), code)


@require_POST
@door(Right.USER_ADMIN, step_up=True)
def terminal_act(request: DoorRequest) -> HttpResponse:
    """A new key (`key`), or out of use (`end`)."""
    typed, env = _typed(request), current()
    try:
        reason = people.required(typed["reason"])
        if request.POST.get("act") == "key":
            return _after(request, typed["terminal"], terminals.renew(env, _by(request), typed["terminal"], reason))
        terminals.end(env, _by(request), typed["terminal"], reason)
    except DaichoError as error:
        return _page(request, typed, error)
    return redirect("terminals")


def _after(request: DoorRequest, terminal_id: str, code: str) -> HttpResponse:
    if code:
        return _page(request, {"terminal": terminal_id}, code=code)
    return redirect(f"{reverse('terminals')}?{urlencode({'terminal': terminal_id})}")


def _by(request: DoorRequest) -> By:
    return By(request.actor.officer_id, request.actor.terminal_id)


def _typed(request: DoorRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip()[:200] for name in _TYPED}


def _day(env: Environment, text: str) -> date | None:
    return parse_date(text, env.clock.today(), future=True) if text else None


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text)) if text else ""
    except ValueError:
        raise OfficerRefused(field="address", why="ネットワークは 10.1.2.0/24 の形で入力してください。") from None


def _page(
    request: DoorRequest, typed: dict[str, str], error: DaichoError | None = None, code: str = ""
) -> HttpResponse:
    today = current().clock.today()
    found = Terminal.objects.filter(pk=typed.get("terminal", "").upper()).first()
    ledger = OfficerLedger.objects.filter(officer=found.terminal_id, act__startswith="terminal") if found else None
    context: dict[str, Any] = {
        "tab": "terminals",
        "lines": [
            (
                one,
                RIGHTS.terminals[one.terminal_class].word if one.terminal_class in RIGHTS.terminals else "—",
                in_force,
            )
            for one in Terminal.objects.order_by("terminal_id")
            if (in_force := terminals.in_force(one, today)) or True
        ],
        "classes": [(key, one.word) for key, one in RIGHTS.terminals.items()],
        "found": found,
        "typed": typed if error else _as_typed(found),
        "acts": [(row, ACT_WORDS[row.act]) for row in ledger.order_by("-id")[:20]] if ledger is not None else [],
        "code": code,
        "error": error,
    }
    answer = render(request, "signon/terminals.html", context, status=error.status if error else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _as_typed(found: Terminal | None) -> dict[str, str]:
    if found is None:
        return {}
    return {
        "terminal_id": found.terminal_id,
        "name": found.name,
        "office": found.office,
        "terminal_class": found.terminal_class,
        "address": found.address,
        "since": typed_day(found.valid_from) if found.valid_from else "",
        "until": typed_day(found.valid_to) if found.valid_to else "",
        "keyless": "1" if found.keyless else "",
    }
