"""Pulling: a subscriber asks for what came after the place it has reached; asking says that all before was received."""

from dataclasses import dataclass
from typing import Any

from daicho.commons.exchange.errors import CursorUnreadable, NotByThisForm
from daicho.commons.exchange.render import events_of
from daicho.commons.exchange.subscribers import Subscription
from daicho.wire.environment import Connection, Environment

MOST = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Events in order, the place to go on from, and whether there is more already."""

    events: list[dict[str, Any]]
    cursor: str
    more: bool

    def as_dict(self) -> dict[str, Any]:
        """The answer."""
        return {"events": self.events, "cursor": self.cursor, "more": self.more}


def read(connection: Connection, env: Environment, subscription: Subscription, cursor: str, most: int = MOST) -> Page:
    """The next events for a subscriber that pulls; from the beginning of its registration with cursor 0.

    Raises NotByThisForm, CursorUnreadable.
    """
    if subscription.form != "pull":
        raise NotByThisForm
    after = _position(cursor)
    rows = connection.execute(
        "SELECT f.* FROM commons.feed f WHERE f.position > %s AND EXISTS (SELECT FROM commons.subscription s"
        " WHERE s.subscriber = %s AND daterange(s.valid_from, s.valid_to) @> (f.at AT TIME ZONE 'Asia/Tokyo')::date)"
        " ORDER BY f.position LIMIT %s",
        (after, subscription.subscriber, min(most, MOST) + 1),
    ).fetchall()
    page = rows[: min(most, MOST)]
    connection.execute(
        "INSERT INTO commons.pulled (subscriber, position, at) VALUES (%s, %s, %s) ON CONFLICT (subscriber)"
        " DO UPDATE SET position = excluded.position, at = excluded.at",
        (subscription.subscriber, after, env.clock.now()),
    )
    events = events_of(connection, page, subscription, env.clock.today())
    return Page(events, str(page[-1]["position"] if page else after), len(rows) > len(page))


def _position(cursor: str) -> int:
    """A place in the log. Raises CursorUnreadable."""
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise CursorUnreadable
    return int(cursor)
