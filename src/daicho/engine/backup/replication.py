"""PostgreSQL's streaming replication protocol, as far as a backup needs it: the base backup and the stream of WAL.

Spoken over libpq itself, so that neither pg_basebackup nor access to the server's files is needed (decision 0130);
https://www.postgresql.org/docs/current/protocol-replication.html
"""

import select
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass

from psycopg import pq
from psycopg.conninfo import make_conninfo

from daicho.engine.backup.errors import BackupError
from daicho.engine.databases import DatabaseSettings

EPOCH = 946684800
"""2000-01-01 in seconds since 1970: the protocol counts from there."""
_WAIT = 1.0


@dataclass(frozen=True, slots=True)
class Server:
    """Which cluster this is, on which timeline, and how far its WAL is."""

    system: str
    timeline: int
    reached: int


@dataclass(frozen=True, slots=True)
class Wal:
    """Some WAL: `start` is the position of its first byte, `content` may be empty (a sign of life)."""

    start: int
    content: bytes
    asks: bool = False
    """Whether the server wants an answer now."""


def lsn(text: str) -> int:
    """A position as a number: '0/3000028'."""
    high, _, low = text.partition("/")
    return (int(high, 16) << 32) + int(low, 16)


def lsn_text(position: int) -> str:
    """A position as PostgreSQL writes it."""
    return f"{position >> 32:X}/{position & 0xFFFFFFFF:X}"


class Replication:
    """One replication connection."""

    def __init__(self, settings: DatabaseSettings) -> None:
        """Connect. BackupError when the server cannot be reached or refuses."""
        self._pg = pq.PGconn.connect(make_conninfo(settings.conninfo(), replication="true").encode())
        if self._pg.status != pq.ConnStatus.OK:
            said = self._pg.error_message.decode(errors="replace").strip()
            self.close()
            raise BackupError(f"The database server cannot be reached for a backup: {said}")

    def close(self) -> None:
        """Hang up."""
        self._pg.finish()

    def identify(self) -> Server:
        """Ask who is there."""
        [row] = self._ask("IDENTIFY_SYSTEM")
        return Server(row[0], int(row[1]), lsn(row[2]))

    def history(self, timeline: int) -> tuple[str, bytes]:
        """Name and content of the history file of a timeline."""
        [row] = self._ask(f"TIMELINE_HISTORY {timeline}")
        return row[0], row[1].encode()

    def ensure_slot(self, name: str) -> None:
        """A slot keeps WAL on the server until it was received; made if there is none or if it has lost its WAL."""
        if self.slot_start(name) is not None:
            return
        [row] = self._ask(f"READ_REPLICATION_SLOT {name}")
        if row[0]:
            self._ask(f"DROP_REPLICATION_SLOT {name}")
        try:
            self._ask(f"CREATE_REPLICATION_SLOT {name} PHYSICAL RESERVE_WAL")
        except BackupError:
            if self.slot_start(name) is None:  # else somebody was quicker
                raise

    def slot_start(self, name: str) -> int | None:
        """From where on the slot keeps WAL; None when there is no such slot."""
        [row] = self._ask(f"READ_REPLICATION_SLOT {name}")
        return lsn(row[1]) if row[0] and row[1] else None

    def base_backup(self, label: str) -> "BaseBackup":
        """Begin a base backup; the pieces of its tar archive are read from the answer."""
        self._pg.send_query(f"BASE_BACKUP (LABEL '{label}', CHECKPOINT 'fast', WAL false, MANIFEST 'no')".encode())
        start = self._rows(self._result())
        spaces = self._rows(self._result())
        if len(spaces) != 1:
            raise BackupError("The server has tablespaces of its own; this backup covers one data directory only.")
        self._result()  # the beginning of the copy
        return BaseBackup(self, lsn(start[0][0]), int(start[0][1]))

    def start_wal(self, slot: str, start: int, timeline: int) -> None:
        """Begin to receive WAL from a position on. BackupError when the server no longer has it."""
        self._pg.send_query(f"START_REPLICATION SLOT {slot} PHYSICAL {lsn_text(start)} TIMELINE {timeline}".encode())
        self._result()

    def wal(self, seconds: float = _WAIT) -> Wal | None:
        """The next message of the stream; None when none came in time. BackupError when the stream has ended."""
        message = self._copied(seconds)
        if message is None:
            raise BackupError("The server has ended the stream of WAL.")
        if message[:1] == b"w":
            start, _, _ = struct.unpack("!QQQ", message[1:25])
            return Wal(start, message[25:])
        if message[:1] == b"k":
            end, _, asks = struct.unpack("!QQ?", message[1:18])
            return Wal(end, b"", asks)
        return None

    def confirm(self, position: int) -> None:
        """Tell the server how far WAL is safe on the medium: it may forget what lies before."""
        now = int((time.time() - EPOCH) * 1_000_000)
        self._pg.put_copy_data(b"r" + struct.pack("!QQQQ?", position, position, position, now, False))
        self._pg.flush()

    def pieces(self) -> Iterator[bytes]:
        """The messages of a copy, to its end."""
        while True:
            message = self._copied(None)
            if message is None:
                return
            if message:
                yield message

    def end_of_copy(self) -> list[tuple[str, ...]]:
        """What the server says when the copy is over."""
        rows = self._rows(self._result())
        while self._pg.get_result() is not None:
            pass
        return rows

    def _copied(self, seconds: float | None) -> bytes | None:
        """One message of the copy; empty when none came in time, None at its end."""
        while True:
            size, content = self._pg.get_copy_data(1)
            if size > 0:
                return bytes(content)
            if size < 0:
                return None
            ready, _, _ = select.select([self._pg.socket], [], [], seconds)
            if not ready:
                return b""
            self._pg.consume_input()

    def _ask(self, command: str) -> list[tuple[str, ...]]:
        self._pg.send_query(command.encode())
        try:
            return self._rows(self._result())
        finally:
            while self._pg.get_result() is not None:
                pass

    def _result(self) -> pq.abc.PGresult:
        result = self._pg.get_result()
        if result is None or result.status in {pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE}:
            said = result.error_message.decode(errors="replace").strip() if result else "no answer"
            raise BackupError(f"The server refused: {said}")
        return result

    @staticmethod
    def _rows(result: pq.abc.PGresult) -> list[tuple[str, ...]]:
        return [
            tuple((result.get_value(row, column) or b"").decode() for column in range(result.nfields))
            for row in range(result.ntuples)
        ]


@dataclass(slots=True)
class BaseBackup:
    """A base backup on its way: `start` and `timeline` are known, `end` when all pieces were read."""

    connection: Replication
    start: int
    timeline: int
    end: int = 0

    def archive(self) -> Iterator[bytes]:
        """The tar archive of the data directory."""
        for message in self.connection.pieces():
            if message[:1] == b"d":
                yield message[1:]
        self.end = lsn(self.connection.end_of_copy()[0][0])
