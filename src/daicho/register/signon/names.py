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
