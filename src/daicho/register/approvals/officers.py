"""An approver as they stand today: looked up when the approved act is carried out, wherever the officer is now."""

from daicho.access.actor import Actor
from daicho.register.signon.names import place_on
from daicho.wire.environment import Connection, Environment


def officer_today(connection: Connection, env: Environment, officer_id: str) -> Actor | None:
    """The officer with the roles in force today, at no terminal; None when the user ID is not in force."""
    today = env.clock.today()
    row = connection.execute(
        "SELECT o.*, coalesce(array_agg(r.role) FILTER (WHERE r.role IS NOT NULL), '{}') AS roles FROM signon.officer o"
        " LEFT JOIN signon.officer_role r ON r.officer_id = o.officer_id"
        "  AND r.since <= %(today)s AND (r.until IS NULL OR r.until >= %(today)s)"
        " WHERE o.officer_id = %(officer)s AND o.active AND (o.withdrawn_on IS NULL OR o.withdrawn_on > %(today)s)"
        "  AND o.valid_from <= %(today)s"
        "  AND (o.valid_to IS NULL OR o.valid_to >= %(today)s) GROUP BY o.officer_id",
        {"today": today, "officer": officer_id},
    ).fetchone()
    if row is None:
        return None
    place = place_on(row["department"], row["office"], row["postings"], today)
    if place.on_leave:
        return None
    return Actor(
        officer_id=officer_id,
        name=row["name"],
        roles=frozenset(row["roles"]),
        department=place.department,
        office=place.office,
        terminal_id="",
        terminal_name="",
        session_ref="",
        signed_on_at=env.clock.now(),
    )
