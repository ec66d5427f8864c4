"""Taking over one file: read, judge in worker processes, store bucket by bucket, report.

Each bucket is one transaction of whole households, with its outcome in the journal. A run that was killed goes on where it
stopped when it is started again, and ends with the same report; a second run of a whole file adds nothing.
"""

import gc
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from multiprocessing import get_context
from pathlib import Path

from daicho.register.store import derived, tenant
from daicho.register.store.bulk import BatchRefused, BulkWriter
from daicho.register.store.bulk_numbers import Sealer
from daicho.register.takeover.items import ADDRESSEE_NUMBER, HOUSEHOLD_NUMBER
from daicho.register.takeover.journal import Journal
from daicho.register.takeover.judge import IDS_PER_ROW, Context, Judged, judge
from daicho.register.takeover.reading import BYTES_PER_BUCKET, Bucket, Source, read
from daicho.register.takeover.report import Totals
from daicho.trail.act import Act
from daicho.trail.entry import record_command
from daicho.wire.environment import Connection, Environment, Keys, Random

Progress = Callable[[int, int], None]
"""Called with rows dealt with and rows in all."""
_PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Options:
    """How to take over. `dry_run` judges everything and writes nothing."""

    municipality_code: str
    name: str
    synthetic: bool = True
    dry_run: bool = False
    processes: int = _PROCESSES


@dataclass(frozen=True, slots=True)
class TakenFile:
    """The outcome: SHA-256 of the file and the totals."""

    digest: str
    totals: Totals


def take_over(environment: Environment, path: Path, options: Options, progress: Progress | None = None) -> TakenFile:
    """Take over one file into the register of `environment`.

    Raises FileRefused (nothing written) and OtherTenant. Rejected rows are in the totals, never an exception.
    """
    with _workers(path, options) as pool:
        source = read(path)
        recorded_at = environment.clock.now()
        with environment.database.transaction() as connection:
            if options.dry_run:
                _check_tenant(connection, options)
            else:
                tenant.ensure(connection, options.municipality_code, options.name, synthetic=options.synthetic)
            known = _Known.read(connection)
        journal = None if options.dry_run else Journal.open(environment, source.digest, len(source.buckets))
        totals = Totals(rows=source.rows)
        stored = 0
        for judged in _Work(environment, source, options, known, recorded_at, journal).run(pool):
            totals.add(judged)
            stored += sum(judged.verdicts.values())
            if progress is not None:
                progress(stored, source.rows)
    if totals.taken and not options.dry_run:
        _finish(environment, totals)
    if journal is not None:
        with environment.database.transaction() as connection:
            journal.finish(connection, environment)
    return TakenFile(source.digest, totals)


@contextmanager
def _workers(path: Path, options: Options) -> Iterator[Executor | None]:
    """Who judges beside the one that stores: they start while the file is read. None for a file of one bucket.

    Spawned, not forked: the connection pool of this process has threads.
    """
    if options.processes < 2 or path.stat().st_size < BYTES_PER_BUCKET:
        yield None
        return
    # A worker lives for one file and makes no cycles: collecting garbage would take a tenth of its time.
    with ProcessPoolExecutor(options.processes, get_context("spawn"), gc.disable) as pool:
        for _ in range(options.processes):
            pool.submit(_loaded)
        yield pool


def _loaded() -> None:
    """Nothing: to find it, a worker has to load this module."""


def _check_tenant(connection: Connection, options: Options) -> None:
    found = tenant.read(connection)
    if found is not None and (found.municipality_code, found.synthetic) != (
        options.municipality_code,
        options.synthetic,
    ):
        raise tenant.OtherTenant()


def _finish(environment: Environment, totals: Totals) -> None:
    """Derived tables and planner statistics; our own serials start behind the numbers that were taken over.

    The run is one act in the trail, with how many rows came in.
    """
    with environment.database.transaction() as connection:
        connection.execute(_SKIP_SERIALS)
        connection.execute("select register.analyze_store()")
        derived.rebuild(connection, environment.clock.today())
        record_command(connection, environment, Act.REGISTER_IMPORTED, {"rows": totals.rows, "taken": totals.taken})


# Old numbers of our own width; those in the last tenth would leave no serials, so they are only stepped around.
_SKIP_SERIALS = """
    select register.skip_serials(
        (select coalesce(max(left(addressee_number, -1)::bigint), 0) from register.person
         where addressee_number ~ '^[0-8][0-9]{9}$'),
        (select coalesce(max(left(household_number, -1)::bigint), 0) from register.household
         where household_number ~ '^[0-8][0-9]{7}$'))
"""


@dataclass(frozen=True, slots=True)
class _Known:
    """Numbers that the register has before the run."""

    addressees: frozenset[str]
    households: frozenset[str]

    @classmethod
    def read(cls, connection: Connection) -> "_Known":
        addressees = connection.execute("select addressee_number as number from register.person")
        households = connection.execute("select household_number as number from register.household")
        return cls(frozenset(row["number"] for row in addressees), frozenset(row["number"] for row in households))


def _judge(bucket: Bucket, context: Context, ids: list[int] | None, keys: Keys, random: Random) -> Judged:
    """In a worker; a dry run has no ids of the database."""
    return judge(bucket, context, iter(ids) if ids is not None else count(1), Sealer(keys, random))


class _Work:
    """The buckets of one file, judged ahead by workers and stored in their order."""

    def __init__(
        self,
        environment: Environment,
        source: Source,
        options: Options,
        known: _Known,
        recorded_at: datetime,
        journal: Journal | None = None,
    ) -> None:
        self._environment = environment
        self._source = source
        self._options = options
        self._known = known
        self._writer_ready = False
        self._journal = journal
        rule = tenant.Tenant(options.municipality_code, options.name, options.synthetic).number_rule
        self._context = Context(rule, environment.clock.today(), recorded_at, options.municipality_code)

    def run(self, pool: Executor | None) -> Iterator[Judged]:
        """Each bucket's outcome, stored; those of an earlier run first."""
        done = self._journal.done if self._journal is not None else {}
        yield from done.values()
        waiting = [(place, bucket) for place, bucket in enumerate(self._source.buckets) if place not in done]
        if pool is None:
            for place, bucket in waiting:
                context = self._context_of(bucket)
                yield self._store(place, bucket, context, self._now(bucket, context))
            return
        ahead: deque[tuple[int, Bucket, Context, Future[Judged]]] = deque()
        for place, bucket in waiting:
            context = self._context_of(bucket)
            ahead.append((place, bucket, context, self._later(pool, bucket, context)))
            if len(ahead) > self._options.processes:
                yield self._stored(ahead.popleft())
        while ahead:
            yield self._stored(ahead.popleft())

    def _stored(self, waiting: tuple[int, Bucket, Context, Future[Judged]]) -> Judged:
        place, bucket, context, future = waiting
        return self._store(place, bucket, context, future.result())

    def _context_of(self, bucket: Bucket) -> Context:
        """What concerns this bucket of duplicates and known numbers."""
        duplicates = self._source.duplicates
        context = replace(self._context, duplicates={n: duplicates[n] for n in bucket.numbers if n in duplicates})
        if not self._known.addressees and not self._known.households:
            return context
        addressees, households = set(), set()
        for _, cells in bucket.rows():
            if len(cells) > ADDRESSEE_NUMBER:
                addressees.add(cells[ADDRESSEE_NUMBER])
                households.add(cells[HOUSEHOLD_NUMBER])
        return replace(
            context,
            known_addressees=self._known.addressees & addressees,
            known_households=self._known.households & households,
        )

    def _ids(self, bucket: Bucket) -> list[int] | None:
        if self._options.dry_run:
            return None
        with self._environment.database.transaction() as connection:
            return sorted(self._environment.ids.take(connection, len(bucket.numbers) * IDS_PER_ROW))

    def _now(self, bucket: Bucket, context: Context) -> Judged:
        return _judge(bucket, context, self._ids(bucket), self._environment.keys, self._environment.random)

    def _later(self, pool: Executor, bucket: Bucket, context: Context) -> Future[Judged]:
        return pool.submit(_judge, bucket, context, self._ids(bucket), self._environment.keys, self._environment.random)

    def _store(self, place: int, bucket: Bucket, context: Context, judged: Judged) -> Judged:
        """Store a bucket; rows whose numbers turn out to stand on others are judged again as rejected."""
        while not self._options.dry_run:
            try:
                with self._environment.database.transaction() as connection:
                    if judged.batch is not None:
                        BulkWriter(connection, analyze=not self._writer_ready).load(judged.batch)
                        self._writer_ready = True
                    if self._journal is not None:
                        self._journal.note(connection, place, judged)
                break
            except BatchRefused as error:
                self._writer_ready = False
                refused = {**context.refused, **_rows_refused(judged, error)}
                context = replace(context, refused=refused)
                judged = self._now(bucket, context)
        return judged


def _rows_refused(judged: Judged, error: BatchRefused) -> dict[int, str]:
    codes = {"two heads": "TWO_HEADS", "no head": "NO_HEAD", "two addresses": "TWO_ADDRESSES"}
    code = codes.get(error.fault, "IN_USE")
    rows = {**judged.row_of_person, **judged.row_of_household}
    return {rows[one]: code for one in error.ids}
