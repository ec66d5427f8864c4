"""Looking at people: what is shown at a point on both axes, what looks like nothing, and the trace of every look."""

from datetime import date, timedelta

import pytest

from daicho.access.actor import Purpose
from daicho.access.errors import NotAllowed, NotAvailable
from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.changes.record import ResidentRecord
from daicho.register.store.access import AsOf, household_of, open_household, open_person, reveal_number
from daicho.register.store.read import live_rows
from daicho.wire.environment import Environment, Row
from tests.house_database import SettableClock
from tests.people import CLERK, actor, do_register, move_in_family, plan, record

INQUIRY = Purpose.RESIDENT_INQUIRY
NOBODY = 999_999_999


def _amend(env: Environment, person: int, on: date, reason: Reason, **changes: object) -> ResidentRecord:
    """Register the last known record of a person with some changes, from a day on."""
    with env.database.transaction() as connection:
        after = live_rows(connection, [person])[person][-1].record.with_(**changes)
        do_register(connection, env, plan(Effect(person, "amend", "mover", on, after), reason=reason))
    return after


def _leave(env: Environment, person: int, on: date) -> None:
    _amend(env, person, on, Reason.MOVE_OUT, status="moved_out", removed_on=LegalDate(on))


def _last_entry(env: Environment) -> tuple[Row, list[int]]:
    """The newest entry of the trail and its subjects."""
    with env.database.transaction() as connection:
        entry = connection.execute("SELECT * FROM trail.entry ORDER BY entry_id DESC LIMIT 1").fetchone()
        assert entry is not None
        shown = connection.execute(
            "SELECT person_id FROM trail.subject WHERE entry_id = %s ORDER BY person_id", (entry["entry_id"],)
        ).fetchall()
    return entry, [row["person_id"] for row in shown]


def test_a_person_is_opened_with_a_trace(environment: Environment) -> None:
    _, people = move_in_family(environment)
    member = open_person(environment, CLERK, people[1], INQUIRY)
    assert (member.state.record.name, member.is_resident, len(member.addressee_number)) == ("髙橋　美咲", True, 10)
    entry, shown = _last_entry(environment)
    assert (entry["act"], entry["officer"], entry["purpose"], entry["refused"]) == (
        "person.open",
        "clerk1",
        "04",
        False,
    )
    assert shown == [people[1]]


def test_a_person_is_opened_as_known_then(environment: Environment, clock: SettableClock) -> None:
    _, people = move_in_family(environment, size=1)
    known = clock.now()
    clock.advance(days=30)
    _amend(environment, people[0], date(2026, 4, 2), Reason.EX_OFFICIO_AMENDMENT, name="佐藤　健一")
    on = date(2026, 4, 5)

    def name(as_of: AsOf | None) -> str:
        return open_person(environment, CLERK, people[0], INQUIRY, as_of).state.record.name

    assert (name(None), name(AsOf(on)), name(AsOf(on, known))) == ("佐藤　健一", "佐藤　健一", "髙橋　健一")
    with pytest.raises(NotAvailable):
        name(AsOf(on, known - timedelta(seconds=1)))
    with pytest.raises(NotAvailable):
        name(AsOf(date(2026, 3, 29)))


def test_who_is_not_there_looks_as_not_allowed_and_is_on_record(environment: Environment) -> None:
    """A refused look writes its trace too, without a subject."""
    for look, act in (
        (lambda: open_person(environment, CLERK, NOBODY, INQUIRY), "person.open"),
        (lambda: open_household(environment, CLERK, NOBODY, INQUIRY), "household.open"),
        (lambda: open_household(environment, CLERK, NOBODY, INQUIRY, AsOf(date(2026, 4, 1))), "history.open"),
        (lambda: household_of(environment, CLERK, NOBODY, INQUIRY), "household.open"),
        (lambda: reveal_number(environment, CLERK, NOBODY, "resident_code", INQUIRY), "number.show"),
    ):
        with pytest.raises(NotAvailable):
            look()
        entry, shown = _last_entry(environment)
        assert (entry["act"], entry["refused"], entry["number_shown"], shown) == (act, True, False, [])


def test_nobody_learns_a_household_without_the_right(environment: Environment) -> None:
    household_id, people = move_in_family(environment, size=1)
    with pytest.raises(NotAllowed):
        household_of(environment, actor("admin1", "administrator"), people[0], INQUIRY)
    with pytest.raises(NotAllowed):
        reveal_number(environment, actor("admin1", "administrator"), people[0], "resident_code", INQUIRY)
    assert household_of(environment, CLERK, people[0], INQUIRY) == household_id


def test_a_number_that_a_person_does_not_have_is_not_shown(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        household_id, person = environment.ids.take(connection, 2)
        entered = Effect(person, "enter", "mover", date(2026, 3, 30), record(household_id))
        do_register(connection, environment, plan(entered))
    with pytest.raises(NotAvailable):
        reveal_number(environment, CLERK, person, "individual_number", INQUIRY)


def test_a_planned_leaver_stands_in_the_household_until_the_day(environment: Environment, clock: SettableClock) -> None:
    household_id, people = move_in_family(environment)
    _leave(environment, people[3], date(2026, 4, 20))
    before = open_household(environment, CLERK, household_id, INQUIRY)
    assert [m.person_id for m in before.members] == people
    assert before.planned[people[3]].valid_from == date(2026, 4, 20)
    assert list(before.planned) == [people[3]]
    clock.advance(days=30)
    after = open_household(environment, CLERK, household_id, INQUIRY)
    assert [m.person_id for m in after.members] == people[:3]
    assert [(m.person_id, m.is_resident) for m in after.removed] == [(people[3], False)]
    assert after.planned == {}
    assert after.member(people[0]) == after.members[0]
    assert after.member(people[3]) == after.removed[0]
    with pytest.raises(NotAvailable):
        after.member(NOBODY)
    entry, shown = _last_entry(environment)
    assert (entry["act"], shown) == ("household.open", people)


def test_who_went_on_to_another_household_is_not_shown_in_the_old_one(environment: Environment) -> None:
    household_id, people = move_in_family(environment)
    with environment.database.transaction() as connection:
        [other] = environment.ids.take(connection, 1)
    _amend(
        environment, people[2], date(2026, 3, 31), Reason.MOVE_WITHIN,
        household_id=other, relationship="02", household_order=1, address="石原二丁目15番地",
    )  # fmt: skip
    old = open_household(environment, CLERK, household_id, INQUIRY)
    assert people[2] not in [m.person_id for m in (*old.members, *old.removed)]
    assert [m.person_id for m in open_household(environment, CLERK, other, INQUIRY).members] == [people[2]]
    with pytest.raises(NotAvailable):
        open_household(environment, CLERK, other, INQUIRY, AsOf(date(2026, 3, 30)))
    assert _last_entry(environment)[0]["refused"]


def test_changes_that_were_not_known_then_are_left_out(environment: Environment, clock: SettableClock) -> None:
    household_id, people = move_in_family(environment, size=1)
    known = clock.now()
    clock.advance(days=3)
    _amend(environment, people[0], date(2026, 4, 1), Reason.EX_OFFICIO_AMENDMENT, remarks="備考")
    _amend(environment, people[0], date(2026, 4, 2), Reason.EX_OFFICIO_AMENDMENT, remarks="備考二")
    point = AsOf(date(2026, 4, 3), known)
    assert [c.reason for c in open_household(environment, CLERK, household_id, INQUIRY, point).changes] == [
        Reason.MOVE_IN
    ]
    now = open_household(environment, CLERK, household_id, INQUIRY)
    assert [c.steps[0].changed for c in now.changes] == [("remarks",), ("remarks",), ()]
    assert now.changes[0].steps[0].before is not None
    assert now.changes[0].steps[0].before.remarks == "備考"
