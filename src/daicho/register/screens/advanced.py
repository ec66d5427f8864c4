"""Search field by field (S05; STD 2.1.3): posted, never in an address; results with the same rights and shield as the one box."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from daicho.access.actor import Purpose, Right
from daicho.access.decision import RIGHTS
from daicho.law.dates import age_on, parse_date
from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.law.tables import table
from daicho.register.desk.addresses import suggest_towns
from daicho.register.environment import current
from daicho.register.screens.labels import relationship_word
from daicho.register.screens.purpose import choose, purpose_of
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.advanced import BLANKS, Conditions, find
from daicho.register.store.errors import UnreadableQuery
from daicho.register.store.search import Found

FIELDS = ("name", "kana", "born_from", "born_to", "sex", "relationship", "town", "building", "removed_reason",
          "removed_from", "removed_to", "card", "blank", "past")  # fmt: skip


@require_http_methods(["GET", "POST"])
@door(Right.PERSON_SEARCH)
def advanced(request: DoorRequest) -> HttpResponse:
    """The form, and what it found."""
    typed = {name: (request.POST.get(name) or "").strip()[:60] for name in FIELDS}
    found: Found | None = None
    error: DaichoError | None = None
    if request.method == "POST":
        choose(request, request.POST.get("purpose", ""))
        try:
            found = find(current(), request.actor, _conditions(typed), purpose_of(request))
        except DaichoError as refused:
            if refused.status != 422:
                raise
            error = refused
    today = current().clock.today()
    allowed = RIGHTS.purposes.get(Right.PERSON_SEARCH, frozenset())
    return render(
        request,
        "register/advanced.html",
        {
            "typed": typed,
            "error": error,
            "found": found,
            "lines": [(hit, relationship_word(hit.relationship), age_on(hit.birth, today)) for hit in found.hits]
            if found
            else [],
            "relationships": [(row["code"], row["name"]) for row in table("relationship_codes.csv")],
            "reasons": sorted(
                {reason.word for reason in Reason if reason.value.startswith(("move_out", "death", "ex_officio"))}
            ),
            "blanks": [(key, word) for key, (word, _) in BLANKS.items()],
            "purpose": purpose_of(request).value,
            "purposes": [(p.value, p.word) for p in Purpose if p in allowed],
        },
        status=error.status if error else 200,
    )


def _conditions(typed: dict[str, str]) -> Conditions:
    towns = suggest_towns(typed["town"]) if typed["town"] else ()
    if typed["town"] and len(towns) != 1:
        raise UnreadableQuery(field="town", reason="町名を一つに決められません")
    return Conditions(
        name=typed["name"],
        kana=typed["kana"],
        born_from=_day(typed, "born_from"),
        born_to=_day(typed, "born_to"),
        sex=typed["sex"],
        relationship=typed["relationship"],
        town_code=towns[0].code if towns else "",
        building=typed["building"],
        removed_reason=typed["removed_reason"],
        removed_from=_day(typed, "removed_from"),
        removed_to=_day(typed, "removed_to"),
        card=typed["card"].upper(),
        blank=typed["blank"],
        past=typed["past"] == "1",
    )


def _day(typed: dict[str, str], name: str) -> date | None:
    if not typed[name]:
        return None
    try:
        return parse_date(typed[name], current().clock.today())
    except DaichoError:
        raise UnreadableQuery(field=name, reason="日付を読み取れません") from None
