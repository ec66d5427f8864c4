"""A counter for tests: a register with a family in it, a real press, and what a clerk asks for."""

import dataclasses
from collections.abc import Sequence
from datetime import date

import pypdfium2 as pdfium

from daicho.access.actor import Actor
from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.paper.application import Application
from daicho.register.paper.authority import Authority
from daicho.register.paper.issue import Counter, Reservation, release, reserve
from daicho.register.store.read import live_rows
from daicho.wire.environment import Connection, Environment, Row
from tests.people import CLERK, do_register, move_in_family, plan


def at(terminal: str, officer: str = "clerk1") -> Actor:
    """The clerk at a terminal."""
    return dataclasses.replace(CLERK, terminal_id=terminal, officer_id=officer)


def make_tenant(connection: Connection, *, synthetic: bool = True) -> None:
    """Say whose register this is."""
    connection.execute(
        "INSERT INTO register.tenant (municipality_code, name, synthetic) VALUES ('112020', '熊谷市', %s)", (synthetic,)
    )


def family(env: Environment, size: int = 4) -> tuple[int, list[int]]:
    """A family in a synthetic tenant."""
    with env.database.transaction() as connection:
        make_tenant(connection)
    return move_in_family(env, size)


def application(household_id: int, person_id: int, **changes: object) -> Application:
    """One copy of the whole household, for one of its members."""
    base = Application(
        household_id=household_id,
        authority=Authority.SELF,
        requester_person=person_id,
        identity_document="2",
        use_code="07",
    )
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type] # fields by name


def issued(env: Environment, counter: Counter, household_id: int, people: Sequence[int]) -> Reservation:
    """A copy that has been handed over."""
    made = reserve(env, counter, CLERK, application(household_id, people[0]))
    return release(env, counter, CLERK, made.application_id, made.digests)


def move_inside(env: Environment, people: Sequence[int], address: str = "石原二丁目15番地") -> None:
    """The family moves within the city, today."""
    with env.database.transaction() as connection:
        today = env.clock.today()
        rows = live_rows(connection, people)
        effects = [
            Effect(
                person,
                "amend",
                "mover",
                today,
                rows[person][-1].record.with_(
                    address=address, former_address=rows[person][-1].record.address, settled_on=LegalDate(today)
                ),
            )
            for person in people
        ]
        do_register(connection, env, plan(*effects, reason=Reason.MOVE_WITHIN))


def plan_move_out(env: Environment, person: int, on: date) -> None:
    """A planned move-out: a later state that removes the person."""
    with env.database.transaction() as connection:
        record = live_rows(connection, [person])[person][-1].record
        planned = record.with_(
            planned_on=on, planned_address="東京都杉並区高円寺北三丁目22番9号", planned_municipality="131156"
        )
        gone = planned.with_(status="moved_out", removed_on=LegalDate(on))
        effects = [
            Effect(person, "amend", "mover", env.clock.today(), planned),
            Effect(person, "remove", "mover", on, gone),
        ]
        do_register(connection, env, plan(*effects, reason=Reason.MOVE_OUT))


def rows(env: Environment, query: str, *values: object) -> list[Row]:
    """What the database holds."""
    with env.database.transaction() as connection:
        return connection.execute(query.encode(), values).fetchall()


def acts(env: Environment) -> list[str]:
    """The acts of the trail that concern certificates and services, in order."""
    found = rows(
        env, "SELECT act FROM trail.entry WHERE act LIKE 'certificate.%%' OR act LIKE 'service.%%' ORDER BY entry_id"
    )
    return [row["act"] for row in found]


def text_of(pdf: bytes) -> str:
    """The text of a paper without white space."""
    document = pdfium.PdfDocument(pdf)
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    return text


def claim(connection: Connection, person_id: int) -> None:
    """An open case that holds a person, as far as the register's certificates can see."""
    connection.execute("ALTER TABLE register.case_person DROP CONSTRAINT case_person_case_id_fkey")
    connection.execute(
        "INSERT INTO register.case_person (case_id, person_id, open) VALUES (1, %s::bigint, true)", (person_id,)
    )
