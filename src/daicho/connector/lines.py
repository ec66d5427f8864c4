"""Numbers of messages that speak of nobody or of many: they count under person 0 of their link."""

from daicho.wire.environment import Connection


def next_number(connection: Connection, link: str) -> int:
    """The next number on a link; the line is locked until the transaction ends."""
    row = connection.execute(
        "INSERT INTO connector.line (link, last_sequence_no) VALUES (%s, 1)"
        " ON CONFLICT (link) DO UPDATE SET last_sequence_no = line.last_sequence_no + 1 RETURNING last_sequence_no",
        (link,),
    ).fetchone()
    return int(row["last_sequence_no"]) if row else 1
