"""After a new version of the key `number`: every number under it, in small steps beside the work at the counter.

The old version goes on opening what is still under it, so that nobody waits and a stop anywhere leaves all readable. A row that
somebody is changing is passed over; the last count finds it and the work begins again from there.
"""

from dataclasses import dataclass
from typing import LiteralString

from daicho.register.store import code_stock
from daicho.register.store.numbers import encrypt, unseal
from daicho.wire.environment import Connection, Environment

KEY = "number"
STEP = 500

_NUMBERS: LiteralString = (
    "SELECT number_id AS id, kind, person_id, ciphertext, key_version FROM register.number"
    " WHERE number_id > %s AND key_version < %s ORDER BY number_id LIMIT %s FOR UPDATE SKIP LOCKED"
)
_STOCK: LiteralString = (
    "SELECT stock_id AS id, ciphertext, key_version FROM register.resident_code_stock"
    " WHERE stock_id > %s AND key_version < %s ORDER BY stock_id LIMIT %s FOR UPDATE SKIP LOCKED"
)
_WRITE_NUMBERS: LiteralString = (
    "UPDATE register.number n SET ciphertext = w.ciphertext, key_version = %s"
    " FROM unnest(%s::bigint[], %s::bytea[]) AS w (id, ciphertext) WHERE n.number_id = w.id"
)
_WRITE_STOCK: LiteralString = (
    "UPDATE register.resident_code_stock s SET ciphertext = w.ciphertext, key_version = %s"
    " FROM unnest(%s::bigint[], %s::bytea[]) AS w (id, ciphertext) WHERE s.stock_id = w.id"
)


@dataclass(frozen=True, slots=True)
class Place:
    """How far the work is: through the free codes first, then through the numbers, by id."""

    in_stock: bool = True
    after: int = 0


def step(connection: Connection, env: Environment, place: Place, most: int | None = None) -> tuple[int, Place | None]:
    """Put some rows under the newest version; how many, and where to go on. None: nothing is left."""
    version = env.keys.newest(KEY)
    done, last = (_stock if place.in_stock else _numbers)(connection, env, version, place.after, most or STEP)
    if done:
        return done, Place(place.in_stock, last)
    if place.in_stock:
        return 0, Place(in_stock=False)
    return 0, Place() if left(connection, version) else None


def left(connection: Connection, version: int) -> int:
    """How many numbers and codes are under a version older than this one."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM register.number WHERE key_version < %(v)s)"
        " + (SELECT count(*) FROM register.resident_code_stock WHERE key_version < %(v)s) AS n",
        {"v": version},
    ).fetchone()
    return int(row["n"]) if row else 0


def uses(connection: Connection, version: int) -> dict[str, int]:
    """What is still under one version, by kind: a version is retired when nothing is."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM register.number WHERE key_version = %(v)s) AS numbers,"
        " (SELECT count(*) FROM register.resident_code_stock WHERE key_version = %(v)s) AS codes,"
        " (SELECT count(*) FROM register.case_file"
        "   WHERE typed::text LIKE %(text)s OR notification::text LIKE %(text)s) AS cases,"
        " (SELECT count(*) FROM register.protection_event WHERE details LIKE %(text)s) AS protection,"
        " (SELECT count(*) FROM register.search_history WHERE sealed LIKE %(own)s) AS searches",
        {"v": version, "text": f"%sealed:{version}:%", "own": f"{version}:%"},
    ).fetchone()
    return {kind: count for kind, count in (row or {}).items() if count}


def _numbers(connection: Connection, env: Environment, version: int, after: int, most: int) -> tuple[int, int]:
    rows = connection.execute(_NUMBERS, (after, version, most)).fetchall()
    again = [
        encrypt(
            env,
            row["kind"],
            row["person_id"],
            unseal(env.keys, row["kind"], row["person_id"], bytes(row["ciphertext"]), row["key_version"]),
            version,
        )
        for row in rows
    ]
    ids = [row["id"] for row in rows]
    connection.execute(_WRITE_NUMBERS, (version, ids, again))
    return len(ids), max(ids, default=after)


def _stock(connection: Connection, env: Environment, version: int, after: int, most: int) -> tuple[int, int]:
    rows = connection.execute(_STOCK, (after, version, most)).fetchall()
    again = [
        code_stock.sealed_again(env, row["id"], bytes(row["ciphertext"]), row["key_version"], version) for row in rows
    ]
    ids = [row["id"] for row in rows]
    connection.execute(_WRITE_STOCK, (version, ids, again))
    return len(ids), max(ids, default=after)
