"""Individual numbers and resident codes: encrypted at rest, found by a keyed index, in clear only when opened.

AES-256-GCM with the person id as associated data, so that a ciphertext moved to another person does not open.
The blind index is HMAC-SHA256 under a key of its own, outside the database.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.wire.environment import Environment, Keys

NumberKind = Literal["individual_number", "resident_code"]
_NONCE = 12


@dataclass(frozen=True, slots=True)
class SealedNumber:
    """A number as it is stored."""

    ciphertext: bytes
    blind_index: bytes
    key_version: int


def blind_index(keys: Keys, kind: NumberKind, number: str) -> bytes:
    """The keyed index under which a number is found; 32 bytes."""
    key = keys.key("number-index", keys.newest("number-index"))
    return hmac.digest(key, f"{kind}:{number}".encode("ascii"), sha256)


def seal(env: Environment, kind: NumberKind, person_id: int, number: str) -> SealedNumber:
    """Encrypt a number for one person with the newest key."""
    version = env.keys.newest("number")
    return SealedNumber(encrypt(env, kind, person_id, number, version), blind_index(env.keys, kind, number), version)


def encrypt(env: Environment, kind: NumberKind, person_id: int, number: str, version: int) -> bytes:
    """Encrypt a number for one person with one version of the key."""
    nonce = env.random.token(_NONCE)
    box = AESGCM(env.keys.key("number", version))
    return nonce + box.encrypt(nonce, number.encode("ascii"), _bound_to(kind, person_id))


def unseal(keys: Keys, kind: NumberKind, person_id: int, ciphertext: bytes, key_version: int) -> str:
    """Decrypt. Raises cryptography's InvalidTag when the row was moved to another person or altered."""
    box = AESGCM(keys.key("number", key_version))
    clear = box.decrypt(ciphertext[:_NONCE], ciphertext[_NONCE:], _bound_to(kind, person_id))
    return clear.decode("ascii")


def _bound_to(kind: NumberKind, person_id: int) -> bytes:
    return f"{kind}:{person_id}".encode("ascii")
