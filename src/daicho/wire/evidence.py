"""Proof of what was said: a stored message and its receipt verified without either system (design, section 3)."""

from dataclasses import dataclass
from datetime import datetime

from daicho.wire.certificates import Authority
from daicho.wire.environment import Connection
from daicho.wire.errors import NoSuchMessage
from daicho.wire.message import Receipt, check_receipt, unseal


@dataclass(frozen=True, slots=True)
class Evidence:
    """The two signed texts and the instant at which the sender had the receipt."""

    message: str
    receipt: str
    settled_at: datetime


def of(connection: Connection, link: str, message_id: int) -> Evidence:
    """The evidence of a delivered message. Raises NoSuchMessage, also for one that was completed by hand."""
    row = connection.execute(
        "SELECT message, receipt, settled_at FROM wire.settled"
        " WHERE link = %s AND message_id = %s AND receipt IS NOT NULL",
        (link, message_id),
    ).fetchone()
    if row is None:
        raise NoSuchMessage
    return Evidence(row["message"], row["receipt"], row["settled_at"])


def verify(evidence: Evidence, authority: Authority) -> Receipt:
    """The receipt, when both signatures held at the time. Raises SignatureBroken, NotTheSigner, ReceiptBroken.

    Certificates are judged at the instant of settlement; what was revoked later stays proven.
    """
    at = evidence.settled_at
    then = Authority(authority.issuers)
    envelope = unseal(then, evidence.message, at)
    return check_receipt(then, evidence.receipt, evidence.message, envelope, at)
