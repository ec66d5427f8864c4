"""Writing to the transactional outbox (design, section 3). Delivery is the work of `daicho.wire.pump`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from daicho.wire.environment import Connection
from daicho.wire.errors import TooLarge

CHANNEL = "wire_outbox"
"""What is notified when messages are committed."""
LARGEST_CONTENT = 500_000
"""Bytes of one message's content."""
LINK_COMMONS: LiteralString = "register-commons"
LINK_CONNECTOR: LiteralString = "register-connector"
LINK_KIOSK: LiteralString = "register-kiosk"
LINK_REGISTER: LiteralString = "commons-register"


@dataclass(frozen=True, slots=True)
class Message:
    """A message about one person, ready to be sent; `payload` is the contract's JSON text.

    `sequence_no` counts the messages about this person on this link, without gaps.
    """

    message_id: int
    link: str
    kind: str
    version: int
    person_id: int
    sequence_no: int
    payload: str


_PUT: LiteralString = """
    WITH said AS (
        INSERT INTO wire.outbox (message_id, created_at, link, kind, version, person_id, sequence_no, payload)
        SELECT w.message_id, %(at)s, w.link, w.kind, w.version, w.person_id, w.sequence_no, w.payload::jsonb
        FROM json_to_recordset(%(messages)s::json) AS w (
            message_id bigint, link text, kind text, version smallint, person_id bigint, sequence_no bigint, payload text)
        RETURNING message_id, link, kind, person_id, sequence_no
    ), due AS (
        INSERT INTO wire.delivery (link, message_id, created_at, kind, person_id, sequence_no, next_attempt_at)
        SELECT s.link, s.message_id, %(at)s, s.kind, s.person_id, s.sequence_no, %(at)s FROM said s
    )
    SELECT pg_notify('wire_outbox', '')
"""


def put(connection: Connection, created_at: datetime, messages: Sequence[Message]) -> None:
    """Write messages in the business transaction, due at once. The caller holds the lock on each person concerned.

    Raises TooLarge for what no receiver would take: it must not wait in the outbox for ever.
    """
    if any(len(message.payload.encode()) > LARGEST_CONTENT for message in messages):
        raise TooLarge
    rows = [{name: getattr(message, name) for name in Message.__slots__} for message in messages]
    connection.execute(_PUT, {"at": created_at, "messages": json.dumps(rows, ensure_ascii=False)})
