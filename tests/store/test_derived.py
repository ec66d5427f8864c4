"""Derived rows follow from live states: for a few persons in their transaction, and for all at once."""

from datetime import date
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.store import derived
from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.people import do_register, move_in_family, plan, record

_TABLES = {
    "resident_current": "person_id",
    "search_name": "script, key, person_id",
    "search_address": "key, person_id",
    "kana_deletion": "deletion, key",
}


def _all(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        table: connection.execute(f"select * from register.{table} order by {order}".encode()).fetchall()
        for table, order in _TABLES.items()
    }


def _rename(env: Environment, household_id: int, person: int, **changes: object) -> None:
    with env.database.transaction() as connection:
        amended = record(household_id, **changes)
        do_register(
            connection,
            env,
            plan(Effect(person, "amend", "mover", date(2026, 4, 1), amended), reason=Reason.EX_OFFICIO_AMENDMENT),
        )


def test_rebuilding_changes_nothing(environment: Environment, clock: SettableClock) -> None:
    household_id, people = move_in_family(environment)
    _rename(
        environment,
        household_id,
        people[0],
        name="渡邉　健一",
        name_kana="ワタナベ　ケンイチ",
        former_family_name="髙橋",
        former_family_name_kana="たかはし",
        former_address="石原二丁目15番地",
        birth=LegalDate(date(1980, 3, 12)),
    )
    with environment.database.transaction() as connection:
        before = _all(connection)
        assert derived.rebuild(connection, clock.today()) == len(people)
        after = _all(connection)
    assert after == before
    names = {(row["script"], row["key"]): row["past"] for row in after["search_name"] if row["person_id"] == people[0]}
    assert names["kanji", "渡辺健一"] is False
    assert names["kanji", "高橋健一"] is False, "the former family name stands beside the given name"
    assert names["given", "ケンイチ"] is False
    assert {row["key"] for row in after["search_address"]} == {"石原2-15"}


def test_a_name_of_before_is_a_past_name(environment: Environment) -> None:
    household_id, people = move_in_family(environment, 1)
    _rename(environment, household_id, people[0], name="渡邉　健一", name_kana="ワタナベ　ケンイチ")
    with environment.database.transaction() as connection:
        rows = connection.execute("select key, past from register.search_name where script = 'kanji'").fetchall()
    assert {row["key"]: row["past"] for row in rows} == {"渡辺健一": False, "高橋健一": True}


def test_rebuild_gives_indexes_and_keys_back(environment: Environment) -> None:
    move_in_family(environment)
    query = (
        "select conrelid::regclass::text as relation, conname as name, pg_get_constraintdef(oid) as definition"
        " from pg_constraint where conrelid::regclass::text = any (%(tables)s)"
        " union all select tablename, indexname, indexdef from pg_indexes"
        " where schemaname || '.' || tablename = any (%(tables)s) order by 1, 2, 3"
    )
    tables = {"tables": [f"register.{table}" for table in _TABLES]}
    with environment.database.transaction() as connection:
        before = connection.execute(query, tables).fetchall()
        derived.rebuild(connection, date(2026, 4, 1))
        assert connection.execute(query, tables).fetchall() == before
    assert len(before) > 10


def test_a_person_without_live_states_has_no_rows(environment: Environment, owner_connection: Connection) -> None:
    _, people = move_in_family(environment, 1)
    owner_connection.execute(
        "update register.resident_state set known = tstzrange(lower(known), lower(known) + interval '1 hour')"
    )
    with environment.database.transaction() as connection:
        derived.refresh(connection, people, date(2026, 4, 1))
        derived.refresh(connection, [], date(2026, 4, 1))
        found = _all(connection)
    assert [len(found[table]) for table in ("resident_current", "search_name", "search_address")] == [0, 0, 0]
