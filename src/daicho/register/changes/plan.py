"""What every change works with: what it saw (`Before`), what it wants (`Plan`).

A change is a pure function `plan(before, notification, today) -> Plan`. It knows nothing of tables or clocks and
raises the errors of the law. Ids of new persons and households are drawn before (they carry no meaning), so a
plan can be repeated and compared. Addressee and household numbers are given at registration.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from daicho.law.dates import LegalDate
from daicho.law.numbers import NumberRule
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.known import Past
from daicho.register.changes.record import ResidentRecord

ChangeKind = Literal["enter", "remove", "amend"]
"""記載, 消除, 修正."""

Role = Literal["mover", "affected"]
"""異動者, or somebody whose record the change touches without being notified (a relationship that follows)."""


@dataclass(frozen=True, slots=True)
class State:
    """One live state of one person: `record` holds from `valid_from` until the person's next state."""

    state_id: int
    person_id: int
    history_no: int
    valid_from: date
    record: ResidentRecord


@dataclass(frozen=True, slots=True)
class PersonBefore:
    """A person as known now.

    `current` is the state on the change date, None when the person has none then; `later` are the live states
    that begin after it (a planned move-out, or a change already registered for a later date), `earlier` those that
    ended by then. All three together are everything known of the person now, by rising day.
    """

    person_id: int
    addressee_number: str | None
    current: State | None
    later: tuple[State, ...] = ()
    earlier: tuple[State, ...] = ()

    @property
    def states(self) -> tuple[State, ...]:
        """Every live state by rising day."""
        return (*self.earlier, *((self.current,) if self.current is not None else ()), *self.later)


@dataclass(frozen=True, slots=True)
class HouseholdBefore:
    """A household as known now: its members in order. A household that does not exist yet has none.

    Members are all persons whose resident record stands in this household on the change date or later: planned leavers,
    and whoever came in since when the change date lies in the past.
    """

    household_id: int
    household_number: str | None
    members: tuple[PersonBefore, ...]

    @property
    def residents(self) -> tuple[PersonBefore, ...]:
        """Members who live in this household on the change date, in order."""
        return tuple(
            member
            for member in self.members
            if member.current is not None
            and member.current.record.household_id == self.household_id
            and member.current.record.is_resident
        )

    @property
    def head(self) -> PersonBefore | None:
        """The head (世帯主), or None for a household without one."""
        for member in self.residents:
            if member.current is not None and member.current.record.relationship == "02":
                return member
        return None


Match = Literal["number", "three_items", "similar"]
"""Found by individual number, resident code or residence card; by name, sex and birth date (STD 4.1.1.2); or like it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in the register who may be the person to be entered as `person_id`."""

    person_id: int
    candidate_id: int
    match: Match
    is_resident: bool


@dataclass(frozen=True, slots=True)
class Before:
    """Everything a plan may look at, read as one picture for the change date `on`.

    `candidates` are found by the store for the persons that `catalogue.newcomers` names; `number_rule` is the
    tenant's, so that a number with a wrong check digit never gets past a plan. `past` is the known axis of everybody
    seen, read only for a change that takes another one back (`catalogue.Change.needs_past`).
    """

    on: date
    households: Mapping[int, HouseholdBefore]
    persons: Mapping[int, PersonBefore]
    candidates: tuple[Candidate, ...] = ()
    number_rule: NumberRule = NumberRule.REAL
    past: Past | None = None

    def fingerprint(self) -> tuple[tuple[int, int], ...]:
        """(person id, state id) of every state seen, past ones included, sorted: equal when nothing has changed since."""
        return tuple(sorted({(s.person_id, s.state_id) for s in self._states()}))

    def _states(self) -> Iterator[State]:
        people = [m for household in self.households.values() for m in household.members]
        for person in (*people, *self.persons.values()):
            yield from person.states

    def household(self, household_id: int) -> HouseholdBefore:
        """The household, empty when it does not exist yet."""
        return self.households.get(household_id) or HouseholdBefore(household_id, None, ())

    def person(self, person_id: int) -> PersonBefore:
        """The person, without any state when not known yet."""
        for household in self.households.values():
            for member in household.members:
                if member.person_id == person_id:
                    return member
        return self.persons.get(person_id) or PersonBefore(person_id, None, None)


class Scope(NamedTuple):
    """What a change must see and lock: households (with all members) and further persons, each in rising order."""

    household_ids: tuple[int, ...]
    person_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NewNumbers:
    """Numbers in clear that a change brings; stored encrypted at registration, never logged.

    A number given here replaces the id in the record, unless it is the one that the person holds already.
    `code_from_stock`: a free resident code is drawn at registration (STD 4.3.1).
    """

    individual_number: str | None = field(default=None, repr=False)
    resident_code: str | None = field(default=None, repr=False)
    code_from_stock: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """One person's record from `valid_from` on: replaces whatever is known from that day on.

    A person may have several effects with rising `valid_from`, when a planned later state must be kept.
    """

    person_id: int
    kind: ChangeKind
    role: Role
    valid_from: date
    record: ResidentRecord
    numbers: NewNumbers = NewNumbers()


@dataclass(frozen=True, slots=True)
class Alert:
    """Something the clerk must see at the check page. `tier` as in ux.md 3.4 (1 note, 2 warning, 3 stop)."""

    code: str
    tier: Literal[1, 2, 3]
    sentence: str
    person_id: int | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """留意事項 (STD 1.1.14, type B): a note tied to an item (field of the record) of one person in this change."""

    person_id: int
    item: str
    text: str


@dataclass(frozen=True, slots=True)
class RecordEnd:
    """The end of one resident record of a person who goes on with another record (除票, 改製原; decision 0014).

    The fields are those that a removed record adds to its last state, named as in the record (items 54-57).
    """

    person_id: int
    record_no: int
    removed_on: LegalDate
    removed_notified_on: date | None
    removed_reason: str
    removed_basis: str

    def of(self, record: ResidentRecord) -> ResidentRecord:
        """The removed record: the last state with its end."""
        return record.with_(
            status="removed",
            removed_on=self.removed_on,
            removed_notified_on=self.removed_notified_on,
            removed_reason=self.removed_reason,
            removed_basis=self.removed_basis,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be registered when the case is decided.

    `cancels` and `corrects` name the change that this one takes back or puts right (STD 4.6, 4.2.3.3). With `removal`
    the plan is a pair: one record is removed by that reason and another entered by `reason`, on one day, as two changes
    in one act. `ends` are the records that end. `ground` is the code of `grounds` on which a record is
    amended without a notification.
    """

    reason: Reason
    basis: Basis
    change_date: LegalDate
    notified_on: date | None
    effects: tuple[Effect, ...]
    alerts: tuple[Alert, ...] = ()
    notes: tuple[Note, ...] = ()
    cancels: int | None = None
    corrects: int | None = None
    removal: Reason | None = None
    ends: tuple[RecordEnd, ...] = ()
    ground: str | None = None

    def effects_of(self, person_id: int) -> tuple[Effect, ...]:
        """The effects on one person, by rising date."""
        return tuple(sorted((e for e in self.effects if e.person_id == person_id), key=lambda e: e.valid_from))

    @property
    def person_ids(self) -> tuple[int, ...]:
        """Every person touched, sorted."""
        return tuple(sorted({e.person_id for e in self.effects}))
