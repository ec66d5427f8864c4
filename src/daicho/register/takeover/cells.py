"""Reading cells: each kind of cell has one reader, and each distinct text is read once a bucket."""

import re
from collections.abc import Callable, Mapping
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
from daicho.register.takeover.items import HEAD_KANA, HEAD_NAME, ITEMS, REASON, Kind

_OLDEST = date(1873, 1, 1)  # the first day of the solar calendar; older ones are law.dates' to judge
LONGEST_NAME = 200
LONGEST_TEXT = 2_000
LONGEST_SHORT = 40
_WORDS = {reason.word for reason in Reason}
_BASES = {basis.word for basis in Basis}
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
# Kanji and full-width kana in one or two words are stored as they are; everything else goes through law.names.
_STORED_NAME = re.compile(
    "[\u3041-\u3096\u30a1-\u30fc\u3005\u4e00-\u9fff]+(?:\u3000[\u3041-\u3096\u30a1-\u30fc\u3005\u4e00-\u9fff]+)?"
)
_DAY = re.compile(r"\d{8}", re.ASCII)
_POSTCODE = re.compile(r"\d{3}-?\d{4}")
_SHORT = re.compile(r"[0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text cannot be taken over, or a warning about it with the value to take."""

    code: str
    detail: str = ""
    value: Any = None


class _Memory(dict[str, Any]):
    """What each text of one kind means; read on first use."""

    def __init__(self, reader: Callable[[str], Any]) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, text: str) -> Any:
        value = self[text] = self._reader(text)
        return value


class Cells:
    """Reads cells for one tenant on one day; remembers what it has read."""

    def __init__(self, rule: NumberRule, today: date) -> None:
        """`rule`: of check digits; `today`: no date but planned ones lies after it."""
        self._rule = rule
        self._today = today
        self._good: set[str] = set()
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
        memories = {kind: _Memory(reader) for kind, reader in readers.items()}
        kinds: list[Kind] = [item.kind for item in ITEMS]
        kinds[HEAD_KANA], kinds[HEAD_NAME], kinds[REASON] = "kana", "name", "reason"
        self.columns: list[Mapping[str, Any]] = [memories[kind] for kind in kinds]
        """For each of the 93 places: text of a cell that is not blank to its value or a Fault."""

    def _name(self, text: str) -> Any:
        return self._checked(text if _STORED_NAME.fullmatch(text) else normalise_name(text), LONGEST_NAME)

    def _text(self, text: str) -> Any:
        return self._checked(widen_kana(text) if _HALF_WIDTH.search(text) else text, LONGEST_TEXT)

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
    if _DAY.fullmatch(text):
        try:
            on = date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass
        else:
            if on >= _OLDEST:
                return LegalDate(on)
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
