"""The figures of the trail, on a database server of its own with the settings of a house: writing, sealing, verifying, reports."""

import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from bench.measure import Figure, p95
from daicho.access.actor import Actor
from daicho.engine import migrate, postgres
from daicho.engine.databases import create_system
from daicho.engine.environment import JAPAN, PooledDatabase, build
from daicho.engine.keys import FileKeys
from daicho.engine.paths import DataDir
from daicho.law.periods import is_city_holiday
from daicho.trail.abnormal import abnormal
from daicho.trail.act import Act
from daicho.trail.entry import Entry, record_act, record_all
from daicho.trail.reports import Period, of_officer, of_person
from daicho.trail.sealer import Sealer
from daicho.trail.verify import Verification
from daicho.wire.environment import Environment

OFFICERS, PERSONS, MONTHS = 300, 194_000, 12
FIRST = datetime(2025, 4, 1, tzinfo=JAPAN)
MONTH_ROWS = """
INSERT INTO trail.entry (entry_id, at, act, officer, terminal, purpose, request_id, number_shown, refused, detail)
SELECT nextval('engine.entity_id'), %(first)s::timestamptz + n * %(step)s::interval,
    (ARRAY['person.search', 'person.open', 'household.open', 'certificate.issue', 'case.open'])[1 + n %% 5],
    'officer' || (n * 7919 %% %(officers)s), 'SHIMIN-' || (n %% 20), '04', 'r' || n, n %% 97 = 0, n %% 211 = 0, '{"n": 1}'
FROM generate_series(0, %(rows)s - 1) AS n
"""
MONTH_SUBJECTS = """
INSERT INTO trail.subject (entry_id, at, person_id)
SELECT entry_id, at, (entry_id * 104729 + k * 31) %% %(persons)s FROM trail.entry, generate_series(0, 1) AS k
WHERE at >= %(first)s AND at < %(first)s::timestamptz + %(rows)s * %(step)s::interval AND (k = 0 OR entry_id %% 3 = 0)
"""


@dataclass(frozen=True)
class Bench:
    """The database as each of its roles."""

    app: Environment
    sealing: Environment
    owner: psycopg.Connection


def figures(*, quick: bool) -> Iterator[Figure]:
    """All figures of the trail."""
    with _database() as bench:
        yield from _writing(bench, seconds=2 if quick else 10)
        yield _lag(bench, seconds=4 if quick else 20)
        yield from _sealing_and_verifying(bench, 50_000 if quick else 1_000_000)
        yield from _reports(bench, 240_000 if quick else 10_000_000, n=20 if quick else 300)


@contextmanager
def _database() -> Iterator[Bench]:
    """A migrated database on a server of its own, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="daicho-bench-trail-"))
    data = DataDir.at(folder)
    cluster = postgres.cluster(data)
    process = cluster.start(data.logs / "postgres.log")
    try:
        create_system(cluster.superuser, "register", data.secrets)
        migrate.migrate_register(cluster.settings("register_owner", "register"))
        migrate.ensure_months(cluster.settings("register_owner", "register"), FIRST.date(), 40)
        keys = FileKeys(data.secrets / "keys")
        app = build(cluster.settings("register_app", "register"), keys)
        sealing = build(cluster.settings("register_seal", "register"), keys)
        owner = cluster.settings("register_owner", "register").conninfo()
        with psycopg.connect(owner, autocommit=True) as connection:
            yield Bench(app, sealing, connection)
        for env in (app, sealing):
            if isinstance(env.database, PooledDatabase):
                env.database.close()
    finally:
        postgres.stop(process.pid)
        process.wait()
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _actor(officer: str, role: str) -> Actor:
    return Actor(
        officer_id=officer,
        name="計測 職員",
        roles=frozenset({role}),
        department="市民課",
        office="市民課",
        terminal_id="SHIMIN-01",
        terminal_name="1番窓口",
        session_ref="bench",
        signed_on_at=FIRST,
    )


CLERK, ADMIN = _actor("clerk1", "clerk"), _actor("admin1", "administrator")


def _rate(seconds: float, work: Iterator[int]) -> tuple[float, int]:
    """How many things a second `work` gets done, and how many in all."""
    begun, done = time.perf_counter(), 0
    while (passed := time.perf_counter() - begun) < seconds:
        done += next(work)
    return done / passed, done


def _writing(bench: Bench, seconds: float) -> Iterator[Figure]:
    """One entry a transaction beside one plain row a transaction, in turns; then ten entries a transaction."""
    bench.owner.execute("CREATE TABLE engine.raw (id bigint PRIMARY KEY, at timestamptz, what text)")
    bench.owner.execute("GRANT INSERT ON engine.raw TO register_app")

    def raw() -> Iterator[int]:
        number = 0
        while True:
            number += 1
            with bench.app.database.transaction() as connection:
                connection.execute("INSERT INTO engine.raw VALUES (%s, %s, 'x')", (number, bench.app.clock.now()))
            yield 1

    def entries(each: int) -> Iterator[int]:
        opened = Entry(
            act=Act.PERSON_OPENED, officer_id=CLERK.officer_id, terminal_id=CLERK.terminal_id, detail={"n": 1}
        )
        while True:
            with bench.app.database.transaction() as connection:
                record_all(connection, bench.app, [opened] * each)
            yield each

    plain, one, ten = raw(), entries(1), entries(10)
    taken: dict[str, list[float]] = {"raw": [], "one": []}
    count = 0
    for _ in range(5):
        taken["raw"].append(_rate(seconds / 5, plain)[0])
        speed, done = _rate(seconds / 5, one)
        taken["one"].append(speed)
        count += done
    limit = sum(taken["raw"]) / 5
    yield Figure("trail.share_of_limit", sum(taken["one"]) / 5 / limit, "share", "higher", 0.35, 1.0, count)
    speed, done = _rate(seconds, ten)
    yield Figure("trail.batch_entries_per_s", speed, "entries/s", "higher", 4_000, None, done)


def _lag(bench: Bench, seconds: float) -> Figure:
    """The longest that an entry waits for its seal while 1,000 a second are written, ten in a transaction."""
    stop, lags = threading.Event(), list[float]()
    sealer = Sealer(bench.sealing, "register")
    while sealer.seal():
        pass

    def seal() -> None:
        while not stop.is_set():
            begun = time.monotonic()
            if sealer.seal():
                with bench.sealing.database.transaction() as connection:
                    row = connection.execute(
                        "SELECT s.sealed_at - min(l.at) AS lag FROM trail.leaf l, (SELECT * FROM trail.seal ORDER BY batch_no DESC"
                        " LIMIT 1) s WHERE l.seq > (SELECT coalesce(max(size), 0) FROM trail.seal b WHERE b.batch_no < s.batch_no)"
                        " GROUP BY s.sealed_at"
                    ).fetchone()
                if row:
                    lags.append(row["lag"].total_seconds())
            stop.wait(max(0.0, 1.0 - (time.monotonic() - begun)))

    thread = threading.Thread(target=seal)
    thread.start()
    begun, written = time.perf_counter(), 0
    while (passed := time.perf_counter() - begun) < seconds:
        if written < passed * 1_000:
            with bench.app.database.transaction() as connection:
                for _ in range(10):
                    record_act(connection, bench.app, CLERK, Act.PERSON_OPENED)
            written += 10
        else:
            time.sleep(0.002)
    stop.set()
    thread.join()
    while sealer.seal():
        pass
    return Figure("seal.lag_s", max(lags, default=0.0), "s", "lower", 2, None, written)


def _sealing_and_verifying(bench: Bench, rows: int) -> Iterator[Figure]:
    """Seal a backlog, then verify everything."""
    _fill(bench, datetime(2028, 1, 1, tzinfo=UTC), rows, timedelta(seconds=1))
    sealer = Sealer(bench.sealing, "register", batch=5_000)
    begun = time.perf_counter()
    done = 0
    while sealed := sealer.seal():
        done += sealed.entries
    yield Figure("seal.entries_per_s", done / (time.perf_counter() - begun), "entries/s", "higher", 10_000, None, done)
    begun = time.perf_counter()
    report = Verification(bench.app, "register").run()
    speed = report.size / (time.perf_counter() - begun)
    if report.broken:
        raise RuntimeError("the trail of the measurement is broken")
    yield Figure("verify.entries_per_s", speed, "entries/s", "higher", 1_000_000 / 60, None, report.size)


def _reports(bench: Bench, rows: int, n: int) -> Iterator[Figure]:
    """Reports on a year of entries; the busiest reports of random people and officers."""
    step = timedelta(days=28) / (rows // MONTHS)
    for month in range(MONTHS):
        _fill(bench, datetime(2025 + (3 + month) // 12, (3 + month) % 12 + 1, 1, tzinfo=JAPAN), rows // MONTHS, step)
    bench.owner.execute("ANALYZE trail.entry, trail.subject")
    year = Period(FIRST, FIRST + timedelta(days=365))
    chance = random.Random(4)

    def person() -> None:
        of_person(bench.app, ADMIN, chance.randrange(PERSONS), year)

    def officer() -> None:
        day = FIRST + timedelta(days=chance.randrange(360))
        of_officer(bench.app, ADMIN, f"officer{chance.randrange(OFFICERS)}", Period(day, day + timedelta(days=1)))

    def odd() -> None:
        first = datetime(2025, chance.randrange(4, 13), 1, tzinfo=JAPAN)
        abnormal(bench.app, ADMIN, Period(first, first + timedelta(days=30)), is_city_holiday)

    yield Figure("report.person_s", p95(_seconds(person, n)), "s", "lower", 1, None, rows)
    yield Figure("report.officer_s", p95(_seconds(officer, n)), "s", "lower", 1, None, rows)
    yield Figure("report.abnormal_s", p95(_seconds(odd, min(n, 10))), "s", "lower", 10, None, rows)


def _seconds(work: Callable[[], object], n: int) -> list[float]:
    taken = []
    for _ in range(n):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return taken


def _fill(bench: Bench, first: datetime, rows: int, step: timedelta) -> None:
    """Entries from an instant on, 1.33 persons each, in transactions of at most 100,000."""
    wanted = {"officers": OFFICERS, "persons": PERSONS, "step": step}
    for done in range(0, rows, 100_000):
        part = wanted | {"first": first + done * step, "rows": min(100_000, rows - done)}
        bench.owner.execute(MONTH_ROWS, part)
        bench.owner.execute(MONTH_SUBJECTS, part)
