"""S05 and S06: one search box, and results that tell people of the same name apart.

What was typed never stands in an address: it is posted, kept with the session, and shown again under a number.
"""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from daicho.access.actor import Purpose, Right
from daicho.access.decision import RIGHTS
from daicho.access.errors import NotAvailable
from daicho.law.dates import age_on
from daicho.law.errors import DaichoError
from daicho.law.names import kanji_key
from daicho.register.environment import current
from daicho.register.screens.labels import relationship_word
from daicho.register.screens.purpose import choose, purpose_of
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.search import Found, Hit, search

_KEY = "searches"
_KEPT = 20
"""Searches of a session that can be run again (STD 2.1.2)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One result with what tells it apart; `twin` when another has the same name, birth date and sex."""

    hit: Hit
    position: int
    age: str
    relationship: str
    state: str
    twin: bool


@require_http_methods(["GET", "POST"])
@door(Right.PERSON_SEARCH)
def start(request: DoorRequest) -> HttpResponse:
    """An empty box with the session's earlier searches, or a search that was typed."""
    if request.method != "POST":
        return render(request, "register/search.html", {"earlier": _earlier(request), **_purposes(request)})
    choose(request, request.POST.get("purpose", ""))
    text = request.POST.get("q", "").strip()
    kept = [one for one in request.session.get(_KEY, []) if one["q"] != text]
    number = int(request.session.get("search_count", 0)) + 1
    request.session["search_count"] = number
    request.session[_KEY] = [*kept[-_KEPT + 1 :], {"n": number, "q": text}]
    return redirect("search-result", number)


@require_GET
@door(Right.PERSON_SEARCH)
def result(request: DoorRequest, number: int) -> HttpResponse:
    """The people found by one of the session's searches; run anew, so it shows what stands now."""
    text = next((one["q"] for one in request.session.get(_KEY, []) if one["n"] == number), None)
    if text is None:
        raise NotAvailable
    env = current()
    context: dict[str, object] = {"text": text, "earlier": _earlier(request), **_purposes(request)}
    try:
        found = search(env, request.actor, text, purpose_of(request))
    except DaichoError as error:
        if error.status != 422:
            raise
        return render(request, "register/search.html", context | {"error": error}, status=422)
    context |= {"found": found, "groups": _groups(found, env.clock.today()), "count": len(found.hits)}
    return render(request, "register/search.html", context)


def _earlier(request: DoorRequest) -> list[dict[str, object]]:
    return list(reversed(request.session.get(_KEY, [])))[:8]


def _purposes(request: DoorRequest) -> dict[str, object]:
    allowed = RIGHTS.purposes.get(Right.PERSON_SEARCH, frozenset())
    return {
        "purpose": purpose_of(request).value,
        "purposes": [(p.value, p.word) for p in Purpose if p in allowed],
    }


def _groups(found: Found, today: date) -> list[tuple[str, str, list[Line]]]:
    """Results in groups: same-named people first, then those that fit, then near misses."""
    twins = _twins(found)
    lines = [_line(hit, position, today, twins) for position, hit in enumerate(_ordered(found, twins), start=1)]
    same = [line for line in lines if line.twin]
    fitting = [line for line in lines if not line.twin and line.hit.why != "near"]
    near = [line for line in lines if not line.twin and line.hit.why == "near"]
    groups = []
    if same:
        groups.append(
            (f"氏名・生年月日・性別が同じ {len(same)}人", "別の人かもしれません。住所と世帯主で見分けてください", same)
        )
    if fitting:
        groups.append((f"条件に合う {len(fitting)}人" if same or near else "", "", fitting))
    if near:
        groups.append((f"読みが近い {len(near)}人", "一字違いを含みます", near))
    return groups


def _identity(hit: Hit) -> tuple[str, date, str]:
    return kanji_key(hit.name), hit.birth, hit.sex


def _twins(found: Found) -> set[tuple[str, date, str]]:
    seen: set[tuple[str, date, str]] = set()
    twice: set[tuple[str, date, str]] = set()
    for hit in found.hits:
        (twice if _identity(hit) in seen else seen).add(_identity(hit))
    return twice


def _ordered(found: Found, twins: set[tuple[str, date, str]]) -> list[Hit]:
    rank = {"near": 2}
    return sorted(
        found.hits,
        key=lambda hit: (0, *_identity(hit)) if _identity(hit) in twins else (rank.get(hit.why, 1), "", date.min, ""),
    )


def _line(hit: Hit, position: int, today: date, twins: set[tuple[str, date, str]]) -> Line:
    years = age_on(hit.birth, today)
    return Line(
        hit=hit,
        position=position,
        age="" if years is None or hit.birth_text else str(years),
        relationship=relationship_word(hit.relationship),
        state=_state(hit, today),
        twin=_identity(hit) in twins,
    )


def _state(hit: Hit, today: date) -> str:
    if hit.status != "resident":
        return {"moved_out": "転出", "dead": "死亡"}.get(hit.status, "消除")
    if hit.removed_from is None:
        return "住民"
    return "転出予定" if hit.removed_from > today else "転出"
