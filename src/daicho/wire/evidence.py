"""Proof of what was said: a stored message and its receipts verified without either system (design, section 3).

A file of evidence holds all that a third party needs beside the certificates of the issuers: no database, no network.
"""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from daicho.wire.certificates import Authority
from daicho.wire.environment import Connection
from daicho.wire.errors import MessageUnreadable, NoSuchMessage, ReceiptBroken
from daicho.wire.message import Receipt, check_receipt, unseal


class Evidence(BaseModel):
    """The two signed texts and the instant at which the sender had the receipt, be it of acceptance or of refusal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    message: str
    receipt: str
    settled_at: AwareDatetime


class EvidenceFile(BaseModel):
    """What is handed out about one message. It holds the message itself, and so a person's data."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["daicho-wire-evidence/1"] = "daicho-wire-evidence/1"
    link: str
    message_id: int
    evidence: tuple[Evidence, ...] = Field(min_length=1)


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


def verify_file(text: str, authority: Authority) -> list[Receipt]:
    """The receipts of a file, each proven to be for the message that the file names.

    Raises MessageUnreadable when it is no such file, ReceiptBroken for evidence about another message, and what `verify`
    raises.
    """
    try:
        file = EvidenceFile.model_validate_json(text)
    except ValidationError:
        raise MessageUnreadable from None
    receipts = [verify(one, authority) for one in file.evidence]
    if any((f"{one.sender}-{one.receiver}", one.message_id) != (file.link, file.message_id) for one in receipts):
        raise ReceiptBroken
    return receipts
