"""The real parts of `Environment`: system clock, system randomness, database sequence, pool, HTTP.

This is the only module that reads the clock of the machine or draws random values.
"""

import os
import secrets
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from daicho.engine.databases import DatabaseSettings
from daicho.engine.errors import CommitUnknown, DatabaseUnavailable
from daicho.engine.keys import of_process
from daicho.law.japan import JAPAN
from daicho.wire.environment import Connection, Environment, Keys, Transport
from daicho.wire.tls import client_context

T = TypeVar("T")


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The present day in Japan."""
        return self.now().astimezone(JAPAN).date()


class SystemRandom:
    """Randomness of the operating system, fit for keys."""

    def token(self, size: int) -> bytes:
        """`size` random bytes."""
        return secrets.token_bytes(size)

    def integer(self, low: int, high: int) -> int:
        """A random integer, both ends included."""
        return low + secrets.randbelow(high - low + 1)

    def choice(self, options: Sequence[T]) -> T:
        """One of the options."""
        return secrets.choice(options)


class SequenceIds:
    """Ids from the database sequence `engine.entity_id`."""

    def take(self, connection: Connection, count: int) -> list[int]:
        """`count` fresh ids; spent even if the transaction is rolled back."""
        row = connection.execute(
            "SELECT ARRAY(SELECT nextval('engine.entity_id') FROM generate_series(1, %s::integer)) AS ids", (count,)
        ).fetchone()
        return list(row["ids"]) if row is not None else []


class PooledDatabase:
    """The system's database behind a small pool, opened on first use (so that it never crosses a fork)."""

    def __init__(self, settings: DatabaseSettings, *, size: int = 3, timeout: float = 3.0) -> None:
        """`timeout`: seconds to wait for a usable connection before saying that the database is gone."""
        self._lock = threading.Lock()
        self._opened = False
        self._settings = settings
        self._ears: dict[str, psycopg.Connection] = {}
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            settings.conninfo(),
            kwargs={"row_factory": dict_row},
            min_size=1,
            max_size=size,
            timeout=timeout,
            num_workers=1,
            reconnect_timeout=timeout,
            check=ConnectionPool.check_connection,
            open=False,
        )

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction, committed at the end; DatabaseUnavailable or CommitUnknown when the server is gone."""
        self._open()
        try:
            connection = self._pool.getconn()
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise DatabaseUnavailable from error
        try:
            yield from _transaction(connection)
        finally:
            self._pool.putconn(connection)

    def hear(self, channel: str, seconds: float) -> bool:
        """Wait for a NOTIFY on a connection of its own; DatabaseUnavailable when the server is gone."""
        try:
            ear = self._ears.get(channel)
            if ear is None:
                ear = self._ears[channel] = psycopg.connect(self._settings.conninfo(), autocommit=True)
                ear.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                return True
            return any(True for _ in ear.notifies(timeout=seconds, stop_after=1))
        except psycopg.OperationalError as error:
            lost = self._ears.pop(channel, None)
            if lost is not None:
                lost.close()
            raise DatabaseUnavailable from error

    def close(self) -> None:
        """Close every connection."""
        for ear in self._ears.values():
            ear.close()
        self._pool.close()

    def _open(self) -> None:
        with self._lock:
            if not self._opened:
                self._pool.open()
                self._opened = True


def _transaction(connection: Connection) -> Iterator[Connection]:
    """Run the caller's block between begin and commit; tell a lost server apart from a refused statement."""
    try:
        yield connection
    except BaseException as error:
        if isinstance(error, psycopg.OperationalError) and connection.closed:
            raise DatabaseUnavailable from error
        with suppress(psycopg.Error):
            connection.rollback()
        raise
    try:
        connection.commit()
    except psycopg.OperationalError as error:
        if connection.closed:
            raise CommitUnknown from error
        raise


PAGE_PATIENCE = 3.0
"""Seconds that a page waits for another system at most: while it waits, its worker serves nobody."""


class HttpTransport:
    """HTTP over one kept-alive client; with `tls` (see `daicho.wire.tls`) as a system of the house."""

    def __init__(self, timeout: float = 10.0, tls: ssl.SSLContext | None = None) -> None:
        """`timeout` in seconds for connecting and for each read."""
        import httpx  # loaded here, so that processes that call nobody stay small

        self._gone = httpx.TransportError
        self._client = httpx.Client(
            timeout=timeout, follow_redirects=False, trust_env=False, verify=True if tls is None else tls
        )

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Send one request; OSError when the peer cannot be reached."""
        try:
            answer = self._client.post(url, content=body, headers=headers)
        except self._gone as error:
            raise OSError(str(error)) from error
        return answer.status_code, answer.content

    def get(self, url: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Ask for one document; OSError when the peer cannot be reached."""
        try:
            answer = self._client.get(url, headers=headers)
        except self._gone as error:
            raise OSError(str(error)) from error
        return answer.status_code, answer.content

    def close(self) -> None:
        """Close the client's connections."""
        self._client.close()


class SystemTransport:
    """HTTP as a system of the house: a replaced key or list of issuers is used from the next request on.

    One request at a time, so that no connection is closed under another thread's request.
    """

    def __init__(self, own: Path, issuers: Path) -> None:
        """`own`: key with certificate, `issuers`: whom to trust (see `daicho.wire.tls`)."""
        self._files = (own, issuers)
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] = ()
        self._http: HttpTransport | None = None

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Send one request; OSError when the peer cannot be reached or the files cannot be used."""
        with self._lock:
            return self._current().post(url, body, headers)

    def get(self, url: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Ask for one document; OSError when the peer cannot be reached or the files cannot be used."""
        with self._lock:
            return self._current().get(url, headers)

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._http is not None:
                self._http.close()
            self._http, self._seen = None, ()

    def _current(self) -> HttpTransport:
        seen = tuple(file.stat().st_mtime_ns for file in self._files)
        if self._http is None or seen != self._seen:
            fresh = HttpTransport(tls=client_context(*self._files))
            if self._http is not None:
                self._http.close()
            self._http, self._seen = fresh, seen
        return self._http


def build(
    settings: DatabaseSettings, keys: Keys, *, pool_size: int = 3, transport: Transport | None = None
) -> Environment:
    """The real Environment on one database with one set of keys; `transport` for calling other systems."""
    return Environment(
        clock=SystemClock(),
        random=SystemRandom(),
        ids=SequenceIds(),
        database=PooledDatabase(settings, size=pool_size),
        keys=keys,
        transport=transport or HttpTransport(PAGE_PATIENCE),
    )


def from_process() -> Environment:
    """The Environment of this process, from its DAICHO_* variables; runtime role."""
    own, issuers = os.environ.get("DAICHO_WIRE_OWN"), os.environ.get("DAICHO_WIRE_ISSUERS")
    transport = SystemTransport(Path(own), Path(issuers)) if own and issuers else None
    return build(DatabaseSettings.of_process(), of_process(), transport=transport)


__all__ = [
    "HttpTransport",
    "PooledDatabase",
    "SequenceIds",
    "SystemClock",
    "SystemRandom",
    "SystemTransport",
    "build",
    "from_process",
]
