"""Suppressions of one person: what holds now, setting, release, temporary release (STD 3.1)."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Right
from daicho.access.decision import holds
from daicho.access.errors import NotAvailable
from daicho.law.dates import parse_date
from daicho.law.errors import DaichoError
from daicho.law.japan import JAPAN
from daicho.register.environment import current
from daicho.register.screens.household_view import strip
from daicho.register.screens.protected import seen
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.register.store import suppression
from daicho.register.store.protection_errors import ItemMissing
from daicho.register.store.suppression import LEVELS, REASONS, Level, Setting

PROCESSES = (("on_change", "異動の入力"), ("on_issue", "証明書の発行"), ("on_inquiry", "照会"))


@require_http_methods(["GET", "POST"])
@door(Right.SUPPRESSION_SET)
def suppressions(request: DoorRequest, person_id: int) -> HttpResponse:
    """What suppresses the person; a POST sets, releases or lifts (`act`)."""
    if request.method != "POST":
        return _page(request, person_id, None)
    try:
        _act(request, person_id)
    except DaichoError as error:
        if error.status not in (403, 409, 422):
            raise
        return _page(request, person_id, error)
    return redirect("suppressions", person_id)


def _act(request: DoorRequest, person_id: int) -> None:
    env, act = current(), request.POST.get("act", "")
    reason = request.POST.get("reason", "")
    if act == "set":
        suppression.set_suppression(env, request.actor, _wanted(request, person_id))
        return
    known = {str(one.suppression_id): one for one in suppression.suppressions(env, request.actor, person_id)}
    chosen = known.get(request.POST.get("suppression", ""))
    if chosen is None:
        raise NotAvailable
    if act == "release":
        suppression.release_suppression(env, request.actor, chosen.suppression_id, reason)
    elif act == "lift":
        minutes = request.POST.get("minutes", "")
        count = int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 4 else 0
        suppression.lift(env, request.actor, chosen.suppression_id, count, reason)
    else:
        raise NotAvailable


def _wanted(request: DoorRequest, person_id: int) -> Setting:
    levels = {name: _level(request.POST.get(name, "none")) for name, _ in PROCESSES}
    whole = request.POST.get("scope") == "household"
    sheet, _ = seen(request, person_id)
    return Setting(
        person_id=None if whole else person_id,
        household_id=sheet.household_id if whole else None,
        from_on=_day(request, "from_on") or current().clock.today(),
        until_on=_day(request, "until_on"),
        reason=request.POST.get("reason", ""),
        note=request.POST.get("note", "")[:200],
        **levels,
    )


def _level(text: str) -> Level:
    for level in LEVELS:
        if level == text:
            return level
    raise ItemMissing(item="抑止のレベル")


def _day(request: DoorRequest, field: str) -> date | None:
    text = request.POST.get(field, "").strip()
    return parse_date(text, current().clock.today(), future=True) if text else None


def _page(request: DoorRequest, person_id: int, error: DaichoError | None) -> HttpResponse:
    env = current()
    today = env.clock.today()
    sheet, member = seen(request, person_id)
    found = suppression.suppressions(env, request.actor, person_id)
    with env.database.transaction() as connection:
        names = officer_names(connection, [one.officer for one in found])
    context = {
        "person": strip(sheet, member),
        "person_id": person_id,
        "rows": [
            (
                one,
                [(word, LEVELS[getattr(one, name)]) for name, word in PROCESSES if getattr(one, name) != "none"],
                names.get(one.officer, one.officer),
                one.lifted_until.astimezone(JAPAN) if one.lifted_until else None,
            )
            for one in found
        ],
        "processes": PROCESSES,
        "levels": LEVELS.items(),
        "reasons": REASONS.items(),
        "may_release": holds(request.actor, Right.SUPPRESSION_RELEASE, on=today),
        "may_lift": holds(request.actor, Right.SUPPRESSION_LIFT, on=today),
        "error": error,
    }
    return render(request, "register/suppressions.html", context, status=error.status if error else 200)
