"""Loading the synthetic city into an empty register: made by worker processes, stored by the bulk writer.

`python -m daicho.city.load --residents N [--seed TEXT]` does it for the database of the DAICHO_* variables.
"""

import argparse
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context

from daicho.city.neighbourhood import Made, Task, ids_needed, make, tasks
from daicho.city.people import Numbers
from daicho.law.errors import DaichoError
from daicho.law.towns import CITY_CODE
from daicho.register.environment import current
from daicho.register.store import code_stock, derived, tenant
from daicho.register.store.bulk import BulkWriter
from daicho.wire.environment import Environment

SEED = "kumagaya"
NAME = "熊谷市（合成データ）"
YEARS = 3
_STOCK = 500
_STOCK_FROM = 900_000_000  # a range of serials behind those of all neighbourhoods
Progress = Callable[[int, int], None]
"""Called with residents stored so far and residents in all."""


class RegisterNotEmpty(DaichoError):
    """A synthetic city is only ever loaded into an empty register."""

    code = "Y001"
    status = 409
    happened = "この台帳には、すでに人が登録されています。"
    todo = "合成データの市は、空の台帳にだけ作れます。別のデータフォルダーを指定してください。"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded: persons with all removed ones, and changes with those taken over."""

    persons: int
    changes: int


def load(
    environment: Environment,
    residents: int,
    seed: str = SEED,
    progress: Progress | None = None,
    *,
    processes: int | None = None,
) -> Loaded:
    """Make and store a city of `residents` on the first day, three years before today, and all changes since.

    Raises RegisterNotEmpty. Each neighbourhood is one transaction; the derived tables are built in the last one.
    """
    today = environment.clock.today()
    with environment.database.transaction() as connection:
        if connection.execute("select 1 from register.change limit 1").fetchone() is not None:
            raise RegisterNotEmpty()
        tenant.ensure(connection, CITY_CODE, NAME, synthetic=True)
    work = tasks(seed, residents, first_day(today), today - timedelta(days=1))
    persons = changes = stored = 0
    last = (0, 0)
    for task, made in _made(environment, work, processes or os.cpu_count() or 1):
        with environment.database.transaction() as connection:
            BulkWriter(connection, analyze=task.index == 0).load(made.batch)
        persons, changes, stored = persons + made.batch.persons, changes + made.changes, stored + task.residents
        last = max(last, (made.last_addressee, made.last_household))
        if progress is not None:
            progress(stored, residents)
    with environment.database.transaction() as connection:
        connection.execute("select register.skip_serials(%s, %s)", last)
        connection.execute("select register.analyze_store()")
        derived.rebuild(connection, today)
        code_stock.add(connection, environment, _free_codes())
    return Loaded(persons, changes)


def _free_codes() -> list[str]:
    """Resident codes that nobody of the city has: the network fills the stock of a real register (STD 4.3.1)."""
    numbers = Numbers(_STOCK_FROM)
    return [numbers.next()[1] for _ in range(_STOCK)]


def first_day(today: date) -> date:
    """The day of the take-over, three years before `today`."""
    return date(today.year - YEARS, today.month, min(today.day, 28))


def _made(environment: Environment, work: list[Task], processes: int) -> Iterator[tuple[Task, Made]]:
    """The neighbourhoods in their order; workers stay at most a few ahead of the one that stores."""
    if processes == 1 or len(work) == 1:
        for task in work:
            yield task, make(task, _ids(environment, task), environment.keys, environment.random)
        return
    # Spawned, not forked: the connection pool of this process has threads.
    with ProcessPoolExecutor(min(processes, len(work)), mp_context=get_context("spawn")) as pool:
        ahead: deque[tuple[Task, Future[Made]]] = deque()
        for task in work:
            ids = _ids(environment, task)
            ahead.append((task, pool.submit(make, task, ids, environment.keys, environment.random)))
            if len(ahead) > processes:
                first, future = ahead.popleft()
                yield first, future.result()
        for task, future in ahead:
            yield task, future.result()


def _ids(environment: Environment, task: Task) -> list[int]:
    with environment.database.transaction() as connection:
        return environment.ids.take(connection, ids_needed(task))


def main(arguments: list[str]) -> int:
    """Load the city of this process's database."""
    parser = argparse.ArgumentParser(prog="daicho.city.load", description=__doc__)
    parser.add_argument("--residents", type=int, required=True)
    parser.add_argument("--seed", default=SEED)
    options = parser.parse_args(arguments)

    def say(stored: int, all_of_them: int) -> None:
        sys.stdout.write(f"  {stored:,} / {all_of_them:,}\n")
        sys.stdout.flush()

    load(current(), options.residents, options.seed, say)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
