"""Disposing of contents that may not be kept, one business day after they were passed on (control D-STO-01).

Digest and receipt stay: it can be proven that a message was said and taken, not any more what it said.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import date

from daicho.law.japan import JAPAN
from daicho.law.periods import business_days_later
from daicho.wire.beside import keep_going, start_beside
from daicho.wire.environment import Connection, Environment

REST_SECONDS = 600.0


def dispose_sent(connection: Connection, env: Environment, link: str, ids: Sequence[int]) -> int:
    """Dispose of these settled messages of a link; how many there were."""
    return _call(connection, b"SELECT wire.dispose_sent(%s, %s::bigint[], %s) AS n", env, link, ids)


def dispose_received(connection: Connection, env: Environment, sender: str, ids: Sequence[int]) -> int:
    """Dispose of these messages taken from a sender; how many there were."""
    return _call(connection, b"SELECT wire.dispose_received(%s, %s::bigint[], %s) AS n", env, sender, ids)


def dispose_settled(env: Environment, link: str) -> int:
    """Dispose of what was settled on a link at least one business day ago and may not be kept; how many there were."""
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT s.message_id, s.settled_at FROM wire.settled s"
            " JOIN wire.outbox o ON o.created_at = s.created_at AND o.message_id = s.message_id"
            " JOIN wire.disposable k ON k.kind = o.kind WHERE s.link = %s",
            (link,),
        ).fetchall()
        due = [
            row["message_id"] for row in rows if is_due(row["settled_at"].astimezone(JAPAN).date(), env.clock.today())
        ]
        return dispose_sent(connection, env, link, due) if due else 0


def is_due(passed_on: date, today: date) -> bool:
    """Whether what was passed on that day is to be gone by today: from the next business day on."""
    return today >= business_days_later(passed_on, 1)


def keep_disposing(env: Environment, stop: threading.Event, step: Callable[[Environment], int]) -> None:
    """Take steps until told to stop; trouble with the database is said and ends nothing."""

    def rested() -> float:
        step(env)
        return REST_SECONDS

    keep_going("disposal", rested, stop, after_trouble=REST_SECONDS)


def dispose_beside(env: Environment, stop: threading.Event, step: Callable[[Environment], int]) -> None:
    """Take steps in a thread of this process, which ends with it."""
    start_beside("disposal", lambda: keep_disposing(env, stop, step))


def _call(connection: Connection, query: bytes, env: Environment, peer: str, ids: Sequence[int]) -> int:
    row = connection.execute(query, (peer, list(ids), env.clock.now())).fetchone()
    return int(row["n"]) if row else 0
