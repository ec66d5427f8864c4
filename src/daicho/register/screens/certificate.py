"""S18: certified copies of a household. Form → preview (number reserved, paper made once) → handed over as it was shown."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daicho.access.actor import Output, Purpose, Right
from daicho.access.errors import NotAvailable
from daicho.law.errors import DaichoError
from daicho.register.environment import current
from daicho.register.paper import issue, lookup, press_client, preview, reproduction, service
from daicho.register.paper.application import Application
from daicho.register.paper.authority import FOREIGN_PARTS, IDENTITY_DOCUMENTS, NUMBERS, USES, Authority
from daicho.register.paper.errors import IssueSuppressed
from daicho.register.paper.forms.table import item_word
from daicho.register.paper.issue import Counter, Reservation
from daicho.register.paper.kinds.catalogue import KINDS
from daicho.register.screens import certificate_form as form
from daicho.register.screens.certificate_form import Draft
from daicho.register.screens.household_view import member_rows, strip
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.access import HouseholdSheet, Member, open_household

ISSUE, PURPOSE = Right.CERTIFICATE_ISSUE, Purpose.CERTIFICATE_ISSUE
SIZES = {"page": "全体", "width": "幅", "full": "100%"}


@require_GET
@door(ISSUE, purpose=PURPOSE, output=Output.PRINT)
def certificate_new(request: DoorRequest, household_id: int) -> HttpResponse:
    """The form: for the person shown, or as an earlier application (`again`) had it."""
    sheet = _sheet(request, household_id)
    again = request.GET.get("again", "")
    if again:
        application = issue.asked(current(), request.actor, _id(again))
        if application.household_id != household_id:
            raise NotAvailable
        first = application.reissue_of or _id(request.GET.get("reissue", "0"))
        draft = form.of_application(replace(application, reissue_of=first or None), form.askers(sheet))
        return _form_page(request, sheet, draft)
    wanted = request.GET.get("person", "")
    person_id = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
    return _form_page(request, sheet, form.empty(sheet, person_id, request.GET.get("kind", "")))


@require_POST
@door(ISSUE, purpose=PURPOSE)
def certificate_preview(request: DoorRequest, household_id: int) -> HttpResponse:
    """Take numbers and make the papers; what stands in the way is said on the form, nothing typed is lost."""
    sheet = _sheet(request, household_id)
    draft = form.posted(request.POST)
    try:
        application = form.application_of(draft, sheet)
        made = issue.reserve(current(), _counter(), request.actor, application)
    except DaichoError as error:
        return _form_page(request, sheet, draft, error)
    return redirect("certificate", made.application_id)


@require_POST
@door(ISSUE, purpose=PURPOSE)
def certificate_live(request: DoorRequest, household_id: int) -> HttpResponse:
    """What the form means so far: the words behind the codes and the fee."""
    sheet = _sheet(request, household_id)
    draft = form.posted(request.POST)
    other = form.kind_typed(draft.texts["kind"])
    changed = other is not None and other.code != request.POST.get("shown_kind")
    if changed:
        draft = form.for_kind(draft, sheet)
    outlook = issue.outlook(current(), request.actor, [m.person_id for m in sheet.members], draft.kind.code)
    context = {
        **_common(sheet, _asking(draft, sheet), draft),
        "echoes": form.echoes(draft, form.askers(sheet), outlook),
        "changed": changed,
        "oob": 1,
        "error_of": {},
    }
    return render(request, "register/certificate_live.html", context)


@require_GET
@door(ISSUE, purpose=PURPOSE)
def certificate(request: DoorRequest, application_id: int) -> HttpResponse:
    """What is reserved or was handed over: pictures of every page marked 見本, the way to hand over, to print."""
    made = issue.reservation(current(), request.actor, application_id)
    return _made_page(request, made)


@require_POST
@door(ISSUE, purpose=PURPOSE, output=Output.PRINT)
def certificate_release(request: DoorRequest, application_id: int) -> HttpResponse:
    """Hand over exactly what was shown. A second click finds it handed over and says so."""
    env = current()
    try:
        issue.release(env, _counter(), request.actor, application_id, request.POST.getlist("digest"))
    except DaichoError as error:
        made = issue.reservation(env, request.actor, application_id)
        issued = all(copy.status == "issued" for copy in made.copies)
        return redirect("certificate", application_id) if issued else _made_page(request, made, error)
    return redirect("certificate", application_id)


@require_POST
@door(ISSUE, purpose=PURPOSE)
def certificate_void(request: DoorRequest, application_id: int) -> HttpResponse:
    """Give up a preview and go back to the household."""
    made = issue.reservation(current(), request.actor, application_id)
    issue.void(current(), request.actor, application_id)
    return redirect("household", made.household_id) if made.household_id else redirect("issues")


@require_GET
@door(ISSUE, purpose=PURPOSE)
def certificate_page_image(request: DoorRequest, certificate_id: int, page: int) -> HttpResponse:
    """One page of a reserved paper as a picture marked 見本."""
    pdf = issue.preview_file(current(), request.actor, certificate_id)
    return HttpResponse(preview.page_image(pdf, page), content_type="image/png")


@require_GET
@door(ISSUE, purpose=PURPOSE, output=Output.PRINT)
def certificate_pdf(request: DoorRequest, certificate_id: int) -> HttpResponse:
    """The paper that was handed over, to be printed."""
    pdf = issue.open_file(current(), request.actor, certificate_id)
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": "inline"})


@require_GET
@door(Right.CERTIFICATE_HISTORY)
def certificate_history(request: DoorRequest, household_id: int) -> HttpResponse:
    """Every copy that was reserved, handed over, given up or spoilt for the household."""
    lines = lookup.issue_history(current(), request.actor, household_id)
    return render(request, "register/certificate_history.html", {"lines": lines, "household_id": household_id})


@require_POST
@door(ISSUE, purpose=PURPOSE)
def certificate_misprint(request: DoorRequest, household_id: int, certificate_id: int) -> HttpResponse:
    """Record that a copy was spoilt and destroyed."""
    issue.misprint(current(), request.actor, certificate_id, request.POST.get("reason", "")[:200])
    return redirect("certificate-history", household_id)


@require_GET
@door(Right.CERTIFICATE_HISTORY)
def certificate_again(request: DoorRequest, certificate_id: int) -> HttpResponse:
    """A past paper made again from what was kept with it: pictures marked 再現, nothing to hand over."""
    made = reproduction.reproduce(current(), _counter(), request.actor, certificate_id)
    size = request.GET.get("size", "")
    context = {
        "made": made,
        "kind": KINDS[made.kind],
        "status_word": lookup.STATUS_WORDS[made.status],
        "pages": range(1, made.pages + 1),
        "size": size if size in SIZES else "width",
        "sizes": SIZES.items(),
    }
    return render(request, "register/certificate_again.html", context)


@require_GET
@door(Right.CERTIFICATE_HISTORY)
def certificate_again_image(request: DoorRequest, certificate_id: int, page: int) -> HttpResponse:
    """One page of a past paper as a picture marked 再現."""
    made = reproduction.reproduce(current(), _counter(), request.actor, certificate_id)
    picture = preview.page_image(made.pdf, page, mark=preview.REPRODUCED)
    return HttpResponse(picture, content_type="image/png")


@require_http_methods(["GET", "POST"])
@door(Right.CERTIFICATE_HISTORY)
def certificate_verify(request: DoorRequest) -> HttpResponse:
    """Whether a paper with this code was issued; says nothing about people."""
    context: dict[str, object] = {"code": "", "found": None, "error": None}
    if request.method == "POST":
        context["code"] = request.POST.get("code", "")[:40]
        try:
            context["found"] = lookup.verify(current(), request.actor, str(context["code"]))
        except NotAvailable:
            context["error"] = "この確認コードで発行した記録はありません。"
    return render(request, "register/certificate_verify.html", context)


@require_http_methods(["GET", "POST"])
@door(Right.USER_ADMIN)
def certificate_service(request: DoorRequest) -> HttpResponse:
    """Whether issuing is stopped by an alarm, and the way to lift the stop with a reason."""
    env = current()
    error = None
    if request.method == "POST":
        try:
            service.lift(env, request.actor, request.POST.get("reason", "")[:200])
            return redirect("certificate-service")
        except DaichoError as refused:
            error = refused
    stops = service.stops(env)
    status = error.status if error else 200
    return render(request, "register/certificate_service.html", {"stops": stops, "error": error}, status=status)


# --- pages -----------------------------------------------------------------------------------------------------------


def _sheet(request: DoorRequest, household_id: int | None) -> HouseholdSheet:
    if household_id is None:
        raise NotAvailable
    sheet = open_household(current(), request.actor, household_id, PURPOSE)
    if sheet.veiled or any(member.hidden for member in sheet.members):
        raise IssueSuppressed
    return sheet


def _counter() -> Counter:
    return Counter(press_client.of_process())


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotAvailable
    return int(text)


def _form_page(
    request: DoorRequest, sheet: HouseholdSheet, draft: Draft, error: DaichoError | None = None
) -> HttpResponse:
    people = [member.person_id for member in form.people_of(draft.kind, sheet)]
    outlook = issue.outlook(current(), request.actor, people, draft.kind.code)
    asking = _asking(draft, sheet)
    context = {
        **_common(sheet, asking, draft),
        "echoes": form.echoes(draft, form.askers(sheet), outlook),
        "outlook": outlook,
        "draft": draft.texts,
        "before_pending": draft.before_pending,
        "error": error,
        "error_of": _error_of(error),
        "authorities": [(one.value, one.word) for one in Authority],
        "uses": USES.items(),
        "kinds": [(kind.key, kind.word) for kind in form.OFFERED],
        "exemptions": outlook.exemptions.items(),
        "documents": IDENTITY_DOCUMENTS.items(),
    }
    return render(request, "register/certificate.html", context, status=error.status if error else 200)


def _made_page(request: DoorRequest, made: Reservation, error: DaichoError | None = None) -> HttpResponse:
    env = current()
    application = issue.asked(env, request.actor, made.application_id)
    outlook = issue.outlook(env, request.actor, application.person_ids, application.kind)
    size = request.GET.get("size", "")
    reserved = all(copy.status == "reserved" for copy in made.copies)
    context = {
        **_made_for(request, made, application, outlook),
        "made": made,
        "first": made.copies[0],
        "count": len(made.copies),
        "papers": [(copy, range(1, copy.pages + 1)) for copy in made.copies] if reserved else (),
        "sheets": sum(copy.pages for copy in made.copies),
        "reserved": reserved,
        "issued": all(copy.status == "issued" for copy in made.copies),
        "status_word": lookup.STATUS_WORDS[made.copies[0].status],
        "kind": KINDS[made.kind],
        "before_pending": application.before_pending and outlook.pending,
        "total_yen": made.fee_yen * len(made.copies),
        "tight": [(position, item_word(item)) for position, item in made.copies[0].tight],
        "size": size if size in SIZES else "width",
        "sizes": SIZES.items(),
        "error": error,
    }
    return render(request, "register/certificate_made.html", context, status=error.status if error else 200)


def _made_for(
    request: DoorRequest, made: Reservation, application: Application, outlook: issue.Outlook
) -> dict[str, Any]:
    """Whose paper it is and who asked; a list for inspection belongs to no household."""
    if made.household_id is None:
        draft = form.of_application(application, ())
        return {"draft": draft.texts, "echoes": form.echoes(draft, (), outlook), "people": (), "items": ()}
    sheet = _sheet(request, made.household_id)
    draft = form.of_application(application, form.askers(sheet))
    return {
        **_common(sheet, _asking(draft, sheet), draft),
        "draft": draft.texts,
        "echoes": form.echoes(draft, form.askers(sheet), outlook),
    }


def _common(sheet: HouseholdSheet, asking: Member, draft: Draft) -> dict[str, Any]:
    kind = draft.kind
    shown = {member.person_id for member in form.people_of(kind, sheet)}
    rows = [
        (row, row.person_id in draft.persons) for row in member_rows(sheet, asking.person_id) if row.person_id in shown
    ]
    foreign = any(row.is_foreign for row, _ in rows)
    offered = [item for item in kind.items if foreign or item not in FOREIGN_PARTS]
    return {
        "person": strip(sheet, asking),
        "household_id": sheet.household_id,
        "people": rows,
        "people_note": f"{len(rows)}人のうち {sum(ticked for _, ticked in rows)}人",
        "shown_kind": kind.code,
        "items": [(item.value, item.word, item.value in draft.items, item in NUMBERS) for item in offered],
    }


def _asking(draft: Draft, sheet: HouseholdSheet) -> Member:
    authority = form.authority_of(draft)
    asking = form.member_of(draft, form.askers(sheet)) if authority and not authority.is_outside else None
    chosen = [member for member in form.people_of(draft.kind, sheet) if member.person_id in draft.persons]
    return asking or (chosen or sheet.members or sheet.removed)[0]


_FIELD_OF = {"requester": "who", "reason": "use_text"}


def _error_of(error: DaichoError | None) -> dict[str, str]:
    """The sentences of an error beside its field; "" fields stand above the form."""
    if error is None or not error.field:
        return {}
    happened, _, todo = error.sentences
    return {_FIELD_OF.get(error.field, error.field): happened + todo}
