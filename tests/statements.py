"""A database that a test can step into between any two statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
from psycopg import sql

from daicho.wire.environment import Connection, Database, Environment

Before = Callable[[Connection, str], None]
"""Called with the connection and the text of the statement that is about to run; COMMIT comes last."""


class SteppedDatabase:
    """The database of an Environment, calling `before` ahead of each statement of each transaction."""

    def __init__(self, inner: Database, before: Before) -> None:
        self._inner = inner
        self._before = before

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction of the inner database."""
        with self._inner.transaction() as connection:
            usual = connection.cursor_factory
            connection.cursor_factory = _factory(self._before)
            try:
                yield connection
                self._before(connection, "COMMIT")
            finally:
                connection.cursor_factory = usual

    def hear(self, channel: str, seconds: float) -> bool:
        """As the inner database hears."""
        return self._inner.hear(channel, seconds)


def stepped(env: Environment, before: Before) -> Environment:
    """The same Environment on a database that calls `before`."""
    return replace(env, database=SteppedDatabase(env.database, before))


def _factory(before: Before) -> type[psycopg.Cursor[Any]]:
    class Stepped(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **options: Any) -> Any:
            before(self.connection, _text(query))
            return super().execute(query, *args, **options)

        def executemany(self, query: Any, *args: Any, **options: Any) -> None:
            before(self.connection, _text(query))
            super().executemany(query, *args, **options)

    return Stepped


def _text(query: str | bytes | sql.Composable) -> str:
    if isinstance(query, sql.Composable):
        return query.as_string()
    return query.decode() if isinstance(query, bytes) else query
