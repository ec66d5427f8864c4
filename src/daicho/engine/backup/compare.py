"""What a server holds at one instant, digested: every table, every sequence, every definition of every database.

The instant is a quiet one: no transaction that writes is under way and no WAL is written while the snapshots of all
databases are taken. What these snapshots see is therefore exactly what all WAL before that position leads to.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from daicho.engine.backup.errors import BackupError
from daicho.engine.backup.replication import lsn
from daicho.engine.databases import DatabaseSettings

QUIET_SECONDS = 60.0
Name = tuple[str, str]
"""Database and object."""


@dataclass(slots=True)
class Content:
    """What was found: rows and digest of each table, the state of each sequence, the digest of all definitions."""

    position: int
    tables: dict[Name, tuple[int, str]] = field(default_factory=dict)
    sequences: dict[Name, tuple[int, int]] = field(default_factory=dict)
    definitions: dict[Name, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(rows for rows, _ in self.tables.values())


@contextmanager
def quiet(superuser: DatabaseSettings) -> Iterator["Instant"]:
    """Snapshots of all databases at one position of WAL, held until the end. BackupError when it is never quiet."""
    with psycopg.connect(superuser.conninfo(), autocommit=True) as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1")]
    with ExitStack() as stack:
        connections = {
            name: stack.enter_context(psycopg.connect(superuser.on(name).conninfo(), autocommit=True))
            for name in names
            if not name.startswith("template")
        }
        yield _instant(connections)


@dataclass(frozen=True, slots=True)
class Instant:
    """A quiet instant: `sequences` were read in it, tables can be read as they were then."""

    connections: dict[str, psycopg.Connection]
    position: int
    sequences: dict[Name, tuple[int, int]]

    def content(self) -> Content:
        """Digest everything as it was."""
        found = Content(self.position, sequences=self.sequences)
        for database, connection in self.connections.items():
            for table in _tables(connection):
                found.tables[database, table.as_string(connection)] = _digest(connection, table)
            found.definitions |= {(database, kind): digest for kind, digest in _rows(connection, _DEFINITIONS)}
        return found


def differences(source: Content, restored: Content) -> list[str]:
    """Where a restored server differs, in words: names of objects and counts, never content."""
    found = []
    for name in sorted(source.tables.keys() | restored.tables.keys()):
        if source.tables.get(name) != restored.tables.get(name):
            rows = [content.tables[name][0] if name in content.tables else None for content in (source, restored)]
            found.append(f"table {name[1]} of {name[0]}: {_count(rows[0])} at the source, {_count(rows[1])} restored")
    for name in sorted(source.definitions.keys() | restored.definitions.keys()):
        if source.definitions.get(name) != restored.definitions.get(name):
            found.append(f"definitions of {name[1]} in {name[0]} differ")
    for name in sorted(source.sequences.keys() | restored.sequences.keys()):
        if not _sequence_holds(source.sequences.get(name), restored.sequences.get(name)):
            found.append(f"sequence {name[1]} of {name[0]} would give numbers again, or is not the same")
    return found


def _count(rows: int | None) -> str:
    return "no such table" if rows is None else f"{rows:,} rows"


def _sequence_holds(source: tuple[int, int] | None, restored: tuple[int, int] | None) -> bool:
    """A restored sequence stands where the source's does, or behind the numbers that were logged ahead; never before."""
    if source is None or restored is None:
        return source is restored
    last, ahead = source
    low, high = sorted((last, last + ahead))
    return low <= restored[0] <= high


def _instant(connections: dict[str, psycopg.Connection]) -> Instant:
    deadline = time.monotonic() + QUIET_SECONDS
    queries = {name: _sequence_query(connection) for name, connection in connections.items()}
    while time.monotonic() < deadline:
        found = _try(connections, queries)
        if found is not None:
            return found
        for connection in connections.values():
            connection.execute("ROLLBACK")
        time.sleep(0.05)
    raise BackupError(
        f"The house was not quiet for an instant in {QUIET_SECONDS:.0f} s: some long work writes all the time."
    )


def _try(connections: dict[str, psycopg.Connection], queries: dict[str, sql.Composed | None]) -> Instant | None:
    before = _position(next(iter(connections.values())))
    for connection in connections.values():
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    still = [_is_still(connection) for connection in connections.values()]
    sequences = {
        (database, name): (last, ahead)
        for database, query in queries.items()
        if query is not None
        for name, last, ahead in connections[database].execute(query)
    }
    after = _position(next(iter(connections.values())))
    return Instant(connections, before, sequences) if all(still) and before == after else None


def _position(connection: psycopg.Connection) -> int:
    [[text]] = _rows(connection, "SELECT pg_current_wal_insert_lsn()::text")
    return lsn(text)


def _is_still(connection: psycopg.Connection) -> bool:
    """Whether no transaction that has written is under way; also takes the snapshot."""
    [[still]] = _rows(
        connection, "SELECT pg_snapshot_xmin(s) = pg_snapshot_xmax(s) FROM (SELECT pg_current_snapshot() AS s) t"
    )
    return bool(still)


def _tables(connection: psycopg.Connection) -> list[sql.Identifier]:
    """Tables that WAL keeps, partitions each by itself; what is unlogged is empty after any crash."""
    rows = _rows(
        connection,
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^(pg_|information_schema)' ORDER BY 1, 2",
    )
    return [sql.Identifier(schema, name) for schema, name in rows]


def _digest(connection: psycopg.Connection, table: sql.Identifier) -> tuple[int, str]:
    """Rows and digest of a table, whatever order its rows lie in: the sums of two halves of each row's SHA-256."""
    query = sql.SQL(
        "SELECT count(*), coalesce(sum(('x' || substr(h, 1, 16))::bit(64)::bigint::numeric), 0)::text,"
        " coalesce(sum(('x' || substr(h, 17, 16))::bit(64)::bigint::numeric), 0)::text"
        " FROM (SELECT encode(sha256(convert_to(t::text, 'UTF8')), 'hex') AS h FROM ONLY {} t) d"
    )
    [[rows, one, two]] = connection.execute(query.format(table)).fetchall()
    return int(rows), f"{one}:{two}"


def _sequence_query(connection: psycopg.Connection) -> sql.Composed | None:
    rows = _rows(connection, "SELECT schemaname, sequencename, increment_by FROM pg_sequences ORDER BY 1, 2")
    each = [
        sql.SQL("SELECT {}, last_value, CASE WHEN is_called THEN log_cnt ELSE 0 END * {} FROM {}").format(
            f"{schema}.{name}", increment, sql.Identifier(schema, name)
        )
        for schema, name, increment in rows
    ]
    return sql.SQL(" UNION ALL ").join(each) if each else None


_OWN = "n.nspname !~ '^(pg_|information_schema)'"
_DEFINITIONS = f"""
SELECT kind, encode(sha256(convert_to(string_agg(line, E'\\n' ORDER BY line), 'UTF8')), 'hex') FROM (
    SELECT 'columns' AS kind, concat_ws(' ', n.nspname, c.relname, c.relkind, a.attnum, a.attname,
        format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), c.relacl::text) AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE {_OWN}
    UNION ALL SELECT 'constraints', concat_ws(' ', n.nspname, conrelid::regclass, conname, pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE {_OWN}
    UNION ALL SELECT 'indexes', pg_get_indexdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('i', 'I') AND {_OWN}
    UNION ALL SELECT 'functions', pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '')
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind IN ('f', 'p') AND {_OWN}
    UNION ALL SELECT 'triggers', pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT tgisinternal
    UNION ALL SELECT 'views', concat_ws(' ', n.nspname, c.relname, pg_get_viewdef(c.oid))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND {_OWN}
    UNION ALL SELECT 'roles', concat_ws(' ', rolname, rolsuper, rolcanlogin, rolreplication, rolpassword) FROM pg_authid
) defined GROUP BY kind
"""  # noqa: S608 - constants only


def _rows(connection: psycopg.Connection, query: str) -> list[Any]:
    return connection.execute(query.encode()).fetchall()
