"""Signed statements on the medium: what a backup consists of, and how far its WAL reaches. Ed25519 over canonical JSON."""

import json
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from daicho.engine.backup.errors import Damaged
from daicho.engine.backup.files import replace
from daicho.wire.environment import Keys

KEY = "backup-seal"


def public_key(keys: Keys, version: int) -> bytes:
    """The public key that statements of this version are held against."""
    return _private(keys, version).public_key().public_bytes_raw()


def write(path: Path, statement: dict[str, Any], keys: Keys) -> None:
    """Sign a statement and put it in its place as a whole."""
    version = keys.newest(KEY)
    said = statement | {"signed_with": version}
    signature = _private(keys, version).sign(_canonical(said)).hex()
    replace(path, json.dumps({"statement": said, "signature": signature}, indent=1).encode())


def read(path: Path, keys: Keys) -> dict[str, Any]:
    """A statement whose signature holds. Raises Damaged."""
    try:
        found = json.loads(path.read_bytes())
        statement: dict[str, Any] = found["statement"]
        known = Ed25519PublicKey.from_public_bytes(public_key(keys, int(statement["signed_with"])))
        known.verify(bytes.fromhex(found["signature"]), _canonical(statement))
    except FileNotFoundError:
        raise Damaged(path, "it is missing") from None
    except (InvalidSignature, KeyError, ValueError, TypeError):
        raise Damaged(path, "it is not signed by this house") from None
    return statement


def _private(keys: Keys, version: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.key(KEY, version))


def _canonical(statement: dict[str, Any]) -> bytes:
    return json.dumps(statement, sort_keys=True, separators=(",", ":")).encode()
