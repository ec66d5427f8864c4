"""Which changes have been taken back, for whom and when: for lists of changes (STD 4.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.wire.environment import Connection, Row


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A change that counts no more, for all of its people or only for some, and since when."""

    whole: bool
    at: datetime


def cancelled(connection: Connection, change_ids: Sequence[int]) -> Mapping[int, Cancelled]:
    """Of these changes those that are taken back; a cancellation that is itself taken back takes nothing back.

    A pair is taken back whole: whoever takes the entering half back takes the removing one along.
    """
    rows = connection.execute(
        "WITH RECURSIVE chain AS ("
        " SELECT c.change_id, c.cancels, c.recorded_at, c.paired_with FROM register.change c"
        "  WHERE c.change_id = ANY (%(ids)s::bigint[])"
        " UNION SELECT c.change_id, c.cancels, c.recorded_at, c.paired_with FROM register.change c"
        "  JOIN chain ON c.cancels IN (chain.change_id, chain.paired_with)"
        ") SELECT chain.*, (SELECT array_agg(p.person_id) FROM register.change_person p"
        "  WHERE p.change_id = chain.change_id) AS people FROM chain ORDER BY chain.recorded_at",
        {"ids": list(change_ids)},
    ).fetchall()
    by_id = {row["change_id"]: row for row in rows}
    found: dict[int, Cancelled] = {}
    for change_id in change_ids:
        row = by_id[change_id]
        halves = (change_id, row["paired_with"])
        back = {person: at for person in row["people"] for at in _taken_back(rows, halves, person)}
        if back:
            found[change_id] = Cancelled(len(back) == len(row["people"]), max(back.values()))
    return found


def _taken_back(rows: Sequence[Row], change_ids: Sequence[int | None], person_id: int) -> list[datetime]:
    """When a change was taken back for a person by a cancellation that counts; [] when it counts."""
    return [
        row["recorded_at"]
        for row in rows
        if row["cancels"] is not None
        and row["cancels"] in change_ids
        and person_id in row["people"]
        and not _taken_back(rows, (row["change_id"],), person_id)
    ]
