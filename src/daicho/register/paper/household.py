"""Reading the household for a paper: its residents on a day, as known now, or exactly the states of an earlier issue.

Not a way to look at people: only the issue flow reads here, after deciding about rights and with its own trail.
"""

from collections.abc import Sequence
from datetime import date

from daicho.register.paper.authority import Item
from daicho.register.paper.compose import Subject
from daicho.register.store.numbers import NumberKind, unseal
from daicho.register.store.rows import record_of
from daicho.wire.environment import Connection, Environment, Row

Fingerprint = list[list[int]]
"""[[person, state], ...] of a whole household, sorted: equal when nothing has changed."""


def lock(connection: Connection, household_id: int, person_ids: Sequence[int]) -> None:
    """Hold the household and its persons against changes until the transaction ends, in the order of the one door."""
    connection.execute(
        "SELECT household_id FROM register.household WHERE household_id = %s::bigint FOR SHARE", (household_id,)
    )
    connection.execute(
        "SELECT person_id FROM register.person WHERE person_id = ANY (%s::bigint[]) ORDER BY person_id FOR SHARE",
        (sorted(person_ids),),
    )


def residents(
    connection: Connection, env: Environment, household_id: int, on: date, items: frozenset[Item]
) -> list[Subject]:
    """All residents of a household on a day, with the numbers that were asked for. Empty for an unknown household."""
    rows = connection.execute(
        "SELECT * FROM register.resident_state WHERE household_id = %s::bigint AND upper_inf(known)"
        " AND valid @> %s::date AND status = 'resident' ORDER BY household_order, person_id",
        (household_id, on),
    ).fetchall()
    return _subjects(connection, env, rows, items)


def of_states(
    connection: Connection, env: Environment, state_ids: Sequence[int], items: frozenset[Item]
) -> list[Subject]:
    """The same persons as these states recorded them, whatever was registered since."""
    rows = connection.execute(
        "SELECT * FROM register.resident_state WHERE state_id = ANY (%s::bigint[]) ORDER BY household_order, person_id",
        (list(state_ids),),
    ).fetchall()
    return _subjects(connection, env, rows, items)


def fingerprint(subjects: Sequence[Subject]) -> Fingerprint:
    """Persons and states of a household as one comparable value."""
    return sorted([subject.person_id, subject.state_id] for subject in subjects)


def has_pending_change(connection: Connection, person_ids: Sequence[int]) -> bool:
    """Whether one of these persons stands in an open case (仮登録中)."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM register.case_person WHERE open AND person_id = ANY (%s::bigint[])) AS pending",
        (list(person_ids),),
    ).fetchone()
    return row is not None and bool(row["pending"])


def _subjects(connection: Connection, env: Environment, rows: Sequence[Row], items: frozenset[Item]) -> list[Subject]:
    wanted = [
        row[column]
        for row in rows
        for item, column in (
            (Item.INDIVIDUAL_NUMBER, "individual_number_id"),
            (Item.RESIDENT_CODE, "resident_code_id"),
        )
        if item in items and row[column] is not None
    ]
    clear = _numbers(connection, env, wanted)
    return [
        Subject(
            person_id=row["person_id"],
            state_id=row["state_id"],
            record=record_of(row),
            individual_number=clear.get(row["individual_number_id"]),
            resident_code=clear.get(row["resident_code_id"]),
        )
        for row in rows
    ]


def _numbers(connection: Connection, env: Environment, number_ids: Sequence[int]) -> dict[int | None, str]:
    if not number_ids:
        return {}
    clear: dict[int | None, str] = {}
    for row in connection.execute(
        "SELECT number_id, person_id, kind, ciphertext, key_version FROM register.number"
        " WHERE number_id = ANY (%s::bigint[])",
        (list(number_ids),),
    ):
        kind: NumberKind = row["kind"]
        clear[row["number_id"]] = unseal(env.keys, kind, row["person_id"], row["ciphertext"], row["key_version"])
    return clear
