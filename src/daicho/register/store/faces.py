"""Who somebody is, without where: for lists about protected people. The caller decides about rights and writes the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daicho.wire.environment import Connection, Environment


@dataclass(frozen=True, slots=True)
class Face:
    """Name, birth date, sex and number of a person as known now; `resident`: lives in the city today."""

    addressee_number: str
    name: str
    name_kana: str | None
    birth: date
    sex: str
    is_foreign: bool
    resident: bool


def faces(connection: Connection, env: Environment, person_ids: Sequence[int]) -> dict[int, Face]:
    """Per person who it is."""
    rows = connection.execute(
        "SELECT person_id, addressee_number, name, name_kana, birth, sex, is_foreign,"
        " status = 'resident' AND (removed_from IS NULL OR removed_from > %s::date) AS resident"
        " FROM register.resident_current WHERE person_id = ANY (%s::bigint[])",
        (env.clock.today(), list(person_ids)),
    )
    return {
        row["person_id"]: Face(
            row["addressee_number"],
            row["name"],
            row["name_kana"],
            row["birth"],
            row["sex"],
            row["is_foreign"],
            row["resident"],
        )
        for row in rows
    }
