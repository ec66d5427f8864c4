"""S27: user IDs and roles for the administrator: issue, suspend, resume, withdraw, term, roles, unused IDs, revocations.

User IDs are those of staff and may stand in addresses; reasons and passwords are posted and never do.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pyotp
from django.conf import settings
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Actor, Right
from daicho.access.decision import RIGHTS
from daicho.law.dates import parse_date
from daicho.law.eras import typed_day
from daicho.law.errors import DaichoError
from daicho.signon import four_eyes, people
from daicho.signon.administration import Handover, Wanted
from daicho.signon.door import DoorRequest, door
from daicho.signon.errors import OfficerRefused
from daicho.signon.ledger import ACT_WORDS, By
from daicho.signon.models import Officer, OfficerLedger
from daicho.signon.places import Place
from daicho.signon.service import clean_login
from daicho.signon.sessions import roles_on
from daicho.wire.environment import Environment, current

MOST = 500
"""Officers that one list shows; the search narrows them."""
UNUSED_DAYS = 90
_TYPED = (
    "officer_id",
    "name",
    "department",
    "office",
    "role",
    "since",
    "until",
    "reason",
    "q",
    "officer",
    "role_id",
    "totp",
)


@require_GET
@door(Right.USER_ADMIN)
def officers(request: DoorRequest) -> HttpResponse:
    """The list (`q` narrows it) and the officer chosen (`officer`)."""
    return _page(request, {name: request.GET.get(name, "").strip()[:64] for name in ("q", "officer")})


@sensitive_post_parameters()
@require_POST
@door(Right.USER_ADMIN, step_up=True)
def officer_issue(request: DoorRequest) -> HttpResponse:
    """Ask for a user ID; a second administrator decides."""
    typed = _typed(request)
    env = current()
    try:
        wanted = Wanted(
            officer_id=typed["officer_id"],
            name=typed["name"],
            department=typed["department"],
            office=typed["office"],
            role=typed["role"],
            since=_day(env, typed["since"]) or env.clock.today(),
            until=_day(env, typed["until"]),
            reason=people.required(typed["reason"]),
            totp=bool(typed["totp"]),
        )
        asked = four_eyes.ask_to_issue(env, _by(request.actor), wanted)
    except DaichoError as error:
        return _page(request, typed, error)
    return redirect(f"{reverse('officers')}?{urlencode({'officer': asked.officer})}")


@require_POST
@door(Right.USER_ADMIN, step_up=True)
def officer_decide(request: DoorRequest) -> HttpResponse:
    """Decide as a second administrator (`approve`, `refuse`), or take an own request back; what is handed over is shown once."""
    env, by, text = current(), _by(request.actor), request.POST.get("request", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
    try:
        if request.POST.get("act") == "withdraw":
            four_eyes.withdraw(env, by, number)
            return redirect("officers")
        handover = four_eyes.decide(env, by, number, approve=request.POST.get("act") == "approve")
    except DaichoError as error:
        return _page(request, {}, error)
    if handover is None:
        return redirect("officers")
    return _page(request, {"officer": handover.officer_id}, handover=handover)


@require_POST
@door(Right.USER_ADMIN, step_up=True)
def officer_act(request: DoorRequest) -> HttpResponse:
    """One act (`act`) on the officer chosen; a new password is only asked for."""
    typed = _typed(request)
    env, by, officer_id = current(), _by(request.actor), typed["officer"]
    try:
        if request.POST.get("act") == "reset":
            asked = four_eyes.ask_to_reset(env, by, officer_id, typed["reason"], totp=bool(typed["totp"]))
            return redirect(f"{reverse('officers')}?{urlencode({'officer': asked.officer})}")
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise OfficerRefused(why="操作を選んでください。")
        act(env, by, typed)
    except DaichoError as error:
        return _page(request, typed, error)
    return redirect(f"{reverse('officers')}?{urlencode({'officer': clean_login(officer_id)})}")


@require_GET
@door(Right.USER_ADMIN)
def officers_unused(request: DoorRequest) -> HttpResponse:
    """User IDs without a sign-on in the last `days` days."""
    text = request.GET.get("days", "")
    days = min(max(int(text), 1), 3650) if text.isascii() and text.isdigit() and len(text) <= 4 else UNUSED_DAYS
    return render(
        request, "signon/officers.html", {"tab": "unused", "days": days, "unused": people.unused(current(), days)}
    )


@require_GET
@door(Right.USER_ADMIN)
def officers_ledger(request: DoorRequest) -> HttpResponse:
    """The ledger of revocations, newest first."""
    lines = [(one, ACT_WORDS[one.act], RIGHTS.words.get(one.role, one.role)) for one in people.revocations(current())]
    return render(request, "signon/officers.html", {"tab": "ledger", "lines": lines})


def _suspend(env: Environment, by: By, typed: dict[str, str]) -> None:
    people.suspend(env, by, typed["officer"], typed["reason"])


def _resume(env: Environment, by: By, typed: dict[str, str]) -> None:
    people.resume(env, by, typed["officer"], typed["reason"])


def _withdraw(env: Environment, by: By, typed: dict[str, str]) -> None:
    people.withdraw(env, by, typed["officer"], typed["reason"])


def _term(env: Environment, by: By, typed: dict[str, str]) -> None:
    people.set_term(env, by, typed["officer"], _day(env, typed["until"]), typed["reason"])


def _give(env: Environment, by: By, typed: dict[str, str]) -> None:
    since = _day(env, typed["since"]) or env.clock.today()
    people.give_role(env, by, typed["officer"], typed["role"], since, _day(env, typed["until"]), typed["reason"])


def _end(env: Environment, by: By, typed: dict[str, str]) -> None:
    number = typed["role_id"]
    role_id = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
    people.end_role(env, by, typed["officer"], role_id, typed["reason"])


_ACTS: dict[str, Callable[[Environment, By, dict[str, str]], None]] = {
    "suspend": _suspend,
    "resume": _resume,
    "withdraw": _withdraw,
    "term": _term,
    "give": _give,
    "end": _end,
}


def _by(actor: Actor) -> By:
    return By(actor.officer_id, actor.terminal_id)


def _typed(request: DoorRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip()[:200] for name in _TYPED}


def _day(env: Environment, text: str) -> date | None:
    """A day in any form, also one to come; None when blank. Raises the errors of `parse_date`."""
    return parse_date(text, env.clock.today(), future=True) if text else None


def _page(
    request: DoorRequest, typed: dict[str, str], error: DaichoError | None = None, handover: Handover | None = None
) -> HttpResponse:
    """The page; what was typed stands in it again when something was refused."""
    today, own = current().clock.today(), request.actor.officer_id
    context: dict[str, Any] = {
        "tab": "list",
        "typed": typed if error else {},
        "q": typed.get("q", ""),
        "lines": _lines(typed.get("q", ""), today),
        "administrators": _administrators(today),
        "role_words": [(code, RIGHTS.words[code]) for code in RIGHTS.roles],
        "today": typed_day(today),
        "waiting": [
            (one, four_eyes.WORDS[one.act], RIGHTS.words.get(one.wanted.get("role", ""), ""), one.asked_by == own)
            for one in four_eyes.waiting(current())
        ],
        "totp_usual": not settings.PRODUCTION,
        "error": error,
        "handover": handover,
        "uri": _uri(handover) if handover and handover.totp_secret else "",
        **_chosen(request.actor, typed.get("officer", ""), today),
    }
    answer = render(request, "signon/officers.html", context, status=error.status if error else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _lines(q: str, today: date) -> list[tuple[Officer, Place, str, str, str]]:
    found = (
        Officer.objects.annotate(last=Max("sessions__signed_on_at")).prefetch_related("roles").order_by("officer_id")
    )
    wanted = q.casefold()
    lines: list[tuple[Officer, Place, str, str, str]] = []
    for one in found[: MOST * 10]:
        held = sorted(RIGHTS.words.get(role, role) for role in roles_on(one, today))
        place = one.place_on(today)
        if wanted in f"{one.officer_id} {one.name} {place.department} {place.office} {' '.join(held)}".casefold():
            key = people.state(one, today)
            lines.append((one, place, key, people.STATES[key], "・".join(held)))
    return lines[:MOST]


def _administrators(today: date) -> int:
    """How many officers in force hold the administrator's role today (R-USE-07: as few as possible)."""
    ever = Officer.objects.filter(roles__role="administrator").distinct().prefetch_related("roles")
    return sum(people.state(one, today) == "live" and "administrator" in roles_on(one, today) for one in ever)


def _chosen(actor: Actor, officer_id: str, today: date) -> dict[str, Any]:
    login = clean_login(officer_id)
    found = Officer.objects.prefetch_related("roles").filter(pk=login).first() if login else None
    if found is None:
        return {"found": None}
    ledger = OfficerLedger.objects.filter(officer=found.officer_id).order_by("-id")[:50]
    return {
        "found": found,
        "state": people.state(found, today),
        "state_word": people.STATES[people.state(found, today)],
        "is_own": found.officer_id == actor.officer_id,
        "roles": [
            (role, RIGHTS.words.get(role.role, role.role), role.until is None or role.until > today)
            for role in sorted(found.roles.all(), key=lambda role: (role.since, role.role))
        ],
        "acts": [(row, ACT_WORDS[row.act], RIGHTS.words.get(row.role, row.role)) for row in ledger],
    }


def _uri(handover: Handover) -> str:
    return pyotp.TOTP(handover.totp_secret).provisioning_uri(name=handover.officer_id, issuer_name="Daicho")
