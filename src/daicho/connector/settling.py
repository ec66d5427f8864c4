"""Settling what a comparison has found (S2-06): the prefecture is told anew how these persons stand, as a further update each."""

from daicho.connector.identity_file import current, insert, notify
from daicho.connector.numbers import of_row
from daicho.wire.contracts.identity_update import NoticeItems
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.identity_digest import record_digest, values_of

BLOCK = 100
"""Persons in one transaction."""


def send(env: Environment, run: int) -> int:
    """Send everybody of a run for whom that is proposed and who has not been told since; how many persons."""
    sent = 0
    while True:
        with env.database.transaction() as connection:
            rows = connection.execute(
                "SELECT subject, our_update FROM connector.finding WHERE run = %s AND proposed = 'send'"
                " AND settled_at IS NULL ORDER BY subject LIMIT %s FOR UPDATE",
                (run, BLOCK),
            ).fetchall()
            if not rows:
                return sent
            sent += sum(_send(connection, env, row) for row in rows)
            connection.execute(
                "UPDATE connector.finding SET settled_at = %s WHERE run = %s AND subject = ANY (%s::bigint[])",
                (env.clock.now(), run, [row["subject"] for row in rows]),
            )


def _send(connection: Connection, env: Environment, row: Row) -> bool:
    """Write what stands once more, as the next update, and tell it; False for whoever was told anew since."""
    subject = connection.execute(
        "SELECT * FROM connector.subject WHERE subject_id = %s FOR UPDATE", (row["subject"],)
    ).fetchone()
    stands = current(connection, row["subject"])
    if subject is None or stands is None or stands["update_no"] != row["our_update"]:
        return False
    found = of_row(connection, env, stands)
    again = {name: value for name, value in stands.items() if name not in {"bucket", "superseded_at"}}
    again |= {
        "update_no": stands["update_no"] + 1,
        "day_update_no": stands["day_update_no"] + 1,
        "taken_at": max(env.clock.now(), stands["taken_at"]),
    }
    items = NoticeItems(
        update_barred=False, **{name: again[name] for name in NoticeItems.model_fields if name in again}
    )
    again["digest"] = record_digest(row["subject"], values_of(items, found))
    insert(connection, again)
    notify(connection, env, subject, again, found)
    return True
