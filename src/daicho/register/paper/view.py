"""The checked view model of a certified copy: everything the paper shows, as finished text.

The paper decides nothing about law: what is omitted, how a date reads and in which order people stand has been
decided when a `HouseholdCopy` exists. It travels to the paper process as JSON and is kept as a digest.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum
from typing import Any


class Omitted(Enum):
    """Left out of this copy: printed 省略. None means that nothing is recorded: printed blank."""

    OMITTED = "omitted"


OMITTED = Omitted.OMITTED
Value = str | None | Omitted
OMITTED_MARK = "省略"


def shown(value: Value) -> str:
    """The text of a value on paper: 省略 where it is left out, '' where nothing is recorded."""
    if value is OMITTED:
        return OMITTED_MARK
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """One person's box. Japanese and foreign residents have the same number of rows, so that positions match."""

    foreign: bool
    name: str
    reading: str | None = None
    birth: str
    sex: str
    relationship: Value
    resident_since: Value = None
    notified: Value = None
    settled: Value = None
    address_before_entry: Value = None
    address_before_change: Value = None
    individual_number: Value = OMITTED
    resident_code: Value = OMITTED
    remarks: Value = None
    # Japanese
    former_name: Value = None
    former_name_reading: str | None = None
    domicile: Value = None
    register_head: Value = None
    # Foreign residents (Act art. 30-45)
    common_name: Value = None
    common_name_reading: str | None = None
    nationality: Value = None
    category: Value = None
    card_number: Value = None
    status: Value = None
    period: Value = None
    expiry: Value = None


@dataclass(frozen=True, slots=True)
class Attestation:
    """認証文, date, title with the prefecture named (STD 5.6), name, and the sentence under the seal."""

    sentence: str
    date: str
    office: str
    name: str
    seal_note: str


@dataclass(frozen=True, slots=True)
class Seal:
    """The registered image of the official seal: SVG, square, `size` in mm (at most 25, STD 5.6)."""

    svg: str
    size: float


@dataclass(frozen=True, slots=True)
class IssueMark:
    """発行番号 without the page (STD 5.5), and the code by which the issue can be verified."""

    on: date
    number: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdCopy:
    """住民票の写し（世帯連記式）. `stamps` are boxed words (公用, 合成データ); `tint` draws the ground."""

    kind: str
    title: str
    form: str
    municipality: str
    stamps: tuple[str, ...]
    address: str
    head: Value
    persons: tuple[PersonEntry, ...]
    attestation: Attestation
    seal: Seal
    issue: IssueMark
    tint: bool

    def to_json(self) -> str:
        """Canonical JSON: the form that travels, and the one that is digested."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.to_json().encode()).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, Omitted):
        return {"omit": True}
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def from_data(data: dict[str, Any]) -> HouseholdCopy:
    """The view model of parsed JSON; raises KeyError, TypeError or ValueError when it is not one."""
    texts = [data[name] for name in ("kind", "title", "form", "municipality", "address")]
    if not all(isinstance(text, str) for text in texts) or not isinstance(data["tint"], bool):
        raise TypeError("a text or a truth value")
    return HouseholdCopy(
        **{
            **data,
            "stamps": _texts(data["stamps"]),
            "head": _value(data["head"]),
            "persons": tuple(_entry(person) for person in data["persons"]),
            "attestation": Attestation(**data["attestation"]),
            "seal": Seal(**data["seal"]),
            "issue": IssueMark(
                on=date.fromisoformat(data["issue"]["on"]),
                number=_texts(data["issue"]["number"]),
                code=data["issue"]["code"],
            ),
        }
    )


def _texts(values: list[Any]) -> tuple[str, ...]:
    if not all(isinstance(value, str) for value in values):
        raise TypeError("a list of texts")
    return tuple(values)


def _value(value: Any) -> Value:
    if value == {"omit": True}:
        return OMITTED
    if value is None or isinstance(value, str):
        return value
    raise TypeError("a text, nothing, or an omission")


def _entry(data: dict[str, Any]) -> PersonEntry:
    foreign = data["foreign"]
    if not isinstance(foreign, bool):
        raise TypeError("foreign is a truth value")
    values: dict[str, Any] = {name: _value(value) for name, value in data.items() if name != "foreign"}
    return PersonEntry(foreign=foreign, **values)
