"""The synthetic city: the same from the same seed, of every kind, and never mistaken for real people."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daicho.city import neighbourhood
from daicho.city.ledger import Ledger, PersonEntry
from daicho.city.load import RegisterNotEmpty, first_day, load
from daicho.city.neighbourhood import IdsExhausted, Task, ledger_of, make, tasks
from daicho.engine.databases import DatabaseSettings
from daicho.law.errors import DaichoError
from daicho.law.glyphs import check_characters, font_glyphs
from daicho.law.names import normalise_name
from daicho.law.numbers import NumberRule, check_individual_number, check_resident_code
from daicho.law.reasons import Reason
from daicho.law.towns import towns
from daicho.register.changes.record import ResidentRecord
from daicho.register.exports import canonical
from daicho.register.store import tenant
from daicho.register.store.population import flows
from daicho.wire.environment import Environment
from tests.house_database import House, SettableClock

TODAY = date(2026, 11, 24)
TASK = Task("test", 0, 4000, first_day(TODAY), date(2026, 11, 23))


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """A neighbourhood of 4,000 after its three years."""
    return ledger_of(TASK, count(1000))


@pytest.fixture
def register(
    fresh_database: Callable[[], DatabaseSettings], house: House
) -> Callable[[], AbstractContextManager[Environment]]:
    """Makes registers on a day in November 2026."""
    return lambda: house.environment(fresh_database(), SettableClock(datetime(2026, 11, 24, tzinfo=UTC)))


def _digest(env: Environment) -> str:
    with env.database.transaction() as connection:
        return canonical.write(connection, env, None)


def test_the_same_seed_gives_the_same_city_with_any_number_of_processes(
    register: Callable[[], AbstractContextManager[Environment]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbourhood, "LARGEST", 250)
    steps: list[tuple[int, int]] = []
    with register() as env:
        loaded = load(env, 600, "one", lambda done, of: steps.append((done, of)), processes=1)
        first = _digest(env)
        with pytest.raises(RegisterNotEmpty):
            load(env, 600, "one")
        with env.database.transaction() as connection:
            assert tenant.read(connection) == tenant.Tenant("112020", "熊谷市（合成データ）", True)
            row = connection.execute("select count(*) as n from register.resident_current").fetchone()
        assert row == {"n": loaded.persons}
    assert steps == [(200, 600), (400, 600), (600, 600)]
    with register() as env:
        load(env, 600, "one", processes=2)
        assert _digest(env) == first
    with register() as env:
        load(env, 600, "two", processes=1)
        assert _digest(env) != first


def test_hash_seeds_do_not_matter(repository: Path) -> None:
    program = (
        "from hashlib import sha256; from itertools import count; from datetime import date;"
        "from daicho.city.neighbourhood import Task, ledger_of;"
        "made = ledger_of(Task('x', 3, 300, date(2023, 11, 24), date(2024, 6, 1)), count(1));"
        "print(sha256(repr(made.batch()).encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(repository / "src")},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def _records(ledger: Ledger) -> Iterator[ResidentRecord]:
    for entry in ledger.persons.values():
        for row in (*entry.closed, *entry.live):
            yield row.record


def _on(ledger: Ledger, day: date) -> list[ResidentRecord]:
    return [
        row.record
        for entry in ledger.persons.values()
        for row in entry.live
        if row.valid_from <= day and (row.valid_to is None or row.valid_to > day) and row.record.is_resident
    ]


def test_no_number_is_ever_a_valid_one(ledger: Ledger) -> None:
    checks = {"individual_number": check_individual_number, "resident_code": check_resident_code}
    for row in ledger.numbers:
        checks[row.kind](row.number, NumberRule.SYNTHETIC)
        with pytest.raises(DaichoError):
            checks[row.kind](row.number, NumberRule.REAL)
    assert len({(row.kind, row.number) for row in ledger.numbers}) == len(ledger.numbers)


def test_everything_can_be_printed_and_is_in_its_stored_form(ledger: Ledger) -> None:
    glyphs = font_glyphs()
    selectors = 0
    for record in _records(ledger):
        for text in (record.name, record.name_kana, record.address, record.building, record.domicile,
                     record.family_register_head, record.previous_address, record.common_name,
                     record.foreign_name_kanji, record.planned_address):  # fmt: skip
            if text:
                check_characters(text, glyphs)
        assert normalise_name(record.name) == record.name
        assert record.town_code in towns()
        selectors += any("\U000e0100" <= char <= "\U000e01ef" for char in record.name)
    assert selectors


def test_the_city_has_its_shape(ledger: Ledger) -> None:
    people = _on(ledger, TASK.first_day)
    assert abs(len(people) - TASK.residents) <= 15, "the first day has its own births, deaths and moves"
    assert 2.1 <= len(people) / len({record.household_id for record in people}) <= 2.4
    assert 0.015 <= sum(record.is_foreign for record in people) / len(people) <= 0.035
    old = sum((TASK.first_day - record.birth.on).days > 65 * 365.25 for record in people) / len(people)
    assert 0.25 <= old <= 0.32
    women = sum(record.sex == "2" for record in people) / len(people)
    assert 0.49 <= women <= 0.54


def test_households_of_every_kind(ledger: Ledger) -> None:
    homes: dict[int, list[str]] = {}
    for record in _on(ledger, TASK.first_day):
        homes.setdefault(record.household_id, []).append(record.relationship)
    kinds = Counter(tuple(sorted(set(home))) for home in homes.values())
    for kind in [("02",), ("02", "12"), ("02", "12", "20"), ("02", "20"), ("02", "52"), ("02", "12", "20", "52"),
                 ("02", "99"), ("02", "96"), ("02", "14")]:  # fmt: skip
        assert kinds[kind], kind
    relationships = {relationship for home in homes.values() for relationship in home}
    assert {"20.12", "20.20", "12.52", "51", "74", "84"} <= relationships
    records = list(_records(ledger))
    assert any(record.common_name for record in records)
    assert any(record.remarks for record in records)
    assert {record.status for record in records} == {"resident", "moved_out", "dead", "removed"}
    assert any(record.former_family_name for record in records)


def test_what_happens_in_three_years(ledger: Ledger) -> None:
    made = Counter(change.reason for change in ledger.changes if not change.taken_over)
    assert set(made) >= {Reason.MOVE_IN, Reason.MOVE_WITHIN, Reason.MOVE_OUT, Reason.MOVE_OUT_ABROAD, Reason.BIRTH,
                         Reason.DEATH, Reason.HEAD_CHANGE, Reason.MOVE_IN_ABROAD, Reason.EX_OFFICIO_REMOVAL,
                         Reason.HOUSEHOLD_SPLIT, Reason.HOUSEHOLD_MERGE}  # fmt: skip
    assert set(made) >= {Reason.EX_OFFICIO_AMENDMENT, Reason.FORMER_NAME_ENTRY, Reason.INDIVIDUAL_NUMBER_CHANGE}
    assert {change.ground for change in ledger.changes if change.reason is Reason.EX_OFFICIO_AMENDMENT} == {"1"}
    assert any(number.released_at is not None for number in ledger.numbers)
    assert made[Reason.MOVE_IN_ABROAD] < made[Reason.MOVE_IN] / 4
    assert made[Reason.HOUSEHOLD_SPLIT] > made[Reason.HOUSEHOLD_MERGE] > made[Reason.HOUSEHOLD_CHANGE]
    touched = len(ledger.change_persons) - sum(1 for entry in ledger.persons.values() if _taken_over(entry))
    yearly = touched / 3 * 194_415 / TASK.residents
    assert 20_000 <= yearly <= 40_000, "moves, births and deaths, and a notice of arrival for each who left"
    planned = [row for entry in ledger.persons.values() for row in entry.live if row.valid_from > TODAY]
    assert any(row.record.status == "moved_out" for row in planned)
    returned = [
        entry
        for entry in ledger.persons.values()
        if any(a.record.status == "moved_out" and b.record.is_resident for a, b in pairwise(entry.live))
    ]
    assert returned


def test_other_cities_write_about_those_who_left(ledger: Ledger) -> None:
    """Both steps of a move out: most notices have come, some removals took effect before their planned day."""
    gone = [
        row.record
        for entry in ledger.persons.values()
        for row in entry.live
        if row.record.removed_reason == "国内転出" and row.record.planned_on and row.valid_from < date(2026, 10, 1)
    ]
    told = [record for record in gone if record.arrival_notice_on is not None]
    assert 0.85 <= len(told) / len(gone) < 1
    assert all(record.confirmed_address and record.planned_address for record in told)
    earlier = [r for r in told if r.planned_on and r.removed_on and r.removed_on.on < r.planned_on]
    assert earlier
    assert all(record.removed_on and record.removed_on.on == record.confirmed_on for record in earlier)


def _taken_over(entry: PersonEntry) -> bool:
    rows = [*entry.closed, *entry.live]
    return min(row.known_from for row in rows).date() < TASK.first_day


def test_neighbourhoods_share_the_city_and_ids_may_run_out(environment: Environment) -> None:
    made = tasks("s", 20_001, TASK.first_day, TODAY)
    assert [task.residents for task in made] == [6667, 6667, 6667]
    with pytest.raises(IdsExhausted):
        make(Task("s", 0, 50, TASK.first_day, TODAY), [1, 2, 3], environment.keys, environment.random)


@given(first=st.dates(date(2023, 12, 1), date(2026, 11, 1)), length=st.integers(0, 400))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_opening_and_what_came_and_went_is_closing_for_any_period(ledger: Ledger, first: date, length: int) -> None:
    """Per sex and nationality class, against a count of each day of its own."""
    lines = [[(row.valid_from, row.record) for row in entry.live] for entry in ledger.persons.values()]
    last = first + timedelta(days=length)
    found = flows(lines, first, last)
    assert sum(flow.opening for flow in found.values()) == _residents(ledger, first - timedelta(days=1))
    assert sum(flow.closing for flow in found.values()) == _residents(ledger, last)
    assert all(flow.opening + flow.entered - flow.removed == flow.closing for flow in found.values())


def _residents(ledger: Ledger, day: date) -> int:
    return sum(
        row.record.is_resident and row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
        for entry in ledger.persons.values()
        for row in entry.live
    )
