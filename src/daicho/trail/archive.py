"""Archives: consecutive numbers in one signed file that verifies with nothing but the public key, so that old months may be dropped.

A gzip file of lines in UTF-8. The first is a JSON object: the seal and peaks before the first number (null and none at the very
beginning) and the seal after the last; then the content of each entry, one a line, in order of numbers (docs/trail.md).
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from daicho.trail import offline
from daicho.trail.encoding import LEAVES
from daicho.trail.errors import FileRefused, KeyMissing, NothingToArchive, TrailBroken
from daicho.trail.merkle import Frontier, frontier_of, leaf_hash
from daicho.trail.seal import SEAL_KEY, KeptHashes, Seal, key, newest_version, public_key, seal_of_batch
from daicho.wire.environment import Connection, Environment, Keys, Row

CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive as the database remembers it."""

    first: int
    last: int
    batch_no: int
    sha256: bytes
    key_version: int
    signature: bytes

    def holds(self, log: str, keys: Keys) -> bool:
        """Whether the house signed it."""
        try:
            known = Ed25519PublicKey.from_public_bytes(public_key(keys, self.key_version))
            known.verify(self.signature, _statement(log, self.first, self.last, self.batch_no, self.sha256))
        except (InvalidSignature, KeyMissing):
            return False
        return True


def write(owner: Connection, env: Environment, log: str, before: datetime, path: Path) -> Archive:
    """Archive the numbers that follow the last archive, up to the last seal with nothing from `before` on.

    The file is complete and checked against the signed root before the database hears of it. `owner` may write the table of
    archives. Raises NothingToArchive, TrailBroken.
    """
    known = archives(owner)
    start = seal_of_batch(owner, known[-1].batch_no) if known else None
    end = _end(owner, start, before)
    tree = frontier_of(KeptHashes(owner), start.size) if start else Frontier()
    head = {
        "kind": "archive",
        "log": log,
        "start": start.as_json() if start else None,
        "peaks": [peak.hex() for peak in tree.peaks],
        "end": end.as_json(),
    }
    first = tree.size + 1
    draft = path.with_name(path.name + ".draft")
    with draft.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as file:
        file.write(json.dumps(head, ensure_ascii=False).encode() + b"\n")
        for content in _contents(env, tree.size, end.size):
            list(tree.add(leaf_hash(content)))  # the roots it completes are kept already
            file.write(content + b"\n")
    if tree.root() != end.root:
        draft.unlink()
        raise TrailBroken
    draft.replace(path)
    return _remember(owner, env, log, Archive(first, end.size, end.batch_no, digest_of(path), 0, b""))


def archives(connection: Connection) -> list[Archive]:
    """All archives in order of numbers."""
    rows = connection.execute(
        "SELECT first, last, batch_no, sha256, key_version, signature FROM trail.archive ORDER BY last"
    ).fetchall()
    return [Archive(**row) for row in rows]


def check(path: Path, public_keys: Iterable[bytes]) -> tuple[int, int]:
    """Verify a file alone; its first and last number. Raises FileRefused."""
    held = list(public_keys)
    try:
        with gzip.open(path, "rb") as file:
            return _check(json.loads(file.readline()), (line.rstrip(b"\n") for line in file), held)
    except (OSError, EOFError, KeyError, TypeError, ValueError, offline.ProofFailed):
        raise FileRefused from None


def digest_of(path: Path) -> bytes:
    """The SHA-256 of a file."""
    found = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.digest()


def needed_for(connection: Connection, since: datetime, until: datetime) -> list[Archive]:
    """The archives that hold entries of a period: all of them must be at hand before it is dropped."""
    row: Row = (
        connection.execute(
            "SELECT min(l.seq) AS first, max(l.seq) AS last FROM trail.entry e"
            " JOIN trail.leaf l ON l.entry_id = e.entry_id AND l.at = e.at WHERE e.at >= %s AND e.at < %s",
            (since, until),
        ).fetchone()
        or {}
    )
    if row["first"] is None:
        return []
    return [one for one in archives(connection) if one.first <= row["last"] and one.last >= row["first"]]


def _check(head: Mapping[str, Any], contents: Iterator[bytes], held: list[bytes]) -> tuple[int, int]:
    size, root = _signed(head["end"], held)
    tree = Frontier()
    if head["start"] is not None:
        start_size, start_root = _signed(head["start"], held)
        tree = Frontier(start_size, [bytes.fromhex(peak) for peak in head["peaks"]])
        if tree.root() != start_root or head["start"]["log"] != head["end"]["log"]:
            raise FileRefused
    first = tree.size + 1
    for content in contents:
        list(tree.add(leaf_hash(content)))
    if head["kind"] != "archive" or (tree.size, tree.root()) != (size, root):
        raise FileRefused
    return first, size


def _signed(seal: Mapping[str, Any], held: list[bytes]) -> tuple[int, bytes]:
    """Size and root of a seal that one of these keys signed."""
    for public in held:
        try:
            return offline.check_seal(seal, public)
        except offline.ProofFailed:
            continue
    raise FileRefused


def _end(owner: Connection, start: Seal | None, before: datetime) -> Seal:
    """The last seal before the first number that is too young."""
    after = start.size if start else 0
    row: Row = (
        owner.execute(
            "SELECT max(s.batch_no) AS batch_no FROM trail.seal s WHERE s.size > %(after)s AND s.size <"
            " coalesce((SELECT min(seq) FROM trail.leaf WHERE seq > %(after)s AND at >= %(before)s), 9223372036854775807)",
            {"after": after, "before": before},
        ).fetchone()
        or {}
    )
    end = seal_of_batch(owner, row["batch_no"]) if row["batch_no"] is not None else None
    if end is None:
        raise NothingToArchive
    return end


def _contents(env: Environment, first: int, last: int) -> Iterator[bytes]:
    for done in range(first, last, CHUNK):
        end = min(done + CHUNK, last)
        with env.database.transaction() as connection:
            rows = connection.execute(LEAVES.encode(), (done, end)).fetchall()
        if len(rows) != end - done or any(row["content"] is None for row in rows):
            raise TrailBroken
        for row in rows:
            yield row["content"].encode("utf-8")


def _remember(owner: Connection, env: Environment, log: str, made: Archive) -> Archive:
    version = newest_version(env.keys, SEAL_KEY)
    private = Ed25519PrivateKey.from_private_bytes(key(env.keys, SEAL_KEY, version))
    signature = private.sign(_statement(log, made.first, made.last, made.batch_no, made.sha256))
    owner.execute(
        "INSERT INTO trail.archive (first, last, batch_no, sha256, archived_at, key_version, signature)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (made.first, made.last, made.batch_no, made.sha256, env.clock.now(), version, signature),
    )
    return Archive(made.first, made.last, made.batch_no, made.sha256, version, signature)


def _statement(log: str, first: int, last: int, batch_no: int, digest: bytes) -> bytes:
    return json.dumps(["daicho/trail/archive/1", log, first, last, batch_no, digest.hex()]).encode()


def archived_until(connection: Connection, log: str, keys: Keys) -> int:
    """Up to which number entries are in archives that the house signed, without a gap."""
    until = 0
    for one in archives(connection):
        if one.first != until + 1 or not one.holds(log, keys):
            break
        until = one.last
    return until
