"""The page of a hidden person, and the key that hides one: 仮支援措置 in F9, Ctrl+Enter (ux.md 3.4 tier 4, 3.5, W9)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Right
from daicho.access.decision import holds
from daicho.access.errors import NotAvailable
from daicho.law.errors import DaichoError
from daicho.register.environment import current
from daicho.register.protection import measures, reading
from daicho.register.screens.household_view import member_rows, strip
from daicho.register.screens.labels import LABELS, REGISTER_FACE, display
from daicho.register.screens.purpose import purpose_of
from daicho.register.screens.words import clock
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officers_with_role
from daicho.register.store.access import HouseholdSheet, Member, household_of, open_hidden, open_household

SHOWN = ("name", "name_kana", "former_family_name", "common_name", "birth", "sex")
HIDDEN = (
    "settled_on", "address", "previous_address", "domicile", "family_register_head", "individual_number_id",
    "resident_code_id",
)  # fmt: skip
HANDLER_ROLE = "protector"


def protected_page(request: DoorRequest, sheet: HouseholdSheet, person_id: int) -> HttpResponse:
    """Who it is, and what the clerk does next; nothing that tells the visitor's side anything."""
    env = current()
    today = env.clock.today()
    member = sheet.member(person_id)
    people = [one.person_id for one in (*sheet.members, *sheet.removed)]
    at = people.index(person_id)
    with env.database.transaction() as connection:
        handlers = officers_with_role(connection, HANDLER_ROLE, request.actor.office, today)
        held = reading.measures_of(connection, person_id)
    states = [reading.state_of(status, ends_on, True, today) for _, status, ends_on in held]
    warnings = [reading.warning(state, ends_on) for state, (_, _, ends_on) in zip(states, held, strict=True)]
    may_read = holds(request.actor, Right.PROTECTION_READ, on=today)
    context = {
        "person": strip(sheet, member),
        "selected": person_id,
        "members": member_rows(sheet, person_id),
        "member_name": member.state.record.name,
        "shown": [(LABELS[name], display(name, member.state.record), name in REGISTER_FACE) for name in SHOWN],
        "kept_back": [LABELS[name] for name in HIDDEN],
        "handlers": "・".join(handlers),
        "warnings": [one for one in warnings if one],
        "measures": [(one, reading.STATES[state]) for (one, _, _), state in zip(held, states, strict=True) if may_read],
        "may_open": holds(request.actor, Right.PROTECTION_OPEN, on=today),
        "may_protect": holds(request.actor, Right.PROTECTION_PROVISIONAL, on=today),
        "time": clock(env.clock.now(), env.clock.now()),
        "previous_url": reverse("person", args=[people[at - 1]]) if at else "",
        "next_url": reverse("person", args=[people[at + 1]]) if at + 1 < len(people) else "",
    }
    return render(request, "register/protected.html", context)


@require_http_methods(["GET", "POST"])
@door(Right.PROTECTION_PROVISIONAL)
def protect(request: DoorRequest, person_id: int) -> HttpResponse:
    """Ask once for whom, then protect at once; the page that follows shows the person as everybody sees her now."""
    env = current()
    sheet, member = seen(request, person_id)
    near = [one for one in sheet.members if one.person_id != person_id]
    if request.method != "POST":
        return _protect_page(request, sheet, member, near, None)
    together = [one.person_id for one in near if str(one.person_id) in request.POST.getlist("together")]
    municipality = request.POST.get("municipality", "").strip()[:60]
    try:
        if municipality:
            measures.receive_forwarded(env, request.actor, person_id, together, municipality, env.clock.today())
        else:
            measures.provisional(env, request.actor, person_id, together)
    except DaichoError as error:
        return _protect_page(request, sheet, member, near, error)
    return redirect("person", person_id)


def seen(request: DoorRequest, person_id: int) -> tuple[HouseholdSheet, Member]:
    """The person as this officer may see her, hidden or not."""
    env, purpose = current(), purpose_of(request)
    sheet = open_hidden(env, request.actor, person_id, purpose)
    if sheet is None:
        household_id = household_of(env, request.actor, person_id, purpose)
        sheet = open_household(env, request.actor, household_id, purpose, about=person_id)
    member = next((one for one in (*sheet.members, *sheet.removed) if one.person_id == person_id), None)
    if member is None:
        raise NotAvailable
    return sheet, member


def _protect_page(
    request: DoorRequest, sheet: HouseholdSheet, member: Member, near: list[Member], error: DaichoError | None
) -> HttpResponse:
    near_ids = {one.person_id for one in near}
    context = {
        "person": strip(sheet, member),
        "person_id": member.person_id,
        "name": member.state.record.name,
        "already": member.hidden,
        "people": sorted(
            (row for row in member_rows(sheet, member.person_id) if row.person_id in near_ids),
            key=lambda row: row.birth.on,
            reverse=True,  # children first: the one who is feared is the least likely to be ticked by a slip
        ),
        "error": error,
    }
    return render(request, "register/protect.html", context, status=error.status if error else 200)
