"""Suppressions as the register tells them (STD 3.1, 3.2): item 31 更新禁止フラグ, and who may be given out at all."""

from daicho.connector.subjects import subject_of
from daicho.wire.contracts.suppression_changed import SuppressionChanged
from daicho.wire.environment import Connection, Environment
from daicho.wire.message import Envelope


def take(connection: Connection, env: Environment, envelope: Envelope, content: SuppressionChanged) -> None:
    """Keep one person's state; an older one never replaces a newer one."""
    subject = subject_of(connection, env, envelope.person)
    connection.execute(
        "INSERT INTO connector.suppression AS s"
        " (subject_id, sequence_no, protected, on_change, on_issue, on_inquiry, told_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (subject_id) DO UPDATE SET"
        " sequence_no = excluded.sequence_no, protected = excluded.protected, on_change = excluded.on_change,"
        " on_issue = excluded.on_issue, on_inquiry = excluded.on_inquiry, told_at = excluded.told_at"
        " WHERE s.sequence_no < excluded.sequence_no",
        (
            subject["subject_id"],
            content.sequence_no,
            content.protected,
            content.on_change,
            content.on_issue,
            content.on_inquiry,
            env.clock.now(),
        ),
    )
