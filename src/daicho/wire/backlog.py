"""What waits on the wire, and what somebody can do about it: look, send again, complete by hand (design, section 3)."""

from dataclasses import dataclass
from datetime import datetime

from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.errors import NoSuchMessage
from daicho.wire.pump import settle


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits on one link for one kind: the oldest is the alarm."""

    link: str
    kind: str
    waiting: int
    dead: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that its receiver refused for good; later ones about the same person wait behind it."""

    link: str
    message_id: int
    kind: str
    created_at: datetime
    attempts: int
    code: str
    behind: int


def backlog(connection: Connection) -> list[Waiting]:
    """Everything unsettled, by link and kind."""
    rows = connection.execute(
        "SELECT link, kind, count(*) AS waiting, count(*) FILTER (WHERE state = 'dead') AS dead,"
        " min(created_at) AS oldest FROM wire.delivery GROUP BY link, kind ORDER BY link, kind"
    )
    return [Waiting(**row) for row in rows]


def dead_letters(connection: Connection, most: int = 100) -> list[DeadLetter]:
    """The refused messages, oldest first."""
    rows = connection.execute(
        "SELECT d.link, d.message_id, d.kind, d.created_at, d.attempts, d.last_code AS code,"
        " (SELECT count(*) FROM wire.delivery e WHERE e.link = d.link AND e.person_id = d.person_id"
        "  AND e.sequence_no > d.sequence_no) AS behind"
        " FROM wire.delivery d WHERE d.state = 'dead' ORDER BY d.created_at, d.message_id LIMIT %s",
        (most,),
    )
    return [DeadLetter(**row) for row in rows]


def send_again(connection: Connection, env: Environment, link: str, message_id: int) -> None:
    """Let the pump try a dead or waiting message at once. Raises NoSuchMessage."""
    row = _locked(connection, link, message_id)
    connection.execute(
        "UPDATE wire.delivery SET state = 'waiting', next_attempt_at = %s WHERE link = %s AND message_id = %s",
        (env.clock.now(), row["link"], row["message_id"]),
    )


def complete_by_hand(
    connection: Connection, env: Environment, link: str, message_id: int, *, officer: str, reason: str
) -> None:
    """Settle a message that reached its receiver by another way; the next one about the person goes on.

    The receiver must have entered it under its own control: its stream does not move by this. Raises NoSuchMessage.
    """
    settle(connection, env, _locked(connection, link, message_id), by=officer, reason=reason)


def _locked(connection: Connection, link: str, message_id: int) -> Row:
    row = connection.execute(
        "SELECT * FROM wire.delivery WHERE link = %s AND message_id = %s FOR UPDATE", (link, message_id)
    ).fetchone()
    if row is None:
        raise NoSuchMessage
    return row
