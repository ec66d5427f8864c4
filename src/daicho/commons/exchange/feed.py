"""The log of what the register told, in one order for everybody; what is pushed waits for each subscriber by itself.

The order is that of commits: whoever appends holds a lock until the end of its transaction, so that nobody who reads up to a
position ever finds an earlier one later.
"""

import json
from typing import Literal

from pydantic import BaseModel

from daicho.wire.environment import Connection, Environment

CHANNEL = "commons_feed"
"""What is notified when the log has grown."""
_LOCK = 0x66656564  # "feed"


def put(
    connection: Connection, env: Environment, kind: Literal["changed", "suppression"], number: str, content: BaseModel
) -> int:
    """Append one event about one person and make it due for every subscriber that is pushed to; returns its position."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    [position] = env.ids.take(connection, 1)
    now = env.clock.now()
    connection.execute(
        "WITH said AS (INSERT INTO commons.feed (position, at, kind, addressee_number, content)"
        " VALUES (%(position)s, %(now)s, %(kind)s, %(number)s, %(content)s::jsonb) RETURNING position)"
        " INSERT INTO commons.delivery (subscriber, position, addressee_number, created_at, next_attempt_at)"
        " SELECT s.subscriber, said.position, %(number)s, %(now)s, %(now)s FROM commons.subscription s, said"
        " WHERE s.form = 'push' AND daterange(s.valid_from, s.valid_to) @> %(day)s::date",
        {
            "position": position,
            "now": now,
            "kind": kind,
            "number": number,
            "content": json.dumps(content.model_dump(mode="json"), ensure_ascii=False),
            "day": env.clock.today(),
        },
    )
    connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
    return position


def end(connection: Connection) -> int:
    """The last position of the log, 0 while it is empty."""
    row = connection.execute("SELECT coalesce(max(position), 0) AS position FROM commons.feed").fetchone()
    return int(row["position"]) if row else 0
