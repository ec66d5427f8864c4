"""異動の履歴: the changes behind a household in rows, with marks for what came later or was corrected (S07, S08)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.japan import JAPAN
from daicho.law.reasons import Basis, Reason
from daicho.law.towns import municipality_of
from daicho.register.screens.labels import LABELS, display, town_part
from daicho.register.screens.words import reason_word
from daicho.register.store.access import AsOf, ChangeLine, HouseholdSheet
from daicho.register.store.history import Step

LATER_CHANGE, LATER_RECORD, CORRECTED, CORRECTION = "異動が後", "登録が後", "後に訂正", "訂正"
CANCELLED, PARTLY, CANCELLED_LATER = "取消済", "一部取消済", "後に取消"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of the list; `marks` say how it stands to the point shown, `later` that it lies behind it.

    `basis`: what it rests on, blank for a notification.
    """

    people: tuple[int, ...]
    subjects: tuple[int, ...]
    change_date: LegalDate
    reason: str
    basis: str
    who: str
    what: str
    before: str
    to: str
    moved: bool
    recorded_on: date
    officers: str
    marks: tuple[str, ...]
    later: bool
    change_id: int | None
    """What can be taken back from this line; None where it stands for several changes or is taken back already."""
    cancelled_id: int | None
    """What is taken back already; None while it counts, and where the line stands for several changes."""

    @property
    def struck(self) -> bool:
        """Whether the change counts no more."""
        return CANCELLED in self.marks


def change_rows(
    sheet: HouseholdSheet,
    officers: Mapping[str, str],
    *,
    by_recording: bool = False,
    person_id: int | None = None,
    point: AsOf | None = None,
) -> list[ChangeRow]:
    """Newest first by change date or by recording; what was taken over alike for several people is one line.

    `person_id`: only what touches this person. `point`: what the marks refer to, where the sheet shows another one.
    """
    lines = [*sheet.changes, *sheet.later]
    lines.sort(key=lambda c: (c.recorded_at, c.change_date.on) if by_recording else (c.change_date.on, c.recorded_at))
    rows: dict[tuple[object, ...], ChangeRow] = {}
    for line in reversed(lines):
        row = _row(line, sheet, officers, point or sheet.as_of)
        key = (
            row.recorded_on if line.taken_over else line.change_id,
            row.change_date,
            row.reason,
            row.what,
            row.before,
            row.to,
            row.officers,
            row.marks,
        )
        known = rows.get(key)
        people = (*known.people, *row.people) if known else row.people
        subjects = (*known.subjects, *row.subjects) if known else row.subjects
        who = _who([sheet.names[one] for one in subjects])
        ids = (None, None) if known else (row.change_id, row.cancelled_id)
        rows[key] = replace(row, people=people, subjects=subjects, who=who, change_id=ids[0], cancelled_id=ids[1])
    return [row for row in rows.values() if person_id is None or person_id in row.people]


def note(rows: Sequence[ChangeRow]) -> str:
    """この時点の後に 異動2件・訂正1件, or how many lines there are."""
    changes = sum(LATER_CHANGE in row.marks for row in rows)
    records = sum(LATER_RECORD in row.marks for row in rows)
    parts = [*([f"異動{changes}件"] if changes else []), *([f"登録{records}件"] if records else [])]
    return f"この時点の後に {'・'.join(parts)}" if parts else f"{len(rows)}件"


def event_days(sheet: HouseholdSheet) -> list[date]:
    """The days on which something changed, as known now, oldest first."""
    return sorted({change.change_date.on for change in (*sheet.changes, *sheet.later)})


def _row(change: ChangeLine, sheet: HouseholdSheet, officers: Mapping[str, str], point: AsOf) -> ChangeRow:
    main = _main_steps(change.steps)
    before, to, moved = _from_to(main[0], sheet.household_id)
    marks = _marks(change, point)
    whole = change.cancelled is not None and change.cancelled.whole
    return ChangeRow(
        people=tuple(step.person_id for step in change.steps),
        subjects=tuple(step.person_id for step in main),
        change_date=change.change_date,
        reason=reason_word(change.reason),
        basis="" if change.basis is Basis.NOTIFICATION else change.basis.word,
        who="",
        what=_cancels(change, sheet)
        or _what(main, sheet.household_id, taken_over=change.taken_over)
        + (" ほかの人の続柄も" if len(main) < len(change.steps) else ""),
        before=before,
        to=to,
        moved=moved,
        recorded_on=change.recorded_at.astimezone(JAPAN).date(),
        officers="移行" if change.taken_over else _officers(change, officers),
        marks=marks,
        later=LATER_CHANGE in marks or LATER_RECORD in marks,
        change_id=None if whole else change.change_id,
        cancelled_id=change.change_id if whole else None,
    )


def _marks(change: ChangeLine, point: AsOf) -> tuple[str, ...]:
    if change.change_date.on > point.valid_on:
        return (LATER_CHANGE, *_cancelled(change, point))
    if point.known_at is not None and change.recorded_at > point.known_at:
        return (LATER_RECORD,)
    return (
        *((CORRECTION,) if change.corrects or change.reason is Reason.ERROR_CORRECTION else ()),
        *((CORRECTED,) if change.corrected_by is not None else ()),
        *_cancelled(change, point),
    )


def _cancels(change: ChangeLine, sheet: HouseholdSheet) -> str:
    """What a cancellation takes back, where that stands in the same list."""
    for one in (*sheet.changes, *sheet.later):
        if one.change_id == change.cancels:
            return f"{one.change_date.wareki}の{reason_word(one.reason)}を取り消す"
    return ""


def _cancelled(change: ChangeLine, point: AsOf) -> tuple[str, ...]:
    if change.cancelled is None:
        return ()
    if point.known_at is not None and change.cancelled.at > point.known_at:
        return (CANCELLED_LATER,)
    return (CANCELLED if change.cancelled.whole else PARTLY,)


def _officers(change: ChangeLine, names: Mapping[str, str]) -> str:
    return "／".join(_family_name(names.get(one, one)) if one else "—" for one in (change.entrant, change.reviewer))


def _family_name(name: str) -> str:
    return name.split(maxsplit=1)[0] if name.split() else name


def _who(names: Sequence[str]) -> str:
    given = [name.replace("\u3000", " ").rpartition(" ")[2] for name in names]
    return "・".join(given) if len(given) <= 2 else f"{len(given)}人"


def _main_steps(steps: Sequence[Step]) -> Sequence[Step]:
    """Those who entered or were removed by a change that only adjusted the others, else everybody."""
    main = [step for step in steps if step.before is None or step.before.is_resident is not step.after.is_resident]
    return main or steps


def _what(steps: Sequence[Step], household_id: int, *, taken_over: bool) -> str:
    first = steps[0]
    if first.before is None:
        return _entered(steps, taken_over=taken_over) if first.after.is_resident else _removed(first)
    if first.before.is_resident is not first.after.is_resident:
        return _removed(first) if first.before.is_resident else f"再び {_entered(steps, taken_over=taken_over)}"
    if first.before.record_no != first.after.record_no:
        return "記載 次の住民票"
    if first.after.household_id != household_id:
        return "この世帯から出た"
    if first.before.address != first.after.address:
        return ""
    return "この世帯に入った" if first.before.household_id != household_id else _changed_fields(first)


def _removed(step: Step) -> str:
    place = step.after.confirmed_address or step.after.planned_address
    return f"消除 {_city(place)}へ" if place else "消除 除票になる"


def _entered(steps: Sequence[Step], *, taken_over: bool) -> str:
    """From where, and whether into a household that was there; of what was taken over only from where is known."""
    place = steps[0].after.previous_address
    if not place:
        return "記載"
    into = "新しい世帯" if any(step.after.relationship == "02" for step in steps) else "この世帯へ"
    return f"{_city(place)}から" if taken_over else f"{_city(place)}から {into}"


def _changed_fields(step: Step) -> str:
    if "relationship" in step.changed:
        return LABELS["relationship"]
    changed = [name for name in step.changed if name in LABELS and name != "household_id"]
    return "・".join(LABELS[name] for name in changed[:3]) + ("ほか" if len(changed) > 3 else "") or "世帯の変更"


def _from_to(step: Step, household_id: int) -> tuple[str, str, bool]:
    """Old and new side of what a change is about, where one pair says it, and whether it is a move.

    Not where somebody went who left this household.
    """
    if step.before is None or step.before.is_resident is not step.after.is_resident:
        return "", "", False
    if step.after.household_id != household_id:
        return "", "", False
    if step.before.address != step.after.address:
        return town_part(step.before.address), step.after.address, True
    before, to = display("relationship", step.before), display("relationship", step.after)
    return (before, to, False) if before != to else ("", "", False)


def _city(address: str) -> str:
    """The municipality of an address outside, without the own prefecture; an unknown place as it stands."""
    found = municipality_of(address)
    return found.name.removeprefix("埼玉県") if found else address
