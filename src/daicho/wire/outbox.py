"""Writing to the transactional outbox (design, section 3). Delivery is the work of `daicho.wire.pump`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from daicho.wire.environment import Connection

LINK_COMMONS: LiteralString = "register-commons"
LINK_CONNECTOR: LiteralString = "register-connector"
LINK_KIOSK: LiteralString = "register-kiosk"


@dataclass(frozen=True, slots=True)
class Message:
    """A message about one person, ready to be sent; `payload` is the contract's JSON text."""

    message_id: int
    link: str
    kind: str
    version: int
    person_id: int
    sequence_no: int
    payload: str


def put(connection: Connection, created_at: datetime, messages: Sequence[Message]) -> None:
    """Write messages in the business transaction, due at once. The caller holds the lock on each person concerned."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO wire.outbox (message_id, created_at, link, kind, version, person_id, sequence_no, payload)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb)",
            [
                (m.message_id, created_at, m.link, m.kind, m.version, m.person_id, m.sequence_no, m.payload)
                for m in messages
            ],
        )
        cursor.executemany(
            "INSERT INTO wire.delivery (link, message_id, created_at, kind, person_id, sequence_no, next_attempt_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [(m.link, m.message_id, created_at, m.kind, m.person_id, m.sequence_no, created_at) for m in messages],
        )
    connection.execute("SELECT pg_notify('wire_outbox', '')")
