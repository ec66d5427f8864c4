"""S05 and S06: one search box, and results that tell people of the same name apart.

What was typed never stands in an address: it is posted, kept with the session, and shown again under a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from daicho.access.actor import Purpose, Right
from daicho.access.decision import RIGHTS, holds
from daicho.access.errors import NotAvailable
from daicho.law.dates import age_on
from daicho.law.errors import DaichoError
from daicho.law.names import kanji_key
from daicho.register.environment import current
from daicho.register.screens import pair_view
from daicho.register.screens.household_view import LONG_NAME
from daicho.register.screens.labels import relationship_word, short_day
from daicho.register.screens.pair_view import Chosen, Marked, chosen_of
from daicho.register.screens.purpose import choose, purpose_of
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.pairs import compare_two
from daicho.register.store.search import Found, Hit, search
from daicho.register.store.search_history import remember, searches_of

_KEY = "searched"
_KEPT = 20
"""Searches of a session that can be run again (STD 2.1.2)."""
RANGES = (("all", "除票を含む"), ("current", "現存だけ"))


@dataclass(frozen=True, slots=True)
class Line:
    """One result with what tells it apart; `twin` when another has the same name, birth date and sex."""

    hit: Hit
    position: int
    name: Marked
    long: bool
    age: str
    relationship: str
    removed: str
    planned: str
    twin: bool

    @property
    def url(self) -> str:
        """Where the line leads: of a hidden person not even the household's id stands in an address."""
        if self.hit.hidden:
            return reverse("person", args=[self.hit.person_id])
        return f"{self.household_url}?person={self.hit.person_id}"

    @property
    def household_url(self) -> str:
        """The household screen."""
        if self.hit.hidden:
            return self.url
        return reverse("household", args=[self.hit.household_id])

    @property
    def code(self) -> str:
        """How 見分ける names this line."""
        return Chosen(self.hit.person_id, self.position).code


@require_http_methods(["GET", "POST"])
@door(Right.PERSON_SEARCH)
def start(request: DoorRequest) -> HttpResponse:
    """An empty box with the session's earlier searches, or a search that was typed."""
    _remembered(request)
    if request.method != "POST":
        return render(request, "register/search.html", {"earlier": _earlier(request), **_choices(request, "all")})
    choose(request, request.POST.get("purpose", ""))
    text = request.POST.get("q", "").strip()
    scope = "current" if request.POST.get("range") == "current" else "all"
    kept = [one for one in request.session.get(_KEY, []) if (one["q"], one["r"]) != (text, scope)]
    number = int(request.session.get("search_count", 0)) + 1
    request.session["search_count"] = number
    request.session[_KEY] = [*kept[-_KEPT + 1 :], {"n": number, "q": text, "r": scope}]
    remember(current(), request.actor, text[:120], scope)
    return redirect("search-result", number)


@require_GET
@door(Right.PERSON_SEARCH)
def result(request: DoorRequest, number: int) -> HttpResponse:
    """The people found by one of the session's searches; run anew, so it shows what stands now."""
    kept = next((one for one in request.session.get(_KEY, []) if one["n"] == number), None)
    if kept is None:
        raise NotAvailable
    env = current()
    context: dict[str, object] = {"text": kept["q"], "number": number, "earlier": _earlier(request)}
    context |= _choices(request, kept["r"])
    began = env.clock.now()
    try:
        found = search(env, request.actor, kept["q"], purpose_of(request), residents_only=kept["r"] == "current")
    except DaichoError as error:
        if error.status != 422:
            raise
        return render(request, "register/search.html", context | {"error": error}, status=422)
    seconds = (env.clock.now() - began).total_seconds()
    groups = _groups(found, env.clock.today())
    twins = _first_twins(groups)
    context |= {"found": found, "groups": groups, "count": len(found.hits), "seconds": f"{seconds:.2f}"}
    context |= _pair(request, twins[:2], twins[2:]) if len(twins) > 1 else {}
    return render(request, "register/search.html", context)


@require_GET
@door(Right.PERSON_SEARCH)
def pair(request: DoorRequest, number: int) -> HttpResponse:
    """The comparison panel with one more person: of those compared (`have`) the last one stays beside the new one."""
    have = chosen_of(request.GET.getlist("have"))
    added = chosen_of(request.GET.getlist("add")[:1])
    rest = [one for one in have if one not in added]
    two = [*rest[-1:], *added]
    others = [one for one in chosen_of([*request.GET.getlist("more"), *(o.code for o in have)]) if one not in two]
    return render(request, "register/pair.html", {"number": number, **_pair(request, two, others)})


def _pair(request: DoorRequest, two: Sequence[Chosen], others: Sequence[Chosen]) -> dict[str, object]:
    context: dict[str, object] = {"two": two, "others": others, "next_one": others[0] if others else None}
    if len(two) < 2:
        return context
    found = compare_two(current(), request.actor, (two[0].person_id, two[1].person_id), purpose_of(request))
    may_link = holds(request.actor, Right.CASE_ENTER, on=current().clock.today())
    return context | {"heads": pair_view.heads(found), "pair_rows": pair_view.rows(found), "may_link": may_link}


def _remembered(request: DoorRequest) -> None:
    """In a new session the searches of the user ID, wherever they were made, can be run again (STD 2.1.1)."""
    if _KEY not in request.session:
        known = searches_of(current(), request.actor)
        request.session[_KEY] = [{"n": n, "q": text, "r": scope} for n, (text, scope) in enumerate(known, start=1)]
        request.session["search_count"] = len(known)


def _earlier(request: DoorRequest) -> list[dict[str, object]]:
    words = dict(RANGES)
    return [one | {"range": words[one["r"]]} for one in reversed(request.session.get(_KEY, []))][:8]


def _choices(request: DoorRequest, scope: str) -> dict[str, object]:
    allowed = RIGHTS.purposes.get(Right.PERSON_SEARCH, frozenset())
    return {
        "purpose": purpose_of(request).value,
        "purposes": [(p.value, p.word) for p in Purpose if p in allowed],
        "range": scope,
        "ranges": RANGES,
    }


def _first_twins(groups: Sequence[tuple[str, str, Sequence[Line]]]) -> list[Chosen]:
    """The people of the first set of equal name, birth date and sex, as the list numbers them."""
    lines = [line for _, _, lines in groups for line in lines if line.twin]
    same = [line for line in lines if _identity(line.hit) == _identity(lines[0].hit)]
    return [Chosen(line.hit.person_id, line.position) for line in same]


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
        groups.append((f"読みが近い {len(near)}人", "一字ちがいまで", near))
    return groups


def _identity(hit: Hit) -> tuple[str, date, str]:
    return kanji_key(hit.name), hit.birth, hit.sex


def _twins(found: Found) -> dict[tuple[str, date, str], list[str]]:
    """Name, birth date and sex that several people share, with their names as registered."""
    names: dict[tuple[str, date, str], list[str]] = {}
    for hit in found.hits:
        names.setdefault(_identity(hit), []).append(hit.name)
    return {identity: shared for identity, shared in names.items() if len(shared) > 1}


def _ordered(found: Found, twins: dict[tuple[str, date, str], list[str]]) -> list[Hit]:
    rank = {"near": 2}
    return sorted(
        found.hits,
        key=lambda hit: (0, *_identity(hit)) if _identity(hit) in twins else (rank.get(hit.why, 1), "", date.min, ""),
    )


def _line(hit: Hit, position: int, today: date, twins: dict[tuple[str, date, str], list[str]]) -> Line:
    years = age_on(hit.birth, today)
    names = twins.get(_identity(hit))
    resident = hit.hidden or hit.status == "resident"
    planned = hit.removed_from if resident and hit.removed_from and hit.removed_from > today else None
    return Line(
        hit=hit,
        position=position,
        name=pair_view.marked(names, hit.name) if names else [(hit.name, False)],
        long=len(hit.name) > LONG_NAME,
        age="" if years is None or hit.birth_text else str(years),
        relationship=relationship_word(hit.relationship),
        removed="" if resident and (planned or hit.removed_from is None) else _removed_words(hit),
        planned=f"{planned.month}月{planned.day}日" if planned else "",
        twin=names is not None,
    )


def _removed_words(hit: Hit) -> str:
    word = {"resident": "転出", "moved_out": "転出", "dead": "死亡"}.get(hit.status, "消除")
    return f"{word} {short_day(hit.removed_from)}" if hit.removed_from else word
