"""How far everybody has been told to a receiver, block by block (`register.stating`); what both statements share."""

from datetime import datetime

from daicho.wire.environment import Connection, Environment, Row


def progress_of(connection: Connection, link: str) -> Row | None:
    """The row of a link, made when new and locked; None while another process is at work on it."""
    _make(connection, link)
    return connection.execute(
        "SELECT * FROM register.stating WHERE link = %s FOR UPDATE SKIP LOCKED", (link,)
    ).fetchone()


def waiting_on(connection: Connection, link: str) -> int:
    """How many blocks are on their way."""
    row = connection.execute(
        "SELECT count(*) AS waiting FROM wire.delivery WHERE link = %s AND person_id = 0", (link,)
    ).fetchone()
    return int(row["waiting"]) if row else 0


def went_on(connection: Connection, link: str, number: int, reached: int, finished_at: datetime | None) -> None:
    """Write down the last number used, the last person told, and when everybody had been."""
    connection.execute(
        "UPDATE register.stating SET last_sequence_no = %s, reached_person = %s, finished_at = %s WHERE link = %s",
        (number, reached, finished_at, link),
    )


def begin_again(env: Environment, link: str) -> None:
    """Everybody is told once more."""
    with env.database.transaction() as connection:
        _make(connection, link)
        connection.execute(
            "UPDATE register.stating SET reached_person = 0, finished_at = NULL WHERE link = %s", (link,)
        )


def _make(connection: Connection, link: str) -> None:
    connection.execute(
        "INSERT INTO register.stating (link, last_sequence_no, reached_person) VALUES (%s, 0, 0) ON CONFLICT DO NOTHING",
        (link,),
    )
