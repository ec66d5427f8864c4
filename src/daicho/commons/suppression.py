"""Suppressions as the register tells them: the newest state of a person replaces the one before (STD 3.2)."""

from daicho.wire.contracts.suppression_changed import SuppressionChanged
from daicho.wire.environment import Connection, Environment
from daicho.wire.message import Envelope


def take(connection: Connection, env: Environment, envelope: Envelope, content: SuppressionChanged) -> None:
    """Keep one person's state; an older one never replaces a newer one."""
    connection.execute(
        "INSERT INTO commons.suppression AS s"
        " (addressee_number, sequence_no, protected, on_change, on_issue, on_inquiry, told_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (addressee_number) DO UPDATE SET"
        " sequence_no = excluded.sequence_no, protected = excluded.protected, on_change = excluded.on_change,"
        " on_issue = excluded.on_issue, on_inquiry = excluded.on_inquiry, told_at = excluded.told_at"
        " WHERE s.sequence_no < excluded.sequence_no",
        (
            content.addressee_number,
            content.sequence_no,
            content.protected,
            content.on_change,
            content.on_issue,
            content.on_inquiry,
            env.clock.now(),
        ),
    )
