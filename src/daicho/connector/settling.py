"""Settling what a comparison has found (S2-06): the prefecture is told anew how these persons stand, as a further update each."""

import json

from daicho.connector.identity_file import current, insert, notice_items
from daicho.connector.numbers import of_row
from daicho.connector.stated import notify
from daicho.wire.contracts.identities_notified import MOST_PERSONS, NotifiedIdentity
from daicho.wire.contracts.identity_update import NoticeItems
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.identity_digest import record_digest, values_of


def send(env: Environment, run: int) -> int:
    """Send everybody of a run for whom that is proposed and who has not been told since; how many persons."""
    sent = 0
    while True:
        with env.database.transaction() as connection:
            rows = connection.execute(
                "SELECT subject, our_update FROM connector.finding WHERE run = %s AND proposed = 'send'"
                " AND settled_at IS NULL ORDER BY subject LIMIT %s FOR UPDATE",
                (run, MOST_PERSONS),
            ).fetchall()
            if not rows:
                return sent
            sent += _send(connection, env, rows)
            connection.execute(
                "UPDATE connector.finding SET settled_at = %s WHERE run = %s AND subject = ANY (%s::bigint[])",
                (env.clock.now(), run, [row["subject"] for row in rows]),
            )


def _send(connection: Connection, env: Environment, rows: list[Row]) -> int:
    notices: list[NotifiedIdentity] = []
    told: dict[str, str] = {}
    for row in rows:
        connection.execute("SELECT FROM connector.subject WHERE subject_id = %s FOR UPDATE", (row["subject"],))
        stands = current(connection, row["subject"])
        if stands is None or stands["update_no"] != row["our_update"]:
            continue  # told anew since
        found = of_row(connection, env, stands)
        again = {name: value for name, value in stands.items() if name not in {"bucket", "superseded_at"}}
        again |= {
            "update_no": stands["update_no"] + 1,
            "day_update_no": stands["day_update_no"] + 1,
            "taken_at": max(env.clock.now(), stands["taken_at"]),
        }
        items = NoticeItems(update_barred=False, **{n: again[n] for n in NoticeItems.model_fields if n in again})
        again["digest"] = record_digest(row["subject"], values_of(items, found))
        insert(connection, again)
        notices.append(NotifiedIdentity(subject=row["subject"], **notice_items(connection, again)))
        told[str(row["subject"])] = json.dumps(found)
    if notices:
        notify(connection, env, notices, told)
    return len(notices)
