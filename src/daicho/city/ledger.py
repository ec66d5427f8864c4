"""A register in memory: what the store would hold, so that years of changes can be planned without a database.

It does what `register.store.commit` and `identities` do with a plan, on the same rows; the bulk writer stores the
result, and a test holds both equal.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from daicho.law.numbers import NumberRule, next_serial
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Before, Effect, HouseholdBefore, PersonBefore, Plan, State
from daicho.register.changes.timeline import EndRow, Rows, StateRow, apply_effects
from daicho.register.store.bulk_rows import (
    Batch,
    ChangePersonRow,
    ChangeRow,
    HouseholdRow,
    NoteRow,
    NumberRow,
    PersonRow,
)
from daicho.register.store.identities import ADDRESSEE_WIDTH, HOUSEHOLD_WIDTH
from daicho.register.store.taken_over import TakenOver, rows_of_household


@dataclass(slots=True)
class PersonEntry:
    """One person: rows no longer known to hold, and live ones by valid time."""

    addressee_number: str
    last_recorded_at: datetime
    last_history_no: int = 0
    closed: list[StateRow] = field(default_factory=list)
    live: list[StateRow] = field(default_factory=list)


@dataclass(slots=True)
class HouseholdEntry:
    """One household: whoever has or had a state in it."""

    household_number: str
    last_recorded_at: datetime
    people: set[int] = field(default_factory=set)


class Serials:
    """Addressee and household numbers of one neighbourhood: our own serials from a given start."""

    def __init__(self, addressee: int, household: int) -> None:
        """The serials after which counting begins."""
        self.addressee = addressee
        self.household = household

    def next_addressee(self) -> str:
        """The next addressee number."""
        self.addressee, number = next_serial(self.addressee, ADDRESSEE_WIDTH)
        return number

    def next_household(self) -> str:
        """The next household number."""
        self.household, number = next_serial(self.household, HOUSEHOLD_WIDTH)
        return number


@dataclass(frozen=True, slots=True)
class Officers:
    """Who stands in a change row."""

    entrant: str
    reviewer: str
    decider: str
    terminal: str
    office: str


class Ledger:
    """The register of one neighbourhood."""

    def __init__(self, ids: Iterator[int], serials: Serials) -> None:
        """`ids` gives fresh ids, rising."""
        self.ids = ids
        self.serials = serials
        self.persons: dict[int, PersonEntry] = {}
        self.households: dict[int, HouseholdEntry] = {}
        self.numbers: list[NumberRow] = []
        self._held: dict[tuple[str, int, str], int] = {}
        self._places: dict[int, int] = {}
        self.changes: list[ChangeRow] = []
        self.change_persons: list[ChangePersonRow] = []
        self.ends: list[EndRow] = []
        self.notes: list[NoteRow] = []

    def take_over(self, people: list[TakenOver], day: date, recorded_at: datetime) -> None:
        """Enter one household of the older register; its numbers must be in `numbers` already."""
        made = rows_of_household(people, day=day, recorded_at=recorded_at, ids=self.ids)
        self.changes += made.changes
        self.change_persons += made.change_persons
        for state in made.states:
            self._person(state.person_id, recorded_at).live.append(state)
            self.persons[state.person_id].last_history_no = 1
            self._household(state.record.household_id, recorded_at).people.add(state.person_id)

    def read_before(self, household_ids: Iterable[int], person_ids: Iterable[int], on: date) -> Before:
        """What `register.store.read.read_before` would answer; nobody is a candidate for anybody."""
        seen = {
            household_id: HouseholdBefore(
                household_id,
                self.households[household_id].household_number if household_id in self.households else None,
                tuple(self.person_before(person, on) for person in self._members(household_id, on)),
            )
            for household_id in sorted(set(household_ids))
        }
        persons = {person_id: self.person_before(person_id, on) for person_id in person_ids}
        return Before(on=on, households=seen, persons=persons, number_rule=NumberRule.SYNTHETIC)

    def person_before(self, person_id: int, on: date) -> PersonBefore:
        """The person as a plan sees it."""
        entry = self.persons.get(person_id)
        if entry is None:
            return PersonBefore(person_id, None, None)
        current = next((s for s in entry.live if s.valid_from <= on and (s.valid_to is None or s.valid_to > on)), None)
        earlier = tuple(_state(row) for row in entry.live if row.valid_to is not None and row.valid_to <= on)
        later = tuple(_state(row) for row in entry.live if row.valid_from > on)
        return PersonBefore(person_id, entry.addressee_number, _state(current) if current else None, later, earlier)

    def residents(self, household_id: int, on: date) -> list[StateRow]:
        """The states of those who live in the household on a day, in order."""
        rows = [
            row
            for person_id in self.households[household_id].people
            for row in self.persons[person_id].live
            if row.valid_from <= on
            and (row.valid_to is None or row.valid_to > on)
            and row.record.is_resident
            and row.record.household_id == household_id
        ]
        return sorted(rows, key=lambda row: (row.record.household_order, row.person_id))

    def register(self, plan: Plan, recorded_at: datetime, officers: Officers) -> int:
        """Do what the one door does; returns the id of the change."""
        removal_id = next(self.ids) if plan.removal is not None else None
        change_id = next(self.ids)
        if plan.removal is not None:
            self.changes.append(_change(removal_id or 0, plan.removal, plan, recorded_at, officers, change_id))
        self.changes.append(_change(change_id, plan.reason, plan, recorded_at, officers, removal_id))
        if removal_id is not None:
            self._end_records(plan, removal_id, change_id, recorded_at)
        self.notes += [NoteRow(change_id, note.person_id, note.item, note.text) for note in plan.notes]
        for household_id in sorted({effect.record.household_id for effect in plan.effects}):
            self._household(household_id, recorded_at)
        for person_id in plan.person_ids:
            self._apply(plan, person_id, change_id, recorded_at)
        return change_id

    def _end_records(self, plan: Plan, change_id: int, entry_id: int, recorded_at: datetime) -> None:
        """The ends of records that a pair brings, with the persons of its removing half; no change is taken back here."""
        for end in plan.ends:
            self.ends.append(EndRow(end, change_id, entry_id, recorded_at))
            history_no = self.persons[end.person_id].last_history_no
            self.change_persons.append(ChangePersonRow(change_id, end.person_id, "remove", "mover", history_no))

    def _apply(self, plan: Plan, person_id: int, change_id: int, recorded_at: datetime) -> None:
        entry = self._person(person_id, recorded_at)
        effects = [self._with_numbers(effect) for effect in plan.effects_of(person_id)]
        rows = apply_effects(
            entry.live,
            effects,
            change_id=change_id,
            recorded_at=recorded_at,
            next_history_no=entry.last_history_no + 1,
            state_ids=self.ids,
        )
        self.change_persons.append(
            ChangePersonRow(change_id, person_id, effects[0].kind, effects[0].role, entry.last_history_no + 1)
        )
        self._release(rows, recorded_at)
        ended = {row.state_id for row in rows.closed}
        entry.closed += rows.closed
        entry.live = sorted(
            [*(row for row in entry.live if row.state_id not in ended), *rows.written], key=lambda row: row.valid_from
        )
        entry.last_history_no += len(effects)
        entry.last_recorded_at = recorded_at
        for row in (*rows.closed, *rows.written):
            household = self._household(row.record.household_id, recorded_at)
            household.people.add(person_id)
            household.last_recorded_at = recorded_at

    def _with_numbers(self, effect: Effect) -> Effect:
        record = effect.record
        if effect.numbers.individual_number:
            number_id = self.hold("individual_number", effect.person_id, effect.numbers.individual_number)
            record = record.with_(individual_number_id=number_id)
        if effect.numbers.resident_code:
            number_id = self.hold("resident_code", effect.person_id, effect.numbers.resident_code)
            record = record.with_(resident_code_id=number_id)
        return effect if record is effect.record else replace(effect, record=record)

    def hold(self, kind: str, person_id: int, number: str) -> int:
        """Give a person a number, now if not before; returns its id."""
        key = (kind, person_id, number)
        if key not in self._held:
            self._held[key] = next(self.ids)
            self._places[self._held[key]] = len(self.numbers)
            self.numbers.append(NumberRow(self._held[key], person_id, kind, number))  # type: ignore[arg-type]
        return self._held[key]

    def _release(self, rows: Rows, recorded_at: datetime) -> None:
        """Let go of the numbers that a change replaced, as `identities.release` does."""
        for number_id in _number_ids(rows.closed) - _number_ids(rows.written[-1:]):
            place = self._places[number_id]
            if self.numbers[place].released_at is None:
                self.numbers[place] = replace(self.numbers[place], released_at=recorded_at)

    def _members(self, household_id: int, on: date) -> list[int]:
        entry = self.households.get(household_id)
        if entry is None:
            return []
        found = []
        for person_id in entry.people:
            orders = [
                row.record.household_order
                for row in self.persons[person_id].live
                if row.record.household_id == household_id
                and row.record.is_resident
                and (row.valid_to is None or row.valid_to > on)
            ]
            if orders:
                found.append((min(orders), person_id))
        return [person_id for _, person_id in sorted(found)]

    def _person(self, person_id: int, recorded_at: datetime) -> PersonEntry:
        if person_id not in self.persons:
            self.persons[person_id] = PersonEntry(self.serials.next_addressee(), recorded_at)
        return self.persons[person_id]

    def _household(self, household_id: int, recorded_at: datetime) -> HouseholdEntry:
        if household_id not in self.households:
            self.households[household_id] = HouseholdEntry(self.serials.next_household(), recorded_at)
        return self.households[household_id]

    def batch(self) -> Batch:
        """Everything as rows for the bulk writer."""
        return Batch(
            persons=[
                PersonRow(person_id, entry.addressee_number, entry.last_history_no, entry.last_recorded_at)
                for person_id, entry in self.persons.items()
            ],
            households=[
                HouseholdRow(household_id, entry.household_number, entry.last_recorded_at)
                for household_id, entry in self.households.items()
            ],
            numbers=self.numbers,
            changes=self.changes,
            change_persons=self.change_persons,
            states=[row for entry in self.persons.values() for row in (*entry.closed, *entry.live)],
            ends=self.ends,
            notes=self.notes,
        )


def _change(
    change_id: int, reason: Reason, plan: Plan, recorded_at: datetime, officers: Officers, paired_with: int | None
) -> ChangeRow:
    return ChangeRow(
        change_id=change_id,
        reason=reason,
        basis=plan.basis,
        change_date=plan.change_date,
        notified_on=plan.notified_on,
        recorded_at=recorded_at,
        entrant=officers.entrant,
        reviewer=officers.reviewer,
        decider=officers.decider,
        terminal=officers.terminal,
        office=officers.office,
        ground=plan.ground,
        paired_with=paired_with,
    )


def _number_ids(rows: Iterable[StateRow]) -> set[int]:
    ids = (one for row in rows for one in (row.record.individual_number_id, row.record.resident_code_id))
    return {one for one in ids if one is not None}


def _state(row: StateRow) -> State:
    return State(
        state_id=row.state_id,
        person_id=row.person_id,
        history_no=row.history_no,
        valid_from=row.valid_from,
        record=row.record,
    )
