"""Cancellation through the one door: what the store reads for it, and what becomes of numbers."""

from dataclasses import replace
from datetime import date

import pytest

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.cancellation import cancelling_reason
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.notification import Cancellation, Death
from daicho.register.changes.plan import Effect
from daicho.register.changes.undoing import days_written
from daicho.register.store.cancelled import cancelled
from daicho.register.store.commit import Registered, Request, register
from daicho.register.store.errors import NumberInUse, StaleBefore
from daicho.register.store.read import read_before, read_past
from daicho.wire.environment import Connection, Environment
from tests.people import REVIEWER, do_register, family, move_in_family, plan
from tests.store.test_record_ends import renew

ON = date(2026, 3, 31)


def notice(connection: Connection, change_id: int) -> Cancellation:
    """The cancellation of a change for everybody who moved by it."""
    people = [
        row["person_id"]
        for row in connection.execute(
            "SELECT person_id FROM register.change_person WHERE change_id = %s::bigint ORDER BY person_id", (change_id,)
        )
    ]
    past = read_past(connection, people)
    parts = past.changes[change_id].people
    return Cancellation(
        change_id=change_id,
        first_day=min(days_written(past, person, change_id)[0] for person in parts),
        household_ids=tuple(sorted({row.record.household_id for rows in past.rows.values() for row in rows})),
        involved_ids=tuple(people),
        person_ids=tuple(person for person in people if parts[person].role == "mover"),
    )


def request(connection: Connection, env: Environment, wanted: Cancellation) -> Request:
    """What registers a cancellation, checked on the register as it stands."""
    [reason] = [
        cancelling_reason(Reason(row["reason"]))
        for row in connection.execute(
            "SELECT reason FROM register.change WHERE change_id = %s::bigint", (wanted.change_id,)
        )
    ]
    change = change_of(reason)
    scope = change.scope(wanted)
    before = read_before(connection, *scope, wanted.on, with_past=True)
    return Request(
        plan_of=lambda seen: change.plan(seen, wanted, env.clock.today()),
        on=wanted.on,
        household_ids=scope.household_ids,
        person_ids=scope.person_ids,
        fingerprint=before.fingerprint(),
        entrant="clerk1",
        reviewer="reviewer1",
        decider="reviewer1",
        with_past=True,
    )


def cancel(env: Environment, change_id: int) -> Registered:
    """Take a change back through the one door."""
    with env.database.transaction() as connection:
        return register(connection, env, REVIEWER, request(connection, env, notice(connection, change_id)))


def entered(env: Environment) -> tuple[int, list[int], int]:
    """A family of four: household, people, change."""
    household_id, people = move_in_family(env)
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT change_id FROM register.change_person WHERE person_id = %s::bigint", (people[0],)
        ).fetchone()
    assert row is not None
    return household_id, people, row["change_id"]


def numbers(env: Environment, person_id: int) -> list[bool]:
    """Whether each number of a person is still held."""
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT released_at IS NULL AS held FROM register.number WHERE person_id = %s::bigint", (person_id,)
        )
        return [row["held"] for row in rows]


def dies(env: Environment, household_id: int, person_id: int) -> int:
    """A child dies; the change."""
    died = Death(household_id=household_id, person_id=person_id, died=LegalDate(ON), notified_on=ON)
    with env.database.transaction() as connection:
        before = read_before(connection, [household_id], [person_id], ON)
        wanted = change_of(Reason.DEATH).plan(before, died, env.clock.today())
        return do_register(connection, env, wanted).change_id


def test_the_numbers_of_a_cancelled_entry_are_free_for_their_true_holder(environment: Environment) -> None:
    household_id, people, change = entered(environment)
    assert numbers(environment, people[0]) == [True, True]
    first = cancel(environment, change)
    assert numbers(environment, people[0]) == [False, False]
    with environment.database.transaction() as connection:
        row = connection.execute(
            "SELECT cancels, reason FROM register.change WHERE change_id = %s::bigint", (first.change_id,)
        ).fetchone()
    assert row == {"cancels": change, "reason": "cancellation_removal"}
    cancel(environment, first.change_id)
    assert numbers(environment, people[0]) == [True, True], "taken back, they are held again"
    assert household_id


def test_a_number_that_went_to_its_true_holder_is_not_taken_away(environment: Environment) -> None:
    _, people, change = entered(environment)
    first = cancel(environment, change)
    with environment.database.transaction() as connection:
        household_id, person_id = environment.ids.take(connection, 2)
        [first_effect, *_] = plan_of_family(household_id, person_id, people[0])
        do_register(connection, environment, plan(first_effect))
    with pytest.raises(NumberInUse):
        cancel(environment, first.change_id)
    assert numbers(environment, people[0]) == [False, False]


def plan_of_family(household_id: int, person_id: int, like: int) -> tuple[Effect, ...]:
    """Somebody else with the numbers that a person had."""
    [effect] = family(household_id, [like])
    return (replace(effect, person_id=person_id),)


def test_a_death_taken_back_keeps_the_numbers(environment: Environment) -> None:
    household_id, people, _ = entered(environment)
    death = dies(environment, household_id, people[3])
    assert numbers(environment, people[3]) == [True, True]
    cancel(environment, death)
    assert numbers(environment, people[3]) == [True, True]
    with environment.database.transaction() as connection:
        member = read_before(connection, [household_id], [], ON).person(people[3])
    assert member.current is not None
    assert member.current.record.is_resident


def test_of_two_who_take_back_one_change_the_second_is_told(environment: Environment) -> None:
    household_id, people, _ = entered(environment)
    death = dies(environment, household_id, people[3])
    with environment.database.transaction() as connection:
        late = request(connection, environment, notice(connection, death))
    cancel(environment, death)
    with pytest.raises(StaleBefore), environment.database.transaction() as connection:
        register(connection, environment, REVIEWER, late)


def test_a_change_of_the_past_makes_the_picture_stale(environment: Environment) -> None:
    """A plan for today that saw the past states is refused when one of these has been put right since."""
    household_id, people, _ = entered(environment)
    dies(environment, household_id, people[3])
    with environment.database.transaction() as connection:
        seen = read_before(connection, [household_id], [people[3]], date(2026, 4, 1))
    cause = seen.person(people[3])
    assert [state.valid_from for state in cause.states] == [date(2026, 3, 30), ON]
    assert len(cause.earlier) == 1
    assert (people[3], cause.earlier[0].state_id) in seen.fingerprint()


def test_without_need_the_known_axis_is_not_read(environment: Environment) -> None:
    household_id, _, _ = entered(environment)
    with environment.database.transaction() as connection:
        assert read_before(connection, [household_id], [], ON).past is None


def test_the_list_of_changes_says_what_counts_no_more(environment: Environment) -> None:
    """Taken back, in force again, and taken back for some only; a cancellation that is taken back itself takes nothing back."""
    household_id, people, entry = entered(environment)
    death = dies(environment, household_id, people[3])
    first = cancel(environment, death)
    assert marks(environment, death, first.change_id, entry) == {death: True}
    second = cancel(environment, first.change_id)
    assert marks(environment, death, first.change_id, second.change_id) == {first.change_id: True}
    third = cancel(environment, second.change_id)
    assert marks(environment, death, first.change_id, second.change_id, third.change_id) == {
        death: True,
        second.change_id: True,
    }
    with environment.database.transaction() as connection:
        whole = notice(connection, entry)
        some = replace(whole, person_ids=(people[2],))
        register(connection, environment, REVIEWER, request(connection, environment, some))
    assert marks(environment, entry) == {entry: False}


def marks(env: Environment, *change_ids: int) -> dict[int, bool]:
    """The changes that are taken back, and whether for everybody."""
    with env.database.transaction() as connection:
        return {one: found.whole for one, found in cancelled(connection, change_ids).items()}


def test_both_halves_of_a_pair_are_taken_back(environment: Environment) -> None:
    household_id, people = move_in_family(environment)
    pair = renew(environment, household_id, people[0])
    assert pair.removal_id is not None
    cancel(environment, pair.change_id)
    assert marks(environment, pair.change_id, pair.removal_id) == {pair.change_id: True, pair.removal_id: True}
    with environment.database.transaction() as connection:
        [row] = connection.execute(
            "SELECT count(*) AS live FROM register.record_end WHERE person_id = %s::bigint AND upper_inf(known)",
            (people[0],),
        ).fetchall()
    assert row["live"] == 0
