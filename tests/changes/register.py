"""A register in memory for property tests: the rows of every person on both axes, changed only by plans."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, count, pairwise
from typing import Any

from daicho.law.numbers import NumberRule
from daicho.register.changes.known import Part, Past, PastChange
from daicho.register.changes.plan import Before, HouseholdBefore, PersonBefore, Plan, Scope, State
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.timeline import EndRow, StateRow, apply_effects, apply_ends
from daicho.register.store.removed import removed_records

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

Picture = dict[int, tuple[tuple[date, date | None, int, int, ResidentRecord], ...]]
"""Person id → ranges, history number, maker and record, as known at one instant."""


class Register:
    """Rows per person, the instant of the last change, and what was known after each change."""

    def __init__(self) -> None:
        self.rows: dict[int, list[StateRow]] = {}
        self.recorded_at = BEGINNING
        self.change_id = 0
        self.state_ids: Iterator[int] = count(1)
        self.pictures: dict[datetime, Picture] = {}
        self.changes: dict[int, PastChange] = {}
        self.ends: dict[int, list[EndRow]] = {}

    def live(self, person_id: int) -> list[StateRow]:
        """The rows known now, by valid time."""
        found = [row for row in self.rows.get(person_id, []) if row.known_to is None]
        return sorted(found, key=lambda row: row.valid_from)

    def before(self, scope: Scope, on: date) -> Before:
        """What the store would read for a change on that day."""
        households = {one: HouseholdBefore(one, str(one), self._members(one, on)) for one in scope.household_ids}
        persons = {one: self._person(one, on) for one in scope.person_ids}
        return Before(on, households, persons, number_rule=NumberRule.SYNTHETIC, past=self.past())

    def past(self) -> Past:
        """The known axis of everybody."""
        return Past({one: tuple(rows) for one, rows in self.rows.items()}, dict(self.changes))

    def _members(self, household_id: int, on: date) -> tuple[PersonBefore, ...]:
        found = []
        for person_id in self.rows:
            orders = [
                row.record.household_order
                for row in self.live(person_id)
                if row.record.household_id == household_id
                and row.record.is_resident
                and (row.valid_to is None or row.valid_to > on)
            ]
            if orders:
                found.append((min(orders), person_id))
        return tuple(self._person(person_id, on) for _, person_id in sorted(found))

    def _person(self, person_id: int, on: date) -> PersonBefore:
        states = [(_state(row), row.valid_to) for row in self.live(person_id)]
        current = [s for s, end in states if s.valid_from <= on and (end is None or end > on)]
        earlier = tuple(s for s, end in states if end is not None and end <= on)
        later = tuple(s for s, _ in states if s.valid_from > on)
        return PersonBefore(person_id, str(person_id), current[0] if current else None, later, earlier)

    def register(self, plan: Plan) -> None:
        """Write a plan as the one door does."""
        self.recorded_at += timedelta(minutes=1)
        self.change_id += 1
        for person_id in plan.person_ids:
            rows = self.rows.setdefault(person_id, [])
            done = apply_effects(
                self.live(person_id),
                plan.effects_of(person_id),
                change_id=self.change_id,
                recorded_at=self.recorded_at,
                next_history_no=1 + max((row.history_no for row in rows), default=0),
                state_ids=self.state_ids,
            )
            closed = {row.state_id: row for row in done.closed}
            self.rows[person_id] = [closed.get(row.state_id, row) for row in rows] + list(done.written)
            self._end_records(plan, person_id)
        self.pictures[self.recorded_at] = self.known_at(self.recorded_at)
        self.changes[self.change_id] = PastChange(
            change_id=self.change_id,
            reason=plan.reason,
            change_date=plan.change_date,
            recorded_at=self.recorded_at,
            cancels=plan.cancels,
            corrects=plan.corrects,
            people={one: Part(plan.effects_of(one)[0].kind, plan.effects_of(one)[0].role) for one in plan.person_ids},
        )

    def _end_records(self, plan: Plan, person_id: int) -> None:
        known = self.ends.get(person_id, [])
        done = apply_ends(
            known,
            plan,
            self.live(person_id),
            made_by=self.change_id,
            written_by=self.change_id,
            recorded_at=self.recorded_at,
        )
        closed = {(row.written_by, row.end.record_no): row for row in done.closed}
        self.ends[person_id] = [closed.get((row.written_by, row.end.record_no), row) for row in known]
        self.ends[person_id] += done.written

    def known_at(self, instant: datetime) -> Picture:
        """What was known at an instant."""
        return {
            person_id: tuple(
                (row.valid_from, row.valid_to, row.history_no, row.made_by, row.record)
                for row in sorted(rows, key=lambda row: row.valid_from)
                if row.known_from <= instant and (row.known_to is None or row.known_to > instant)
            )
            for person_id, rows in self.rows.items()
            if any(row.known_from <= instant for row in rows)
        }

    def residents(self, on: date) -> dict[int, list[tuple[int, ResidentRecord]]]:
        """Household id → residents on a day, as known now."""
        found: dict[int, list[tuple[int, ResidentRecord]]] = {}
        for person_id in self.rows:
            for row in self.live(person_id):
                if row.valid_from <= on and (row.valid_to is None or row.valid_to > on) and row.record.is_resident:
                    found.setdefault(row.record.household_id, []).append((person_id, row.record))
        return {one: sorted(people, key=lambda p: p[1].household_order) for one, people in found.items()}

    def days(self) -> list[date]:
        """Every day on which anything changes, as known now."""
        return sorted({row.valid_from for person_id in self.rows for row in self.live(person_id)})

    def _check_records(self, person_id: int) -> None:
        """Record numbers rise; each record but the last has ended, by a removed state or by a row that says so."""
        live = self.live(person_id)
        numbers = [row.record.record_no for row in live]
        assert numbers == sorted(numbers)
        # A record that begins and ends on one day leaves its removed state only; it began as that of a resident.
        begun = {(row.record.record_no, row.valid_from) for row in self.rows[person_id] if row.record.is_resident}
        for before, after in pairwise(live):
            same = before.record.record_no == after.record.record_no
            assert same or (after.record.record_no, after.valid_from) in begun
        found = removed_records(self.rows[person_id], self.ends.get(person_id, ()), date.max)
        numbers_found = {one.record_no for one in found} | ({numbers[-1]} if live[-1].record.is_resident else set())
        assert numbers_found == set(range(1, numbers[-1] + 1))

    def check(self) -> None:
        """Everything that must hold after each change."""
        for day in self.days():
            for people in self.residents(day).values():
                _check_household([record for _, record in people])
        for person_id, rows in self.rows.items():
            _check_axes(rows)
            self._check_records(person_id)
        for instant, picture in self.pictures.items():
            assert self.known_at(instant) == picture, "something that was known can no longer be read"


def _state(row: StateRow) -> State:
    return State(row.state_id, row.person_id, row.history_no, row.valid_from, row.record)


def _check_household(records: list[ResidentRecord]) -> None:
    heads = sum(record.relationship == "02" for record in records)
    without = sum(record.head_absent for record in records)
    assert (heads, without) in {(1, 0), (0, len(records))}
    assert len({(record.address, record.building) for record in records}) == 1
    assert len({record.household_order for record in records}) == len(records)


def _check_axes(rows: list[StateRow]) -> None:
    for row in rows:
        assert row.valid_to is None or row.valid_from < row.valid_to
        assert row.known_to is None or row.known_from < row.known_to
    for one, two in combinations(rows, 2):
        apart_in_time = _apart(one.valid_from, one.valid_to, two.valid_from, two.valid_to)
        assert apart_in_time or _apart(one.known_from, one.known_to, two.known_from, two.known_to)
    made = [(row.made_by, row.valid_from, row.history_no) for row in rows if row.made_by == row.written_by]
    numbers = [number for _, _, number in sorted(made)]
    assert numbers == sorted(set(numbers)), "history numbers rise"
    by_number: dict[int, set[int]] = {}
    for row in rows:
        by_number.setdefault(row.history_no, set()).add(row.made_by)
    assert all(len(makers) == 1 for makers in by_number.values())


def _apart(from_one: Any, to_one: Any, from_two: Any, to_two: Any) -> bool:
    return (to_one is not None and to_one <= from_two) or (to_two is not None and to_two <= from_one)
