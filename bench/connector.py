"""The figures of the connector on a house of its own: `./daicho bench connector` (reconciliation of 1,000,000 persons).

From the register's commit to the record at the simulated prefecture server, over the real sockets and processes.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from bench import changes
from bench.measure import Figure, p95, pss_mb
from daicho.engine import connector_services, house
from daicho.engine.paths import DataDir

FULL = 1_000_000
RESIDENTS = 300
"""The city itself plays no part: its people are told at the beginning, those of the bench are others."""
RATE = 5
PATIENCE_SECONDS = 900.0
DIFFERENCES = 100
_OUTSIDE = frozenset(connector_services.PAGES)
_TOLD = (
    "SELECT extract(epoch FROM received_at - (items ->> 'recorded_at')::timestamptz)::float8, received_at"
    " FROM prefecture.record WHERE (items ->> 'recorded_at')::timestamptz >= %s"
)


@dataclass(frozen=True)
class Ends:
    """The register as its processes see it, and the other two databases as their owners see them."""

    env: Any
    connector: psycopg.Connection
    prefecture: psycopg.Connection
    data: DataDir


def measure(residents: int, *, quick: bool) -> Iterator[Figure]:
    """Deliver, catch up, reconcile. Yields each figure as it is taken."""
    folder = Path(tempfile.mkdtemp(prefix="daicho-bench-connector-"))
    kept = dict(os.environ)
    try:
        with house.started(folder, ["--residents", str(RESIDENTS)]) as running, _ends(running.data) as ends:
            _until(lambda: _one(ends.prefecture, "SELECT count(*) FROM prefecture.record") >= RESIDENTS)
            cases = iter(_cases(ends.env, 2_500 if quick else 30_000))
            yield _delivered(ends, cases, RATE * (15 if quick else 60))
            yield _sustained(ends, cases, 15 if quick else 300)
            yield _caught_up(ends, cases, 100 if quick else 3_000)
            yield from _memory(running.data)
            yield from _reconciled(ends, residents)
    finally:
        os.environ.clear()
        os.environ.update(kept)
        house.remove(DataDir.at(folder))
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _ends(data: DataDir) -> Iterator[Ends]:
    from daicho.engine.environment import from_process

    os.environ.update(house.environment(data))
    env = from_process()
    owners = [house.system_databases(data, name).owner.conninfo() for name in (house.CONNECTOR, house.PREFECTURE)]
    with (
        psycopg.connect(owners[0], autocommit=True) as connector,
        psycopg.connect(owners[1], autocommit=True) as prefecture,
    ):
        yield Ends(env, connector, prefecture, data)
    env.database.close()  # type: ignore[attr-defined]


def _cases(env: Any, wanted: int) -> Sequence[changes.Case]:
    """A neighbourhood that the connector has never heard of, and what happens in it."""
    from daicho.register.store.bulk import BulkWriter
    from daicho.register.store.bulk_numbers import Sealer

    start, cases = changes.drawn(0, wanted, env.clock.today(), Sealer(env.keys, env.random))
    with env.database.transaction() as connection:
        BulkWriter(connection, analyze=False).load(start)
    return cases


def _change(ends: Ends, cases: Iterator[changes.Case]) -> int:
    """Register the next case that the door takes; how many persons it touched."""
    from daicho.law.errors import DaichoError

    for case in cases:
        try:
            return changes.through_the_door(ends.env, case, changes.checked(ends.env, case))
        except DaichoError:
            continue
    raise RuntimeError("no cases are left")


def _delivered(ends: Ends, cases: Iterator[changes.Case], count: int) -> Figure:
    """Seconds from a commit to the prefecture's record, at so many changes a second."""
    since, begun, persons = ends.env.clock.now(), time.perf_counter(), 0
    for number in range(count):
        time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
        persons += _change(ends, cases)
    taken = [row[0] for row in _arrived(ends, since, persons)]
    return Figure("deliver.p95_s", p95(taken), "s", "lower", 2, None, len(taken))


def _sustained(ends: Ends, cases: Iterator[changes.Case], seconds: float) -> Figure:
    """Person-changes a second from the first commit to the last record, as fast as one counter can register them."""
    since, begun, persons = ends.env.clock.now(), time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        persons += _change(ends, cases)
    last = max(row[1] for row in _arrived(ends, since, persons))
    return Figure(
        "deliver.changes_per_s", persons / (last - since).total_seconds(), "changes/s", "higher", 25, None, persons
    )


def _caught_up(ends: Ends, cases: Iterator[changes.Case], count: int) -> Figure:
    """Messages a second when the prefecture server is back, from the first that it takes to the last."""
    file = connector_services.faults_file(ends.data, house.PREFECTURE)
    file.write_text(json.dumps([{"kind": "down"}]), encoding="utf-8")
    since, persons = ends.env.clock.now(), 0
    for _ in range(count):
        persons += _change(ends, cases)
    waiting = "SELECT count(*) FROM wire.delivery WHERE link = 'connector-prefecture'"
    _until(lambda: _one(ends.connector, waiting) >= persons)
    file.write_text("[]", encoding="utf-8")
    instants = [row[1] for row in _arrived(ends, since, persons)]
    rate = persons / (max(instants) - min(instants)).total_seconds()
    return Figure("catchup.messages_per_s", rate, "messages/s", "higher", 60, None, persons)


def _arrived(ends: Ends, since: datetime, persons: int) -> list[tuple[Any, ...]]:
    _until(lambda: len(ends.prefecture.execute(_TOLD.encode(), (since,)).fetchall()) >= persons)
    return ends.prefecture.execute(_TOLD.encode(), (since,)).fetchall()


def _memory(data: DataDir) -> Iterator[Figure]:
    """The connector's processes, and all of those outside."""
    services = json.loads((data.run / "processes.json").read_text(encoding="utf-8"))["services"]
    for name, mine, bar in (
        ("connector.pss_mb", {house.CONNECTOR, connector_services.SENDING_NAME}, 200),
        ("world.pss_mb", _OUTSIDE, 600),
    ):
        ids = [one for service, entry in services.items() if service in mine for one in _family(entry["pid"])]
        yield Figure(name, pss_mb(ids), "MB", "lower", bar, None, len(ids))


def _family(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [pid, *(one for child in text.split() for one in _family(int(child)))]


def _reconciled(ends: Ends, residents: int) -> Iterator[Figure]:
    """A comparison of so many persons, some of whom differ; what is sent beside what all records would take."""
    _fill(ends, residents)
    [run] = _begun(ends)
    begun = time.perf_counter()
    finished = f"SELECT count(*) FROM connector.reconciliation WHERE run = {run} AND finished_at IS NOT NULL"
    _until(lambda: _one(ends.connector, finished))
    seconds = time.perf_counter() - begun
    found = _one(ends.connector, f"SELECT count(*) FROM connector.finding WHERE run = {run}")
    if found != DIFFERENCES:
        raise RuntimeError(f"{found} differences were found, {DIFFERENCES} were made")
    yield Figure("reconcile.s", seconds, "s", "lower", 60, None, residents)
    sent = _one(ends.connector, f"SELECT sent_bytes FROM connector.reconciliation WHERE run = {run}")
    whole = residents * _one(
        ends.prefecture, "SELECT avg(length(items::text)) FROM prefecture.record WHERE city = 'connector'"
    )
    yield Figure("reconcile.sent_share", 100 * float(sent) / float(whole), "%", "lower", 5, None, residents)


def _begun(ends: Ends) -> list[int]:
    """Begin as the command does, with the connector's own environment."""
    from daicho.engine.environment import from_process

    begin = __import__("daicho.connector.reconcile", fromlist=["begin"]).begin
    os.environ.update(house.system_environment(ends.data, house.CONNECTOR))
    env = from_process()
    run: int = begin(env, "bench")
    env.database.close()  # type: ignore[attr-defined]
    return [run]


def _fill(ends: Ends, residents: int) -> None:
    """Copies of one record on both sides, with digests of their own; a hundred differ at the prefecture."""
    first = 10**12
    numbers = f"generate_series({first}, {first + residents - 1}) AS g (n)"
    digest = "substr(sha256(g.n::text::bytea), 1, 16)"
    columns = [row[0] for row in ends.connector.execute(_COLUMNS, ("connector", "identity")).fetchall()]
    copied = {"subject_id": "g.n", "digest": digest, "resident_code_id": "NULL", "individual_number_id": "NULL"}
    ends.connector.execute(
        f"INSERT INTO connector.subject (subject_id, register_person) SELECT g.n, -g.n FROM {numbers}".encode()
    )
    ends.connector.execute(
        _copy("connector.identity", columns, copied, numbers, "superseded_at IS NULL AND digest IS NOT NULL")
    )
    columns = [row[0] for row in ends.prefecture.execute(_COLUMNS, ("prefecture", "record")).fetchall()]
    copied = {"subject": "g.n", "digest": digest, "resident_code": "g.n::text", "record_status": "'moved_out'"}
    ends.prefecture.execute(_copy("prefecture.record", columns, copied, numbers, "superseded_at IS NULL"))
    step = max(1, residents // DIFFERENCES)
    ends.prefecture.execute(
        "UPDATE prefecture.record SET digest = substr(sha256('x'), 1, 16) WHERE subject >= %s"
        " AND (subject - %s) %% %s = 0 AND subject < %s",
        (first, first, step, first + step * DIFFERENCES),
    )
    for connection in (ends.connector, ends.prefecture):
        connection.execute("ANALYZE")


_COLUMNS = (
    b"SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
    b" AND is_generated = 'NEVER' ORDER BY ordinal_position"
)


def _copy(table: str, columns: list[str], other: dict[str, str], numbers: str, which: str) -> bytes:
    values = ", ".join(other.get(name, f"r.{name}") for name in columns)
    one = f"(SELECT * FROM {table} WHERE {which} LIMIT 1) AS r"
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {one}, {numbers}".encode()


def _one(connection: psycopg.Connection, query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else 0


def _until(condition: Any) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it did not come to its end")
        time.sleep(0.2)
