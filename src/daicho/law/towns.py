"""The address dictionary (住所辞書, STD 1.3.3): towns of the city, and the municipalities of the country.

Town codes have eleven digits: prefecture (two) and municipality (three) as in JIS X 0401 and 0402, 大字 (three), 小字
(three). The standard does not fix the last six: ours stand in data/kumagaya_towns.csv, 大字 numbered in the order of
their reading, 小字 being the number of the 丁目, or from 101 where the part has a name of its own. The table is the
demo city's; another city puts its own in its place.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import jaconv

from daicho.law.tables import remembered, table

CITY_CODE = "112020"
"""熊谷市 with its check digit."""


@dataclass(frozen=True, slots=True)
class Town:
    """One entry: `name` as written in addresses (赤城町一丁目), `kana` of its 大字 alone, `part` the named 小字 or ""."""

    code: str
    postcode: str
    name: str
    kana: str
    part: str = ""

    @property
    def full_name(self) -> str:
        """The name with its 小字: 佐谷田字南砂原."""
        return f"{self.name}字{self.part}" if self.part else self.name


@remembered
def towns() -> Mapping[str, Town]:
    """The towns of the city by town code, in the order of the code, which is that of their reading."""
    return {
        row["code"]: Town(row["code"], row["postal_code"], row["town_full"], row["oaza_cho_kana"], row["koaza"])
        for row in table("kumagaya_towns.csv")
    }


def town_of_code(code: str) -> Town | None:
    """The town with this eleven-digit code; None for towns that the dictionary does not know (any more)."""
    return towns().get(code)


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality or prefecture; `name` is prefecture and city as printed before an address."""

    code: str
    kind: str
    name: str
    city: str = ""
    kana: str = ""


@remembered
def municipalities() -> Mapping[str, Municipality]:
    """Prefectures, cities, wards, towns and villages by six-digit code (data/municipalities.csv)."""
    return {
        row["lg_code6"]: Municipality(row["lg_code6"], row["type"], row["pref"] + row["city"], row["city"], row["kana"])
        for row in table("municipalities.csv")
    }


def _reading(text: str) -> str:
    return jaconv.hira2kata(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))


def suggest_municipalities(typed: str) -> tuple[Municipality, ...]:
    """The municipalities whose code, name (with or without prefecture) or reading begins with what was typed."""
    text = _reading(typed)
    if not text:
        return ()
    return tuple(place for place, keys in _municipality_keys() if any(key.startswith(text) for key in keys))


@remembered
def _municipality_keys() -> tuple[tuple[Municipality, tuple[str, ...]], ...]:
    """What each municipality goes by, kana as katakana (さいたま市)."""
    return tuple(
        (place, tuple(_reading(key) for key in (place.code, place.name, place.city, place.kana)))
        for place in municipalities().values()
        if place.kind != "pref"
    )


@remembered
def _by_city() -> Mapping[str, tuple[Municipality, ...]]:
    found: dict[str, tuple[Municipality, ...]] = {}
    for place in municipalities().values():
        if place.kind != "pref":
            for name in (place.name, place.city):
                found[name] = (*found.get(name, ()), place)
    return found


def municipality_of(address: str) -> Municipality | None:
    """The municipality that an address begins with, prefecture written or not; None if none or more than one does."""
    longest = max(map(len, _by_city()))
    for length in range(min(longest, len(address)), 1, -1):
        found = _by_city().get(address[:length], ())
        if found:
            return found[0] if len(found) == 1 else None
    return None
