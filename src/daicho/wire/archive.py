"""Keeping the tables at work small: settled and received messages move to the archive, a few at a time (design, section 3).

Each step is a transaction of its own and passes by what somebody holds, so that neither pump nor door ever waits for it.
What was archived verifies as before, and a repeat of it still gets its receipt.
"""

import threading
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from daicho.wire.beside import keep_going, start_beside
from daicho.wire.environment import Environment

BATCH = 200
PAUSE_SECONDS = 0.5
"""Between two steps while there is something to move."""
REST_SECONDS = 600.0
_FILE = Path(__file__).parent / "retention.toml"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long messages of a kind stay in the tables at work, and what that is chosen by."""

    kind: str
    days: int
    basis: str


@cache
def retentions() -> tuple[Retention, ...]:
    """Every line of the list, in the order of the file."""
    return tuple(Retention(**line) for line in tomllib.loads(_FILE.read_text(encoding="utf-8"))["kind"])


def step(env: Environment, *, most: int = BATCH) -> int:
    """Move at most `most` messages of each kind and side that are old enough; how many were moved."""
    moved = 0
    now = env.clock.now()
    for one in retentions():
        for side in ("sent", "received"):
            with env.database.transaction() as connection:
                row = connection.execute(
                    "SELECT CASE %(side)s WHEN 'sent' THEN wire.archive_sent(%(kind)s, %(before)s, %(most)s, %(now)s)"
                    " ELSE wire.archive_received(%(kind)s, %(before)s, %(most)s, %(now)s) END AS moved",
                    {
                        "side": side,
                        "kind": one.kind,
                        "before": now - timedelta(days=one.days),
                        "most": most,
                        "now": now,
                    },
                ).fetchone()
                moved += row["moved"] if row else 0
    return moved


def keep_archiving(env: Environment, stop: threading.Event) -> None:
    """Step until told to stop; trouble with the database is said once in a while and ends nothing."""
    keep_going("archiving", lambda: PAUSE_SECONDS if step(env) else REST_SECONDS, stop, after_trouble=REST_SECONDS)


def archive_beside(env: Environment, stop: threading.Event) -> None:
    """Archive in a thread of this process, which ends with it."""
    start_beside("archive", lambda: keep_archiving(env, stop))
