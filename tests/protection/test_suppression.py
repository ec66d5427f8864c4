"""Suppression per process and level, its temporary release, and the one door under it (STD 3.1)."""

import threading
from datetime import date, timedelta

import psycopg
import pytest

from daicho.access.errors import NotAllowed, NotAvailable
from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.desk import address_batch
from daicho.register.desk import check as checking
from daicho.register.paper import issue
from daicho.register.protection import measures
from daicho.register.store import suppression
from daicho.register.store.commit import Request, register
from daicho.register.store.protection_errors import ChangeSuppressed, ItemMissing, NotInThatState
from daicho.register.store.read import live_rows, read_before
from daicho.register.store.suppression import Setting
from daicho.wire.environment import Connection, Environment
from tests.desk.test_address_batch import addresses, receive, settled
from tests.desk.test_other_changes import checked as checked_case
from tests.desk.test_other_changes import start
from tests.desk.test_two_at_once import until_somebody_waits
from tests.house_database import SettableClock
from tests.people import move_in_family, plan, request
from tests.protection.build import CLERK, PROTECTOR, REVIEWER

TODAY = date(2026, 4, 1)
ON = date(2026, 3, 31)


def setting(person_id: int | None, **changes: object) -> Setting:
    values: dict[str, object] = {"person_id": person_id, "on_issue": "error", "from_on": TODAY, "reason": "01"}
    return Setting(**{**values, **changes})  # type: ignore[arg-type]


def issue_held(env: Environment, people: list[int]) -> bool:
    with env.database.transaction() as connection:
        return suppression.issue_is_held_back(connection, env, CLERK, people)


def change_levels(env: Environment, people: list[int]) -> dict[int, str]:
    with env.database.transaction() as connection:
        return dict(suppression.levels(connection, env, people, "change"))


def checked(env: Environment, person: int) -> Request:
    """An amendment of one person, checked and ready for the one door."""
    with env.database.transaction() as connection:
        record = live_rows(connection, [person])[person][-1].record
        before = read_before(connection, [record.household_id], [person], ON)
    after = record.with_(remarks="訂正", settled_on=LegalDate(ON))
    return request(before, plan(Effect(person, "amend", "mover", ON, after), reason=Reason.EX_OFFICIO_AMENDMENT))


def do(env: Environment, wanted: Request) -> None:
    with env.database.transaction() as connection:
        register(connection, env, REVIEWER, wanted)


def messages(env: Environment) -> int:
    with env.database.transaction() as connection:
        row = connection.execute("SELECT count(*) AS n FROM wire.outbox WHERE kind = 'suppression-changed'").fetchone()
    assert row is not None
    return int(row["n"])


def test_levels_per_process_and_several_at_once(environment: Environment) -> None:
    _, people = move_in_family(environment)
    suppression.set_suppression(environment, REVIEWER, setting(people[0], on_issue="alert", on_change="alert"))
    assert not issue_held(environment, people)
    suppression.set_suppression(environment, REVIEWER, setting(people[0], on_change="error", on_issue="none"))
    suppression.set_suppression(environment, REVIEWER, setting(people[1], on_issue="error", from_on=TODAY))
    assert change_levels(environment, people) == {people[0]: "error"}
    assert issue_held(environment, people)
    assert not issue_held(environment, [people[0], people[2]])
    assert [one.on_change for one in suppression.suppressions(environment, REVIEWER, people[0])] == ["alert", "error"]
    with pytest.raises(NotAvailable):
        suppression.suppressions(environment, REVIEWER, 404)


def test_a_household_is_suppressed_with_everybody_in_it(environment: Environment) -> None:
    household, people = move_in_family(environment)
    _, others = move_in_family(environment, size=1)
    suppression.set_suppression(environment, REVIEWER, setting(None, household_id=household))
    assert issue_held(environment, [people[3]])
    assert not issue_held(environment, others)
    [one] = suppression.suppressions(environment, REVIEWER, people[3])
    assert one.of_household
    assert messages(environment) == 4 * 3
    with pytest.raises(NotAvailable):
        suppression.set_suppression(environment, REVIEWER, setting(None, household_id=404))


def test_it_begins_on_its_day_and_does_not_end_on_its_last(environment: Environment, clock: SettableClock) -> None:
    _, people = move_in_family(environment, size=1)
    last = TODAY + timedelta(days=12)
    suppression.set_suppression(
        environment, REVIEWER, setting(people[0], from_on=TODAY + timedelta(days=2), until_on=last)
    )
    assert not issue_held(environment, people)
    clock.advance(days=2)
    assert issue_held(environment, people)
    clock.advance(days=400)
    assert issue_held(environment, people)
    [one] = suppression.suppressions(environment, REVIEWER, people[0])
    assert one.overdue


def test_imari_2008_a_temporary_release_puts_itself_back(environment: Environment, clock: SettableClock) -> None:
    """A warning was lifted for one document and not put back. Here it comes back by the clock, and nobody is told."""
    _, people = move_in_family(environment, size=1)
    held = suppression.set_suppression(environment, REVIEWER, setting(people[0]))
    before = messages(environment)
    until = suppression.lift(environment, REVIEWER, held, 10, "本人の申請で1通")
    assert until == clock.now() + timedelta(minutes=10)
    assert not issue_held(environment, people)
    assert suppression.suppressions(environment, REVIEWER, people[0])[0].lifted_until == until
    clock.advance(minutes=9, seconds=59)
    assert not issue_held(environment, people)
    clock.advance(seconds=1)
    assert issue_held(environment, people)
    assert messages(environment) == before


def test_release_ends_it_once(environment: Environment) -> None:
    _, people = move_in_family(environment, size=1)
    held = suppression.set_suppression(environment, PROTECTOR, setting(people[0]))
    suppression.release_suppression(environment, PROTECTOR, held, "申出の取下げ")
    assert not issue_held(environment, people)
    assert messages(environment) == 2 * 3
    with pytest.raises(NotInThatState):
        suppression.release_suppression(environment, PROTECTOR, held, "もう一度")
    with pytest.raises(NotInThatState):
        suppression.lift(environment, PROTECTOR, held, 5, "一度")
    with pytest.raises(NotAvailable):
        suppression.release_suppression(environment, PROTECTOR, 404, "ない")


def test_setting_releasing_and_lifting_are_rights_of_their_own(environment: Environment) -> None:
    _, people = move_in_family(environment, size=1)
    with pytest.raises(NotAllowed):
        suppression.set_suppression(environment, CLERK, setting(people[0]))
    held = suppression.set_suppression(environment, REVIEWER, setting(people[0]))
    with pytest.raises(NotAllowed):
        suppression.release_suppression(environment, REVIEWER, held, "理由")
    with pytest.raises(NotAllowed):
        suppression.lift(environment, CLERK, held, 5, "理由")
    suppression.lift(environment, REVIEWER, held, 5, "理由")


@pytest.mark.parametrize(
    "wrong",
    [
        {"household_id": 5},
        {"person_id": None},
        {"on_issue": "none"},
        {"reason": "77"},
        {"until_on": date(2026, 3, 1)},
    ],
)
def test_what_is_not_a_suppression_is_refused(environment: Environment, wrong: dict[str, object]) -> None:
    with pytest.raises(ItemMissing):
        suppression.set_suppression(environment, REVIEWER, setting(**{"person_id": 1, **wrong}))  # type: ignore[arg-type]


@pytest.mark.parametrize(("minutes", "reason"), [(0, "理由"), (481, "理由"), (5, " ")])
def test_what_is_not_a_temporary_release_is_refused(environment: Environment, minutes: int, reason: str) -> None:
    with pytest.raises(ItemMissing):
        suppression.lift(environment, REVIEWER, 1, minutes, reason)


def test_nothing_of_it_is_ever_changed(environment: Environment) -> None:
    _, people = move_in_family(environment, size=1)
    suppression.set_suppression(environment, REVIEWER, setting(people[0]))
    for statement in ("UPDATE register.suppression SET note = 'x'", "DELETE FROM register.suppression"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), environment.database.transaction() as connection:
            connection.execute(statement)


def test_a_person_suppressed_for_changes_is_not_registered(environment: Environment, clock: SettableClock) -> None:
    _, people = move_in_family(environment, size=1)
    wanted = checked(environment, people[0])
    held = suppression.set_suppression(environment, REVIEWER, setting(people[0], on_change="error"))
    with pytest.raises(ChangeSuppressed):
        do(environment, wanted)
    with environment.database.transaction() as connection:
        row = connection.execute("SELECT act, refused FROM trail.entry ORDER BY entry_id DESC LIMIT 1").fetchone()
    assert row == {"act": "suppression.refuse", "refused": True}
    suppression.lift(environment, REVIEWER, held, 5, "届出の受理")
    do(environment, wanted)


@pytest.mark.parametrize("kind", ["suppression", "protection"])
def test_what_is_set_between_check_and_registration_wins(
    environment: Environment, owner_connection: Connection, kind: str
) -> None:
    """Two real connections: the setter holds the person, the registration waits behind it and is refused."""
    _, people = move_in_family(environment, size=1)
    wanted = checked(environment, people[0])
    results: list[object] = []
    started = threading.Event()

    def registers() -> None:
        started.wait()
        try:
            do(environment, wanted)
            results.append("registered")
        except ChangeSuppressed as error:
            results.append(error)

    thread = threading.Thread(target=registers)
    thread.start()
    with environment.database.transaction() as connection:
        suppression.lock_persons(connection, people)
        started.set()
        until_somebody_waits(owner_connection)
        _set_inside(connection, environment, people[0], kind)
    thread.join()
    assert isinstance(results[0], ChangeSuppressed)


def _set_inside(connection: Connection, env: Environment, person: int, kind: str) -> None:
    """Set it on this connection, as the services do behind their own lock."""
    from dataclasses import replace

    class Here:
        def transaction(self) -> object:
            from contextlib import nullcontext

            return nullcontext(connection)

    here = replace(env, database=Here())  # type: ignore[arg-type]
    if kind == "protection":
        measures.provisional(here, CLERK, person)
    else:
        suppression.set_suppression(here, REVIEWER, setting(person, on_change="error"))


def test_a_registration_under_way_is_finished_before_the_measure_is_set(
    environment: Environment, owner_connection: Connection
) -> None:
    """The other order: the change holds the person, the measure waits, and protects what the change has made."""
    _, people = move_in_family(environment, size=1)
    wanted = checked(environment, people[0])
    done: list[int] = []
    with environment.database.transaction() as connection:
        register(connection, environment, REVIEWER, wanted)
        thread = threading.Thread(target=lambda: done.append(measures.provisional(environment, CLERK, people[0])))
        thread.start()
        until_somebody_waits(owner_connection)
        assert done == []
    thread.join()
    assert len(done) == 1
    assert issue_held(environment, people)


def test_levels_show_at_the_check_page_and_at_the_counter(environment: Environment) -> None:
    """An alert is acknowledged with a reason, an error stops; the certificate's form says the alert (STD 3.1)."""
    household, people = move_in_family(environment)
    case = start(environment, Reason.HEAD_CHANGE, household, people[0])
    suppression.set_suppression(environment, REVIEWER, setting(people[1], on_change="alert", on_issue="alert"))
    seen = checked_case(environment, case, {"change_date": "-1", "new_head": str(people[1])})
    assert "W062" in {alert.code for alert in seen.prepared.warnings}
    suppression.set_suppression(environment, REVIEWER, setting(people[1], on_change="error", on_issue="none"))
    again = checking.look_again(environment, CLERK, case.case_number)
    assert "W063" in {alert.code for alert in again.prepared.stops}
    assert issue.outlook(environment, CLERK, people).alerted
    assert not issue.outlook(environment, CLERK, [people[0]]).alerted


def test_a_line_of_a_bulk_change_tells_nothing_of_a_hidden_person(environment: Environment) -> None:
    """Whether the place written in the file was right is not told: the line reads like one of an unknown number."""
    settled(environment, 2, 1)
    with environment.database.transaction() as connection:
        rows = connection.execute("SELECT person_id FROM register.person ORDER BY person_id LIMIT 1").fetchall()
    measures.provisional(environment, CLERK, rows[0]["person_id"])
    batch = receive(environment, addresses(2))
    problems = [line.problem for line in address_batch.lines_of(environment, CLERK, batch)]
    assert problems[0] == address_batch.NOT_FOUND
    assert problems[1] != address_batch.NOT_FOUND
