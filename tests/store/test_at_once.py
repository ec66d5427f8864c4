"""Writers on real connections at one moment, and a server that dies between any two statements."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import psycopg
import pytest

from daicho.engine.errors import CommitUnknown, DatabaseUnavailable
from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect, NewNumbers, Plan
from daicho.register.desk import review
from daicho.register.store.commit import Registered, Request, register
from daicho.register.store.errors import NumberInUse, StaleBefore
from daicho.register.store.read import live_rows, read_before
from daicho.wire.environment import Connection, Environment
from tests.desk.build import ready
from tests.desk.test_two_at_once import together, until_somebody_waits
from tests.house_database import House, SettableClock
from tests.people import REVIEWER, do_register, family, move_in_family, plan, record, request
from tests.statements import stepped

ON = date(2026, 3, 31)
CONTENT = (
    "register.change", "register.change_person", "register.person", "register.household", "register.number",
    "register.resident_state", "register.resident_current", "register.search_name", "register.search_address",
    "register.kana_deletion", "register.household_check", "trail.entry", "trail.subject", "wire.outbox",
    "register.case_file", "register.case_event", "register.case_person",
)  # fmt: skip
"""Every table that a registration writes."""


def content(owner: Connection) -> list[tuple[str, str]]:
    """Everything in those tables, as (table, row)."""
    query = " UNION ALL ".join(f"SELECT '{table}' AS name, t::text AS line FROM {table} t" for table in CONTENT)
    return sorted((row["name"], row["line"]) for row in owner.execute(query.encode()))


def _checked_move(env: Environment, people: list[int], others: list[int], target: int, address: str) -> Request:
    """People join another household behind its members, checked on the picture of now."""
    with env.database.transaction() as connection:
        rows = live_rows(connection, people)
        sources = {rows[p][-1].record.household_id for p in people}
        before = read_before(connection, sorted({*sources, target}), [*people, *others], ON)
    effects = [
        Effect(p, "amend", "mover", ON, rows[p][-1].record.with_(
            household_id=target, relationship="99", household_order=10 + p, address=address, settled_on=LegalDate(ON)))
        for p in people
    ]  # fmt: skip
    return request(before, plan(*effects, reason=Reason.MOVE_WITHIN))


def _register(env: Environment, wanted: Request) -> Registered:
    with env.database.transaction() as connection:
        return register(connection, env, REVIEWER, wanted)


def test_crossing_households_never_block_each_other_for_good(environment: Environment) -> None:
    """A moves into B's household while B moves into A's, fifty times: one wins, the other is told, no deadlock."""
    outcomes = []
    for _ in range(50):
        homes = [move_in_family(environment, size=2) for _ in range(2)]
        (one, ones), (two, twos) = homes
        moves = [
            _checked_move(environment, ones[1:], [], two, "肥塚三丁目112番地4"),
            _checked_move(environment, twos[1:], [], one, "肥塚三丁目112番地4"),
        ]
        results = together(*[lambda wanted=wanted: _register(environment, wanted) for wanted in moves])
        outcomes.append(sorted(type(result).__name__ for result in results))
    assert outcomes == [["Registered", "StaleBefore"]] * 50


@pytest.mark.parametrize("first", [0, 1])
def test_two_clerks_on_one_person_at_registration_in_both_orders(
    environment: Environment, owner_connection: Connection, first: int
) -> None:
    """The second waits for the first, reads again and is told; what the first wrote stands alone."""
    household_id, people = move_in_family(environment)
    with environment.database.transaction() as connection:
        before = read_before(connection, [household_id], [], ON)
        row = live_rows(connection, people)[people[0]][0]
    wanted = [
        request(before, plan(Effect(people[0], "amend", "mover", ON, row.record.with_(remarks=remarks))))
        for remarks in ("一", "二")
    ]
    if first:
        wanted.reverse()
    results: list[object] = []

    def second() -> None:
        try:
            results.append(_register(environment, wanted[1]))
        except StaleBefore as error:
            results.append(error)

    thread = threading.Thread(target=second)
    with environment.database.transaction() as connection:
        register(connection, environment, REVIEWER, wanted[0])
        thread.start()
        until_somebody_waits(owner_connection)
    thread.join()
    assert isinstance(results[0], StaleBefore)
    with environment.database.transaction() as connection:
        assert live_rows(connection, people)[people[0]][-1].record.remarks == ("二" if first else "一")


def test_a_state_carried_over_in_another_household_locks_that_household_first(
    environment: Environment, owner_connection: Connection
) -> None:
    """Somebody of A stands in B from a later day. A's clerk writes that state again while B's clerk is at work: no deadlock.

    The worst moment: A's clerk has locked everything and is about to write; B's clerk comes and locks what is left.
    """
    (one, [mover, *_]), (two, others) = (move_in_family(environment, size=size) for size in (1, 2))
    _register(environment, _checked_move(environment, [mover], [], two, "肥塚三丁目112番地4"))
    day_before = date(2026, 3, 30)
    with environment.database.transaction() as connection:
        rows = live_rows(connection, [mover, *others])
        here = read_before(connection, [one], [mover], day_before)
        there = read_before(connection, [two], [], ON)
    named = [Effect(mover, "amend", "mover", row.valid_from, row.record.with_(remarks="正")) for row in rows[mover]]
    assert [row.record.household_id for row in rows[mover]] == [one, two]
    head = rows[others[0]][-1].record.with_(remarks="二")
    at_two = request(there, plan(Effect(others[0], "amend", "mover", ON, head)))
    at_one = replace(request(here, plan(*named)), household_ids=(one,))
    results: list[object] = []

    def second() -> None:
        try:
            results.append(_register(environment, at_two))
        except StaleBefore as error:
            results.append(error)

    thread = threading.Thread(target=second)

    def before(_: Connection, text: str) -> None:
        if text.startswith("INSERT INTO register.change"):
            thread.start()
            until_somebody_waits(owner_connection)

    assert isinstance(_register(stepped(environment, before), at_one), Registered)
    thread.join()
    assert [type(result) for result in results] == [StaleBefore]
    with environment.database.transaction() as connection:
        assert [row.record.remarks for row in live_rows(connection, [mover])[mover]] == ["正", "正"]


def test_the_instant_is_later_than_that_of_a_household_entered_since(
    environment: Environment, clock: SettableClock
) -> None:
    """Design, section 4: the last instant of every household touched counts, when the clock falls back too."""
    (one, [mover, *_]), (two, others) = (move_in_family(environment, size=size) for size in (1, 2))
    _register(environment, _checked_move(environment, [mover], [], two, "肥塚三丁目112番地4"))
    clock.advance(hours=5)
    with environment.database.transaction() as connection:
        row = live_rows(connection, others)[others[1]][-1]
        last = do_register(connection, environment, plan(Effect(others[1], "amend", "mover", ON, row.record)))
    clock.advance(hours=-3)
    with environment.database.transaction() as connection:
        before = read_before(connection, [one], [mover], date(2026, 3, 30))
        rows = live_rows(connection, [mover])[mover]
    named = [Effect(mover, "amend", "mover", row.valid_from, row.record.with_(remarks="正")) for row in rows]
    done = _register(environment, replace(request(before, plan(*named)), household_ids=(one,)))
    assert done.recorded_at > last.recorded_at


def _with_numbers(env: Environment, numbers: list[str | None]) -> Callable[[], Registered]:
    """Registers new people with these numbers, each in a household of their own."""
    with env.database.transaction() as connection:
        households = sorted(env.ids.take(connection, len(numbers)))
        people = sorted(env.ids.take(connection, len(numbers)))
        effects = [
            Effect(p, "enter", "mover", ON, record(h), NewNumbers(individual_number=number))
            for h, p, number in zip(households, people, numbers, strict=True)
        ]
        wanted: Plan = plan(*effects)
        before = read_before(connection, households, people, ON)
    return lambda: _register(env, request(before, wanted))


def test_the_same_numbers_in_the_same_instant_and_in_other_order(environment: Environment) -> None:
    """Two counters enter one family twice, its members in other order: one is registered, the other told, no deadlock."""
    outcomes = []
    for place in range(15):
        numbers = [family(1, [1000 + 10 * place + n])[0].numbers.individual_number for n in range(4)]
        results = together(_with_numbers(environment, numbers), _with_numbers(environment, numbers[::-1]))
        outcomes.append(sorted(type(result).__name__ for result in results))
    assert outcomes == [["NumberInUse", "Registered"]] * 15


def test_numbers_crossing_step_by_step(environment: Environment, owner_connection: Connection) -> None:
    """The worst moment: each has written a number, before either writes the next."""
    numbers = [family(1, [77 + n])[0].numbers.individual_number for n in range(2)]
    met = threading.Barrier(2)
    waited = threading.local()

    def before(_: Connection, text: str) -> None:
        if text.startswith("INSERT INTO register.number") and not hasattr(waited, "first"):
            waited.first = True
            met.wait(20)

    stepping = stepped(environment, before)
    results = together(_with_numbers(stepping, numbers), _with_numbers(stepping, numbers[::-1]))
    assert sorted(type(result).__name__ for result in results) == ["NumberInUse", "Registered"]
    count = owner_connection.execute("SELECT count(*) AS n FROM register.number").fetchone()
    assert count == {"n": 2}


class Killer:
    """Ends the server's side of the connection ahead of one statement, counted from the start of a transaction."""

    def __init__(self, house: House, at: int) -> None:
        self.house = house
        self.at = at
        self.seen = 0
        self.last = ""

    def __call__(self, connection: Connection, text: str) -> None:
        """Called ahead of each statement."""
        self.seen += 1
        self.last = text
        if self.seen == self.at:
            with psycopg.connect(self.house.cluster.superuser.conninfo(), autocommit=True) as superuser:
                superuser.execute("SELECT pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))


def _killed_everywhere(env: Environment, owner: Connection, house: House, act: Callable[[Environment], object]) -> int:
    """Do the act, killed ahead of its first statement, then of its second, and so on, until it is through.

    After each death everything is as before. Returns how many deaths there were.
    """
    before = content(owner)
    deaths = 0
    while True:
        killer = Killer(house, deaths + 1)
        try:
            act(stepped(env, killer))
        except (DatabaseUnavailable, CommitUnknown):
            assert content(owner) == before, f"something stayed of what was done before: {killer.last}"
            deaths += 1
            continue
        assert killer.last == "COMMIT"
        return deaths


def test_a_registration_killed_between_any_two_statements(
    environment: Environment, owner_connection: Connection, house: House
) -> None:
    """Nothing is half-written wherever the server dies, and the same request then succeeds."""
    household_id, people = move_in_family(environment)
    number = family(1, [77])[0].numbers
    with environment.database.transaction() as connection:
        [child] = environment.ids.take(connection, 1)
        before = read_before(connection, [household_id], [child], ON)
        moved = [
            Effect(p, "amend", "mover", ON, rows[-1].record.with_(address="石原二丁目15番地", building="石原荘101号"))
            for p, rows in live_rows(connection, people).items()
        ]
    entered = record(household_id, relationship="20", household_order=9, name="髙橋　葵", name_kana="タカハシ　アオイ",
                     address="石原二丁目15番地", building="石原荘101号")  # fmt: skip
    wanted = request(before, plan(*moved, Effect(child, "enter", "affected", ON, entered, number)))
    deaths = _killed_everywhere(environment, owner_connection, house, lambda env: _register(env, wanted))
    assert deaths > 15
    with environment.database.transaction() as connection:
        rows = live_rows(connection, [*people, child])
    assert {found[-1].record.address for found in rows.values()} == {"石原二丁目15番地"}
    assert len(rows) == 5


@pytest.mark.long
def test_an_approval_killed_between_any_two_statements(
    environment: Environment, owner_connection: Connection, house: House
) -> None:
    """The whole last step of a case: status, history, change, states, trail and outbox stand or fall together."""
    case = ready(environment)
    done: list[object] = []
    deaths = _killed_everywhere(
        environment,
        owner_connection,
        house,
        lambda env: done.append(review.approve(env, REVIEWER, case.case_number, case.version)),
    )
    assert deaths > 40
    [registered] = done
    assert getattr(registered, "status", None) == "registered"
    again = review.approve(environment, REVIEWER, case.case_number, case.version)
    changes = [line for table, line in content(owner_connection) if table == "register.change"]
    assert (again.status, len(changes)) == ("registered", 1)


def test_one_number_in_one_plan_twice_is_refused(environment: Environment) -> None:
    """Two rows of one case with one number: refused like a number of somebody else."""
    number = family(1, [77])[0].numbers.individual_number
    with pytest.raises(NumberInUse):
        _with_numbers(environment, [number, number])()
    with environment.database.transaction() as connection:
        do_register(connection, environment, plan(*family(*_fresh(connection, environment))))


def _fresh(connection: Connection, env: Environment) -> tuple[int, list[int]]:
    household_id, person = env.ids.take(connection, 2)
    return household_id, [person]
