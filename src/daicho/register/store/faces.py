"""Who somebody is, without where: for lists about protected people. The caller decides about rights and writes the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daicho.wire.environment import Connection, Environment, Row


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
    other_names: tuple[tuple[str, str, str], ...] = ()
    """旧氏, 通称 and 併記名 recorded now: word, name, reading."""


def faces(connection: Connection, env: Environment, person_ids: Sequence[int]) -> dict[int, Face]:
    """Per person who it is."""
    rows = connection.execute(
        "SELECT c.person_id, c.addressee_number, c.name, c.name_kana, c.birth, c.sex, c.is_foreign,"
        " c.status = 'resident' AND (c.removed_from IS NULL OR c.removed_from > %s::date) AS resident,"
        " s.former_family_name, s.former_family_name_kana, s.common_name, s.common_name_kana, s.parallel_name,"
        " s.parallel_name_kana FROM register.resident_current c JOIN register.resident_state s USING (state_id)"
        " WHERE c.person_id = ANY (%s::bigint[])",
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
            _other_names(row),
        )
        for row in rows
    }


def _other_names(row: Row) -> tuple[tuple[str, str, str], ...]:
    kinds = (("旧氏", "former_family_name"), ("通称", "common_name"), ("併記名", "parallel_name"))
    return tuple((word, row[name], row[f"{name}_kana"] or "") for word, name in kinds if row[name])
