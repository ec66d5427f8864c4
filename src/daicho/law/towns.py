"""The town dictionary of the city (住所辞書, STD 1.3.3) and the list of municipalities.

Town codes have eleven digits: prefecture and municipality as in JIS X 0401 and 0402 (five), 大字 (three), 小字 or 丁目
(three). The standard does not fix the last six: ours count in the order of data/kumagaya_towns.csv. The table is the
demo city's; another city puts its own in its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from daicho.law.tables import table

CITY_CODE = "112020"
"""熊谷市 with its check digit."""


@dataclass(frozen=True, slots=True)
class Town:
    """One entry: `name` as written in addresses (赤城町一丁目), `kana` of its 大字 alone."""

    code: str
    postcode: str
    name: str
    kana: str


@cache
def towns() -> Mapping[str, Town]:
    """The towns of the city by town code, in the order of the table."""
    large: dict[str, int] = {}
    small: dict[str, int] = {}
    found = {}
    for row in table("kumagaya_towns.csv"):
        base = row["oaza_cho"]
        place = large.setdefault(base, len(large) + 1)
        part = 0
        if row["chome"] or row["koaza"]:
            part = small[base] = small.get(base, 0) + 1
        code = f"{CITY_CODE[:5]}{place:03d}{part:03d}"
        found[code] = Town(code, row["postal_code"], row["town_full"], row["oaza_cho_kana"])
    return found


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality or prefecture; `name` is prefecture and city as printed before an address."""

    code: str
    kind: str
    name: str


@cache
def municipalities() -> Mapping[str, Municipality]:
    """Prefectures, cities, wards, towns and villages by six-digit code (data/municipalities.csv)."""
    return {
        row["lg_code6"]: Municipality(row["lg_code6"], row["type"], row["pref"] + row["city"])
        for row in table("municipalities.csv")
    }
