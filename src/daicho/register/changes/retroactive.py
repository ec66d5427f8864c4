"""Putting a record right in the past: fields set from a day on, through all later states (design, section 4).

An effect replaces everything known of a person from its day on, so a change for a past day must write again what was
registered since. This module does it field by field: what a later change set by itself stays, on its own days.

How a change uses it (誤記修正 is the plainest):

    line = line_of(before.person(person_id))                      # everything known of the person, by rising day
    line = set_fields(line, on, name="渡邊　大輔")                  # right from that day on, later states included
    line = set_fields(line, other_day, sex="1")                   # as often as needed; days may come in any order
    effects = effects_to(before.person(person_id), line, role="mover")

* `on` may lie before the change date as well (`PersonBefore.earlier`), but not before the person's first state.
* A field stops being set at the first later state whose value differs from that of the state before it: there another
  change set it. `set_fields(..., until=day)` stops on a given day instead, `set_everywhere` never stops.
* `effects_to` gives one effect for each state from the first difference on, with rising days; () when nothing differs.
  The change date of the plan is the caller's affair; the first effect may lie before it, and `Before.on` must then lie
  on or before that day, for the members of the households are read from `Before.on` on.
* Hold the household rules afterwards, as every change does: `check_households(before, effects)`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from daicho.law.eras import format_wareki
from daicho.register.changes.errors import NotRegisteredThen
from daicho.register.changes.plan import ChangeKind, Effect, PersonBefore, Role
from daicho.register.changes.record import ResidentRecord

Line = tuple[tuple[date, ResidentRecord], ...]
"""The records of one person with the day from which each holds, by rising day; the last one holds for good."""


def line_of(person: PersonBefore) -> Line:
    """Everything known of a person now."""
    return tuple((state.valid_from, state.record) for state in person.states)


def record_on(line: Line, day: date) -> ResidentRecord | None:
    """The record that holds on a day, None before the first."""
    found = None
    for begins, record in line:
        if begins > day:
            break
        found = record
    return found


def split_at(line: Line, day: date) -> Line:
    """The same line with a record beginning on that day. Raises NotRegisteredThen before the first state."""
    record = record_on(line, day)
    if record is None:
        raise NotRegisteredThen(shown=format_wareki(day))
    if any(begins == day for begins, _ in line):
        return line
    return tuple(sorted((*line, (day, record)), key=lambda entry: entry[0]))


def set_fields(line: Line, on: date, *, until: date | None = None, within: int | None = None, **values: Any) -> Line:
    """Set each field from `on` until another change set it, or until the given day at the latest.

    With `within` only on days in that household: what belongs to another one is left alone. Raises NotRegisteredThen, and KeyError for an unknown field.
    """
    parts = split_at(line, on)
    if until is not None:
        parts = split_at(parts, until)
    old = next(record for begins, record in parts if begins == on)
    old.with_(**values)  # an unknown name is a KeyError
    open_fields = dict(values)
    done: list[tuple[date, ResidentRecord]] = []
    for begins, record in parts:
        if begins < on or within not in (None, record.household_id):
            done.append((begins, record))
            continue
        if until is not None and begins >= until:
            open_fields = {}
        open_fields = {
            name: value for name, value in open_fields.items() if getattr(record, name) == getattr(old, name)
        }
        done.append((begins, record.with_(**open_fields)))
    return merged(done)


def set_everywhere(line: Line, on: date, **values: Any) -> Line:
    """Set each field from `on` on in every later state, whatever stands there. Raises NotRegisteredThen, KeyError."""
    return merged(
        [(begins, record.with_(**values) if begins >= on else record) for begins, record in split_at(line, on)]
    )


def merged(line: Sequence[tuple[date, ResidentRecord]]) -> Line:
    """The line without days on which nothing changes."""
    kept: list[tuple[date, ResidentRecord]] = []
    for begins, record in line:
        if not kept or kept[-1][1] != record:
            kept.append((begins, record))
    return tuple(kept)


def effects_to(person: PersonBefore, line: Line, role: Role = "affected") -> tuple[Effect, ...]:
    """The effects that turn what is known of a person into `line`, from the first difference on; () for none."""
    first = first_difference(line_of(person), line)
    return () if first is None else effects_from(person, line, first, role)


def effects_from(person: PersonBefore, line: Line, first: date, role: Role = "affected") -> tuple[Effect, ...]:
    """The effects that write `line` from a day on, whether anything differs or not."""
    now = line_of(person)
    parts = split_at(line, first)
    return tuple(
        Effect(person.person_id, _kind(record_on(now, begins), record), role, begins, record)
        for begins, record in parts
        if begins >= first
    )


def first_difference(one: Line, other: Line) -> date | None:
    """The first day on which two lines differ; None when they never do."""
    for day in sorted({begins for begins, _ in (*one, *other)}):
        if record_on(one, day) != record_on(other, day):
            return day
    return None


def _kind(before: ResidentRecord | None, after: ResidentRecord) -> ChangeKind:
    """記載, 消除 or 修正, against what was known of that day."""
    was_resident = before is not None and before.is_resident
    if was_resident == after.is_resident:
        return "amend"
    return "enter" if after.is_resident else "remove"
