"""S16 and S17: the review queue, and the review of one case with re-keying."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Right
from daicho.access.decision import holds
from daicho.access.errors import SameOfficer
from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk import queues, review
from daicho.register.desk.check import Checked
from daicho.register.desk.errors import (
    CommentMissing,
    EntryIncomplete,
    HeldByOther,
    RegisterChanged,
    StalePage,
    WrongStatus,
)
from daicho.register.desk.model import ACK_REASONS, DIFFERENT_REASONS, SAME_REASONS, Case
from daicho.register.desk.queues import Line
from daicho.register.desk.review import Rekeyed, rekeyed
from daicho.register.environment import current
from daicho.register.paper import by_itself, offers, press_client
from daicho.register.paper.errors import PressUnavailable
from daicho.register.paper.issue import Counter
from daicho.register.screens import conflict
from daicho.register.screens.amend_view import ground_word
from daicho.register.screens.cancellation_view import copies_taken_back, copy_notes
from daicho.register.screens.check import register_changed
from daicho.register.screens.check_view import Group, Row, count, groups
from daicho.register.screens.entry import version_of
from daicho.register.screens.entry_view import alert_note, casebar
from daicho.register.screens.field_words import field_word
from daicho.register.screens.glyph_view import shapes
from daicho.register.screens.number_view import GIVES_CODES
from daicho.register.screens.reception import DOCUMENTS, NOTIFIERS
from daicho.register.screens.words import LATE_AFTER, clock, minutes, reason_word
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.register.store import code_stock
from daicho.register.store.errors import StaleBefore


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One waiting case; `why_not` says why this officer cannot take it, `held` who has it open."""

    line: Line
    kind: str
    wait: int
    late: bool
    entrant: str
    state: str
    why_not: str
    held: str


@require_GET
@door(Right.CASE_REVIEW)
def review_queue(request: DoorRequest) -> HttpResponse:
    """Cases that wait for review or decision, longest wait first; one's own stand greyed with the reason."""
    env = current()
    now = env.clock.now()
    with env.database.transaction() as connection:
        waiting = queues.waiting(connection, request.actor.office, "review")
        deciding = queues.waiting(connection, request.actor.office, "decision")
        names = officer_names(connection, [o for line in (*waiting, *deciding) for o in (line.entrant, line.holder)])
    rows = [_queue_row(line, request.actor.officer_id, names, now) for line in (*waiting, *deciding)]
    return render(
        request,
        "register/review_queue.html",
        {
            "rows": rows,
            "first": next((row.line.case_number for row in rows if not (row.why_not or row.held)), ""),
            "updated": clock(now, now),
        },
    )


def _queue_row(line: Line, officer: str, names: Mapping[str, str], now: datetime) -> QueueRow:
    passed = minutes(line.received_at, now)
    why_not = held = ""
    if officer in line.entered_by:
        why_not = "自分が入力した件"
    elif line.holder not in (None, officer):
        held = f"{names.get(line.holder or '', '')} が審査中"
    words = {"reviewed": "決裁待ち", "parked": "保留"}
    state = words.get(line.status) or ("審査中" if line.holder else "審査待ち")
    return QueueRow(
        line,
        reason_word(line.reason),
        passed,
        passed >= LATE_AFTER,
        names.get(line.entrant, line.entrant),
        state,
        why_not,
        held,
    )


@dataclass(frozen=True, slots=True)
class KeyField:
    """One date to key again: what was keyed, and the outcome so far ("" while it is still to come)."""

    field: str
    label: str
    keyed: str
    outcome: str
    entered: str

    @property
    def is_open(self) -> bool:
        """Whether it is still to be keyed."""
        return not self.outcome


@require_GET
@door(Right.CASE_REVIEW)
def case_review(request: DoorRequest, number: str) -> HttpResponse:
    """Take the case and show it; dates stay hidden until they have been keyed again."""
    env = current()
    try:
        case = review.take(env, request.actor, number)
    except HeldByOther as error:
        return conflict.held_page(request, desk.open_case(env, request.actor, number), error, "case-review-take-over")
    except (SameOfficer, WrongStatus) as error:
        return conflict.state_page(request, desk.open_case(env, request.actor, number), error)
    return _show(request, case, None)


@require_POST
@door(Right.CASE_REVIEW)
def review_take_over(request: DoorRequest, number: str) -> HttpResponse:
    """Take a case from another reviewer who has left it open; what was keyed again stays."""
    review.take(current(), request.actor, number, take_over=True)
    return redirect("case-review", number)


def _show(
    request: DoorRequest, case: Case, error: DaichoError | None, typed: Mapping[str, str] | None = None
) -> HttpResponse:
    try:
        checked = checking.look_again(current(), request.actor, case.case_number)
    except EntryIncomplete as overtaken:
        return _overtaken(request, case, overtaken)
    if checked.is_stale:
        return register_changed(request, checked, RegisterChanged())
    return review_page(request, checked, error, typed or {})


def _overtaken(request: DoorRequest, case: Case, error: EntryIncomplete) -> HttpResponse:
    """The register has changed so that the case cannot be registered as typed: back to the entrant, fields named."""
    returned = review.return_case(current(), request.actor, case.case_number, case.version, list(error.fields.items()))
    return conflict.state_page(request, returned, RegisterChanged())


def review_page(
    request: DoorRequest, checked: Checked, error: DaichoError | None, typed: Mapping[str, str]
) -> HttpResponse:
    """The review of one case."""
    env, case = current(), checked.case
    with env.database.transaction() as connection:
        names = officer_names(connection, [case.entrant, case.reviewer, request.actor.officer_id])
        results = rekeyed(connection, case)
        copies = copy_notes(connection, case)
    fields = _key_fields(checked, results)
    found = groups(checked.prepared, everything=request.GET.get("all") == "1", review=True)
    notes = [*(alert_note(case, checked.prepared, alert) for alert in checked.prepared.plan.alerts), *copies]
    left = sum(f.is_open for f in fields)
    different = sum(f.outcome == "mismatch" for f in fields)
    return render(
        request,
        "register/review.html",
        {
            "case": casebar(case, env, "審査", names),
            "the_case": case,
            "groups": [(group, [_shown(row, results) for row in group.rows]) for group in found],
            "note": f"入力 {_family(names.get(case.entrant, case.entrant))} {clock(case.sent_at or case.updated_at, env.clock.now())}",
            "count": count(found),
            "fields": fields,
            "typed": typed,
            "error_field": error.field if error else "",
            "left": left,
            "different": different,
            "entrant": _family(names.get(case.entrant, case.entrant)),
            "reviewer": _family(names.get(request.actor.officer_id, "")),
            "shapes": shapes(checked.prepared),
            "notes": notes,
            "reasons_shown": any(one.reason for one in notes),
            "ack": ACK_REASONS.get(str(case.acknowledged.get("reason", "")), ""),
            "decisions": _decisions(case, names),
            "reception": _reception(case),
            "comment_fields": _comment_fields(case, found),
            "error": error,
            "everything": request.GET.get("all") == "1",
            "may_decide": holds(request.actor, Right.CASE_DECIDE, on=env.clock.today()),
            "is_reviewed": case.status == "reviewed",
        },
        status=error.status if error else 200,
    )


def _family(name: str) -> str:
    return name.split(maxsplit=1)[0] if name else ""


def _key_fields(checked: Checked, results: Mapping[str, Rekeyed]) -> list[KeyField]:
    entry, case = checked.prepared.entry, checked.case
    labels = _labels(case.reason, list(entry.rekeys))
    return [
        KeyField(
            field,
            labels[field],
            results[field].keyed if field in results else "",
            results[field].outcome if field in results else "",
            expected.wareki,
        )
        for field, expected in entry.rekeys.items()
    ]


def _labels(reason: Reason, fields: list[str]) -> dict[str, str]:
    births = [field for field in fields if field not in ("change_date", "died", "removed_on", "i.birth")]
    numbered = {field: f"{place} 生年月日" for place, field in enumerate(births, start=1)}
    if len(births) == 1:
        numbered = {births[0]: "生年月日"}
    return {field: numbered.get(field) or field_word(reason, field) for field in fields}


def _shown(row: Row, results: Mapping[str, Rekeyed]) -> dict[str, object]:
    """A row of the diff with its mark; a date is hidden until it has been keyed again."""
    outcome = results[row.rekey].outcome if row.rekey in results else ""
    return {"row": row, "hidden": bool(row.rekey) and not outcome, "outcome": outcome}


def _decisions(case: Case, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the entrant decided about candidates, with the reason in words."""
    found = []
    for key, decision in case.decisions.items():
        row = key.partition(":")[0]
        reasons = {**DIFFERENT_REASONS, **SAME_REASONS}
        what = "同じ人(再転入)" if decision.get("answer") == "same" else "近い人とは別の人"
        reason = decision.get("reason", "")
        officer = names.get(decision.get("officer", ""), "")
        found.append((f"{row[1:]}人目は{what}", f"理由 {reason} {reasons.get(reason, '')}({_family(officer)})"))
    return found


def _reception(case: Case) -> list[tuple[str, str, bool]]:
    answers = case.reception
    rows = [
        ("用件", reason_word(case.reason), False),
        ("根拠", ground_word(case) or case.basis.word, False),
        ("届出人", NOTIFIERS.get(answers.get("notifier", ""), ""), False),
        ("来た人", answers.get("name", ""), True),
        ("確認した書類", DOCUMENTS.get(answers.get("document", ""), ""), False),
        ("番号札", case.counter_ticket or "", False),
    ]
    return [row for row in rows if row[1]]


def _comment_fields(case: Case, found: list[Group]) -> list[tuple[str, str]]:
    """The fields a comment can name: those that were typed."""
    names = dict.fromkeys(row.field for group in found for row in group.rows if row.field)
    for field in case.typed:
        if field.startswith("p") and case.typed[field].strip():
            names.setdefault(field)
    return [(name, field_word(case.reason, name)) for name in names if field_word(case.reason, name)]


def _keyed(request: DoorRequest, prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): (request.POST.get(name) or "")[:40]
        for name in request.POST
        if name.startswith(prefix)
    }


@require_POST
@door(Right.CASE_REVIEW)
def case_rekey(request: DoorRequest, number: str) -> HttpResponse:
    """Compare what was keyed: `k.<field>` the second keying, `s.<field>` the third. Part of a page, or a page."""
    env = current()
    keyed = _keyed(request, "k.")
    error: DaichoError | None = None
    try:
        review.rekey(env, request.actor, number, keyed, _keyed(request, "s."))
    except (SameOfficer, HeldByOther, WrongStatus) as refused:
        return conflict.state_page(request, desk.open_case(env, request.actor, number), refused)
    except DaichoError as unreadable:
        if unreadable.status != 422:
            raise
        error = unreadable
    case = desk.open_case(env, request.actor, number)
    if case.status == "returned":
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": reverse("case-review-queue")})
        return redirect("case-review-queue")
    checked = checking.look_again(env, request.actor, number)
    if not request.headers.get("HX-Request"):
        return review_page(request, checked, error, keyed)
    return _part(request, checked, error)


def _part(request: DoorRequest, checked: Checked, error: DaichoError | None) -> HttpResponse:
    """Marks, settlements, the dates that may be shown now, and what is left: swapped in without moving the focus."""
    env, case = current(), checked.case
    with env.database.transaction() as connection:
        results = rekeyed(connection, case)
        names = officer_names(connection, [case.entrant, request.actor.officer_id])
    fields = _key_fields(checked, results)
    found = groups(checked.prepared, review=True)
    return render(
        request,
        "register/review_part.html",
        {
            "the_case": case,
            "fields": fields,
            "rows": [
                {**_shown(row, results), "id": f"d-{g}-{r}"}
                for g, group in enumerate(found)
                for r, row in enumerate(group.rows)
                if row.rekey
            ],
            "left": sum(f.is_open for f in fields),
            "different": sum(f.outcome == "mismatch" for f in fields),
            "entrant": _family(names.get(case.entrant, case.entrant)),
            "reviewer": _family(names.get(request.actor.officer_id, "")),
            "error": error,
        },
    )


@require_POST
@door(Right.CASE_REVIEW)
def case_approve(request: DoorRequest, number: str) -> HttpResponse:
    """Key again what the page still holds, then approve; `act` may also pass to decision, park or give back."""
    env = current()
    act, version = request.POST.get("act", "approve"), version_of(request)
    keyed = _keyed(request, "k.")
    try:
        if act == "park":
            desk.park(env, request.actor, number, version, request.POST.get("comment", "")[:200])
            return redirect("case-review-queue")
        if any(keyed.values()) or any(_keyed(request, "s.").values()):
            case = desk.open_case(env, request.actor, number)
            if case.status == "checked":
                review.rekey(env, request.actor, number, keyed, _keyed(request, "s."))
                if desk.open_case(env, request.actor, number).status == "returned":
                    return redirect("case-review-queue")
        if act == "decide":
            done = review.decide_case(env, request.actor, number, version)
        else:
            done = review.approve(env, request.actor, number, version, go_on=act != "pass")
    except StaleBefore:
        return _show(request, desk.open_case(env, request.actor, number), RegisterChanged())
    except (SameOfficer, HeldByOther, WrongStatus, StalePage) as error:
        return conflict.state_page(request, desk.open_case(env, request.actor, number), error)
    except DaichoError as error:
        if error.status not in (409, 422):
            raise
        return _show(request, desk.open_case(env, request.actor, number), error, keyed)
    make_papers(request, done)
    return redirect("case-done" if done.status == "registered" else "case-review-queue", *_done(done))


def make_papers(request: DoorRequest, case: Case) -> None:
    """The papers that follow from a registered change by itself, each waiting to be looked at (STD 4.1.3.0.3, 4.3.3)."""
    with suppress(PressUnavailable):
        if case.status == "registered" and case.change_id is not None:
            counter = Counter(press_client.of_process())
            by_itself.make(current(), counter, request.actor, case.change_id, case.reception)


def _done(case: Case) -> list[str]:
    return [case.case_number] if case.status == "registered" else []


@require_GET
@door(Right.CASE_REVIEW)
def case_done(request: DoorRequest, number: str) -> HttpResponse:
    """What was registered, and the next waiting case."""
    env = current()
    case = desk.open_case(env, request.actor, number)
    with env.database.transaction() as connection:
        waiting = queues.waiting(connection, request.actor.office, "review")
        row = connection.execute(
            "SELECT s.household_id FROM register.resident_state s WHERE s.made_by = %s ORDER BY s.state_id LIMIT 1",
            (case.change_id,),
        ).fetchone()
        names = officer_names(connection, [case.entrant, case.reviewer, case.decider])
        papers = offers.after_change(connection, env, case.change_id) if case.change_id else ()
        stock = code_stock.level(connection)
        copies = copies_taken_back(connection, case.change_id)
    made = by_itself.made(env, request.actor, case.change_id) if case.change_id else ()
    free = [line for line in waiting if request.actor.officer_id not in line.entered_by and not line.holder]
    return render(
        request,
        "register/case_done.html",
        {
            "case": casebar(case, env, "交付", names),
            "the_case": case,
            "household_id": row["household_id"] if row else None,
            "time": clock(case.ended_at or case.updated_at, env.clock.now()),
            "officers": [
                ("入力", names.get(case.entrant, case.entrant)),
                ("審査", names.get(case.reviewer or "", "")),
                ("決裁", names.get(case.decider or "", "")),
            ],
            "low_stock": stock if stock.is_low and case.reason in GIVES_CODES else None,
            "next": free[0].case_number if free else "",
            "waiting": len(free),
            "made": made,
            "papers": [kind for kind in papers if kind not in {one.kind for one in made}],
            "copies": copies,
        },
    )


@require_POST
@door(Right.CASE_REVIEW)
def case_return(request: DoorRequest, number: str) -> HttpResponse:
    """Send back with a comment on a field, or refuse (`act` refuse)."""
    env = current()
    comment, field = request.POST.get("comment", "")[:300], request.POST.get("field", "")[:60]
    try:
        if request.POST.get("act") == "refuse":
            desk.refuse(env, request.actor, number, version_of(request), comment)
        else:
            review.return_case(env, request.actor, number, version_of(request), [(field, comment)])
    except CommentMissing as error:
        return _show(request, desk.open_case(env, request.actor, number), error)
    except (SameOfficer, HeldByOther, WrongStatus, StalePage) as error:
        return conflict.state_page(request, desk.open_case(env, request.actor, number), error)
    return redirect("case-review-queue")
