"""S20: measures of protection: the work list, one measure with its year, its checklist, and its end by two persons."""

from collections.abc import Callable, Mapping
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daicho.access.actor import Output, Right
from daicho.access.decision import holds
from daicho.access.errors import NotAvailable
from daicho.law.dates import parse_date
from daicho.law.errors import DaichoError
from daicho.law.japan import JAPAN
from daicho.law.protection import DUTIES, SECTIONS, extension_opens, period_from
from daicho.register.environment import current
from daicho.register.protection import measures, notice, reading, release
from daicho.register.protection.measures import DETAIL_FIELDS, ROLES, Measure
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.register.store.protection_errors import ItemMissing


@require_GET
@door(Right.PROTECTION_READ)
def protections(request: DoorRequest) -> HttpResponse:
    """Every measure in force, what is due first; nothing leaves the list by a date."""
    return _list(request, ())


def _list(
    request: DoorRequest, outcomes: tuple[release.Outcome, ...], error: DaichoError | None = None
) -> HttpResponse:
    env = current()
    ended = request.GET.get("ended") == "1"
    lines = reading.work_list(env, request.actor, ended=ended)
    refused = {one.protection_id: one.error.sentences[0] for one in outcomes if one.error is not None}
    context = {
        "rows": [(line, refused.get(line.protection_id, "")) for line in lines],
        "ended": ended,
        "due": reading.due(lines),
        "asked": sum(one.error is None for one in outcomes),
        "refused": len(refused),
        "was_sent": bool(outcomes),
        "reasons": release.REASONS.items(),
        "may_release": holds(request.actor, Right.PROTECTION_RELEASE, on=env.clock.today()) and not ended,
        "error": error,
    }
    return render(request, "register/protections.html", context, status=error.status if error else 200)


@require_POST
@door(Right.PROTECTION_RELEASE)
def protections_release(request: DoorRequest) -> HttpResponse:
    """Ask for the end of the ticked measures, each as it was listed and each read again (Meguro 2025)."""
    seen = [_seen(text) for text in request.POST.getlist("seen")[:200]]
    reason, comment = request.POST.get("reason", ""), request.POST.get("comment", "")
    if not seen:
        return _list(request, (), ItemMissing(field="seen", item="終了する措置"))
    try:
        return _list(request, release.ask_many(current(), request.actor, seen, reason, comment))
    except DaichoError as error:
        return _list(request, (), error)


def _seen(text: str) -> tuple[int, int]:
    first, _, second = text.partition(":")
    return _number(first), _number(second)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotAvailable
    return int(text)


@require_http_methods(["GET", "POST"])
@door(Right.PROTECTION_READ)
def protection(request: DoorRequest, protection_id: int) -> HttpResponse:
    """One measure with everything of STD 1.1.16; a POST does one act (`act`) on the version that was shown."""
    if request.method != "POST":
        return _page(request, protection_id, None)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise NotAvailable
    try:
        act(request, protection_id)
    except DaichoError as error:
        if error.status not in (403, 409, 422):
            raise
        return _page(request, protection_id, error)
    return redirect("protection", protection_id)


@require_GET
@door(Right.PROTECTION_MANAGE, output=Output.PRINT)
def start_notice(request: DoorRequest, protection_id: int) -> HttpResponse:
    """The notice that the measure begins, as a paper (STD 3.4)."""
    return _paper(notice.notice_pdf(current(), request.actor, protection_id, notice.start_notice))


@require_GET
@door(Right.PROTECTION_MANAGE, output=Output.PRINT)
def end_notice(request: DoorRequest, protection_id: int) -> HttpResponse:
    """支援措置期間終了通知 as a paper (STD 3.4, 20.5.1)."""
    return _paper(notice.notice_pdf(current(), request.actor, protection_id, notice.end_notice))


def _paper(pdf: bytes) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="notice.pdf"'
    return answer


def _page(request: DoorRequest, protection_id: int, error: DaichoError | None) -> HttpResponse:
    env = current()
    today = env.clock.today()
    found = reading.open_measure(env, request.actor, protection_id)
    waiting = release.asked_for(env, request.actor, protection_id)
    with env.database.transaction() as connection:
        names = officer_names(connection, [*(s.officer for s in found.steps), *(one.requested_by for one in waiting)])
    state = reading.state_of(
        found.status, found.period.ends_on if found.period else None, _applicant_lives_here(found), today
    )
    typed = request.POST if error else {}
    context = {
        "measure": found,
        "state": state,
        "state_word": reading.STATES[state],
        "warning": reading.warning(state, found.period.ends_on if found.period else None),
        "people": [(one, ROLES[one.role]) for one in found.people],
        "fields": [(name, word, typed.get(name, found.details.get(name, ""))) for name, word in DETAIL_FIELDS.items()],
        "duties": [(code, word, code in found.duties) for code, word in DUTIES.items()],
        "sections": _sections(found),
        "untold": sum(not told for _, _, told, _ in _sections(found)),
        "steps": [(reading.ACTS[s.act], names.get(s.officer, s.officer), s.at.astimezone(JAPAN)) for s in found.steps],
        "waiting": [
            (one, names.get(one.requested_by, ""), one.requested_by == request.actor.officer_id) for one in waiting
        ],
        "reasons": release.REASONS.items(),
        "next_period": period_from(today),
        "may_extend": found.period is not None and found.in_force and extension_opens(found.period.ends_on) <= today,
        "opens": extension_opens(found.period.ends_on) if found.period else None,
        "may_print": found.period is not None
        and found.in_force
        and holds(request.actor, Right.PROTECTION_MANAGE, on=today),
        "may_approve": holds(request.actor, Right.PROTECTION_APPROVE, on=today),
        "error": error,
    }
    return render(request, "register/protection.html", context, status=error.status if error else 200)


def _applicant_lives_here(found: Measure) -> bool:
    return any(one.resident for one in found.people if one.role == "applicant")


def _sections(found: Measure) -> list[tuple[str, str, bool, object]]:
    """Code, word, whether told of the measure as it was last decided, and when."""
    since = max((step.version for step in found.steps if step.act != "amend"), default=1)
    rows: list[tuple[str, str, bool, object]] = []
    for code, word in SECTIONS.items():
        version, at = found.notified.get(code, (0, None))
        rows.append((code, word, version >= since, at.astimezone(JAPAN) if at and version >= since else None))
    return rows


# --- acts ------------------------------------------------------------------------------------------------------------


def _version(request: DoorRequest) -> int:
    return _number(request.POST.get("version", ""))


def _day(request: DoorRequest, field: str) -> date:
    try:
        return parse_date(request.POST.get(field, ""), current().clock.today(), future=True)
    except DaichoError as error:
        error.field = field
        raise


def _optional_day(request: DoorRequest, field: str) -> date | None:
    return _day(request, field) if request.POST.get(field, "").strip() else None


def _amend(request: DoorRequest, protection_id: int) -> None:
    details = {name: request.POST.get(name, "") for name in DETAIL_FIELDS}
    duties = request.POST.getlist("duty")
    measures.amend(current(), request.actor, protection_id, _version(request), details=details, duties=duties)


def _together(request: DoorRequest, protection_id: int) -> None:
    number, relation = request.POST.get("addressee_number", ""), request.POST.get("relation", "")
    measures.add_person(current(), request.actor, protection_id, _version(request), number, relation)


def _decide(request: DoorRequest, protection_id: int) -> None:
    starts, ends = _day(request, "starts_on"), _optional_day(request, "ends_on")
    measures.decide(current(), request.actor, protection_id, _version(request), starts, ends)


def _correct(request: DoorRequest, protection_id: int) -> None:
    starts, ends = _day(request, "starts_on"), _optional_day(request, "ends_on")
    measures.correct(current(), request.actor, protection_id, _version(request), starts, ends)


def _extend(request: DoorRequest, protection_id: int) -> None:
    measures.extend(current(), request.actor, protection_id, _version(request))


def _forward(request: DoorRequest, protection_id: int) -> None:
    measures.forward(
        current(), request.actor, protection_id, request.POST.get("municipality", ""), _day(request, "forwarded_on")
    )


def _notify(request: DoorRequest, protection_id: int) -> None:
    for section in request.POST.getlist("section"):
        measures.notify(current(), request.actor, protection_id, section)


def _ask_release(request: DoorRequest, protection_id: int) -> None:
    release.ask_release(
        current(),
        request.actor,
        protection_id,
        _version(request),
        request.POST.get("reason", ""),
        request.POST.get("comment", ""),
        _optional_day(request, "informed_on"),
    )


def _decide_release(request: DoorRequest, protection_id: int) -> None:
    approve = request.POST.get("answer") == "approve"
    release_id = _number(request.POST.get("release", ""))
    waiting = {one.release_id for one in release.asked_for(current(), request.actor, protection_id)}
    if release_id not in waiting:
        raise NotAvailable
    comment = request.POST.get("comment", "")
    release.decide_release(current(), request.actor, release_id, approve=approve, comment=comment)


_ACTS: Mapping[str, Callable[[DoorRequest, int], None]] = {
    "amend": _amend,
    "together": _together,
    "decide": _decide,
    "correct": _correct,
    "extend": _extend,
    "forward": _forward,
    "notify": _notify,
    "ask-release": _ask_release,
    "decide-release": _decide_release,
}
