"""Making proofs: that an entry stands in the sealed trail, and that the trail only ever grew (checked by `offline`)."""

from typing import Any

from daicho.trail import encoding
from daicho.trail.checkpoint import Checkpoint
from daicho.trail.errors import FileRefused, NotSealed
from daicho.trail.merkle import consistency, inclusion
from daicho.trail.seal import KeptHashes, Seal, newest_seal, public_key
from daicho.wire.environment import Connection, Keys

_ENTRY = (
    f"SELECT l.seq, {encoding.CONTENT} AS content FROM trail.leaf l"  # noqa: S608 - the encoding is ours
    " JOIN trail.entry e ON e.at = l.at AND e.entry_id = l.entry_id WHERE l.entry_id = %s ORDER BY l.seq LIMIT 1"
)


def prove_entry(connection: Connection, keys: Keys, entry_id: int) -> dict[str, Any]:
    """The inclusion proof of an entry under the last seal. NotSealed when there is none of this id, or not yet."""
    row = connection.execute(_ENTRY.encode(), (entry_id,)).fetchone()
    seal = _last(connection)
    if row is None:
        raise NotSealed
    path = inclusion(KeptHashes(connection), row["seq"] - 1, seal.size)
    return _proof("inclusion", seal, path, keys) | {"number": row["seq"], "content": row["content"]}


def prove_growth(connection: Connection, keys: Keys, old: Checkpoint) -> dict[str, Any]:
    """The consistency proof from a checkpoint to the last seal. FileRefused when the trail is shorter than the checkpoint."""
    seal = _last(connection)
    if seal.size < old.size:
        raise FileRefused
    path = consistency(KeptHashes(connection), old.size, seal.size)
    return _proof("consistency", seal, path, keys) | {"old": old.seal}


def _last(connection: Connection) -> Seal:
    seal = newest_seal(connection)
    if seal is None:
        raise NotSealed
    return seal


def _proof(kind: str, seal: Seal, path: list[bytes], keys: Keys) -> dict[str, Any]:
    return {
        "kind": kind,
        "seal": seal.as_json(),
        "path": [step.hex() for step in path],
        "public_key": public_key(keys, seal.key_version).hex(),
    }
