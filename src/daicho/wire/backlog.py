"""What waits on the wire, and what somebody can do about it: look, send again, complete by hand (design, section 3)."""

from dataclasses import dataclass
from datetime import datetime

from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.errors import NoSuchMessage, ReasonNeeded
from daicho.wire.outbox import CHANNEL
from daicho.wire.pump import settle

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits on one link for one kind: the oldest is the alarm."""

    link: str
    kind: str
    waiting: int
    dead: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Handling:
    """What somebody did to a message: sent it `again`, again after something was `corrected`, or completed it `by_hand`."""

    at: datetime
    act: str
    officer: str
    reason: str


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
    handlings: tuple[Handling, ...]


def backlog(connection: Connection) -> list[Waiting]:
    """Everything unsettled, by link and kind."""
    rows = connection.execute(
        "SELECT link, kind, count(*) AS waiting, count(*) FILTER (WHERE state = 'dead') AS dead,"
        " min(created_at) AS oldest FROM wire.delivery GROUP BY link, kind ORDER BY link, kind"
    )
    return [Waiting(**row) for row in rows]


def dead_letters(connection: Connection, most: int = 100) -> list[DeadLetter]:
    """The refused messages, oldest first, each with what was done to it so far."""
    rows = connection.execute(
        "SELECT d.link, d.message_id, d.kind, d.created_at, d.attempts, d.last_code AS code,"
        " (SELECT count(*) FROM wire.delivery e WHERE e.link = d.link AND e.person_id = d.person_id"
        "  AND e.sequence_no > d.sequence_no) AS behind"
        " FROM wire.delivery d WHERE d.state = 'dead' ORDER BY d.created_at, d.message_id LIMIT %s",
        (most,),
    ).fetchall()
    return [DeadLetter(**row, handlings=_handlings(connection, row["link"], row["message_id"])) for row in rows]


def count_dead(connection: Connection) -> int:
    """How many messages were refused and wait for somebody."""
    row = connection.execute("SELECT count(*) AS dead FROM wire.delivery WHERE state = 'dead'").fetchone()
    return int(row["dead"]) if row else 0


def send_again(
    connection: Connection,
    env: Environment,
    link: str,
    message_id: int,
    *,
    officer: str,
    reason: str = "",
    corrected: bool = False,
) -> None:
    """Let the pump try a dead or waiting message at once. Raises NoSuchMessage, ReasonNeeded.

    `corrected`: the cause was removed before; then `reason` says what was put right, for whoever looks next.
    """
    row = _locked(connection, link, message_id)
    _note(connection, env, row, "corrected" if corrected else "again", officer, reason)
    connection.execute(
        "UPDATE wire.delivery SET state = 'waiting', next_attempt_at = %s WHERE link = %s AND message_id = %s",
        (env.clock.now(), row["link"], row["message_id"]),
    )
    connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))


def complete_by_hand(
    connection: Connection, env: Environment, link: str, message_id: int, *, officer: str, reason: str
) -> None:
    """Settle a message that reached its receiver by another way; the next one about the person goes on.

    The next one tells the receiver, signed, which number it need not wait for. Raises NoSuchMessage, ReasonNeeded.
    """
    row = _locked(connection, link, message_id)
    _note(connection, env, row, "by_hand", officer, reason)
    settle(connection, env, row, by=officer, reason=reason)
    connection.execute(
        "INSERT INTO wire.skipped (link, person_id, sequence_no) VALUES (%s, %s, %s)",
        (row["link"], row["person_id"], row["sequence_no"]),
    )
    connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))


def _note(connection: Connection, env: Environment, row: Row, act: str, officer: str, reason: str) -> None:
    if len(reason) > LONGEST_REASON or (act != "again" and not reason.strip()):
        raise ReasonNeeded(field="reason")
    [handling_id] = env.ids.take(connection, 1)
    connection.execute(
        "INSERT INTO wire.handling (handling_id, at, link, message_id, act, officer, reason)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (handling_id, env.clock.now(), row["link"], row["message_id"], act, officer, reason),
    )


def _handlings(connection: Connection, link: str, message_id: int) -> tuple[Handling, ...]:
    rows = connection.execute(
        "SELECT at, act, officer, reason FROM wire.handling WHERE link = %s AND message_id = %s ORDER BY handling_id",
        (link, message_id),
    )
    return tuple(Handling(**row) for row in rows)


def _locked(connection: Connection, link: str, message_id: int) -> Row:
    row = connection.execute(
        "SELECT * FROM wire.delivery WHERE link = %s AND message_id = %s FOR UPDATE", (link, message_id)
    ).fetchone()
    if row is None:
        raise NoSuchMessage
    return row
