"""The figure of the feed, on a house of its own: from the register's commit until commons has signed for it, at five a second."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bench.measure import Figure, p95
from daicho.engine import house
from daicho.engine.environment import from_process
from daicho.engine.paths import DataDir
from daicho.wire.environment import Environment

RATE = 5
"""Changes a second."""
RESIDENTS = 2_000
PATIENCE_SECONDS = 60


def figures(*, quick: bool) -> Iterator[Figure]:
    """The feed to commons over its real socket; the size of the city plays no part."""
    folder = Path(tempfile.mkdtemp(prefix="daicho-bench-wire-"))
    kept = dict(os.environ)
    try:
        with house.started(folder, ["--residents", str(RESIDENTS)]) as running:
            os.environ.update(house.environment(running.data))
            env = from_process()
            taken = _delivered(env, _tell(env, RATE * (10 if quick else 120)))
            yield Figure("feed.delivered_p95_s", p95(taken), "s", "lower", 5, None, len(taken))
            env.database.close()  # type: ignore[attr-defined]
    finally:
        os.environ.clear()
        os.environ.update(kept)
        house.remove(DataDir.at(folder))
        shutil.rmtree(folder, ignore_errors=True)


def _tell(env: Environment, count: int) -> datetime:
    """Write the state of one person after another in a transaction of its own; the instant before the first."""
    from daicho.register.store.messages import put_suppressions

    first = env.clock.now()
    with env.database.transaction() as connection:
        rows = connection.execute("SELECT person_id FROM register.person ORDER BY person_id LIMIT %s", (RESIDENTS,))
        people = [row["person_id"] for row in rows]
    begun = time.perf_counter()
    for number in range(count):
        time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
        with env.database.transaction() as connection:
            put_suppressions(connection, env, (people[number % len(people)],), env.clock.now())
    return first


def _delivered(env: Environment, since: datetime) -> list[float]:
    """Seconds from writing to receipt of each message since then. TimeoutError when some are still on their way."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with env.database.transaction() as connection:
            waiting = connection.execute(
                "SELECT FROM wire.delivery WHERE link = 'register-commons' AND created_at >= %s LIMIT 1", (since,)
            ).fetchone()
            if waiting is None:
                rows = connection.execute(
                    "SELECT extract(epoch FROM settled_at - created_at)::float8 AS seconds FROM wire.settled"
                    " WHERE link = 'register-commons' AND created_at >= %s AND outcome = 'accepted'",
                    (since,),
                )
                return [row["seconds"] for row in rows]
        time.sleep(0.5)
    raise TimeoutError("the feed did not come to its end")
