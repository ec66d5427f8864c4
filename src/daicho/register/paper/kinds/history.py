"""統合記載欄: removal, changes with what stood there before, and remarks of one person (STD 1.1.14, 20.1.1, 20.1.3)."""

from collections.abc import Callable
from datetime import date

from daicho.law.codes import Sex
from daicho.law.dates import format_western
from daicho.register.changes.record import ResidentRecord
from daicho.register.paper.authority import Item, is_asked
from daicho.register.paper.facts import Past, Subject
from daicho.register.paper.kinds.values import (
    ON_A_SHEET,
    address_of,
    annex,
    day,
    full_name,
    legal,
    one_line,
    relationship_word,
    with_building,
)
from daicho.register.paper.view import OMITTED, OMITTED_MARK, Lines, Section, Value

_Read = Callable[[ResidentRecord], str | None]

ITEMS: tuple[tuple[str, Item | None, _Read], ...] = (
    ("氏名", None, full_name),
    ("氏名の振り仮名", None, lambda record: record.name_reading),
    ("旧氏", None, lambda record: record.former_family_name),
    ("通称", None, lambda record: record.common_name),
    ("生年月日", None, lambda record: record.birth.western if record.is_foreign else record.birth.wareki),
    ("性別", None, lambda record: Sex(record.sex).word),
    ("続柄", Item.HEAD, relationship_word),
    ("住所", None, address_of),
    ("住所を定めた年月日", None, lambda record: legal(record.settled_on)),
    ("住民となった年月日", None, lambda record: legal(record.resident_since)),
    ("外国人住民となった年月日", None, lambda record: legal(record.foreign_resident_since)),
    ("本籍", Item.DOMICILE, lambda record: record.domicile),
    ("筆頭者", Item.DOMICILE, lambda record: record.family_register_head),
    ("国籍・地域", Item.NATIONALITY, lambda record: record.nationality_name),
    ("在留資格", Item.STATUS, lambda record: record.residence_status_name),
    ("在留期間等", Item.PERIOD, lambda record: record.stay_period),
    (
        "在留期間の満了の日",
        Item.EXPIRY,
        lambda record: format_western(record.stay_until) if record.stay_until else None,
    ),
    ("在留カード等の番号", Item.CARD, lambda record: record.residence_card_number),
)
"""Label, the item that must have been asked for, and how it reads."""

NOTHING = "（記載なし）"
SPECIAL_WORDS = ("特別養子",)
"""What a note says of a special adoption or its dissolution (STD 1.1.4)."""


def is_special(past: Past) -> bool:
    """Whether the standard hides this entry by default: special adoption, its dissolution, change of sex (STD 1.1.4)."""
    noted = any(word in note for note in past.notes for word in SPECIAL_WORDS)
    return noted or past.before.sex != past.after.sex


def history_sections(subject: Subject, items: frozenset[Item], today: date, opening: list[Section]) -> list[Section]:
    """The table 統合記載欄: its title, `opening` (the removal), entries where asked for, remarks, separate sheets."""
    entries = entries_of(subject, items, today) if Item.HISTORY in items else []
    sections = [Section("history.title"), *opening]
    if entries:
        sections += [Section("history.captions"), *entries]
    separate: list[Section] = []
    remarks: Value = OMITTED
    if Item.REMARKS in items:
        remarks = one_line(subject.record.remarks)
        if remarks and len(remarks) > ON_A_SHEET:
            separate = annex(remarks, "備考")
            remarks = "別紙のとおり"
    if Item.COMMON_NAMES in items and subject.record.common_name_history:
        separate += annex(one_line(subject.record.common_name_history) or "", "通称の記載及び削除に関する事項")
    return [*sections, Section("history.remarks", {"remarks": remarks}), *separate]


def entries_of(subject: Subject, items: frozenset[Item], today: date) -> list[Section]:
    """One section per change that this paper may tell of, the earliest first."""
    told = (
        past for past in subject.past if past.valid_from <= today and (Item.SPECIAL in items or not is_special(past))
    )
    entries = (_entry(past, items) for past in sorted(told, key=lambda past: past.valid_from))
    return [entry for entry in entries if entry.values["what"]]


def _entry(past: Past, items: frozenset[Item]) -> Section:
    when: list[tuple[str, str]] = [("", past.change_date.wareki)]
    if past.notified_on:
        when.append(("", f"{past.basis.word}　{day(past.notified_on)}"))
    what: list[tuple[str, str]] = []
    for label, needs, read in ITEMS:
        before, after = read(past.before), read(past.after)
        if before != after:
            what.append((label, before or NOTHING if needs is None or is_asked(needs, items) else OMITTED_MARK))
    lines: Lines = tuple(what) + tuple(("", f"※{one_line(note)}") for note in past.notes)
    return Section("history.entry", {"when": tuple(when), "why": past.reason.word, "what": lines})


def removal_section(record: ResidentRecord) -> Section:
    """The removal of a removed record (消除事由, 転出先, 転出年月日)."""
    values: dict[str, Value] = {
        "reason": record.removed_reason,
        "happened": legal(record.removed_on),
        "notified": day(record.removed_notified_on),
    }
    if record.planned_address or record.planned_on or record.confirmed_address:
        values |= {
            "planned": with_building(record.planned_address, record.planned_building),
            "confirmed": with_building(record.confirmed_address, record.confirmed_building),
            "confirmed_on": day(record.confirmed_on),
            "arrival_notice": day(record.arrival_notice_on),
        }
    return Section("history.removal", values)
