"""S27: what an officer may see and do on a day, at a class of terminals, for a purpose, and why (control R-USE-12).

For the administrator and whoever inspects the rights with them. Each look is on record.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import RIGHTS
from daicho.access.explain import Explained, explain, outputs
from daicho.access.reasons import Because, Reason
from daicho.law.dates import parse_date
from daicho.law.eras import typed_day
from daicho.law.errors import DaichoError
from daicho.signon.door import DoorRequest, door
from daicho.signon.errors import OfficerUnknown
from daicho.signon.models import Officer
from daicho.signon.service import clean_login, in_force
from daicho.signon.sessions import roles_on
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import current


@dataclass(frozen=True, slots=True)
class Line:
    """One right in words. `why` are the reasons, each with the role and period of its grant."""

    word: str
    code: str
    held: bool
    why: tuple[str, ...]
    purposes: str
    masked: str


@require_GET
@door(Right.USER_ADMIN)
def officer_rights(request: DoorRequest) -> HttpResponse:
    """The rights of one officer (`officer`, `day`, `terminal` a class, `purpose` a code or none)."""
    env = current()
    today = env.clock.today()
    asked = {name: request.GET.get(name, "").strip()[:32] for name in ("officer", "day", "terminal", "purpose")}
    context: dict[str, Any] = {
        **asked,
        "terminals": [(code, one.word) for code, one in RIGHTS.terminals.items()],
        "purposes": [(one.value, one.word) for one in Purpose],
        "officers": Officer.objects.order_by("officer_id").values_list("officer_id", "name"),
    }
    if not asked["officer"]:
        return render(request, "signon/officer_rights.html", context | {"day": typed_day(today)})
    try:
        day = parse_date(asked["day"] or "t", today, future=True)
        officer = _officer(asked["officer"])
    except DaichoError as error:
        return render(request, "signon/officer_rights.html", context | {"error": error}, status=error.status)
    terminal = asked["terminal"] if asked["terminal"] in RIGHTS.terminals else next(iter(RIGHTS.terminals))
    purpose = Purpose(asked["purpose"]) if asked["purpose"] in {one.value for one in Purpose} else None
    with env.database.transaction() as connection:
        record_act(
            connection,
            env,
            request.actor,
            Act.RIGHTS_SHOWN,
            detail={"officer": officer.officer_id, "day": day.isoformat(), "terminal_class": terminal},
        )
    shown = _shown(request.actor, officer, day, terminal, purpose)
    return render(
        request,
        "signon/officer_rights.html",
        context | shown | {"terminal": terminal, "day": typed_day(day), "officer": officer.officer_id},
    )


def _officer(typed: str) -> Officer:
    officer = Officer.objects.prefetch_related("roles").filter(pk=clean_login(typed)).first()
    if officer is None:
        raise OfficerUnknown(field="officer")
    return officer


def _shown(who: Actor, officer: Officer, day: date, terminal: str, purpose: Purpose | None) -> dict[str, Any]:
    is_in_force, place = in_force(officer, day), officer.place_on(day)
    actor = Actor(
        officer_id=officer.officer_id,
        name=officer.name,
        roles=roles_on(officer, day) if is_in_force else frozenset(),
        department=place.department,
        office=place.office,
        terminal_id="",
        terminal_name="",
        session_ref="",
        signed_on_at=who.signed_on_at,
        terminal_class=terminal,
    )
    lines = [_line(one) for one in explain(actor, on=day, purpose=purpose)]
    pair = RIGHTS.conflict(actor.roles)
    return {
        "found": officer,
        "is_in_force": is_in_force,
        "roles": [
            (RIGHTS.words.get(held.role, held.role), held.since, held.until, held.role in actor.roles)
            for held in sorted(officer.roles.all(), key=lambda held: (held.since, held.role))
        ],
        "lines": sorted(lines, key=lambda line: not line.held),
        "held": sum(line.held for line in lines),
        "all": len(lines),
        "outputs": [(output.word, is_open) for output, is_open in outputs(actor, on=day).items()],
        "conflict": "と".join(RIGHTS.words[role] for role in sorted(pair)) if pair else "",
    }


def _line(one: Explained) -> Line:
    words = sorted(one.purposes, key=lambda purpose: purpose.value) if one.purposes else []
    return Line(
        word=one.right.word,
        code=one.right.value,
        held=one.held,
        why=tuple(_why(reason) for reason in one.reasons),
        purposes="・".join(purpose.word for purpose in words),
        masked="・".join(item.word for item in sorted(one.masked, key=lambda item: item.value)),
    )


def _why(reason: Reason) -> str:
    """管理者: まだ始まっていない(R8.10.1から)."""
    role = f"{RIGHTS.words.get(reason.role, reason.role)}: " if reason.role else ""
    period = ""
    if reason.since is not None:
        until = f"{typed_day(reason.until)}まで" if reason.until else "期限なし"
        period = f"({typed_day(reason.since)}から・{until})"
    return f"{role}{reason.because.word}{_about(reason)}{period}"


def _about(reason: Reason) -> str:
    if not reason.about:
        return ""
    if reason.because is Because.CONFLICT:
        return f"({'と'.join(RIGHTS.words.get(role, role) for role in reason.about.split('+'))})"
    if reason.because is Because.PURPOSE_NOT_JUSTIFIED:
        return f"({Purpose(reason.about).word})"
    found = RIGHTS.terminals.get(reason.about)
    return f"({found.word if found else reason.about})"
