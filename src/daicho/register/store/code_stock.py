"""Free resident codes (STD 4.3.1): received in bundles, kept encrypted, drawn at random, each given to one person.

A draw takes one free row under its lock and skips those that others are drawing, so that two clerks never get one code
and neither waits for the other. Which row it is follows from a random point on the keyed index, which says nothing about
the codes themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.law.errors import DaichoError
from daicho.law.numbers import NumberRule, check_resident_code
from daicho.register.store import tenant
from daicho.register.store.numbers import blind_index
from daicho.wire.environment import Connection, Environment

_NONCE = 12
_INDEX = 32
_FREE: LiteralString = (
    "SELECT stock_id, ciphertext, key_version FROM register.resident_code_stock"
    " WHERE taken_at IS NULL AND blind_index >= %s ORDER BY blind_index LIMIT 1 FOR UPDATE SKIP LOCKED"
)


class StockEmpty(DaichoError):
    """There is no free resident code left."""

    code = "K230"
    status = 409
    happened = "新しく付ける住民票コードの在庫がありません。"
    kept = "入力した内容は残っています。登録はしていません。"
    todo = "住民票コードの在庫を補充してから、もう一度登録してください。"


@dataclass(frozen=True, slots=True)
class Stock:
    """How many codes are free, and below how many a warning is shown."""

    free: int
    warn_below: int

    @property
    def is_low(self) -> bool:
        """Whether the stock must be filled up (STD 4.3.1)."""
        return self.free < self.warn_below


def _bound_to(stock_id: int) -> bytes:
    return f"stock:{stock_id}".encode("ascii")


def add(connection: Connection, env: Environment, codes: Iterable[str]) -> int:
    """Put codes into the stock; returns how many were new. Raises L101-L103 for a code that is none.

    A code that was in the stock before, or that somebody holds or held, is passed over.
    """
    found = tenant.read(connection)
    rule = found.number_rule if found else NumberRule.SYNTHETIC
    given = sorted({check_resident_code(code, rule) for code in codes})
    version = env.keys.newest("number")
    box = AESGCM(env.keys.key("number", version))
    added = 0
    for stock_id, code in zip(env.ids.take(connection, len(given)), given, strict=True):
        nonce = env.random.token(_NONCE)
        index = blind_index(env.keys, "resident_code", code)
        added += connection.execute(
            "INSERT INTO register.resident_code_stock (stock_id, ciphertext, blind_index, key_version, received_at)"
            " SELECT %s, %s, %s, %s, %s WHERE NOT EXISTS ("
            "  SELECT FROM register.number WHERE kind = 'resident_code' AND blind_index = %s)"
            " ON CONFLICT DO NOTHING",
            (
                stock_id,
                nonce + box.encrypt(nonce, code.encode("ascii"), _bound_to(stock_id)),
                index,
                version,
                env.clock.now(),
                index,
            ),
        ).rowcount
    return added


def draw(connection: Connection, env: Environment, person_id: int, at: datetime) -> str | None:
    """A free code for this person, taken for good when the transaction commits; None when the stock is empty.

    The person must exist already. A code that somebody holds or held by now is used up and passed over.
    """
    while True:
        code = _take(connection, env, person_id, at)
        if code is None or not _is_known(connection, env, code):
            return code


def _is_known(connection: Connection, env: Environment, code: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM register.number WHERE kind = 'resident_code' AND blind_index = %s LIMIT 1",
        (blind_index(env.keys, "resident_code", code),),
    ).fetchone()
    return row is not None


def _take(connection: Connection, env: Environment, person_id: int, at: datetime) -> str | None:
    """One free row under its lock, marked as taken; in clear only for the moment in which it is given."""
    for point in (env.random.token(_INDEX), bytes(_INDEX)):
        row = connection.execute(_FREE, (point,)).fetchone()
        if row is not None:
            connection.execute(
                "UPDATE register.resident_code_stock SET taken_at = %s, taken_by = %s WHERE stock_id = %s",
                (at, person_id, row["stock_id"]),
            )
            return opened(env, row["stock_id"], bytes(row["ciphertext"]), row["key_version"]).decode("ascii")
    return None


def sealed_again(env: Environment, stock_id: int, ciphertext: bytes, key_version: int, version: int) -> bytes:
    """A free code under another version of the key."""
    code = opened(env, stock_id, ciphertext, key_version)
    nonce = env.random.token(_NONCE)
    return nonce + AESGCM(env.keys.key("number", version)).encrypt(nonce, code, _bound_to(stock_id))


def opened(env: Environment, stock_id: int, ciphertext: bytes, key_version: int) -> bytes:
    """A free code in clear."""
    box = AESGCM(env.keys.key("number", key_version))
    return box.decrypt(ciphertext[:_NONCE], ciphertext[_NONCE:], _bound_to(stock_id))


def level(connection: Connection) -> Stock:
    """How the stock stands."""
    row = connection.execute(
        "SELECT warn_below, (SELECT count(*) FROM register.resident_code_stock WHERE taken_at IS NULL) AS free"
        " FROM register.resident_code_level"
    ).fetchone()
    return Stock(row["free"], row["warn_below"]) if row else Stock(0, 0)


def set_level(connection: Connection, warn_below: int) -> None:
    """Set below how many free codes a warning is shown."""
    connection.execute("UPDATE register.resident_code_level SET warn_below = %s", (warn_below,))
