"""Checking a proof with nothing but the public key: no database, no other part of the house (RFC 6962, RFC 9162 2.1).

A proof is one JSON file; docs/trail.md describes it. Whoever distrusts this code can write the same in an afternoon.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class ProofFailed(Exception):
    """The proof does not hold; the message says where."""


def check(proof: Mapping[str, Any], public_key: bytes) -> str:
    """Check an inclusion or consistency proof; returns what it proves in one sentence. Raises ProofFailed."""
    try:
        if proof["kind"] == "inclusion":
            return _check_inclusion(proof, public_key)
        if proof["kind"] == "consistency":
            return _check_consistency(proof, public_key)
    except (KeyError, TypeError, ValueError) as error:
        raise ProofFailed("the file is no proof, or not whole") from error
    raise ProofFailed("this kind of proof is unknown")


def check_seal(seal: Mapping[str, Any], public_key: bytes) -> tuple[int, bytes]:
    """Check the signature of a seal; its size and root. Raises ProofFailed."""
    root = bytes.fromhex(seal["root"])
    signed = statement(seal["log"], seal["batch_no"], seal["size"], root, seal["sealed_at"], seal["encoding"])
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes.fromhex(seal["signature"]), signed)
    except InvalidSignature:
        raise ProofFailed(f"the signature of seal {seal['batch_no']} does not hold") from None
    return seal["size"], root


def statement(log: str, batch_no: int, size: int, root: bytes, sealed_at: int, encoding: int) -> bytes:
    """The bytes that are signed; `sealed_at` in microseconds since 1970 (UTC)."""
    content = ["daicho/trail/seal/1", log, batch_no, size, root.hex(), sealed_at, encoding]
    return json.dumps(content, ensure_ascii=False, separators=(", ", ": ")).encode("utf-8")


def _check_inclusion(proof: Mapping[str, Any], public_key: bytes) -> str:
    size, root = check_seal(proof["seal"], public_key)
    found = sha256(b"\x00" + proof["content"].encode("utf-8")).digest()
    path = [bytes.fromhex(step) for step in proof["path"]]
    if not included(proof["number"] - 1, size, found, path, root):
        raise ProofFailed(f"entry number {proof['number']} with this content is not in the sealed trail")
    return f"entry number {proof['number']} stands in the trail of {size} entries"


def _check_consistency(proof: Mapping[str, Any], public_key: bytes) -> str:
    old_size, old_root = check_seal(proof["old"], public_key)
    size, root = check_seal(proof["seal"], public_key)
    path = [bytes.fromhex(step) for step in proof["path"]]
    if proof["old"]["log"] != proof["seal"]["log"] or not consistent(old_size, size, old_root, root, path):
        raise ProofFailed(f"the trail of {size} entries does not begin with that of {old_size} entries")
    return f"the trail of {size} entries begins with that of {old_size} entries, unchanged"


def included(leaf: int, size: int, found: bytes, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the audit path leads from a leaf hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= leaf < size:
        return False
    place, last = leaf, size - 1
    for step in path:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = _node(step, found)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = _node(found, step)
        place, last = place // 2, last // 2
    return last == 0 and found == root


def consistent(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree with `old_root` is the beginning of the one with `root` (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not path and old_root == root
    steps = [old_root, *path] if old.bit_count() == 1 else list(path)
    if not steps:
        return False
    place, last = old - 1, size - 1
    while place % 2:
        place, last = place // 2, last // 2
    before = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            before, now = _node(step, before), _node(step, now)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            now = _node(now, step)
        place, last = place // 2, last // 2
    return last == 0 and before == old_root and now == root


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
