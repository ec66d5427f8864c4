"""Taking a message: verified, once, in order per person, with a signed receipt in the same transaction (design, section 3)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from daicho.law.errors import DaichoError
from daicho.wire.certificates import Own
from daicho.wire.environment import Connection, Environment
from daicho.wire.errors import (
    EarlierMissing,
    MessageChanged,
    MessageUnreadable,
    NotLinked,
    NotTheSigner,
    OutOfOrder,
    WireError,
)
from daicho.wire.links import find_link
from daicho.wire.message import Envelope, Receipt, digest_of, seal_receipt, unseal

FAILED_HERE = 500
"""Errors from this HTTP status on are the receiver's own trouble: the sender tries again."""


@dataclass(frozen=True, slots=True)
class Handler:
    """What a system does with one kind of message: the contract's model, and the act in the receiving transaction.

    `take` must raise a DaichoError to refuse; whatever it writes is committed together with the receipt.
    """

    model: type[BaseModel]
    take: Callable[[Connection, Environment, Envelope, Any], None]


@dataclass(frozen=True, slots=True)
class Receiver:
    """One system's receiving side: who it is, whom it believes, and its handlers by (kind, version)."""

    own: Own
    handlers: Mapping[tuple[str, int], Handler]

    def receive(self, env: Environment, peer: str, token: str) -> str:
        """Take one message from the system at the other end of the connection; returns the signed receipt.

        A repeat gets the receipt it got before. Raises SignatureBroken, NotTheSigner, ReleaseNotApproved, NotLinked,
        MessageUnreadable, MessageChanged, OutOfOrder, EarlierMissing and what the handler refuses; then nothing is kept.
        """
        now = env.clock.now()
        envelope = unseal(self.own.authority, token, now, self.own.releases)
        if envelope.sender != peer:
            raise NotTheSigner
        if envelope.receiver != self.own.credentials.system:
            raise NotLinked
        find_link(peer, self.own.credentials.system, envelope.kind, envelope.version)
        handler = self.handlers.get((envelope.kind, envelope.version))
        if handler is None:
            raise NotLinked
        try:
            content = handler.model.model_validate_json(json.dumps(envelope.content))
        except ValidationError:
            raise MessageUnreadable from None
        with env.database.transaction() as connection:
            known = _locked(connection, envelope, token)
            if known is not None:
                return known
            handler.take(connection, env, envelope, content)
            receipt = self._signed(envelope, token, now, "accepted")
            _keep(connection, envelope, token, receipt, now)
        return receipt

    def refusal(self, env: Environment, peer: str, token: str, error: DaichoError) -> str | None:
        """The signed refusal of a message of this peer to us; None for what cannot be refused by name.

        That is what the peer did not sign, what was sent to the wrong door, and what failed here by no fault of the message.
        """
        if error.status >= FAILED_HERE:
            return None
        now = env.clock.now()
        try:
            envelope = unseal(self.own.authority, token, now)
        except WireError:
            return None
        if (envelope.sender, envelope.receiver) != (peer, self.own.credentials.system):
            return None
        return self._signed(envelope, token, now, "refused", code=error.code, reason=error.happened)

    def _signed(
        self, envelope: Envelope, token: str, at: datetime, outcome: Literal["accepted", "refused"], **why: str
    ) -> str:
        return seal_receipt(
            self.own.credentials,
            Receipt(
                sender=envelope.sender,
                receiver=self.own.credentials.system,
                message_id=envelope.message_id,
                digest=digest_of(token),
                outcome=outcome,
                received_at=at,
                **why,
            ),
        )


def _locked(connection: Connection, envelope: Envelope, token: str) -> str | None:
    """Lock the person's stream; the receipt of a repeat, or None for the next message in order."""
    key = (envelope.sender, envelope.person)
    connection.execute(
        "INSERT INTO wire.stream (sender, person, last_sequence_no) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING", key
    )
    stream = connection.execute(
        "SELECT last_sequence_no FROM wire.stream WHERE sender = %s AND person = %s FOR UPDATE", key
    ).fetchone()
    before = connection.execute(
        "SELECT digest, receipt FROM wire.inbox WHERE sender = %(sender)s AND message_id = %(message)s"
        " UNION ALL SELECT digest, receipt FROM wire.archived"
        " WHERE side = 'received' AND peer = %(sender)s AND message_id = %(message)s"
        " UNION ALL SELECT digest, receipt FROM wire.disposed"
        " WHERE side = 'received' AND peer = %(sender)s AND message_id = %(message)s",
        {"sender": envelope.sender, "message": envelope.message_id},
    ).fetchone()
    if before is not None:
        if before["digest"].hex() != digest_of(token):
            raise MessageChanged
        return str(before["receipt"])
    last = stream["last_sequence_no"] if stream else 0
    if envelope.sequence_no <= last:
        raise OutOfOrder
    expected = last + 1
    while expected in envelope.by_hand:
        expected += 1
    if envelope.sequence_no > expected:
        raise EarlierMissing
    return None


def _keep(connection: Connection, envelope: Envelope, token: str, receipt: str, now: datetime) -> None:
    connection.execute(
        "INSERT INTO wire.inbox (sender, message_id, received_at, kind, person, sequence_no, digest, message, receipt)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            envelope.sender,
            envelope.message_id,
            now,
            envelope.kind,
            envelope.person,
            envelope.sequence_no,
            bytes.fromhex(digest_of(token)),
            token,
            receipt,
        ),
    )
    connection.execute(
        "UPDATE wire.stream SET last_sequence_no = %s WHERE sender = %s AND person = %s",
        (envelope.sequence_no, envelope.sender, envelope.person),
    )
