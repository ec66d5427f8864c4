"""Messages about a person are numbered for each link without gaps, whoever is told what."""

from datetime import UTC, datetime

import psycopg

from daicho.engine.migrate import apply, load
from daicho.register.protection import measures
from daicho.wire.environment import Environment
from tests.house_database import House
from tests.people import CLERK, move_in_family


def test_each_link_counts_for_itself(environment: Environment) -> None:
    """A move in and two settings of protection: no link has a gap, as no receiver would take one."""
    _, [one, other] = move_in_family(environment, 2)
    measures.provisional(environment, CLERK, one)
    measures.provisional(environment, CLERK, other)
    with environment.database.transaction() as connection:
        rows = connection.execute(
            "SELECT link, array_agg(sequence_no ORDER BY created_at, message_id) AS numbers"
            " FROM wire.delivery GROUP BY link, person_id"
        ).fetchall()
    assert {row["link"] for row in rows} == {"register-commons", "register-connector", "register-kiosk"}
    assert all(row["numbers"] == list(range(1, len(row["numbers"]) + 1)) for row in rows)


def test_what_waited_before_is_numbered_anew(house: House) -> None:
    """A house of an earlier version: the connector's messages had the gaps of a shared count."""
    name = house.empty()
    owner = house.cluster.settings("register_owner", name)
    known = load()
    split = next(place for place, item in enumerate(known) if item.name == "register/0260_number_per_link")
    apply(owner, known[:split], "register_app")
    at = datetime(2026, 4, 1, tzinfo=UTC)
    with psycopg.connect(owner.conninfo(), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO register.person (person_id, addressee_number, last_sequence_no, last_recorded_at)"
            " VALUES (7, '0000000019', 9, %s)",
            (at,),
        )
        for message, (link, number) in enumerate(
            [("register-commons", 1), *((f"register-{to}", n) for to in ("connector", "kiosk") for n in (2, 3, 9))]
        ):
            connection.execute(
                "INSERT INTO wire.delivery (link, message_id, created_at, kind, person_id, sequence_no, next_attempt_at)"
                " VALUES (%s, %s, %s, 'suppression-changed', 7, %s, %s)",
                (link, message, at, number, at),
            )
        apply(owner, known, "register_app")
        rows = connection.execute("SELECT link, sequence_no FROM wire.delivery ORDER BY message_id").fetchall()
        person = connection.execute("SELECT connector_no, kiosk_no FROM register.person").fetchone()
    house.drop(name)
    assert [number for _, number in rows] == [1, 1, 2, 3, 1, 2, 3]
    assert person == (3, 3)
