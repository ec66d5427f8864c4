"""留意事項 (STD 1.1.14, type B) that a clerk types with any change: whom it is about, and to which item it is tied."""

from collections.abc import Iterable
from dataclasses import replace

from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect, Note, Plan

_ITEMS = {
    Reason.MOVE_IN: "previous_address",
    Reason.MOVE_OUT: "planned_address",
    Reason.MOVE_OUT_ABROAD: "planned_address",
    Reason.MOVE_WITHIN: "address",
    Reason.BIRTH: "birth",
    Reason.HEAD_CHANGE: "relationship",
    Reason.HOUSEHOLD_SPLIT: "relationship",
    Reason.HOUSEHOLD_MERGE: "relationship",
    Reason.HOUSEHOLD_CHANGE: "relationship",
}
"""The item that a change is about; of special adoption the standard names the places of moves in and out."""
_BY_KIND = {"enter": "resident_since", "remove": "removed_on", "amend": "name"}
BETWEEN = "　"


def noted(plan: Plan, text: str | None) -> Plan:
    """The plan with a note for each of those who move by it; one that stands at the same item already keeps its words first."""
    if text is None:
        return plan
    items = {
        effect.person_id: _item(plan.reason, effect) for effect in reversed(plan.effects) if effect.role == "mover"
    }
    typed = [Note(person, item, text) for person, item in sorted(items.items())]
    return replace(plan, notes=_joined((*plan.notes, *typed)))


def _item(reason: Reason, effect: Effect) -> str:
    return _ITEMS.get(reason, _BY_KIND[effect.kind])


def _joined(notes: Iterable[Note]) -> tuple[Note, ...]:
    """One note for each item of a person."""
    found: dict[tuple[int, str], Note] = {}
    for note in notes:
        key = (note.person_id, note.item)
        known = found.get(key)
        found[key] = note if known is None else replace(known, text=f"{known.text}{BETWEEN}{note.text}")
    return tuple(found.values())
