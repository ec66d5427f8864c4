"""転入: the header, and one row per person (S09)."""

import re
from collections.abc import Mapping
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.law.towns import CITY_CODE
from daicho.register.changes.notification import Address, MoveIn, NewResident, Place
from daicho.register.desk.addresses import building_code, district_of, find_town, lot_text
from daicho.register.desk.forms.base import Context, HouseholdView, Read, know_fields
from daicho.register.desk.forms.foreign import FOREIGN_FIELDS, read_foreign

HOUSEHOLD_KINDS = {"1": "新しい世帯", "2": "今ある世帯に入る"}
HEADER = (
    "notified_on",
    "change_date",
    "notifier",
    "household_kind",
    "join_household",
    "town",
    "lot",
    "building",
    "previous_address",
    "previous_head",
)
ROW = (
    "name",
    "birth",
    "sex",
    "relationship",
    "domicile",
    "resident_code",
    "name_kana",
    "family_register_head",
    "individual_number",
    "kana_auto",
    *FOREIGN_FIELDS,
)
"""`kana_auto` is "1" while a reading taken from the input method has not been looked at by the clerk."""
MOST_ROWS = 20
ADDRESS_PATHS = {
    "address": "town",
    "address.town_code": "town",
    "address.address": "lot",
    "address.building": "building",
    "household_id": "household_kind",
}
"""Where an error about an address in the city was typed."""
_ROW_FIELD = re.compile(r"p(\d{1,2})\.([a-z_0-9]+)")


def rows_of(typed: Mapping[str, str]) -> list[int]:
    """The numbers of the rows in which something was typed, in order."""
    found = set()
    for name, value in typed.items():
        match = _ROW_FIELD.fullmatch(name)
        if match and value.strip():
            found.add(int(match[1]))
    return sorted(found)


class MoveInForm:
    """国内転入 (法22条)."""

    reason = Reason.MOVE_IN
    title = "転入"
    basis = Basis.NOTIFICATION
    template = "register/entry_move_in.html"

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """The notification is usually made today (法22条); the change date starts blank (STD 4.0.3)."""
        join = {"household_kind": "2", "join_household": household.household_number} if household else {}
        return {"notified_on": "今日", "household_kind": "1", **join}

    def fields(self, typed: Mapping[str, str]) -> list[str]:
        """Header, then row by row."""
        return [*HEADER, *(f"p{n}.{part}" for n in rows_of(typed) for part in ROW)]

    def wanted_ids(self, typed: Mapping[str, str]) -> list[str]:
        """A household, and a person per row."""
        return ["household", *(f"p{n}" for n in rows_of(typed))]

    def know(self, typed: Mapping[str, str]) -> None:
        """Raises NoSuchField."""
        know_fields(typed, _is_field)

    def read(self, context: Context) -> Read:
        """The move-in notification; raises EntryIncomplete."""
        rows = rows_of(context.typed) or [1]
        change_date = context.day("change_date", "異動日")
        notified_on = context.notified_on()
        household_id, address = _household(context)
        previous = Place(address=context.name("previous_address", "前住所"), head=context.name("previous_head"))
        members = [_row(context, n) for n in rows]
        context.finish(self.fields(context.typed))
        on = change_date or context.today
        return Read(
            notification=MoveIn(
                household_id=household_id,
                change_date=on,
                notified_on=notified_on,
                basis=context.basis,
                address=address,
                previous=previous,
                members=tuple(members),
            ),
            on=on,
            rekeys={
                "change_date": LegalDate(on),
                **{f"p{n}.birth": member.birth for n, member in zip(rows, members, strict=True)},
            },
            paths=_paths(rows),
            people={member.person_id: f"p{n}" for n, member in zip(rows, members, strict=True)},
        )


def _is_field(name: str) -> bool:
    match = _ROW_FIELD.fullmatch(name)
    if match:
        return match[2] in ROW and 1 <= int(match[1]) <= MOST_ROWS
    return name in HEADER


def _paths(rows: list[int]) -> dict[str, str]:
    paths = {
        **ADDRESS_PATHS,
        "previous.address": "previous_address",
        "previous.head": "previous_head",
        "members": "p1.name",
    }
    for place, n in enumerate(rows):
        paths |= {f"members.{place}.{part}": f"p{n}.{part}" for part in ROW}
        paths[f"members.{place}.numbers"] = f"p{n}.individual_number"
    return paths


def _household(context: Context) -> tuple[int, Address | None]:
    """The household entered: a new one at the typed address, or an existing one by its number."""
    kind = context.choice("household_kind", HOUSEHOLD_KINDS, "世帯の区分")
    if kind == "2":
        found = context.household("join_household", "入る世帯の世帯番号")
        return (found.household_id if found else 0), None
    return context.ids.get("household", 0), read_address(context)


def read_address(context: Context) -> Address | None:
    """A new address in the city from town, lot and building line."""
    town = context.read("town", find_town, "町名")
    lot = context.read("lot", lot_text, "番地")
    building = context.name("building")
    if town is None or lot is None:
        return None
    return Address(
        municipality_code=CITY_CODE,
        address=town.name + lot,
        town_code=town.code,
        postcode=town.postcode,
        district_code=district_of(town.code),
        building_code=building_code(town.code, lot, building),
        building=building,
    )


def _row(context: Context, n: int) -> NewResident:
    """One person. Values in error stand in as blanks: `finish` raises before they are used."""
    at = f"p{n}."
    same, different = decided(context, n)
    foreign = read_foreign(context, at)
    return NewResident(
        person_id=same or context.ids.get(f"p{n}", -n),
        name=context.name(f"{at}name", "氏名") or "",
        name_kana=context.kana(f"{at}name_kana", "フリガナ"),
        name_kana_checked=context.text(f"{at}kana_auto") != "1",
        birth=context.legal_day(f"{at}birth", "生年月日") or LegalDate(context.today),
        sex=context.sex(f"{at}sex", "性別") or "",
        relationship=context.relationship(f"{at}relationship", "続柄") or "",
        domicile=context.name(f"{at}domicile", "" if foreign else "本籍(なし・不明も可)"),
        family_register_head=context.name(f"{at}family_register_head", "" if foreign else "筆頭者(なし・不明も可)"),
        individual_number=context.individual_number(f"{at}individual_number"),
        resident_code=context.resident_code(f"{at}resident_code"),
        foreign=foreign,
        different_from=different,
    )


def decided(context: Context, n: int) -> tuple[int | None, tuple[int, ...]]:
    """What was decided about this row's candidates: the one who is the same person, and those who are others."""
    same, different = None, []
    for key, decision in context.decisions.items():
        row, _, candidate = key.partition(":")
        if row != f"p{n}":
            continue
        if decision.get("answer") == "same":
            same = int(candidate)
        elif decision.get("answer") == "different":
            different.append(int(candidate))
    return same, tuple(sorted(different))
