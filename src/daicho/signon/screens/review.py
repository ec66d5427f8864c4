"""S27: the periodic review of user IDs and roles: begin, decide one by one, sign, print (controls R-USE-10, R-USE-11, R-USE-12)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from daicho.access.actor import Actor, Output, Right
from daicho.access.decision import require_output
from daicho.access.errors import TerminalCannot
from daicho.law.dates import parse_date
from daicho.law.errors import DaichoError
from daicho.signon import people, rights_review
from daicho.signon.door import DoorRequest, door
from daicho.signon.errors import OfficerRefused
from daicho.signon.ledger import By
from daicho.signon.models import RightsReview, RightsReviewLine
from daicho.wire.environment import current

SHOWN = 30


@require_GET
@door(Right.USER_ADMIN)
def review(request: DoorRequest) -> HttpResponse:
    """The reviews so far; every line of the one chosen (`review`, else the newest) and the form for one of them (`line`)."""
    return _page(request, {name: request.GET.get(name, "") for name in ("review", "line")})


@require_POST
@door(Right.USER_ADMIN, step_up=True)
def review_start(request: DoorRequest) -> HttpResponse:
    """Begin a review with its due date and, for each department, who is responsible."""
    env = current()
    typed = {"due": request.POST.get("due", "").strip()[:32]}
    names = rights_review.departments(env)
    responsible = {name: request.POST.get(f"who-{index}", "").strip() for index, name in enumerate(names)}
    try:
        if not typed["due"]:
            raise OfficerRefused(field="due", why="期限を入力してください。")
        due = parse_date(typed["due"], env.clock.today(), future=True)
        made = rights_review.start(env, _by(request.actor), due, responsible)
    except DaichoError as error:
        return _page(request, typed, error, responsible)
    return redirect(f"{reverse('officers-review')}?{urlencode({'review': made.pk})}")


@require_POST
@door(Right.USER_ADMIN, step_up=True)
def review_decide(request: DoorRequest) -> HttpResponse:
    """Decide about one user ID and go on to the next that is open."""
    typed = {name: request.POST.get(name, "").strip()[:200] for name in ("review", "line", "decision", "reason")}
    try:
        done = rights_review.decide(
            current(), _by(request.actor), _number(typed["line"]), typed["decision"], typed["reason"]
        )
    except DaichoError as error:
        return _page(request, typed, error)
    following = RightsReviewLine.objects.filter(review=done.review_id, decision="").exclude(
        officer=request.actor.officer_id
    )
    after = following.filter(officer__gt=done.officer).order_by("officer").first() or following.first()
    chosen = {"review": done.review_id} | ({"line": after.pk} if after else {})
    return redirect(f"{reverse('officers-review')}?{urlencode(chosen)}")


@require_POST
@door(Right.USER_ADMIN, step_up=True)
def review_sign(request: DoorRequest) -> HttpResponse:
    """Sign what other administrators decided."""
    number = request.POST.get("review", "")
    try:
        rights_review.sign(current(), _by(request.actor), _number(number))
    except DaichoError as error:
        return _page(request, {"review": number}, error)
    return redirect(f"{reverse('officers-review')}?{urlencode({'review': _number(number)})}")


def _by(actor: Actor) -> By:
    return By(actor.officer_id, actor.terminal_id)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _page(
    request: DoorRequest,
    typed: dict[str, str],
    error: DaichoError | None = None,
    responsible: dict[str, str] | None = None,
) -> HttpResponse:
    env, own = current(), request.actor.officer_id
    reviews = list(RightsReview.objects.order_by("-id")[:SHOWN])
    chosen = next(
        (one for one in reviews if one.pk == _number(typed.get("review", ""))), reviews[0] if reviews else None
    )
    lines = list(chosen.lines.order_by("officer")) if chosen else []
    known = rights_review.departments(env)
    context: dict[str, Any] = {
        "tab": "review",
        "may_print": _may_print(request.actor),
        "reviews": [(one, one.lines.filter(signed_by="").count()) for one in reviews],
        "today": env.clock.today(),
        "chosen": chosen,
        "lines": [
            (one, people.STATES.get(one.told["state"], ""), rights_review.DECISIONS.get(one.decision, ""))
            for one in lines
        ],
        "open": sum(not one.decision for one in lines),
        "to_sign": sum(bool(one.decision) and not one.signed_by and one.decided_by != own for one in lines),
        "line": next((one for one in lines if one.pk == _number(typed.get("line", "")) and not one.signed_by), None),
        "own": own,
        "decisions": list(rights_review.DECISIONS.items()),
        "may_start": all(one.closed_at for one in reviews),
        "departments": [(index, name, (responsible or {}).get(name, "")) for index, name in enumerate(known)],
        "typed": typed if error else {},
        "error": error,
    }
    return render(request, "signon/officers.html", context, status=error.status if error else 200)


def _may_print(actor: Actor) -> bool:
    """Whether this terminal may print; the page names staff and no resident."""
    try:
        require_output(actor, Output.PRINT, on=current().clock.today())
    except TerminalCannot:
        return False
    return True
