"""Bringing the derived tables to the present day, so that nothing registered ahead is shown as it was before.

A planned move-out takes effect without any act on the day: the leaver is removed, somebody who stays becomes head. The
derived rows of these persons are renewed by whoever reads first on a day; no batch has to run.
"""

from datetime import date

from daicho.register.store import derived
from daicho.wire.environment import Connection, Environment


def bring_to_today(env: Environment) -> int:
    """Renew the persons for whom something begins since the last time; returns how many. In a transaction of its own.

    To be called before reading derived tables, without any lock: it takes those of the one door, persons in id order.
    """
    today = env.clock.today()
    with env.database.transaction() as connection:
        behind = connection.execute("select from register.derived_day where on_day < %s", (today,)).fetchall()
        return _renew(connection, today) if behind else 0


def _renew(connection: Connection, today: date) -> int:
    """Whoever waits here for another finds the day done and nobody due."""
    connection.execute("select from register.derived_day for update")
    due = connection.execute(
        "select distinct s.person_id from register.resident_state s, register.derived_day d"
        " where upper_inf(s.known) and lower(s.valid) > d.on_day and lower(s.valid) <= %s::date order by 1",
        (today,),
    ).fetchall()
    people = [row["person_id"] for row in due]
    connection.execute(
        "select from register.person where person_id = any (%s::bigint[]) order by person_id for update", (people,)
    )
    derived.refresh(connection, people, today)
    connection.execute("update register.derived_day set on_day = %s", (today,))
    return len(people)
