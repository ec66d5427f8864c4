"""S07: a household and its persons on one screen, as they stand now. The past is in `past`."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Purpose, Right
from daicho.access.decision import RIGHTS, holds
from daicho.access.errors import NotAvailable
from daicho.law.reasons import Reason
from daicho.register.environment import current
from daicho.register.protection.reading import measures_of
from daicho.register.screens.change_view import ChangeRow, change_rows, note
from daicho.register.screens.household_view import member_rows, strip
from daicho.register.screens.item_view import item_rows
from daicho.register.screens.protected import protected_page
from daicho.register.screens.purpose import purpose_of
from daicho.register.screens.reception import NOBODY
from daicho.register.screens.removed import former_rows
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.register.store.access import (
    AsOf,
    HouseholdSheet,
    Member,
    household_of,
    open_hidden,
    open_household,
    reveal_number,
)
from daicho.register.store.numbers import NumberKind


@require_GET
@door(Right.PERSON_READ)
def household(request: DoorRequest, household_id: int) -> HttpResponse:
    """The household as it stands now; `person` chooses whose items are shown."""
    about = asked_for(request)
    sheet = open_household(current(), request.actor, household_id, purpose_of(request), about=about)
    member = chosen(request, sheet)
    if member.hidden:
        return redirect("person", member.person_id)
    removed = f"・除票{len(sheet.removed)}人" if sheet.removed else ""
    context = {
        **sheet_context(request, sheet, member),
        "members_note": f"{len(sheet.members)}人{removed}",
        "is_resident": member.state.record.is_resident,
        "cancel": holds(request.actor, Right.CASE_ENTER, on=sheet.as_of.valid_on),
        "amend_url": _amend_url(sheet, member, Reason.EX_OFFICIO_AMENDMENT),
        "correct_url": _amend_url(sheet, member, Reason.ERROR_CORRECTION),
        "may_withdraw": _leaves(sheet, member) and holds(request.actor, Right.CASE_ENTER, on=sheet.as_of.valid_on),
        "may_suppress": holds(request.actor, Right.SUPPRESSION_SET, on=current().clock.today()),
        "may_protect": holds(request.actor, Right.PROTECTION_PROVISIONAL, on=current().clock.today()),
        "measures": _measures(request, sheet, member),
        "former": former_rows(sheet.former.get(member.person_id, ())),
    }
    return render(request, "register/household.html", context)


def _amend_url(sheet: HouseholdSheet, member: Member, reason: Reason) -> str:
    """Where an amendment or a correction of this person begins; nowhere for a removed record."""
    if not member.state.record.is_resident:
        return ""
    asked = {"household": sheet.household_id, "person": member.person_id, "reason": reason.key, "notifier": NOBODY}
    return f"{reverse('case-new')}?{urlencode(asked)}"


def _measures(request: DoorRequest, sheet: HouseholdSheet, member: Member) -> list[int]:
    """The measures behind the mark of a person whose record is open, for those who may read them (STD 1.1.16, 2.2.4)."""
    env = current()
    if member.person_id not in sheet.opened or not holds(request.actor, Right.PROTECTION_READ, on=env.clock.today()):
        return []
    with env.database.transaction() as connection:
        return [one for one, _, _ in measures_of(connection, member.person_id)]


def _leaves(sheet: HouseholdSheet, member: Member) -> bool:
    """Whether this person has notified a move out that may still be withdrawn: no notice of arrival has come."""
    planned = sheet.planned.get(member.person_id)
    record = planned.record if planned is not None else member.state.record
    return record.status == "moved_out" and record.arrival_notice_on is None


@require_GET
@door(Right.PERSON_READ)
def person(request: DoorRequest, person_id: int) -> HttpResponse:
    """The way from a person to the household screen with that person chosen; a hidden person has this page alone."""
    sheet = open_hidden(current(), request.actor, person_id, purpose_of(request))
    if sheet is not None:
        return protected_page(request, sheet, person_id)
    household_id = household_of(current(), request.actor, person_id, purpose_of(request))
    return redirect(f"{reverse('household', args=[household_id])}?{urlencode({'person': person_id})}")


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


def asked_for(request: DoorRequest) -> int | None:
    """The person named in the address of the page, if any."""
    text = request.GET.get("person", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def chosen(request: DoorRequest, sheet: HouseholdSheet) -> Member:
    """The person whose items are asked for; the first one when none is or that person is not there."""
    people = (*sheet.members, *sheet.removed)
    return next((m for m in people if str(m.person_id) == request.GET.get("person", "")), people[0])


def sheet_context(
    request: DoorRequest, sheet: HouseholdSheet, member: Member, point: AsOf | None = None, point_query: str = ""
) -> dict[str, object]:
    """What both the present and the past of a household show; `point` and `point_query` say and keep the past one."""
    people = [m.person_id for m in (*sheet.members, *sheet.removed)]
    at = people.index(member.person_id)
    start = f"{point_query}&" if point_query else ""
    return {
        "person": strip(sheet, member),
        "household_id": sheet.household_id,
        "selected": member.person_id,
        "members": member_rows(sheet, member.person_id),
        "point_query": start,
        "past_url": f"{reverse('household-past', args=[sheet.household_id])}?person={member.person_id}",
        "now_url": f"{reverse('household', args=[sheet.household_id])}?person={member.person_id}",
        "items": item_rows(sheet, member),
        "member_name": member.state.record.name,
        "previous_url_person": f"?{start}person={people[at - 1]}" if at else "",
        "next_url_person": f"?{start}person={people[at + 1]}" if at + 1 < len(people) else "",
        "purposes": [(p.value, p.word) for p in Purpose if p in RIGHTS.purposes.get(Right.NUMBER_REVEAL, ())],
        **_changes(request, sheet, member.person_id, point),
    }


def _changes(request: DoorRequest, sheet: HouseholdSheet, person_id: int, point: AsOf | None) -> dict[str, object]:
    """The list of changes with the choices in force: `order` recorded, `only` this person."""
    by_recording = request.GET.get("order") == "recorded"
    only = request.GET.get("only") == "1"
    rows = change_rows(
        sheet, _officers(sheet), by_recording=by_recording, person_id=person_id if only else None, point=point
    )
    return {"changes": rows, "changes_note": note(rows), **_choices(by_recording, only, rows)}


def _choices(by_recording: bool, only: bool, rows: Sequence[ChangeRow]) -> Mapping[str, object]:
    order, whose = "&order=recorded" if by_recording else "", "&only=1" if only else ""
    return {
        "by_recording": by_recording,
        "only": only,
        "by_change_query": whose,
        "by_recording_query": f"{whose}&order=recorded",
        "only_query": order if only else f"{order}&only=1",
        "few": len(rows) < 2,
    }


def _officers(sheet: HouseholdSheet) -> dict[str, str]:
    lines = (*sheet.changes, *sheet.later)
    with current().database.transaction() as connection:
        return officer_names(connection, [one for line in lines for one in (line.entrant, line.reviewer)])
