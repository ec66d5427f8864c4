"""S08: a household at any point on both axes, and what differs between two points."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from daicho.access.actor import Purpose, Right
from daicho.access.errors import NotAvailable
from daicho.law.eras import format_wareki
from daicho.register.changes.record import differences
from daicho.register.environment import current
from daicho.register.screens.change_view import event_days
from daicho.register.screens.household import asked_for, chosen, sheet_context
from daicho.register.screens.household_view import strip
from daicho.register.screens.labels import LABELS, NUMBERS, REGISTER_FACE, display
from daicho.register.screens.point import Point, read_point
from daicho.register.screens.purpose import purpose_of
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.access import AsOf, HouseholdSheet, open_household


@require_GET
@door(Right.HISTORY_READ)
def household_past(request: DoorRequest, household_id: int) -> HttpResponse:
    """The household on a day in the past, as it was known then or as it is known now.

    Where nothing stood at that point, the person of now heads the page, so that nobody takes it for another one.
    """
    env = current()
    point = read_point(request.GET.dict(), env.clock.today())
    then = _sheet_or_none(request, household_id, point.as_of)
    sheet = then or open_household(
        env, request.actor, household_id, purpose_of(request), AsOf(env.clock.today()), about=asked_for(request)
    )
    member = chosen(request, sheet)
    if member.hidden:
        return redirect("person", member.person_id)
    context = {
        **sheet_context(request, sheet, member, point.as_of, point.query()),
        "point": point,
        "day": point.as_of.valid_on,
        "moved_on": request.GET.get("on"),
        "nothing": then is None,
        "members_note": f"{format_wareki(point.as_of.valid_on)}に {len(sheet.members)}人",
        "items_heading": f"{format_wareki(point.as_of.valid_on)}の記載",
        **_neighbours(sheet, member.person_id, point),
        "compare_url": f"{reverse('household-compare', args=[household_id])}?person={member.person_id}&{point.query()}",
    }
    head = strip(sheet, member)
    if then is None:
        head |= {"address": "この時点の記録なし", "role": "", "age": ""}
    context["person"] = head | {"flags": () if member.is_resident or then is None else (("除票", "", ""),)}
    return render(request, "register/household_past.html", context)


@require_GET
@door(Right.HISTORY_READ)
def household_compare(request: DoorRequest, household_id: int) -> HttpResponse:
    """What differs in the household between a point in the past and another day (`to`), or now."""
    env = current()
    today = env.clock.today()
    point = read_point(request.GET.dict(), today)
    other = read_point({"on": request.GET.get("to", ""), "as": "now"}, today)
    then = _sheet_or_none(request, household_id, point.as_of)
    now = _sheet_or_none(request, household_id, other.as_of)
    shown = now or then
    if shown is None:
        raise NotAvailable
    member = chosen(request, shown)
    if member.hidden:
        return redirect("person", member.person_id)
    context = {
        "person": strip(shown, member),
        "household_id": household_id,
        "selected": member.person_id,
        "point": point,
        "day": point.as_of.valid_on,
        "other": other if other.as_of.valid_on != today else None,
        "other_day": other.as_of.valid_on,
        "error": point.error or other.error,
        "groups": _compared(then, now),
        "back_url": f"{_past_url(household_id, member.person_id)}&{point.query()}",
    }
    return render(request, "register/household_compare.html", context)


def _past_url(household_id: int, person_id: int) -> str:
    return f"{reverse('household-past', args=[household_id])}?person={person_id}"


def _neighbours(sheet: HouseholdSheet, person_id: int, point: Point) -> dict[str, object]:
    """The way to the change before and after the day shown."""
    start = _past_url(sheet.household_id, person_id)
    days = event_days(sheet)
    earlier = [day for day in days if day < point.as_of.valid_on]
    later = [day for day in days if point.as_of.valid_on < day <= current().clock.today()]
    return {
        "previous_url": f"{start}&{point.query(earlier[-1])}" if earlier else "",
        "next_url": f"{start}&{point.query(later[0])}" if later else "",
    }


def _sheet_or_none(request: DoorRequest, household_id: int, point: AsOf) -> HouseholdSheet | None:
    purpose: Purpose = purpose_of(request)
    try:
        return open_household(current(), request.actor, household_id, purpose, point, about=asked_for(request))
    except NotAvailable:
        return None


def _compared(then: HouseholdSheet | None, now: HouseholdSheet | None) -> list[dict[str, object]]:
    """Per person the fields that differ; people on one side only are said to have entered or left."""
    old = {m.person_id: m for m in (*then.members, *then.removed)} if then else {}
    new = {m.person_id: m for m in (*now.members, *now.removed)} if now else {}
    groups: list[dict[str, object]] = []
    for person_id in dict.fromkeys([*new, *old]):
        before, after = old.get(person_id), new.get(person_id)
        shown = after or before
        if shown is None:
            continue
        rows = []
        if before and after:
            a, b = before.state.record, after.state.record
            rows = [
                {
                    "label": LABELS[name],
                    "before": "変わっています" if name in NUMBERS else display(name, a) or "—",
                    "after": "表示しません" if name in NUMBERS else display(name, b) or "—",
                    "reg": name in REGISTER_FACE,
                }
                for name in differences(a, b)
                if name in LABELS and name != "household_id"
            ]
        word = "" if before and after else "この世帯に入った" if after else "この世帯から出た"
        groups.append({"name": shown.state.record.name, "rows": rows, "word": word})
    return groups
