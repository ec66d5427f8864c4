"""The bulk writer leaves what the one door leaves, and refuses what it refuses."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from daicho.city import years
from daicho.city.chance import stream
from daicho.city.events import Events
from daicho.city.ledger import Ledger, Officers, Serials
from daicho.city.people import Numbers
from daicho.city.population import FirstDay
from daicho.city.years import Years
from daicho.engine.databases import DatabaseSettings
from daicho.law.reasons import Reason
from daicho.law.towns import CITY_CODE
from daicho.register.changes.catalogue import change_of
from daicho.register.changes.plan import Plan
from daicho.register.exports import canonical
from daicho.register.store import derived, tenant
from daicho.register.store.bulk import BatchRefused, BulkWriter
from daicho.register.store.bulk_encode import encode
from daicho.register.store.bulk_numbers import Sealer
from daicho.register.store.bulk_rows import Batch
from daicho.register.store.commit import Request, register
from daicho.register.store.derived_day import bring_to_today
from daicho.register.store.numbers import unseal
from daicho.register.store.read import read_before
from daicho.wire.environment import Connection, Environment
from tests.house_database import House, SettableClock
from tests.people import actor

FIRST_DAY = date(2023, 11, 24)
AT = datetime(2023, 11, 23, 18, tzinfo=UTC)
TODAY = date(2026, 11, 24)
PEOPLE = 900
WANTED = 500
# Ids of the plans lie far above those that the database gives to rows of the one door.
IDS = 10**12


@dataclass
class Case:
    """One change as the simulation registered it."""

    drawn: tuple[Any, Any]
    day: date
    at: datetime
    officers: Officers


def _first_day(people: int = PEOPLE) -> tuple[Ledger, Numbers]:
    ledger, numbers = Ledger(itertools.count(IDS), Serials(0, 0)), Numbers(0)
    FirstDay(ledger, numbers, stream("bulk"), FIRST_DAY, AT).settle(people)
    return ledger, numbers


def _lived(monkeypatch: pytest.MonkeyPatch) -> tuple[Ledger, list[Case]]:
    """A ledger after at least WANTED changes, and the changes in their order."""
    ledger, numbers = _first_day()
    cases: list[Case] = []
    seen: list[Any] = []
    draw, do = Events.draw, Ledger.register

    def note_draw(self: Events, kind: str, today: date) -> Any:
        seen[:] = [draw(self, kind, today), today]
        return seen[0]

    def note_register(self: Ledger, plan: Plan, at: datetime, officers: Officers) -> int:
        cases.append(Case(seen[0], seen[1], at, officers))
        return do(self, plan, at, officers)

    # What is seldom in life is frequent here, so that pairs and ends of records are among the five hundred.
    often = dict.fromkeys(
        ("naturalisation", "nationality_loss", "ex_officio_entry", "ex_officio_removal", "renewal"), 400
    )
    monkeypatch.setattr(years, "_YEARLY", {**years._YEARLY, **often})
    monkeypatch.setattr(Events, "draw", note_draw)
    monkeypatch.setattr(Ledger, "register", note_register)
    lives = Years(ledger, numbers, stream("lives"), PEOPLE * 3)
    day = FIRST_DAY
    while len(cases) < WANTED:
        lives.live(day, day)
        day += timedelta(days=1)
    return ledger, cases


def _load(env: Environment, batch: Batch) -> None:
    with env.database.transaction() as connection:
        tenant.ensure(connection, CITY_CODE, "熊谷市（合成データ）", synthetic=True)
        BulkWriter(connection).load(encode(batch, Sealer(env.keys, env.random)))


def _through_the_door(env: Environment, clock: SettableClock, case: Case) -> None:
    clock.set(case.at)
    reason, notification = case.drawn
    change = change_of(reason)
    households, persons = change.scope(notification)
    reviewer = replace(actor("reviewer1", "reviewer"), terminal_id=case.officers.terminal, office=case.officers.office)
    with env.database.transaction() as connection:
        before = read_before(connection, households, persons, notification.on)
        wanted = Request(
            plan_of=lambda found: change.plan(
                replace(found, number_rule=tenant.Tenant(CITY_CODE, "", True).number_rule), notification, case.day
            ),
            on=notification.on,
            household_ids=households,
            person_ids=persons,
            fingerprint=before.fingerprint(),
            entrant=case.officers.entrant,
            reviewer=case.officers.reviewer,
            decider=case.officers.decider,
        )
        register(connection, env, reviewer, wanted)


def _content(env: Environment) -> list[str]:
    with env.database.transaction() as connection:
        return list(canonical.lines(connection, env))


_DERIVED = (
    "select p.addressee_number as who, c.household_order, c.relationship, c.status, c.removed_from, c.is_foreign,"
    " c.name, c.name_kana, c.sex, c.birth, c.birth_text, c.address, c.building, c.address_key, c.town_code,"
    " h.household_number, lower(s.valid) as since, s.history_no"
    " from register.resident_current c join register.person p using (person_id)"
    " join register.household h using (household_id) join register.resident_state s using (state_id)"
    " where c.addressee_number = p.addressee_number order by 1",
    "select p.addressee_number as who, n.script, n.key, n.past from register.search_name n"
    " join register.person p using (person_id) order by 1, 2, 3",
    "select p.addressee_number as who, a.key from register.search_address a"
    " join register.person p using (person_id) order by 1, 2",
    "select deletion, key from register.kana_deletion order by 1, 2",
)


def _derived(connection: Connection) -> list[list[dict[str, Any]]]:
    return [connection.execute(query.encode()).fetchall() for query in _DERIVED]


@pytest.fixture
def other(fresh_database: Callable[[], DatabaseSettings], house: House) -> Iterator[tuple[Environment, SettableClock]]:
    """A second register with a clock of its own."""
    clock = SettableClock()
    with house.environment(fresh_database(), clock) as made:
        yield made, clock


def test_five_hundred_changes_leave_equal_rows_by_both_ways(
    environment: Environment, other: tuple[Environment, SettableClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, cases = _lived(monkeypatch)
    _load(environment, ledger.batch())
    by_door, clock = other
    first = _first_day()[0]
    _load(by_door, first.batch())
    with by_door.database.transaction() as connection:
        connection.execute("select register.skip_serials(%s, %s)", (first.serials.addressee, first.serials.household))
        derived.rebuild(connection, FIRST_DAY)
    for case in cases:
        _through_the_door(by_door, clock, case)
    assert len(cases) >= WANTED
    reasons = {case.drawn[0] for case in cases}
    assert {Reason.ENTRY_NATURALISATION, Reason.ENTRY_NATIONALITY_LOSS, Reason.RENEWAL_ENTRY} <= reasons
    assert ledger.ends
    # Messages to others are numbered by the door only: a load tells nobody.
    assert _content(environment) == _content(by_door)
    with environment.database.transaction() as connection:
        assert derived.rebuild(connection, TODAY) == len(ledger.persons)
        by_load = _derived(connection)
    clock.set(datetime(2026, 11, 24, tzinfo=UTC))
    bring_to_today(by_door)
    with by_door.database.transaction() as connection:
        assert _derived(connection) == by_load


def _refusal(env: Environment, batch: Batch) -> BatchRefused:
    before = _counts(env)
    with pytest.raises(BatchRefused) as refused, env.database.transaction() as connection:
        BulkWriter(connection).load(encode(batch, Sealer(env.keys, env.random)))
    assert _counts(env) == before, "nothing of a refused batch is written"
    return refused.value


def _counts(env: Environment) -> list[int]:
    tables = ("person", "household", "number", "change", "change_person", "resident_state")
    with env.database.transaction() as connection:
        rows = [
            connection.execute(f"select count(*) as n from register.{table}".encode()).fetchone() for table in tables
        ]
    return [row["n"] for row in rows if row is not None]


def test_what_does_not_fit_the_register_is_refused_whole(environment: Environment) -> None:
    ledger, _ = _first_day(60)
    batch = ledger.batch()
    person = batch.persons[0].person_id
    twice = replace(batch.numbers[2], number=batch.numbers[0].number)
    found = _refusal(environment, replace_numbers(batch, twice))
    assert (found.fault, person in found.ids) == ("number in use", True)
    assert "番号" in found.message
    _load(environment, batch)
    fresh = Ledger(itertools.count(2 * IDS), Serials(0, 900))
    FirstDay(fresh, Numbers(5000), stream("other"), FIRST_DAY, AT).settle(20)
    assert _refusal(environment, fresh.batch()).fault == "addressee number in use"
    fresh = Ledger(itertools.count(2 * IDS), Serials(900, 0))
    FirstDay(fresh, Numbers(5000), stream("other"), FIRST_DAY, AT).settle(20)
    assert _refusal(environment, fresh.batch()).fault == "household number in use"
    fresh = Ledger(itertools.count(2 * IDS), Serials(900, 900))
    FirstDay(fresh, Numbers(0), stream("other"), FIRST_DAY, AT).settle(20)
    assert _refusal(environment, fresh.batch()).fault == "number in use"


def replace_numbers(batch: Batch, one: Any) -> Batch:
    """The batch with one number instead of its namesake by id."""
    return replace(batch, numbers=[one if n.number_id == one.number_id else n for n in batch.numbers])


def test_household_rules_hold_for_loads(environment: Environment) -> None:
    ledger, _ = _first_day(60)
    batch = ledger.batch()
    states = list(batch.states)
    place = next(i for i, row in enumerate(states) if row.record.relationship == "12" and row.record.is_resident)
    states[place] = replace(states[place], record=states[place].record.with_(address="別の町1番地"))
    found = _refusal(environment, replace(batch, states=states))
    assert (found.fault, found.ids) == ("two addresses", (states[place].record.household_id,))


def test_numbers_of_a_load_open_like_all_others(environment: Environment) -> None:
    ledger, _ = _first_day(40)
    _load(environment, ledger.batch())
    clear = {row.number_id: row.number for row in ledger.numbers}
    with environment.database.transaction() as connection:
        rows = connection.execute("select * from register.number").fetchall()
    assert len(rows) == len(clear)
    for row in rows:
        opened = unseal(environment.keys, row["kind"], row["person_id"], bytes(row["ciphertext"]), row["key_version"])
        assert opened == clear[row["number_id"]]


def test_text_with_copy_characters_comes_through(environment: Environment) -> None:
    ledger, _ = _first_day(20)
    batch = ledger.batch()
    batch.states[0] = replace(batch.states[0], record=batch.states[0].record.with_(remarks="a\\b\tc\nd\re"))
    _load(environment, batch)
    with environment.database.transaction() as connection:
        row = connection.execute("select remarks from register.resident_state where remarks like 'a%'").fetchone()
    assert row == {"remarks": "a\\b\tc\nd\re"}
