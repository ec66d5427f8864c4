"""Numbers inside a message: encrypted for the one link, so that neither outbox, archive nor evidence holds them in clear.

AES-256-GCM under a key that the two ends of the link share (`link-<sender>-<receiver>`, by version, kept where the other
keys are); link and message number are bound in, so that a ciphertext moved to another message does not open.
"""

import json
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict, Field

from daicho.wire.environment import Environment
from daicho.wire.errors import SecretUnreadable

_NONCE = 12


class SecretItems(BaseModel):
    """Encrypted items of one message."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key_version: int = Field(ge=1)
    ciphertext: str = Field(pattern="^[A-Za-z0-9+/]+={0,2}$", max_length=40_000)


def close_items(env: Environment, link: str, message_id: int, items: dict[str, str]) -> SecretItems:
    """Encrypt items for one message on one link."""
    name = f"link-{link}"
    version = env.keys.newest(name)
    nonce = env.random.token(_NONCE)
    text = json.dumps(items, ensure_ascii=True, sort_keys=True).encode("ascii")
    sealed = AESGCM(env.keys.key(name, version)).encrypt(nonce, text, _bound_to(link, message_id))
    return SecretItems(key_version=version, ciphertext=b64encode(nonce + sealed).decode("ascii"))


def open_items(env: Environment, link: str, message_id: int, secret: SecretItems) -> dict[str, str]:
    """The items in clear. Raises SecretUnreadable when they were closed with another key or for another message."""
    try:
        box = AESGCM(env.keys.key(f"link-{link}", secret.key_version))
        sealed = b64decode(secret.ciphertext, validate=True)
        found = json.loads(box.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(link, message_id)))
    except (InvalidTag, KeyError, ValueError):
        raise SecretUnreadable from None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise SecretUnreadable
    return found


def _bound_to(link: str, message_id: int) -> bytes:
    return f"{link}:{message_id}".encode("ascii")
