"""S07 and S08: a household and its persons on one screen, now and at any point on both axes."""

import re
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Purpose, Right
from daicho.access.decision import RIGHTS
from daicho.access.errors import NotAvailable
from daicho.law.dates import parse_date
from daicho.law.eras import format_wareki
from daicho.law.errors import DaichoError
from daicho.register.changes.record import differences
from daicho.register.desk.files import open_case_of
from daicho.register.environment import current
from daicho.register.screens.household_view import JAPAN, change_rows, item_rows, member_rows, strip
from daicho.register.screens.labels import LABELS, NUMBERS, REGISTER_FACE, display
from daicho.register.screens.purpose import purpose_of
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.access import (
    AsOf,
    HouseholdSheet,
    Member,
    household_of,
    open_household,
    reveal_number,
)
from daicho.register.store.numbers import NumberKind


@require_GET
@door(Right.PERSON_READ)
def household(request: DoorRequest, household_id: int) -> HttpResponse:
    """The household as it stands now; `person` chooses whose items are shown."""
    env = current()
    sheet = open_household(env, request.actor, household_id, purpose_of(request))
    member = _chosen(request, sheet)
    return render(request, "register/household.html", _context(request, sheet, member))


@require_GET
@door(Right.PERSON_READ)
def person(request: DoorRequest, person_id: int) -> HttpResponse:
    """The way from a person to the household screen with that person chosen."""
    household_id = household_of(current(), request.actor, person_id, purpose_of(request))
    return redirect(f"{reverse('household', args=[household_id])}?{urlencode({'person': person_id})}")


@require_GET
@door(Right.HISTORY_READ)
def household_past(request: DoorRequest, household_id: int) -> HttpResponse:
    """The household on a day in the past, as it was known then or as it is known now."""
    env = current()
    point, error = _point(request, env.clock.today())
    try:
        sheet = open_household(env, request.actor, household_id, purpose_of(request), point)
    except NotAvailable:
        return _nothing_then(request, household_id, point, error)
    member = _chosen(request, sheet)
    context = _context(request, sheet, member)
    events = sorted({change.change_date.on for change in sheet.changes})
    earlier = [day for day in events if day < point.valid_on]
    later = [day for day in events if point.valid_on < day <= env.clock.today()]
    context |= {
        "point": point,
        "items_heading": f"{format_wareki(point.valid_on)}の記載",
        "known_local": point.known_at.astimezone(JAPAN) if point.known_at else None,
        "error": error,
        "previous_url": _past_url(household_id, member.person_id, earlier[-1], point) if earlier else "",
        "next_url": _past_url(household_id, member.person_id, later[0], point) if later else "",
        "compare_url": f"{reverse('household-compare', args=[household_id])}?{_query(member.person_id, point)}",
    }
    return render(request, "register/household_past.html", context)


@require_GET
@door(Right.HISTORY_READ)
def household_compare(request: DoorRequest, household_id: int) -> HttpResponse:
    """What differs in the household between a day in the past and now, or between two days."""
    env = current()
    purpose = purpose_of(request)
    point, error = _point(request, env.clock.today())
    then = _sheet_or_none(request, household_id, purpose, point)
    now = _sheet_or_none(request, household_id, purpose, AsOf(env.clock.today()))
    if now is None and then is None:
        raise NotAvailable
    shown = now or then
    member = _chosen(request, shown) if shown else None
    return render(
        request,
        "register/household_compare.html",
        {
            "person": strip(shown, member) if shown and member else None,
            "household_id": household_id,
            "selected": member.person_id if member else 0,
            "point": point,
            "error": error,
            "groups": _compared(then, now),
            "back_url": _past_url(household_id, member.person_id if member else 0, point.valid_on, point),
        },
    )


@require_POST
@door(Right.NUMBER_REVEAL)
def number(request: DoorRequest, person_id: int, kind: str) -> JsonResponse:
    """One number in clear, for a purpose chosen now; the screen hides it again after ten seconds."""
    kinds: dict[str, NumberKind] = {"individual_number": "individual_number", "resident_code": "resident_code"}
    if kind not in kinds:
        raise NotAvailable
    try:
        purpose = Purpose.from_code(request.POST.get("purpose", ""))
    except ValueError:
        raise NotAvailable from None
    return JsonResponse({"value": reveal_number(current(), request.actor, person_id, kinds[kind], purpose)})


def _chosen(request: DoorRequest, sheet: HouseholdSheet) -> Member:
    wanted = request.GET.get("person", "")
    people = (*sheet.members, *sheet.removed)
    return next((m for m in people if str(m.person_id) == wanted), people[0])


def _context(request: DoorRequest, sheet: HouseholdSheet, member: Member) -> dict[str, object]:
    people = [m.person_id for m in (*sheet.members, *sheet.removed)]
    at = people.index(member.person_id)
    by_recording = request.GET.get("order") == "recorded"
    changes = change_rows(sheet, by_recording=by_recording)
    kept = request.GET.copy()
    for name in ("person", "order"):
        kept.pop(name, None)
    point_query = f"{kept.urlencode()}&" if kept else ""
    removed = f"・除票{len(sheet.removed)}人" if sheet.removed else ""
    after = sum(row.after for row in changes)
    return {
        "person": strip(sheet, member, open_case(member.person_id) if sheet.as_of.known_at is None else ""),
        "household_id": sheet.household_id,
        "selected": member.person_id,
        "members": member_rows(sheet, member.person_id),
        "members_note": f"{len(sheet.members)}人{removed}",
        "changes_note": f"この時点の後に{after}件" if after else f"{len(changes)}件",
        "point_query": point_query,
        "past_url": f"{reverse('household-past', args=[sheet.household_id])}?person={member.person_id}",
        "items": item_rows(sheet, member),
        "member_name": member.state.record.name,
        "is_resident": member.state.record.is_resident,
        "changes": changes,
        "by_recording": by_recording,
        "previous_url_person": f"?{point_query}person={people[at - 1]}" if at else "",
        "next_url_person": f"?{point_query}person={people[at + 1]}" if at + 1 < len(people) else "",
        "purposes": [(p.value, p.word) for p in Purpose if p in RIGHTS.purposes.get(Right.NUMBER_REVEAL, ())],
    }


def open_case(person_id: int) -> str:
    """The number of the open case that holds a person (仮登録中), "" for none: the record shown is the one before it."""
    with current().database.transaction() as connection:
        return open_case_of(connection, [person_id]).get(person_id, "")


def _point(request: DoorRequest, today: date) -> tuple[AsOf, DaichoError | None]:
    """The point asked for: `on` a day in any form, `known` an instant, `as` "then" or "now"."""
    error = None
    try:
        on = parse_date(request.GET.get("on") or "t", today)
    except DaichoError as unreadable:
        on, error = today, unreadable
    if request.GET.get("as") == "now":
        return AsOf(on), error
    try:
        known = _instant(request.GET.get("known", ""), on, today)
    except DaichoError as unreadable:
        known, error = _end_of(on), unreadable
    return AsOf(on, known), error


def _instant(text: str, on: date, today: date) -> datetime:
    """An instant from "R3.6.30 17:15"; a day alone means its end, nothing means the end of the day shown."""
    match = re.fullmatch(r"\s*(\S+)(?:\s+(\d{1,2})[::](\d{2}))?\s*", text)
    if match is None:
        return _end_of(on)
    day, hour, minute = match.groups()
    found = parse_date(day, today)
    if hour is None:
        return _end_of(found)
    if int(hour) > 23 or int(minute) > 59:
        return _end_of(found)
    return datetime.combine(found, time(int(hour), int(minute), 59, 999_999), JAPAN)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), JAPAN) - timedelta(microseconds=1)


def _query(person_id: int, point: AsOf, on: date | None = None) -> str:
    values = {"person": str(person_id), "on": (on or point.valid_on).isoformat().replace("-", "/")}
    if point.known_at is None:
        values["as"] = "now"
    else:
        values["known"] = point.known_at.astimezone(JAPAN).strftime("%Y/%m/%d %H:%M")
    return urlencode(values)


def _past_url(household_id: int, person_id: int, on: date, point: AsOf) -> str:
    return f"{reverse('household-past', args=[household_id])}?{_query(person_id, point, on)}"


def _nothing_then(request: DoorRequest, household_id: int, point: AsOf, error: DaichoError | None) -> HttpResponse:
    """Before the first record (or for a household not to be seen): the dates can be changed, nothing else is said."""
    context = {
        "household_id": household_id,
        "selected": request.GET.get("person", "0"),
        "point": point,
        "known_local": point.known_at.astimezone(JAPAN) if point.known_at else None,
        "error": error,
        "nothing": True,
    }
    return render(request, "register/household_past.html", context, status=404)


def _sheet_or_none(request: DoorRequest, household_id: int, purpose: Purpose, point: AsOf) -> HouseholdSheet | None:
    try:
        return open_household(current(), request.actor, household_id, purpose, point)
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
        word = "" if before and after else "この世帯に入った" if after else "いまはこの世帯にいない"
        groups.append({"name": shown.state.record.name, "rows": rows, "word": word})
    return groups
