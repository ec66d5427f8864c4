"""S09-S12: typing a case. Everything typed is saved as typed; Ctrl+Enter goes to the check page and registers nothing."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from daicho.access.actor import Right
from daicho.law.reasons import Reason
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk import guard
from daicho.register.desk.certificate_data import CertificateDataUnreadable, read_text
from daicho.register.desk.errors import (
    CaseGone,
    CommentMissing,
    EntryIncomplete,
    HeldByOther,
    PersonClaimed,
    StalePage,
    WrongStatus,
)
from daicho.register.desk.forms.base import HouseholdMember, HouseholdView, LeftHousehold
from daicho.register.desk.forms.basis import is_notice
from daicho.register.desk.forms.catalogue import form_of
from daicho.register.desk.forms.households import HouseholdMoveForm
from daicho.register.desk.forms.move_in import BY_CARD, KINDS
from daicho.register.desk.lookup import RegisterLookup
from daicho.register.desk.model import Case
from daicho.register.desk.planning import has_own_note, number_rule
from daicho.register.desk.queues import people_of
from daicho.register.environment import current
from daicho.register.screens import amend_view, cancellation_view, conflict
from daicho.register.screens.entry_view import (
    Fields,
    Outlook,
    basis_choice,
    casebar,
    comments_of,
    extra_rows,
    foreign_rows,
    grid_rows,
    household_of,
    joined_household,
    member_rows,
    notes,
    outlook,
    typed_from,
    with_typed,
)
from daicho.register.screens.field_words import field_word
from daicho.register.screens.household_move_view import columns, reasons
from daicho.register.screens.reception import DOCUMENTS, NOTIFIERS
from daicho.register.screens.words import clock, seconds
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.trail.act import Act
from daicho.wire.environment import Connection, Environment

NOTICE_TEMPLATE = "register/entry_arrival.html"
"""The form of 国内転出 on the basis 通知: the notice of arrival."""


def version_of(request: DoorRequest) -> int:
    """The version that the page shows; 0 when it is missing, which is always stale."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def page_of(request: DoorRequest) -> str | None:
    """The name of the opened page that sends the request."""
    return request.POST.get("page", "")[:64] or None


def focus_of(request: DoorRequest) -> str | None:
    """The field where the officer is."""
    return request.POST.get("focus", "").removeprefix("f-")[:60] or None


@require_http_methods(["GET", "POST"])
@door(Right.CASE_ENTER)
def case_entry(request: DoorRequest, number: str) -> HttpResponse:
    """The form of a case. Sending it saves the draft, then checks it; `act` may also park, add a row or go on."""
    if request.method != "POST":
        return _open(request, number)
    env = current()
    act = request.POST.get("act", "check")
    typed = typed_from(request)
    try:
        case = desk.save_draft(
            env, request.actor, number, version_of(request), typed, focus=focus_of(request), page=page_of(request)
        )
    except (StalePage, WrongStatus) as error:
        return conflict.stale_entry(request, number, typed, error)
    if act == "park":
        desk.park(env, request.actor, number, case.version, request.POST.get("comment", "")[:200], focus_of(request))
        return redirect("home")
    if act == "certificate":
        return _take_in(request, case)
    return entry_page(request, case, {}, more=1) if act == "more" else check_or_form(request, case)


def _take_in(request: DoorRequest, case: Case) -> HttpResponse:
    """Fill the form from the 転出証明書情報 that was pasted; what cannot be read stays in its box."""
    pasted = request.POST.get("certificate_data", "")
    try:
        data = read_text(pasted, current().clock.today())
    except CertificateDataUnreadable as error:
        return entry_page(request, case, {"certificate_data": error.message}, status=error.status, pasted=pasted)
    filled = desk.save_draft(
        current(), request.actor, case.case_number, case.version, {}, page=page_of(request), certificate=data
    )
    return entry_page(request, filled, {})


def check_or_form(request: DoorRequest, case: Case) -> HttpResponse:
    """On to the check page, or the form again with what is wrong."""
    env, number = current(), case.case_number
    try:
        checking.check(env, request.actor, number, case.version, page_of(request))
    except EntryIncomplete as error:
        return entry_page(request, case, error.fields, status=error.status)
    except PersonClaimed as error:
        return entry_page(request, case, {"": error.message}, status=error.status)
    return redirect("case-check", number)


def _open(request: DoorRequest, number: str) -> HttpResponse:
    env = current()
    try:
        case = desk.hold(env, request.actor, number)
    except HeldByOther as error:
        case = desk.open_case(env, request.actor, number)
        return conflict.held_page(request, case, error)
    except WrongStatus as error:
        case = desk.open_case(env, request.actor, number)
        if case.status in ("checked", "reviewed") and request.actor.officer_id not in case.entered_by:
            return redirect("case-review", number)
        return conflict.state_page(request, case, error)
    return entry_page(request, case, {})


@require_POST
@door(Right.CASE_ENTER)
def take_over(request: DoorRequest, number: str) -> HttpResponse:
    """Take a case from a colleague who has it open; the draft stays."""
    desk.hold(current(), request.actor, number, take_over=True)
    return redirect("case-entry", number)


@require_POST
@door(Right.CASE_ENTER)
def case_withdraw(request: DoorRequest, number: str) -> HttpResponse:
    """End the case because the notifier takes it back; the reason is kept in its history."""
    env, reason = current(), request.POST.get("reason", "")[:200]
    case = desk.open_case(env, request.actor, number)
    try:
        desk.withdraw(env, request.actor, number, case.version, reason)
    except CommentMissing as error:
        return entry_page(request, case, {"": error.message}, status=error.status)
    except (WrongStatus, HeldByOther) as error:
        return conflict.state_page(request, case, error)
    return redirect("home")


@require_POST
@door(Right.CASE_ENTER)
def case_draft(request: DoorRequest, number: str) -> JsonResponse:
    """The autosave of the page: JSON `saved_at` and `version`; 409 when another page changed the case."""
    try:
        case = desk.save_draft(
            current(),
            request.actor,
            number,
            version_of(request),
            typed_from(request),
            focus=focus_of(request),
            page=page_of(request),
            background=True,
        )
    except (StalePage, WrongStatus, HeldByOther, CaseGone) as error:
        return JsonResponse({"code": error.code, "message": error.message}, status=409)
    return JsonResponse({"saved_at": seconds(case.updated_at), "version": case.version})


_ECHOED = ("notified_on", "change_date", "notifier", "household_kind", "town", "died", "ground", "items", "removed_on",
           "acquisition", "cause", "kind")  # fmt: skip
"""Fields of the header with an echo beside them."""


@require_POST
@door(Right.CASE_ENTER)
def case_live(request: DoorRequest, number: str) -> HttpResponse:
    """Echoes and warnings for what is typed now; nothing is saved. Who lives where people are to join is on record."""
    env = current()
    with env.database.transaction() as connection:
        stored = conflict.stored(connection, env, number)
        case = with_typed(stored, typed_from(request))
        guard.require_case(connection, env, request.actor, case)
        seen = outlook(connection, env, case)
        fields = Fields(case, env.clock.today(), number_rule(connection), seen.wrong)
        household = household_of(connection, env, case)
        joined = joined_household(connection, env, case)
        if joined is not None and case.typed["join_household"] != stored.typed.get("join_household"):
            desk.note(connection, env, request.actor, Act.HOUSEHOLD_OPENED, case, [m.person_id for m in joined.members])
        context = {
            "case_number": number,
            "heads": [fields[name] for name in request.POST if name in _ECHOED or name.startswith("i.")],
            **amend_view.live(case, fields, household_of(connection, env, case), request.POST),
            "rows": grid_rows(fields, case),
            "notes": notes(connection, env, case, seen),
            "blank": len(seen.blank),
            "members": member_rows(fields, case, household, seen, env.clock.today()),
            **_households(fields, case, joined, seen, env.clock.today()),
            **_about(case),
        }
    return render(request, "register/entry_live.html", context)


def entry_page(
    request: DoorRequest, case: Case, errors: Mapping[str, str], *, status: int = 200, more: int = 0, pasted: str = ""
) -> HttpResponse:
    """The form with its errors; `pasted` is a 転出証明書情報 that could not be read."""
    env = current()
    with env.database.transaction() as connection:
        seen = outlook(connection, env, case)
        rule = number_rule(connection)
        fields = Fields(case, env.clock.today(), rule, errors)
        household = household_of(connection, env, case)
        joined = joined_household(connection, env, case)
        left = _left(connection, env, case)
        shown = _people_shown((household, joined), left)
        if shown:
            desk.note(connection, env, request.actor, Act.HOUSEHOLD_OPENED, case, shown)
        names = officer_names(connection, [case.entrant, case.holder])
        comments = comments_of(connection, case) if case.round else []
        listed = notes(connection, env, case, seen)
        back = cancellation_view.of_case(connection, case)
        amending = amend_view.of_page(connection, case, fields, household)
    form = form_of(case.reason)
    extra = 1 + more * (len(grid_rows(fields, case)) if more else 0)
    return render(
        request,
        NOTICE_TEMPLATE if is_notice(case.reason, case.typed) else form.template,
        {
            "left": left,
            "chosen": {name for name, value in case.typed.items() if value == "1"},
            "case": casebar(case, env, "入力", names),
            "the_case": case,
            "page": env.random.token(8).hex(),
            "fields": fields,
            "rows": grid_rows(fields, case, extra),
            "foreign": foreign_rows(fields, case),
            "foreign_open": any(row["used"] for row in foreign_rows(fields, case)),
            "extra": extra_rows(fields, case),
            "extra_open": bool(pasted) or _has_extra(fields, case),
            "pasted": pasted,
            "kinds": list(KINDS.get(case.reason, {}).items()),
            "is_domestic": case.reason is Reason.MOVE_IN,
            "household": household,
            "back": back,
            "parent": _parent(case, household),
            "members": member_rows(fields, case, household, seen, env.clock.today()),
            **_households(fields, case, joined, seen, env.clock.today()),
            "errors": [(f"f-{name}" if name else "", _summary(case, name, text)) for name, text in errors.items()],
            "notes": listed,
            "blank": len(seen.blank),
            "comments": [(name, field_word(case.reason, name, case.basis), text) for name, text in comments],
            "is_returned": case.round > 0 and bool(comments),
            "reception": _reception(case),
            "received": clock(case.received_at, env.clock.now()),
            "focus": case.focus,
            **_about(case),
            **amending,
        },
        status=status,
    )


def _about(case: Case) -> dict[str, object]:
    """What stands beside every form: basis, note, and how many people a grid holds."""
    return {
        "basis": basis_choice(case),
        "has_own_note": has_own_note(form_of(case.reason)),
        "is_grid": case.reason in KINDS,
        "people_count": f"{people_of(case.typed)}人",
    }


def _has_extra(fields: Fields, case: Case) -> bool:
    """Whether the panel of items that few entries have holds any."""
    by_kind = case.typed.get("kind", "").strip() == BY_CARD and case.reason is Reason.MOVE_IN
    return by_kind or bool(case.typed.get("last_address")) or any(row["used"] for row in extra_rows(fields, case))


def _people_shown(households: Iterable[HouseholdView | None], left: LeftHousehold | None) -> list[int]:
    """Everybody of the register whom the page shows: the trail names them."""
    members = [member.person_id for one in households if one is not None for member in one.members]
    return members + ([leaver.member.person_id for leaver in left.leavers] if left is not None else [])


def _left(connection: Connection, env: Environment, case: Case) -> LeftHousehold | None:
    """Those of whom a notice of arrival may speak."""
    number = case.typed.get("household", "").strip()
    if not number or not is_notice(case.reason, case.typed):
        return None
    return RegisterLookup(connection, env.clock.today()).leavers(number)


def _households(
    fields: Fields, case: Case, joined: HouseholdView | None, seen: Outlook, today: date
) -> dict[str, object]:
    """The household joined, the households as they will be, and why each relationship is what it is (S12)."""
    return {
        "joined": joined,
        "joined_members": member_rows(fields, case, joined, seen, today),
        "is_split": case.reason is Reason.HOUSEHOLD_SPLIT,
        "is_move": isinstance(form_of(case.reason), HouseholdMoveForm),
        "columns": columns(seen.prepared),
        "reasons": reasons(seen.prepared),
    }


def _parent(case: Case, household: HouseholdView | None) -> HouseholdMember | None:
    """The parent chosen for a newborn, whose domicile F8 copies."""
    members = household.members if household else ()
    return next((m for m in members if str(m.person_id) == case.typed.get("parent")), None)


def _summary(case: Case, name: str, text: str) -> str:
    word = field_word(case.reason, name, case.basis)
    return f"{word}: {text}" if word else text


def _reception(case: Case) -> list[tuple[str, str, bool]]:
    """What was recorded at the counter: (label, words, whether it is a name)."""
    answers = case.reception
    rows = [
        ("届出人", NOTIFIERS.get(answers.get("notifier", ""), ""), False),
        ("来た人", answers.get("name", ""), True),
        ("確認した書類", DOCUMENTS.get(answers.get("document", ""), ""), False),
    ]
    return [row for row in rows if row[1]]
