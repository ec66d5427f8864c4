"""Whom a change of addresses concerns (STD 9.7): households of towns, or persons of a registered domicile, by number alone.

Hidden people are on no list; the officers who handle them change their records one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from daicho.access.actor import Actor, Purpose
from daicho.register.store.picks import no_longer
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment

PURPOSE = Purpose.EX_OFFICIO


@dataclass(frozen=True, slots=True)
class Target:
    """One line: the number it is found by, what is recorded, and whose records it concerns."""

    place: int
    key: str
    text: str
    building: str
    people: tuple[int, ...]


_HOUSEHOLDS: LiteralString = """
    SELECT c.household_id AS place, h.household_number AS key, c.address AS text, coalesce(c.building, '') AS building,
           array_agg(c.person_id) AS people
    FROM register.resident_current c JOIN register.household h USING (household_id)
    WHERE c.status = 'resident' AND (c.removed_from IS NULL OR c.removed_from > %(today)s::date)
      AND (%(towns)s::text[] = '{}' OR c.town_code = ANY (%(towns)s)) AND starts_with(c.address, %(begins)s)
      AND c.household_id > %(after)s
      AND NOT EXISTS (SELECT FROM register.resident_current x WHERE x.household_id = c.household_id
                      AND x.person_id IN (SELECT register.all_shielded(%(today)s::date, %(now)s::timestamptz)))
    GROUP BY c.household_id, h.household_number, c.address, c.building ORDER BY c.household_id LIMIT %(most)s
"""
_DOMICILES: LiteralString = """
    SELECT c.person_id AS place, c.addressee_number AS key, s.domicile AS text, '' AS building, ARRAY[c.person_id] AS people
    FROM register.resident_current c JOIN register.resident_state s USING (state_id)
    WHERE c.status = 'resident' AND (c.removed_from IS NULL OR c.removed_from > %(today)s::date)
      AND starts_with(s.domicile, %(begins)s) AND c.person_id > %(after)s
      AND c.person_id NOT IN (SELECT register.all_shielded(%(today)s::date, %(now)s::timestamptz))
    ORDER BY c.person_id LIMIT %(most)s
"""


def targets(
    connection: Connection,
    env: Environment,
    actor: Actor,
    kind: str,
    *,
    towns: Sequence[str],
    begins: str,
    after: int,
    most: int,
) -> list[Target]:
    """The next households (`kind` address) or persons (domicile) by id; whose records these are is on record."""
    rows = connection.execute(
        _HOUSEHOLDS if kind == "address" else _DOMICILES,
        {
            "today": env.clock.today(),
            "now": env.clock.now(),
            "towns": list(towns),
            "begins": begins,
            "after": after,
            "most": most,
        },
    ).fetchall()
    found = [Target(row["place"], row["key"], row["text"], row["building"], tuple(row["people"])) for row in rows]
    people = [person for one in found for person in one.people]
    detail: dict[str, str | int | bool] = {"list": "address_targets", "found": len(people)}
    record_act(connection, env, actor, Act.SEARCH, purpose=PURPOSE, subjects=people, detail=detail)
    return found


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice of a line of a bulk change: to whom, what stood there, what stands or will stand there."""

    line: int
    addressee: str
    postcode: str
    municipality_code: str
    address: str
    building: str | None
    before: str
    after: str


_NOTICES: LiteralString = """
    SELECT l.line, l.before, l.after, w.name, coalesce(s.postcode, '') AS postcode, w.person_id,
           s.municipality_code, s.address, s.building
    FROM register.address_batch_line l JOIN register.address_batch b USING (batch_id)
    JOIN LATERAL (
        SELECT c.* FROM register.resident_current c LEFT JOIN register.household h USING (household_id)
        WHERE c.status = 'resident' AND CASE b.kind WHEN 'address' THEN h.household_number = l.key
              ELSE c.addressee_number = l.key END
        ORDER BY c.household_order, c.person_id LIMIT 1
    ) w ON true JOIN register.resident_state s ON s.state_id = w.state_id
    WHERE l.batch_id = %s AND l.state = %s AND l.line > %s ORDER BY l.line LIMIT %s
"""


def notices(
    connection: Connection, env: Environment, actor: Actor, batch_id: int, state: str, *, after: int, most: int
) -> tuple[list[Notice], int | None]:
    """The next notices of a bulk change, without hidden people; and the last line looked at, None at the end."""
    rows = connection.execute(_NOTICES, (batch_id, state, after, most)).fetchall()
    gone = no_longer(connection, env, [row["person_id"] for row in rows])
    shown = [row for row in rows if row["person_id"] not in gone]
    people = [row["person_id"] for row in shown]
    detail: dict[str, str | int | bool] = {"list": "address_notices", "found": len(people)}
    record_act(connection, env, actor, Act.SEARCH, purpose=PURPOSE, subjects=people, detail=detail)
    found = [
        Notice(
            line=row["line"],
            addressee=row["name"],
            postcode=row["postcode"],
            municipality_code=row["municipality_code"],
            address=row["address"],
            building=row["building"],
            before=row["before"],
            after=row["after"],
        )
        for row in shown
    ]
    return found, rows[-1]["line"] if len(rows) == most else None
