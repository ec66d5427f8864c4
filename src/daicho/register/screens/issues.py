"""S19 and the history of issues: every paper of a day or of a search, every sheet accounted for; the list for inspection."""

import re
from datetime import date

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Output, Purpose, Right
from daicho.law.dates import UnreadableDate, parse_date
from daicho.law.eras import typed_day
from daicho.law.errors import DaichoError
from daicho.register.desk.forms.base import widen_latin
from daicho.register.environment import current
from daicho.register.paper import issue, ledger, overflow, press_client
from daicho.register.paper.application import Application
from daicho.register.paper.authority import IDENTITY_DOCUMENTS, USES, Authority, Item
from daicho.register.paper.errors import RequestIncomplete
from daicho.register.paper.forms.table import item_word
from daicho.register.paper.issue import Counter
from daicho.register.paper.kinds.catalogue import KINDS
from daicho.register.paper.ledger import Wanted
from daicho.register.paper.lookup import STATUS_WORDS
from daicho.register.signon.door import DoorRequest, door, pass_output

FIELDS = ("since", "until", "kind", "status", "terminal", "officer", "office", "number", "person", "item", "sheets")
READINGS = {"1": "載せる", "2": "載せない"}
LIST_FIELDS = ("town", "authority", "requester", "document", "use", "reason", "readings")


@require_http_methods(["GET", "POST"])
@door(Right.CERTIFICATE_HISTORY)
def issues(request: DoorRequest) -> HttpResponse:
    """The papers of today at this office, or what was searched for (POST: nothing about people stands in an address)."""
    env = current()
    today = env.clock.today()
    typed = {name: request.POST.get(name, "").strip()[:60] for name in FIELDS}
    error = None
    wanted = Wanted(since=today, until=today, office=request.actor.office)
    if request.method == "POST":
        try:
            wanted = _wanted(typed, request.POST, today)
        except UnreadableDate as unreadable:
            error = unreadable
    else:
        typed |= {"since": typed_day(today), "until": typed_day(today), "office": request.actor.office}
    found = ledger.find(env, request.actor, wanted)
    if request.POST.get("print") == "1" and error is None:
        pass_output(request, request.actor, Output.PRINT)
        made = overflow.pdf(found.lines, wanted.since, wanted.until, env.clock.now())
        answer = HttpResponse(made, content_type="application/pdf")
        answer["Content-Disposition"] = 'inline; filename="overflow-list.pdf"'
        return answer
    context = {
        "typed": typed,
        "found": found,
        "lines": [(line, [(p, item_word(item)) for p, item in line.tight]) for line in found.lines],
        "overflow": wanted.overflow,
        "items": [(item.value, item.word) for item in Item],
        "kinds": [(kind.key, kind.word) for kind in KINDS.values()],
        "statuses": STATUS_WORDS.items(),
        "error": error,
    }
    return render(request, "register/issues.html", context, status=error.status if error else 200)


def _wanted(typed: dict[str, str], posted: QueryDict, today: date) -> Wanted:
    """What was searched for. Raises UnreadableDate."""
    by_key = {kind.key: kind.code for kind in KINDS.values()}
    by_word = {word: status for status, word in STATUS_WORDS.items()}
    return Wanted(
        since=parse_date(typed["since"] or "t", today),
        until=parse_date(typed["until"] or "t", today),
        kind=by_key.get(widen_latin(typed["kind"]), ""),
        status=by_word.get(typed["status"], typed["status"]),
        terminal=typed["terminal"],
        officer=typed["officer"],
        office=typed["office"],
        number=widen_latin(typed["number"]),
        addressee_number=widen_latin(typed["person"]),
        overflow="1" in (posted.get("overflow"), posted.get("print")),
        item=typed["item"],
        sheets=int(typed["sheets"]) if re.fullmatch("[0-9]{1,3}", widen_latin(typed["sheets"])) else None,
    )


@require_http_methods(["GET", "POST"])
@door(Right.CERTIFICATE_ISSUE, purpose=Purpose.CERTIFICATE_ISSUE)
def inspection(request: DoorRequest) -> HttpResponse:
    """The list of a town for inspection: four items, protected people left out (Act art. 11, 11-2)."""
    typed = {name: request.POST.get(name, "").strip()[:200] for name in LIST_FIELDS}
    error = None
    if request.method == "POST":
        try:
            made = issue.reserve(current(), Counter(press_client.of_process()), request.actor, _list_wanted(typed))
            return redirect("certificate", made.application_id)
        except DaichoError as refused:
            error = refused
    else:
        typed |= {"authority": "6", "document": "2", "use": "12", "readings": "1"}
    allowed = KINDS["inspection"].authorities
    context = {
        "typed": typed,
        "error": error,
        "authorities": [(one.value, one.word) for one in Authority if one in allowed],
        "documents": IDENTITY_DOCUMENTS.items(),
        "uses": USES.items(),
        "readings": READINGS.items(),
    }
    return render(request, "register/inspection.html", context, status=error.status if error else 200)


def _list_wanted(typed: dict[str, str]) -> Application:
    authority = widen_latin(typed["authority"])
    if authority not in {one.value for one in Authority}:
        raise RequestIncomplete(field="authority", what="請求した人の区分")
    return Application(
        kind="inspection",
        household_id=None,
        authority=Authority(authority),
        requester=typed["requester"],
        identity_document=widen_latin(typed["document"]),
        use_code=widen_latin(typed["use"]),
        use_text=typed["reason"],
        reason=typed["reason"],
        town_code=widen_latin(typed["town"]),
        items=frozenset({Item.WITHOUT_READINGS}) if widen_latin(typed["readings"]) == "2" else frozenset(),
    )
