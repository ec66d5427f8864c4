"""Verification: everything is computed again from the entries as they are stored, and held against what was signed.

The database is not believed: the encoding asked for stands in `encoding.py`, hashes are made here, keys come from outside.
"""

from collections.abc import Callable, Iterable
from typing import Any

from daicho.trail.archive import archived_until
from daicho.trail.checkpoint import Checkpoint, of_seal
from daicho.trail.encoding import LEAVES
from daicho.trail.errors import KeyMissing, TrailBroken
from daicho.trail.findings import Harm, Report
from daicho.trail.merkle import Frontier, Node, leaf_hash, subtree
from daicho.trail.offline import ProofFailed
from daicho.trail.seal import MARK_KEY, KeptHashes, Seal, key, mark, newest_seal, seal_after, seals_between
from daicho.wire.environment import Connection, Environment, Keys

CHUNK = 10_000
Progress = Callable[[int, int], None]

_WAITING = (
    "SELECT count(*) AS count, min(at) AS oldest FROM trail.entry"
    " WHERE xid >= pg_snapshot_xmin(%(known)s::text::pg_snapshot)"
    " AND NOT pg_visible_in_snapshot(xid, %(known)s::text::pg_snapshot)"
)
_INSERTED = (
    "SELECT coalesce((SELECT l.seq FROM trail.entry p JOIN trail.leaf l ON l.entry_id = p.entry_id AND l.at = p.at"
    " WHERE (p.at, p.entry_id) < (e.at, e.entry_id) ORDER BY p.at DESC, p.entry_id DESC LIMIT 1), 0) + 1 AS place"
    " FROM trail.entry e"
    " WHERE pg_visible_in_snapshot(e.xid, %(known)s::text::pg_snapshot)"
    " AND NOT EXISTS (SELECT FROM trail.leaf l WHERE l.entry_id = e.entry_id AND l.at = e.at) LIMIT 101"
)


class Verification:
    """One run. `reached` is the last seal up to which everything held: a run that is broken off goes on from there."""

    def __init__(
        self,
        env: Environment,
        log: str,
        *,
        start: Checkpoint | None = None,
        against: Iterable[Checkpoint] = (),
        chunk: int = CHUNK,
    ) -> None:
        """`start`: read from there on. `against`: checkpoints that this trail must agree with."""
        self._env = env
        self._log = log
        self._start = start
        self._anchors = sorted([*against, *([start] if start else [])], key=lambda one: one.size)
        self._chunk = chunk
        self._tree: Frontier | None = start.frontier() if start else Frontier()
        self._at = start.size if start else 0
        self._batch_no = int(start.seal["batch_no"]) if start else 0
        self._sealed = self._agreed = self._at
        self._marks: dict[int, bytes] = {}
        self._archived = 0
        self.reached: Checkpoint | None = start
        self.report = Report(first=self._at + 1)

    def run(self, progress: Progress = lambda done, size: None) -> Report:
        """Verify up to the last seal there is now, then look at what is not sealed."""
        with self._env.database.transaction() as connection:
            head = newest_seal(connection)
            size = head.size if head else 0
            self._archived = archived_until(connection, self._log, self._env.keys)
            self._before_start(connection, size)
        self.report.size = size
        self._anchors_at(size, beyond=True)
        while self._at < size:
            end = min(self._at + self._chunk, size)
            with self._env.database.transaction() as connection:
                connection.execute("SET LOCAL search_path = pg_catalog")
                self._read(connection, end)
            progress(self._at, size)
        self._unsealed()
        return self.report

    def _before_start(self, connection: Connection, size: int) -> None:
        """What lies before the start is not read again, but its leaves must still be those of the checkpoint."""
        if self._start is None or size < self._start.size:
            return
        try:
            whole = subtree(KeptHashes(connection), 0, self._start.size) == self._start.root
        except TrailBroken:
            whole = False
        if not whole:
            self.report.add(Harm.REWRITTEN, 1, self._start.size)

    def _read(self, connection: Connection, end: int) -> None:
        leaves = {row["seq"]: row for row in connection.execute(LEAVES.encode(), (self._at, end))}
        seals = seals_between(connection, self._at, end)
        if not seals or seals[-1].size < end:
            seals += seal_after(connection, end)
        first, nodes = self._at, list[Node]()
        for seal in seals:
            self._add(leaves, min(seal.size, end), seal.mark_version, nodes)
            if seal.size <= end:
                self._hold(seal)
        self._compare(connection, nodes, first)

    def _add(self, leaves: dict[int, dict[str, Any]], end: int, mark_version: int, nodes: list[Node]) -> None:
        """Look at each leaf up to `end` and let the tree grow."""
        if mark_version not in self._marks:
            self._marks[mark_version] = _secret(self._env.keys, mark_version)
        secret = self._marks[mark_version]
        for seq in range(self._at + 1, end + 1):
            self._at = seq
            found = self._judge(seq, leaves.get(seq), secret)
            if found is None:
                self._tree = None
            elif self._tree is not None:
                nodes.extend(self._tree.add(found))
                self._anchors_at(seq)

    def _judge(self, seq: int, leaf: dict[str, Any] | None, secret: bytes) -> bytes | None:
        """The hash that the tree has here, as far as anybody can know; None when nobody can."""
        if leaf is None:
            self.report.add(Harm.LEAF_REMOVED, seq)
            return None
        stored: bytes = leaf["leaf_hash"]
        marked = mark(secret, seq, stored) == leaf["mark"]
        if leaf["content"] is None:
            if marked and seq <= self._archived:
                self.report.archived += 1
            else:
                self.report.add(Harm.REMOVED, seq)
            return stored if marked else None
        now = leaf_hash(leaf["content"].encode("utf-8"))
        if now == stored and marked:
            return stored
        self.report.add(Harm.ALTERED if marked else Harm.FORGED if now == stored else Harm.LEAF, seq)
        return stored if marked else now

    def _hold(self, seal: Seal) -> None:
        """Hold the tree against a seal at whose size it has arrived."""
        first, self._sealed = self._sealed + 1, seal.size
        self.report.seals += 1
        before, self._batch_no = self._batch_no, seal.batch_no
        try:
            seal.check(self._env.keys)
            signed = seal.log == self._log and seal.batch_no == before + 1
        except (ProofFailed, KeyMissing):
            signed = False
        if not signed:
            self.report.add(Harm.SEAL, first, seal.size)
        if self._tree is None:
            return
        if self._tree.root() == seal.root:
            if signed and not self.report.broken:
                self.reached = of_seal(seal, self._tree, self._env.keys)
            return
        self._tree = None
        if signed and not any(first <= found.first <= seal.size for found in self.report.findings):
            self.report.add(Harm.ROOT, first, seal.size)

    def _anchors_at(self, size: int, *, beyond: bool = False) -> None:
        """Hold the tree against checkpoints: all beyond the end of the trail, or those of exactly this size."""
        if beyond:
            for anchor in self._anchors:
                if anchor.size > size:
                    self.report.add(Harm.TRUNCATED, size + 1, anchor.size)
            self._anchors = [anchor for anchor in self._anchors if self._at < anchor.size <= size]
            return
        while self._anchors and self._anchors[0].size == size:
            anchor = self._anchors.pop(0)
            if self._tree is not None and self._tree.root() != anchor.root:
                self.report.add(Harm.REWRITTEN, self._agreed + 1, anchor.size)
            self._agreed = anchor.size

    def _compare(self, connection: Connection, nodes: list[Node], first: int) -> None:
        """The kept roots of subtrees against the ones computed here."""
        if self._tree is None or not nodes:
            return
        rows = connection.execute(
            "SELECT height, position, hash FROM trail.node"
            " WHERE (position + 1) << height > %s AND (position + 1) << height <= %s",
            (first, self._at),
        ).fetchall()
        kept = {(row["height"], row["position"]): row["hash"] for row in rows}
        for height, position, found in nodes:
            if kept.pop((height, position), None) != found:
                self.report.add(Harm.NODE, (position << height) + 1, (position + 1) << height)

    def _unsealed(self) -> None:
        """Entries without a number: the newest are on their way to be sealed, older ones were put in."""
        with self._env.database.transaction() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            head = newest_seal(connection)
            known = {"known": head.accounted if head else "1:1:"}
            row = connection.execute(_WAITING, known).fetchone() or {}
            self.report.unsealed, self.report.oldest_unsealed = row["count"], row["oldest"]
            for found in connection.execute(_INSERTED, known).fetchall():
                self.report.add(Harm.INSERTED, found["place"])
            beyond = (
                connection.execute(
                    "SELECT min(seq) AS first, max(seq) AS last FROM trail.leaf WHERE seq > %s",
                    (head.size if head else 0,),
                ).fetchone()
                or {}
            )
            if beyond["first"] is not None:
                self.report.add(Harm.UNSIGNED, beyond["first"], beyond["last"])


def _secret(keys: Keys, version: int) -> bytes:
    """The key of marks; an unknown version (changed in a seal) fits no mark."""
    try:
        return key(keys, MARK_KEY, version)
    except KeyMissing:
        return b""
