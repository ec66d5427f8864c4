"""The two texts that travel: a message with its contract's content, and the receipt for exactly that message."""

from base64 import urlsafe_b64decode
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from daicho.wire.certificates import Authority, Credentials
from daicho.wire.errors import MessageUnreadable, NotTheSigner, ReceiptBroken, SignatureBroken
from daicho.wire.links import find_link
from daicho.wire.release import Releases
from daicho.wire.signed import sign, verify


class Envelope(BaseModel):
    """One message. `person` orders messages: those about one person are taken by rising `sequence_no`, without gaps.

    `by_hand`: earlier numbers of this person that reached the receiver another way, which it goes on over.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender: str
    receiver: str
    kind: str
    version: int = Field(ge=1)
    message_id: int = Field(ge=1)
    person: int = Field(ge=0)
    sequence_no: int = Field(ge=1)
    created_at: datetime
    by_hand: tuple[int, ...] = ()
    content: dict[str, Any]


class Receipt(BaseModel):
    """What the receiver signs: it took or refused exactly this message. A repeat of what was taken gets the same again.

    `code` and `reason` say why it was refused: an error's code and its fixed sentence, nothing of the message.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender: str
    receiver: str
    message_id: int
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    outcome: Literal["accepted", "refused"]
    code: str | None = Field(default=None, pattern=r"^[A-Z]\d{3}$")
    reason: str | None = None
    received_at: datetime

    @model_validator(mode="after")
    def _refused_with_a_code(self) -> "Receipt":
        if (self.outcome == "refused") != (self.code is not None):
            raise ValueError("a refusal has a code, an acceptance has none")
        return self


def digest_of(token: str) -> str:
    """What a receipt names a message by: SHA-256 over what was signed, equal for a repeat signed with a newer key."""
    _, payload, _ = token.split(".")
    return sha256(urlsafe_b64decode(payload + "=" * (-len(payload) % 4))).hexdigest()


def seal(credentials: Credentials, envelope: Envelope) -> str:
    """The signed message. Raises NotTheSigner for somebody else's, NotLinked for what may not be sent."""
    if envelope.sender != credentials.system:
        raise NotTheSigner
    find_link(envelope.sender, envelope.receiver, envelope.kind, envelope.version)
    return sign(credentials, "daicho-message", envelope.model_dump_json(exclude_defaults=True).encode())


def unseal(authority: Authority, token: str, at: datetime, releases: Releases | None = None) -> Envelope:
    """The message of a signed text; with `releases` that of approved software only.

    Raises SignatureBroken, MessageUnreadable, NotTheSigner, ReleaseNotApproved.
    """
    found = verify(authority, "daicho-message", token, at)
    if releases is not None:
        releases.require(found.system, found.release, at)
    try:
        envelope = Envelope.model_validate_json(found.payload)
    except ValidationError:
        raise MessageUnreadable from None
    if envelope.sender != found.system:
        raise NotTheSigner
    return envelope


def seal_receipt(credentials: Credentials, receipt: Receipt) -> str:
    """The signed receipt. Raises NotTheSigner for somebody else's."""
    if receipt.receiver != credentials.system:
        raise NotTheSigner
    return sign(credentials, "daicho-receipt", receipt.model_dump_json().encode())


def check_receipt(
    authority: Authority, token: str, message: str, envelope: Envelope, at: datetime, releases: Releases | None = None
) -> Receipt:
    """The receipt, proven to be the receiver's for exactly this message; with `releases` of approved software.

    Raises ReceiptBroken, ReleaseNotApproved.
    """
    try:
        found = verify(authority, "daicho-receipt", token, at)
        receipt = Receipt.model_validate_json(found.payload)
    except (SignatureBroken, ValidationError):
        raise ReceiptBroken from None
    named = (receipt.receiver, receipt.sender, receipt.message_id, receipt.digest)
    if found.system != receipt.receiver or named != (
        envelope.receiver,
        envelope.sender,
        envelope.message_id,
        digest_of(message),
    ):
        raise ReceiptBroken
    if releases is not None:
        releases.require(found.system, found.release, at)
    return receipt
