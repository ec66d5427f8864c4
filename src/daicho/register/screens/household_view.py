"""What the household screen shows, made from a sheet of the store: rows in words, nothing decided here about rights."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from daicho.law.dates import LegalDate, age_on
from daicho.law.reasons import Basis
from daicho.law.towns import municipalities
from daicho.register.changes.record import ResidentRecord
from daicho.register.screens.labels import (
    LABELS,
    NUMBERS,
    REGISTER_FACE,
    display,
    reason_word,
    relationship_word,
    shown_fields,
)
from daicho.register.store.access import ChangeLine, HouseholdSheet, Member
from daicho.register.store.history import Step

JAPAN = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of the members' table."""

    person_id: int
    position: int
    name: str
    kana: str
    relationship: str
    birth: LegalDate
    age: str
    sex: str
    settled_on: LegalDate | None
    settled_reason: str
    state: str
    removed: bool
    planned_on: date | None
    selected: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of the person's items: `number` names a hidden number instead of a value."""

    label: str
    value: str
    note: str
    register_face: bool
    number: str
    source: str
    recorded_on: date | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of the list of changes; `after` says that it lies behind the point shown (異動が後)."""

    change_id: int
    change_date: LegalDate
    reason: str
    ex_officio: bool
    who: str
    what: str
    before: str
    to: str
    recorded_on: date
    officers: str
    corrected: bool
    after: bool


def full_address(record: ResidentRecord) -> str:
    """City and address with building, as the strip shows it; the prefecture is left out inside the own city."""
    place = municipalities().get(record.municipality_code)
    city = place.name.removeprefix("埼玉県") if place else ""
    return f"{city}{record.address}" + (f" {record.building}" if record.building else "")


def strip(sheet: HouseholdSheet, member: Member, open_case: str = "") -> dict[str, object]:
    """The identity strip of `ui/strip.html`; `open_case` is the number of a case that is not registered yet."""
    record = member.state.record
    flags: list[tuple[str, str, str]] = []
    planned = sheet.planned.get(member.person_id)
    if not record.is_resident:
        flags.append(("除票", "", ""))
    elif planned is not None:
        flags.append(("転出予定", "info", ""))
    else:
        flags.append(("現存", "ok", "circle-check"))
    if open_case:
        flags.append((f"仮登録中 {open_case}", "warn", "hourglass"))
    return {
        "name": record.name,
        "kana": record.name_kana or "",
        "birth": record.birth,
        "age": age_on(record.birth, sheet.as_of.valid_on),
        "sex": display("sex", record),
        "address": full_address(record),
        "household": _grouped(sheet.household_number),
        "role": relationship_word(record.relationship),
        "flags": flags,
        "masked": False,
    }


def member_rows(sheet: HouseholdSheet, selected: int) -> list[MemberRow]:
    """Members in order, then removed records."""
    rows = []
    for position, member in enumerate((*sheet.members, *sheet.removed), start=1):
        record = member.state.record
        years = age_on(record.birth, sheet.as_of.valid_on)
        planned = sheet.planned.get(member.person_id)
        rows.append(
            MemberRow(
                person_id=member.person_id,
                position=position,
                name=record.name,
                kana=record.name_kana or "",
                relationship=relationship_word(record.relationship),
                birth=record.birth,
                age="" if years is None else str(years),
                sex=display("sex", record),
                settled_on=record.settled_on or record.resident_since or record.foreign_resident_since,
                settled_reason=reason_word(record.settled_reason or ""),
                state=display("status", record),
                removed=not record.is_resident,
                planned_on=planned.valid_from if planned else None,
                selected=member.person_id == selected,
            )
        )
    return rows


def item_rows(sheet: HouseholdSheet, member: Member) -> list[ItemRow]:
    """The person's items in certificate order, each with what brought it and when that was recorded."""
    record = member.state.record
    origins = sheet.sources[member.person_id]
    changes = {change.change_id: change for change in sheet.changes}
    rows = []
    for name in (*shown_fields(record), *NUMBERS):
        change = changes.get(origins[name])
        value = display(name, record)
        hidden = name in NUMBERS
        empty = getattr(record, name) is None
        birth = name == "birth" and record.birth.is_calendar and not record.is_foreign
        rows.append(
            ItemRow(
                label=LABELS[name],
                value="" if hidden else value,
                note=str(record.birth.on.year) if birth else "",
                register_face=name in REGISTER_FACE,
                number=name.removesuffix("_id") if hidden and not empty else "",
                source="" if empty or change is None else _source(change),
                recorded_on=None if empty or change is None else _day(change.recorded_at),
            )
        )
    return rows


def change_rows(sheet: HouseholdSheet, *, by_recording: bool = False) -> list[ChangeRow]:
    """The changes behind the household, newest first by change date or by recording."""
    ordered: Iterable[ChangeLine] = sheet.changes
    if by_recording:
        ordered = sorted(sheet.changes, key=lambda change: change.recorded_at, reverse=True)
    names = {m.person_id: m.state.record.name for m in (*sheet.members, *sheet.removed)}
    return [_change_row(change, names, sheet.as_of.valid_on) for change in ordered]


def _change_row(change: ChangeLine, names: dict[int, str], point: date) -> ChangeRow:
    before, to = _from_to(change.steps)
    return ChangeRow(
        change_id=change.change_id,
        change_date=change.change_date,
        reason=change.reason.word,
        ex_officio=change.basis is Basis.EX_OFFICIO,
        who=_who([names[step.person_id] for step in change.steps]),
        what=_what(change.steps),
        before=before,
        to=to,
        recorded_on=_day(change.recorded_at),
        officers="移行前" if change.taken_over else f"{change.entrant}／{change.reviewer or '—'}",
        corrected=change.corrected_by is not None,
        after=change.change_date.on > point,
    )


def _who(names: Sequence[str]) -> str:
    given = [name.replace("　", " ").rpartition(" ")[2] for name in names]
    return "・".join(given) if len(given) <= 2 else f"{len(given)}人"


def _what(steps: Sequence[Step]) -> str:
    first = steps[0]
    if first.before is None:
        return f"{first.after.previous_address}から" if first.after.previous_address else "記載"
    if first.before.is_resident and not first.after.is_resident:
        place = first.after.confirmed_address or first.after.planned_address
        return f"消除 {place}へ" if place else "消除 除票になる"
    if not first.before.is_resident and first.after.is_resident:
        return f"{first.after.previous_address}から 再転入" if first.after.previous_address else "再び記載"
    if first.before.address != first.after.address:
        return ""
    changed = [name for name in first.changed if name in LABELS and name != "household_id"]
    if changed == ["relationship"] or (changed and changed[0] == "relationship"):
        return LABELS["relationship"]
    return "・".join(LABELS[name] for name in changed[:3]) + ("ほか" if len(changed) > 3 else "") or "世帯の変更"


def _from_to(steps: Sequence[Step]) -> tuple[str, str]:
    """Old and new side of what a change is about, where one pair says it."""
    first = steps[0]
    if first.before is None or first.before.is_resident is not first.after.is_resident:
        return "", ""
    for name in ("address", "relationship"):
        before, to = display(name, first.before), display(name, first.after)
        if before != to:
            return before, to
    return "", ""


def _source(change: ChangeLine) -> str:
    return change.reason.word + {"notification": "届", "ex_officio": " 職権"}.get(change.basis.value, "")


def _day(instant: datetime) -> date:
    return instant.astimezone(JAPAN).date()


def _grouped(number: str) -> str:
    return f"{number[:4]}-{number[4:]}" if len(number) == 8 else number
