"""Random lives of households on a real database: after each change both axes, derived rows, trail and outbox agree."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from daicho.law.errors import DaichoError
from daicho.law.japan import JAPAN
from daicho.law.numbers import NumberRule
from daicho.law.reasons import Reason
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.notification import Notification
from daicho.register.changes.plan import Before, Plan
from daicho.register.changes.timeline import StateRow
from daicho.register.store.commit import Registered, Request, register
from daicho.register.store.derived_day import bring_to_today
from daicho.register.store.read import read_before
from daicho.wire.environment import Connection, Environment
from tests.changes.test_lives import Life
from tests.house_database import SettableClock
from tests.people import REVIEWER
from tests.store.register_checks import (
    Picture,
    all_rows,
    check_axes,
    check_derived,
    check_history_numbers,
    check_households,
    check_messages,
    check_trail,
    picture,
)

_TABLES = "register.person, register.household, register.kana_deletion, trail.entry, trail.subject, wire.outbox, wire.delivery"
_KEPT = ("trail.entry", "trail.subject")


@dataclass
class Tally:
    """How many changes were registered and refused, over all lives of a run."""

    registered: int = 0
    refused: int = 0


class Lives(RuleBasedStateMachine):
    """One register, any changes in any order, on any days, with a clock that sometimes falls back."""

    env: Environment
    clock: SettableClock
    owner: Connection
    tally: Tally

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """An empty register, and the same register in memory for what may be drawn."""
        for table in _KEPT:  # only the owner can, and only here: a life begins with nothing
            self.owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        self.owner.execute(f"TRUNCATE {_TABLES} CASCADE".encode())
        for table in _KEPT:
            self.owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
        self.owner.execute("UPDATE register.derived_day SET on_day = '0001-01-01'")
        self.life = Life(data)
        self.pictures: dict[int, dict[datetime, Picture]] = {}
        self.last: Registered | None = None
        self._step(data, "move_in", 0, 9)

    @rule(data=st.data(), days=st.integers(0, 6), hour=st.integers(0, 23))
    def move_in(self, data: st.DataObject, days: int, hour: int) -> None:
        """A family comes, or somebody joins or returns."""
        self._step(data, "move_in", days, hour)

    @rule(data=st.data(), days=st.integers(0, 6), hour=st.integers(0, 23))
    def move_within(self, data: st.DataObject, days: int, hour: int) -> None:
        """Some or all of a household go elsewhere in the city."""
        self._step(data, "move_within", days, hour)

    @rule(data=st.data(), days=st.integers(0, 6), hour=st.integers(0, 23))
    def move_out(self, data: st.DataObject, days: int, hour: int) -> None:
        """Some or all leave, often on a day to come."""
        self._step(data, "move_out", days, hour)

    @rule(data=st.data(), days=st.integers(0, 6), hour=st.integers(0, 23))
    def birth(self, data: st.DataObject, days: int, hour: int) -> None:
        """A child is born."""
        self._step(data, "birth", days, hour)

    @rule(data=st.data(), days=st.integers(0, 6), hour=st.integers(0, 23))
    def death(self, data: st.DataObject, days: int, hour: int) -> None:
        """Somebody dies."""
        self._step(data, "death", days, hour)

    @rule(data=st.data(), days=st.integers(0, 6), hour=st.integers(0, 23))
    def head_change(self, data: st.DataObject, days: int, hour: int) -> None:
        """Another member becomes head."""
        self._step(data, "head_change", days, hour)

    @rule(data=st.data(), days=st.integers(0, 6), hour=st.integers(0, 23))
    def renewal(self, data: st.DataObject, days: int, hour: int) -> None:
        """A record is written anew."""
        self._step(data, "renewal", days, hour)

    @rule(data=st.data(), days=st.integers(0, 6), hour=st.integers(0, 23))
    def nationality(self, data: st.DataObject, days: int, hour: int) -> None:
        """Somebody's nationality changes."""
        self._step(data, "nationality", days, hour)

    @rule(data=st.data(), days=st.integers(0, 6), hour=st.integers(0, 23))
    def amendment(self, data: st.DataObject, days: int, hour: int) -> None:
        """Items of a record are amended, or a former family name comes or goes."""
        self._step(data, "amendment", days, hour)

    def _step(self, data: st.DataObject, kind: str, days: int, hour: int) -> None:
        life = self.life
        life.data = data
        life.today += timedelta(days=days)
        self.clock.set(datetime(life.today.year, life.today.month, life.today.day, hour, tzinfo=JAPAN))
        recent = [life.today - timedelta(days=n) for n in range(21)]
        settled = all(life.register.residents(day) for day in recent)
        draw: Callable[[], tuple[Reason, Notification]] = getattr(life, kind if settled else "move_in")
        reason, notification = draw()
        self._register(reason, notification)

    def _register(self, reason: Reason, notification: Notification) -> None:
        """In memory and in the database: the same plan, or the same refusal with nothing written."""
        change, life = change_of(reason), self.life
        scope = change.scope(notification)
        self.last = None
        try:
            plan = change.plan(life.register.before(scope, notification.on), notification, life.today)
        except DaichoError as error:
            with pytest.raises(type(error)), self.env.database.transaction() as connection:
                self._write(connection, reason, notification, [])
            self.tally.refused += 1
            return
        plans: list[Plan] = []
        with self.env.database.transaction() as connection:
            self.last = self._write(connection, reason, notification, plans)
        assert plans == [plan]
        life.register.register(plan)
        self.tally.registered += 1

    def _write(
        self, connection: Connection, reason: Reason, notification: Notification, plans: list[Plan]
    ) -> Registered:
        change, today = change_of(reason), self.life.today
        scope = change.scope(notification)

        def plan_of(before: Before) -> Plan:
            plans.append(change.plan(replace(before, number_rule=NumberRule.SYNTHETIC), notification, today))
            return plans[-1]

        seen = read_before(connection, scope.household_ids, scope.person_ids, notification.on)
        return register(
            connection,
            self.env,
            REVIEWER,
            Request(
                plan_of=plan_of,
                on=notification.on,
                household_ids=scope.household_ids,
                person_ids=scope.person_ids,
                fingerprint=seen.fingerprint(),
                entrant="clerk1",
                reviewer="reviewer1",
                decider="reviewer1",
            ),
        )

    @invariant()
    def holds(self) -> None:
        """Everything, after each change."""
        if not hasattr(self, "pictures"):
            return
        with self.env.database.transaction() as connection:
            rows = all_rows(connection)
            self._check_known(rows)
            check_axes(rows)
            check_history_numbers(connection, rows)
            check_messages(connection)
            check_trail(connection)
            check_households(connection)
        bring_to_today(self.env)
        check_derived(self.env.database, sorted(rows), self.clock.today())

    def _check_known(self, rows: dict[int, list[StateRow]]) -> None:
        """What was known of a person still reads the same at each of its instants; now it is what the memory holds."""
        if self.last is not None:
            for person in self.last.person_ids:
                known = self.pictures.setdefault(person, {})
                assert all(instant < self.last.recorded_at for instant in known)
                known[self.last.recorded_at] = picture(rows[person], self.last.recorded_at)
        for person, pictures in self.pictures.items():
            for instant, known_then in pictures.items():
                assert picture(rows[person], instant) == known_then
        live = {person: self.life.register.live(person) for person in self.life.register.rows}
        assert {person: _content(picture(found, None)) for person, found in rows.items()} == {
            person: _content(picture(found, None)) for person, found in live.items()
        }


def _content(known: Picture) -> list[tuple[object, ...]]:
    """A picture without the id of the change, which differs between memory and database."""
    return [(start, end, number, record) for start, end, number, _, record in known]


def _run(env: Environment, clock: SettableClock, owner: Connection, lives: int, steps: int) -> Tally:
    """Runs so many lives of at most so many steps."""
    made = Tally()

    class LivesHere(Lives):
        tally = made

    LivesHere.env, LivesHere.clock, LivesHere.owner = env, clock, owner
    run_state_machine_as_test(
        LivesHere,
        settings=settings(
            max_examples=lives, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    return made


def test_any_life_leaves_a_register_that_agrees_with_itself(
    environment: Environment, clock: SettableClock, owner_connection: Connection
) -> None:
    """Ten lives; most steps must be legal, or nothing is proven."""
    made = _run(environment, clock, owner_connection, lives=10, steps=10)
    assert made.registered > made.refused / 2


@pytest.mark.long
def test_many_long_lives_leave_a_register_that_agrees_with_itself(
    environment: Environment, clock: SettableClock, owner_connection: Connection
) -> None:
    """Three hundred lives of up to thirty steps."""
    made = _run(environment, clock, owner_connection, lives=300, steps=30)
    print(f"{made.registered} changes registered, {made.refused} refused")  # noqa: T201 - the figure of the long run
    assert made.registered > 1500
