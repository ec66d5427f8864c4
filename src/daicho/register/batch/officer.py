"""The officer a run acts for: with the roles of the day on which it runs, not of the day on which it was planned."""

from daicho.access.actor import Actor
from daicho.register.batch.errors import PlannerGone
from daicho.register.batch.model import SYSTEM, Run
from daicho.register.signon.names import place_on
from daicho.wire.environment import Connection, Environment


def actor_of(connection: Connection, env: Environment, run: Run) -> Actor | None:
    """Who asked for the run; None for the runs of the system. Raises PlannerGone."""
    if run.officer == SYSTEM:
        return None
    row = connection.execute(
        "SELECT o.name, o.department, o.office, o.postings, t.name AS terminal, t.terminal_class,"
        " (SELECT coalesce(array_agg(r.role), '{}') FROM signon.officer_role r WHERE r.officer_id = o.officer_id"
        "  AND r.since <= %(today)s AND (r.until IS NULL OR r.until >= %(today)s)) AS roles"
        " FROM signon.officer o, signon.terminal t WHERE o.officer_id = %(officer)s AND o.active AND t.active"
        " AND t.terminal_id = %(terminal)s AND o.valid_from <= %(today)s AND (o.valid_to IS NULL OR o.valid_to >= %(today)s)",
        {"today": env.clock.today(), "officer": run.officer, "terminal": run.terminal},
    ).fetchone()
    if row is None:
        raise PlannerGone
    place = place_on(row["department"], row["office"], row["postings"], env.clock.today())
    if place.on_leave:
        raise PlannerGone
    return Actor(
        officer_id=run.officer,
        name=row["name"],
        roles=frozenset(row["roles"]),
        department=place.department,
        office=run.office or place.office,
        terminal_id=run.terminal,
        terminal_name=row["terminal"],
        session_ref=f"batch:{run.run_id}",
        signed_on_at=run.asked_at,
        terminal_class=row["terminal_class"],
    )
