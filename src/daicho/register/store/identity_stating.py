"""Telling the connector everybody as they stand: once at the beginning, and again when asked (I-STO-01; S2-06).

Block by block, each in a transaction of its own, slowly, so that the counter does not notice. What changes meanwhile is told
by messages of its own, which the connector knows to be newer. Who has left since long ago is told too: the file keeps removed persons.
"""

import json
import threading
from collections.abc import Sequence

from daicho.register.changes.known import StateRow
from daicho.register.store.identity_items import Told, items_of
from daicho.register.store.identity_messages import clear_of
from daicho.register.store.read import live_rows
from daicho.register.store.said import Said
from daicho.register.store.stating_progress import begin_again, progress_of, waiting_on, went_on
from daicho.wire import outbox
from daicho.wire.beside import keep_going
from daicho.wire.contracts import identities_stated
from daicho.wire.contracts.identities_stated import IdentitiesStated, StatedIdentity
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.outbox import LINK_CONNECTOR
from daicho.wire.secret_items import close_items

BLOCK = 100
PAUSE_SECONDS = 1.5
REST_SECONDS = 5.0
MOST_WAITING = 3
"""Blocks on their way at most."""


def step(env: Environment) -> int:
    """Tell the next block; how many persons, 0 when everybody has been told or enough is on its way."""
    with env.database.transaction() as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        row = progress_of(connection, LINK_CONNECTOR)
        if row is None or row["finished_at"] is not None or waiting_on(connection, LINK_CONNECTOR) >= MOST_WAITING:
            return 0
        people = connection.execute(
            "SELECT person_id, connector_no FROM register.person WHERE person_id > %s ORDER BY person_id LIMIT %s",
            (row["reached_person"], BLOCK),
        ).fetchall()
        told = _put(connection, env, people, row["last_sequence_no"] + 1) if people else 0
        reached = people[-1]["person_id"] if people else row["reached_person"]
        number = row["last_sequence_no"] + int(told > 0)
        went_on(connection, LINK_CONNECTOR, number, reached, None if people else env.clock.now())
        return len(people)


def again(env: Environment) -> None:
    """Tell everybody once more: to prove that the file is current, or after the connector was restored."""
    begin_again(env, LINK_CONNECTOR)


def keep_stating(env: Environment, stop: threading.Event) -> None:
    """Step until told to stop; used by the sending process beside its own work."""
    keep_going("stating", lambda: PAUSE_SECONDS if step(env) else REST_SECONDS, stop, after_trouble=REST_SECONDS)


def _put(connection: Connection, env: Environment, people: Sequence[Row], number: int) -> int:
    """One message about these people; how many stand in it."""
    rows = live_rows(connection, [row["person_id"] for row in people])
    last = {person_id: states[-1] for person_id, states in rows.items() if states}
    if not last:
        return 0
    changes, numbers = _changes(connection, last), _numbers(connection, env, last)
    today, now = env.clock.today(), env.clock.now()
    [message_id] = env.ids.take(connection, 1)
    stated = [
        StatedIdentity(
            person=row["person_id"],
            told_no=row["connector_no"],
            **items_of(state.record, changes[state.made_by], planned=state.valid_from > today),
        )
        for row in people
        if (state := last.get(row["person_id"])) is not None
    ]
    content = IdentitiesStated(
        message_id=message_id,
        stated_at=now,
        persons=tuple(stated),
        numbers=close_items(
            env, LINK_CONNECTOR, message_id, {str(one): json.dumps(found) for one, found in numbers.items()}
        ),
    )
    message = outbox.Message(
        message_id, LINK_CONNECTOR, identities_stated.KIND, identities_stated.VERSION, 0, number, content.model_dump_json()
    )  # fmt: skip
    outbox.put(connection, now, [message])
    return len(stated)


def _changes(connection: Connection, last: dict[int, StateRow]) -> dict[int, Told]:
    rows = connection.execute(
        "SELECT change_id, reason, basis, change_date, change_date_text, notified_on, entrant, terminal, recorded_at"
        " FROM register.change WHERE change_id = ANY (%s::bigint[])",
        (list({state.made_by for state in last.values()}),),
    )
    return {
        row["change_id"]: Told(
            row["reason"], row["basis"], row["change_date"], row["change_date_text"], row["notified_on"],
            Said(row["change_id"], row["entrant"], row["terminal"], row["recorded_at"]),
        )
        for row in rows
    }  # fmt: skip


def _numbers(connection: Connection, env: Environment, last: dict[int, StateRow]) -> dict[int, dict[str, str]]:
    ids = [one for state in last.values() for one in (state.record.resident_code_id, state.record.individual_number_id)]
    rows = connection.execute(
        "SELECT person_id, kind, ciphertext, key_version FROM register.number WHERE number_id = ANY (%s::bigint[])",
        ([one for one in ids if one is not None],),
    )
    found: dict[int, dict[str, str]] = {person_id: {} for person_id in last}
    for row in rows:
        found[row["person_id"]][row["kind"]] = clear_of(env, row)
    return found
