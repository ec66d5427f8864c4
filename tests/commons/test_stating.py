"""Everybody is told as they stand after a load; what was told since is newer and stays (S6-01)."""

import json

from daicho.commons import common_database
from daicho.register.store import stating
from daicho.wire.contracts.resident_changed import ResidentChanged
from daicho.wire.contracts.residents_stated import ResidentsStated
from daicho.wire.environment import Environment
from tests.commons.told import envelope
from tests.people import move_in_family


def said(env: Environment, kind: str) -> list[str]:
    """The contents of a kind in the outbox, in order."""
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT payload FROM wire.outbox WHERE kind = %s ORDER BY message_id", (kind,)
        ).fetchall()
    return [json.dumps(row["payload"]) for row in rows]


def taken(register: Environment, commons: Environment) -> list[tuple[int, int, int]]:
    """Let commons take what was stated last; (persons, not known before, otherwise here) of every statement."""
    stated = ResidentsStated.model_validate_json(said(register, "residents-stated")[-1])
    with commons.database.transaction() as connection:
        [number] = commons.ids.take(connection, 1)
        carried = envelope("residents-stated", 1).model_copy(update={"message_id": number})
        common_database.take_stated(connection, commons, carried, stated)
        rows = connection.execute(
            "SELECT persons, fresh, differed FROM commons.statement ORDER BY message_id"
        ).fetchall()
    return [(row["persons"], row["fresh"], row["differed"]) for row in rows]


def test_everybody_is_told_once_in_blocks_and_again_when_asked(environment: Environment) -> None:
    for _ in range(3):
        move_in_family(environment, 4)
    assert [stating.step(environment) for _ in range(3)] == [12, 0, 0]
    [text] = said(environment, "residents-stated")
    stated = ResidentsStated.model_validate_json(text)
    assert (len(stated.persons), stated.persons[0].sequence_no) == (12, 1)
    assert stated.persons[0].pictures[0].name == "髙橋　健一"
    stating.again(environment)
    assert stating.step(environment) == 12
    with environment.database.transaction() as connection:
        rows = connection.execute("SELECT sequence_no FROM wire.delivery WHERE person_id = 0 ORDER BY 1").fetchall()
    assert [row["sequence_no"] for row in rows] == [1, 2]


def test_an_older_statement_takes_nothing_back(environment: Environment, commons: Environment) -> None:
    move_in_family(environment, 1)
    stating.step(environment)
    [text] = said(environment, "residents-stated")
    stated = ResidentsStated.model_validate_json(text)
    [told] = said(environment, "resident-changed")
    change = ResidentChanged.model_validate_json(told)
    later = change.model_copy(
        update={"sequence_no": 2, "pictures": (change.pictures[0].model_copy(update={"name": "髙橋　次郎"}),)}
    )
    with commons.database.transaction() as connection:
        for content in (change, later):
            common_database.take(connection, commons, envelope("resident-changed", 3), content)
        common_database.take_stated(connection, commons, envelope("residents-stated", 1), stated)
        rows = connection.execute("SELECT name FROM commons.resident").fetchall()
    assert [row["name"] for row in rows] == ["髙橋　次郎"]


def test_what_differs_is_found_counted_and_put_right(environment: Environment, empty: Environment) -> None:
    """Once a month by itself (R-PRV-06): somebody changed a row behind the platform's back, somebody was lost."""
    move_in_family(environment, 3)
    assert [stating.step(environment) for _ in range(2)] == [3, 0]
    assert taken(environment, empty) == [(3, 3, 0)]
    with empty.database.transaction() as connection:
        connection.execute("DELETE FROM commons.resident WHERE relationship = '20'")
        connection.execute("UPDATE commons.resident SET valid_to = valid_from + 100 WHERE relationship = '12'")
    environment.clock.advance(days=29)  # type: ignore[attr-defined]
    assert stating.step(environment) == 0
    environment.clock.advance(days=1)  # type: ignore[attr-defined]
    assert stating.step(environment) == 3
    assert taken(environment, empty)[-1] == (3, 0, 2)
    with empty.database.transaction() as connection:
        rows = connection.execute("SELECT name FROM commons.resident ORDER BY household_order").fetchall()
    assert [row["name"] for row in rows] == ["髙橋　健一", "髙橋　美咲", "髙橋　蓮"]
