"""One record removed and the next one entered on one day, for somebody who stays (帰化, 国籍喪失, 改製, 再製; decision 0014).

The person keeps addressee number, household and place in it. The next record has the next number and takes over what the change
says; the former one ends as a removed record that is read back from its last state (`store.removed`).
"""

from dataclasses import replace
from datetime import date
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.overlay import amend_from, resident_state
from daicho.register.changes.plan import Effect, PersonBefore, RecordEnd


def next_record(person: PersonBefore, on: date, **items: Any) -> tuple[Effect, ...]:
    """The effects that begin the person's next record with these items changed; a planned removal keeps its day.

    Raises NotResident, and LaterChangeExists for any other later state.
    """
    number = resident_state(person).record.record_no + 1
    first, *later = amend_from(person, on, "mover", record_no=number, **items)
    return (replace(first, kind="enter"), *later)


def record_end(
    person: PersonBefore, removal: Reason, on: LegalDate, notified_on: date | None, basis: Basis
) -> RecordEnd:
    """The end of the record in which the person stands."""
    return RecordEnd(
        person_id=person.person_id,
        record_no=resident_state(person).record.record_no,
        removed_on=on,
        removed_notified_on=notified_on,
        removed_reason=removal.word,
        removed_basis=basis.word,
    )
