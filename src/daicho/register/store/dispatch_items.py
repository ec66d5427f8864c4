"""The 67 items of a person's dispatch data (送付先情報), made from the record: lengths, counts of 外字, substitutes. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import jaconv

from daicho.law.network_text import Substituted, characters, count_uncoded, hiragana, substituted
from daicho.law.towns import municipalities
from daicho.register.changes.record import ResidentRecord
from daicho.wire.contracts.dispatch_data import DispatchItems
from daicho.wire.environment import Row

PRINT_NOTICE = "1"
"""印刷区分: the notice of an individual number (個人番号通知書)."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What all persons of one act share, and the numbers of this one in clear."""

    dispatch_no: str
    addressee: str
    people: int
    processed_on: date
    operator: str
    terminal: str
    resident_code: str
    individual_number: str


def items_of(record: ResidentRecord, office: Row, sending: Sending) -> DispatchItems:
    """All 67 items."""
    address = _address(record)
    reading = hiragana(record.name_kana) if record.name_kana else None
    former, former_reading = record.former_family_name, record.former_family_name_kana
    name, place = substituted(record.name), substituted(address)
    uncoded = {"N": count_uncoded(record.name), "A": count_uncoded(address), "F": count_uncoded(former)}
    return DispatchItems(
        dispatch_no=sending.dispatch_no,
        postcode=record.postcode,
        **_written("address", address),
        **_written("addressee", sending.addressee),
        municipality_code=record.municipality_code,
        **_office(office),
        people=sending.people,
        processed_on=sending.processed_on,
        operator=sending.operator,
        terminal=sending.terminal,
        print_kind=PRINT_NOTICE,
        resident_code=sending.resident_code,
        **_written("name", record.name),
        reading_length=length(reading),
        reading=reading,
        person_postcode=record.postcode,
        **_written("person_address", address),
        birth=record.birth.text or f"{record.birth.on:%Y%m%d}",
        sex="1" if record.sex == "1" else "2",
        individual_number=sending.individual_number,
        article_30_45=record.article_30_45,
        stay_until=record.stay_until,
        substitution=_outcome(name, place),
        substitute_name_length=length(name.text),
        substitute_name=name.text,
        substitute_address_length=length(place.text),
        substitute_address=place.text,
        substitute_name_places=_places(name),
        substitute_address_places=_places(place),
        has_uncoded=any(uncoded.values()),
        uncoded_pattern="".join(kind for kind, count in uncoded.items() if count),
        former_name=former,
        former_name_uncoded=uncoded["F"],
        former_name_reading=hiragana(former_reading) if former_reading else None,
        former_name_uncoded_no=int(uncoded["F"] > 0),
        roman_name=roman(record.name, record.name_kana),
        roman_former_name=roman(former, former_reading),
    )


def length(text: str | None) -> int:
    """項目長: characters, variation selectors not counted."""
    return len(characters(text)) if text else 0


def roman(name: str | None, kana: str | None) -> str | None:
    """A name in Latin letters: as it stands where it is in them already, else from its reading."""
    if name is not None and name.isascii():
        return name
    if not kana:
        return None
    return str(jaconv.kana2alphabet(hiragana(kana).replace("\u3000", " "))).upper()


def _address(record: ResidentRecord) -> str:
    city = municipalities().get(record.municipality_code)
    whole = f"{city.name if city else ''}{record.address}"
    return "\u3000".join(part for part in (whole, record.building) if part)


def _written(item: str, text: str) -> dict[str, Any]:
    return {f"{item}_length": length(text), item: text, f"{item}_uncoded": count_uncoded(text)}


def _office(office: Row) -> dict[str, Any]:
    found: dict[str, Any] = {"city_length": length(office["city"]), "city": office["city"]}
    found |= {name: office[name] for name in office if name.endswith(("_postcode", "_phone"))}
    for item in ("city_address", "pickup", "pickup_address", "cards_to", "cards_to_address"):
        found |= _written(item, office[item])
    return found


def _outcome(*texts: Substituted) -> Literal["0", "1", "2"]:
    """代替文字変換結果: 0 nothing to put in, 1 all put in, 2 some have no substitute."""
    if any(text.missing for text in texts):
        return "2"
    return "1" if any(text.positions for text in texts) else "0"


def _places(text: Substituted) -> str:
    return "".join(f"{place:03d}" for place in text.positions)
