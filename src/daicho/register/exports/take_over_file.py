"""The 93 items as CSV, in the form that `import` takes back (docs/import-format.md); numbers in clear."""

import csv
from collections.abc import Iterator
from typing import TextIO

from psycopg import sql

from daicho.law.errors import DaichoError
from daicho.register.store import tenant
from daicho.register.store.numbers import NumberKind, unseal
from daicho.register.takeover.items import INDIVIDUAL_NUMBER, NAMES, RESIDENT_CODE
from daicho.trail.act import Act
from daicho.trail.entry import record_command
from daicho.wire.environment import Connection, Environment, Row

_CHUNK = 2_000
_NUMBERS: tuple[tuple[int, NumberKind], ...] = (
    (RESIDENT_CODE, "resident_code"),
    (INDIVIDUAL_NUMBER, "individual_number"),
)


class NeedsApproval(DaichoError):
    """The register of a city leaves by request and approval, never by the console alone (R-USE-15, R-USE-19)."""

    code = "X002"
    status = 403
    happened = "本番の台帳の移行ファイルは、コマンドだけでは書き出せません。"
    todo = "画面の「承認」で申請し、承認の後に画面から受け取ってください。"


def write(connection: Connection, environment: Environment, file: TextIO) -> int:
    """Write header and rows, households together, heads first; returns the number of rows. One act in the trail.

    For the console, so of synthetic people only: raises NeedsApproval for the register of a city.
    Hidden persons (支援措置, STD 3.4; ux.md 3.5) are left out: a file is carried about. `left_out` counts them.
    """
    found = tenant.read(connection)
    if found is not None and not found.synthetic:
        raise NeedsApproval
    writer = csv.writer(file, lineterminator="\n")
    written = -1  # the headings are no person
    for line in lines(connection, environment):
        writer.writerow(line)
        written += 1
    note(connection, environment, written)
    return written


def lines(connection: Connection, environment: Environment) -> Iterator[list[object]]:
    """The headings and a line per person, in one snapshot, a few at a time."""
    yield list(NAMES)
    for rows in _chunks(connection, environment):
        numbers = _open_numbers(connection, environment, rows)
        for row in rows:
            cells = [row[name] for name in NAMES]
            for place, _ in _NUMBERS:
                cells[place] = numbers.get(cells[place])
            yield cells


def note(connection: Connection, environment: Environment, written: int) -> int:
    """Write the act into the trail; returns how many persons were left out."""
    missing = left_out(connection, environment)
    detail: dict[str, str | int | bool] = {"form": "take-over file", "persons": written, "left_out": missing}
    record_command(connection, environment, Act.REGISTER_EXPORTED, detail)
    return missing


def count(connection: Connection, environment: Environment) -> int:
    """How many persons the file will hold."""
    row = connection.execute(
        "SELECT count(*) AS n FROM register.resident_current c WHERE c.person_id NOT IN"
        " (SELECT register.all_shielded(%s::date, %s::timestamptz))",
        (environment.clock.today(), environment.clock.now()),
    ).fetchone()
    return int(row["n"]) if row else 0


def left_out(connection: Connection, environment: Environment) -> int:
    """How many persons the file does not hold because their place must not show."""
    row = connection.execute(
        "SELECT count(*) AS n FROM register.all_shielded(%s::date, %s::timestamptz)",
        (environment.clock.today(), environment.clock.now()),
    ).fetchone()
    return int(row["n"]) if row else 0


def _chunks(connection: Connection, environment: Environment) -> Iterator[list[Row]]:
    """The rows of the view in the order of households and ranks."""
    with connection.cursor(name="take_over_file") as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(
            sql.SQL(
                "select f.* from register.register_file f join register.resident_current c using (person_id)"
                " where c.person_id not in (select register.all_shielded(%s::date, %s::timestamptz))"
                ' order by f."世帯番号" collate "C", c.household_order, c.addressee_number collate "C"'
            ),
            (environment.clock.today(), environment.clock.now()),
        )
        while rows := cursor.fetchmany(_CHUNK):
            yield rows


def _open_numbers(connection: Connection, environment: Environment, rows: list[Row]) -> dict[int, str]:
    """The numbers of some rows in clear, by id."""
    ids = [row[NAMES[place]] for row in rows for place, _ in _NUMBERS if row[NAMES[place]] is not None]
    found = connection.execute(
        "select number_id, person_id, kind, ciphertext, key_version from register.number"
        " where number_id = any (%s::bigint[])",
        (ids,),
    )
    return {
        row["number_id"]: unseal(
            environment.keys, row["kind"], row["person_id"], bytes(row["ciphertext"]), row["key_version"]
        )
        for row in found
    }
