"""A household sheet as an officer may see it: hidden persons without place, their way not told, nor who shelters them.

A household in which a hidden person lives now is veiled: it has no number, no changes, and only those of one kind are
listed together, the protected ones or the others, so that neither leads to the other.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from daicho.register.store.shield import Shield, masked_row

if TYPE_CHECKING:
    from daicho.register.store.access import ChangeLine, HouseholdSheet, Member


def veil(sheet: "HouseholdSheet", shield: Shield, about: int | None) -> "HouseholdSheet":
    """The sheet with everything taken out that `shield` hides; somebody is always left. `about`: who is asked for."""
    sheet = replace(sheet, opened=shield.opened)
    if not shield.hidden:
        return sheet
    members, removed = sheet.members, sheet.removed
    veiled = sheet.household_id in shield.homes
    if veiled:
        kind = _kind_asked_for((*members, *removed), shield, about)
        members = tuple(one for one in members if _kind(one, shield) == kind)
        removed = tuple(one for one in removed if _kind(one, shield) == kind)
    shown = {one.person_id for one in (*members, *removed)}
    told = {person for person in sheet.names if person not in shield.hidden and (not veiled or person in shown)}
    hides_place = veiled and bool(shown & shield.hidden)
    return replace(
        sheet,
        household_number="" if hides_place else sheet.household_number,
        members=tuple(_masked(one, shield) for one in members),
        removed=tuple(_masked(one, shield) for one in removed),
        changes=_lines(sheet.changes, told),
        later=_lines(sheet.later, told),
        names={person: name for person, name in sheet.names.items() if person in told or person in shown},
        corrected=sheet.corrected & told,
        sources={person: {} if person in shield.hidden else sheet.sources[person] for person in shown},
        former={
            person: kept for person, kept in sheet.former.items() if person in shown and person not in shield.hidden
        },
        planned={person: row for person, row in sheet.planned.items() if person in told},
        hidden=shield.hidden & shown,
        veiled=hides_place,
    )


def _kind(member: "Member", shield: Shield) -> str:
    if not shield.hides(member.person_id):
        return "open"
    return "own" if member.person_id in shield.own else "roof"


def _kind_asked_for(people: Sequence["Member"], shield: Shield, about: int | None) -> str:
    kinds = {one.person_id: _kind(one, shield) for one in people}
    if about in kinds:
        return kinds[about]
    return next((kind for kind in ("open", "roof") if kind in kinds.values()), "own")


def _masked(member: "Member", shield: Shield) -> "Member":
    if not shield.hides(member.person_id):
        return member
    return replace(member, state=masked_row(member.state), hidden=True)


def _lines(lines: Sequence["ChangeLine"], told: set[int]) -> tuple["ChangeLine", ...]:
    """The changes with the steps of those whose way may be told; a change without any is not there."""
    kept = [replace(line, steps=tuple(step for step in line.steps if step.person_id in told)) for line in lines]
    return tuple(line for line in kept if line.steps)
