"""The provider's signing keys: Ed25519, their 32 bytes from the key store under `oidc`, named by version.

The newest signs. It and the one before it are published, so that a new key counts at once and a token signed a moment ago still does;
rotation is a new version in the store, and nobody is interrupted.
"""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from daicho.wire.environment import Environment

NAME = "oidc"
ALGORITHM = "Ed25519"


def sign(env: Environment, claims: dict[str, Any]) -> str:
    """A signed ID token."""
    version = env.keys.newest(NAME)
    key = _key(env, version)
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def published(env: Environment) -> dict[str, Any]:
    """The public keys that count now, newest first."""
    newest = env.keys.newest(NAME)
    found = []
    for version in (newest, newest - 1):
        try:
            found.append(_key(env, version))
        except KeyError:
            continue
    return dict(KeySet(list(found)).as_dict(private=False))


def _key(env: Environment, version: int) -> OKPKey:
    secret = Ed25519PrivateKey.from_private_bytes(env.keys.key(NAME, version))
    return OKPKey.import_key(secret, {"kid": f"{NAME}.{version}", "alg": ALGORITHM, "use": "sig"})
