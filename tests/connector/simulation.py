"""City life with faults and crashes, from a seed: the real code of register, connector, wire and world in one process.

Clock, randomness, connections and transport come from `Environment`, so that all of them are the seed's. A crash is a transaction
that is lost before its commit, or a commit whose answer nobody hears; whoever crashed starts again with what is committed.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from hashlib import sha256
from importlib import import_module
from typing import Any, TypeVar

from daicho.connector import reconcile
from daicho.law.errors import DaichoError
from daicho.law.japan import JAPAN
from daicho.register.store import identity_stating
from daicho.register.store.bulk import BulkWriter
from daicho.register.store.bulk_numbers import Sealer
from daicho.wire.environment import Connection, Database, Environment
from daicho.world.faults import KINDS, Fault
from tests.connector.network import Network

T = TypeVar("T")
CITY: Any = import_module("bench.changes")
"""Draws what happens in a neighbourhood, and registers it through the one door."""
FIRST = date(2026, 4, 1)
CRASHES_OF_A_THOUSAND = 40
"""Transactions that are lost before their commit."""
CHANGES_A_DAY = 60
"""What happens on a day in a city of 2,000."""
_KINDS = tuple(kind for kind in KINDS if kind != "refuse")  # a refusal waits for a person; the fault tests have it
_SECONDS = {"skew": 7200.0}


class CrashError(OSError):
    """The process is gone."""


@dataclass
class SeededRandom:
    """Randomness of the seed."""

    source: random.Random

    def token(self, size: int) -> bytes:
        """Bytes."""
        return self.source.randbytes(size)

    def integer(self, low: int, high: int) -> int:
        """A number, both ends included."""
        return self.source.randint(low, high)

    def choice(self, options: Sequence[T]) -> T:
        """One of them."""
        return self.source.choice(options)


@dataclass
class Crashing:
    """A database whose process crashes before a commit now and then."""

    real: Database
    source: random.Random
    of_a_thousand: int = 0
    crashes: int = 0

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that may be lost as a whole."""
        with self.real.transaction() as connection:
            yield connection
            if self.source.randrange(1000) < self.of_a_thousand:
                self.crashes += 1
                raise CrashError

    def hear(self, channel: str, seconds: float) -> bool:
        """As the real one."""
        return self.real.hear(channel, seconds)


@dataclass
class Simulation:
    """One run; `crashes`, `struck` and `changes` say what it went through."""

    net: Network
    seed: int
    source: random.Random = field(init=False)
    crashing: list[Crashing] = field(default_factory=list)
    changes: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        """Put the seed's randomness and databases that crash into every end."""
        self.source = random.Random(self.seed)
        for name in ("register", "connector", "prefecture", "cards"):
            env: Environment = getattr(self.net, name)
            database = Crashing(env.database, self.source)
            self.crashing.append(database)
            setattr(self.net, name, replace(env, random=SeededRandom(self.source), database=database))

    def live(self, days: int, changes_a_day: int = CHANGES_A_DAY) -> str:
        """Live so many days, come to rest, check everything; the digest of what the prefecture holds at the end."""
        cases = self._begin(days * changes_a_day)
        for number, case in enumerate(cases):
            if number % changes_a_day == 0:
                self.net.clock.set(datetime.combine(case.day, time(9), JAPAN))
                self._weather()
            self._register(case)
            self._hops()
        self.rest()
        return self.check()

    @property
    def crashes(self) -> int:
        """How often a process was lost."""
        return sum(database.crashes for database in self.crashing)

    def _begin(self, wanted: int) -> list[Any]:
        """A neighbourhood on its first day, told to the connector, and what will happen in it."""
        env = self.net.register
        start, cases = CITY.drawn(self.seed % 90, wanted, FIRST, Sealer(env.keys, env.random))
        with env.database.transaction() as connection:
            BulkWriter(connection, analyze=False).load(start)
        identity_stating.again(env)
        self.net.clock.set(datetime.combine(FIRST, time(8), JAPAN))
        for database in self.crashing:
            database.of_a_thousand = CRASHES_OF_A_THOUSAND
        return list(cases)

    def _weather(self) -> None:
        """The faults of a day at those outside: usually one or two, for a part of the requests."""
        kinds = self.source.sample(_KINDS, self.source.randint(0, 2))
        self.struck += len(kinds)
        self.net.fault(*(Fault(kind, self.source.randint(10, 60), _SECONDS.get(kind, 1.0)) for kind in kinds))

    def _register(self, case: Any) -> None:
        for _ in range(5):
            try:
                CITY.through_the_door(self.net.register, case, CITY.checked(self.net.register, case))
                self.changes += 1
                return
            except CrashError:
                continue
            except DaichoError:
                return  # what the law refuses in this neighbourhood

    def _hops(self) -> None:
        """Everybody sends a little, in any order, some not at all; time goes on."""
        steps: list[Callable[[], object]] = [
            self.net.first_hop,
            self.net.second_hop,
            self.net.to_cards,
            self.net.back,
            self._state,
        ]
        self.source.shuffle(steps)
        for step in steps[: self.source.randint(1, len(steps))]:
            with suppress(CrashError):
                step()
        self.net.clock.advance(seconds=self.source.choice([1, 5, 30, 120]))

    def _state(self) -> int:
        return identity_stating.step(self.net.register)

    def rest(self) -> None:
        """The weather is fine again and nobody crashes: everything comes to its end."""
        self.net.fault()
        for database in self.crashing:
            database.of_a_thousand = 0
        while self._state():
            self.net.settle()
        self.net.settle(2000)

    def check(self) -> str:
        """Every store agrees, nothing is lost, doubled or out of order, and every message has its receipt."""
        net = self.net
        assert not net.waiting()
        net.check()
        for at in ("register", "connector", "prefecture"):
            lost = net.rows(
                at,
                "SELECT o.link, o.kind FROM wire.outbox o LEFT JOIN wire.settled s USING (created_at, message_id)"
                " WHERE o.link NOT LIKE '%%-kiosk' AND o.link NOT LIKE '%%-commons' AND s.receipt IS NULL",
            )
            assert lost == []
        people = net.rows("register", "SELECT count(*) AS n FROM register.person")[0]["n"]
        told = net.rows("connector", "SELECT count(*) AS n FROM connector.identity WHERE superseded_at IS NULL")[0]["n"]
        assert told == people
        identity_stating.again(net.register)
        while self._state():
            net.settle()
        assert net.rows("connector", "SELECT * FROM connector.difference") == []
        reconcile.begin(net.connector, "simulation")
        net.settle()
        assert net.rows("connector", "SELECT * FROM connector.finding") == []
        return self.digest()

    def digest(self) -> str:
        """What the prefecture holds, without ids and instants of arrival."""
        rows = self.net.rows(
            "prefecture",
            "SELECT resident_code, update_no, name, address, reason, change_date, record_status, planned"
            " FROM prefecture.record ORDER BY resident_code, update_no, reason",
        )
        return sha256(str([list(row.values()) for row in rows]).encode()).hexdigest()
