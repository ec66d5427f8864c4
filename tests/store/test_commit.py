"""The one door: what it writes, in which order of right, lock and check, and what the database refuses."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest

from daicho.access.errors import NotAllowed, SameOfficer
from daicho.law.dates import LegalDate, Precision
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect, NewNumbers, Note
from daicho.register.store.commit import register
from daicho.register.store.errors import (
    AlreadyRegistered,
    HouseholdRuleBroken,
    NumberInUse,
    SecondHead,
    StaleBefore,
)
from daicho.register.store.numbers import unseal
from daicho.register.store.read import live_rows, read_before
from daicho.wire.contracts.resident_changed import ResidentChanged
from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.people import CLERK, REVIEWER, do_register, family, move_in_family, plan, record, request


def _move(env: Environment, people: list[int], on: date, address: str) -> None:
    with env.database.transaction() as connection:
        rows = live_rows(connection, people)
        effects = [
            Effect(p, "amend", "mover", on, rows[p][-1].record.with_(address=address, settled_on=LegalDate(on)))
            for p in people
        ]
        do_register(connection, env, plan(*effects, reason=Reason.MOVE_WITHIN))


def test_a_family_is_entered_with_everything_in_one_transaction(environment: Environment) -> None:
    household_id, people = move_in_family(environment)
    with environment.database.transaction() as connection:
        change = connection.execute("SELECT * FROM register.change").fetchone()
        assert change is not None
        assert (change["reason"], change["entrant"], change["reviewer"]) == ("move_in", "clerk1", "reviewer1")
        rows = live_rows(connection, people)
        assert [rows[p][0].history_no for p in people] == [1, 1, 1, 1]
        assert all(rows[p][0].known_from == change["recorded_at"] for p in people)
        numbers = connection.execute("SELECT * FROM register.number ORDER BY person_id, kind").fetchall()
        assert len(numbers) == 8
        clear = unseal(
            environment.keys, "individual_number", people[0], numbers[0]["ciphertext"], numbers[0]["key_version"]
        )
        assert clear.startswith(str(10_000_000_000 + people[0]))
        entry = connection.execute("SELECT * FROM trail.entry WHERE act = 'change.register'").fetchone()
        assert entry is not None
        assert entry["digest_before"] is None
        assert len(entry["digest_after"]) == 32
        subjects = connection.execute("SELECT person_id FROM trail.subject").fetchall()
        assert {row["person_id"] for row in subjects} == set(people)
        sent = connection.execute("SELECT * FROM wire.outbox ORDER BY link, person_id").fetchall()
        assert [row["sequence_no"] for row in sent] == [1] * 8
        message = ResidentChanged.model_validate(sent[0]["payload"])
        assert message.pictures[0].household_number
        current = connection.execute("SELECT * FROM register.resident_current ORDER BY household_order").fetchall()
        assert [row["name"] for row in current] == ["髙橋　健一", "髙橋　美咲", "髙橋　蓮", "髙橋　結衣"]
        assert {row["household_id"] for row in current} == {household_id}


def test_a_move_keeps_what_was_true_and_what_was_known(environment: Environment, clock: SettableClock) -> None:
    _, people = move_in_family(environment)
    clock.advance(days=40)
    _move(environment, people, date(2026, 5, 1), "石原二丁目15番地")
    with environment.database.transaction() as connection:
        rows = connection.execute(
            "SELECT history_no, lower(valid) AS starts, upper(valid) AS ends, upper_inf(known) AS live, address,"
            " made_by <> written_by AS carried FROM register.resident_state WHERE person_id = %s::bigint"
            " ORDER BY state_id",
            (people[0],),
        ).fetchall()
    assert [(r["history_no"], r["starts"], r["ends"], r["live"], r["carried"]) for r in rows] == [
        (1, date(2026, 3, 30), None, False, False),
        (1, date(2026, 3, 30), date(2026, 5, 1), True, True),
        (2, date(2026, 5, 1), None, True, False),
    ]


def test_two_changes_on_one_day_the_last_one_wins_and_both_remain(environment: Environment) -> None:
    _, people = move_in_family(environment)
    for address in ("石原二丁目15番地", "石原二丁目51番地"):
        _move(environment, people, date(2026, 3, 31), address)
    with environment.database.transaction() as connection:
        [now] = [r for r in live_rows(connection, people[:1])[people[0]] if r.valid_to is None]
        assert now.record.address == "石原二丁目51番地"
        assert now.history_no == 3
        count = connection.execute("SELECT count(*) AS n FROM register.change").fetchone()
        assert count == {"n": 3}


def test_the_recorded_instant_rises_even_when_the_clock_falls_back(
    environment: Environment, clock: SettableClock
) -> None:
    _, people = move_in_family(environment)
    first = clock.now()
    clock.set(first - timedelta(hours=3))
    _move(environment, people, date(2026, 3, 31), "石原二丁目15番地")
    with environment.database.transaction() as connection:
        instants = [r["recorded_at"] for r in connection.execute("SELECT recorded_at FROM register.change")]
        assert instants == [first, first + timedelta(microseconds=1)]


def test_an_unknown_birth_date_comes_back_as_it_was_recorded(environment: Environment) -> None:
    birth = LegalDate(date(1945, 12, 31), Precision.ABOUT_YEAR, "昭和20年頃")
    with environment.database.transaction() as connection:
        household_id, person = environment.ids.take(connection, 2)
        effect = Effect(person, "enter", "mover", date(2026, 3, 30), record(household_id, birth=birth))
        do_register(connection, environment, plan(effect))
        assert live_rows(connection, [person])[person][0].record.birth == birth


def test_a_returning_person_keeps_addressee_number_and_numbers(environment: Environment) -> None:
    household_id, people = move_in_family(environment, size=1)
    with environment.database.transaction() as connection:
        row = live_rows(connection, people)[people[0]][0]
        gone = row.record.with_(status="moved_out", removed_on=LegalDate(date(2026, 4, 10)))
        out = plan(Effect(people[0], "remove", "mover", date(2026, 4, 10), gone), reason=Reason.MOVE_OUT)
        do_register(connection, environment, out)
        addressee = connection.execute("SELECT addressee_number FROM register.person").fetchone()
    with environment.database.transaction() as connection:
        back = family(household_id, people, on=date(2026, 6, 1))
        do_register(connection, environment, plan(*back))
        assert connection.execute("SELECT addressee_number FROM register.person").fetchone() == addressee
        assert connection.execute("SELECT count(*) AS n FROM register.number").fetchone() == {"n": 2}
        assert [r.record.status for r in live_rows(connection, people)[people[0]]] == [
            "resident",
            "moved_out",
            "resident",
        ]


def test_who_may_register(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        household_id, person = environment.ids.take(connection, 2)
        wanted = plan(*family(household_id, [person]))
        before = read_before(connection, [household_id], [person], date(2026, 3, 30))
        with pytest.raises(NotAllowed):
            register(connection, environment, CLERK, request(before, wanted))
        with pytest.raises(SameOfficer):
            register(connection, environment, REVIEWER, request(before, wanted, entrant="reviewer1"))


def test_a_plan_made_from_an_older_record_is_refused(environment: Environment) -> None:
    household_id, people = move_in_family(environment)
    with environment.database.transaction() as connection:
        before = read_before(connection, [household_id], [], date(2026, 4, 1))
    _move(environment, people, date(2026, 3, 31), "石原二丁目15番地")
    effect = Effect(people[0], "amend", "mover", date(2026, 4, 1), record(household_id, remarks="x"))
    with pytest.raises(StaleBefore), environment.database.transaction() as connection:
        register(connection, environment, REVIEWER, request(before, plan(effect)))


def test_a_plan_outside_its_scope_is_a_mistake(environment: Environment) -> None:
    _, people = move_in_family(environment)
    with environment.database.transaction() as connection:
        [other] = environment.ids.take(connection, 1)
        before = read_before(connection, [other], [], date(2026, 4, 1))
        effect = Effect(people[0], "amend", "mover", date(2026, 4, 1), record(other))
        with pytest.raises(ValueError, match="scope"):
            register(connection, environment, REVIEWER, request(before, plan(effect)))


def test_a_plan_that_begins_before_the_day_that_was_read_is_a_mistake(environment: Environment) -> None:
    household_id, people = move_in_family(environment)
    with environment.database.transaction() as connection:
        before = read_before(connection, [household_id], [], date(2026, 4, 1))
        effect = Effect(people[0], "amend", "mover", date(2026, 3, 31), record(household_id))
        with pytest.raises(ValueError, match="before the day"):
            register(connection, environment, REVIEWER, request(before, plan(effect)))


def test_a_case_is_registered_once(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        household_id, person, case_id = environment.ids.take(connection, 3)
        do_register(connection, environment, plan(*family(household_id, [person])), case_id=case_id)
    with pytest.raises(AlreadyRegistered), environment.database.transaction() as connection:
        effect = Effect(person, "amend", "mover", date(2026, 4, 1), record(household_id, remarks="x"))
        do_register(connection, environment, plan(effect), case_id=case_id)


def test_one_number_never_stands_on_two_people(environment: Environment) -> None:
    household_id, people = move_in_family(environment, size=1)
    number = family(household_id, people)[0].numbers.individual_number
    with pytest.raises(NumberInUse), environment.database.transaction() as connection:
        other_household, other = environment.ids.take(connection, 2)
        one = Effect(
            other, "enter", "mover", date(2026, 3, 30), record(other_household), NewNumbers(individual_number=number)
        )
        do_register(connection, environment, plan(one))
    with environment.database.transaction() as connection:
        assert connection.execute("SELECT count(*) AS n FROM register.change").fetchone() == {"n": 1}


def _broken(household_id: int, people: list[int], kind: str) -> list[Effect]:
    first, second = family(household_id, people)[:2]
    changes: dict[str, dict[str, object]] = {
        "no head": {"relationship": "20"},
        "two addresses": {"relationship": "02"},
        "one rank": {"relationship": "02"},
    }
    others: dict[str, dict[str, object]] = {
        "two addresses": {"address": "石原二丁目15番地"},
        "one rank": {"household_order": 1},
    }
    other = others.get(kind, {})
    return [
        Effect(first.person_id, "enter", "mover", first.valid_from, first.record.with_(**changes[kind])),
        Effect(second.person_id, "enter", "mover", second.valid_from, second.record.with_(**other)),
    ]


@pytest.mark.parametrize("kind", ["no head", "two addresses", "one rank"])
def test_household_rules_are_held_by_the_database(environment: Environment, kind: str) -> None:
    with pytest.raises(HouseholdRuleBroken), environment.database.transaction() as connection:
        household_id, *people = environment.ids.take(connection, 3)
        do_register(connection, environment, plan(*_broken(household_id, people, kind)))
    with environment.database.transaction() as connection:
        assert connection.execute("SELECT count(*) AS n FROM register.person").fetchone() == {"n": 0}


def test_two_heads_are_refused_by_the_exclusion_constraint(environment: Environment) -> None:
    with pytest.raises(SecondHead), environment.database.transaction() as connection:
        household_id, *people = environment.ids.take(connection, 3)
        first, second = family(household_id, people)[:2]
        head = Effect(second.person_id, "enter", "mover", second.valid_from, second.record.with_(relationship="02"))
        do_register(connection, environment, plan(first, head))


def test_a_household_may_be_without_head_when_that_is_said(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        household_id, *people = environment.ids.take(connection, 3)
        effects = [
            Effect(e.person_id, "enter", "mover", e.valid_from, e.record.with_(head_absent=True, relationship="99"))
            for e in family(household_id, people)[:2]
        ]
        do_register(connection, environment, plan(*effects))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM register.resident_state",
        "UPDATE register.resident_state SET name = 'x'",
        "UPDATE register.resident_state SET known = tstzrange(lower(known) - interval '1 day', NULL)",
        "DELETE FROM register.change",
        "UPDATE register.change SET entrant = 'x'",
        "DELETE FROM register.change_person",
        "DELETE FROM register.number",
        "DELETE FROM trail.entry",
        "UPDATE trail.entry SET officer = 'x'",
        "DELETE FROM trail.subject",
        "DELETE FROM wire.outbox",
        "CREATE TABLE register.x (y integer)",
        "ALTER TABLE register.resident_state DISABLE TRIGGER ALL",
    ],
)
def test_the_runtime_role_cannot_rewrite_history(environment: Environment, statement: str) -> None:
    move_in_family(environment)
    with pytest.raises(psycopg.Error), environment.database.transaction() as connection:
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM register.resident_state",
        "UPDATE register.resident_state SET name = 'x'",
        "UPDATE register.resident_state SET name = 'x', known = tstzrange(lower(known), '2030-01-01Z')",
        "UPDATE register.change SET entrant = 'x'",
        "DELETE FROM trail.entry",
    ],
)
def test_not_even_the_owner_rewrites_history_by_a_plain_statement(
    environment: Environment, owner_connection: Connection, statement: str
) -> None:
    move_in_family(environment)
    with pytest.raises(psycopg.errors.IntegrityError):
        owner_connection.execute(statement.encode())


def test_two_writers_of_one_household_one_wins_the_other_is_told(environment: Environment) -> None:
    """Both have checked on the same picture; whoever comes second meets StaleBefore, whatever the order."""
    household_id, people = move_in_family(environment)
    with environment.database.transaction() as connection:
        before = read_before(connection, [household_id], [], date(2026, 4, 1))
        rows = live_rows(connection, people)
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def run(remark: str) -> None:
        effect = Effect(people[0], "amend", "mover", date(2026, 4, 1), rows[people[0]][0].record.with_(remarks=remark))
        barrier.wait()
        try:
            with environment.database.transaction() as connection:
                register(connection, environment, REVIEWER, request(before, plan(effect)))
            outcomes.append("registered")
        except StaleBefore:
            outcomes.append("stale")

    threads = [threading.Thread(target=run, args=(remark,)) for remark in ("一", "二")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["registered", "stale"]


def test_what_is_read_again_is_what_was_written(environment: Environment) -> None:
    """Every field of the record survives the way into the database and back."""
    full = {
        "remarks": "備考",
        "stay_until": date(2030, 1, 2),
        "removed_on": LegalDate(date(2026, 2, 28), Precision.IMPOSSIBLE, "令和8年2月30日"),
        "nationality": "BRA",
        "head_absent": False,
        "common_name_history": "平成元年 記載",
    }
    with environment.database.transaction() as connection:
        household_id, person = environment.ids.take(connection, 2)
        written = record(household_id, **full)
        do_register(connection, environment, plan(Effect(person, "enter", "mover", date(2026, 3, 30), written)))
        assert live_rows(connection, [person])[person][0].record == written


def test_notes_and_what_a_change_cancels_are_kept_and_never_rewritten(
    environment: Environment, owner_connection: Connection
) -> None:
    """STD 1.1.14 type B: a note is tied to an item of one person in one change; 4.6: a change names what it takes back."""
    household_id, [person] = move_in_family(environment, 1)
    with environment.database.transaction() as connection:
        rows = live_rows(connection, [person])
        first = rows[person][0].made_by
        effect = Effect(person, "amend", "mover", date(2026, 3, 31), rows[person][0].record.with_(remarks="備考"))
        note = Note(person, "previous_address", "未届転入")
        wanted = replace(plan(effect, reason=Reason.EX_OFFICIO_AMENDMENT), notes=(note,), cancels=first, corrects=first)
        done = do_register(connection, environment, wanted)
    change = owner_connection.execute(
        "SELECT cancels, corrects FROM register.change WHERE change_id = %s", (done.change_id,)
    ).fetchone()
    assert change == {"cancels": first, "corrects": first}
    [kept] = owner_connection.execute("SELECT * FROM register.change_note").fetchall()
    assert kept == {
        "change_id": done.change_id, "person_id": person, "item": "previous_address", "text": "未届転入",
    }  # fmt: skip
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        owner_connection.execute("UPDATE register.change_note SET text = 'x'")
    assert household_id
