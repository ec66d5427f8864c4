"""What waits for subscribers, and what somebody can do about it: look, send again, complete by hand."""

from dataclasses import dataclass
from datetime import datetime

from daicho.commons.exchange.errors import EventNotWaiting, ReasonMissing
from daicho.commons.exchange.feed import CHANNEL
from daicho.commons.exchange.subscribers import LONGEST_REASON
from daicho.wire.environment import Connection, Environment, Row


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one subscriber has come; `behind` counts the events that it has not had, `oldest` is the first of them."""

    subscriber: str
    name: str
    office: str
    form: str
    behind: int
    dead: int
    oldest: datetime | None
    last_at: datetime | None
    trouble: str | None


@dataclass(frozen=True, slots=True)
class DeadEvent:
    """An event that an office refused for good; later ones about the same person wait behind it. No number, no name."""

    subscriber: str
    position: int
    kind: str
    created_at: datetime
    attempts: int
    code: str
    behind: int


def standings(connection: Connection, env: Environment) -> list[Standing]:
    """Every subscriber that is told something today."""
    rows = connection.execute(
        "SELECT s.subscriber, b.name, b.office, s.form,"
        " CASE s.form WHEN 'push' THEN coalesce(w.waiting, 0)"
        "  ELSE (SELECT count(*) FROM commons.feed f WHERE f.position > coalesce(p.position, x.to_position, 0)) END AS behind,"
        " coalesce(w.dead, 0) AS dead,"
        " CASE s.form WHEN 'push' THEN w.oldest"
        "  ELSE (SELECT min(f.at) FROM commons.feed f WHERE f.position > coalesce(p.position, x.to_position, 0)) END AS oldest,"
        " CASE s.form WHEN 'push' THEN (SELECT max(d.settled_at) FROM commons.delivered d WHERE d.subscriber = s.subscriber)"
        "  WHEN 'pull' THEN p.at ELSE x.made_at END AS last_at, w.trouble"
        " FROM commons.subscription s JOIN commons.subscriber b USING (subscriber)"
        " LEFT JOIN commons.pulled p USING (subscriber)"
        " LEFT JOIN LATERAL (SELECT max(e.to_position) AS to_position, max(e.made_at) AS made_at"
        "  FROM commons.exchange_file e WHERE e.subscriber = s.subscriber) x ON true"
        " LEFT JOIN LATERAL (SELECT count(*) AS waiting, count(*) FILTER (WHERE d.state = 'dead') AS dead,"
        "  min(d.created_at) AS oldest, max(d.last_code) FILTER (WHERE d.state = 'waiting') AS trouble"
        "  FROM commons.delivery d WHERE d.subscriber = s.subscriber) w ON true"
        " WHERE daterange(s.valid_from, s.valid_to) @> %s::date ORDER BY s.subscriber",
        (env.clock.today(),),
    )
    return [Standing(**row) for row in rows]


def dead_events(connection: Connection, most: int = 100) -> list[DeadEvent]:
    """The refused events, oldest first."""
    rows = connection.execute(
        "SELECT d.subscriber, d.position, f.kind, d.created_at, d.attempts, d.last_code AS code,"
        " (SELECT count(*) FROM commons.delivery e WHERE e.subscriber = d.subscriber"
        "  AND e.addressee_number = d.addressee_number AND e.position > d.position) AS behind"
        " FROM commons.delivery d JOIN commons.feed f USING (position) WHERE d.state = 'dead'"
        " ORDER BY d.created_at, d.position LIMIT %s",
        (most,),
    )
    return [DeadEvent(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The last time that the register stated everybody: how many persons, and how many stood otherwise here."""

    last_at: datetime
    persons: int
    fresh: int
    differed: int


def comparison(connection: Connection) -> Comparison | None:
    """What the statements of the last round found, a round being those within a day of the last; None before the first."""
    row = connection.execute(
        "SELECT max(taken_at) AS last_at, sum(persons)::int AS persons, sum(fresh)::int AS fresh,"
        " sum(differed)::int AS differed FROM commons.statement"
        " WHERE taken_at > (SELECT max(taken_at) FROM commons.statement) - interval '1 day'"
    ).fetchone()
    return Comparison(**row) if row is not None and row["last_at"] is not None else None


def send_again(
    connection: Connection, env: Environment, subscriber: str, position: int, *, officer: str, reason: str
) -> None:
    """Let a dead or waiting event be tried at once. Raises EventNotWaiting, ReasonMissing."""
    _note(connection, env, subscriber, position, "again", officer, reason)
    connection.execute(
        "UPDATE commons.delivery SET state = 'waiting', next_attempt_at = %s WHERE subscriber = %s AND position = %s",
        (env.clock.now(), subscriber, position),
    )
    connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))


def complete_by_hand(
    connection: Connection, env: Environment, subscriber: str, position: int, *, officer: str, reason: str
) -> None:
    """Settle an event that reached the office another way; the person's next one goes on. Raises EventNotWaiting, ReasonMissing."""
    _note(connection, env, subscriber, position, "by_hand", officer, reason)
    connection.execute(
        "INSERT INTO commons.delivered (subscriber, position, settled_at, outcome) VALUES (%s, %s, %s, 'by_hand')",
        (subscriber, position, env.clock.now()),
    )
    connection.execute("DELETE FROM commons.delivery WHERE subscriber = %s AND position = %s", (subscriber, position))
    connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))


def _note(
    connection: Connection, env: Environment, subscriber: str, position: int, act: str, officer: str, reason: str
) -> None:
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise ReasonMissing(field="reason")
    row: Row | None = connection.execute(
        "SELECT position FROM commons.delivery WHERE subscriber = %s AND position = %s FOR UPDATE",
        (subscriber, position),
    ).fetchone()
    if row is None:
        raise EventNotWaiting
    [handling_id] = env.ids.take(connection, 1)
    connection.execute(
        "INSERT INTO commons.delivery_handling (handling_id, at, subscriber, position, act, officer, reason)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (handling_id, env.clock.now(), subscriber, position, act, officer, reason),
    )
