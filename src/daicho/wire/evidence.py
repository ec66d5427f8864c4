"""Proof of what was said: a stored message and its receipt verified without either system (design, section 3)."""

from dataclasses import dataclass
from datetime import datetime

from daicho.wire.certificates import Authority
from daicho.wire.environment import Connection
from daicho.wire.errors import NoSuchMessage
from daicho.wire.message import Receipt, check_receipt, unseal


@dataclass(frozen=True, slots=True)
class Evidence:
    """The two signed texts and the instant at which the sender had the receipt, be it of acceptance or of refusal."""

    message: str
    receipt: str
    settled_at: datetime


def of(connection: Connection, link: str, message_id: int) -> list[Evidence]:
    """What the receiver signed to a message, oldest first: refusals, and the acceptance when there was one.

    Raises NoSuchMessage, also for one that was completed by hand before any answer.
    """
    rows = connection.execute(
        "SELECT message, receipt, settled_at FROM wire.settled"
        " WHERE link = %(link)s AND message_id = %(message)s AND receipt IS NOT NULL"
        " UNION ALL SELECT message, receipt, refused_at FROM wire.refusal"
        " WHERE link = %(link)s AND message_id = %(message)s"
        " UNION ALL SELECT message, receipt, at FROM wire.archived"
        " WHERE side = 'sent' AND peer = %(link)s AND message_id = %(message)s AND receipt IS NOT NULL"
        " ORDER BY settled_at",
        {"link": link, "message": message_id},
    ).fetchall()
    if not rows:
        raise NoSuchMessage
    return [Evidence(**row) for row in rows]


def verify(evidence: Evidence, authority: Authority) -> Receipt:
    """The receipt, when both signatures held at the time. Raises SignatureBroken, NotTheSigner, ReceiptBroken.

    Certificates are judged at the instant of settlement; what was revoked later stays proven.
    """
    at = evidence.settled_at
    then = Authority(authority.issuers)
    envelope = unseal(then, evidence.message, at)
    return check_receipt(then, evidence.receipt, evidence.message, envelope, at)
