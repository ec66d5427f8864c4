"""What reports of the trail need to know of people: numbers for ids, and looks at people who bear the officer's own family name.

Nothing here shows a person: it turns a 宛名番号 into an id and back, and says that a look concerned a namesake. The
reports themselves decide, and are on record (`daicho.trail.reports`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from daicho.access.actor import Actor, Right
from daicho.access.decision import require_right
from daicho.access.errors import NotAvailable
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.trail.reports import Period
from daicho.wire.environment import Connection, Environment

MOST = 500


@dataclass(frozen=True, slots=True)
class NamesakeLook:
    """A look of an officer at somebody with the same family name."""

    officer: str
    at: datetime
    entry_id: int
    act: str
    person_id: int


def person_of(env: Environment, actor: Actor, addressee_number: str) -> int:
    """The person of a 宛名番号, for the report about that person.

    Raises NotAllowed, NotAvailable (nobody has the number; the attempt is in the trail).
    """
    require_right(actor, Right.TRAIL_READ, on=env.clock.today())
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT person_id FROM register.person WHERE addressee_number = %s", (addressee_number,)
        ).fetchone()
        if row is None:
            record_act(connection, env, actor, Act.TRAIL_PERSON, refused=True)
    if row is None:
        raise NotAvailable
    return int(row["person_id"])


def protected_persons(env: Environment, actor: Actor) -> list[int]:
    """Whom a measure of protection names that has not ended: every look at them counts. For counting only. Raises NotAllowed."""
    require_right(actor, Right.TRAIL_READ, on=env.clock.today())
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT DISTINCT p.person_id FROM register.protection_person p JOIN register.protection_now n USING (protection_id)"
            " WHERE n.status <> 'ended' ORDER BY 1"
        ).fetchall()
    return [row["person_id"] for row in rows]


def addressee_numbers(connection: Connection, person_ids: Iterable[int]) -> dict[int, str]:
    """宛名番号 by person."""
    rows = connection.execute(
        "SELECT person_id, addressee_number FROM register.person WHERE person_id = ANY (%s::bigint[])",
        (sorted(set(person_ids)),),
    )
    return {row["person_id"]: row["addressee_number"] for row in rows}


def namesakes(
    env: Environment, actor: Actor, families: Mapping[str, str], period: Period, *, form: str = "screen"
) -> tuple[NamesakeLook, ...]:
    """Looks of officers at people of their own family name (`families`: by user ID), newest first, at most 500.

    The name is compared as it is written. Raises NotAllowed.
    """
    require_right(actor, Right.TRAIL_READ, on=env.clock.today())
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT e.officer, e.at, e.entry_id, e.act, s.person_id FROM unnest(%s::text[], %s::text[]) AS o (officer, family)"
            " JOIN trail.entry e ON e.officer = o.officer JOIN trail.subject s ON s.at = e.at AND s.entry_id = e.entry_id"
            " JOIN register.resident_current c ON c.person_id = s.person_id"
            " WHERE e.at >= %s AND e.at < %s AND e.act IN ('person.open', 'household.open', 'history.open', 'number.show')"
            " AND split_part(c.name, '　', 1) = o.family ORDER BY e.at DESC, e.entry_id DESC, s.person_id LIMIT %s",
            (list(families), list(families.values()), period.since, period.until, MOST),
        ).fetchall()
        record_act(connection, env, actor, Act.TRAIL_ABNORMAL, detail={"form": form, "namesakes": len(rows)})
    return tuple(NamesakeLook(**row) for row in rows)
