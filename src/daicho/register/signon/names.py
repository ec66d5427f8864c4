"""Names of officers, for screens that say who entered, reviewed or holds something."""

from collections.abc import Iterable

from daicho.wire.environment import Connection


def officer_names(connection: Connection, officers: Iterable[str | None]) -> dict[str, str]:
    """Officer id to name, for those who are known."""
    rows = connection.execute(
        "SELECT officer_id, name FROM signon.officer WHERE officer_id = ANY (%s)",
        (sorted({officer for officer in officers if officer}),),
    )
    return {row["officer_id"]: row["name"] for row in rows}


def officer_places(connection: Connection, officers: Iterable[str]) -> dict[str, str]:
    """Officer id to department, for those who are known."""
    rows = connection.execute(
        "SELECT officer_id, department FROM signon.officer WHERE officer_id = ANY (%s)", (sorted(set(officers)),)
    )
    return {row["officer_id"]: row["department"] for row in rows}


def officer_families(connection: Connection) -> dict[str, str]:
    """Officer id to family name, of all whose name has two parts."""
    rows = connection.execute("SELECT officer_id, name FROM signon.officer")
    return {row["officer_id"]: row["name"].split()[0] for row in rows if len(row["name"].split()) > 1}
