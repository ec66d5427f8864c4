"""S15 and S14: what will be registered, before and after; warnings with one reason; candidates side by side."""

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daicho.access.actor import Purpose, Right
from daicho.law.dates import LegalDate, age_on
from daicho.law.errors import DaichoError
from daicho.register.changes.newcomer import Newcomer
from daicho.register.changes.record import ResidentRecord
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk import files
from daicho.register.desk.check import Checked
from daicho.register.desk.errors import (
    EntryIncomplete,
    NoSuchField,
    NotAcknowledged,
    RegisterChanged,
    StalePage,
    StopsRemain,
    UnknownCode,
    WrongStatus,
)
from daicho.register.desk.model import ACK_REASONS, DIFFERENT_REASONS, SAME_REASONS, WRITABLE, Case
from daicho.register.desk.planning import find_candidates, read_entry
from daicho.register.environment import current
from daicho.register.screens import conflict
from daicho.register.screens.check_view import Group, count, groups, resident_summary, stale_rows
from daicho.register.screens.entry import entry_page, focus_of, page_of, version_of
from daicho.register.screens.entry_view import alert_note, casebar
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.register.store.candidates import Candidate
from daicho.register.store.read import live_rows
from daicho.register.store.rows import state_row_of
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment


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
    everything = request.GET.get("all") == "1"
    found = groups(prepared, everything=everything)
    own = reasons_of(request)
    alerts = [alert_note(case, prepared, a) for a in prepared.plan.alerts]
    alerts = sorted((replace(n, reason=own.get(n.field, "")) for n in alerts), key=lambda n: -n.tier)
    movers = sum(effect.role == "mover" for effect in prepared.plan.effects)
    kept = ack or (str(case.acknowledged.get("reason", "")) if checked.acknowledged else "")
    return render(
        request,
        "register/check.html",
        {
            "case": casebar(case, env, "確認", names),
            "the_case": case,
            "groups": _with_keys(found, case),
            "note": f"{movers}人・変わる項目 {count(found)}・根拠 {case.basis.word}",
            "everything": everything,
            "notes": alerts,
            "stops": [n for n in alerts if n.tier == 3],
            "warnings": [n for n in alerts if n.tier == 2],
            "infos": [n for n in alerts if n.tier == 1],
            "ack": kept,
            "ack_word": ACK_REASONS.get(kept, ""),
            "ack_reasons": list(ACK_REASONS.items()),
            "resident": resident_summary(prepared),
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


@dataclass(frozen=True, slots=True)
class Side:
    """One item of a comparison: what was typed, what the candidate has, and whether they agree."""

    label: str
    typed: str
    found: str
    equality: str
    reg: bool = False


@require_http_methods(["GET", "POST"])
@door(Right.CASE_ENTER)
def case_compare(request: DoorRequest, number: str) -> HttpResponse:
    """S14: a person to be entered beside each candidate of the register; the clerk decides, with a reason."""
    env = current()
    if request.method == "POST":
        answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "").strip()
        try:
            checking.decide_candidate(
                env,
                request.actor,
                number,
                version_of(request),
                row=request.POST.get("row", "")[:4],
                candidate_id=_id(request.POST.get("candidate", "")),
                same=answer == "same",
                reason=reason,
            )
        except UnknownCode as error:
            return _compare_page(request, number, request.POST.get("row", "")[:4], error)
        except (StalePage, WrongStatus) as error:
            return conflict.stale_entry(request, number, {}, error)
        return _check_again(request, number)
    return _compare_page(request, number, request.GET.get("row", "")[:4], None)


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _check_again(request: DoorRequest, number: str) -> HttpResponse:
    """After a decision the case is checked anew; if that does not go, the entry says why."""
    env = current()
    case = desk.open_case(env, request.actor, number)
    try:
        checking.check(env, request.actor, number, case.version)
    except EntryIncomplete as error:
        return entry_page(request, case, error.fields, status=error.status)
    return redirect("case-check", number)


def _compare_page(request: DoorRequest, number: str, row: str, error: DaichoError | None) -> HttpResponse:
    env = current()
    with env.database.transaction() as connection:
        case = files.find(connection, env, number)
        names = officer_names(connection, [case.entrant])
        context = _comparison(connection, env, request, case, row)
    return render(
        request,
        "register/compare.html",
        {
            "case": casebar(case, env, "確認", names),
            "the_case": case,
            "row": row,
            "error": error,
            "same_reasons": list(SAME_REASONS.items()),
            "different_reasons": list(DIFFERENT_REASONS.items()),
            **context,
        },
        status=error.status if error else 200,
    )


def _comparison(
    connection: Connection, env: Environment, request: DoorRequest, case: Case, row: str
) -> dict[str, object]:
    entry = read_entry(connection, env, case)
    person_id = next((p for p, key in entry.people.items() if key == row), 0)
    newcomer = next((n for n in entry.change.newcomers(entry.notification) if n.person_id == person_id), None)
    if newcomer is None:
        raise NoSuchField
    candidates = find_candidates(connection, env, entry).get(person_id, ())
    record_act(
        connection,
        env,
        request.actor,
        Act.CANDIDATES_SHOWN,
        purpose=Purpose.CHANGE_NOTIFICATION,
        subjects=[candidate.person_id for candidate in candidates],
        case_id=case.case_id,
    )
    return {
        "candidates": [
            {
                "candidate": candidate,
                "sides": _sides(newcomer, case, candidate, env),
                "decision": case.decisions.get(f"{row}:{candidate.person_id}"),
            }
            for candidate in candidates
        ],
    }


def _given(number: str | None) -> str:
    """That a number was typed, never which."""
    return "入力あり" if number else "入力なし"


def _sides(typed: Newcomer, case: Case, found: Candidate, env: Environment) -> list[Side]:
    birth = LegalDate(found.birth)
    years = age_on(birth, env.clock.today())
    states = {"resident": "住民", "moved_out": "転出者(除票)", "dead": "死亡者(除票)", "removed": "消除者(除票)"}
    address = " ".join(part for part in (found.address, found.building) if part)
    return [
        Side("氏名", typed.name, found.name, found.same_name, reg=True),
        Side("フリガナ", typed.name_kana or "", found.name_kana or "", found.same_kana),
        Side("生年月日", typed.birth.wareki, f"{birth.wareki} {years}歳", found.same_birth),
        Side("性別", "男" if typed.sex == "1" else "女", "男" if found.sex == "1" else "女", found.same_sex),
        Side("住所", case.typed.get("previous_address", ""), address, "unknown"),
        Side("個人番号", _given(typed.individual_number), "", found.same_individual_number),
        Side("住民票コード", _given(typed.resident_code), "", found.same_resident_code),
        Side("住民状態", "", states.get(found.status, found.status), "unknown"),
        Side("宛名番号", "", found.addressee_number, "unknown"),
    ]
