"""Names of officers, for screens that say who entered, reviewed or holds something."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from daicho.signon.places import place_on
from daicho.wire.environment import Connection


def officer_names(connection: Connection, officers: Iterable[str | None]) -> dict[str, str]:
    """Officer id to name, for those who are known."""
    rows = connection.execute(
        "SELECT officer_id, name FROM signon.officer WHERE officer_id = ANY (%s)",
        (sorted({officer for officer in officers if officer}),),
    )
    return {row["officer_id"]: row["name"] for row in rows}


class Departments:
    """The departments of officers by day: what somebody did is shown with the department of that day."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """From rows of `signon.officer`."""
        self._rows = {row["officer_id"]: row for row in rows}

    def on(self, officer: str, day: date) -> str:
        """The department on a day; empty for who is not known."""
        row = self._rows.get(officer)
        return place_on(row["department"], row["office"], row["postings"], day).department if row else ""


def officer_places(connection: Connection, officers: Iterable[str]) -> Departments:
    """The departments of these officers."""
    return Departments(
        connection.execute(
            "SELECT officer_id, department, office, postings FROM signon.officer WHERE officer_id = ANY (%s)",
            (sorted(set(officers)),),
        ).fetchall()
    )


def officer_families(connection: Connection) -> dict[str, str]:
    """Officer id to family name, of all whose name has two parts."""
    rows = connection.execute("SELECT officer_id, name FROM signon.officer")
    return {row["officer_id"]: row["name"].split()[0] for row in rows if len(row["name"].split()) > 1}


def officers_with_role(connection: Connection, role: str, office: str, on: date) -> list[str]:
    """Names of the officers who hold a role on a day: those of the office, or all when it has none."""
    rows = connection.execute(
        "SELECT o.name, coalesce((SELECT p ->> 'office' FROM jsonb_array_elements(o.postings) p"
        " WHERE (p ->> 'since')::date <= %(on)s ORDER BY p ->> 'since' DESC LIMIT 1), o.office) AS office"
        " FROM signon.officer o JOIN signon.officer_role r ON r.officer_id = o.officer_id"
        " WHERE r.role = %(role)s AND o.active AND r.since <= %(on)s AND (r.until IS NULL OR r.until >= %(on)s)"
        " ORDER BY o.officer_id",
        {"role": role, "on": on},
    ).fetchall()
    return [row["name"] for row in rows if row["office"] == office] or [row["name"] for row in rows]
