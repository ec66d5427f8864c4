"""S18: a certified copy, from the application over the preview to the paper that is handed over.

What is previewed is what is printed: the pages shown are pictures of the very bytes that are handed over.
"""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daicho.access.actor import Purpose, Right
from daicho.law.errors import DaichoError
from daicho.register.environment import current
from daicho.register.paper import issue, lookup, press_client, preview
from daicho.register.paper.application import Application
from daicho.register.paper.authority import IDENTITY_DOCUMENTS, USES, Authority, Item, Verdict, verdict
from daicho.register.paper.errors import RequestIncomplete
from daicho.register.paper.issue import Counter, Reservation
from daicho.register.screens.household_view import member_rows, strip
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.access import HouseholdSheet, open_household

PREVIEW_WIDTH = 1240
"""Pixels of a page's picture: A4 at 150 dpi, sharp at the width of the panel and at 100 %."""


@dataclass
class Typed:
    """The form as typed; `persons` are ids as text, `items` codes of `Item`."""

    authority: str = ""
    requester_no: str = "1"
    requester: str = ""
    document: str = ""
    use: str = ""
    use_text: str = ""
    reason: str = ""
    copies: str = "1"
    persons: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    errors: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, request: DoorRequest) -> "Typed":
        """What was sent."""
        sent = {name: text.strip() for name, text in request.POST.items() if isinstance(text, str)}
        return cls(
            authority=sent.get("authority", ""),
            requester_no=sent.get("requester_no", ""),
            requester=sent.get("requester", ""),
            document=sent.get("document", ""),
            use=sent.get("use", ""),
            use_text=sent.get("use_text", ""),
            reason=sent.get("reason", ""),
            copies=sent.get("copies", ""),
            persons=tuple(request.POST.getlist("person")),
            items=tuple(request.POST.getlist("item")),
        )

    def keep(self) -> dict[str, Any]:
        """For the session, so that the preview page shows the application beside it; no names but the requester's."""
        return {name: value for name, value in vars(self).items() if name != "errors"}


@require_http_methods(["GET", "POST"])
@door(Right.CERTIFICATE_ISSUE, purpose=Purpose.CERTIFICATE_ISSUE)
def certificate_new(request: DoorRequest, household_id: int) -> HttpResponse:
    """The application; Ctrl+Enter makes the papers and shows them. Nothing is handed over yet."""
    env = current()
    sheet = open_household(env, request.actor, household_id, Purpose.CERTIFICATE_ISSUE)
    if request.method != "POST":
        typed = Typed(persons=tuple(str(member.person_id) for member in sheet.members))
        return _form(request, sheet, typed)
    typed = Typed.of(request)
    try:
        application = _application(sheet, typed)
        made = issue.reserve(env, Counter(press_client.of_process()), request.actor, application)
    except DaichoError as error:
        if error.status not in (403, 409, 422):
            raise
        typed.errors.append((_FIELD_IDS.get(error.field or "", ""), error.message))
        return _form(request, sheet, typed, status=error.status)
    request.session["certificate"] = {"application": made.application_id, "typed": typed.keep()}
    return redirect("certificate-preview", made.application_id)


@require_GET
@door(Right.CERTIFICATE_ISSUE, purpose=Purpose.CERTIFICATE_ISSUE)
def certificate_preview(request: DoorRequest, application_id: int) -> HttpResponse:
    """The papers that stand ready, or that were handed over."""
    env = current()
    made = issue.reservation(env, request.actor, application_id)
    sheet = open_household(env, request.actor, made.household_id, Purpose.CERTIFICATE_ISSUE)
    kept = request.session.get("certificate", {})
    typed = Typed(**kept["typed"]) if kept.get("application") == application_id else Typed()
    return _form(request, sheet, typed, made=made)


@require_GET
@door(Right.CERTIFICATE_ISSUE, purpose=Purpose.CERTIFICATE_ISSUE)
def certificate_page_image(request: DoorRequest, certificate_id: int, page: int) -> HttpResponse:
    """One page of a paper that stands ready, as a picture marked 見本."""
    pdf = issue.preview_file(current(), request.actor, certificate_id)
    return HttpResponse(preview.page_image(pdf, page, PREVIEW_WIDTH), content_type="image/png")


@require_POST
@door(Right.CERTIFICATE_ISSUE, purpose=Purpose.CERTIFICATE_ISSUE)
def certificate_release(request: DoorRequest, application_id: int) -> HttpResponse:
    """Hand over exactly the bytes of the preview."""
    counter = Counter(press_client.of_process())
    issue.release(current(), counter, request.actor, application_id, request.POST.getlist("digest"))
    return redirect("certificate-preview", application_id)


@require_POST
@door(Right.CERTIFICATE_ISSUE, purpose=Purpose.CERTIFICATE_ISSUE)
def certificate_void(request: DoorRequest, application_id: int) -> HttpResponse:
    """Give up a preview; its numbers are spent."""
    made = issue.reservation(current(), request.actor, application_id)
    issue.void(current(), request.actor, application_id)
    return redirect("household", made.household_id)


@require_GET
@door(Right.CERTIFICATE_ISSUE, purpose=Purpose.CERTIFICATE_ISSUE)
def certificate_pdf(request: DoorRequest, certificate_id: int) -> HttpResponse:
    """The paper that was handed over, for printing."""
    pdf = issue.open_file(current(), request.actor, certificate_id)
    headers = {"Content-Disposition": f'inline; filename="{certificate_id}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@require_POST
@door(Right.CERTIFICATE_ISSUE, purpose=Purpose.CERTIFICATE_ISSUE)
def certificate_misprint(request: DoorRequest, application_id: int, certificate_id: int) -> HttpResponse:
    """Record that a paper was spoilt and destroyed."""
    issue.misprint(current(), request.actor, certificate_id, request.POST.get("reason", ""))
    return redirect("certificate-preview", application_id)


@require_GET
@door(Right.CERTIFICATE_HISTORY)
def certificate_history(request: DoorRequest, household_id: int) -> HttpResponse:
    """The certificates of a household (STD 1.3.8, 2.2.2)."""
    env = current()
    sheet = open_household(env, request.actor, household_id, Purpose.CERTIFICATE_ISSUE)
    lines = lookup.issue_history(env, request.actor, household_id)
    people = (*sheet.members, *sheet.removed)
    return render(
        request,
        "register/certificate_history.html",
        {"lines": lines, "household_id": household_id, "person": strip(sheet, people[0])},
    )


_FIELD_IDS = {
    "authority": "f-authority",
    "requester": "f-requester_no",
    "identity_document": "f-document",
    "use_code": "f-use",
    "use_text": "f-use_text",
    "copies": "f-copies",
    "reason": "f-reason",
    "items": "h-items",
}


def _application(sheet: HouseholdSheet, typed: Typed) -> Application:
    """The application as the paper room wants it. Raises RequestIncomplete for what cannot be read."""
    try:
        authority = Authority(typed.authority)
    except ValueError:
        raise RequestIncomplete(field="authority", what="請求した人の資格") from None
    if not typed.copies.isdecimal():
        raise RequestIncomplete(field="copies", what="通数")
    if not typed.persons:
        raise RequestIncomplete(field="requester", what="載せる人")
    members = {str(member.person_id): member.person_id for member in sheet.members}
    requester = None
    if not authority.is_outside:
        numbered = {str(n): member.person_id for n, member in enumerate(sheet.members, start=1)}
        requester = numbered.get(typed.requester_no)
    chosen = tuple(members[one] for one in typed.persons if one in members)
    return Application(
        household_id=sheet.household_id,
        person_ids=() if len(chosen) == len(members) else chosen,
        authority=authority,
        requester=typed.requester,
        requester_person=requester,
        identity_document=typed.document,
        use_code=typed.use.zfill(2) if typed.use else "",
        use_text=typed.use_text,
        reason=typed.reason,
        items=frozenset(item for item in Item if item.value in typed.items),
        copies=int(typed.copies),
    )


def _form(
    request: DoorRequest, sheet: HouseholdSheet, typed: Typed, *, made: Reservation | None = None, status: int = 200
) -> HttpResponse:
    rows = [row for row in member_rows(sheet, 0) if not row.removed]
    people = (*sheet.members, *sheet.removed)
    issued = made is not None and all(copy.status in ("issued", "misprinted") for copy in made.copies)
    return render(
        request,
        "register/certificate.html",
        {
            "person": strip(sheet, people[0]),
            "household_id": sheet.household_id,
            "typed": typed,
            "members": [(row, str(row.person_id) in typed.persons) for row in rows],
            "items": [(item, item.value in typed.items, _hint(typed, item)) for item in Item],
            "echoes": _echoes(typed, [row.name for row in rows]),
            "lists": _LISTS,
            "made": made,
            "pages": [(copy, range(1, copy.pages + 1)) for copy in made.copies] if made else [],
            "fee_total": made.fee_yen * len(made.copies) if made else 0,
            "ready": made is not None and all(copy.status == "reserved" for copy in made.copies),
            "issued": issued,
            "form_url": reverse("certificate-new", args=[sheet.household_id]),
        },
        status=status,
    )


_LISTS = (
    ("請求した人", [(authority.value, authority.word) for authority in Authority]),
    ("書類", list(IDENTITY_DOCUMENTS.items())),
    ("使いみち", list(USES.items())),
)


def _echoes(typed: Typed, names: list[str]) -> dict[str, str]:
    """The words behind the codes typed."""
    words = {one.value: one.word for one in Authority}
    number = int(typed.requester_no) if typed.requester_no.isdecimal() else 0
    return {
        "authority": words.get(typed.authority, ""),
        "document": IDENTITY_DOCUMENTS.get(typed.document, ""),
        "use": USES.get(typed.use.zfill(2), "") if typed.use else "",
        "requester_no": names[number - 1] if 0 < number <= len(names) else "",
    }


_HINTS = {Verdict.BY_MAIL: "郵送になります", Verdict.WITH_REASON: "理由が要ります", Verdict.REFUSED: "載せられません"}


def _hint(typed: Typed, item: Item) -> str:
    try:
        return _HINTS.get(verdict(Authority(typed.authority), item), "")
    except ValueError:
        return ""
