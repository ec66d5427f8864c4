"""S15 and S14: what will be registered, before and after; warnings with one reason; candidates side by side."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Purpose, Right
from daicho.law.errors import DaichoError
from daicho.register.changes.record import ResidentRecord
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk.check import Checked
from daicho.register.desk.errors import (
    EntryIncomplete,
    NotAcknowledged,
    RegisterChanged,
    StalePage,
    StopsRemain,
    UnknownCode,
    WrongStatus,
)
from daicho.register.desk.model import ACK_REASONS, WRITABLE, Case
from daicho.register.environment import current
from daicho.register.screens import conflict
from daicho.register.screens.amend_view import ground_word
from daicho.register.screens.cancellation_view import copy_notes
from daicho.register.screens.check_view import Group, count, groups, resident_summary, stale_rows
from daicho.register.screens.entry import entry_page, focus_of, page_of, version_of
from daicho.register.screens.entry_view import alert_note, casebar
from daicho.register.screens.household_move_view import reasons
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.register.store.read import live_rows
from daicho.register.store.rows import state_row_of
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection


@require_GET
@door(Right.CASE_ENTER)
def case_check(request: DoorRequest, number: str) -> HttpResponse:
    """The before/after page of a provisional case."""
    env = current()
    case = desk.open_case(env, request.actor, number)
    if case.status != "provisional":
        if case.status in WRITABLE or case.status == "parked":
            return redirect("case-entry", number)
        return conflict.state_page(request, case, WrongStatus(status=case.word))
    try:
        checked = checking.look_again(env, request.actor, number)
    except EntryIncomplete as error:
        return entry_page(request, case, error.fields, status=error.status)
    if checked.is_stale:
        return register_changed(request, checked, RegisterChanged())
    return check_page(request, checked)


@require_POST
@door(Right.CASE_ENTER)
def case_send(request: DoorRequest, number: str) -> HttpResponse:
    """Send to review, or park (`act`)."""
    env = current()
    version, reason = version_of(request), request.POST.get("ack", "").strip()[:2]
    try:
        if request.POST.get("act") == "park":
            desk.park(env, request.actor, number, version, request.POST.get("comment", "")[:200], focus_of(request))
        else:
            checking.send(env, request.actor, number, version, reason, page_of(request), reasons_of(request))
    except (StopsRemain, NotAcknowledged, UnknownCode) as error:
        checked = checking.look_again(env, request.actor, number)
        return check_page(request, checked, error, ack=reason)
    except RegisterChanged as error:
        return register_changed(request, checking.look_again(env, request.actor, number), error)
    except (StalePage, WrongStatus) as error:
        return conflict.stale_entry(request, number, {}, error)
    return redirect("home")


def reasons_of(request: DoorRequest) -> dict[str, str]:
    """The reasons keyed for single warnings."""
    return {
        name: (request.POST.get(name) or "").strip()[:2]
        for name in request.POST
        if name.startswith("ack.") and (request.POST.get(name) or "").strip()
    }


def check_page(request: DoorRequest, checked: Checked, error: DaichoError | None = None, ack: str = "") -> HttpResponse:
    """Changed items only, unless `all` is asked for."""
    env, case, prepared = current(), checked.case, checked.prepared
    with env.database.transaction() as connection:
        names = officer_names(connection, [case.entrant])
        copies = copy_notes(connection, case)
    everything = request.GET.get("all") == "1"
    found = groups(prepared, everything=everything)
    own = reasons_of(request)
    alerts = [alert_note(case, prepared, a) for a in prepared.plan.alerts]
    alerts = sorted((*(replace(n, reason=own.get(n.field, "")) for n in alerts), *copies), key=lambda n: -n.tier)
    movers = sum(effect.role == "mover" for effect in prepared.plan.effects)
    kept = ack or (str(case.acknowledged.get("reason", "")) if checked.acknowledged else "")
    return render(
        request,
        "register/check.html",
        {
            "case": casebar(case, env, "確認", names),
            "the_case": case,
            "groups": _with_keys(found, case),
            "note": f"{movers}人・変わる項目 {count(found)}・根拠 {ground_word(case) or case.basis.word}",
            "everything": everything,
            "notes": alerts,
            "stops": [n for n in alerts if n.tier == 3],
            "warnings": [n for n in alerts if n.tier == 2],
            "infos": [n for n in alerts if n.tier == 1],
            "ack": kept,
            "ack_word": ACK_REASONS.get(kept, ""),
            "ack_reasons": list(ACK_REASONS.items()),
            "resident": resident_summary(prepared),
            "reasons": reasons(prepared),
            "error": error,
        },
        status=error.status if error else 200,
    )


def _with_keys(found: list[Group], case: Case) -> list[dict[str, object]]:
    """The rows with the way back to their field; the first nine have an Alt key of their own."""
    keys = iter([f"Alt+{n}" for n in range(1, 10)])
    shown = []
    for group in found:
        rows = []
        for row in group.rows:
            url = f"{reverse('case-entry', args=[case.case_number])}#f-{row.field}" if row.field else ""
            key = next(keys, "") if url and row.field in case.typed else ""
            rows.append({"row": row, "url": url, "key": key})
        shown.append({"group": group, "rows": rows})
    return shown


def register_changed(request: DoorRequest, checked: Checked, error: DaichoError) -> HttpResponse:
    """The register is no longer what was checked: then and now side by side, the entry untouched."""
    env, case = current(), checked.case
    with env.database.transaction() as connection:
        states = _then_and_now(connection, case, checked)
        names = officer_names(connection, [case.entrant])
        record_act(
            connection,
            env,
            request.actor,
            Act.CASE_OPENED,
            purpose=Purpose.CHANGE_NOTIFICATION,
            subjects=states,
            case_id=case.case_id,
        )
    is_review = request.actor.officer_id not in case.entered_by
    return render(
        request,
        "register/register_changed.html",
        {
            "case": casebar(case, env, "審査" if is_review else "確認", names),
            "the_case": case,
            "error": error,
            "rows": stale_rows(states),
            "groups": groups(checked.prepared),
            "is_review": is_review,
        },
        status=error.status,
    )


def _then_and_now(
    connection: Connection, case: Case, checked: Checked
) -> dict[int, tuple[ResidentRecord | None, ResidentRecord | None]]:
    """Per person the record that was seen at the check and the one that holds on the change date now."""
    seen = dict(case.fingerprint or ())
    old = {
        row["person_id"]: state_row_of(row).record
        for row in connection.execute(
            "SELECT * FROM register.resident_state WHERE state_id = ANY (%s::bigint[])", (list(seen.values()),)
        )
    }
    now = dict(checked.prepared.before.fingerprint())
    people = {person for person in {*seen, *now} if seen.get(person) != now.get(person)}
    fresh = {person: rows[-1].record for person, rows in live_rows(connection, sorted(people)).items() if rows}
    return {person: (old.get(person), fresh.get(person)) for person in sorted(people)}
