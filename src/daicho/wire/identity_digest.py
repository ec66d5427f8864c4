"""Digests of identity records that both ends of the network make alike: of the whole record, and keyed ones of single items."""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256

from daicho.wire.contracts.identity_update import NoticeItems
from daicho.wire.environment import Environment

NOT_COMPARED = frozenset({"update_barred", "locked"})
"""Flags that change without an update."""
_NUMBERS = ("resident_code", "individual_number")
_FIELDS = frozenset(NoticeItems.model_fields) - NOT_COMPARED
SIZE = 16


def values_of(items: NoticeItems, numbers: Mapping[str, str]) -> dict[str, object]:
    """What is compared, by item."""
    return items.model_dump(mode="json", include=set(_FIELDS)) | {kind: numbers.get(kind) for kind in _NUMBERS}


def record_digest(subject: int, values: Mapping[str, object]) -> bytes:
    """Sixteen bytes over all items of a record and whose it is: records of two persons mixed up are a difference."""
    return sha256(json.dumps([subject, values], ensure_ascii=True, sort_keys=True).encode("ascii")).digest()[:SIZE]


def item_digests(env: Environment, link: str, run: int, subject: int, values: Mapping[str, object]) -> dict[str, str]:
    """Keyed digests of the items, for one run of one link alone: nobody can guess a value from them."""
    name = f"link-{link}"
    key = env.keys.key(name, env.keys.newest(name))
    return {
        item: hmac.digest(key, f"{run}:{subject}:{item}:{json.dumps(value)}".encode(), sha256).hex()[:16]
        for item, value in values.items()
    }
