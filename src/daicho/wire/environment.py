"""What a process takes from outside, passed in as one object (design, section 2).

Nothing else in the code may read a clock, draw a random value, make an id or open a connection: that is what
makes simulation, replay and the seeded city possible. The real parts are in `daicho.engine.environment`.
"""

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from typing import Any, Protocol, TypeVar

import psycopg

Row = dict[str, Any]
Connection = psycopg.Connection[Row]
T = TypeVar("T")


class Clock(Protocol):
    """The time of this process."""

    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""
        ...

    def today(self) -> date:
        """The present day in Japan (Asia/Tokyo)."""
        ...


class Random(Protocol):
    """Unpredictable values in production, seeded ones in simulation."""

    def token(self, size: int) -> bytes:
        """`size` random bytes, fit for keys and tokens."""
        ...

    def integer(self, low: int, high: int) -> int:
        """A random integer, both ends included."""
        ...

    def choice(self, options: Sequence[T]) -> T:
        """One of the options."""
        ...


class Ids(Protocol):
    """Internal ids: positive 63-bit integers, unique in one database, without meaning."""

    def take(self, connection: Connection, count: int) -> list[int]:
        """`count` fresh ids; they are spent even if the transaction is rolled back."""
        ...


class Database(Protocol):
    """The one database of this system."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """A connection inside one transaction: committed at the end, rolled back on any exception.

        Rows come as dictionaries; isolation is READ COMMITTED, correctness rests on row locks and constraints.
        """
        ...

    def hear(self, channel: str, seconds: float) -> bool:
        """Wait until somebody notifies the channel, at most so long; what was said since the last call counts too.

        The first call listens from now on and returns at once: something may have been said before it. True when heard.
        """
        ...


class Keys(Protocol):
    """Secret keys kept outside the database, by name and version (file store now, PKCS#11 later)."""

    def newest(self, name: str) -> int:
        """The version to encrypt with."""
        ...

    def key(self, name: str, version: int) -> bytes:
        """The 32 bytes of one version. Raises KeyError when there is none."""
        ...


class Transport(Protocol):
    """How bytes leave this process towards another system."""

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Send one request; returns status and body. Raises OSError when the peer cannot be reached."""
        ...

    def get(self, url: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Ask for one document; returns status and body. Raises OSError when the peer cannot be reached."""
        ...


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything a process takes from outside."""

    clock: Clock
    random: Random
    ids: Ids
    database: Database
    keys: Keys
    transport: Transport


REAL = "daicho.engine.environment:from_process"


def of_process() -> Environment:
    """A fresh Environment for this process, made by the function that DAICHO_ENVIRONMENT names (`module:function`).

    A system does not import the engine; it is told by name where the real parts are.
    """
    module, _, name = os.environ.get("DAICHO_ENVIRONMENT", REAL).partition(":")
    made = getattr(import_module(module), name)()
    if not isinstance(made, Environment):
        raise TypeError("DAICHO_ENVIRONMENT does not name a function that makes an Environment")
    return made


_current: Environment | None = None


def current() -> Environment:
    """The Environment of this process, made on first use."""
    global _current  # noqa: PLW0603 - one per process, by design
    if _current is None:
        _current = of_process()
    return _current


def use(environment: Environment | None) -> None:
    """Take this Environment from now on (tests, simulation); None forgets it."""
    global _current  # noqa: PLW0603 - see above
    _current = environment
