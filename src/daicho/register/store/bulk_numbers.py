"""Sealing many numbers: as `numbers.seal`, with the keys looked up once."""

import hmac
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.register.store.bulk_rows import NumberRow
from daicho.wire.environment import Keys, Random

_NONCE = 12


class Sealer:
    """Holds the newest keys for one load."""

    def __init__(self, keys: Keys, random: Random) -> None:
        """Reads the keys `number` and `number-index`."""
        self._token = random.token
        self._version = keys.newest("number")
        self._box = AESGCM(keys.key("number", self._version))
        self._index_key = keys.key("number-index", keys.newest("number-index"))

    def seal(self, row: NumberRow) -> tuple[int, int, str, bytes, bytes, int, datetime | None]:
        """The values of one row of `number`: id, person, kind, ciphertext, blind index, key version, release."""
        nonce = self._token(_NONCE)
        bound = f"{row.kind}:{row.person_id}".encode("ascii")
        sealed = self._box.encrypt(nonce, row.number.encode("ascii"), bound)
        index = hmac.digest(self._index_key, f"{row.kind}:{row.number}".encode("ascii"), sha256)
        return row.number_id, row.person_id, row.kind, nonce + sealed, index, self._version, row.released_at
