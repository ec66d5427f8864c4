"""What the household screen shows, made from a sheet of the store: rows in words, nothing decided here about rights."""

from dataclasses import dataclass
from datetime import date

from daicho.law.dates import LegalDate, age_on
from daicho.law.reasons import UnknownReason, find_reason
from daicho.law.towns import municipalities
from daicho.register.changes.record import ResidentRecord
from daicho.register.screens import words
from daicho.register.screens.labels import display, relationship_word
from daicho.register.store.access import HouseholdSheet, Member

LONG_NAME = 14
HIDDEN_FLAG = ("区分 K", "safe", "shield-alert")
"""What stands beside a hidden person, readable from a distance and telling nothing (ux.md 3.5)."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of the members' table."""

    person_id: int
    position: int
    name: str
    kana: str
    relationship: str
    birth: LegalDate
    is_foreign: bool
    age: str
    sex: str
    settled_on: LegalDate | None
    settled_reason: str
    state: str
    removed: bool
    planned_on: date | None
    corrected: bool
    selected: bool
    hidden: bool
    suppressed: bool

    @property
    def long(self) -> bool:
        """Whether name and kana are set smaller and may take two lines."""
        return len(self.name) > LONG_NAME


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
    if member.hidden:
        flags.append(HIDDEN_FLAG)
    elif not record.is_resident:
        flags.append(("除票", "", ""))
    elif planned is not None:
        flags.append(("転出予定", "info", ""))
    else:
        flags.append(("現存", "ok", "circle-check"))
    if member.person_id in sheet.opened:
        flags.append(("区分 K 開示中", "safe", "eye"))
    if member.person_id in sheet.suppressed:
        flags.append(("抑止", "stop", "octagon-x"))
    if open_case:
        flags.append((f"仮登録中 {open_case}", "warn", "hourglass"))
    return {
        "name": record.name,
        "kana": record.name_kana or "",
        "birth": record.birth,
        "is_foreign": record.is_foreign,
        "age": age_on(record.birth, sheet.as_of.valid_on),
        "sex": display("sex", record),
        "address": full_address(record),
        "household": _grouped(sheet.household_number),
        "role": relationship_word(record.relationship),
        "flags": flags,
        "masked": member.hidden,
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
                is_foreign=record.is_foreign,
                age="" if years is None else str(years),
                sex=display("sex", record),
                settled_on=record.settled_on or record.resident_since or record.foreign_resident_since,
                settled_reason=_settled_reason(record),
                state=display("status", record),
                removed=not record.is_resident,
                planned_on=planned.valid_from if planned else None,
                corrected=member.person_id in sheet.corrected,
                selected=member.person_id == selected,
                hidden=member.hidden,
                suppressed=member.person_id in sheet.suppressed,
            )
        )
    return rows


def _settled_reason(record: ResidentRecord) -> str:
    """転入, 転居 …; a word taken over that is none of ours is shown as it is."""
    text = record.settled_reason or ""
    try:
        return words.reason_word(find_reason(text))
    except UnknownReason:
        return text


def _grouped(number: str) -> str:
    return f"{number[:4]}-{number[4:]}" if len(number) == 8 else number
