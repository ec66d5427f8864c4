"""The closed list of items that offices can be told, with their words and what hides with a hidden person.

What is not here never leaves: no individual number, no resident code, no registered domicile, no qualification of another office.
"""

from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from daicho.commons.exchange.errors import ItemUnknown


class Item(NamedTuple):
    """One item: its word, and whether it tells of a place or a household (hidden with a hidden person)."""

    word: str
    place: bool = False


ITEMS: Mapping[str, Item] = {
    "valid_from": Item("異動日", place=True),
    "history_no": Item("履歴番号", place=True),
    "status": Item("住民状態", place=True),
    "is_foreign": Item("外国人住民"),
    "household_number": Item("世帯番号", place=True),
    "household_order": Item("世帯内の順", place=True),
    "head_absent": Item("世帯主未設定", place=True),
    "relationship": Item("続柄", place=True),
    "name": Item("氏名"),
    "name_kana": Item("カナ氏名"),
    "name_reading": Item("氏名の振り仮名"),
    "former_family_name": Item("旧氏"),
    "former_family_name_kana": Item("旧氏フリガナ"),
    "common_name": Item("通称"),
    "common_name_kana": Item("通称フリガナ"),
    "foreign_name_kanji": Item("外国人氏名(漢字)"),
    "sex": Item("性別"),
    "birth": Item("生年月日"),
    "birth_text": Item("生年月日(不詳の文言)"),
    "municipality_code": Item("自治体コード", place=True),
    "town_code": Item("町字コード", place=True),
    "district_code": Item("行政区コード", place=True),
    "postcode": Item("郵便番号", place=True),
    "address": Item("住所", place=True),
    "building": Item("方書", place=True),
    "resident_since": Item("住民となった日", place=True),
    "resident_since_text": Item("住民となった日(不詳の文言)", place=True),
    "resident_notified_on": Item("届出日", place=True),
    "settled_on": Item("住所を定めた日", place=True),
    "settled_on_text": Item("住所を定めた日(不詳の文言)", place=True),
    "settled_notified_on": Item("住定届出日", place=True),
    "previous_municipality": Item("転入前の自治体コード", place=True),
    "previous_address": Item("転入前住所", place=True),
    "previous_building": Item("転入前方書", place=True),
    "planned_municipality": Item("転出予定先の自治体コード", place=True),
    "planned_address": Item("転出予定先", place=True),
    "planned_building": Item("転出予定先方書", place=True),
    "planned_on": Item("転出予定日", place=True),
    "confirmed_municipality": Item("転出確定先の自治体コード", place=True),
    "confirmed_address": Item("転出確定先", place=True),
    "confirmed_building": Item("転出確定先方書", place=True),
    "confirmed_on": Item("転出確定日", place=True),
    "removed_on": Item("消除の異動日", place=True),
    "removed_on_text": Item("消除の異動日(不詳の文言)", place=True),
    "removed_notified_on": Item("消除の届出日", place=True),
    "removed_reason": Item("消除事由", place=True),
    "nationality": Item("国籍・地域コード"),
    "residence_status": Item("在留資格コード"),
    "article_30_45": Item("法30条の45の区分"),
    "stay_until": Item("在留期限"),
    "change": Item("異動の事由・区分・届出日", place=True),
}
"""Name in the contract → item, in the order of files. `change` is about the event; the others are the person's."""

ALWAYS = ("addressee_number", "protected")
"""What every recipient is told: who is meant, and whether nobody may learn the place."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "氏名": ("name", "name_kana", "name_reading", "former_family_name", "former_family_name_kana", "common_name",
             "common_name_kana", "foreign_name_kanji"),
    "住所": ("municipality_code", "town_code", "district_code", "postcode", "address", "building"),
    "生年月日": ("birth", "birth_text"),
    "性別": ("sex",),
    "世帯情報": ("household_number", "household_order", "head_absent", "relationship"),
    "異動情報": ("valid_from", "history_no", "status", "change", "resident_since", "resident_since_text",
                 "resident_notified_on", "settled_on", "settled_on_text", "settled_notified_on", "removed_on",
                 "removed_on_text", "removed_notified_on", "removed_reason"),
    "転入前・転出先": ("previous_municipality", "previous_address", "previous_building", "planned_municipality",
                       "planned_address", "planned_building", "planned_on", "confirmed_municipality",
                       "confirmed_address", "confirmed_building", "confirmed_on"),
    "外国人住民": ("is_foreign", "nationality", "residence_status", "article_30_45", "stay_until"),
}  # fmt: skip
"""The document's words for groups of items, as lists of transfers name them."""


def of_groups(names: Iterable[str]) -> Set[str]:
    """The items of groups and of items named one by one. Raises ItemUnknown."""
    found: set[str] = set()
    for name in names:
        if name in GROUPS:
            found.update(GROUPS[name])
        elif name in ITEMS:
            found.add(name)
        else:
            raise ItemUnknown(item=name)
    return found


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Items in the order of the list."""
    wanted = set(names)
    return tuple(name for name in ITEMS if name in wanted)


def shown(names: Iterable[str], *, hidden: bool) -> tuple[str, ...]:
    """Those of the items that may be told of a person; of a hidden one no place, no household and no event."""
    return tuple(name for name in in_order(names) if not (hidden and ITEMS[name].place))
