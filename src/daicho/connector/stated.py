"""Everybody as the register states them (I-STO-01, S2-06): who is missing in the identity file is entered, who differs is put
right from the register, which is the only source, and the difference is kept on record by the names of its items."""

import json
from typing import Any

from daicho.connector import identity_file
from daicho.connector.errors import NumberOnAnother
from daicho.connector.identity_file import LINK_IN, LINK_OUT, checked, current, notice_items, write
from daicho.connector.numbers import blind_index
from daicho.connector.subjects import subject_of
from daicho.wire import outbox
from daicho.wire.contracts import identities_notified
from daicho.wire.contracts.identities_notified import IdentitiesNotified, NotifiedIdentity
from daicho.wire.contracts.identities_stated import IdentitiesStated, StatedIdentity
from daicho.wire.environment import Connection, Environment, Row
from daicho.wire.message import Envelope
from daicho.wire.secret_items import close_items, open_items

STANDING = (
    "name", "reading", "birth", "birth_text", "sex", "municipality_code", "town_code", "postcode", "address",
    "resident_since", "resident_since_text", "settled_on", "settled_on_text", "previous_municipality", "previous_address",
    "relationship", "record_status", "former_name", "former_name_reading",
)  # fmt: skip
"""Items that say how a person stands; the others say by which change."""


def take(connection: Connection, env: Environment, envelope: Envelope, content: IdentitiesStated) -> None:
    """Compare each person and write what is missing or differs. Raises ItemNotAgreed.

    A number that is held by somebody else keeps that person back alone, and is kept on record.
    """
    numbers = open_items(env, LINK_IN, envelope.message_id, content.numbers)
    reached = _reached(connection, [one.person for one in content.persons])
    notices: list[NotifiedIdentity] = []
    told: dict[str, str] = {}
    for one in sorted(content.persons, key=lambda stated: stated.person):
        if reached.get(one.person, 0) != one.told_no:
            continue  # messages about this person were taken since, or are on their way
        found = checked(json.loads(numbers.get(str(one.person), "{}")))
        try:
            with connection.transaction():
                row = _settle(connection, env, one, found, envelope.message_id)
        except NumberOnAnother as error:  # one person is no reason to refuse the others
            _keep(connection, env, subject_of(connection, env, one.person), [error.code], "nobody")
            continue
        if row is not None and "resident_code" in found:
            notices.append(NotifiedIdentity(subject=row["subject_id"], **notice_items(connection, row)))
            told[str(row["subject_id"])] = json.dumps(found)
    if notices:
        notify(connection, env, notices, told)


def _reached(connection: Connection, people: list[int]) -> dict[int, int]:
    rows = connection.execute(
        "SELECT person, last_sequence_no FROM wire.stream WHERE sender = 'register' AND person = ANY (%s::bigint[])",
        (people,),
    )
    return {row["person"]: row["last_sequence_no"] for row in rows}


def _settle(
    connection: Connection, env: Environment, one: StatedIdentity, found: dict[str, str], message_id: int
) -> Row | None:
    """The row written for this person, None when the file is right."""
    subject = subject_of(connection, env, one.person)
    before = current(connection, subject["subject_id"])
    differing = differences(connection, env, one, found, before) if before else []
    if before is not None and not differing:
        return None
    row = write(connection, env, subject, one, found, message_id)
    if differing:
        _keep(connection, env, row, differing, "register")
    return row


def _keep(connection: Connection, env: Environment, row: Row, items: list[str], settled_from: str) -> None:
    """Keep a difference by the names of its items, or by the code of what stands against settling it."""
    [difference_id] = env.ids.take(connection, 1)
    connection.execute(
        "INSERT INTO connector.difference (difference_id, found_at, subject_id, update_no, items, settled_from)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (difference_id, env.clock.now(), row["subject_id"], row.get("update_no", 0), items, settled_from),
    )


def differences(
    connection: Connection, env: Environment, one: StatedIdentity, found: dict[str, str], before: Row
) -> list[str]:
    """The items in which the file differs from what the register states, by name."""
    stated: dict[str, Any] = identity_file.items_of(one, before)
    names = [name for name in STANDING if stated[name] != before[name]]
    rows = connection.execute(
        "SELECT kind, blind_index FROM connector.number WHERE number_id = ANY (%s::bigint[])",
        ([before["resident_code_id"], before["individual_number_id"]],),
    )
    held = {(row["kind"], bytes(row["blind_index"])) for row in rows}
    wanted = {
        (kind, blind_index(env, kind, found[kind])) for kind in ("resident_code", "individual_number") if kind in found
    }
    return names + sorted({kind for kind, _ in held ^ wanted})


def notify(connection: Connection, env: Environment, notices: list[NotifiedIdentity], told: dict[str, str]) -> None:
    """One message to the prefecture about all of them."""
    [message_id] = env.ids.take(connection, 1)
    content = IdentitiesNotified(
        message_id=message_id, persons=tuple(notices), numbers=close_items(env, LINK_OUT, message_id, told)
    )
    # each block is a stream of its own: one that is refused delays no other, and update numbers keep the order of a person
    message = outbox.Message(
        message_id, LINK_OUT, identities_notified.KIND, identities_notified.VERSION, message_id, 1, content.model_dump_json()
    )  # fmt: skip
    outbox.put(connection, env.clock.now(), [message])
