"""Persons, households and numbers that a change brings: made at registration, under the locks of the one door."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import LiteralString

from daicho.law.numbers import serial_number
from daicho.register.changes.plan import Effect, Plan
from daicho.register.changes.timeline import Rows, StateRow
from daicho.register.store.errors import NumberInUse
from daicho.register.store.numbers import NumberKind, blind_index, seal
from daicho.wire.environment import Connection, Environment

ADDRESSEE_WIDTH = 10
"""Digits of an addressee number, check digit included (STD 1.1.13)."""
HOUSEHOLD_WIDTH = 8
"""Digits of a household number, check digit included."""

_Holding = tuple[NumberKind, int, str]
"""Kind, person and number in clear; never logged."""


def ensure(connection: Connection, env: Environment, plan: Plan, recorded_at: datetime) -> Plan:
    """Make households, persons and numbers that do not exist yet; returns the plan with its numbers as ids.

    Raises NumberInUse when a number stands on another person.
    """
    _ensure_households(connection, {e.record.household_id for e in plan.effects}, recorded_at)
    _ensure_persons(connection, plan.person_ids, recorded_at)
    held = _hold_all(connection, env, plan.effects)
    return replace(plan, effects=tuple(_with_number_ids(effect, held) for effect in plan.effects))


def release(connection: Connection, done: Sequence[Rows], recorded_at: datetime) -> None:
    """Free the numbers that no live state carries any more, hold again those that one carries again (decision 0002).

    To be called after the states are written. Raises the unique violation of `number_holder` when somebody else has
    come to hold a number in the meantime.
    """
    before = {number for rows in done for row in rows.closed for number in _number_ids(row)}
    after = {number for rows in done for row in rows.written for number in _number_ids(row)}
    if before - after:
        connection.execute(
            "UPDATE register.number n SET released_at = %s WHERE n.number_id = ANY (%s::bigint[])"
            " AND n.released_at IS NULL AND NOT EXISTS (SELECT 1 FROM register.resident_state s"
            "  WHERE s.person_id = n.person_id AND upper_inf(s.known)"
            "  AND n.number_id IN (s.individual_number_id, s.resident_code_id))",
            (recorded_at, sorted(before - after)),
        )
    if after - before:
        connection.execute(
            "UPDATE register.number SET released_at = NULL"
            " WHERE number_id = ANY (%s::bigint[]) AND released_at IS NOT NULL",
            (sorted(after - before),),
        )


def _number_ids(row: StateRow) -> Iterable[int]:
    return (number for number in (row.record.individual_number_id, row.record.resident_code_id) if number is not None)


def _missing(connection: Connection, query: LiteralString, ids: Iterable[int]) -> list[int]:
    wanted = sorted(set(ids))
    known = {row["id"] for row in connection.execute(query, (wanted,))}
    return [one for one in wanted if one not in known]


def _ensure_households(connection: Connection, ids: Iterable[int], recorded_at: datetime) -> None:
    query: LiteralString = "SELECT household_id AS id FROM register.household WHERE household_id = ANY (%s::bigint[])"
    for household_id in _missing(connection, query, ids):
        number = _fresh_number(
            connection,
            "SELECT nextval('register.household_serial') AS serial",
            "SELECT 1 FROM register.household WHERE household_number = %s",
            HOUSEHOLD_WIDTH,
        )
        connection.execute(
            "INSERT INTO register.household (household_id, household_number, last_recorded_at) VALUES (%s, %s, %s)",
            (household_id, number, recorded_at),
        )


def _ensure_persons(connection: Connection, ids: Iterable[int], recorded_at: datetime) -> None:
    query: LiteralString = "SELECT person_id AS id FROM register.person WHERE person_id = ANY (%s::bigint[])"
    for person_id in _missing(connection, query, ids):
        number = _fresh_number(
            connection,
            "SELECT nextval('register.addressee_serial') AS serial",
            "SELECT 1 FROM register.person WHERE addressee_number = %s",
            ADDRESSEE_WIDTH,
        )
        connection.execute(
            "INSERT INTO register.person (person_id, addressee_number, last_recorded_at) VALUES (%s, %s, %s)",
            (person_id, number, recorded_at),
        )


def _fresh_number(connection: Connection, serial: LiteralString, taken: LiteralString, width: int) -> str:
    """The next number that has a check digit and was not taken over from an older register."""
    while True:
        row = connection.execute(serial).fetchone()
        number = serial_number(row["serial"], width) if row else None
        if number is not None and connection.execute(taken, (number,)).fetchone() is None:
            return number


def _numbers(effect: Effect) -> tuple[tuple[NumberKind, str | None], ...]:
    return ("individual_number", effect.numbers.individual_number), ("resident_code", effect.numbers.resident_code)


def _hold_all(connection: Connection, env: Environment, effects: Iterable[Effect]) -> dict[_Holding, int]:
    """The ids of all numbers of a plan, taken in the order of their keyed index.

    In one order for everybody: two counters with one family in two orders wait for each other's numbers otherwise.
    """
    wanted = sorted(
        (blind_index(env.keys, kind, number), kind, effect.person_id, number)
        for effect in effects
        for kind, number in _numbers(effect)
        if number
    )
    return {
        (kind, person_id, number): _hold(connection, env, kind, person_id, number, index)
        for index, kind, person_id, number in wanted
    }


def _with_number_ids(effect: Effect, held: dict[_Holding, int]) -> Effect:
    ids = {f"{kind}_id": held[kind, effect.person_id, number] for kind, number in _numbers(effect) if number}
    return replace(effect, record=effect.record.with_(**ids))


def _hold(connection: Connection, env: Environment, kind: NumberKind, person_id: int, number: str, index: bytes) -> int:
    """The id under which this person holds the number, now if not before."""
    row = connection.execute(
        "SELECT number_id, person_id FROM register.number WHERE kind = %s AND blind_index = %s AND released_at IS NULL",
        (kind, index),
    ).fetchone()
    if row is not None:
        if row["person_id"] != person_id:
            raise NumberInUse()
        return int(row["number_id"])
    sealed = seal(env, kind, person_id, number)
    [number_id] = env.ids.take(connection, 1)
    connection.execute(
        "INSERT INTO register.number (number_id, person_id, kind, ciphertext, blind_index, key_version)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (number_id, person_id, kind, sealed.ciphertext, sealed.blind_index, sealed.key_version),
    )
    return number_id
