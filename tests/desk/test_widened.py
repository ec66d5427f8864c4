"""Many hands: decisions of a list each by itself, a case handed to the next station (STD 4.0.8)."""

import pytest

from daicho.access.errors import NotAllowed
from daicho.register.desk import case as desk
from daicho.register.desk import files, review
from daicho.register.desk.bulk import CAP, TooManyDecisions, decide_many, for_decision, offices
from daicho.register.desk.errors import HeldByOther, UnknownCode, WrongStatus
from daicho.register.desk.stations import hand_over
from daicho.wire.environment import Connection, Environment
from tests.desk.build import OTHER_CLERK, OTHER_REVIEWER, births, family_typed, receive, rekeys, taken
from tests.desk.test_case import counts
from tests.people import CLERK, REVIEWER


def reviewed(env: Environment, base: int) -> tuple[str, int]:
    """A case that waits for its decision: number and version."""
    case = taken(env, family_typed(base=base), sending=f"t{base}")
    review.rekey(env, REVIEWER, case.case_number, rekeys(base))
    done = review.approve(env, REVIEWER, case.case_number, case.version, go_on=False)
    return done.case_number, done.version


def test_each_case_of_a_list_is_registered_by_itself(environment: Environment, owner_connection: Connection) -> None:
    """Two go, one was touched since and stays with its reason, one does not exist; nothing is all or nothing."""
    first, second, third = (reviewed(environment, base) for base in (0, 10, 30))
    assert births(0) != births(10)
    with environment.database.transaction() as connection:
        assert offices(connection) == [("市民課", 3)]
        shown = for_decision(connection, "市民課")
        assert [one.code for one in shown] == [f"{number}:{version}" for number, version in (first, second, third)]
        assert for_decision(connection, "大里") == []
    stale = (second[0], second[1] - 1)
    outcomes = decide_many(environment, OTHER_REVIEWER, [first, stale, ("R8-0401-9999", 1), third, first])
    assert [(one.number, one.error.code if one.error else None) for one in outcomes] == [
        (first[0], None), (second[0], "K003"), ("R8-0401-9999", "K001"), (third[0], None),
    ]  # fmt: skip
    assert counts(owner_connection) == (2, 8)
    with environment.database.transaction() as connection:
        assert [one.line.case_number for one in for_decision(connection, "市民課")] == [second[0]]
    again = decide_many(environment, OTHER_REVIEWER, [first, second])
    assert [one.error for one in again] == [None, None]
    assert counts(owner_connection) == (3, 12)


def test_who_entered_decides_nothing_in_a_list_either(environment: Environment, owner_connection: Connection) -> None:
    number, version = reviewed(environment, 0)
    with pytest.raises(NotAllowed):
        decide_many(environment, CLERK, [(number, version)])
    assert counts(owner_connection) == (0, 0)


def test_a_list_has_a_cap(environment: Environment) -> None:
    for chosen in ([], [(f"R8-0401-{n:04d}", 1) for n in range(CAP + 1)]):
        with pytest.raises(TooManyDecisions):
            decide_many(environment, REVIEWER, chosen)


def test_a_case_is_handed_to_the_next_station_with_a_note(environment: Environment) -> None:
    """Reception leaves it to entry: the note, the typed fields and the field in use stay; another clerk goes on."""
    case = receive(environment)
    case = desk.save_draft(environment, CLERK, case.case_number, case.version, {"lot": "214-3"}, focus="f-building")
    handed = hand_over(environment, CLERK, case.case_number, case.version, "check", " 書類は棚3 ")
    assert (handed.holder, handed.focus, handed.typed["lot"]) == (None, "f-building", "214-3")
    held = desk.hold(environment, OTHER_CLERK, case.case_number)
    assert (held.holder, held.focus) == ("clerk2", "f-building")
    with environment.database.transaction() as connection:
        history = files.events(connection, case.case_id)
        row = connection.execute("SELECT station, station_note FROM register.case_file").fetchone()
    assert [e.comments for e in history if e.act == "hand_over"] == [(("", "確認へ: 書類は棚3"),)]
    assert row == {"station": "check", "station_note": "書類は棚3"}
    with pytest.raises(HeldByOther):
        hand_over(environment, CLERK, case.case_number, held.version, "entry", "")
    back = hand_over(environment, OTHER_CLERK, case.case_number, held.version, "reception", "")
    assert back.holder is None


def test_where_a_case_cannot_go(environment: Environment) -> None:
    case = receive(environment)
    with pytest.raises(UnknownCode):
        hand_over(environment, CLERK, case.case_number, case.version, "cellar", "")
    parked = desk.park(environment, CLERK, case.case_number, case.version, "昼休み")
    with pytest.raises(WrongStatus):
        hand_over(environment, CLERK, case.case_number, parked.version, "entry", "")
