"""What clerks key for an address in the city: a town by code, reading, name or postcode, and a lot (STD 1.3.3).

The four figures that clerks know by heart are the 大字 (three) and its 丁目 (one) of the town code.
"""

import re
import unicodedata
from collections.abc import Iterable

import jaconv

from daicho.law.errors import DaichoError
from daicho.law.names import address_key, kana_key
from daicho.law.tables import given, remembered
from daicho.law.towns import Town, towns


class TownNotFound(DaichoError):
    """No town, or more than one, goes by what was typed; data: found (how many)."""

    code = "K101"
    happened = "町名を一つに決められません(候補 {found})。"
    kept = "入力した内容は下書きに残っています。"
    todo = "町名、カナの頭、郵便番号、4桁の町コードのどれかで入力してください。"


class LotUnreadable(DaichoError):
    """The lot is not of the form 214-3 or 214番地3."""

    code = "K102"
    happened = "番地を読み取れません。"
    kept = "入力した内容は下書きに残っています。"
    todo = "「214-3」のように数字とハイフンで入力してください。番地がないときは「無番地」と入力してください。"


class PostcodeUnreadable(DaichoError):
    """A postcode has seven figures."""

    code = "K221"
    happened = "郵便番号を読み取れません。"
    kept = "入力した内容は下書きに残っています。"
    todo = "「370-0829」のように7桁で入力してください。わからないときは空欄にします。"


@remembered
def _buildings() -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """(town code, lot) → (code, building line) of the city's list of buildings (STD 1.3.4)."""
    found: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    for row in given("buildings"):
        place = (row["town"], lot_text(row["lot"]))
        found[place] = (*found.get(place, ()), (row["code"], row["name"]))
    return found


def buildings_at(town: str, lot: str) -> tuple[tuple[str, str], ...]:
    """Code and name of the buildings registered at a typed town and lot (STD 4.0.7); none while these are not understood."""
    try:
        return _buildings().get((find_town(town).code, lot_text(lot)), ())
    except DaichoError:
        return ()


def building_code(town_code: str, lot: str, building: str | None) -> str | None:
    """The code of the registered building whose name a building line begins with, room number or not."""
    for code, name in _buildings().get((town_code, lot), ()):
        if building and address_key(building).startswith(address_key(name)):
            return code
    return None


@remembered
def _districts() -> dict[str, str]:
    return {town: row["code"] for row in given("districts") for town in row["towns"].split()}


def district_of(town_code: str) -> str | None:
    """The district that a town belongs to, if the city has registered one (STD 1.3.5)."""
    return _districts().get(town_code)


def town_key(town: Town) -> str:
    """The four figures clerks key: 大字 3, 丁目 1."""
    return town.code[5:8] + town.code[10]


_NUMBERED = re.compile(r"(.*?)(\d{1,2})(?:丁目|チョウメ)?")


def suggest_towns(text: str) -> tuple[Town, ...]:
    """Towns for what was typed so far: code, postcode, reading or name, with or without a 丁目 number."""
    cleaned = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    everything = towns().values()
    digits = cleaned.replace("-", "")
    if digits.isdigit():
        return tuple(t for t in everything if digits in (t.code, town_key(t)) or (len(digits) > 2 and _fits(t, digits)))
    if not cleaned:
        return ()
    exact = tuple(t for t in everything if address_key(t.name) == address_key(cleaned))
    found = exact or _by_name(cleaned, everything)
    numbered = _NUMBERED.fullmatch(cleaned)
    if not found and numbered:
        ending = address_key(f"町{numbered[2]}丁目").removeprefix("町")
        found = tuple(t for t in _by_name(numbered[1], everything) if address_key(t.name).endswith(ending))
    return found


def _fits(town: Town, digits: str) -> bool:
    return town.postcode.startswith(digits) or (len(digits) < 4 and town_key(town).startswith(digits))


def _by_name(text: str, among: Iterable[Town]) -> tuple[Town, ...]:
    """Towns whose reading (for kana) or name begins so."""
    katakana = jaconv.hira2kata(text)
    if re.fullmatch("[ァ-ヺー]+", katakana):
        return tuple(t for t in among if kana_key(t.kana).startswith(kana_key(katakana)))
    return tuple(t for t in among if address_key(t.name).startswith(address_key(text)))


def find_town(text: str) -> Town:
    """The one town that goes by what was typed. Raises TownNotFound."""
    found = suggest_towns(text)
    if not found or len({(t.name, t.postcode) for t in found}) > 1:
        raise TownNotFound(found=len(found))
    return found[0]


_LOT = re.compile(r"(\d{1,5})(?:番地)?(?:[-の]?(\d{1,4}))?(?:号)?(?:[-の](\d{1,4}))?")
_DASHES = re.compile("[‐-―−ー–]")


def lot_text(text: str) -> str:
    """214-3 as it is recorded: 214番地3; 無番地 and 番地不詳 stay. Raises LotUnreadable.

    Kumagaya numbers its lots by 番地 throughout; a third part is a branch (214番地3の1).
    """
    cleaned = _DASHES.sub("-", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if cleaned in ("無番地", "番地不詳"):
        return cleaned
    match = _LOT.fullmatch(cleaned)
    if match is None or int(match[1]) == 0:
        raise LotUnreadable
    return f"{int(match[1])}番地" + (match[2] or "") + (f"の{match[3]}" if match[3] else "")


def postcode(text: str) -> str:
    """Seven figures, however typed. Raises PostcodeUnreadable."""
    digits = unicodedata.normalize("NFKC", text).replace("-", "").removeprefix("〒")
    if not re.fullmatch("[0-9]{7}", digits):
        raise PostcodeUnreadable
    return digits
