"""Small code tables with validity: sex, resident kind, status, class of 法30条の45, residence status, nationality.

The tables are data/register_small_codes.csv, data/residence_status.csv, data/countries_iso3166.csv and
data/nationality_extra.csv; several of their codes are provisional (data/README.md), so official lists can take their place without a change of code. Optional
columns valid_from and valid_to (ISO dates, both inclusive) limit an entry in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.law.errors import DaichoError
from daicho.law.tables import remembered, table


class Sex(StrEnum):
    """性別コード."""

    MALE = "1"
    FEMALE = "2"

    @property
    def word(self) -> str:
        """男 or 女."""
        return "男" if self is Sex.MALE else "女"


class ResidentKind(StrEnum):
    """住民種別."""

    JAPANESE = "1"
    FOREIGN = "2"

    @property
    def word(self) -> str:
        """日本人 or 外国人."""
        return "日本人" if self is ResidentKind.JAPANESE else "外国人"


class CodeList(StrEnum):
    """The lists of codes."""

    SEX = "性別"
    RESIDENT_KIND = "住民種別"
    RESIDENT_STATUS = "住民状態"
    ARTICLE_30_45 = "30条45区分"
    RESIDENCE_STATUS = "在留資格"
    NATIONALITY = "国籍・地域"


class UnknownCode(DaichoError):
    """The code is not on its list, or not valid on the day; data: list."""

    code = "L501"
    happened = "{list}のコードが一覧にありません。"
    todo = "一覧から選んでください。"


@dataclass(frozen=True, slots=True)
class Code:
    """One entry; `group` is the class of 法30条の45 of a residence status, blank where there is none."""

    code: str
    name: str
    valid_from: date
    valid_to: date
    group: str = ""

    def valid(self, on: date) -> bool:
        """Whether the entry may be used for facts of that day."""
        return self.valid_from <= on <= self.valid_to


def _code(row: Mapping[str, str], code: str, name: str, group: str = "") -> Code:
    first, last = row.get("valid_from"), row.get("valid_to")
    return Code(
        code,
        name,
        date.fromisoformat(first) if first else date.min,
        date.fromisoformat(last) if last else date.max,
        group,
    )


@remembered
def codes(which: CodeList) -> Mapping[str, Code]:
    """The entries of one list by code, in the order of the table."""
    if which is CodeList.NATIONALITY:
        found = [_code(row, row["alpha3"], row["name_ja_cldr"]) for row in table("countries_iso3166.csv")]
        found += [_code(row, row["alpha3"], row["name"]) for row in table("nationality_extra.csv")]
    elif which is CodeList.RESIDENCE_STATUS:
        rows = table("residence_status.csv")
        found = [_code(row, row["project_key"], row["name"], row["art30_45_class"]) for row in rows]
    else:
        rows = table("register_small_codes.csv")
        found = [_code(row, row["code"], row["name"]) for row in rows if row["list"] == which.value]
    return {entry.code: entry for entry in found}


def find_code(which: CodeList, code: str, on: date | None = None) -> Code:
    """The entry with this code, valid on `on` if given; raises UnknownCode."""
    entry = codes(which).get(code)
    if entry is None or (on is not None and not entry.valid(on)):
        raise UnknownCode(list=which.value)
    return entry


def find_name(which: CodeList, name: str, on: date | None = None) -> Code:
    """The entry with exactly this name; raises UnknownCode."""
    for entry in codes(which).values():
        if entry.name == name and (on is None or entry.valid(on)):
            return entry
    raise UnknownCode(list=which.value)
