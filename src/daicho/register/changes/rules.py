"""Rules that every change shares: its dates, and what makes a person of it."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from daicho.law.dates import LegalDate, age_on
from daicho.law.eras import format_wareki
from daicho.law.errors import DaichoError
from daicho.law.glyphs import check_characters, font_glyphs, is_selector
from daicho.law.kinship import Relationship, parse_relationship
from daicho.law.periods import NOTIFICATION_DAYS, days_since
from daicho.law.reasons import Basis
from daicho.law.towns import CITY_CODE, town_of_code
from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import (
    ChangeBeforeBirth,
    FutureChangeDate,
    ItemMissing,
    NotifiedBeforeChange,
    NotifiedInFuture,
    PlanOutdated,
    UnknownTown,
)
from daicho.register.changes.notification import Address, Place
from daicho.register.changes.plan import Alert, Before
from daicho.register.changes.record import ResidentRecord

YOUNGEST_USUAL_HEAD = 15

_PLACE_TEXTS = ("address", "building", "head")
_ADDRESS = ("municipality_code", "address", "town_code", "postcode", "district_code", "building_code", "building")


def check_day(before: Before, change_date: date, today: date) -> None:
    """Raises PlanOutdated when the register was read for another day, FutureChangeDate after today (STD 4.0.3)."""
    if before.on != change_date:
        raise PlanOutdated
    if change_date > today:
        raise FutureChangeDate("change_date", shown=format_wareki(change_date))


def check_notified(notified_on: date | None, basis: Basis, today: date) -> None:
    """Raises ItemMissing or NotifiedInFuture: a notification, request or notice has its day, not after today.

    STD 4.1.0.2, 4.2.0.5. What is done ex officio without a notification has none (STD 4.2.0.2).
    """
    if notified_on is None:
        if basis is not Basis.EX_OFFICIO:
            raise ItemMissing("notified_on", item=basis.date_word)
    elif notified_on > today:
        raise NotifiedInFuture("notified_on", shown=format_wareki(notified_on), word=basis.date_word)


def check_after_change(notified_on: date | None, change_date: date, basis: Basis = Basis.NOTIFICATION) -> None:
    """Raises NotifiedBeforeChange: moves in and within, and changes of head, are notified once they happened."""
    if notified_on is not None and notified_on < change_date:
        raise NotifiedBeforeChange("notified_on", shown=format_wareki(change_date), word=basis.date_word)


def check_born(birth: LegalDate, on: date, field: str | None = None) -> None:
    """Raises ChangeBeforeBirth when the change date lies before the birth date."""
    if birth.on > on:
        raise ChangeBeforeBirth(field, born=birth.wareki)


def late_note(notified_on: date | None, change_date: date, basis: Basis, law: str) -> tuple[Alert, ...]:
    """The note that a notification came after its 14 days; ex officio changes have no limit."""
    if notified_on is None or basis is not Basis.NOTIFICATION:
        return ()
    days = days_since(change_date, notified_on)
    return (alert("W001", days=days, law=law),) if days > NOTIFICATION_DAYS else ()


def young_head_note(person_id: int, birth: LegalDate, on: date) -> tuple[Alert, ...]:
    """The warning that a child becomes head."""
    age = age_on(birth, on)
    if age is None or age >= YOUNGEST_USUAL_HEAD:
        return ()
    return (alert("W005", person_id, age=age),)


@lru_cache(maxsize=1024)
def relationship_of(text: str) -> Relationship:
    """`parse_relationship`, remembered: a city uses a few dozen values."""
    return parse_relationship(text)


def relationship_code(text: str, field: str) -> str:
    """The stored code of a relationship within the vocabulary; raises L401 or L402 for the named field."""
    try:
        return relationship_of(text).code
    except DaichoError as error:
        error.field = field
        raise


def address_items(address: Address) -> dict[str, Any]:
    """The fields of a record that hold the address."""
    return {name: getattr(address, name) for name in _ADDRESS}


def address_of(record: ResidentRecord) -> dict[str, Any]:
    """The same fields as they stand in a record."""
    return {name: getattr(record, name) for name in _ADDRESS}


def place_items(place: Place, prefix: str) -> dict[str, str | None]:
    """The fields `<prefix>_municipality` and so on of a place elsewhere."""
    return {
        f"{prefix}_municipality": place.municipality,
        f"{prefix}_postcode": place.postcode,
        f"{prefix}_address": place.address,
        f"{prefix}_building": place.building,
        f"{prefix}_head": place.head,
    }


def require(value: object, field: str, item: str) -> None:
    """Raises ItemMissing when an item that may not be blank is None or empty."""
    if value is None or value == "":
        raise ItemMissing(field, item=item)


_PRINTABLE: set[str] = set()
"""Characters that passed before: most texts are made of these and need no second look. Selectors never are."""


def check_texts(source: object, names: Sequence[str], path: str = "") -> None:
    """Raises L601, L602 or L603 when a text cannot be recorded and printed exactly; blank ones are passed over."""
    for name in names:
        text = getattr(source, name)
        if text is None or _PRINTABLE.issuperset(text):
            continue
        try:
            check_characters(text, font_glyphs())
        except DaichoError as error:
            error.field = f"{path}{name}"
            raise
        _PRINTABLE.update(character for character in text if not is_selector(character))


def check_address(address: Address) -> None:
    """Raises UnknownTown outside this city or its address dictionary, L601-L603 for its characters."""
    known = address.town_code is None or town_of_code(address.town_code) is not None
    if not known or address.municipality_code != CITY_CODE:
        raise UnknownTown("address.town_code", town=address.town_code or address.municipality_code)
    check_texts(address, ("address", "building"), "address.")


def check_place(place: Place, path: str) -> None:
    """Raises L601-L603 for the characters of an address elsewhere."""
    check_texts(place, _PLACE_TEXTS, f"{path}.")


def first_repeated(values: Sequence[Any]) -> int | None:
    """The place of the first value that stands earlier too, None when all differ."""
    seen = set()
    for place, value in enumerate(values):
        if value in seen:
            return place
        seen.add(value)
    return None
