"""Numbers in a draft: encrypted at rest from the first keystroke that is saved.

A typed field whose name ends in one of NUMBER_FIELDS is stored as base64 of version, nonce and ciphertext, bound to the
case and the field, so that it opens nowhere else.
"""

import base64
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.wire.environment import Environment, Keys

NUMBER_FIELDS = ("individual_number", "resident_code")
_MARK = "sealed:"
_NONCE = 12


def is_number(field: str) -> bool:
    """Whether a typed field holds an individual number or a resident code."""
    return field.rpartition(".")[2] in NUMBER_FIELDS


def seal_numbers(env: Environment, case_id: int, typed: Mapping[str, str]) -> dict[str, str]:
    """The typed fields as they are stored."""
    return {
        field: seal_text(env, case_id, field, value) if value and is_number(field) else value
        for field, value in typed.items()
    }


def open_numbers(keys: Keys, case_id: int, stored: Mapping[str, str]) -> dict[str, str]:
    """The stored fields in clear."""
    return {
        field: _open(keys, case_id, field, value) if value.startswith(_MARK) and is_number(field) else value
        for field, value in stored.items()
    }


def _bound_to(case_id: int, field: str) -> bytes:
    return f"case:{case_id}:{field}".encode("ascii")


def seal_text(env: Environment, case_id: int, field: str, value: str) -> str:
    """One value encrypted for one field of one case."""
    version = env.keys.newest("number")
    nonce = env.random.token(_NONCE)
    box = AESGCM(env.keys.key("number", version)).encrypt(nonce, value.encode(), _bound_to(case_id, field))
    return f"{_MARK}{version}:{base64.b64encode(nonce + box).decode('ascii')}"


def open_text(keys: Keys, case_id: int, field: str, stored: str) -> str:
    """What `seal_text` has encrypted for the same field of the same case."""
    return _open(keys, case_id, field, stored)


def _open(keys: Keys, case_id: int, field: str, stored: str) -> str:
    version, _, text = stored.removeprefix(_MARK).partition(":")
    box = base64.b64decode(text)
    key = keys.key("number", int(version))
    return AESGCM(key).decrypt(box[:_NONCE], box[_NONCE:], _bound_to(case_id, field)).decode()
