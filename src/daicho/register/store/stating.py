"""Telling the common platform everybody as they stand: after a load or take-over, every month, and when asked (S6-01, R-PRV-06).

Block by block, each in a transaction of its own, so that it can be broken off anywhere and goes on from there. What changes
meanwhile is told by messages of its own, which the receiver knows to be newer.
"""

import threading
from collections.abc import Iterable, Sequence
from datetime import timedelta

from daicho.register.changes.timeline import StateRow
from daicho.register.store.pictures import picture_of
from daicho.register.store.read import live_rows
from daicho.register.store.shield import shielded
from daicho.register.store.stating_progress import begin_again, progress_of, waiting_on, went_on
from daicho.wire import outbox
from daicho.wire.beside import keep_going
from daicho.wire.contracts import residents_stated
from daicho.wire.contracts.resident_changed import Picture
from daicho.wire.contracts.residents_stated import ResidentsStated, Stated
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.outbox import LINK_COMMONS

BLOCK = 100
EVERY = timedelta(days=30)
"""How often everybody is told again, so that the receiver finds and puts right what differs (R-PRV-06)."""
PAUSE_SECONDS = 5.0
MOST_WAITING = 20
"""Blocks on their way at most: the outbox is no store of everybody."""
_ROOM = 100_000
"""Bytes left free in a message."""


def step(env: Environment) -> int:
    """Tell the next block; how many persons, 0 when everybody has been told or enough is on its way."""
    with env.database.transaction() as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        row = progress_of(connection, LINK_COMMONS)
        if row is None or waiting_on(connection, LINK_COMMONS) >= MOST_WAITING:
            return 0
        if row["finished_at"] is not None:
            if env.clock.now() - row["finished_at"] < EVERY:
                return 0
            row["reached_person"] = 0
        people = connection.execute(
            "SELECT person_id, addressee_number, last_sequence_no FROM register.person WHERE person_id > %s"
            " ORDER BY person_id LIMIT %s",
            (row["reached_person"], BLOCK),
        ).fetchall()
        stated = _stated(connection, env, people)
        number = row["last_sequence_no"]
        for part in _parts(stated):
            number += 1
            _put(connection, env, part, number)
        reached = people[-1]["person_id"] if people else row["reached_person"]
        went_on(connection, LINK_COMMONS, number, reached, None if people else env.clock.now())
        return len(people)


def again(env: Environment) -> None:
    """Tell everybody once more: after the receiver was restored, or when both were found to differ."""
    begin_again(env, LINK_COMMONS)


def keep_stating(env: Environment, stop: threading.Event) -> None:
    """Step until told to stop; used by the sending process beside its own work."""
    keep_going("stating", lambda: 0.05 if step(env) else PAUSE_SECONDS, stop, after_trouble=PAUSE_SECONDS)


def _stated(connection: Connection, env: Environment, people: Sequence[Row]) -> list[Stated]:
    ids = [row["person_id"] for row in people]
    live = live_rows(connection, ids)
    hidden = shielded(connection, env, ids)
    homes = _household_numbers(connection, {state.record.household_id for rows in live.values() for state in rows})
    return [
        Stated(
            addressee_number=row["addressee_number"],
            sequence_no=row["last_sequence_no"],
            protected=row["person_id"] in hidden,
            pictures=tuple(_picture(state, homes) for state in live[row["person_id"]]),
        )
        for row in people
        if live.get(row["person_id"])
    ]


def _picture(state: StateRow, homes: dict[int, str]) -> Picture:
    return picture_of(state.record, state.valid_from, state.history_no, homes[state.record.household_id])


def _household_numbers(connection: Connection, households: Iterable[int]) -> dict[int, str]:
    rows = connection.execute(
        "SELECT household_id, household_number FROM register.household WHERE household_id = ANY (%s::bigint[])",
        (sorted(households),),
    )
    return {row["household_id"]: row["household_number"] for row in rows}


def _parts(stated: Sequence[Stated]) -> list[list[Stated]]:
    """Parts that fit into one message each: a person with a long history takes much room."""
    parts: list[list[Stated]] = []
    left = 0
    for one in stated:
        size = len(one.model_dump_json().encode())
        if size > left:
            parts.append([])
            left = outbox.LARGEST_CONTENT - _ROOM
        parts[-1].append(one)
        left -= size
    return parts


def _put(connection: Connection, env: Environment, persons: Sequence[Stated], number: int) -> None:
    [message_id] = env.ids.take(connection, 1)
    now = env.clock.now()
    content = ResidentsStated(stated_at=now, persons=tuple(persons))
    message = outbox.Message(
        message_id=message_id,
        link=LINK_COMMONS,
        kind=residents_stated.KIND,
        version=residents_stated.VERSION,
        person_id=0,
        sequence_no=number,
        payload=content.model_dump_json(),
    )
    outbox.put(connection, now, [message])
