"""What the register tells in tests: contents as its messages have them."""

from datetime import date
from typing import Any

from daicho.commons import common_database, suppression
from daicho.register.changes.record import ResidentRecord
from daicho.register.store.pictures import picture_of
from daicho.wire.contracts.resident_changed import ResidentChanged
from daicho.wire.contracts.suppression_changed import SuppressionChanged
from daicho.wire.environment import Environment
from daicho.wire.message import Envelope
from tests.people import record
from tests.wire.parties import NOW

ADDRESS = "合歓木町九丁目9番地9"
"""The place of whoever is hidden in these tests."""


def changed(
    env: Environment, number: str, sequence_no: int, *, on: date = date(2026, 4, 1), household: str = "100", protected: bool = False,
    **fields: Any,
) -> None:  # fmt: skip
    """The register tells a change of one person."""
    told: ResidentRecord = record(1, **fields)
    content = ResidentChanged(
        message_id=1, change_id=1, addressee_number=number, sequence_no=sequence_no, reason="move_in",
        basis="notification", kind="enter", change_date=on, change_date_text=None, recorded_at=NOW, protected=protected,
        pictures=(picture_of(told, on, sequence_no, household),),
    )  # fmt: skip
    with env.database.transaction() as connection:
        common_database.take(connection, env, envelope("resident-changed", 3), content)


def suppressed(env: Environment, number: str, sequence_no: int, *, protected: bool) -> None:
    """The register tells that a person is protected, or no longer."""
    level = "error" if protected else "none"
    content = SuppressionChanged.model_validate(
        {"message_id": 1, "addressee_number": number, "sequence_no": sequence_no, "recorded_at": NOW,
         "protected": protected, "on_change": "none", "on_issue": level, "on_inquiry": level}
    )  # fmt: skip
    with env.database.transaction() as connection:
        suppression.take(connection, env, envelope("suppression-changed", 1), content)


def envelope(kind: str, version: int) -> Envelope:
    """What carries it; the handlers look at the content."""
    return Envelope(
        sender="register", receiver="commons", kind=kind, version=version, message_id=1, person=1, sequence_no=1,
        created_at=NOW, content={},
    )  # fmt: skip
