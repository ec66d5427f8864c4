"""Second factors and kept forms at rest: AES-256-GCM under the key `signon` of the Environment.

Layout: key version (2 bytes), nonce (12 bytes), ciphertext with tag. The owner (officer id or session) is bound as
associated data, so that a ciphertext copied to another row does not open.
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.signon.errors import SignonKeyMissing
from daicho.wire.environment import Environment

KEY = "signon"
DIGEST_KEY = "signon-attempts"
NONCE = 12


def _key(env: Environment, name: str, version: int) -> bytes:
    try:
        return env.keys.key(name, version)
    except KeyError as error:
        raise SignonKeyMissing from error


def seal(env: Environment, plain: bytes, owner: str) -> bytes:
    """Encrypt for one owner under the newest key."""
    version = env.keys.newest(KEY)
    nonce = env.random.token(NONCE)
    body = AESGCM(_key(env, KEY, version)).encrypt(nonce, plain, owner.encode())
    return version.to_bytes(2, "big") + nonce + body


def unseal(env: Environment, sealed: bytes, owner: str) -> bytes:
    """Decrypt what `seal` made; raises SignonKeyMissing when key, owner or text do not fit."""
    version, nonce, body = int.from_bytes(sealed[:2], "big"), sealed[2 : 2 + NONCE], sealed[2 + NONCE :]
    try:
        return AESGCM(_key(env, KEY, version)).decrypt(nonce, body, owner.encode())
    except (InvalidTag, ValueError) as error:
        raise SignonKeyMissing from error


def login_digest(env: Environment, login: str) -> bytes:
    """A keyed digest (HMAC-SHA-256) of a typed user ID, for counting failures without keeping the text."""
    return hmac.digest(_key(env, DIGEST_KEY, 1), login.encode(), "sha256")
