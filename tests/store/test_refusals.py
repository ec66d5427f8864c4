"""What the database refuses at the last moment: told in the register's words where it has some, never swallowed."""

from collections.abc import Callable
from datetime import date

import psycopg
import pytest

from daicho.engine.databases import DatabaseSettings
from daicho.law.numbers import serial_number
from daicho.register.changes.plan import Effect, NewNumbers
from daicho.register.store.errors import NumberInUse, SecondHead, StaleBefore, StateOverlap
from daicho.wire.environment import Connection, Environment
from tests.house_database import House
from tests.people import do_register, family, move_in_family, plan, record
from tests.statements import stepped

ON = date(2026, 4, 1)
_WRITE_STATES = "WITH closed AS"


def _once_before(start: str, act: Callable[[], object]) -> Callable[[Connection, str], None]:
    """Do something once, just before the first statement that begins so."""
    done: list[str] = []

    def before(_: Connection, text: str) -> None:
        if text.lstrip().startswith(start) and not done:
            done.append(text)
            act()

    return before


def _counts(env: Environment) -> tuple[int, int, int]:
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM register.change) AS a, (SELECT count(*) FROM register.person) AS b,"
            " (SELECT count(*) FROM register.resident_state) AS c"
        ).fetchone()
    assert row is not None
    return row["a"], row["b"], row["c"]


def test_a_writer_that_goes_round_the_locks_is_found_out(
    environment: Environment, owner_connection: Connection
) -> None:
    """Somebody closes a state between reading and closing it here: nothing is written over it."""
    household_id, people = move_in_family(environment, size=1)

    def close() -> None:
        owner_connection.execute(
            "UPDATE register.resident_state SET known = tstzrange(lower(known), '2026-04-02T00:00:00Z')"
        )

    stepping = stepped(environment, _once_before(_WRITE_STATES, close))
    with pytest.raises(StateOverlap), stepping.database.transaction() as connection:
        effect = Effect(people[0], "amend", "mover", ON, record(household_id, remarks="備考"))
        do_register(connection, stepping, plan(effect))
    assert _counts(environment) == (1, 1, 1)


def test_a_state_for_a_time_that_has_one_is_refused(
    environment: Environment, database_settings: DatabaseSettings, house: House
) -> None:
    """A restore or repair by the administrator writes a state of the same person while we do."""
    move_in_family(environment, size=1)
    with environment.database.transaction() as connection:
        household_id, person = environment.ids.take(connection, 2)
    conninfo = house.cluster.superuser.on(database_settings.name).conninfo()

    def repair() -> None:
        with psycopg.connect(conninfo, autocommit=True) as superuser:
            superuser.execute("SET session_replication_role = replica")
            superuser.execute(
                "INSERT INTO register.resident_state SELECT (jsonb_populate_record(s, jsonb_build_object("
                " 'state_id', -1, 'person_id', %s::bigint, 'relationship', '99'))).* FROM register.resident_state s",
                (person,),
            )

    stepping = stepped(environment, _once_before(_WRITE_STATES, repair))
    with pytest.raises(StateOverlap), stepping.database.transaction() as connection:
        entered = Effect(person, "enter", "mover", date(2026, 3, 30), record(household_id))
        do_register(connection, stepping, plan(entered))
    assert _counts(environment) == (1, 1, 2)


def test_a_number_taken_in_the_same_instant_is_refused(environment: Environment) -> None:
    """Both look, neither sees it; the second to write is told."""
    number = family(1, [77])[0].numbers.individual_number
    assert number is not None

    def enter(env: Environment) -> None:
        with env.database.transaction() as connection:
            household_id, person = env.ids.take(connection, 2)
            one = Effect(
                person, "enter", "mover", date(2026, 3, 30), record(household_id), NewNumbers(individual_number=number)
            )
            do_register(connection, env, plan(one))

    stepping = stepped(environment, _once_before("INSERT INTO register.number", lambda: enter(environment)))
    with pytest.raises(NumberInUse):
        enter(stepping)
    assert _counts(environment) == (1, 1, 1)


def _enter_somebody(env: Environment, person: int | None = None, **changes: object) -> None:
    with env.database.transaction() as connection:
        household_id, new = env.ids.take(connection, 2)
        entered = Effect(person or new, "enter", "mover", date(2026, 3, 30), record(household_id, **changes))
        do_register(connection, env, plan(entered))


def test_what_has_no_words_is_not_hidden(environment: Environment) -> None:
    """A constraint that no clerk can meet is our mistake: it goes up as it is and nothing is written."""

    with pytest.raises(psycopg.errors.CheckViolation):
        _enter_somebody(environment, sex="3")
    assert _counts(environment) == (0, 0, 0)


def test_an_addressee_number_taken_in_the_same_instant(environment: Environment, owner_connection: Connection) -> None:
    """Somebody writes the number that was just drawn: the newcomer gets the next one."""

    def take_number() -> None:
        owner_connection.execute(
            "INSERT INTO register.person (person_id, addressee_number, last_recorded_at)"
            " VALUES (1, %s, '2026-04-01T00:00:00Z')",
            (serial_number(1, 10),),
        )

    owner_connection.execute("ALTER SEQUENCE register.addressee_serial RESTART WITH 1")
    _enter_somebody(stepped(environment, _once_before("WITH household AS", take_number)))
    rows = owner_connection.execute("SELECT addressee_number FROM register.person ORDER BY person_id").fetchall()
    assert [row["addressee_number"] for row in rows] == [serial_number(1, 10), serial_number(2, 10)]


def test_a_person_written_in_the_same_instant(environment: Environment, owner_connection: Connection) -> None:
    """The id was free when the locks were taken and is not when it is written: as with any record that has changed."""

    def take_id() -> None:
        owner_connection.execute(
            "INSERT INTO register.person (person_id, addressee_number, last_recorded_at)"
            " VALUES (999, '1', '2026-04-01T00:00:00Z')"
        )

    with pytest.raises(StaleBefore):
        _enter_somebody(stepped(environment, _once_before("WITH household AS", take_id)), person=999)
    assert _counts(environment) == (0, 1, 0)


def test_a_second_head_by_a_writer_who_sees_nobody(environment: Environment) -> None:
    """Two newcomers head one household at once: the exclusion constraint decides, not the plan."""
    with pytest.raises(SecondHead), environment.database.transaction() as connection:
        household_id, one, other = environment.ids.take(connection, 3)
        effects = (
            Effect(one, "enter", "mover", date(2026, 3, 30), record(household_id)),
            Effect(other, "enter", "mover", date(2026, 3, 31), record(household_id, household_order=2)),
        )
        do_register(connection, environment, plan(*effects))
