"""The checked view model of a paper: everything it shows, as finished text.

The paper decides nothing about law: what is omitted, how a date reads and in which order people stand has been
decided when a `Paper` exists. It travels to the paper process as JSON and is kept as a digest. Where each value
stands is fixed by the form that a section names (`forms`).
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import Enum
from typing import Any


class Omitted(Enum):
    """Left out of this copy: printed 省略. None means that nothing is recorded: printed blank."""

    OMITTED = "omitted"


OMITTED = Omitted.OMITTED
Lines = tuple[tuple[str, str], ...]
"""Several lines in one cell, each with its small label ("" for none)."""
Value = str | None | Omitted | Lines
OMITTED_MARK = "省略"


def shown(value: Value) -> str:
    """The text of a value on paper: 省略 where it is left out, '' where nothing is recorded."""
    if value is OMITTED:
        return OMITTED_MARK
    if isinstance(value, tuple):
        return "".join(label + text for label, text in value)
    return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a form: its values by item. A cell whose item is not among them is not part of this paper.

    `number` is the position of a person; `code` is what the two-dimensional code beside the table says.
    """

    form: str
    values: dict[str, Value] = field(default_factory=dict)
    number: int | None = None
    code: str | None = None


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
class Paper:
    """A paper of one kind (a code of the table of kinds).

    `top` opens the first sheet, `again` every following one; `sections` flow between them. `stamps` are boxed words
    (公用, 合成データ); `tint` draws the ground; a letter has an `addressee` and no seal.
    """

    kind: str
    name: str
    title: str
    form: str
    municipality: str
    stamps: tuple[str, ...]
    top: tuple[Section, ...]
    again: tuple[Section, ...]
    sections: tuple[Section, ...]
    attestation: Attestation
    seal: Seal | None
    issue: IssueMark
    tint: bool
    addressee: tuple[str, ...] = ()
    notice: str = ""

    def to_json(self) -> str:
        """Canonical JSON: the form that travels, and the one that is digested."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.to_json().encode()).digest()

    def opening(self, page: int) -> tuple[Section, ...]:
        """What stands first on a page (from 1)."""
        return self.top if page == 1 else self.again


def _plain(value: Any) -> Any:
    if isinstance(value, Omitted):
        return {"omit": True}
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


_TEXTS = ("kind", "name", "title", "form", "municipality", "notice")


def from_data(data: dict[str, Any]) -> Paper:
    """The view model of parsed JSON; raises KeyError, TypeError or ValueError when it is not one."""
    if not all(isinstance(data[name], str) for name in _TEXTS) or not isinstance(data["tint"], bool):
        raise TypeError("a text or a truth value")
    sections = {name: tuple(_section(one) for one in data[name]) for name in ("top", "again", "sections")}
    return Paper(
        **{
            **data,
            **sections,
            "stamps": _texts(data["stamps"]),
            "addressee": _texts(data["addressee"]),
            "attestation": Attestation(**data["attestation"]),
            "seal": Seal(**data["seal"]) if data["seal"] is not None else None,
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


def _section(data: dict[str, Any]) -> Section:
    values = {str(name): _value(value) for name, value in data["values"].items()}
    number, code = data["number"], data["code"]
    wrong = not isinstance(number, int | None) or not isinstance(code, str | None) or isinstance(number, bool)
    if wrong or not isinstance(data["form"], str):
        raise TypeError("a section")
    return Section(data["form"], values, number, code)


def _value(value: Any) -> Value:
    if value == {"omit": True}:
        return OMITTED
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return tuple((str(label), str(text)) for label, text in value)
    raise TypeError("a text, lines, nothing, or an omission")
