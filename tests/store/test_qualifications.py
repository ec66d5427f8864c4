"""Qualifications of offices arrive in the register by the agreed contract, and by nothing else (R-ACQ-03, R-ACQ-19)."""

from datetime import date
from typing import Any

import pytest

from daicho.law.errors import DaichoError
from daicho.register.store import qualifications
from daicho.register.store.errors import QualificationOfNobody, QualificationWaits
from daicho.register.store.read import live_rows
from daicho.wire.contracts.qualification_changed import QualificationChanged
from daicho.wire.environment import Environment
from daicho.wire.message import Envelope
from tests.desk.build import receive
from tests.people import move_in_family
from tests.wire.parties import NOW

TOLD: dict[str, dict[str, Any]] = {
    "health_insurance": {"state": "1", "retired": "0", "since": "2026-03-30", "until": None},
    "elderly_medical": {"state": "1", "since": "2026-03-30", "until": None},
    "care_insurance": {"state": "1", "since": "2026-03-30", "until": "2026-12-31"},
    "pension": {
        "number": "1234567890", "pension_kind": "1", "insurance": None, "benefit": None, "since": "2026-03-30",
        "until": None, "kind_on": "2026-03-30",
    },
    "child_allowance": {"state": "1", "since": "2026-04", "until": None},
}  # fmt: skip


def tell(
    env: Environment, number: str, kind: str = "health_insurance", on: date = date(2026, 4, 1), **more: Any
) -> None:
    """Commons hands on what an office told."""
    content = QualificationChanged.model_validate(
        {"addressee_number": number, "office": "office-kokuho", "effective_on": on,
         "qualification": {"kind": kind, **TOLD[kind], **more}}
    )  # fmt: skip
    envelope = Envelope(
        sender="commons", receiver="register", kind="qualification-changed", version=1, message_id=1, person=1,
        sequence_no=1, created_at=NOW, content={},
    )  # fmt: skip
    with env.database.transaction() as connection:
        qualifications.take(connection, env, envelope, content)


def number_of(env: Environment, person_id: int) -> str:
    """The addressee number."""
    with env.database.transaction() as connection:
        row = connection.execute("SELECT addressee_number FROM register.person WHERE person_id = %s", (person_id,))
        found = row.fetchone()
    assert found is not None
    return str(found["addressee_number"])


def test_each_qualification_stands_in_the_record_with_its_change_and_its_trail(environment: Environment) -> None:
    _, [person] = move_in_family(environment, 1)
    for kind in TOLD:
        tell(environment, number_of(environment, person), kind)
    with environment.database.transaction() as connection:
        record = live_rows(connection, [person])[person][-1].record
        changes = connection.execute(
            "SELECT reason, basis, ground, entrant, decider FROM register.change ORDER BY recorded_at DESC LIMIT 5"
        ).fetchall()
        seen = connection.execute(
            "SELECT count(*) AS n FROM trail.entry WHERE officer = 'office-kokuho' AND terminal = 'commons'"
        ).fetchone()
    assert (record.health_insurance, record.health_insurance_retired, record.health_insurance_from) == (
        "1", "0", date(2026, 3, 30),
    )  # fmt: skip
    assert (record.elderly_medical, record.care_insurance_to, record.pension_number) == (
        "1", date(2026, 12, 31), "1234567890",
    )  # fmt: skip
    assert (record.child_allowance, record.child_allowance_from) == ("1", "2026-04")
    assert {tuple(row.values()) for row in changes} == {
        ("ex_officio_amendment", "notice", "7", "office-kokuho", "link")
    }
    assert seen == {"n": 5}


def test_what_stands_there_already_is_no_change(environment: Environment) -> None:
    _, [person] = move_in_family(environment, 1)
    for _ in range(2):
        tell(environment, number_of(environment, person))
    with environment.database.transaction() as connection:
        row = connection.execute("SELECT count(*) AS n FROM register.change").fetchone()
    assert row == {"n": 2}


def test_of_whoever_is_not_here_or_was_not_then_nothing_is_taken(environment: Environment) -> None:
    _, [person] = move_in_family(environment, 1)
    for number, on in (("999", date(2026, 4, 1)), (number_of(environment, person), date(2026, 3, 29))):
        with pytest.raises(QualificationOfNobody):
            tell(environment, number, on=on)
    with pytest.raises(DaichoError, match=r"C\d{3}"):
        tell(environment, number_of(environment, person), on=date(2026, 4, 2))


def test_it_waits_while_a_case_about_the_person_is_open(environment: Environment) -> None:
    """The sender tries again: nothing is lost, and no clerk's check is upset."""
    _, [person] = move_in_family(environment, 1)
    with environment.database.transaction() as connection:
        case = receive(environment)
        connection.execute(
            "INSERT INTO register.case_person (case_id, person_id, open) VALUES (%s, %s, true)", (case.case_id, person)
        )
    with pytest.raises(QualificationWaits) as refused:
        tell(environment, number_of(environment, person))
    assert refused.value.status >= 500
