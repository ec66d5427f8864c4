"""The persons of the identity file, each under a number of the connector's own: what the network hears is not the register's id."""

from daicho.wire.environment import Connection, Environment, Row


def subject_of(connection: Connection, env: Environment, register_person: int) -> Row:
    """The person that the register's messages name so, made when new, locked until the transaction ends."""
    row = _locked(connection, register_person)
    if row is None:
        [subject_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO connector.subject (subject_id, register_person) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (subject_id, register_person),
        )
        row = _locked(connection, register_person)
    if row is None:
        raise LookupError("a person just made is not there")
    return row


def _locked(connection: Connection, register_person: int) -> Row | None:
    return connection.execute(
        "SELECT * FROM connector.subject WHERE register_person = %s FOR UPDATE", (register_person,)
    ).fetchone()
