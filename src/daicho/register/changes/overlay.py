"""Amending one person's record from a day on without losing what is planned for later."""

from datetime import date
from typing import Any

from daicho.law.eras import format_wareki
from daicho.register.changes.errors import LaterChangeExists, NotResident
from daicho.register.changes.plan import Effect, PersonBefore, Role, State


def resident_state(person: PersonBefore, field: str | None = None) -> State:
    """The person's state on the change date; raises NotResident when it is no resident record."""
    if person.current is None or not person.current.record.is_resident:
        raise NotResident(field)
    return person.current


def check_only_removal_later(person: PersonBefore) -> None:
    """Raises LaterChangeExists when a later state is anything but the planned removal of this record.

    A removed state of a later record ends that one: the record of today has ended before (decision 0014).
    """
    number = resident_state(person).record.record_no
    for state in person.later:
        if state.record.is_resident or state.record.record_no != number:
            raise LaterChangeExists(shown=format_wareki(state.valid_from))


def check_nothing_later(person: PersonBefore) -> None:
    """Raises LaterChangeExists when anything is registered from a later day, a planned removal included."""
    for state in person.later:
        raise LaterChangeExists(shown=format_wareki(state.valid_from))


def amend_from(person: PersonBefore, on: date, role: Role = "affected", **changes: Any) -> tuple[Effect, ...]:
    """The effects that change the given fields of a resident from `on`; a planned removal keeps its day.

    The removed record written for later gets the same fields, so that it ends what really was. Raises NotResident,
    and LaterChangeExists for any other later state.
    """
    current = resident_state(person)
    check_only_removal_later(person)
    first = Effect(person.person_id, "amend", role, on, current.record.with_(**changes))
    carried = (
        Effect(person.person_id, "amend", role, state.valid_from, state.record.with_(**changes))
        for state in person.later
    )
    return (first, *carried)
