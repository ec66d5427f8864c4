"""Checkpoints: a seal with its frontier in a small file, kept where the database's administrators cannot reach it.

From one, a verification goes on without reading what lies before; against one, a trail that was rewritten or cut is found out.
"""

import json
from dataclasses import dataclass
from typing import Any

from daicho.trail import offline
from daicho.trail.errors import FileRefused, KeyMissing, NotSealed, TrailBroken
from daicho.trail.merkle import Frontier, frontier_of
from daicho.trail.seal import KeptHashes, Seal, newest_seal, public_key
from daicho.wire.environment import Connection, Keys


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree of `size` entries with its `root`, as it was signed, and the peaks from which it grows on."""

    seal: dict[str, Any]
    peaks: tuple[bytes, ...]
    public_key: bytes

    @property
    def size(self) -> int:
        """Entries in the tree."""
        return int(self.seal["size"])

    @property
    def root(self) -> bytes:
        """The signed root."""
        return bytes.fromhex(self.seal["root"])

    def frontier(self) -> Frontier:
        """The tree, ready to grow."""
        return Frontier(self.size, self.peaks)

    def text(self) -> str:
        """The file's content."""
        held = {
            "kind": "checkpoint",
            "seal": self.seal,
            "peaks": [peak.hex() for peak in self.peaks],
            "public_key": self.public_key.hex(),
        }
        return json.dumps(held, indent=1) + "\n"


def of_seal(seal: Seal, tree: Frontier, keys: Keys) -> Checkpoint:
    """The checkpoint of a seal whose tree is known."""
    return Checkpoint(seal.as_json(), tuple(tree.peaks), public_key(keys, seal.key_version))


def newest(connection: Connection, keys: Keys) -> Checkpoint:
    """The checkpoint of the last seal. NotSealed before the first; TrailBroken when what is stored does not lead to it."""
    seal = newest_seal(connection)
    if seal is None:
        raise NotSealed
    tree = frontier_of(KeptHashes(connection), seal.size)
    try:
        seal.check(keys)
    except offline.ProofFailed:
        raise TrailBroken from None
    if tree.root() != seal.root:
        raise TrailBroken
    return of_seal(seal, tree, keys)


def read(text: str, log: str, keys: Keys) -> Checkpoint:
    """The checkpoint of a file. FileRefused when it is not whole, of another log, or not signed by this log's key."""
    try:
        held = json.loads(text)
        found = Checkpoint(
            held["seal"], tuple(bytes.fromhex(peak) for peak in held["peaks"]), bytes.fromhex(held["public_key"])
        )
        offline.check_seal(found.seal, _trusted(found, keys))
        whole = held["kind"] == "checkpoint" and found.seal["log"] == log and found.frontier().root() == found.root
    except (KeyError, TypeError, ValueError, AttributeError, offline.ProofFailed):
        raise FileRefused from None
    if not whole:
        raise FileRefused
    return found


def _trusted(found: Checkpoint, keys: Keys) -> bytes:
    """The key of the house where it is still kept, else the one in the file that its owner trusts."""
    try:
        return public_key(keys, int(found.seal["key_version"]))
    except KeyMissing:
        return found.public_key
