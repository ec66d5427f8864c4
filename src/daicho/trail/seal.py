"""Seals: a signed statement on the whole tree after each batch, and what is needed to sign, read and check them."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, LiteralString

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from daicho.trail import offline
from daicho.trail.errors import KeyMissing, TrailBroken
from daicho.wire.environment import Connection, Environment, Keys

SEAL_KEY = "trail-seal"
"""Ed25519: signs seals."""
MARK_KEY = "trail-leaf"
"""HMAC: marks leaves."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SELECT: LiteralString = (
    "SELECT batch_no, log, encoding, size, root, sealed_at, key_version, mark_version, signature,"
    " accounted::text AS accounted, cluster FROM trail.seal"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One sealed batch: the tree had `size` entries and this `root`; signed under `key_version`."""

    batch_no: int
    log: str
    encoding: int
    size: int
    root: bytes
    sealed_at: datetime
    key_version: int
    mark_version: int
    signature: bytes
    accounted: str = ""
    cluster: int = 0

    def as_json(self) -> dict[str, Any]:
        """What proofs and checkpoints hold: everything that is signed, the signature, and which key made it."""
        return {
            "log": self.log,
            "batch_no": self.batch_no,
            "size": self.size,
            "root": self.root.hex(),
            "sealed_at": micros(self.sealed_at),
            "encoding": self.encoding,
            "key_version": self.key_version,
            "signature": self.signature.hex(),
        }

    def check(self, keys: Keys) -> None:
        """Raise ProofFailed when the signature does not hold, KeyMissing when its key is not there."""
        offline.check_seal(self.as_json(), public_key(keys, self.key_version))


def micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """The instant of so many microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=at)


def newest_seal(connection: Connection) -> Seal | None:
    """The last seal; None before the first."""
    row = connection.execute(_SELECT + " ORDER BY batch_no DESC LIMIT 1").fetchone()
    return Seal(**row) if row else None


def seals_between(connection: Connection, after: int, until: int) -> list[Seal]:
    """The seals whose trees have more than `after` and at most `until` entries, in order."""
    rows = connection.execute(_SELECT + " WHERE size > %s AND size <= %s ORDER BY size", (after, until))
    return [Seal(**row) for row in rows]


def seal_after(connection: Connection, size: int) -> list[Seal]:
    """The first seal of a tree with more entries, if there is one."""
    row = connection.execute(_SELECT + " WHERE size > %s ORDER BY size LIMIT 1", (size,)).fetchone()
    return [Seal(**row)] if row else []


def seal_of_batch(connection: Connection, batch_no: int) -> Seal | None:
    """One seal by its number."""
    row = connection.execute(_SELECT + " WHERE batch_no = %s", (batch_no,)).fetchone()
    return Seal(**row) if row else None


def signed(env: Environment, wanted: Mapping[str, Any]) -> Seal:
    """The seal made of these values, signed with the newest key."""
    version = newest_version(env.keys, SEAL_KEY)
    statement = offline.statement(
        wanted["log"],
        wanted["batch_no"],
        wanted["size"],
        wanted["root"],
        micros(wanted["sealed_at"]),
        wanted["encoding"],
    )
    signature = Ed25519PrivateKey.from_private_bytes(key(env.keys, SEAL_KEY, version)).sign(statement)
    return Seal(**wanted, key_version=version, signature=signature)


def public_key(keys: Keys, version: int) -> bytes:
    """The 32 bytes with which anybody can check seals of this version."""
    return Ed25519PrivateKey.from_private_bytes(key(keys, SEAL_KEY, version)).public_key().public_bytes_raw()


def newest_version(keys: Keys, name: str) -> int:
    """The version to use; KeyMissing when there is none."""
    try:
        return keys.newest(name)
    except KeyError:
        raise KeyMissing from None


def key(keys: Keys, name: str, version: int) -> bytes:
    """The bytes of one version; KeyMissing when it is not there."""
    try:
        return keys.key(name, version)
    except KeyError:
        raise KeyMissing from None


def mark(secret: bytes, seq: int, found: bytes) -> bytes:
    """The mark of a leaf: shows which one was forged, even where its entry was changed to fit."""
    return hmac.digest(secret, seq.to_bytes(8, "big") + found, sha256)[:16]


class KeptHashes:
    """The hashes kept in the database, as `merkle.Hashes`. Raises TrailBroken when one is missing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __call__(self, height: int, first: int, end: int) -> list[bytes]:
        """Hashes of a height from position `first` to before `end`."""
        if height:
            rows = self._connection.execute(
                "SELECT hash FROM trail.node WHERE height = %s AND position >= %s AND position < %s ORDER BY position",
                (height, first, end),
            ).fetchall()
        else:
            rows = self._connection.execute(
                "SELECT leaf_hash AS hash FROM trail.leaf WHERE seq > %s AND seq <= %s ORDER BY seq", (first, end)
            ).fetchall()
        if len(rows) != end - first:
            raise TrailBroken
        return [row["hash"] for row in rows]
