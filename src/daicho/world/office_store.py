"""What a sample office's system keeps: its own file database, with what it was told and how far it has come.

It stands for software that is not ours, so it knows the exchange only by docs/exchange.md: CloudEvents, signatures, receipts.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

_SCHEMA = """
create table if not exists person (
    addressee_number text primary key, protected integer not null, picture text not null, event_id integer not null
);
create table if not exists event (id integer primary key, subject text not null, type text not null);
create table if not exists state (name text primary key, value text not null);
"""


class OfficeStore:
    """One office's database. Events may come again, and are then counted as taken before."""

    def __init__(self, file: Path) -> None:
        """`file` is made on first use, readable by its owner only."""
        self._file = file
        file.touch(mode=0o600)
        with self._open() as database:
            database.executescript(_SCHEMA)

    def take(self, events: list[Mapping[str, Any]], *, cursor: str | None = None) -> int:
        """Take events, each once, with the place they were pulled up to; how many were new."""
        new = 0
        with self._open() as database:
            for event in events:
                new += self._take(database, event)
            if cursor is not None:
                database.execute("insert or replace into state values ('cursor', ?)", (cursor,))
        return new

    def value(self, name: str, default: str = "") -> str:
        """One remembered value: the cursor, the next number of a person's messages."""
        with self._open() as database:
            row = database.execute("select value from state where name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def remember(self, name: str, value: str) -> None:
        """Remember a value."""
        with self._open() as database:
            database.execute("insert or replace into state values (?, ?)", (name, value))

    def counts(self) -> dict[str, int]:
        """How many persons it knows, how many of them are protected, how many events it has taken."""
        with self._open() as database:
            persons, protected = database.execute("select count(*), coalesce(sum(protected), 0) from person").fetchone()
            [events] = database.execute("select count(*) from event").fetchone()
        return {"persons": persons, "protected": protected, "events": events}

    def persons(self, most: int = 50) -> list[dict[str, Any]]:
        """The persons told of last; of protected ones the office itself shows no place on its list."""
        with self._open() as database:
            rows = database.execute(
                "select addressee_number, protected, picture from person order by event_id desc limit ?", (most,)
            ).fetchall()
        return [{"addressee_number": row[0], "protected": bool(row[1]), **_shown(row)} for row in rows]

    def _take(self, database: sqlite3.Connection, event: Mapping[str, Any]) -> int:
        number, data = str(event["subject"]), event["data"]
        done = database.execute(
            "insert or ignore into event values (?, ?, ?)", (int(event["id"]), number, str(event["type"]))
        )
        if not done.rowcount:
            return 0
        picture = data["pictures"][-1] if data["pictures"] else {}
        database.execute(
            "insert into person values (?, ?, ?, ?) on conflict (addressee_number) do update set"
            " protected = excluded.protected, picture = excluded.picture, event_id = excluded.event_id"
            " where excluded.event_id > person.event_id",
            (number, int(data["protected"]), json.dumps(picture, ensure_ascii=False), int(event["id"])),
        )
        return 1

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=10)) as database, database:
            yield database


def _shown(row: tuple[Any, ...]) -> dict[str, Any]:
    picture = json.loads(row[2])
    names = ("name", "birth") if row[1] else ("name", "birth", "address", "household_number")
    return {name: picture[name] for name in names if picture.get(name) is not None}
