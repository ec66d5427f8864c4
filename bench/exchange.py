"""The figures of the in-city exchange, on a house of its own: from a change in the register until an office has signed for it,
and how fast everybody is written into a file."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg

from bench.changes import checked, drawn, through_the_door
from bench.measure import Figure, p95
from daicho.commons.exchange import files, subscribers
from daicho.engine import house
from daicho.engine.environment import PooledDatabase, from_process
from daicho.engine.paths import DataDir
from daicho.law.errors import DaichoError
from daicho.register.store.bulk import BulkWriter
from daicho.register.store.bulk_numbers import Sealer
from daicho.wire.certificates import Own
from daicho.wire.environment import Environment

RATE = 5
"""Changes a second."""
RESIDENTS = 2_000
PATIENCE_SECONDS = 120
OFFICE = "office-kokuho"


def figures(*, quick: bool) -> Iterator[Figure]:
    """Changes of the city's own mix through the one door, delivered to the sample office; then a full file."""
    folder = Path(tempfile.mkdtemp(prefix="daicho-bench-exchange-"))
    kept = dict(os.environ)
    try:
        with house.started(folder, ["--residents", str(RESIDENTS), "--offices"]) as running:
            os.environ.update(house.environment(running.data))
            env = from_process()
            commons = house.commons_databases(running.data)
            _quiet(env)
            _change(env, RATE * (10 if quick else 120))
            taken = _delivered(commons)
            yield Figure("feed.p95_s", p95(taken), "s", "lower", 5, None, len(taken))
            env.database.close()  # type: ignore[attr-defined]
            persons, speed, limit = _full(env, running.data, commons, 20_000 if quick else 200_000)
            yield Figure("feed.full_persons_per_s", speed, "persons/s", "higher", 3_300, limit, persons)
    finally:
        os.environ.clear()
        os.environ.update(kept)
        house.remove(DataDir.at(folder))
        shutil.rmtree(folder, ignore_errors=True)


def _quiet(env: Environment) -> None:
    """Wait until the new house has told everybody once: that is its first minute, not its day."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with env.database.transaction() as connection:
            busy = connection.execute(
                "SELECT FROM wire.delivery WHERE link IN ('register-commons', 'register-connector')"
                " UNION ALL SELECT FROM register.stating WHERE finished_at IS NULL LIMIT 1"
            ).fetchone()
        if busy is None:
            return
        time.sleep(1)


def _change(env: Environment, count: int) -> None:
    """So many changes of a neighbourhood, each at its moment."""
    begin, cases = drawn(0, count, date(2026, 4, 1), Sealer(env.keys, env.random))
    with env.database.transaction() as connection:
        BulkWriter(connection, analyze=False).load(begin)
    begun = time.perf_counter()
    for number, case in enumerate(cases[:count]):
        time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
        try:
            through_the_door(env, case, checked(env, case))
        except DaichoError:
            continue


def _delivered(commons: house.Databases) -> list[float]:
    """Seconds from registering each change to the office's signature for each person. TimeoutError when some do not come."""
    until = time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(commons.owner.conninfo(), autocommit=True) as connection:
        last = -1
        while time.monotonic() < until:
            time.sleep(2)
            row = connection.execute(
                "SELECT count(*), (SELECT count(*) FROM commons.delivery WHERE subscriber = %s) FROM commons.feed",
                (OFFICE,),
            ).fetchone()
            told, waiting = row or (0, 1)
            if not waiting and told == last:
                rows = connection.execute(
                    "SELECT extract(epoch FROM d.settled_at - (f.content ->> 'recorded_at')::timestamptz)::float8"
                    " FROM commons.delivered d JOIN commons.feed f USING (position) WHERE d.subscriber = %s", (OFFICE,)
                ).fetchall()  # fmt: skip
                return [row[0] for row in rows]
            last = told
    raise TimeoutError("the feed did not come to its end")


def _full(env: Environment, data: DataDir, commons: house.Databases, wanted: int) -> tuple[int, float, float]:
    """Persons in a full file, persons a second, and what COPY of the same rows makes of them."""
    with psycopg.connect(commons.owner.conninfo()) as connection:
        columns = [
            row[0]
            for row in connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'commons' AND"
                " table_name = 'resident' AND column_name <> 'addressee_number' ORDER BY ordinal_position"
            )
        ]
        count = connection.execute("SELECT count(DISTINCT addressee_number) FROM commons.resident").fetchone()
        times = -(-wanted // max(1, count[0] if count else 1))
        connection.execute(
            f"INSERT INTO commons.resident (addressee_number, {', '.join(columns)})"
            f" SELECT r.addressee_number || '-' || n, {', '.join(f'r.{name}' for name in columns)}"
            f" FROM commons.resident r, generate_series(1, {times}) n".encode()
        )
        connection.execute("ANALYZE commons.resident")
        begun = time.perf_counter()
        with connection.cursor().copy("COPY (SELECT * FROM commons.resident) TO STDOUT") as copy:
            rows = sum(bytes(block).count(b"\n") for block in copy)
        limit = rows / (time.perf_counter() - begun)
    mine = house.wire_files(data, "commons")
    reading = replace(env, database=PooledDatabase(commons.app))
    with reading.database.transaction() as connection:
        subscription = subscribers.find(connection, OFFICE, env.clock.today())
    begun = time.perf_counter()
    made = files.make(reading, Own(mine.own, mine.issuers, mine.revoked), data.path, subscription, "full")
    spent = time.perf_counter() - begun
    reading.database.close()  # type: ignore[attr-defined]
    return made.persons, made.persons / spent, limit
