"""The machine: random legal lives of households, played through the real plans and the one door on a real database.

After each step the database, the reference model, the current table, `register_file` and (now and then) the rebuilt
derived tables must agree at random points (valid, known), and the invariants of the register must hold.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from daicho.access.actor import Purpose
from daicho.access.errors import NotAvailable
from daicho.law.errors import DaichoError
from daicho.law.japan import JAPAN
from daicho.law.kinship import parse_relationship
from daicho.law.numbers import NumberRule, resident_code
from daicho.law.reasons import Reason
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.notification import Cancellation, Notification
from daicho.register.changes.notification_amend import ErrorCorrection
from daicho.register.changes.plan import Before, NewNumbers, Plan
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.timeline import StateRow
from daicho.register.store import code_stock, history
from daicho.register.store.access import AsOf, open_household, open_person
from daicho.register.store.commit import Registered, Request, register
from daicho.register.store.derived_day import bring_to_today
from daicho.register.store.errors import NumberInUse, StaleBefore
from daicho.register.store.numbers import unseal
from daicho.register.store.population import Class, flows
from daicho.register.store.read import read_before
from daicho.wire.environment import Connection, Environment
from tests.changes.test_lives import Life
from tests.house_database import SettableClock
from tests.model.generators import GENERATORS, MORE, Drawn
from tests.model.reference import Model, Told
from tests.people import REVIEWER
from tests.store.register_checks import all_rows, check_axes, check_derived, check_households, check_messages

_TABLES = "register.person, register.household, register.kana_deletion, register.resident_code_stock, wire.outbox, wire.delivery, wire.stream"
_INQUIRY = Purpose.RESIDENT_INQUIRY
CODES = tuple(resident_code(f"9{n:09}", NumberRule.SYNTHETIC) for n in range(200))
"""The stock of free resident codes: more than a life can draw."""
REBUILD_EVERY = 12
OVERLAP = 0.03
"""Seconds for which the second clerk runs into the open transaction of the first."""
FREE = frozenset({"household_order", "former_address", "former_building"})
"""What a cancellation may settle anew by itself: a rank that was taken, the address before a later move."""


@dataclass
class Tally:
    """What a run did."""

    steps: int = 0
    registered: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    raced: Counter[str] = field(default_factory=Counter)
    points: int = 0


class Machine(RuleBasedStateMachine):
    """One register and its model; each rule is one or two clerks at work."""

    env: Environment
    clock: SettableClock
    owner: Connection
    tally: Tally

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """An empty register, a first family."""
        self.owner.execute(f"TRUNCATE {_TABLES} CASCADE".encode())
        self.owner.execute("UPDATE register.derived_day SET on_day = '0001-01-01'")
        self.life = Life(data)
        self.model = Model()
        self.ids: dict[int, int] = {}
        self.texts: dict[int, tuple[str, str]] = {}
        with self.env.database.transaction() as connection:
            code_stock.add(connection, self.env, CODES)
        self.point = data
        self._one(data, Life.move_in, 0, 9)
        self.life.today += timedelta(days=21)  # so that days of the past have somebody too

    @rule(data=st.data(), reason=st.sampled_from(sorted(GENERATORS)), days=st.integers(0, 6), hour=st.integers(0, 23))
    def change(self, data: st.DataObject, reason: Reason, days: int, hour: int) -> None:
        """Any change, on any day."""
        self._one(data, GENERATORS[reason], days, hour)

    @rule(data=st.data(), more=st.sampled_from(MORE), days=st.integers(0, 6), hour=st.integers(0, 23))
    def another(self, data: st.DataObject, more: Callable[[Life], Drawn], days: int, hour: int) -> None:
        """A change that shares its reason with another one."""
        self._one(data, more, days, hour)

    @rule(data=st.data(), days=st.integers(0, 3), hour=st.integers(0, 23))
    def cancel(self, data: st.DataObject, days: int, hour: int) -> None:
        """Something is taken back: as often as everything else together, it is what this is about."""
        self._one(data, GENERATORS[Reason.CANCELLATION_AMENDMENT], days, hour)

    @rule(data=st.data(), reasons=st.tuples(*[st.sampled_from(sorted(GENERATORS))] * 2), hour=st.integers(0, 23))
    def two_clerks(self, data: st.DataObject, reasons: tuple[Reason, Reason], hour: int) -> None:
        """Two clerks register in the same second what both planned on the same picture."""
        self._day(data, 0, hour)
        drawn = [self._draw(GENERATORS[reason]) for reason in reasons]
        plans = [(one, self._planned(one)) for one in drawn]
        self._race([(one, plan) for one, plan in plans if plan is not None])

    # --- acting -------------------------------------------------------------------------------------------------------

    def _day(self, data: st.DataObject, days: int, hour: int) -> None:
        life = self.life
        life.data = self.point = data
        life.today += timedelta(days=days)
        self.clock.set(datetime(life.today.year, life.today.month, life.today.day, hour, tzinfo=JAPAN))
        self.tally.steps += 1

    def _draw(self, generator: Callable[[Life], Drawn]) -> Drawn:
        """What was drawn; somebody comes as long as there was a day lately without residents."""
        recent = [self.life.today - timedelta(days=n) for n in range(21)]
        settled = all(self.life.register.residents(day) for day in recent)
        return (generator if settled else Life.move_in)(self.life)

    def _planned(self, drawn: Drawn) -> Plan | None:
        reason, notified = drawn
        change = change_of(reason)
        before = self.life.register.before(change.scope(notified), notified.on)
        try:
            return change.plan(before, notified, self.life.today)
        except DaichoError as error:
            self.tally.refused[f"{reason.value} {error.code}"] += 1
            with pytest.raises(type(error)), self.env.database.transaction() as connection:
                self._write(connection, reason, notified, [])
            return None

    def _one(self, data: st.DataObject, generator: Callable[[Life], Drawn], days: int, hour: int) -> None:
        """One change, in memory and in the database: the same plan, or the same refusal with nothing written."""
        self._day(data, days, hour)
        drawn = self._draw(generator)
        plan = self._planned(drawn)
        if plan is None:
            return
        made: list[Plan] = []
        if self._taken(plan):
            self.tally.refused[f"{plan.reason.value} {NumberInUse.code}"] += 1
            with pytest.raises(NumberInUse), self.env.database.transaction() as connection:
                self._write(connection, *drawn, [])
            return
        with self.env.database.transaction() as connection:
            done = self._write(connection, *drawn, made)
        assert [self._as_in_database(plan)] == made
        self._keep(plan, done)

    def _race(self, acts: list[tuple[Drawn, Plan]]) -> None:
        """Both see the register as it stands. The second writes while the first has not committed: it waits or does not meet it.

        The first always goes through, so that a life can be played again; the second is told to look again if they meet.
        """
        acts = acts[1:] if acts and self._taken(acts[0][1]) else acts
        acts = [] if acts and self._taken(acts[0][1]) else acts
        seen = [self._seen(reason, notified) for (reason, notified), _ in acts]

        def second() -> Registered | DaichoError:
            (reason, notified), _ = acts[1]
            try:
                with self.env.database.transaction() as connection:
                    return self._write(connection, reason, notified, [], seen[1])
            except DaichoError as error:
                return error

        if not acts:
            return
        with ThreadPoolExecutor(1) as pool:
            with self.env.database.transaction() as connection:
                first = self._write(connection, *acts[0][0], [], seen[0])
                later = pool.submit(second) if len(acts) == 2 else None
                if later is not None:
                    wait([later], timeout=OVERLAP)
            self._keep(acts[0][1], first)
            if later is None:
                return
            result = later.result()
        if isinstance(result, Registered):
            self._keep(acts[1][1], result)
        else:
            assert isinstance(result, StaleBefore) or self._taken(acts[1][1]), result
            assert isinstance(result, StaleBefore | NumberInUse), result
        self.tally.raced["both" if isinstance(result, Registered) else "one told to look again"] += 1

    def _keep(self, plan: Plan, done: Registered) -> None:
        plan = self._with_numbers(plan)
        self.life.register.register(plan)
        self.ids[self.life.register.change_id] = done.change_id
        self.model.told.append(Told(done.change_id, done.recorded_at, self._as_in_database(plan)))
        self.tally.registered[plan.reason.value] += 1

    def _with_numbers(self, plan: Plan) -> Plan:
        """The plan with the ids that its numbers have in the database, where each must be held by its person now."""
        held: dict[tuple[int, str], int] = {}
        with self.env.database.transaction() as connection:
            for row in connection.execute(
                "SELECT number_id, person_id, kind, ciphertext, key_version FROM register.number"
                " WHERE released_at IS NULL AND person_id = ANY (%s::bigint[])",
                (sorted({one.person_id for one in plan.effects if one.numbers != NewNumbers()}),),
            ):
                number_id, person, kind = row["number_id"], row["person_id"], row["kind"]
                held[person, kind] = number_id
                text = unseal(self.env.keys, kind, person, row["ciphertext"], row["key_version"])
                self.texts[number_id] = (kind, text)
        effects = []
        for effect in plan.effects:
            for kind, brought in _brought(effect.numbers).items():
                number_id = held[effect.person_id, kind]
                assert brought in (None, self.texts[number_id][1])
                effect = replace(effect, record=effect.record.with_(**{f"{kind}_id": number_id}))  # noqa: PLW2901
            effects.append(replace(effect, numbers=NewNumbers()))
        return replace(plan, effects=tuple(effects))

    def _taken(self, plan: Plan) -> bool:
        """Whether the plan gives somebody a number that stands on somebody else by now."""
        holders = {self.texts[number_id]: person for number_id, person in self.model.holders().items()}
        for person in plan.person_ids:
            last = plan.effects_of(person)[-1]
            ids = (last.record.individual_number_id, last.record.resident_code_id)
            wanted = {self.texts[one] for one in ids if one is not None}
            wanted |= {(kind, text) for kind, text in _brought(last.numbers).items() if text is not None}
            if any(holders.get(one, person) != person for one in wanted):
                return True
        return False

    def _as_in_database(self, plan: Plan) -> Plan:
        """The same with the ids that changes have in the database."""
        return replace(plan, cancels=self.ids.get(plan.cancels or 0), corrects=self.ids.get(plan.corrects or 0))

    def _there(self, notified: Notification) -> Notification:
        """The notification with the change id of the database."""
        if isinstance(notified, Cancellation | ErrorCorrection):
            return replace(notified, change_id=self.ids[notified.change_id])
        return notified

    def _seen(self, reason: Reason, notified: Notification) -> tuple[tuple[int, int], ...]:
        scope = change_of(reason).scope(notified)
        with self.env.database.transaction() as connection:
            return read_before(connection, *scope, notified.on).fingerprint()

    def _write(
        self,
        connection: Connection,
        reason: Reason,
        notified: Notification,
        plans: list[Plan],
        seen: tuple[tuple[int, int], ...] | None = None,
    ) -> Registered:
        change, today, wanted = change_of(reason), self.life.today, self._there(notified)
        scope = change.scope(wanted)
        if seen is None:
            seen = read_before(connection, *scope, wanted.on).fingerprint()

        def plan_of(before: Before) -> Plan:
            plans.append(change.plan(replace(before, number_rule=NumberRule.SYNTHETIC), wanted, today))
            return plans[-1]

        request = Request(
            plan_of=plan_of,
            on=wanted.on,
            household_ids=scope.household_ids,
            person_ids=scope.person_ids,
            fingerprint=seen,
            entrant="clerk1",
            reviewer="reviewer1",
            decider="reviewer1",
            with_past=change.needs_past,
        )
        return register(connection, self.env, REVIEWER, request)

    # --- looking ------------------------------------------------------------------------------------------------------

    @invariant()
    def agrees(self) -> None:
        """Everything, after each step."""
        if not getattr(self, "model", None) or not self.model.told:
            return
        with self.env.database.transaction() as connection:
            rows = all_rows(connection)
            check_axes(rows)
            check_households(connection)
            check_messages(connection)
            self._check_numbers(connection)
        assert sorted(rows) == self.model.people()
        for day, known in self._points():
            self._check_point(rows, day, known)
        bring_to_today(self.env)
        self._check_now()
        self._check_cancellation()
        self._check_flows(rows)
        if self.tally.steps % REBUILD_EVERY == 0:
            check_derived(self.env.database, sorted(rows), self.clock.today())

    def _points(self) -> list[tuple[date, datetime | None]]:
        """Now, and two random points of the two axes."""
        draw: Callable[[Any], Any] = self.point.draw
        days = sorted({e.valid_from for one in self.model.told for e in one.plan.effects})
        chosen: list[tuple[date, datetime | None]] = [(self.life.today, None)]
        for _ in range(2):
            day = draw(st.sampled_from(days)) + timedelta(days=draw(st.integers(-1, 1)))
            instant = draw(st.sampled_from(self.model.told)).recorded_at
            chosen.append((day, instant - timedelta(microseconds=draw(st.integers(0, 1)))))
        return chosen

    def _check_point(self, rows: dict[int, list[StateRow]], day: date, known: datetime | None) -> None:
        """Each person's record, and through the one way to people a household with its list of changes and a person."""
        self.tally.points += 1
        for person, found in rows.items():
            state = history.state_on(history.known_then(found, known), day)
            assert (state.record if state else None) == self.model.record(person, day, known)
        residents = self.model.residents(day, known)
        _check_households(list(residents.values()))
        if known is None or not residents:
            return
        person, record = sorted(residents.items())[len(residents) // 2]
        point = AsOf(day, known)
        sheet = open_household(self.env, REVIEWER, record.household_id, _INQUIRY, point)
        assert {m.person_id: m.state.record for m in sheet.members} == self.model.household(
            record.household_id, day, known
        )
        listed = {line.change_id for line in sheet.changes}
        assert self.model.changes_of({m.person_id for m in sheet.members}, known) <= listed
        assert all(line.recorded_at <= known for line in sheet.changes)
        assert open_person(self.env, REVIEWER, person, _INQUIRY, point).state.record == record

    def _check_now(self) -> None:
        """The current table and the register's file say what the model says of today; residents and removed are all."""
        today = self.clock.today()
        with self.env.database.transaction() as connection:
            current = {
                row["person_id"]: row
                for row in connection.execute(
                    'SELECT c.*, f."現住所" AS file_address, f."除票区分" AS file_removed, f."続柄コード" AS file_relationship'
                    " FROM register.resident_current c JOIN register.register_file f USING (person_id)"
                )
            }
        assert sorted(current) == self.model.people()
        removed = 0
        for person, row in current.items():
            record = self.model.record(person, today)
            if record is None:  # entered for a day to come: the next state stands for the person
                continue
            removed += not record.is_resident
            assert (row["status"], row["household_id"], row["address"]) == (
                record.status,
                record.household_id,
                record.address,
            )
            assert (row["file_address"], row["file_relationship"]) == (record.address, record.relationship)
            assert (row["file_removed"] == "0") == record.is_resident
        waiting = sum(self.model.record(person, today) is None for person in current)
        assert len(self.model.residents(today)) + removed + waiting == len(current)

    def _check_numbers(self, connection: Connection) -> None:
        """Each number has one holder, and it is whom the model says."""
        held = connection.execute(
            "SELECT number_id, person_id, kind, blind_index FROM register.number WHERE released_at IS NULL"
        ).fetchall()
        assert len({(row["kind"], bytes(row["blind_index"])) for row in held}) == len(held)
        assert {row["number_id"]: row["person_id"] for row in held} == self.model.holders()

    def _check_cancellation(self) -> None:
        """The last change, if it is a cancellation, took back its own change only, field by field and day by day."""
        told = self.model.told[-1]
        if told.plan.cancels is None:
            return
        chosen = {effect.person_id for effect in told.plan.effects if effect.role == "mover"}
        days = sorted({e.valid_from for one in self.model.told for e in one.plan.effects})
        for person in chosen:
            for day in days:
                after = self.model.record(person, day)
                if after is None or "取消し" in (after.removed_reason or "") or told.says(person, day) is None:
                    continue
                wrong = set(self.model.taken_back_wrongly(told, person, day)) - FREE
                assert not wrong - _chosen_by_clerk(told.plan), (person, day, wrong)

    def _check_flows(self, rows: dict[int, list[StateRow]]) -> None:
        """opening + entered - removed = closing per class, counted by the model alone."""
        draw: Callable[[Any], Any] = self.point.draw
        first = self.life.today - timedelta(days=draw(st.integers(0, 60)))
        last = first + timedelta(days=draw(st.integers(0, 60)))
        lines = [[(r.valid_from, r.record) for r in history.known_then(found, None)] for found in rows.values()]
        for one, flow in flows(lines, first, last).items():
            assert flow.opening + flow.entered - flow.removed == flow.closing
            assert flow.opening == self._count(one, first - timedelta(days=1))
            assert flow.closing == self._count(one, last)

    def _count(self, one: Class, day: date) -> int:
        return sum((r.sex, r.is_foreign) == tuple(one) for r in self.model.residents(day).values())


def _brought(numbers: NewNumbers) -> dict[str, str | None]:
    """Kind → number that an effect brings; None for a code of the stock."""
    found = {
        "individual_number": numbers.individual_number,
        "resident_code": numbers.resident_code,
    }
    stock = {"resident_code"} if numbers.code_from_stock else set()
    return {kind: text for kind, text in found.items() if text is not None or kind in stock}


def _chosen_by_clerk(plan: Plan) -> set[str]:
    """Fields that the clerk decided where nothing follows: relationships, and a new household."""
    found = {"relationship"}
    if any(alert.code == "W024" for alert in plan.alerts):
        found |= {"household_id", "head_absent"}
    return found


def _check_households(records: list[ResidentRecord]) -> None:
    """One head or none for all, one address, relationships of the vocabulary, no equal ranks: by the model's own records."""
    by_household: dict[int, list[ResidentRecord]] = {}
    for record in records:
        parse_relationship(record.relationship)
        by_household.setdefault(record.household_id, []).append(record)
    for found in by_household.values():
        heads = sum(record.relationship == "02" for record in found)
        without = sum(record.head_absent for record in found)
        assert (heads, without) in {(1, 0), (0, len(found))}
        assert len({(record.address, record.building) for record in found}) == 1
        ranks = sorted(record.household_order for record in found)
        assert all(one < two for one, two in pairwise(ranks))


__all__ = ["Machine", "NotAvailable", "Tally"]
