"""What a request says, in one canonical form: the page, the approver and the execution speak of the same bytes."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from daicho.access.approvals.kinds import Kind

Value = str | int | bool | None | tuple[str, ...]
"""A value of a condition: no floats, which have no one form; dates as ISO text."""
Condition = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an officer asks for. No personal data: conditions describe a set of records, they do not list it.

    `subject` is what the system knows how to carry out; `items` what is shown, written or destroyed, in words; `rows` the
    count when it was asked for, `tolerance` how far the count at execution may differ. `concerns`: officers whose
    own rights it is about, who may not decide it.
    """

    subject: str
    kind: Kind
    purpose: str
    basis: str
    condition: Condition
    destination: str
    valid_until: datetime
    items: tuple[str, ...] = ()
    rows: int = 0
    tolerance: int = 0
    medium: str = ""
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it is kept, never changed: what was wanted, by whom, where from, when."""

    approval_id: int
    wanted: Wanted
    requested_by: str
    terminal: str
    requested_at: datetime

    @property
    def digest(self) -> bytes:
        """SHA-256 of the canonical form: what the approver has seen, and what is carried out."""
        return sha256(canonical(self)).digest()


def canonical_condition(condition: Condition) -> str:
    """A condition in its one form: JSON, keys sorted, no spaces, NFC."""
    return _json({name: list(value) if isinstance(value, tuple) else value for name, value in condition.items()})


def read_condition(text: str) -> Condition:
    """A condition from its canonical form."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(text).items()}


def canonical(request: Request) -> bytes:
    """The whole request in its one form. A new form gets a new number at its head."""
    wanted = request.wanted
    said = [
        "daicho/approval/1",
        request.approval_id,
        wanted.subject,
        wanted.kind.value,
        wanted.purpose,
        wanted.basis,
        list(wanted.items),
        json.loads(canonical_condition(wanted.condition)),
        wanted.rows,
        wanted.tolerance,
        wanted.medium,
        wanted.destination,
        list(wanted.concerns),
        _instant(wanted.valid_until),
        request.requested_by,
        request.terminal,
        _instant(request.requested_at),
    ]
    return _json(said).encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _json(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text)
