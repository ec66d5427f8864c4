"""Persons, households and numbers that a change brings: made at registration, under the locks of the one door."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString

from daicho.law.numbers import serial_number
from daicho.law.reasons import Kind
from daicho.register.changes.plan import Effect, NewNumbers, Plan
from daicho.register.changes.timeline import Rows, StateRow
from daicho.register.store import code_stock
from daicho.register.store.errors import NumberInUse
from daicho.register.store.numbers import NumberKind, blind_index, seal
from daicho.wire.environment import Connection, Environment

ADDRESSEE_WIDTH = 10
"""Digits of an addressee number, check digit included (STD 1.1.13)."""
HOUSEHOLD_WIDTH = 8
"""Digits of a household number, check digit included."""

_Holding = tuple[NumberKind, int, str]
"""Kind, person and number in clear; never logged."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """Whom and what a plan brings that the register does not know yet."""

    household_ids: tuple[int, ...]
    person_ids: tuple[int, ...]


def ensure(
    connection: Connection, env: Environment, plan: Plan, fresh: Fresh, ids: Iterator[int], recorded_at: datetime
) -> Plan:
    """Make households, persons and numbers that do not exist yet; returns the plan with its numbers as ids.

    `ids` gives fresh ids, at most two for each effect are used. Raises NumberInUse when a number stands on another
    person, StockEmpty when no free resident code is left to change to.
    """
    _enter(connection, fresh, recorded_at)
    plan = _draw_codes(connection, env, plan, recorded_at)
    held = _hold_all(connection, env, plan.effects, ids)
    return replace(plan, effects=tuple(_with_number_ids(effect, held) for effect in plan.effects)) if held else plan


def _draw_codes(connection: Connection, env: Environment, plan: Plan, at: datetime) -> Plan:
    """Draw a resident code for everybody who is to get one (STD 4.3.1).

    Nobody's entry waits for the stock: without a free code the person is entered without one and stands on the work list.
    """
    wanted = sorted({effect.person_id for effect in plan.effects if effect.numbers.code_from_stock})
    drawn = {person_id: code_stock.draw(connection, env, person_id, at) for person_id in wanted}
    if None in drawn.values() and plan.reason.kind is not Kind.ENTER:
        raise code_stock.StockEmpty()
    return replace(plan, effects=tuple(_with_code(effect, drawn) for effect in plan.effects)) if drawn else plan


def _with_code(effect: Effect, drawn: Mapping[int, str | None]) -> Effect:
    if not effect.numbers.code_from_stock:
        return effect
    return replace(effect, numbers=NewNumbers(effect.numbers.individual_number, drawn[effect.person_id]))


_SERIALS: LiteralString = """
    SELECT ARRAY(SELECT nextval('register.household_serial') FROM generate_series(1, %s::integer)) AS households,
           ARRAY(SELECT nextval('register.addressee_serial') FROM generate_series(1, %s::integer)) AS persons
"""
_ENTER: LiteralString = """
    WITH household AS (
        INSERT INTO register.household (household_id, household_number, last_recorded_at)
        SELECT w.id, w.number, %(at)s FROM unnest(%(households)s::bigint[], %(household_numbers)s::text[]) AS w (id, number)
        ON CONFLICT (household_number) DO NOTHING RETURNING household_id
    ), person AS (
        INSERT INTO register.person (person_id, addressee_number, last_recorded_at)
        SELECT w.id, w.number, %(at)s FROM unnest(%(persons)s::bigint[], %(person_numbers)s::text[]) AS w (id, number)
        ON CONFLICT (addressee_number) DO NOTHING RETURNING person_id
    )
    SELECT household_id AS id FROM household UNION ALL SELECT person_id FROM person
"""


def _enter(connection: Connection, fresh: Fresh, recorded_at: datetime) -> None:
    """Write new households and persons with the next numbers that have a check digit and that nobody has.

    Serials without a check digit are passed over, and so are numbers that were taken over from an older register.
    """
    households, persons = list(fresh.household_ids), list(fresh.person_ids)
    while households or persons:
        [drawn] = connection.execute(_SERIALS, (len(households), len(persons))).fetchall()
        household_numbers = _usable(drawn["households"], HOUSEHOLD_WIDTH)
        person_numbers = _usable(drawn["persons"], ADDRESSEE_WIDTH)
        values = {
            "at": recorded_at,
            "households": households[: len(household_numbers)],
            "household_numbers": household_numbers,
            "persons": persons[: len(person_numbers)],
            "person_numbers": person_numbers,
        }
        written = {row["id"] for row in connection.execute(_ENTER, values)}
        households = [one for one in households if one not in written]
        persons = [one for one in persons if one not in written]


def _usable(serials: Iterable[int], width: int) -> list[str]:
    return [number for serial in serials if (number := serial_number(serial, width)) is not None]


def _numbers(effect: Effect) -> tuple[tuple[NumberKind, str | None], ...]:
    return ("individual_number", effect.numbers.individual_number), ("resident_code", effect.numbers.resident_code)


def _hold_all(
    connection: Connection, env: Environment, effects: Iterable[Effect], unused: Iterator[int]
) -> dict[_Holding, int]:
    """The ids of all numbers of a plan, taken in the order of their keyed index.

    In one order for everybody: two counters with one family in two orders wait for each other's numbers otherwise.
    """
    wanted = sorted(
        (blind_index(env.keys, kind, number), kind, effect.person_id, number)
        for effect in effects
        for kind, number in _numbers(effect)
        if number
    )
    if not wanted:
        return {}
    held = _holders(connection, wanted)
    fresh: dict[_Holding, bytes] = {}
    for index, kind, person_id, number in wanted:
        holder = held.get((kind, index))
        if holder is not None and holder[0] != person_id:
            raise NumberInUse()
        if holder is None:
            fresh[kind, person_id, number] = index
    ids = {holding: next(unused) for holding in fresh}
    _insert_numbers(connection, env, ids)
    known = {
        (kind, person_id, number): held[kind, index][1]
        for index, kind, person_id, number in wanted
        if (kind, index) in held
    }
    return known | ids


def _holders(
    connection: Connection, wanted: Sequence[tuple[bytes, NumberKind, int, str]]
) -> dict[tuple[NumberKind, bytes], tuple[int, int]]:
    """Who holds which of these numbers now: person and id by kind and keyed index."""
    rows = connection.execute(
        "SELECT n.kind, n.blind_index, n.person_id, n.number_id FROM register.number n"
        " JOIN unnest(%s::text[], %s::bytea[]) AS w (kind, blind_index) USING (kind, blind_index)"
        " WHERE n.released_at IS NULL",
        ([kind for _, kind, _, _ in wanted], [index for index, _, _, _ in wanted]),
    )
    return {(row["kind"], bytes(row["blind_index"])): (row["person_id"], row["number_id"]) for row in rows}


def _insert_numbers(connection: Connection, env: Environment, ids: Mapping[_Holding, int]) -> None:
    """Numbers that nobody holds, in the order given; whoever is first keeps one, the other is told (number_holder)."""
    if not ids:
        return
    sealed = [seal(env, kind, person_id, number) for kind, person_id, number in ids]
    connection.execute(
        "INSERT INTO register.number (number_id, person_id, kind, ciphertext, blind_index, key_version)"
        " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bytea[], %s::bytea[], %s::smallint[])",
        (
            list(ids.values()),
            [person_id for _, person_id, _ in ids],
            [kind for kind, _, _ in ids],
            [one.ciphertext for one in sealed],
            [one.blind_index for one in sealed],
            [one.key_version for one in sealed],
        ),
    )


def _with_number_ids(effect: Effect, held: dict[_Holding, int]) -> Effect:
    ids = {f"{kind}_id": held[kind, effect.person_id, number] for kind, number in _numbers(effect) if number}
    return replace(effect, record=effect.record.with_(**ids))


def release(connection: Connection, done: Sequence[Rows], at: datetime) -> None:
    """Let go of the numbers that somebody no longer has, and hold again what a change gives back.

    A person holds the numbers of the last state known now; earlier ones stay in the history, released. Raises
    NumberInUse, through the one door, when a number given back stands on somebody else by now.
    """
    people = [
        rows.written[0].person_id
        for rows in done
        if rows.closed and _number_ids(rows.closed) != _number_ids(rows.written[-1:])
    ]
    if people:
        connection.execute(_RELEASE, {"people": people, "at": at})


def _number_ids(rows: Iterable[StateRow]) -> set[int]:
    ids = (one for row in rows for one in (row.record.individual_number_id, row.record.resident_code_id))
    return {one for one in ids if one is not None}


_RELEASE: LiteralString = """
    WITH last AS (
        SELECT DISTINCT ON (person_id) person_id, individual_number_id, resident_code_id
        FROM register.resident_state WHERE person_id = ANY (%(people)s::bigint[]) AND upper_inf(known)
        ORDER BY person_id, lower(valid) DESC
    ), held AS (
        SELECT n.number_id,
               coalesce(n.number_id = l.individual_number_id, false) OR coalesce(n.number_id = l.resident_code_id, false)
                   AS is_held
        FROM register.number n JOIN last l USING (person_id)
    )
    UPDATE register.number n SET released_at = CASE WHEN h.is_held THEN NULL ELSE %(at)s END
    FROM held h WHERE h.number_id = n.number_id AND (n.released_at IS NULL) <> h.is_held
"""
