"""The sealer: numbers what has become visible since the last seal, adds it to the tree and signs (docs/trail.md).

Everything of a batch happens in one transaction under one snapshot: killed anywhere, it happened or it did not. Two sealers at
once: one waits its turn, and even if both went on, the second batch of a number is refused by the database.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from daicho.law.errors import DaichoError
from daicho.trail import encoding
from daicho.trail.errors import ServerChanged, TrailBroken
from daicho.trail.merkle import Frontier, Node, frontier_of, leaf_hash
from daicho.trail.offline import ProofFailed
from daicho.trail.seal import MARK_KEY, KeptHashes, Seal, key, mark, newest_seal, newest_version, signed
from daicho.trail.snapshot import Snapshot
from daicho.wire.environment import Connection, Environment, Row

EVERY_SECONDS = 1.0
BATCH = 5_000
"""A batch ends with the transaction in which it reaches this many entries."""
PAGE = 1_000
LOCK = 0x7472_6169_6C  # "trail"

_LATE: LiteralString = "e.xid = ANY (%(late)s::text[]::xid8[])"
_FRESH: LiteralString = "e.xid >= %(end)s::text::xid8"
_NEW: LiteralString = (
    f"SELECT e.xid::text::bigint AS xid, e.at::text AS at, e.entry_id, {encoding.CONTENT} AS content"  # noqa: S608 - ours
    " FROM trail.entry e WHERE (e.xid, e.entry_id) > (%(xid)s::text::xid8, %(entry)s::bigint) AND "
)
_ON: LiteralString = " ORDER BY e.xid, e.entry_id LIMIT %(page)s"
_UNNUMBERED: LiteralString = "NOT EXISTS (SELECT FROM trail.leaf l WHERE l.entry_id = e.entry_id AND l.at = e.at)"


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one round did."""

    batch_no: int
    size: int
    entries: int
    more: bool


@dataclass(slots=True)
class _Batch:
    """A batch while it is read: the tree grown so far and where it stopped."""

    tree: Frontier
    nodes: list[Node]
    last_xid: int = 0
    stop: int | None = None


class Sealer:
    """Seals one log; keeps the frontier between rounds and reads it again whenever another sealer was quicker."""

    def __init__(self, env: Environment, log: str, *, batch: int = BATCH, page: int = PAGE) -> None:
        """`log`: the name of the system, part of every signature."""
        self._env = env
        self._log = log
        self._limit = batch
        self._page = page
        self._batch_no = 0
        self._tree = Frontier()

    def seal(self) -> Sealed | None:
        """Seal one batch; None when there is nothing new, or another sealer is at it."""
        with self._env.database.transaction() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.execute("SET LOCAL search_path = pg_catalog")
            state = connection.execute(
                "SELECT pg_try_advisory_xact_lock(%s) AS held, pg_current_snapshot()::text AS now,"
                " (SELECT system_identifier FROM pg_control_system()) AS cluster",
                (LOCK,),
            ).fetchone()
            if state is None or not state["held"]:
                return None
            head = newest_seal(connection)
            batch = _Batch(self._tree_of(connection, head).copy(), [])
            now = Snapshot.parse(state["now"])
            moved = head is not None and head.cluster != state["cluster"]
            before = Snapshot() if head is None or moved else Snapshot.parse(head.accounted)
            _refuse_foreign(connection, before, now)
            self._number(connection, batch, before, moved=moved)
            if batch.tree.size == (head.size if head else 0):
                return None
            made = self._sign(batch, head)
            _keep(connection, batch, made, before.then(now, batch.stop), state["cluster"])
        self._batch_no, self._tree = made.batch_no, batch.tree
        return Sealed(made.batch_no, made.size, made.size - (head.size if head else 0), batch.stop is not None)

    def _tree_of(self, connection: Connection, head: Seal | None) -> Frontier:
        """The frontier that belongs to the last seal. TrailBroken when what is stored does not lead to it."""
        if head is None:
            return Frontier()
        if head.batch_no != self._batch_no:
            tree = frontier_of(KeptHashes(connection), head.size)
            if tree.root() != head.root or head.log != self._log:
                raise TrailBroken
            try:
                head.check(self._env.keys)
            except ProofFailed:
                raise TrailBroken from None
            self._tree, self._batch_no = tree, head.batch_no
        return self._tree

    def _number(self, connection: Connection, batch: _Batch, before: Snapshot, *, moved: bool) -> None:
        """Give numbers to new entries, late committers first, in order of transactions."""
        version = newest_version(self._env.keys, MARK_KEY)
        secret = key(self._env.keys, MARK_KEY, version)
        kinds = (_UNNUMBERED,) if moved else (_LATE, _FRESH) if before.open else (_FRESH,)
        for kind in kinds:
            for page in self._pages(connection, kind, before):
                taken = list(self._take(batch, page))
                if taken:
                    _write_leaves(connection, batch, secret, taken)
                if batch.stop is not None:
                    return

    def _take(self, batch: _Batch, page: list[Row]) -> Iterator[Row]:
        """The rows of a page that still belong to this batch: whole transactions only."""
        size, first = batch.tree.size, self._tree.size
        for row in page:
            if size - first >= self._limit and row["xid"] != batch.last_xid:
                batch.stop = row["xid"]
                return
            size += 1
            batch.last_xid = row["xid"]
            yield row

    def _pages(self, connection: Connection, kind: LiteralString, before: Snapshot) -> Iterator[list[Row]]:
        wanted: dict[str, Any] = {
            "late": [str(xid) for xid in before.open],
            "end": str(before.end),
            "xid": "0",
            "entry": 0,
            "page": self._page,
        }
        while True:
            page = connection.execute(
                _NEW + kind + _ON,
                wanted,
            ).fetchall()
            if page:
                yield page
            if len(page) < self._page:
                return
            wanted |= {"xid": str(page[-1]["xid"]), "entry": page[-1]["entry_id"]}

    def _sign(self, batch: _Batch, head: Seal | None) -> Seal:
        """The seal of the batch. Its time never goes back, whatever the clock does."""
        now = self._env.clock.now()
        return signed(
            self._env,
            {
                "batch_no": head.batch_no + 1 if head else 1,
                "log": self._log,
                "encoding": encoding.VERSION,
                "size": batch.tree.size,
                "root": batch.tree.root(),
                "sealed_at": max(now, head.sealed_at) if head else now,
                "mark_version": newest_version(self._env.keys, MARK_KEY),
            },
        )


def _refuse_foreign(connection: Connection, before: Snapshot, now: Snapshot) -> None:
    """Transaction ids of another server say nothing here: never guess (ServerChanged). Of this one, none visible is ahead."""
    ahead = connection.execute(
        "SELECT EXISTS (SELECT FROM trail.entry WHERE xid >= %s::text::xid8) AS found", (str(now.end),)
    ).fetchone()
    if before.end > now.end or ahead == {"found": True}:
        raise ServerChanged


def _write_leaves(connection: Connection, batch: _Batch, secret: bytes, rows: list[Row]) -> None:
    first = batch.tree.size + 1
    connection.execute("SELECT trail.ensure_leaves(%s, %s)", (first, first + len(rows) - 1))
    lines = []
    for seq, row in enumerate(rows, first):
        found = leaf_hash(row["content"].encode("utf-8"))
        batch.nodes.extend(batch.tree.add(found))
        stamp = mark(secret, seq, found).hex()
        lines.append(f"{seq}\t{row['at']}\t{row['entry_id']}\t\\\\x{found.hex()}\t\\\\x{stamp}\n")
    with connection.cursor().copy("COPY trail.leaf (seq, at, entry_id, leaf_hash, mark) FROM STDIN") as copy:
        copy.write("".join(lines))


def _keep(connection: Connection, batch: _Batch, made: Seal, accounted: Snapshot, cluster: int) -> None:
    if batch.nodes:
        connection.cursor().executemany(
            "INSERT INTO trail.node (height, position, hash) VALUES (%s, %s, %s)", batch.nodes
        )
    connection.execute(
        "INSERT INTO trail.seal (batch_no, log, encoding, size, root, sealed_at, key_version, mark_version, signature,"
        " accounted, cluster) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text::pg_snapshot, %s)",
        (
            made.batch_no,
            made.log,
            made.encoding,
            made.size,
            made.root,
            made.sealed_at,
            made.key_version,
            made.mark_version,
            made.signature,
            accounted.text,
            cluster,
        ),
    )


def keep_sealing(
    sealer: Sealer, stop: threading.Event, *, beat: Callable[[], None], say: Callable[[str], None]
) -> None:
    """Seal every second until stopped. Nothing ends it: a database that is away comes back, another sealer goes away."""
    said = ""
    while not stop.is_set():
        more, trouble = False, ""
        try:
            sealed = sealer.seal()
            more = sealed is not None and sealed.more
        except DaichoError as error:
            trouble = error.code
        except psycopg.Error as error:
            trouble = error.sqlstate or type(error).__name__
        if trouble != said:
            said = trouble
            say(f"sealing is interrupted: {trouble}" if trouble else "sealing goes on")
        beat()
        if not more:
            stop.wait(EVERY_SECONDS)
