"""What was registered ahead begins by itself: whoever searches on the day sees what holds then."""

import threading
from datetime import date

import pytest

from daicho.access.actor import Purpose
from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.desk import case as desk
from daicho.register.desk.errors import EntryIncomplete
from daicho.register.store.derived_day import bring_to_today
from daicho.register.store.numbers import unseal
from daicho.register.store.pairs import compare_two
from daicho.register.store.read import live_rows
from daicho.register.store.search import search
from daicho.wire.environment import Connection, Environment
from tests.desk.build import family_typed, receive
from tests.desk.test_other_changes import checked
from tests.desk.test_two_at_once import until_somebody_waits
from tests.house_database import SettableClock
from tests.people import CLERK, do_register, family, move_in_family, plan
from tests.store.register_checks import check_derived

INQUIRY = Purpose.RESIDENT_INQUIRY
DAY = date(2026, 4, 20)


@pytest.fixture
def leaving(environment: Environment) -> list[int]:
    """A couple with children; the husband has notified that he leaves on 20 April, the wife follows as head."""
    _, people = move_in_family(environment)
    with environment.database.transaction() as connection:
        records = {p: rows[-1].record for p, rows in live_rows(connection, people).items()}
        gone = records[people[0]].with_(status="moved_out", removed_on=LegalDate(DAY))
        head = records[people[1]].with_(relationship="02")
        do_register(
            connection,
            environment,
            plan(
                Effect(people[0], "remove", "mover", DAY, gone),
                Effect(people[1], "amend", "affected", DAY, head),
                reason=Reason.MOVE_OUT,
            ),
        )
    return people


def _seen(env: Environment, text: str = "タカハシ") -> dict[str, tuple[str, str, str | None]]:
    return {h.name: (h.status, h.relationship, h.head_name) for h in search(env, CLERK, text, INQUIRY).hits}


def test_a_search_on_the_day_shows_the_day(environment: Environment, clock: SettableClock, leaving: list[int]) -> None:
    before = _seen(environment)
    assert before["髙橋　健一"] == ("resident", "02", "髙橋　健一")
    assert before["髙橋　美咲"] == ("resident", "12", "髙橋　健一")
    clock.advance(days=19)
    after = _seen(environment)
    assert after["髙橋　健一"] == ("moved_out", "02", "髙橋　美咲")
    assert after["髙橋　美咲"] == ("resident", "02", "髙橋　美咲")
    assert list(after)[-1] == "髙橋　健一"
    check_derived(environment.database, leaving, clock.today())


def test_two_people_side_by_side_on_the_day(environment: Environment, clock: SettableClock, leaving: list[int]) -> None:
    clock.advance(days=30)
    pair = compare_two(environment, CLERK, (leaving[0], leaving[2]), INQUIRY)
    assert [side.record.status for side in pair.sides] == ["moved_out", "resident"]
    assert pair.sides[1].head_name == "髙橋　美咲"


def test_a_day_is_brought_in_once(environment: Environment, clock: SettableClock, leaving: list[int]) -> None:
    assert bring_to_today(environment) == 4
    assert bring_to_today(environment) == 0
    clock.advance(days=19)
    assert bring_to_today(environment) == 2
    assert bring_to_today(environment) == 0
    clock.advance(days=-3)
    assert bring_to_today(environment) == 0
    assert leaving


def test_the_day_begins_while_one_of_them_is_being_changed(
    environment: Environment, clock: SettableClock, owner_connection: Connection, leaving: list[int]
) -> None:
    """The search waits for the registration and sees both: what was registered and what began."""
    bring_to_today(environment)
    clock.advance(days=25)
    found: list[dict[str, tuple[str, str, str | None]]] = []
    threads = [threading.Thread(target=lambda: found.append(_seen(environment))) for _ in range(2)]
    with environment.database.transaction() as connection:
        wife = live_rows(connection, leaving)[leaving[1]][-1].record
        renamed = Effect(leaving[1], "amend", "mover", DAY, wife.with_(name="佐藤　美咲"))
        do_register(connection, environment, plan(renamed, reason=Reason.EX_OFFICIO_AMENDMENT))
        for thread in threads:
            thread.start()
        until_somebody_waits(owner_connection)
    for thread in threads:
        thread.join()
    assert [hits["佐藤　美咲"] for hits in found] == [("resident", "02", "佐藤　美咲")] * 2
    check_derived(environment.database, leaving, clock.today())


def test_who_left_on_a_planned_day_returns(environment: Environment, clock: SettableClock, leaving: list[int]) -> None:
    """A number of somebody who has left since is no resident's: the entry says that it is a return."""
    clock.advance(days=60)
    with environment.database.transaction() as connection:
        row = connection.execute(
            "SELECT * FROM register.number WHERE person_id = %s AND kind = 'individual_number'", (leaving[0],)
        ).fetchone()
    assert row is not None
    mine = unseal(environment.keys, "individual_number", leaving[0], row["ciphertext"], row["key_version"])
    assert mine == family(1, leaving)[0].numbers.individual_number
    case = receive(environment)
    typed = family_typed(1, base=50) | {"change_date": "今日", "p1.individual_number": mine}
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, typed)
    assert "番号が同じ除票" in " ".join(caught.value.fields.values())
    assert desk.open_case(environment, CLERK, case.case_number).status == "received"
