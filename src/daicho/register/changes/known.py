"""The known axis as a plan sees it: every row that was ever written of some people, and the changes that wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.record import ResidentRecord


@dataclass(frozen=True, slots=True)
class StateRow:
    """One row of `resident_state`. Ranges are half open; None means without end."""

    state_id: int
    person_id: int
    history_no: int
    made_by: int  # the change that first made this content
    written_by: int  # the change that wrote this row
    valid_from: date
    valid_to: date | None
    known_from: datetime
    known_to: datetime | None
    record: ResidentRecord


@dataclass(frozen=True, slots=True)
class Part:
    """What a change was to one person: kind 記載, 消除 or 修正; role mover (異動者) or affected."""

    kind: Literal["enter", "remove", "amend"]
    role: Literal["mover", "affected"]


@dataclass(frozen=True, slots=True)
class PastChange:
    """One registered change with everybody whose record it wrote."""

    change_id: int
    reason: Reason
    change_date: LegalDate
    recorded_at: datetime
    cancels: int | None
    corrects: int | None
    people: Mapping[int, Part]


@dataclass(frozen=True, slots=True)
class Past:
    """Everything that was ever written of the people of a change, by person, in the order in which it was written.

    `changes` holds every change that wrote any of it, and those that these take back.
    """

    rows: Mapping[int, tuple[StateRow, ...]]
    changes: Mapping[int, PastChange]

    def is_in_force(self, change_id: int, person_id: int, *, without: int | None = None) -> bool:
        """Whether a change counts for a person: nothing that counts takes it back. `without` is thought away."""
        return change_id != without and not any(
            one.cancels == change_id
            and person_id in one.people
            and self.is_in_force(one.change_id, person_id, without=without)
            for one in self.changes.values()
        )

    def until(self, change_id: int) -> "Past":
        """The same rows with the changes that were registered by then, this one included."""
        at = self.changes[change_id].recorded_at
        return Past(self.rows, {one.change_id: one for one in self.changes.values() if one.recorded_at <= at})

    def rows_before(self, change_id: int, person_id: int) -> tuple[StateRow, ...]:
        """What was known of a person just before a change was registered, by rising day."""
        at = self.changes[change_id].recorded_at
        known = [
            r for r in self.rows.get(person_id, ()) if r.known_from < at and (r.known_to is None or r.known_to >= at)
        ]
        return tuple(sorted(known, key=lambda row: row.valid_from))


def shown(change: PastChange) -> str:
    """A change as errors and alerts name it: word and date, no person."""
    return f"{change.reason.word}（{change.change_date.wareki}）"
