"""Changes through the one door by several connections at once, beside the smallest transaction of three rows.

Each connection is a process of its own, as those that serve pages are. What stands was read when a case was checked, in a
transaction before. All check some cases, then all go through the door with them, so that what is timed, from the beginning
of the first transaction to the answer to the last commit, is the door beside nothing but doors. After each such round all
commit smallest transactions for a moment, beside nothing but their like: whatever else the machine does meets both.
"""

import itertools
import time
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from typing import Any

from daicho.access.actor import Actor
from daicho.city.chance import stream
from daicho.city.ledger import Ledger, Officers, Serials
from daicho.city.people import Numbers
from daicho.city.population import FirstDay
from daicho.city.years import Years
from daicho.law.errors import DaichoError
from daicho.law.numbers import NumberRule
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.plan import Plan
from daicho.register.store.bulk import BulkWriter
from daicho.register.store.bulk_encode import EncodedBatch, encode
from daicho.register.store.bulk_numbers import Sealer
from daicho.register.store.commit import Request, register
from daicho.register.store.read import read_before
from daicho.wire.environment import Environment

CONNECTIONS = 4
_ROUND = 40
"""Cases that a connection checks before it goes through the door with them; none touches what another one does."""
_PEOPLE = 900
_IDS, _ADDRESSEES, _HOUSEHOLDS, _NUMBERS = 10**12, 50_000_000, 8_000_000, 500_000_000
"""Ranges behind those of any city; each connection has a neighbourhood of its own, as counters have."""


@dataclass(frozen=True, slots=True)
class Case:
    """One change as the city drew it."""

    reason: Any
    notification: Any
    day: date
    officers: Officers


def drawn(worker: int, wanted: int, first: date, sealer: Sealer) -> tuple[EncodedBatch, list[Case]]:
    """A neighbourhood on its first day as rows, and the changes that follow, in the mix of the city."""
    ledger, rng = Ledger(itertools.count(_IDS * (worker + 1)), _serials(worker)), stream(f"bench-{worker}")
    numbers = Numbers(_NUMBERS + worker * 1_000_000)
    at = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=6)
    FirstDay(ledger, numbers, rng, first, at).settle(_PEOPLE)
    begin = encode(ledger.batch(), sealer)
    years = Years(ledger, numbers, rng, _PEOPLE * 20)
    cases: list[Case] = []
    seen: list[Any] = []
    draw, do = years._events.draw, ledger.register

    def note_draw(kind: str, today: date) -> Any:
        seen[:] = [draw(kind, today), today]
        return seen[0]

    def note_register(plan: Plan, moment: datetime, officers: Officers) -> int:
        cases.append(Case(*seen[0], seen[1], officers))
        return do(plan, moment, officers)

    years._events.draw = note_draw  # type: ignore[method-assign]
    ledger.register = note_register  # type: ignore[method-assign]
    day = first
    while len(cases) < wanted:
        years.live(day, day)
        day += timedelta(days=1)
    return begin, cases


def _serials(worker: int) -> Serials:
    return Serials(_ADDRESSEES + worker * 100_000, _HOUSEHOLDS + worker * 50_000)


def rates(first: date, cases: int, seconds: float) -> tuple[float, float, int, int]:
    """(person-changes a second, smallest transactions a second, person-changes, refused) over all connections."""
    context = get_context("spawn")
    barrier, over, answers = context.Barrier(CONNECTIONS), context.Event(), context.Queue()
    workers = [
        context.Process(target=_work, args=(number, first, cases, seconds, barrier, over, answers))
        for number in range(CONNECTIONS)
    ]
    for worker in workers:
        worker.start()
    found = [answers.get(timeout=600) for _ in workers]
    for worker in workers:
        worker.join()
    broken = [one for one in found if isinstance(one, str)]
    if broken:
        raise RuntimeError(broken[0])
    changes = sum(one[0] / one[1] for one in found)
    smallest = sum(one[2] / one[3] for one in found)
    return changes, smallest, sum(one[0] for one in found), sum(one[4] for one in found)


def _work(number: int, first: date, cases: int, seconds: float, barrier: Any, over: Any, answers: Any) -> None:
    from daicho.engine.environment import from_process

    try:
        env = from_process()
        start, waiting = drawn(number, cases, first, Sealer(env.keys, env.random))
        with env.database.transaction() as connection:
            BulkWriter(connection, analyze=False).load(start)
        barrier.wait(300)
        answers.put(_rounds(env, waiting, seconds, barrier, over))
    except BaseException as error:
        barrier.abort()
        answers.put(f"connection {number}: {error!r}")


def _rounds(
    env: Environment, waiting: list[Case], seconds: float, barrier: Any, over: Any
) -> tuple[int, float, int, float, int]:
    """(persons, seconds in the door, smallest transactions, seconds in them, refused).

    Goes on until one connection has no case left or has been in the door for so many seconds.
    """
    rest, persons, refused, inside, smallest, outside = deque(waiting), 0, 0, 0.0, 0, 0.0
    while True:
        together = _round(env, rest)
        if not rest or inside > seconds:
            over.set()
        barrier.wait(300)
        last, entered = over.is_set(), time.perf_counter()
        for case, seen in together:
            try:
                persons += through_the_door(env, case, seen)
            except DaichoError:
                refused += 1
        spent = time.perf_counter() - entered
        barrier.wait(300)
        done, passed = _smallest(env, spent)
        barrier.wait(300)
        inside, smallest, outside = inside + spent, smallest + done, outside + passed
        if last:
            return persons, inside, smallest, outside, refused


def _round(env: Environment, rest: deque[Case]) -> list[tuple[Case, tuple[tuple[int, int], ...]]]:
    """The next cases, checked, as far as none touches whom one before it touches."""
    together: list[tuple[Case, tuple[tuple[int, int], ...]]] = []
    touched: set[int] = set()
    while rest and len(together) < _ROUND:
        households, persons = change_of(rest[0].reason).scope(rest[0].notification)
        seen = checked(env, rest[0])
        concerned = {*households, *persons, *(person for person, _ in seen)}
        if touched & concerned:
            break
        touched |= concerned
        together.append((rest.popleft(), seen))
    return together


def checked(env: Environment, case: Case) -> tuple[tuple[int, int], ...]:
    """What the officer saw who checked the case, in a transaction of its own, as it is kept with the case."""
    households, persons = change_of(case.reason).scope(case.notification)
    with env.database.transaction() as connection:
        return read_before(connection, households, persons, case.notification.on).fingerprint()


def through_the_door(env: Environment, case: Case, seen: tuple[tuple[int, int], ...]) -> int:
    """Register one case; returns how many persons it touched."""
    change = change_of(case.reason)
    households, persons = change.scope(case.notification)
    actor = Actor("reviewer1", "試験 職員", frozenset({"reviewer"}), "市民課", case.officers.office, case.officers.terminal,
                  case.officers.terminal, "bench", env.clock.now())  # fmt: skip
    with env.database.transaction() as connection:
        done = register(
            connection,
            env,
            actor,
            Request(
                plan_of=lambda found: change.plan(
                    replace(found, number_rule=NumberRule.SYNTHETIC), case.notification, case.day
                ),
                on=case.notification.on,
                household_ids=households,
                person_ids=persons,
                fingerprint=seen,
                entrant=case.officers.entrant,
                reviewer=case.officers.reviewer,
                decider=case.officers.decider,
            ),
        )
    return len(done.person_ids)


def _smallest(env: Environment, seconds: float) -> tuple[int, float]:
    """Transactions of three rows, committed one by one."""
    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        with env.database.transaction() as connection:
            ids = env.ids.take(connection, 3)
            connection.execute(
                "INSERT INTO trail.subject (entry_id, at, person_id) SELECT unnest(%s::bigint[]), %s, 0",
                (ids, env.clock.now()),
            )
        done += 1
    return done, time.perf_counter() - begun
