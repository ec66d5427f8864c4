"""Reading cells: each kind of cell has one reader, and each distinct text is read once a bucket."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from daicho.law.codes import CodeList, Sex, codes
from daicho.law.dates import LegalDate, from_import
from daicho.law.errors import DaichoError
from daicho.law.glyphs import PrivateUseCharacter, UnknownSelector, check_characters, font_glyphs, is_selector
from daicho.law.kinship import parse_relationship
from daicho.law.names import normalise_name, widen_kana
from daicho.law.numbers import NumberRule, check_individual_number, check_municipality_code, check_resident_code
from daicho.law.reasons import Basis, Reason
from daicho.law.towns import municipalities, towns
from daicho.register.takeover.items import ITEMS, Kind

LONGEST_NAME = 200
LONGEST_TEXT = 2_000
LONGEST_SHORT = 40
_WORDS = {reason.word for reason in Reason}
_BASES = {basis.word for basis in Basis}
_POSTCODE = re.compile(r"\d{3}-?\d{4}")
_SHORT = re.compile(r"[0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text cannot be taken over, or a warning about it with the value to take."""

    code: str
    detail: str = ""
    value: Any = None


class Cells:
    """Reads cells for one tenant on one day; remembers what it has read."""

    def __init__(self, rule: NumberRule, today: date) -> None:
        """`rule`: of check digits; `today`: no date but planned ones lies after it."""
        self._rule = rule
        self._today = today
        self._good: set[str] = set()
        self._known: list[dict[str, Any]] = [{} for _ in ITEMS]
        readers: dict[Kind, Callable[[str], Any]] = {
            "name": self._name,
            "kana": self._name,
            "text": self._text,
            "short": _short,
            "date": self._date,
            "any_date": _calendar,
            "legal": _legal,
            "postcode": _postcode,
            "municipality": _municipality,
            "town": _town,
            "reason": _reason,
            "basis": _basis,
            "sex": lambda text: text if text in set(Sex) else Fault("CODE"),
            "relationship": _relationship,
            "nationality": lambda text: _listed(CodeList.NATIONALITY, text),
            "residence_status": lambda text: _listed(CodeList.RESIDENCE_STATUS, text),
            "article_30_45": lambda text: _listed(CodeList.ARTICLE_30_45, text),
            "resident_code": lambda text: self._number(check_resident_code, text),
            "individual_number": lambda text: self._number(check_individual_number, text),
            "key": _short,
        }
        self._readers = [readers[item.kind] for item in ITEMS]
        self._readers[1] = self._readers[2] = self._name
        self._readers[10] = _reason

    def read(self, place: int, text: str) -> Any:
        """The value of a cell that is not blank, or a Fault."""
        known = self._known[place]
        if text in known:
            return known[text]
        value = known[text] = self._readers[place](text)
        return value

    def _name(self, text: str) -> Any:
        return self._checked(normalise_name(text), LONGEST_NAME)

    def _text(self, text: str) -> Any:
        return self._checked(widen_kana(text), LONGEST_TEXT)

    def _checked(self, text: str, longest: int) -> Any:
        if len(text) > longest:
            return Fault("TOO_LONG")
        if self._good.issuperset(text):
            return text
        try:
            check_characters(text, font_glyphs())
        except PrivateUseCharacter as error:
            return Fault("PRIVATE_USE", str(error.data["point"]))
        except UnknownSelector as error:
            return Fault("SELECTOR", f"{error.data['point']} {error.data['selector']}")
        except DaichoError as error:
            return Fault("CHARACTER", str(error.data["point"]))
        # A selector is good after its own character only: texts with selectors are checked each time.
        self._good.update(char for char in text if not is_selector(char))
        return text

    def _date(self, text: str) -> Any:
        found = _calendar(text)
        return Fault("FUTURE") if isinstance(found, date) and found > self._today else found

    def _number(self, check: Callable[[str, NumberRule], str], text: str) -> Any:
        try:
            return check(text, self._rule)
        except DaichoError:
            return Fault("CHECK_DIGIT")


def _legal(text: str) -> Any:
    try:
        found = from_import(text)
    except DaichoError:
        return Fault("DATE")
    return found if isinstance(found, LegalDate) else Fault("DATE")


def _calendar(text: str) -> Any:
    found = _legal(text)
    if isinstance(found, LegalDate):
        return found.on if found.is_calendar else Fault("NOT_CALENDAR")
    return found


def _short(text: str) -> Any:
    if len(text) > LONGEST_SHORT:
        return Fault("TOO_LONG")
    return text if _SHORT.fullmatch(text) else Fault("FORM")


def _postcode(text: str) -> Any:
    return text.replace("-", "") if _POSTCODE.fullmatch(text) else Fault("FORM")


def _municipality(text: str) -> Any:
    try:
        code = check_municipality_code(text)
    except DaichoError:
        return Fault("CHECK_DIGIT")
    return code if code in municipalities() else Fault("OLD_CITY", value=code)


def _town(text: str) -> Any:
    if not (len(text) == 11 and text.isascii() and text.isdigit()):
        return Fault("FORM")
    return text if text in towns() else Fault("OLD_TOWN", value=text)


def _reason(text: str) -> Any:
    word = text.replace("(", "（").replace(")", "）")
    return word if word in _WORDS else Fault("WORD")


def _basis(text: str) -> Any:
    return text if text in _BASES else Fault("WORD")


def _relationship(text: str) -> Any:
    try:
        return parse_relationship(text).code
    except DaichoError:
        return Fault("CODE")


def _listed(which: CodeList, text: str) -> Any:
    return text if text in codes(which) else Fault("CODE")
