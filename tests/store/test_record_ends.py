"""A pair of changes in one act, and the removed record of somebody who lives on with another one."""

from dataclasses import replace
from datetime import date

import psycopg
import pytest

from daicho.access.actor import Purpose
from daicho.access.errors import NotAllowed, NotAvailable
from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.notification import Renewal
from daicho.register.changes.plan import Effect, Plan, RecordEnd
from daicho.register.store.access import AsOf, open_household, open_removed_record
from daicho.register.store.commit import Registered, Request, register
from daicho.register.store.errors import StateOverlap
from daicho.register.store.read import live_rows, read_before
from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.people import CLERK, REVIEWER, actor, do_register, move_in_family, plan

INQUIRY = Purpose.RESIDENT_INQUIRY
TODAY = date(2026, 4, 1)


def renew(env: Environment, household_id: int, *people: int, on: date = TODAY) -> Registered:
    """Renew records through the one door."""
    wanted = Renewal(household_id=household_id, person_ids=people, change_date=on)
    change = change_of(Reason.RENEWAL_ENTRY)
    households, persons = change.scope(wanted)
    with env.database.transaction() as connection:
        seen = read_before(connection, households, persons, on)
        return register(
            connection,
            env,
            REVIEWER,
            Request(
                plan_of=lambda before: change.plan(before, wanted, env.clock.today()),
                on=on,
                household_ids=households,
                person_ids=persons,
                fingerprint=seen.fingerprint(),
                entrant="clerk1",
                reviewer="reviewer1",
                decider="reviewer1",
                case_id=None,
            ),
        )


def move(env: Environment, person: int, on: date, address: str) -> None:
    """Another address from a day on."""
    with env.database.transaction() as connection:
        after = live_rows(connection, [person])[person][-1].record.with_(address=address)
        do_register(connection, env, plan(Effect(person, "amend", "mover", on, after), reason=Reason.MOVE_WITHIN))


def test_a_pair_is_two_changes_in_one_act_that_name_each_other(environment: Environment) -> None:
    household_id, people = move_in_family(environment, 2)
    done = renew(environment, household_id, people[0])
    with environment.database.transaction() as connection:
        changes = connection.execute("SELECT * FROM register.change ORDER BY change_id").fetchall()[1:]
        people_of = connection.execute(
            "SELECT change_id, person_id, kind, history_no FROM register.change_person WHERE change_id >= %s"
            " ORDER BY change_id",
            (done.removal_id,),
        ).fetchall()
        acts = connection.execute("SELECT count(*) AS n FROM trail.entry WHERE act = 'change.register'").fetchone()
        told = connection.execute("SELECT count(*) AS n FROM wire.outbox WHERE link = 'register-commons'").fetchone()
    removal, entry = changes
    assert (removal["change_id"], entry["change_id"]) == (done.removal_id, done.change_id)
    assert (removal["reason"], entry["reason"]) == ("renewal_removal", "renewal_entry")
    assert (removal["paired_with"], entry["paired_with"]) == (done.change_id, done.removal_id)
    assert removal["recorded_at"] == entry["recorded_at"] == done.recorded_at
    assert [(row["kind"], row["history_no"]) for row in people_of] == [("remove", 1), ("enter", 2)]
    assert {row["person_id"] for row in people_of} == {people[0]}
    assert (acts, told) == ({"n": 2}, {"n": 3})


def test_the_removed_record_is_the_last_state_with_its_end(environment: Environment, clock: SettableClock) -> None:
    household_id, [person] = move_in_family(environment, 1)
    clock.advance(days=4)
    move(environment, person, date(2026, 4, 3), "宮町二丁目47番地")
    clock.advance(days=1)
    known = clock.now()
    clock.advance(days=1)
    renew(environment, household_id, person, on=date(2026, 4, 5))
    sheet = open_removed_record(environment, CLERK, person, 1, INQUIRY)
    removed = sheet.removed
    assert (len(sheet.addressee_number), len(sheet.household_number)) == (10, 8)
    assert (removed.record.address, removed.record.status) == ("宮町二丁目47番地", "removed")
    assert (removed.record.removed_on, removed.record.removed_reason) == (LegalDate(date(2026, 4, 5)), "改製")
    assert [state.record.address for state in removed.states] == ["肥塚三丁目112番地4", "宮町二丁目47番地"]
    assert removed.goes_on
    with pytest.raises(NotAvailable):
        open_removed_record(environment, CLERK, person, 2, INQUIRY)
    with pytest.raises(NotAvailable):
        open_removed_record(environment, CLERK, person, 1, INQUIRY, AsOf(date(2026, 4, 5), known))
    with pytest.raises(NotAvailable):
        open_removed_record(environment, CLERK, person, 1, INQUIRY, AsOf(date(2026, 4, 4)))
    assert open_removed_record(environment, CLERK, person, 1, INQUIRY, AsOf(date(2026, 4, 5), clock.now())).removed


def test_what_changed_on_the_day_of_the_renewal_stands_in_the_removed_record(environment: Environment) -> None:
    """The last change of a day wins on the valid axis; the removed record keeps what the others made."""
    household_id, [person] = move_in_family(environment, 1)
    move(environment, person, TODAY, "宮町二丁目47番地")
    renew(environment, household_id, person)
    renew(environment, household_id, person)
    for number in (1, 2):
        removed = open_removed_record(environment, CLERK, person, number, INQUIRY).removed
        assert (removed.record.address, removed.record.record_no) == ("宮町二丁目47番地", number)
    sheet = open_household(environment, CLERK, household_id, INQUIRY)
    assert [one.record_no for one in sheet.former[person]] == [1, 2]
    assert sheet.member(person).state.record.record_no == 3


def test_a_look_at_a_removed_record_is_on_record_and_needs_the_right(environment: Environment) -> None:
    household_id, [person] = move_in_family(environment, 1)
    renew(environment, household_id, person)
    open_removed_record(environment, CLERK, person, 1, INQUIRY)
    with pytest.raises(NotAvailable):
        open_removed_record(environment, CLERK, person, 7, INQUIRY)
    with pytest.raises(NotAllowed):
        open_removed_record(environment, actor("nobody"), person, 1, INQUIRY)
    with environment.database.transaction() as connection:
        looks = connection.execute(
            "SELECT e.refused, (SELECT array_agg(s.person_id) FROM trail.subject s WHERE s.entry_id = e.entry_id) AS who"
            " FROM trail.entry e WHERE e.act = 'history.open' ORDER BY entry_id"
        ).fetchall()
    assert [(row["refused"], row["who"]) for row in looks] == [(False, [person]), (True, None)]


def test_whoever_moved_out_and_returned_has_a_removed_record_too(environment: Environment) -> None:
    household_id, [person] = move_in_family(environment, 1)
    with environment.database.transaction() as connection:
        record = live_rows(connection, [person])[person][-1].record
        gone = record.with_(status="moved_out", removed_on=LegalDate(date(2026, 3, 31)), removed_reason="国内転出")
        do_register(connection, environment, plan(Effect(person, "remove", "mover", date(2026, 3, 31), gone)))
    assert not open_removed_record(environment, CLERK, person, 1, INQUIRY).removed.goes_on
    with environment.database.transaction() as connection:
        back = record.with_(record_no=2)
        do_register(connection, environment, plan(Effect(person, "enter", "mover", date(2026, 3, 31), back)))
    removed = open_removed_record(environment, CLERK, person, 1, INQUIRY).removed
    assert (removed.record.removed_reason, removed.removed_by) == ("国内転出", removed.states[-1].made_by)
    assert open_household(environment, CLERK, household_id, INQUIRY).former[person] == (removed,)


def test_both_halves_stand_in_the_list_of_changes(environment: Environment) -> None:
    household_id, [person] = move_in_family(environment, 1)
    done = renew(environment, household_id, person)
    changes = {line.change_id: line for line in open_household(environment, CLERK, household_id, INQUIRY).changes}
    [step] = changes[done.removal_id or 0].steps
    assert (step.before and step.before.is_resident, step.after.status) == (True, "removed")
    [step] = changes[done.change_id].steps
    assert (step.before and step.before.record_no, step.after.record_no) == (1, 2)


def _takes_back(env: Environment, person: int, change_id: int, number: int) -> Plan:
    """What takes a change back: the record with that number goes on."""
    with env.database.transaction() as connection:
        record = live_rows(connection, [person])[person][-1].record.with_(record_no=number)
    effect = Effect(person, "enter", "mover", TODAY, record)
    return Plan(Reason.CANCELLATION_REMOVAL, Basis.EX_OFFICIO, LegalDate(TODAY), None, (effect,), cancels=change_id)


def test_an_end_is_taken_back_with_its_change_and_given_back_too(
    environment: Environment, clock: SettableClock
) -> None:
    household_id, [person] = move_in_family(environment, 1)
    done = renew(environment, household_id, person)
    clock.advance(hours=1)
    with environment.database.transaction() as connection:
        back = do_register(connection, environment, _takes_back(environment, person, done.change_id, 1))
    sheet = open_household(environment, CLERK, household_id, INQUIRY)
    assert (sheet.former[person], sheet.member(person).state.record.record_no) == ((), 1)
    then = AsOf(TODAY, done.recorded_at)
    assert open_removed_record(environment, CLERK, person, 1, INQUIRY, then).removed.record_no == 1
    with pytest.raises(NotAvailable):
        open_removed_record(environment, CLERK, person, 1, INQUIRY)
    clock.advance(hours=1)
    with environment.database.transaction() as connection:
        do_register(connection, environment, _takes_back(environment, person, back.change_id, 2))
    removed = open_removed_record(environment, CLERK, person, 1, INQUIRY).removed
    assert (removed.removed_by, removed.record.removed_reason) == (done.removal_id, "改製")
    lines = open_household(environment, CLERK, household_id, INQUIRY).changes
    assert len([line for line in lines if line.change_id == done.removal_id]) == 1


def test_the_database_itself_keeps_ends_and_pairs(environment: Environment, owner_connection: Connection) -> None:
    household_id, people = move_in_family(environment, 2)
    done = renew(environment, household_id, *people)
    for statement in (
        "UPDATE register.record_end SET removed_on = '2020-01-01'",
        "UPDATE register.record_end SET known = tstzrange(lower(known) - interval '1 day', NULL)",
        "DELETE FROM register.record_end",
    ):
        with pytest.raises(psycopg.errors.IntegrityError):
            owner_connection.execute(statement.encode())
    copy = (
        "INSERT INTO register.change (change_id, reason, basis, change_date, recorded_at, entrant, terminal, office,"
        " paired_with) SELECT change_id + 1000000, reason, basis, change_date, recorded_at, entrant, terminal, office, {}"
        f" FROM register.change WHERE change_id = {done.change_id}"
    )
    for other in (done.removal_id, "change_id + 1000000", "1"):
        with pytest.raises(psycopg.errors.IntegrityError):
            owner_connection.execute(copy.format(other).encode())


def test_a_record_cannot_end_twice(environment: Environment) -> None:
    household_id, [person] = move_in_family(environment, 1)
    renew(environment, household_id, person)
    wanted = _takes_back(environment, person, 1, 1)
    end = RecordEnd(person, 1, LegalDate(TODAY), None, "改製", "職権")
    twice = replace(wanted, reason=Reason.ERROR_CORRECTION, cancels=None, ends=(end,))
    with pytest.raises(StateOverlap), environment.database.transaction() as connection:
        do_register(connection, environment, twice)
