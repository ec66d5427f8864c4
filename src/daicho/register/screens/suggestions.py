"""Suggestions for the fields of a case: addresses, domiciles, buildings, codes, fixed words. Each look at people is on record."""

import json
import re
from collections.abc import Callable, Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from daicho.access.actor import Purpose, Right
from daicho.law.codes import CodeList, codes
from daicho.law.errors import DaichoError
from daicho.law.kinship import parse_relationship
from daicho.law.shapes import Shape, shapes_like
from daicho.law.tables import table
from daicho.law.towns import municipalities, suggest_municipalities, towns
from daicho.register.desk import guard
from daicho.register.desk.addresses import buildings_at, suggest_towns, town_key
from daicho.register.desk.forms.base import HouseholdMember
from daicho.register.desk.lookup import RegisterLookup, household_numbers, households_at
from daicho.register.environment import current
from daicho.register.masters import dictionary
from daicho.register.masters.store import lots_of, rooms_of
from daicho.register.screens.entry_view import address_of
from daicho.register.screens.labels import REGISTER_FACE
from daicho.register.signon.door import DoorRequest, door
from daicho.register.store.errors import UnreadableQuery
from daicho.register.store.search import search
from daicho.trail.act import Act
from daicho.trail.entry import record_act


@require_POST
@door(Right.CASE_ENTER)
def suggest(request: DoorRequest) -> HttpResponse:
    """Suggestions for a field: towns, buildings, domiciles, households, relationships, nationalities, statuses."""
    name = request.POST.get("field", "")
    typed = request.POST.get("q", "").strip()[:60]
    part = "relationship" if name.startswith("r.") else name.rpartition(".")[2] if "." in name else name
    if part in SHAPED and typed not in ALL and any(sign in typed for sign in ALL):
        return render(request, "register/suggest.html", {"shapes": _shapes(typed)})
    if part == "building":
        found = _buildings(request, typed)
    elif part == "lot":
        found = _lots(request, typed)
    elif part in ("domicile", "family_register_head"):
        found = _family_register(request, part, typed)
    elif part in ("previous_address", "last_address", "destination"):
        found = _places(request, typed)
    elif part == "join_household":
        found = _households(request, typed)
    else:
        finder = _SUGGESTIONS.get(part)
        found = finder(typed) if finder and typed else []
    return render(request, "register/suggest.html", {"options": found[:MOST]})


MOST = 200
"""Candidates at once; the list scrolls."""
SHAPED = REGISTER_FACE | {"previous_head", "last_head", "destination_head"}
"""Fields of names: a shape is chosen there with = behind its character."""
_BEFORE = re.compile(
    "(MJ[0-9]{6}|U[+][0-9A-F]{4,6}(?: ?U[+]E01[0-9A-F]{2})?|.[\ufe00-\ufe0f\U000e0100-\U000e01ef]?)[=＝]", re.IGNORECASE
)
ALL = ("=", "＝")
"""What lists every candidate of a field."""


def _options(found: Iterable[str], typed: str, aside: str = "") -> list[dict[str, str]]:
    """The candidates that hold what was typed, each once."""
    wanted = [one for one in dict.fromkeys(found) if one and (typed in ALL or typed in one) and one != typed]
    return [{"value": one, "code": "", "label": one, "aside": aside} for one in wanted]


def _shapes(typed: str) -> list[tuple[str, Shape]]:
    """The whole text with each shape that the character before = may have, and the shape (STD 2.1.3, 2.2.3)."""
    found = _BEFORE.search(typed)
    if found is None:
        return []
    first, last = typed[: found.start()], typed[found.end() :]
    return [(first + shape.text + last, shape) for shape in shapes_like(found[1])]


def _buildings(request: DoorRequest, typed: str) -> list[dict[str, str]]:
    """Building lines known at the address typed (STD 4.0.7)."""
    address = address_of(request.POST.get("f-town", ""), request.POST.get("f-lot", ""))
    if not typed or address is None:
        return []
    env = current()
    with env.database.transaction() as connection:
        known = households_at(connection, address, env.clock.today())
    registered = _registered_buildings(request)
    return _options([*registered, *(building for _, building in known if building)], typed)


def _registered_buildings(request: DoorRequest) -> list[str]:
    """The buildings that the city has registered at the address typed, each with its rooms by number (STD 1.3.2, 1.3.4)."""
    found = []
    env = current()
    with env.database.transaction() as connection:
        for code, name in buildings_at(request.POST.get("f-town", ""), request.POST.get("f-lot", "")):
            found += [name, *(name + room for room in rooms_of(connection, code, env.clock.today()))]
    return found


def _lots(request: DoorRequest, typed: str) -> list[dict[str, str]]:
    """Lots of the town typed that the city has registered (STD 1.3.2)."""
    towns = suggest_towns(request.POST.get("f-town", ""))
    if len(towns) != 1:
        return []
    env = current()
    with env.database.transaction() as connection:
        return _options(lots_of(connection, towns[0].code, typed, env.clock.today()), typed)


def _outside(typed: str, field: str) -> list[dict[str, str]]:
    """Towns elsewhere by the national dictionary; the postcode goes into the field beside it, where there is one."""
    with current().database.transaction() as connection:
        found = dictionary.suggest(connection, typed)
    at, _, name = field.rpartition(".")
    beside = f"f-{at}{'.' if at else ''}{name.removesuffix('_address')}_postcode"
    return [
        {
            "value": town.name,
            "code": town.postcode,
            "label": town.name,
            "aside": f"{town.city_kana} {town.town_kana}",
            "fill": json.dumps({beside: town.postcode}) if town.postcode else "",
        }
        for town in found
    ]


def _municipalities(typed: str) -> list[dict[str, str]]:
    """Municipalities by prefecture, name, reading or code: the beginning of an address elsewhere (STD 1.3.3)."""
    return [
        {"value": place.name, "code": place.code, "label": place.name, "aside": place.kana}
        for place in suggest_municipalities(typed)
    ]


def _family_register(request: DoorRequest, part: str, typed: str) -> list[dict[str, str]]:
    """Domicile or head of the family register: those typed for others and those of the household (STD 4.0.6, 4.2.0.3).

    A domicile may be the former address or the new one as well.
    """
    if not typed:
        return []
    if part == "domicile" and typed not in ALL:
        found = _outside(typed, request.POST.get("field", ""))
        if found:
            return found
    others = [request.POST.get(name, "") for name in request.POST if name.endswith(f".{part}")]
    household = [getattr(member, part) or "" for member in _household_of_form(request)]
    return _options([*others, *household, *(_addresses_typed(request) if part == "domicile" else ())], typed)


def _addresses_typed(request: DoorRequest) -> list[str]:
    address = address_of(request.POST.get("f-town", ""), request.POST.get("f-lot", ""))
    return [request.POST.get("f-previous_address", ""), f"埼玉県熊谷市{address}" if address else ""]


def _places(request: DoorRequest, typed: str) -> list[dict[str, str]]:
    """An address elsewhere: prefectures for 都道府県, municipalities, towns; with = what was typed as domicile, and the domiciles of the household (STD 4.0.10)."""
    if typed == "都道府県":
        names = (place.name for place in municipalities().values() if place.kind == "pref")
        return [{"value": name, "code": "", "label": name, "aside": ""} for name in names]
    if typed not in ALL:
        return [*_municipalities(typed), *_outside(typed, request.POST.get("field", ""))] if typed else []
    others = [request.POST.get(name, "") for name in request.POST if name.endswith(".domicile")]
    return _options([*others, *(member.domicile or "" for member in _household_of_form(request))], typed)


def _households(request: DoorRequest, typed: str) -> list[dict[str, str]]:
    """The households of whoever a search finds, asked for with = behind the text (STD 4.0.2); nobody hidden among them."""
    if typed[-1:] not in ALL or len(typed) < 3:
        return []
    env = current()
    try:
        hits = search(env, request.actor, typed[:-1], Purpose.CHANGE_NOTIFICATION, residents_only=True).hits
    except UnreadableQuery:
        return []
    shown = [hit for hit in hits if hit.household_id]
    with env.database.transaction() as connection:
        numbers = household_numbers(connection, [hit.household_id for hit in shown])
    first = {hit.household_id: hit for hit in reversed(shown)}
    return [
        {
            "value": numbers[hit.household_id],
            "code": numbers[hit.household_id],
            "label": hit.head_name or hit.name,
            "aside": f"{hit.address} {hit.building or ''}".strip(),
            "home": "1",
            "fill": _address_fields(hit.address, hit.building),
        }
        for hit in dict.fromkeys(first[hit.household_id] for hit in shown)
    ]


def _address_fields(address: str, building: str | None) -> str:
    """The fields of an address in the city that a household brings with it, as JSON; "" where the town is not one of the list."""
    names = [town.name for town in towns().values() if address.startswith(town.name)]
    if not names:
        return ""
    town = max(names, key=len)
    return json.dumps({"f-town": town, "f-lot": address.removeprefix(town), "f-building": building or ""})


def _household_of_form(request: DoorRequest) -> tuple[HouseholdMember, ...]:
    """The members of the household joined, else of the household of the form; on record, and none of a hidden one."""
    joins = request.POST.get("f-household_kind", "").strip() == "2"
    number = (joins and request.POST.get("f-join_household", "").strip()) or request.POST.get("f-household", "").strip()
    if not number:
        return ()
    env = current()
    with env.database.transaction() as connection:
        household = RegisterLookup(connection, env.clock.today()).household(number)
        people = [member.person_id for member in household.members] if household else []
        hidden = guard.hides(connection, env, request.actor, people)
        record_act(
            connection,
            env,
            request.actor,
            Act.HOUSEHOLD_OPENED,
            purpose=Purpose.CHANGE_NOTIFICATION,
            subjects=() if hidden else people,
            refused=hidden or household is None,
        )
    return () if hidden or household is None else household.members


def _towns(typed: str) -> list[dict[str, str]]:
    return [
        {
            "value": town.name,
            "code": town_key(town),
            "label": town.name,
            "aside": f"〒{town.postcode[:3]}-{town.postcode[3:]}",
        }
        for town in suggest_towns(typed)
    ]


def _relationships(typed: str) -> list[dict[str, str]]:
    found = [
        {"value": row["code"], "code": row["code"], "label": row["name"], "aside": ""}
        for row in table("relationship_codes.csv")
        if row["code"].startswith(typed) or row["name"].startswith(typed) or row["kana"].startswith(_katakana(typed))
    ]
    if found:
        return found
    try:
        whole = parse_relationship(typed)
    except DaichoError:
        return []
    return [{"value": whole.code, "code": "", "label": whole.word, "aside": ""}]


def _katakana(text: str) -> str:
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)


def _codes(which: CodeList) -> Callable[[str], list[dict[str, str]]]:
    def find(typed: str) -> list[dict[str, str]]:
        return [
            {"value": entry.code, "code": entry.code, "label": entry.name, "aside": ""}
            for entry in codes(which).values()
            if entry.code.startswith(typed.upper()) or typed in entry.name
        ]

    return find


_NOTES = ("特別養子縁組", "特別養子縁組解消")
"""Words that the standard fixes for 留意事項 (STD 1.1.14)."""


def _fixed_notes(typed: str) -> list[dict[str, str]]:
    found = [text for text in _NOTES if typed in text or typed in "=＝"]
    return [{"value": text, "code": "", "label": text, "aside": ""} for text in found]


_SUGGESTIONS: dict[str, Callable[[str], list[dict[str, str]]]] = {
    "town": _towns,
    "relationship": _relationships,
    "nationality": _codes(CodeList.NATIONALITY),
    "residence_status": _codes(CodeList.RESIDENCE_STATUS),
    "article_30_45": _codes(CodeList.ARTICLE_30_45),
    "note": _fixed_notes,
}
