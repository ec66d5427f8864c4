"""What reports of the trail ask about people: ids for numbers, namesakes of officers, and nothing else."""

from datetime import UTC, datetime

import pytest

from daicho.access.errors import NotAllowed, NotAvailable
from daicho.register.store.named_alike import addressee_numbers, namesakes, person_of, protected_persons
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.trail.reports import Period
from daicho.wire.environment import Environment
from tests.people import CLERK, REVIEWER, actor, move_in_family
from tests.protection.build import make_refuge

ADMIN = actor("admin1", "administrator")
APRIL = Period(datetime(2026, 3, 31, 15, tzinfo=UTC), datetime(2026, 4, 30, 15, tzinfo=UTC))


def test_a_number_leads_to_its_person_and_back(environment: Environment) -> None:
    _, people = move_in_family(environment)
    with environment.database.transaction() as connection:
        numbers = addressee_numbers(connection, people)
    assert len(set(numbers.values())) == 4
    for person_id, number in numbers.items():
        assert person_of(environment, ADMIN, number) == person_id


def test_an_unknown_number_is_on_record(environment: Environment) -> None:
    with pytest.raises(NotAvailable):
        person_of(environment, ADMIN, "0000")
    with pytest.raises(NotAllowed):
        person_of(environment, CLERK, "0000")
    with environment.database.transaction() as connection:
        row = connection.execute("SELECT officer, act, refused FROM trail.entry").fetchone()
    assert row == {"officer": "admin1", "act": "trail.person", "refused": True}


def test_who_is_protected_is_counted_for_those_who_may_read_the_trail(environment: Environment) -> None:
    refuge = make_refuge(environment)
    assert protected_persons(environment, ADMIN) == sorted(refuge.protected)
    with pytest.raises(NotAllowed):
        protected_persons(environment, CLERK)


def test_looks_at_namesakes(environment: Environment) -> None:
    _, people = move_in_family(environment)
    with environment.database.transaction() as connection:
        look = record_act(connection, environment, CLERK, Act.PERSON_OPENED, subjects=people[:1])
        record_act(connection, environment, CLERK, Act.SEARCH, subjects=people)
        record_act(connection, environment, REVIEWER, Act.PERSON_OPENED, subjects=people[:1])
    families = {"clerk1": "髙橋", "reviewer1": "高橋"}
    [found] = namesakes(environment, ADMIN, families, APRIL)
    assert (found.officer, found.entry_id, found.act, found.person_id) == ("clerk1", look, "person.open", people[0])
    assert namesakes(environment, ADMIN, families, Period(APRIL.until, APRIL.until)) == ()
    with pytest.raises(NotAllowed):
        namesakes(environment, CLERK, families, APRIL)
