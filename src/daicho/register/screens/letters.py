"""Letters and notices of a household's changes: chosen here, shown and handed over like every other paper."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Purpose, Right
from daicho.access.errors import NotAvailable
from daicho.law.errors import DaichoError
from daicho.register.environment import current
from daicho.register.paper import issue, press_client
from daicho.register.paper.application import Application
from daicho.register.paper.authority import Authority
from daicho.register.paper.issue import Counter
from daicho.register.paper.kinds.catalogue import KINDS, Kind
from daicho.register.paper.offers import is_letter, offered
from daicho.register.screens.household_view import strip
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.access import ChangeLine, HouseholdSheet, open_household

OWN_OFFICE = "職権"
STAFF_CARD, OFFICIAL_USE = "6", "12"


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One change and the papers it offers; counter papers are links, letters are made at once."""

    change: ChangeLine
    who: str
    letters: tuple[Kind, ...]
    papers: tuple[tuple[str, str], ...]


@require_http_methods(["GET", "POST"])
@door(Right.CERTIFICATE_ISSUE, purpose=Purpose.CERTIFICATE_ISSUE)
def letters(request: DoorRequest, household_id: int) -> HttpResponse:
    """The changes of the household with their letters; a POST makes one and shows it before it is handed over."""
    env = current()
    sheet = open_household(env, request.actor, household_id, Purpose.CERTIFICATE_ISSUE)
    error = None
    if request.method == "POST":
        try:
            made = issue.reserve(env, Counter(press_client.of_process()), request.actor, _wanted(request, sheet))
            return redirect("certificate", made.application_id)
        except DaichoError as refused:
            error = refused
    people = (*sheet.members, *sheet.removed)
    context = {
        "person": strip(sheet, people[0]),
        "household_id": household_id,
        "rows": [_row(line, sheet) for line in sheet.changes],
        "error": error,
    }
    return render(request, "register/letters.html", context, status=error.status if error else 200)


def _wanted(request: DoorRequest, sheet: HouseholdSheet) -> Application:
    """The application of our own office for one letter of one of these changes. Raises NotAvailable."""
    code, change = request.POST.get("kind", ""), request.POST.get("change", "")
    lines = {str(line.change_id): line for line in sheet.changes}
    if change not in lines or code not in KINDS or not is_letter(KINDS[code]):
        raise NotAvailable
    return Application(
        kind=code,
        household_id=sheet.household_id,
        authority=Authority.OFFICE,
        requester=OWN_OFFICE,
        identity_document=STAFF_CARD,
        use_code=OFFICIAL_USE,
        change_id=lines[change].change_id,
    )


def _row(line: ChangeLine, sheet: HouseholdSheet) -> LetterRow:
    kinds = offered(line.reason, line.basis, [(step.before, step.after) for step in line.steps])
    address = reverse("certificate-new", args=[sheet.household_id])
    first = line.steps[0].person_id if line.steps else 0
    return LetterRow(
        change=line,
        who="、".join(sheet.names[step.person_id] for step in line.steps),
        letters=tuple(kind for kind in kinds if is_letter(kind)),
        papers=tuple(
            (f"{address}?kind={kind.code}&person={first}", kind.word) for kind in kinds if not is_letter(kind)
        ),
    )
