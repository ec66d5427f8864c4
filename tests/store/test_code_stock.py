"""The stock of free resident codes: one code to one person, at random, never twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import psycopg
import pytest

from daicho.access.actor import Purpose
from daicho.access.errors import NotAvailable
from daicho.law.dates import LegalDate
from daicho.law.numbers import NumberRule, NumberWrongCheckDigit, resident_code
from daicho.law.reasons import Reason
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.notification import Birth
from daicho.register.changes.plan import Effect, NewNumbers
from daicho.register.store import code_stock
from daicho.register.store.access import reveal_number
from daicho.register.store.numbers import blind_index
from daicho.register.store.read import live_rows, read_before
from daicho.register.store.without_code import set_warning, without_code
from daicho.wire.environment import Connection, Environment
from tests.people import CLERK, REVIEWER, do_register, move_in_family, plan, record


def free(n: int) -> str:
    return resident_code(f"{3_000_000_000 + n}", NumberRule.SYNTHETIC)


def test_two_clerks_never_get_one_code(environment: Environment) -> None:
    _, people = move_in_family(environment)
    with environment.database.transaction() as connection:
        assert code_stock.add(connection, environment, map(free, range(4))) == 4
        assert code_stock.add(connection, environment, [free(1), free(9)]) == 1
    meet = Barrier(2)

    def work(person_id: int) -> str | None:
        with environment.database.transaction() as connection:
            found = code_stock.draw(connection, environment, person_id, environment.clock.now())
            meet.wait(10)  # both hold their code, none has committed
            return found

    with ThreadPoolExecutor(2) as pool:
        drawn = list(pool.map(work, people[:2]))
    assert len(set(drawn)) == 2
    assert set(drawn) <= {free(n) for n in (0, 1, 2, 3, 9)}


def test_an_empty_stock_and_the_level_of_the_warning(environment: Environment, owner_connection: Connection) -> None:
    _, [person] = move_in_family(environment, 1)
    with environment.database.transaction() as connection:
        assert code_stock.draw(connection, environment, person, environment.clock.now()) is None
        assert code_stock.level(connection) == code_stock.Stock(0, 100)
        code_stock.set_level(connection, 1)
        code_stock.add(connection, environment, [free(5)])
        assert not code_stock.level(connection).is_low
        assert code_stock.draw(connection, environment, person, environment.clock.now()) == free(5)
        assert code_stock.level(connection).is_low
        with pytest.raises(NumberWrongCheckDigit):
            code_stock.add(connection, environment, ["12345678901"])
    for statement in (
        "UPDATE register.resident_code_stock SET taken_at = NULL, taken_by = NULL",
        "DELETE FROM register.resident_code_stock",
    ):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            owner_connection.execute(statement.encode())


def test_a_code_that_somebody_holds_is_neither_put_in_nor_given(environment: Environment) -> None:
    """Typed by hand meanwhile: the draw passes it over."""
    _, [person, other] = move_in_family(environment, 2)
    held = resident_code(str(1_000_000_000 + other), NumberRule.SYNTHETIC)
    with environment.database.transaction() as connection:
        assert code_stock.add(connection, environment, [held]) == 0
        code_stock.add(connection, environment, [free(1)])
        index = blind_index(environment.keys, "resident_code", free(1))
        connection.execute(
            "UPDATE register.number SET blind_index = %s WHERE person_id = %s AND kind = 'resident_code'",
            (index, other),
        )
        assert code_stock.draw(connection, environment, person, environment.clock.now()) is None


def test_the_stock_holds_no_code_in_clear(environment: Environment, owner_connection: Connection) -> None:
    with environment.database.transaction() as connection:
        code_stock.add(connection, environment, [free(1)])
    row = owner_connection.execute("SELECT * FROM register.resident_code_stock").fetchone()
    assert row is not None
    assert free(1).encode() not in bytes(row["ciphertext"])
    assert repr(row).count(free(1)) == 0


def entered(env: Environment) -> int:
    """Somebody entered who is to get a code of the stock."""
    with env.database.transaction() as connection:
        household_id, person_id = env.ids.take(connection, 2)
        numbers = NewNumbers(code_from_stock=True)
        effect = Effect(person_id, "enter", "mover", date(2026, 3, 30), record(household_id), numbers)
        do_register(connection, env, plan(effect, reason=Reason.BIRTH))
    return person_id


def code_of(env: Environment, person_id: int) -> str | None:
    try:
        return reveal_number(env, CLERK, person_id, "resident_code", Purpose.EX_OFFICIO)
    except NotAvailable:
        return None


def test_nobody_s_entry_waits_for_the_stock(environment: Environment) -> None:
    """STD 4.3.1: entered without a code while there is none, on the work list, and with one as soon as there is."""
    early = entered(environment)
    assert code_of(environment, early) is None
    lines, stock = without_code(environment, CLERK)
    assert [line.person_id for line in lines] == [early]
    assert (stock.free, stock.is_low) == (0, True)
    with environment.database.transaction() as connection:
        code_stock.add(connection, environment, [free(1)])
    assert code_of(environment, entered(environment)) == free(1)
    assert [line.person_id for line in without_code(environment, CLERK)[0]] == [early]
    with environment.database.transaction() as connection:
        before = live_rows(connection, [early])[early][0].record
    effect = Effect(early, "amend", "mover", date(2026, 3, 31), before, NewNumbers(code_from_stock=True))
    wanted = plan(effect, reason=Reason.RESIDENT_CODE_ENTRY)
    with pytest.raises(code_stock.StockEmpty), environment.database.transaction() as connection:
        do_register(connection, environment, wanted)
    set_warning(environment, REVIEWER, 0)
    assert not without_code(environment, CLERK)[1].is_low


def test_a_number_given_back_is_held_again(environment: Environment, owner_connection: Connection) -> None:
    """What a cancellation restores: the former number is held, the other one let go, in the one door."""
    household_id, [person] = move_in_family(environment, 1)
    new = resident_code("1234567890", NumberRule.SYNTHETIC)
    with environment.database.transaction() as connection:
        first = live_rows(connection, [person])[person][0].record
        effect = Effect(person, "amend", "mover", date(2026, 3, 31), first, NewNumbers(resident_code=new))
        do_register(connection, environment, plan(effect, reason=Reason.RESIDENT_CODE_CHANGE))
    query = (
        "SELECT released_at IS NULL AS held FROM register.number WHERE person_id = %s AND kind = 'resident_code'"
        " ORDER BY number_id"
    )
    assert [row["held"] for row in owner_connection.execute(query, (person,))] == [False, True]
    with environment.database.transaction() as connection:
        back = Effect(person, "amend", "mover", date(2026, 3, 31), first)
        do_register(connection, environment, plan(back, reason=Reason.CANCELLATION_AMENDMENT))
    assert [row["held"] for row in owner_connection.execute(query, (person,))] == [True, False]
    assert household_id


def test_a_code_drawn_for_a_child_stays_when_another_head_follows(environment: Environment) -> None:
    """The father heads the household until tomorrow: the child, born yesterday, has its code on both sides of that day."""
    household_id, people = move_in_family(environment, 2)
    tomorrow, born = date(2026, 4, 2), date(2026, 3, 31)
    with environment.database.transaction() as connection:
        code_stock.add(connection, environment, [free(7)])
        father, mother = (live_rows(connection, people)[one][0].record for one in people)
        swap = [
            Effect(people[0], "amend", "mover", tomorrow, father.with_(relationship="11")),
            Effect(people[1], "amend", "mover", tomorrow, mother.with_(relationship="02")),
        ]
        do_register(connection, environment, plan(*swap, reason=Reason.HEAD_CHANGE))
        [child] = environment.ids.take(connection, 1)
        told = Birth(
            person_id=child,
            household_id=household_id,
            birth=LegalDate(born),
            notified_on=date(2026, 4, 1),
            name="髙橋　葵",
            sex="2",
            parent_id=people[1],
            domicile="なし",
            family_register_head="なし",
        )
        before = replace(read_before(connection, [household_id], [child], born), number_rule=NumberRule.SYNTHETIC)
        do_register(connection, environment, change_of(Reason.BIRTH).plan(before, told, date(2026, 4, 1)))
        rows = live_rows(connection, [child])[child]
    assert [row.valid_from for row in rows] == [born, tomorrow]
    assert rows[0].record.resident_code_id is not None
    assert rows[1].record.resident_code_id == rows[0].record.resident_code_id
