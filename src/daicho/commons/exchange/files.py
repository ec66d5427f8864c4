"""Files for subscribers: everybody now (full) or whom something was told of since the last file (diff), as CSV with a signature.

A cell that a spreadsheet would take for a formula gets an apostrophe in front; who reads the file takes it away again
(docs/exchange.md). The file is written beside its name first, so that nobody ever reads half of one.
"""

import csv
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from daicho.commons.exchange import feed
from daicho.commons.exchange.errors import NoSuchFile
from daicho.commons.exchange.items import ALWAYS
from daicho.commons.exchange.render import person_of
from daicho.commons.exchange.subscribers import Subscription
from daicho.law.japan import JAPAN
from daicho.wire.certificates import Own
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.signed import detach, sign

Kind = Literal["full", "diff"]
BLOCK = 2_000
TEN_MINUTES = timedelta(minutes=10)
"""準リアルタイム (STD 7.2.3)."""
_NAME = re.compile(r"(full|diff)-[0-9]{8}-[0-9]{1,19}\.csv")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_HEAD: Iterable[str] = ALWAYS


@dataclass(frozen=True, slots=True)
class Made:
    """A file as it was made."""

    name: str
    kind: Kind
    persons: int
    after_position: int
    to_position: int
    sha256: str
    made_at: datetime


def inert(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def folder_of(root: Path, subscriber: str) -> Path:
    """Where the files of a subscriber lie."""
    return root / "exchange" / subscriber


def make(env: Environment, own: Own, root: Path, subscription: Subscription, kind: Kind) -> Made:
    """Write a file with its signature beside it, and remember it. The first file of a subscriber is a full one."""
    folder = folder_of(root, subscription.subscriber)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with env.database.transaction() as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        last = _last(connection, subscription.subscriber)
        kind = kind if last is not None else "full"
        after, to = (last or 0) if kind == "diff" else 0, feed.end(connection)
        [file_id] = env.ids.take(connection, 1)
        now = env.clock.now()
        name = f"{kind}-{now.astimezone(JAPAN):%Y%m%d}-{file_id}.csv"
        draft = folder / f".{name}"
        persons, digest = _write(connection, draft, subscription, kind, after, to, env.clock.today())
        signature = detach(sign(own.credentials, "daicho-feed", f"{name} {digest}".encode()))
        (folder / f"{name}.jws").write_text(signature, encoding="ascii")
        draft.replace(folder / name)
        connection.execute(
            "INSERT INTO commons.exchange_file (file_id, subscriber, name, kind, after_position, to_position, persons,"
            " sha256, made_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (file_id, subscription.subscriber, name, kind, after, to, persons, digest, now),
        )
    return Made(name, kind, persons, after, to, digest, now)


def listed(connection: Connection, subscriber: str, most: int = 100) -> list[Made]:
    """The files made for a subscriber, newest first."""
    rows = connection.execute(
        "SELECT name, kind, persons, after_position, to_position, sha256, made_at FROM commons.exchange_file"
        " WHERE subscriber = %s ORDER BY made_at DESC, file_id DESC LIMIT %s",
        (subscriber, most),
    )
    return [Made(**row) for row in rows]


def content(connection: Connection, root: Path, subscriber: str, name: str) -> tuple[Path, str]:
    """Where a file of this subscriber lies, and its signature. The name is looked up, never put together to a path. Raises NoSuchFile."""
    if not _NAME.fullmatch(name):
        raise NoSuchFile
    row = connection.execute(
        "SELECT name FROM commons.exchange_file WHERE subscriber = %s AND name = %s", (subscriber, name)
    ).fetchone()
    if row is None:
        raise NoSuchFile
    file = folder_of(root, subscriber) / row["name"]
    try:
        return file, file.with_name(f"{file.name}.jws").read_text(encoding="ascii")
    except OSError:
        raise NoSuchFile from None


def due(connection: Connection, env: Environment, subscription: Subscription) -> bool:
    """Whether the next file of a subscriber is due by its frequency."""
    if subscription.form != "file" or subscription.frequency == "on_request":
        return False
    row = connection.execute(
        "SELECT max(made_at) AS last FROM commons.exchange_file WHERE subscriber = %s", (subscription.subscriber,)
    ).fetchone()
    if row is None or row["last"] is None:
        return True
    last: date = row["last"].astimezone(JAPAN).date()
    today = env.clock.today()
    match subscription.frequency:
        case "ten_minutes":
            return bool(env.clock.now() - row["last"] >= TEN_MINUTES)
        case "monthly":
            return (last.year, last.month) != (today.year, today.month)
        case "weekly":
            return (today - last).days >= 7
        case _:
            return last < today


def _last(connection: Connection, subscriber: str) -> int | None:
    row = connection.execute(
        "SELECT max(to_position) AS position FROM commons.exchange_file WHERE subscriber = %s", (subscriber,)
    ).fetchone()
    return row["position"] if row else None


_PEOPLE = """
    SELECT DISTINCT ON (r.addressee_number) r.*, (h.number IS NOT NULL) AS is_hidden
    FROM commons.resident r
    LEFT JOIN (SELECT hidden_of AS number FROM commons.hidden_of(
        ARRAY(SELECT s.addressee_number FROM commons.suppression s WHERE s.protected OR s.on_inquiry = 'error'
              UNION SELECT p.addressee_number FROM commons.person p WHERE p.hidden
              UNION SELECT m.addressee_number FROM commons.suppression s
                    JOIN commons.resident o ON o.addressee_number = s.addressee_number
                    JOIN commons.resident m USING (household_number)
                    WHERE s.protected OR s.on_inquiry = 'error'), %(day)s::date)) h
        ON h.number = r.addressee_number
    WHERE r.valid_from <= %(day)s {which}
    ORDER BY r.addressee_number, r.valid_from DESC
"""
_CHANGED = (
    "AND r.addressee_number IN (SELECT f.addressee_number FROM commons.feed f"
    " WHERE f.position > %(after)s AND f.position <= %(to)s)"
)


def _write(
    connection: Connection, path: Path, subscription: Subscription, kind: Kind, after: int, to: int, day: date
) -> tuple[int, str]:
    """Write the rows; how many, and the SHA-256 of the file."""
    query = _PEOPLE.format(which=_CHANGED if kind == "diff" else "").encode()
    digest = sha256()
    columns = [name for name in subscription.items if name != "change"]
    count = 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file, connection.cursor(name="people") as cursor:
        cursor.itersize = BLOCK
        cursor.execute(query, {"day": day, "after": after, "to": to})
        for block in _blocks(cursor, subscription, columns):
            count += block.count(b"\r\n")
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return count - 1, digest.hexdigest()


class _Lines:
    """What csv writes to."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        """One line."""
        self.parts.append(text)

    def take(self) -> bytes:
        """All lines so far."""
        taken, self.parts = "".join(self.parts).encode(), []
        return taken


def _blocks(cursor: Any, subscription: Subscription, columns: Sequence[str]) -> Iterator[bytes]:
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([*_HEAD, *columns])
    while rows := cursor.fetchmany(BLOCK):
        writer.writerows(_cells(row, subscription, columns) for row in rows)
        yield lines.take()
    yield lines.take()


def _cells(row: Row, subscription: Subscription, columns: Sequence[str]) -> list[str]:
    hidden = row["is_hidden"]
    told = person_of(row, subscription, hidden=hidden)
    return [row["addressee_number"], "1" if hidden else "0", *(inert(told.get(name)) for name in columns)]
