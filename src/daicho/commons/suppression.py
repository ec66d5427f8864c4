"""Suppressions as the register tells them: the newest state of a person replaces the one before (STD 3.2)."""

from daicho.commons.exchange import feed
from daicho.wire.contracts.suppression_changed import SuppressionChanged
from daicho.wire.environment import Connection, Environment
from daicho.wire.message import Envelope


def take(connection: Connection, env: Environment, envelope: Envelope, content: SuppressionChanged) -> None:
    """Keep one person's state; an older one never replaces a newer one.

    Whoever lives under one roof is hidden or shown with this person, so subscribers hear of each of them.
    """
    taken = connection.execute(
        "INSERT INTO commons.suppression AS s"
        " (addressee_number, sequence_no, protected, on_change, on_issue, on_inquiry, told_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (addressee_number) DO UPDATE SET"
        " sequence_no = excluded.sequence_no, protected = excluded.protected, on_change = excluded.on_change,"
        " on_issue = excluded.on_issue, on_inquiry = excluded.on_inquiry, told_at = excluded.told_at"
        " WHERE s.sequence_no < excluded.sequence_no RETURNING s.addressee_number",
        (
            content.addressee_number,
            content.sequence_no,
            content.protected,
            content.on_change,
            content.on_issue,
            content.on_inquiry,
            env.clock.now(),
        ),
    ).fetchone()
    if taken is None:
        return
    connection.execute(
        "UPDATE commons.person SET sequence_no = %s, hidden = %s, told_at = %s WHERE addressee_number = %s",
        (content.sequence_no, content.protected, env.clock.now(), content.addressee_number),
    )
    for number in _under_one_roof(connection, env, content.addressee_number):
        feed.put(connection, env, "suppression", number, content)


def _under_one_roof(connection: Connection, env: Environment, number: str) -> list[str]:
    rows = connection.execute(
        "SELECT DISTINCT m.addressee_number FROM commons.resident r JOIN commons.resident m USING (household_number)"
        " WHERE r.addressee_number = %(number)s AND r.status = 'resident' AND m.status = 'resident'"
        " AND (r.valid_to IS NULL OR r.valid_to > %(day)s) AND (m.valid_to IS NULL OR m.valid_to > %(day)s)",
        {"number": number, "day": env.clock.today()},
    )
    return sorted({number, *(row["addressee_number"] for row in rows)})
