"""承認: what waits for a second officer, one's own requests, what is done, and one request in full (S29).

The page of a request says the same to whoever asked, decides and witnesses: one list of lines, and the digest of its
canonical form goes with every decision. Reasons and conditions are posted and never stand in addresses.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daicho.access.actor import Output, Right
from daicho.access.approvals import acts, outputs, reading
from daicho.access.approvals.content import Condition, Wanted, canonical_condition, read_condition
from daicho.access.approvals.errors import RequestUnreadable
from daicho.access.approvals.execute import execute
from daicho.access.approvals.rules import Facts, State
from daicho.access.approvals.subject import Subject
from daicho.access.decision import holds
from daicho.access.errors import NotAvailable
from daicho.law.dates import parse_date
from daicho.law.eras import typed_day
from daicho.law.errors import DaichoError
from daicho.law.japan import midnight
from daicho.register.approvals.book import BOOK
from daicho.register.environment import current
from daicho.register.screens.approvals_view import act_choices, colour, line_of, lines_of, steps_of
from daicho.register.signon.door import DoorRequest, door, pass_output
from daicho.register.signon.names import officer_names
from daicho.wire.environment import Connection

TABS = (("waiting", "承認する"), ("mine", "自分の申請"), ("done", "済んだもの"))
DAYS = 7
"""Validity that a form begins with."""
_TYPED = ("kind", "purpose", "basis", "destination", "medium", "valid_until", "tolerance", "condition")


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that can be asked for from the list."""

    key: str
    word: str
    kinds: str


@require_GET
@door(Right.APPROVAL_USE)
def approvals(request: DoorRequest, tab: str = "waiting") -> HttpResponse:
    """One of the three lists; `before` pages."""
    if tab not in dict(TABS):
        raise NotAvailable
    env, actor = current(), request.actor
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    with env.database.transaction() as connection:
        outputs.sweep(connection, env)
        if tab == "waiting":
            found = reading.waiting(connection, env, actor)
        elif tab == "mine":
            found = reading.own(connection, actor, before=before)
        else:
            found = reading.done(connection, env, actor, before=before)
        names = _names(connection, found)
    now = env.clock.now()
    offers = [
        Offer(one.key, one.word, "・".join(kind.word for kind in one.kinds))
        for one in BOOK.subjects.values()
        if one.is_offered and any(holds(actor, kind.rule.ask, on=env.clock.today()) for kind in one.kinds)
    ]
    context = {
        "tab": tab,
        "tabs": [(name, word, number) for number, (name, word) in enumerate(TABS, start=1)],
        "word": dict(TABS)[tab],
        "lines": [line_of(facts, BOOK, names, now, actor.officer_id) for facts in found],
        "following": str(found[-1].request.approval_id) if len(found) == reading.PAGE and tab != "waiting" else "",
        "offers": offers,
    }
    return render(request, "register/approvals.html", context)


@require_http_methods(["GET", "POST"])
@door(Right.APPROVAL_USE)
def approval_new(request: DoorRequest, subject: str) -> HttpResponse:
    """The form of a request. A screen that has its own choice of condition posts it here as `condition`, canonical."""
    found = BOOK.subject(subject)
    typed = {name: request.POST.get(name, "").strip() for name in _TYPED}
    if request.method != "POST" or request.POST.get("act") != "ask":
        return _form(request, found, typed | _first(found, typed), None)
    env = current()
    try:
        wanted = _wanted(found, typed)
        with env.database.transaction() as connection:
            approval_id = acts.ask(connection, env, BOOK, request.actor, wanted)
    except DaichoError as error:
        if error.status == 403:
            raise
        return _form(request, found, typed, error)
    return redirect("approval", approval_id)


@require_GET
@door(Right.APPROVAL_USE)
def approval(request: DoorRequest, approval_id: int) -> HttpResponse:
    """One request in full, with what this officer can do with it now."""
    return _page(request, approval_id, None)


@require_POST
@door(Right.APPROVAL_USE)
def approval_act(request: DoorRequest, approval_id: int) -> HttpResponse:
    """Approve, refuse, witness, withdraw, carry out, confirm the receipt."""
    env, actor = current(), request.actor
    act, remark = request.POST.get("act", ""), request.POST.get("comment", "")
    try:
        seen = bytes.fromhex(request.POST.get("seen", ""))
    except ValueError:
        seen = b""
    try:
        if act == "execute":
            execute(env, BOOK, actor, approval_id)
        elif act == "receive":
            outputs.confirm_receipt(env, actor, approval_id, remark)
        else:
            with env.database.transaction() as connection:
                if act == "withdraw":
                    acts.withdraw(connection, env, BOOK, actor, approval_id)
                elif act == "witness":
                    acts.be_present(connection, env, actor, approval_id, seen)
                elif act in ("approve", "refuse"):
                    agrees = act == "approve"
                    acts.decide(connection, env, BOOK, actor, approval_id, seen, approve=agrees, comment=remark)
                else:
                    raise NotAvailable
    except NotAvailable:
        raise
    except DaichoError as error:
        return _page(request, approval_id, error, remark)
    return redirect("approval", approval_id)


@require_GET
@door(Right.APPROVAL_USE)
def approval_file(request: DoorRequest, approval_id: int) -> HttpResponseBase:
    """Hand the file to whoever asked for it; again until its receipt is confirmed."""
    env = current()
    try:
        with env.database.transaction() as connection:
            facts = reading.opened(connection, env, request.actor, approval_id)
        output = facts.request.wanted.kind.rule.output
        found, parts = outputs.take(env, request.actor, approval_id)
    except NotAvailable:
        raise
    except DaichoError as error:
        return _page(request, approval_id, error)
    pass_output(request, request.actor, output or Output.EXPORT)
    answer = StreamingHttpResponse(parts, content_type=found.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{approval_id}-{found.file_name}"'
    answer["Content-Length"] = str(found.size)
    return answer


def _first(subject: Subject, typed: dict[str, str]) -> dict[str, str]:
    """What a form begins with."""
    today = current().clock.today()
    return {
        "kind": typed["kind"] or subject.kinds[0].value,
        "basis": typed["basis"] or subject.basis,
        "valid_until": typed["valid_until"] or typed_day(today + timedelta(days=DAYS)),
        "tolerance": typed["tolerance"] or "0",
        "condition": typed["condition"] or "{}",
    }


def _wanted(subject: Subject, typed: dict[str, str]) -> Wanted:
    kind = next((one for one in subject.kinds if one.value == typed["kind"]), subject.kinds[0])
    today = current().clock.today()
    try:
        last = parse_date(typed["valid_until"], today + timedelta(days=366))
    except DaichoError:
        raise RequestUnreadable("valid_until", item="期限", hint="R8.4.1 の形で入力してください。") from None
    tolerance = typed["tolerance"] or "0"
    if not (tolerance.isascii() and tolerance.isdigit() and len(tolerance) < 8):
        raise RequestUnreadable("tolerance", item="件数の差", hint="数字で入力してください。")
    return Wanted(
        subject=subject.key,
        kind=kind,
        purpose=typed["purpose"],
        basis=typed["basis"],
        condition=_condition(typed["condition"]),
        destination=typed["destination"],
        valid_until=midnight(last + timedelta(days=1)),
        tolerance=int(tolerance),
        medium=typed["medium"] if kind.rule.on_media else "",
    )


def _condition(text: str) -> Condition:
    try:
        found = dict(read_condition(text or "{}"))
        canonical_condition(found)
    except (ValueError, TypeError, AttributeError):
        raise RequestUnreadable("condition", item="条件", hint="条件を選ぶ画面からやり直してください。") from None
    return found


def _form(request: DoorRequest, subject: Subject, typed: dict[str, str], error: DaichoError | None) -> HttpResponse:
    env = current()
    today = env.clock.today()
    kinds = [kind for kind in subject.kinds if holds(request.actor, kind.rule.ask, on=today)]
    if not kinds:
        raise NotAvailable
    with env.database.transaction() as connection:
        live = subject.live(connection, env, request.actor, _condition(typed["condition"]))
    return render(
        request,
        "register/approval_new.html",
        {
            "subject": subject,
            "kinds": kinds,
            "typed": typed,
            "rows": live.rows,
            "condition": canonical_condition(live.condition),
            "described": subject.describe(live.condition),
            "items": subject.items(live.condition),
            "media": [kind.word for kind in kinds if kind.rule.on_media],
            "error": error,
        },
        status=error.status if error else 200,
    )


def _page(request: DoorRequest, approval_id: int, error: DaichoError | None, remark: str = "") -> HttpResponse:
    env, actor = current(), request.actor
    with env.database.transaction() as connection:
        facts = reading.opened(connection, env, actor, approval_id)
        output = outputs.output_of(connection, approval_id)
        names = _names(connection, [facts])
        subject = BOOK.subjects.get(facts.request.wanted.subject)
    now = env.clock.now()
    state = facts.state(now)
    choices = act_choices(facts, actor, output, now, env.clock.today())
    return render(
        request,
        "register/approval.html",
        {
            "facts": facts,
            "request_id": approval_id,
            "word": subject.word if subject else facts.request.wanted.subject,
            "kind": facts.request.wanted.kind.word,
            "lines": lines_of(facts.request, subject, names),
            "digest": facts.request.digest.hex(),
            "state": state.word,
            "colour": colour(state),
            "steps": steps_of(facts, names, now, output),
            "choices": choices,
            "main": next((one for one in choices if one.is_main), None),
            "remark": remark,
            "output": output,
            "may_take": output is not None
            and not output.is_gone
            and state is State.EXECUTED
            and facts.request.requested_by == actor.officer_id,
            "error": error,
        },
        status=error.status if error else 200,
    )


def _names(connection: Connection, found: list[Facts]) -> dict[str, str]:
    people: list[str | None] = []
    for facts in found:
        people += [
            facts.request.requested_by,
            facts.decision.decided_by if facts.decision else None,
            facts.presence.witness if facts.presence else None,
            facts.ending.by if facts.ending else None,
            *facts.request.wanted.concerns,
        ]
    return officer_names(connection, people)
