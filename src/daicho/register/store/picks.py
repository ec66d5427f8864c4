"""Residents picked by a condition for a list (STD 9.5, 9.6): counted, fixed in an order, read page by page, each look on record.

Whoever is hidden, and whose papers or inquiries are held back, is never among them, nor among the count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, LiteralString

from psycopg import sql

from daicho.access.actor import Actor, Purpose
from daicho.register.changes.record import ResidentRecord
from daicho.register.store.rows import record_of
from daicho.register.store.shield import shielded
from daicho.register.store.suppression import levels
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment

Order = Literal["address", "random"]
Who = Literal["residents", "removed", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Who is wanted; empty means any. `towns`: town codes; `count`: so many at random, None for all."""

    sex: str = ""
    born_from: date | None = None
    born_until: date | None = None
    towns: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    foreign: bool | None = None
    who: Who = "residents"
    count: int | None = None
    order: Order = "address"


@dataclass(frozen=True, slots=True)
class Picked:
    """One line of the list: its place, and the record as it stands when the line is read."""

    place: int
    person_id: int
    addressee_number: str
    record: ResidentRecord


_WHO: LiteralString = """
    FROM register.resident_current c JOIN register.resident_state s USING (state_id)
    WHERE (%(who)s = 'all' OR (%(who)s = 'residents') = (c.status = 'resident'
           AND (c.removed_from IS NULL OR c.removed_from > %(today)s::date) AND s.valid @> %(today)s::date))
      AND (%(sex)s = '' OR c.sex = %(sex)s)
      AND (%(born_from)s::date IS NULL OR c.birth >= %(born_from)s) AND (%(born_until)s::date IS NULL OR c.birth <= %(born_until)s)
      AND (%(towns)s::text[] = '{}' OR c.town_code = ANY (%(towns)s))
      AND (%(districts)s::text[] = '{}' OR s.district_code = ANY (%(districts)s))
      AND (%(foreign)s::boolean IS NULL OR c.is_foreign = %(foreign)s)
      AND c.person_id <> ALL (%(left_out)s::bigint[])
"""
_PICK: LiteralString = (
    "INSERT INTO register.batch_pick (run_id, place, person_id) SELECT %(run)s, row_number() OVER ("  # noqa: S608 - constants only
    " ORDER BY CASE WHEN %(by_address)s THEN '' ELSE encode(key, 'hex') END, town_code, address, household_id, household_order,"
    " person_id), person_id FROM (SELECT c.person_id, c.town_code, c.address, c.household_id, c.household_order,"
    " register.sample_key(%(seed)s, c.addressee_number) AS key"
    + _WHO
    + " ORDER BY CASE WHEN %(count)s::integer IS NULL THEN NULL ELSE register.sample_key(%(seed)s, c.addressee_number) END"
    " LIMIT %(count)s) w"
)
_COUNT: LiteralString = "SELECT count(*) AS n " + _WHO


def pick(connection: Connection, env: Environment, run_id: int, condition: Condition, seed: str) -> tuple[int, int]:
    """Fix whom the list shows and in which order; returns (how many meet the condition, how many were picked)."""
    values: Mapping[str, Any] = {
        "run": run_id,
        "today": env.clock.today(),
        "sex": condition.sex,
        "who": condition.who,
        "born_from": condition.born_from,
        "born_until": condition.born_until,
        "towns": list(condition.towns),
        "districts": list(condition.districts),
        "foreign": condition.foreign,
        "left_out": sorted(_left_out(connection, env)),
        "seed": seed,
        "count": condition.count,
        "by_address": condition.order == "address",
    }
    row = connection.execute(_COUNT, values).fetchone()
    made = connection.execute(_PICK, values)
    return (int(row["n"]) if row else 0), made.rowcount


def _left_out(connection: Connection, env: Environment) -> frozenset[int]:
    """Everybody who stands on no list."""
    today, now = env.clock.today(), env.clock.now()
    rows = connection.execute(
        "SELECT person_id FROM register.all_shielded(%s::date, %s::timestamptz) AS a (person_id)"
        " UNION SELECT s.person_id FROM register.suppression s WHERE s.person_id IS NOT NULL"
        " UNION SELECT c.person_id FROM register.suppression s JOIN register.resident_current c USING (household_id)",
        (today, now),
    ).fetchall()
    return no_longer(connection, env, [row["person_id"] for row in rows])


def no_longer(connection: Connection, env: Environment, people: list[int]) -> frozenset[int]:
    """Who of these must stand on no list now: hidden, or their papers or inquiries are held back."""
    found = set(shielded(connection, env, people))
    for process in ("issue", "inquiry"):
        found |= {one for one, level in levels(connection, env, people, process).items() if level == "error"}
    return frozenset(found)


def page(
    connection: Connection, env: Environment, actor: Actor, purpose: Purpose, run_id: int, after: int, most: int
) -> tuple[list[Picked], list[int]]:
    """The next lines of a run's list, and the places whose person must not be shown any more; who is shown is on record."""
    rows = connection.execute(
        "SELECT p.place, n.addressee_number, s.* FROM register.batch_pick p JOIN register.person n USING (person_id)"
        " JOIN register.resident_current c USING (person_id) JOIN register.resident_state s USING (state_id)"
        " WHERE p.run_id = %s AND p.place > %s ORDER BY p.place LIMIT %s",
        (run_id, after, most),
    ).fetchall()
    gone = no_longer(connection, env, [row["person_id"] for row in rows])
    gone |= {row["person_id"] for row in rows if row["status"] != "resident"}
    shown = [
        Picked(row["place"], row["person_id"], row["addressee_number"], record_of(row))
        for row in rows
        if row["person_id"] not in gone
    ]
    people = [one.person_id for one in shown]
    detail: dict[str, str | int | bool] = {"list": "picked", "run": run_id, "found": len(people)}
    record_act(connection, env, actor, Act.SEARCH, purpose=purpose, subjects=people, detail=detail)
    return shown, [row["place"] for row in rows if row["person_id"] in gone]


def items_page(
    connection: Connection, env: Environment, actor: Actor, run_id: int, items: Sequence[str], after: int, most: int
) -> tuple[list[tuple[object, ...]], int]:
    """The next lines of a run's list as items of the register's file, and how many were read; who is shown is on record."""
    rows = connection.execute(
        sql.SQL(
            "SELECT p.person_id, {} FROM register.batch_pick p JOIN register.register_file f USING (person_id)"
            " WHERE p.run_id = %s AND p.place > %s AND p.place <= %s ORDER BY p.place"
        ).format(sql.SQL(", ").join(sql.SQL("f.{}").format(sql.Identifier(item)) for item in items)),
        (run_id, after, after + most),
    ).fetchall()
    gone = no_longer(connection, env, [row["person_id"] for row in rows])
    shown = [row for row in rows if row["person_id"] not in gone]
    detail: dict[str, str | int | bool] = {"list": "extract", "run": run_id, "found": len(shown), "items": len(items)}
    people = [row["person_id"] for row in shown]
    record_act(connection, env, actor, Act.SEARCH, purpose=Purpose.STATISTICS, subjects=people, detail=detail)
    return [tuple(row[item] for item in items) for row in shown], len(rows)


def counts_by(connection: Connection, run_id: int, items: Sequence[str]) -> list[tuple[object, ...]]:
    """How many of a run's list stand under each combination of some items: nobody is shown."""
    names = sql.SQL(", ").join(sql.SQL("f.{}").format(sql.Identifier(item)) for item in items)
    rows = connection.execute(
        sql.SQL(
            "SELECT {names}, count(*) AS n FROM register.batch_pick p JOIN register.register_file f USING (person_id)"
            " WHERE p.run_id = %s GROUP BY {names} ORDER BY {names}"
        ).format(names=names),
        (run_id,),
    ).fetchall()
    return [(*(row[item] for item in items), row["n"]) for row in rows]


def who_must_go(connection: Connection, env: Environment, run_id: int) -> int:
    """How many of a run's list must not be shown any more: then the list may not leave, and is drawn anew."""
    rows = connection.execute("SELECT person_id FROM register.batch_pick WHERE run_id = %s", (run_id,)).fetchall()
    return len(no_longer(connection, env, [row["person_id"] for row in rows]))


def who_is_hidden(connection: Connection, env: Environment, run_id: int) -> int:
    """How many of a run's list are hidden by now, whatever else is held back of them."""
    rows = connection.execute("SELECT person_id FROM register.batch_pick WHERE run_id = %s", (run_id,)).fetchall()
    return len(shielded(connection, env, [row["person_id"] for row in rows]))


def pick_everybody(connection: Connection, env: Environment, run_id: int) -> int:
    """Fix everybody on the register, removed or not, who is not hidden; returns how many."""
    made = connection.execute(
        "INSERT INTO register.batch_pick (run_id, place, person_id) SELECT %s, row_number() OVER (ORDER BY person_id),"
        " person_id FROM register.resident_current"
        " WHERE person_id NOT IN (SELECT register.all_shielded(%s::date, %s::timestamptz))",
        (run_id, env.clock.today(), env.clock.now()),
    )
    return made.rowcount


def numbers_of(connection: Connection, run_id: int) -> list[str]:
    """The addressee numbers of a run's list in order, for the digest that proves a sample."""
    rows = connection.execute(
        "SELECT n.addressee_number FROM register.batch_pick p JOIN register.person n USING (person_id)"
        " WHERE p.run_id = %s ORDER BY p.place",
        (run_id,),
    ).fetchall()
    return [row["addressee_number"] for row in rows]


def forget(connection: Connection, run_ids: list[int]) -> None:
    """Let the lists of old runs go; seed, condition, counts and digest stay with the run."""
    connection.execute("DELETE FROM register.batch_pick WHERE run_id = ANY (%s::bigint[])", (run_ids,))
