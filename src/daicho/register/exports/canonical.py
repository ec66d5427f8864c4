"""Everything in the register as lines of JSON in one order, decrypted, without keys and generated ids.

Two registers with equal content give equal bytes, whatever ids and nonces they hold. For synthetic tenants only. One
line for the tenant, one for each household by number, one for each person by addressee number with numbers, changes and
states. Changes are named by the instant and reason; trail, outbox and cases are no content of the register.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, TextIO

from psycopg import sql
from psycopg.types.range import Range

from daicho.law.errors import DaichoError
from daicho.register.store import tenant
from daicho.register.store.numbers import unseal
from daicho.register.store.rows import CONTENT_COLUMNS
from daicho.trail.act import Act
from daicho.trail.entry import record_command
from daicho.wire.environment import Connection, Environment, Row

_CHUNK = 2_000
_IDS = ("household_id", "resident_code_id", "individual_number_id")
_CONTENT = tuple(name for name in CONTENT_COLUMNS if name not in _IDS)


class NotSynthetic(DaichoError):
    """Only a register of synthetic people is ever written out in clear for comparison."""

    code = "X001"
    status = 403
    happened = "この台帳は合成データではないため、書き出せません。"
    todo = "比較用の書き出しは、合成データの台帳だけで使えます。"


def write(connection: Connection, environment: Environment, file: TextIO | None) -> str:
    """Write all lines to `file` (None: nowhere); returns their SHA-256. Raises NotSynthetic.

    What leaves the register is one act in the trail; a digest alone tells nothing and leaves none.
    """
    digest = sha256()
    written = 0
    for line in lines(connection, environment):
        digest.update(line.encode())
        if file is not None:
            file.write(line)
            written += 1
    if file is not None:
        record_command(connection, environment, Act.REGISTER_EXPORTED, {"form": "canonical", "lines": written})
    return digest.hexdigest()


def lines(connection: Connection, environment: Environment) -> Iterator[str]:
    """The lines, each with its line feed. Raises NotSynthetic."""
    found = tenant.read(connection)
    if found is None or not found.synthetic:
        raise NotSynthetic()
    yield _line({"tenant": found.municipality_code, "name": found.name})
    households = connection.execute(
        'select household_number, last_recorded_at from register.household order by household_number collate "C"'
    )
    for row in households:
        yield _line({"household": row["household_number"], "last_recorded_at": row["last_recorded_at"]})
    for persons in _chunks(connection):
        yield from _persons(connection, environment, persons)


def _chunks(connection: Connection) -> Iterator[list[Row]]:
    with connection.cursor(name="canonical") as cursor:
        cursor.execute('select * from register.person order by addressee_number collate "C"')
        while rows := cursor.fetchmany(_CHUNK):
            yield rows


def _persons(connection: Connection, environment: Environment, persons: Sequence[Row]) -> Iterator[str]:
    ids = [row["person_id"] for row in persons]
    numbers = _numbers(connection, environment, ids)
    clear = {one["number_id"]: one["number"] for found in numbers.values() for one in found}
    changes = _changes(connection, ids)
    ended = _ends(connection, ids)
    states = _states(connection, ids, clear)
    for row in persons:
        person_id = row["person_id"]
        yield _line(
            {
                "person": row["addressee_number"],
                "last_history_no": row["last_history_no"],
                "last_recorded_at": row["last_recorded_at"],
                "numbers": sorted([one["kind"], one["number"], one["released_at"]] for one in numbers[person_id]),
                "changes": changes[person_id],
                "states": states[person_id],
                "ends": ended[person_id],
            }
        )


def _numbers(connection: Connection, environment: Environment, ids: list[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in connection.execute("select * from register.number where person_id = any (%s::bigint[])", (ids,)):
        row["number"] = unseal(
            environment.keys, row["kind"], row["person_id"], bytes(row["ciphertext"]), row["key_version"]
        )
        found[row["person_id"]].append(row)
    return found


def _changes(connection: Connection, ids: list[int]) -> dict[int, list[Row]]:
    """Per person the changes by history number, each with kind and role."""
    found: dict[int, list[Row]] = defaultdict(list)
    rows = connection.execute(
        "select p.person_id, p.kind, p.role, p.history_no, c.reason, c.basis, c.change_date, c.change_date_precision,"
        " c.change_date_text, c.notified_on, c.recorded_at, c.entrant, c.reviewer, c.decider, c.terminal, c.office,"
        " c.taken_over, c.ground, x.recorded_at as cancels, y.recorded_at as corrects, z.reason as paired_with,"
        " (select json_agg(json_build_array(n.item, n.text) order by n.item) from register.change_note n"
        "  where n.change_id = c.change_id and n.person_id = p.person_id) as notes"
        " from register.change_person p join register.change c using (change_id)"
        " left join register.change x on x.change_id = c.cancels"
        " left join register.change y on y.change_id = c.corrects"
        " left join register.change z on z.change_id = c.paired_with"
        " where p.person_id = any (%s::bigint[]) order by p.history_no, c.recorded_at, c.reason",
        (ids,),
    )
    for row in rows:
        found[row.pop("person_id")].append(row)
    return found


def _states(connection: Connection, ids: list[int], clear: dict[int, str]) -> dict[int, list[Row]]:
    """Per person the states by known and valid time."""
    found: dict[int, list[Row]] = defaultdict(list)
    content = sql.SQL(", ").join(sql.Identifier("s", name) for name in (*_CONTENT, *_IDS[1:]))
    rows = connection.execute(
        sql.SQL(
            "select s.person_id, s.history_no, s.valid, s.known, h.household_number, m.recorded_at as made_at,"
            " m.reason as made_by, w.recorded_at as written_at, w.reason as written_by, {}"
            " from register.resident_state s join register.household h using (household_id)"
            " join register.change m on m.change_id = s.made_by join register.change w on w.change_id = s.written_by"
            " where s.person_id = any (%s::bigint[]) order by lower(s.known), lower(s.valid)"
        ).format(content),
        (ids,),
    )
    for row in rows:
        for name in _IDS[1:]:
            number_id = row.pop(name)
            row[name.removesuffix("_id")] = clear[number_id] if number_id is not None else None
        found[row.pop("person_id")].append(row)
    return found


def _ends(connection: Connection, ids: list[int]) -> dict[int, list[Row]]:
    """Per person the ends of records that another record followed, by record number and known time."""
    found: dict[int, list[Row]] = defaultdict(list)
    rows = connection.execute(
        "select e.person_id, e.record_no, e.known, e.removed_on, e.removed_on_precision, e.removed_on_text,"
        " e.removed_notified_on, e.removed_reason, e.removed_basis, c.reason as made_by, c.recorded_at as made_at"
        " from register.record_end e join register.change c on c.change_id = e.made_by"
        " where e.person_id = any (%s::bigint[]) order by e.record_no, lower(e.known)",
        (ids,),
    )
    for row in rows:
        found[row.pop("person_id")].append(row)
    return found


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, default=_plain) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Range):
        return [value.lower, value.upper]
    raise TypeError(type(value).__name__)
