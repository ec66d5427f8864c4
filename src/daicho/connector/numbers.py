"""Resident codes and individual numbers in the identity file: encrypted under the connector's own keys, one holder each."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg.errors import UniqueViolation

from daicho.connector.errors import NumberOnAnother
from daicho.wire.environment import Connection, Environment, Row

Kind = Literal["individual_number", "resident_code"]
_NONCE = 12


def blind_index(env: Environment, kind: Kind, number: str) -> bytes:
    """The keyed index under which a number is found."""
    name = "connector-index"
    return hmac.digest(env.keys.key(name, env.keys.newest(name)), f"{kind}:{number}".encode("ascii"), sha256)


def hold(
    connection: Connection, env: Environment, subject_id: int, numbers: Mapping[Kind, str], at: datetime
) -> dict[Kind, int]:
    """The ids of the numbers that this person holds from now on; others of these kinds are let go.

    Raises NumberOnAnother when somebody else holds one. The subject must be locked.
    """
    rows = connection.execute(
        "SELECT number_id, kind, blind_index, released_at FROM connector.number WHERE subject_id = %s", (subject_id,)
    ).fetchall()
    known = {(row["kind"], bytes(row["blind_index"])): row for row in rows}
    wanted = {(kind, blind_index(env, kind, number)): number for kind, number in numbers.items()}
    for key, row in known.items():
        if row["released_at"] is None and key not in wanted:
            _release(connection, row["number_id"], at)
    try:
        return {
            kind: _take_up(connection, known[kind, index]["number_id"])
            if (kind, index) in known
            else _add(connection, env, subject_id, kind, index, number)
            for (kind, index), number in wanted.items()
        }
    except UniqueViolation:
        raise NumberOnAnother from None


def former(connection: Connection, env: Environment, subject_id: int, code: str) -> int | None:
    """The id of a resident code that this person held before; None when the connector never had it."""
    row = connection.execute(
        "SELECT number_id FROM connector.number WHERE subject_id = %s AND kind = 'resident_code' AND blind_index = %s",
        (subject_id, blind_index(env, "resident_code", code)),
    ).fetchone()
    return row["number_id"] if row else None


def unseal(env: Environment, kind: Kind, subject_id: int, ciphertext: bytes, key_version: int) -> str:
    """A number in clear. Raises cryptography's InvalidTag when the row was moved to another person."""
    box = AESGCM(env.keys.key("connector-number", key_version))
    return box.decrypt(ciphertext[:_NONCE], ciphertext[_NONCE:], _bound_to(kind, subject_id)).decode("ascii")


def of_row(connection: Connection, env: Environment, row: Row) -> dict[str, str]:
    """The numbers of a row of the identity file in clear, for a message alone."""
    rows = connection.execute(
        "SELECT kind, ciphertext, key_version FROM connector.number WHERE number_id = ANY (%s::bigint[])",
        ([row["resident_code_id"], row["individual_number_id"]],),
    )
    return {
        one["kind"]: unseal(env, one["kind"], row["subject_id"], bytes(one["ciphertext"]), one["key_version"])
        for one in rows
    }


def _release(connection: Connection, number_id: int, at: datetime) -> None:
    connection.execute("UPDATE connector.number SET released_at = %s WHERE number_id = %s", (at, number_id))


def _take_up(connection: Connection, number_id: int) -> int:
    connection.execute(
        "UPDATE connector.number SET released_at = NULL WHERE number_id = %s AND released_at IS NOT NULL", (number_id,)
    )
    return number_id


def _add(connection: Connection, env: Environment, subject_id: int, kind: Kind, index: bytes, number: str) -> int:
    [number_id] = env.ids.take(connection, 1)
    version = env.keys.newest("connector-number")
    nonce = env.random.token(_NONCE)
    sealed = AESGCM(env.keys.key("connector-number", version)).encrypt(
        nonce, number.encode("ascii"), _bound_to(kind, subject_id)
    )
    connection.execute(
        "INSERT INTO connector.number (number_id, subject_id, kind, ciphertext, blind_index, key_version)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (number_id, subject_id, kind, nonce + sealed, index, version),
    )
    return number_id


def _bound_to(kind: Kind, subject_id: int) -> bytes:
    return f"{kind}:{subject_id}".encode("ascii")
