"""Counter-signatures: a second system signs the roots it has seen of a log, and only such as continue what it saw before.

What the witness has seen lies in its own database, under its own key: whoever rewrites the first system's trail, keys included, has
to rewrite the witness too. Which system is whose witness, and how roots travel, is for the links between them (design, section 7).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from daicho.trail import offline
from daicho.trail.checkpoint import Checkpoint
from daicho.trail.errors import CounterRefused, NotContinued
from daicho.trail.seal import key, micros, moment, newest_version, seal_of_batch
from daicho.wire.environment import Connection, Environment

COUNTER_KEY = "trail-counter"
"""Ed25519, of the witness."""
_LOCK = 0x7769_746E  # "witn"


@dataclass(frozen=True, slots=True)
class CounterSeal:
    """What the witness signs: this log had this root at this size when it was seen."""

    signer: str
    log: str
    batch_no: int
    size: int
    root: bytes
    seen_at: datetime
    key_version: int
    signature: bytes

    @property
    def statement(self) -> bytes:
        """The bytes that are signed."""
        return _statement(self.signer, self.log, self.batch_no, self.size, self.root, self.seen_at)

    def as_json(self) -> dict[str, Any]:
        """How it travels."""
        return {
            "signer": self.signer,
            "log": self.log,
            "batch_no": self.batch_no,
            "size": self.size,
            "root": self.root.hex(),
            "seen_at": micros(self.seen_at),
            "key_version": self.key_version,
            "signature": self.signature.hex(),
        }

    @classmethod
    def of_json(cls, held: Mapping[str, Any]) -> "CounterSeal":
        """From how it travelled. CounterRefused when it is not whole."""
        try:
            return cls(
                str(held["signer"]),
                str(held["log"]),
                int(held["batch_no"]),
                int(held["size"]),
                bytes.fromhex(held["root"]),
                moment(int(held["seen_at"])),
                int(held["key_version"]),
                bytes.fromhex(held["signature"]),
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            raise CounterRefused from None

    def check(self, public_key: bytes) -> None:
        """Raise CounterRefused when the witness did not sign this."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, self.statement)
        except InvalidSignature:
            raise CounterRefused from None


def countersign(
    connection: Connection,
    env: Environment,
    signer: str,
    seal: Mapping[str, Any],
    log_key: bytes,
    path: Sequence[bytes] = (),
) -> CounterSeal:
    """As witness: sign a seal of another log, and remember it in the same transaction.

    `path`: the consistency proof from the last seal that was signed (`proof.prove_growth`). Raises ProofFailed when the log did
    not sign the seal, NotContinued when it does not continue what was seen before.
    """
    seen_at = witness(connection, env, seal, log_key, path)
    log, batch_no, size, root = str(seal["log"]), int(seal["batch_no"]), int(seal["size"]), bytes.fromhex(seal["root"])
    version = newest_version(env.keys, COUNTER_KEY)
    private = Ed25519PrivateKey.from_private_bytes(key(env.keys, COUNTER_KEY, version))
    signature = private.sign(_statement(signer, log, batch_no, size, root, seen_at))
    return CounterSeal(signer, log, batch_no, size, root, seen_at, version, signature)


def witness(
    connection: Connection, env: Environment, seal: Mapping[str, Any], log_key: bytes, path: Sequence[bytes] = ()
) -> datetime:
    """Remember a seal of another log that continues the last one remembered; when. Raises ProofFailed, NotContinued."""
    size, root = offline.check_seal(seal, log_key)
    log, batch_no = str(seal["log"]), int(seal["batch_no"])
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    before = last_witnessed(connection, log)
    if before is not None and not offline.consistent(before["size"], size, before["root"], root, path):
        raise NotContinued
    seen_at = env.clock.now()
    connection.execute(
        "INSERT INTO trail.witnessed (log, size, batch_no, root, seen_at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (log, size) DO NOTHING",
        (log, size, batch_no, root, seen_at),
    )
    return seen_at


def last_witnessed(connection: Connection, log: str) -> dict[str, Any] | None:
    """Size and root of the largest tree of a log that was signed; None before the first."""
    return connection.execute(
        "SELECT size, root, batch_no, seen_at FROM trail.witnessed WHERE log = %s ORDER BY size DESC LIMIT 1", (log,)
    ).fetchone()


def witnessed(connection: Connection, log: str) -> list[Checkpoint]:
    """All that the witness remembers of a log, for holding its trail against: sizes and roots, nothing to go on from."""
    rows = connection.execute("SELECT size, root FROM trail.witnessed WHERE log = %s ORDER BY size", (log,)).fetchall()
    return [Checkpoint({"size": row["size"], "root": row["root"].hex()}, (), b"") for row in rows]


def keep(connection: Connection, made: CounterSeal, witness_key: bytes) -> None:
    """As the log: keep what a witness signed of one of its seals. CounterRefused when it is not one of them, or not signed."""
    made.check(witness_key)
    own = seal_of_batch(connection, made.batch_no)
    if own is None or (own.log, own.size, own.root) != (made.log, made.size, made.root):
        raise CounterRefused
    connection.execute(
        "INSERT INTO trail.counter_seal (batch_no, signer, seen_at, key_version, signature) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (batch_no, signer) DO NOTHING",
        (made.batch_no, made.signer, made.seen_at, made.key_version, made.signature),
    )


def _statement(signer: str, log: str, batch_no: int, size: int, root: bytes, seen_at: datetime) -> bytes:
    content = ["daicho/trail/counter/1", signer, log, batch_no, size, root.hex(), micros(seen_at)]
    return json.dumps(content, ensure_ascii=False, separators=(", ", ": ")).encode("utf-8")
