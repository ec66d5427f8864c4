"""What the bulk writer takes: rows ready to be stored, with ids drawn and ranges final."""

from dataclasses import dataclass, field
from datetime import date, datetime

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.plan import ChangeKind, Role
from daicho.register.changes.timeline import EndRow, StateRow
from daicho.register.store.numbers import NumberKind


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row of `person`."""

    person_id: int
    addressee_number: str
    last_history_no: int
    last_recorded_at: datetime


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One row of `household`."""

    household_id: int
    household_number: str
    last_recorded_at: datetime


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number in clear; the writer seals it."""

    number_id: int
    person_id: int
    kind: NumberKind
    number: str = field(repr=False)
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One row of `change`."""

    change_id: int
    reason: Reason
    basis: Basis
    change_date: LegalDate
    notified_on: date | None
    recorded_at: datetime
    entrant: str
    reviewer: str | None
    decider: str | None
    terminal: str
    office: str
    taken_over: bool = False
    paired_with: int | None = None
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class ChangePersonRow:
    """One row of `change_person`."""

    change_id: int
    person_id: int
    kind: ChangeKind
    role: Role
    history_no: int


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One row of `change_note`."""

    change_id: int
    person_id: int
    item: str
    text: str


@dataclass(slots=True)
class Batch:
    """Whole households with all their people, at most `MOST_PERSONS` unless their histories tie more together."""

    persons: list[PersonRow] = field(default_factory=list)
    households: list[HouseholdRow] = field(default_factory=list)
    numbers: list[NumberRow] = field(default_factory=list)
    changes: list[ChangeRow] = field(default_factory=list)
    change_persons: list[ChangePersonRow] = field(default_factory=list)
    states: list[StateRow] = field(default_factory=list)
    ends: list[EndRow] = field(default_factory=list)
    notes: list[NoteRow] = field(default_factory=list)


MOST_PERSONS = 20_000
"""The largest batch (design, section 4)."""
