"""記載事項: the items of a resident record in certificate order, each with its origin and what lies behind it (S07)."""

from dataclasses import dataclass
from datetime import date, datetime

from daicho.law.eras import format_wareki
from daicho.law.japan import JAPAN
from daicho.law.reasons import Basis, Reason
from daicho.law.shapes import Shape, shapes_of
from daicho.register.changes.amendable import ADDRESS, ITEMS
from daicho.register.changes.record import ResidentRecord
from daicho.register.screens.labels import LABELS, NUMBERS, REGISTER_FACE, display, short_day
from daicho.register.store.access import ChangeLine, HouseholdSheet, Member


@dataclass(frozen=True, slots=True)
class Item:
    """One line by its field; `behind` are fields that the line opens on, `optional` ones stand only with a value."""

    name: str
    behind: tuple[str, ...] = ()
    optional: bool = False
    building: str = ""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of the panel: `number` names a hidden number instead of a value, `behind` is shown with the line chosen."""

    name: str
    label: str
    value: str
    building: str
    note: str
    register_face: bool
    shapes: tuple[Shape, ...]
    number: str
    source: str
    behind: tuple[tuple[str, str], ...]
    change_id: int | None = None
    """The change that brought the value."""
    amend: str = ""
    """The figures under which an amendment names the item; blank for what other changes bring."""


_START = (
    Item("name", ("foreign_name_kanji", "foreign_name_kana", "parallel_name", "parallel_name_kana", "maiden_name")),
    Item("name_kana", ("name_kana_checked",)),
    Item("name_reading", ("name_reading_on", "name_reading_source", "name_reading_state"), optional=True),
)
_HOME = (
    Item("settled_on", ("settled_reason", "settled_notified_on", "settled_basis")),
    Item("address", ("building", "postcode"), building="building"),
)
_FORMER = Item(
    "former_address",
    ("previous_address", "previous_building", "previous_head", "previous_postcode"),
    building="former_building",
)
_PREVIOUS = Item(
    "previous_address", ("previous_building", "previous_head", "previous_postcode"), building="previous_building"
)
_END = (
    Item("removed_on", ("removed_reason", "removed_notified_on", "removed_basis"), optional=True),
    Item("planned_on", ("planned_address", "planned_building"), optional=True),
    Item("confirmed_on", ("confirmed_address", "confirmed_building", "arrival_notice_on"), optional=True),
    Item("unreported_from", ("unreported_to",), optional=True),
    Item("last_address", ("last_building", "last_head", "last_postcode"), optional=True, building="last_building"),
    Item("remarks", optional=True),
)
_JAPANESE = (
    Item(
        "former_family_name",
        (
            "former_family_name_kana",
            "former_family_name_kana_checked",
            "former_family_name_reading",
            "former_family_name_reading_on",
        ),
    ),
    Item("birth"), Item("sex"), Item("relationship"),
    Item("resident_since", ("resident_notified_on",)),
    *_HOME,
)  # fmt: skip
_FOREIGN = (
    Item(
        "common_name",
        ("common_name_kana", "common_name_kana_checked", "common_name_on", "common_name_municipality", "common_name_history"),
    ),
    Item("birth"), Item("sex"), Item("relationship"),
    Item("foreign_resident_since", ("foreign_resident_notified_on", "resident_since", "resident_notified_on")),
    *_HOME,
)  # fmt: skip
_FAMILY_REGISTER = (Item("domicile", ("domicile_postcode",)), Item("family_register_head"))
_STAY = (
    Item("nationality_name"), Item("article_30_45"), Item("residence_status_name", ("stay_period",)),
    Item("stay_until"), Item("residence_card_number"),
)  # fmt: skip
_NUMBERS = (Item("individual_number_id"), Item("resident_code_id"))

_SHORT_LABELS = {
    "former_address": "前住所", "previous_address": "前住所", "article_30_45": "30条の45", "removed_on": "消除の異動日",
    "residence_card_number": "カード等番号",
}  # fmt: skip
_WHY_EMPTY = {
    "name_kana": "フリガナは記録されていません。",
    "former_family_name": "旧氏の記載の請求はありません。",
    "common_name": "通称の記載の申出はありません。",
    "previous_address": "市外からの転入も、市内での転居も記録されていません。",
    "stay_until": "在留期間の定めはありません。",
    "domicile": "本籍は記録されていません。本籍のない人もいます。",
    "family_register_head": "筆頭者は記録されていません。本籍のない人もいます。",
    "individual_number_id": "個人番号はまだ指定されていません。",
    "resident_code_id": "住民票コードはまだ記載されていません。",
}
_SOURCES = {
    Reason.MOVE_IN: "転入届", Reason.MOVE_IN_ABROAD: "転入届", Reason.BIRTH: "出生", Reason.DEATH: "死亡",
    Reason.MOVE_OUT: "転出届", Reason.MOVE_OUT_ABROAD: "転出届", Reason.MOVE_WITHIN: "転居届",
    Reason.HOUSEHOLD_SPLIT: "世帯変更", Reason.HOUSEHOLD_MERGE: "世帯変更", Reason.HOUSEHOLD_CHANGE: "世帯変更",
    Reason.HEAD_CHANGE: "世帯変更", Reason.ERROR_CORRECTION: "誤記修正", Reason.MINOR_AMENDMENT: "修正",
    Reason.RENEWAL_ENTRY: "改製", Reason.RENEWAL_REMOVAL: "改製",
    Reason.RESTORATION_ENTRY: "再製", Reason.RESTORATION_REMOVAL: "再製",
    Reason.ENTRY_NATURALISATION: "帰化", Reason.REMOVAL_NATURALISATION: "帰化",
    Reason.ENTRY_NATIONALITY_LOSS: "国籍喪失", Reason.REMOVAL_NATIONALITY_LOSS: "国籍喪失",
    Reason.CANCELLATION_ENTRY: "取消し", Reason.CANCELLATION_REMOVAL: "取消し", Reason.CANCELLATION_AMENDMENT: "取消し",
}  # fmt: skip


def item_rows(sheet: HouseholdSheet, member: Member) -> list[ItemRow]:
    """The person's items in certificate order; nothing recorded is left out, seldom used items stand behind a line."""
    record = member.state.record
    changes = {change.change_id: change for change in (*sheet.changes, *sheet.later)}
    origins = sheet.sources[member.person_id]
    return [_row(item, record, changes.get(origins[item.name])) for item in _items(record)]


def _items(record: ResidentRecord) -> list[Item]:
    before = _FORMER if record.former_address is not None else _PREVIOUS
    middle = (*_FOREIGN, before, *_STAY) if record.is_foreign else (*_JAPANESE, before, *_FAMILY_REGISTER)
    listed = [*_START, *middle, *_END]
    named = {name for item in (*listed, *_NUMBERS) for name in (item.name, item.building, *item.behind)}
    rest = [
        Item(name, optional=True) for name in LABELS if name not in named | {"household_id", "status", "head_absent"}
    ]
    return [item for item in (*listed, *rest) if not item.optional or _has_value(item, record)] + list(_NUMBERS)


def _has_value(item: Item, record: ResidentRecord) -> bool:
    return any(getattr(record, name) not in (None, False) for name in (item.name, *item.behind))


def _row(item: Item, record: ResidentRecord, change: ChangeLine | None) -> ItemRow:
    value = display(item.name, record)
    empty = getattr(record, item.name) is None
    hidden = item.name in NUMBERS
    face = item.name in REGISTER_FACE
    building = display(item.building, record) if item.building else ""
    return ItemRow(
        name=item.name,
        label=_SHORT_LABELS.get(item.name, LABELS[item.name]),
        value=value,
        building=building,
        note=_note(item.name, record),
        register_face=face,
        shapes=tuple(one for one in shapes_of(value) if one.text not in (" ", "\u3000")) if face else (),
        number=item.name.removesuffix("_id") if hidden and not empty else "",
        source="" if empty or change is None else f"{source_word(change)} {short_day(_day(change.recorded_at))}",
        behind=tuple(_behind(item, record, change, empty=empty)),
        change_id=change.change_id if change else None,
        amend=_amend_key(item.name),
    )


def _amend_key(name: str) -> str:
    """Of the word beside a code the figures of the code."""
    coded = name.removesuffix("_name") if name in ("nationality_name", "residence_status_name") else name
    if coded == "address":
        return ADDRESS.key
    item = ITEMS.get(coded)
    return item.key if item and Reason.EX_OFFICIO_AMENDMENT in item.reasons else ""


def _note(name: str, record: ResidentRecord) -> str:
    """The period beside a status of residence."""
    return record.stay_period or "" if name == "residence_status_name" else ""


def _behind(item: Item, record: ResidentRecord, change: ChangeLine | None, *, empty: bool) -> list[tuple[str, str]]:
    lines = [(LABELS[name], shown) for name in item.behind if (shown := display(name, record))]
    if empty:
        return [("空欄の理由", _WHY_EMPTY.get(item.name, "記録されていません。")), *lines]
    return [*lines, *(_origin(change) if change else [])]


def _origin(change: ChangeLine) -> list[tuple[str, str]]:
    notified = f"・{change.basis.date_word} {format_wareki(change.notified_on)}" if change.notified_on else ""
    recorded = change.recorded_at.astimezone(JAPAN)
    how = "移行で受け継いだ記録" if change.taken_over else "記録"
    return [
        ("もと", f"{change.reason.word}（{change.basis.word}）"),
        ("異動日", f"{change.change_date.wareki}{notified}"),
        (how, f"{format_wareki(recorded.date())} {recorded:%H:%M}"),
    ]


def source_word(change: ChangeLine) -> str:
    """What brought a value, in a word that fits its column: 転入届, 転居届, 出生, 職権, 移行 …"""
    if change.taken_over:
        return "移行"
    if change.basis is Basis.EX_OFFICIO and change.reason not in (Reason.ERROR_CORRECTION, Reason.DEATH, Reason.BIRTH):
        return "職権"
    return _SOURCES.get(change.reason, change.reason.word[:4])


def _day(instant: datetime) -> date:
    return instant.astimezone(JAPAN).date()
