"""Keeping the tables at work small: settled and received messages move to the archive, a few at a time (design, section 3).

Each step is a transaction of its own and passes by what somebody holds, so that neither pump nor door ever waits for it.
What was archived verifies as before, and a repeat of it still gets its receipt.
"""

import logging
import threading
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from daicho.law.errors import DaichoError
from daicho.wire.environment import Environment

BATCH = 200
PAUSE_SECONDS = 0.5
"""Between two steps while there is something to move."""
REST_SECONDS = 600.0
_FILE = Path(__file__).parent / "retention.toml"
log = logging.getLogger("daicho.wire")


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
    while not stop.is_set():
        try:
            moved = step(env)
        except (DaichoError, OSError) as error:
            log.warning("archiving rests: %s", getattr(error, "code", type(error).__name__))
            moved = 0
        stop.wait(PAUSE_SECONDS if moved else REST_SECONDS)


def archive_beside(env: Environment, stop: threading.Event) -> None:
    """Archive in a thread of this process, which ends with it."""
    threading.Thread(target=keep_archiving, args=(env, stop), name="archive", daemon=True).start()
