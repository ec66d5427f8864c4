"""転入: the header, and one row per person (S09)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.law.towns import CITY_CODE, municipality_of
from daicho.register.changes.notification import (
    AbroadKind,
    Address,
    CardShown,
    EntryKind,
    ExOfficioEntry,
    MoveIn,
    MoveInAbroad,
    NewResident,
    Place,
)
from daicho.register.desk.addresses import building_code, district_of, find_town, lot_text
from daicho.register.desk.forms.base import Context, HouseholdView, Read, know_fields, widen_latin
from daicho.register.desk.forms.foreign import FOREIGN_FIELDS, YES_NO, coded, read_foreign

CARD_CHECKED = {"1": "一致"}
"""The only answer with which a card stands for the paper."""
HOUSEHOLD_KINDS = {"1": "新しい世帯", "2": "今ある世帯に入る"}
HEADER = (
    "kind",
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
    "last_address",
    "last_head",
    "unreported_from",
    "unreported_to",
    "planned_on",
    "card_holder",
    "card_checked",
)
EXTRA_FIELDS = (
    "former_family_name",
    "former_family_name_kana",
    "former_family_name_reading",
    "name_reading",
    "remarks",
    "adult_ward",
)
"""Items of a row that few people have: in a panel below the grid."""
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
    *EXTRA_FIELDS,
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


BY_CARD = "3"
ORDINARY = "1"
"""The kind of a move in with a card (特例転入, STD 4.1.1.3)."""
KINDS: Mapping[Reason, Mapping[str, str]] = {
    Reason.MOVE_IN: {"1": "転入", "2": "未届転入", BY_CARD: "特例転入"},
    Reason.MOVE_IN_ABROAD: {"1": "国外からの転入", "2": "法30条の46", "3": "法30条の47"},
    Reason.EX_OFFICIO_ENTRY: {
        "1": "住所設定",
        "2": "前住所なし",
        "3": "未届転入",
        "4": "帰化等(記載なし)",
        "5": "国籍喪失(記載なし)",
    },
}
"""What the grid is filled for, by the key of its field `kind`; the first is the usual one."""
_UNREPORTED = {(Reason.MOVE_IN, "2"), (Reason.EX_OFFICIO_ENTRY, "3")}
_ABROAD = {"1": AbroadKind.ABROAD, "2": AbroadKind.ARTICLE_30_46, "3": AbroadKind.ARTICLE_30_47}
_ENTRIES = {
    "1": EntryKind.SETTING,
    "2": EntryKind.WITHOUT_PREVIOUS,
    "3": EntryKind.SETTING,
    "4": EntryKind.NATURALISED,
    "5": EntryKind.NATIONALITY_LOST,
}
_NO_PREVIOUS = {
    Reason.MOVE_IN: (),
    Reason.MOVE_IN_ABROAD: ("2", "3"),
    Reason.EX_OFFICIO_ENTRY: ("2", "4", "5"),
}
"""Kinds for which the address before may be blank; the plan says where it must be."""


class MoveInForm:
    """The grid: 国内転入 (法22条), 国外転入等 (法22条, 30条の46, 30条の47) and 職権記載 (STD 4.2.1.1)."""

    template = "register/entry_move_in.html"

    def __init__(self, reason: Reason = Reason.MOVE_IN, title: str = "転入", basis: Basis = Basis.NOTIFICATION) -> None:
        """The three differ by what `kind` offers and by the notification that is made of it."""
        self.reason = reason
        self.title = title
        self.basis = basis

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """The notification is usually made today (法22条); the change date starts blank (STD 4.0.3)."""
        join = {"household_kind": "2", "join_household": household.household_number} if household else {}
        kind = {} if self.reason is Reason.MOVE_IN else {"kind": "1"}
        return {"notified_on": "今日", "household_kind": "1", **kind, **join}

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
        """The notification; raises EntryIncomplete."""
        rows = rows_of(context.typed) or [1]
        kinds = KINDS[self.reason]
        kind = context.choice("kind", kinds, "区分") if context.text("kind") else next(iter(kinds))
        change_date = context.day("change_date", "異動日")
        on = change_date or context.today
        household_id, address = _household(context)
        item = "" if kind in _NO_PREVIOUS[self.reason] else "前住所"
        since = LegalDate(on) if self.reason is not Reason.MOVE_IN else None
        shared: dict[str, Any] = {
            "household_id": household_id,
            "change_date": on,
            "notified_on": context.notified_on(),
            "basis": context.basis,
            "address": address,
            "previous": _place(context, "previous", item) or Place(),
            "unreported": (self.reason, kind) in _UNREPORTED,
            "last": _place(context, "last"),
            "unreported_from": context.day("unreported_from"),
            "unreported_to": context.day("unreported_to"),
            "members": tuple(_row(context, n, since) for n in rows),
        }
        if self.reason is Reason.MOVE_IN and kind == BY_CARD:
            shared["card"] = _card(context, rows, shared["members"])
        context.finish(self.fields(context.typed))
        notification = _made(self.reason, kind, shared)
        members = notification.members
        return Read(
            notification=notification,
            on=on,
            rekeys={
                "change_date": LegalDate(on),
                **{f"p{n}.birth": member.birth for n, member in zip(rows, members, strict=True)},
            },
            paths=_paths(rows),
            people={member.person_id: f"p{n}" for n, member in zip(rows, members, strict=True)},
        )


def _made(reason: Reason, kind: str, shared: Mapping[str, Any]) -> MoveIn:
    if reason is Reason.MOVE_IN_ABROAD:
        return MoveInAbroad(**shared, kind=_ABROAD[kind])
    if reason is Reason.EX_OFFICIO_ENTRY:
        return ExOfficioEntry(**shared, kind=_ENTRIES[kind])
    return MoveIn(**shared)


def _card(context: Context, rows: list[int], members: tuple[NewResident, ...]) -> CardShown:
    """Whose card was shown, by the number of the row; nobody's (id 0) for a row that is not there."""
    planned = context.day("planned_on", "転出予定年月日", future=True)
    context.read("card_checked", _checked, "暗証番号の照合")
    row = context.read("card_holder", widen_latin, "カードを示した人の行")
    holders = {str(n): member.person_id for n, member in zip(rows, members, strict=True)}
    return CardShown(planned_on=planned or context.today, holder_id=holders.get(row or "", 0))


def _checked(text: str) -> str:
    return coded(text, CARD_CHECKED, "暗証番号の照合")


def _place(context: Context, prefix: str, item: str = "") -> Place | None:
    """An address elsewhere with its municipality, where it names one; None when nothing is typed."""
    address, head = context.name(f"{prefix}_address", item), context.name(f"{prefix}_head")
    if not address and not head:
        return None
    return Place(municipality=_municipality(address), address=address, head=head)


def _municipality(address: str | None) -> str | None:
    """The code of the municipality that an address begins with."""
    found = municipality_of(address) if address else None
    return found.code if found else None


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
        "card.planned_on": "planned_on",
        "card.holder_id": "card_holder",
        "last.address": "last_address",
        "last.head": "last_head",
        "members": "p1.name",
    }
    for place, n in enumerate(rows):
        paths |= {f"members.{place}.{part}": f"p{n}.{part}" for part in ROW}
        paths |= {f"members.{place}.foreign.{part}": f"p{n}.{part}" for part in FOREIGN_FIELDS}
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


def _row(context: Context, n: int, since: LegalDate | None) -> NewResident:
    """One person. Values in error stand in as blanks: `finish` raises before they are used."""
    at = f"p{n}."
    same, different = decided(context, n)
    foreign = read_foreign(context, at, since)
    domicile = context.name(f"{at}domicile", "" if foreign else "本籍(なし・不明も可)")
    return NewResident(
        person_id=same or context.ids.get(f"p{n}", -n),
        name=context.name(f"{at}name", "氏名") or "",
        name_kana=context.kana(f"{at}name_kana", "フリガナ"),
        name_kana_checked=context.text(f"{at}kana_auto") != "1",
        birth=context.legal_day(f"{at}birth", "生年月日") or LegalDate(context.today),
        sex=context.sex(f"{at}sex", "性別") or "",
        relationship=context.relationship(f"{at}relationship", "続柄") or "",
        domicile_municipality=_municipality(domicile),
        domicile=domicile,
        family_register_head=context.name(f"{at}family_register_head", "" if foreign else "筆頭者(なし・不明も可)"),
        individual_number=context.individual_number(f"{at}individual_number"),
        resident_code=context.resident_code(f"{at}resident_code"),
        former_family_name=context.name(f"{at}former_family_name"),
        former_family_name_kana=context.kana(f"{at}former_family_name_kana"),
        former_family_name_kana_checked=bool(context.text(f"{at}former_family_name_kana")),
        former_family_name_reading=context.kana(f"{at}former_family_name_reading"),
        name_reading=context.kana(f"{at}name_reading"),
        remarks=context.name(f"{at}remarks"),
        adult_ward=context.read(f"{at}adult_ward", lambda t: coded(t, YES_NO, "成年被後見人")) == "1",
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
