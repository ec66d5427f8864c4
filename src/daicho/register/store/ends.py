"""Ends of resident records whose person goes on with another one (除票, 改製原): rows of `register.record_end`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.range import TimestamptzRange

from daicho.register.changes.plan import Plan, RecordEnd
from daicho.register.changes.timeline import EndRow, StateRow, apply_ends
from daicho.register.store.rows import legal_date, legal_date_values
from daicho.wire.environment import Connection

COLUMNS: tuple[str, ...] = (
    "made_by",
    "written_by",
    "person_id",
    "record_no",
    "known",
    "removed_on",
    "removed_on_precision",
    "removed_on_text",
    "removed_notified_on",
    "removed_reason",
    "removed_basis",
)
"""Columns of `record_end` in the order of `values`."""
_INSERT = (
    f"INSERT INTO register.record_end ({', '.join(COLUMNS)})"  # noqa: S608 - column names are ours
    f" VALUES ({', '.join(['%s'] * len(COLUMNS))})"
).encode()


def values(row: EndRow) -> tuple[Any, ...]:
    """The values of COLUMNS."""
    end = row.end
    return (
        row.made_by,
        row.written_by,
        end.person_id,
        end.record_no,
        TimestamptzRange(row.known_from, row.known_to),
        *legal_date_values(end.removed_on),
        end.removed_notified_on,
        end.removed_reason,
        end.removed_basis,
    )


def write(
    connection: Connection,
    plan: Plan,
    live: Mapping[int, Sequence[StateRow]],
    *,
    made_by: int,
    written_by: int,
    recorded_at: datetime,
) -> None:
    """What the plan does to the ends of records; `live` are the states of its people after it."""
    if not plan.ends and plan.cancels is None:
        return
    known = read(connection, plan.person_ids)
    for person_id in plan.person_ids:
        done = apply_ends(
            known.get(person_id, ()),
            plan,
            live[person_id],
            made_by=made_by,
            written_by=written_by,
            recorded_at=recorded_at,
        )
        for row in done.closed:
            connection.execute(
                "UPDATE register.record_end SET known = tstzrange(lower(known), %s::timestamptz)"
                " WHERE person_id = %s AND record_no = %s AND upper_inf(known)",
                (recorded_at, person_id, row.end.record_no),
            )
        for row in done.written:
            connection.execute(_INSERT, values(row))


def read(connection: Connection, person_ids: Iterable[int]) -> dict[int, Sequence[EndRow]]:
    """Per person every end ever known, in the order in which they became known."""
    found: dict[int, list[EndRow]] = {}
    for row in connection.execute(
        "SELECT * FROM register.record_end WHERE person_id = ANY (%s::bigint[]) ORDER BY lower(known), record_no",
        (list(person_ids),),
    ):
        end = RecordEnd(
            person_id=row["person_id"],
            record_no=row["record_no"],
            removed_on=legal_date(row["removed_on"], row["removed_on_precision"], row["removed_on_text"]),
            removed_notified_on=row["removed_notified_on"],
            removed_reason=row["removed_reason"],
            removed_basis=row["removed_basis"],
        )
        known = row["known"]
        found.setdefault(end.person_id, []).append(
            EndRow(end, row["made_by"], row["written_by"], known.lower, known.upper)
        )
    return dict(found)
