"""Two people found by a search, side by side, to tell them apart (S06).

Equal name, birth date and sex are not identity: this shows what differs. Numbers are compared inside the database and
only the answer comes out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide
from daicho.access.errors import NotAvailable
from daicho.register.changes.record import ResidentRecord
from daicho.register.store.derived_day import bring_to_today
from daicho.register.store.likeness import Equality
from daicho.register.store.rows import record_of
from daicho.register.store.shield import look, masked
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: the record as known now, and the head of the household."""

    person_id: int
    record: ResidentRecord
    head_name: str | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides, and whether their numbers agree: 一致, 一致しない, 不明."""

    sides: tuple[Side, Side]
    individual_number: Equality
    resident_code: Equality


def compare_two(env: Environment, actor: Actor, person_ids: tuple[int, int], purpose: Purpose) -> Pair:
    """Two people beside each other. Raises NotAllowed, PurposeMissing, NotAvailable; leaves a trace of both."""
    decide(actor, Right.PERSON_SEARCH, on=env.clock.today(), purpose=purpose)
    bring_to_today(env)
    with env.database.transaction() as connection:
        shield = look(connection, env, actor, person_ids)
        found = {
            one.person_id: replace(one, record=masked(one.record), head_name=None, hidden=True)
            if shield.hides(one.person_id)
            else one
            for one in _sides(connection, person_ids).values()
        }
        complete = len(found) == len(set(person_ids)) == len(person_ids)
        record_act(
            connection,
            env,
            actor,
            Act.CANDIDATES_SHOWN,
            purpose=purpose,
            subjects=sorted(found) if complete else [],
            refused=not complete,
            detail={"hidden": len(shield.hidden)} if shield.hidden else {},
        )
        agree = _agreement(connection, person_ids) if complete else {}
    if not complete:
        raise NotAvailable()
    first, second = person_ids
    return Pair(
        (found[first], found[second]),
        agree.get("individual_number", "unknown"),
        agree.get("resident_code", "unknown"),
    )


def _sides(connection: Connection, person_ids: Sequence[int]) -> dict[int, Side]:
    rows = connection.execute(
        "SELECT s.*, ("
        "  SELECT h.name FROM register.resident_current h WHERE h.household_id = c.household_id"
        "   AND h.relationship = '02' AND h.status = 'resident'"
        "   AND NOT EXISTS (SELECT FROM register.protected_person x WHERE x.person_id = h.person_id) LIMIT 1)"
        "   AS head_name"
        " FROM register.resident_current c JOIN register.resident_state s USING (state_id)"
        " WHERE c.person_id = ANY (%s::bigint[])",
        (list(person_ids),),
    )
    return {row["person_id"]: Side(row["person_id"], record_of(row), row["head_name"]) for row in rows}


def _agreement(connection: Connection, person_ids: Sequence[int]) -> dict[str, Equality]:
    """Per kind of number that both have, whether it is the same one."""
    rows = connection.execute(
        "SELECT kind, count(DISTINCT person_id) AS holders, count(DISTINCT blind_index) AS numbers"
        " FROM register.number WHERE person_id = ANY (%s::bigint[]) AND released_at IS NULL GROUP BY kind",
        (list(person_ids),),
    )
    return {
        row["kind"]: "same" if row["numbers"] == 1 else "different" for row in rows if row["holders"] == len(person_ids)
    }
