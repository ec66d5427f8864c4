"""Issuing under pressure and over time: many at once, masters that end, and what the database itself refuses."""

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import psycopg
import pytest

from daicho.register.paper.errors import MasterMissing, StatesChanged, WrongState
from daicho.register.paper.issue import Counter, open_file, release, reserve
from daicho.register.paper.press_client import PressClient
from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.paper.issuing import acts, application, at, family, issued, make_tenant, move_inside, rows, text_of
from tests.people import CLERK, move_in_family


@pytest.fixture
def counter(press: PressClient) -> Counter:
    """A counter with a real press."""
    return Counter(press)


# --- masters ---------------------------------------------------------------------------------------------------------


def test_a_specimen_seal_is_never_printed_for_real_people(environment: Environment, counter: Counter) -> None:
    with environment.database.transaction() as connection:
        make_tenant(connection, synthetic=False)
    household_id, people = move_in_family(environment, 1)
    with pytest.raises(MasterMissing) as refused:
        reserve(environment, counter, CLERK, application(household_id, people[0]))
    assert refused.value.data == {"master": "公印"}


@pytest.mark.parametrize("table", ["paper_attestor", "paper_seal", "paper_fee"])
def test_masters_hold_for_their_days_only(
    environment: Environment, counter: Counter, owner_connection: Connection, table: str
) -> None:
    household_id, people = family(environment, 1)
    owner_connection.execute(f"UPDATE register.{table} SET valid = daterange('2020-04-01', '2026-04-01')")
    with pytest.raises(MasterMissing):
        reserve(environment, counter, CLERK, application(household_id, people[0]))


def test_the_fee_is_that_of_the_day(environment: Environment, counter: Counter, owner_connection: Connection) -> None:
    household_id, people = family(environment, 1)
    owner_connection.execute("UPDATE register.paper_fee SET valid = daterange('2020-04-01', '2026-04-01')")
    owner_connection.execute(
        "INSERT INTO register.paper_fee VALUES (100, 'household_copy', 300, daterange('2026-04-01', null))"
    )
    assert reserve(environment, counter, CLERK, application(household_id, people[0])).fee_yen == 300
    with pytest.raises(psycopg.errors.ExclusionViolation):
        owner_connection.execute(
            "INSERT INTO register.paper_fee VALUES (101, 'household_copy', 250, daterange('2026-05-01', null))"
        )


def test_the_printer_of_the_terminal_is_part_of_the_number(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 1)
    made = reserve(environment, counter, at("SHIMIN-03"), application(household_id, people[0]))
    assert made.copies[0].number == "20260401　熊谷市　SHIMIN-03　プリンタ001　001"


# --- many at once ----------------------------------------------------------------------------------------------------


def test_two_terminals_and_two_windows_in_the_same_second(environment: Environment, counter: Counter) -> None:
    """The clock stands still: everything below happens in one instant, on real connections."""
    homes = [family(environment, 2), *(move_in_family(environment, size) for size in (1, 3, 4))]
    start = threading.Barrier(8)

    def issue(number: int) -> tuple[str, str]:
        household_id, people = homes[number % 4]
        clerk = at(f"T{number % 2}", f"clerk{number}")
        start.wait(30)
        made = reserve(environment, counter, clerk, application(household_id, people[0]))
        done = release(environment, counter, clerk, made.application_id, made.digests)
        pdf = open_file(environment, clerk, done.copies[0].certificate_id)
        assert sha256(pdf).hexdigest() == done.copies[0].digest
        assert "".join(done.copies[0].number.split()) in text_of(pdf)
        return clerk.terminal_id, done.copies[0].number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(issue, range(8)))
    assert sorted(numbers) == [
        (f"T{terminal}", f"20260401　熊谷市　T{terminal}　{serial:03d}")
        for terminal in (0, 1)
        for serial in (1, 2, 3, 4)
    ]


def test_a_double_click_releases_once(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment)
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    start = threading.Barrier(4)

    def click(_: int) -> str:
        start.wait(30)
        try:
            return release(environment, counter, CLERK, made.application_id, made.digests).copies[0].status
        except WrongState as error:
            return error.code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(click, range(4))) == ["P134", "P134", "P134", "issued"]
    assert acts(environment).count("certificate.issue") == 1


def test_a_change_and_a_release_at_once_never_both_win_on_old_data(environment: Environment, counter: Counter) -> None:
    household_id, people = family(environment, 2)
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    start = threading.Barrier(2)

    def change() -> None:
        start.wait(30)
        move_inside(environment, people)

    def hand_over() -> str:
        start.wait(30)
        try:
            release(environment, counter, CLERK, made.application_id, made.digests)
        except StatesChanged:
            return "refused"
        return "issued"

    with ThreadPoolExecutor(2) as pool:
        changing, outcome = pool.submit(change), pool.submit(hand_over)
        changing.result(30)
        result = outcome.result(30)
    [row] = rows(environment, "SELECT status, settled_at FROM register.certificate")
    assert row["status"] == ("issued" if result == "issued" else "reserved")


# --- what the database refuses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE register.certificate SET status = 'reserved', settled_at = NULL, settled_by = NULL",
        "UPDATE register.certificate SET status = 'voided'",
        "UPDATE register.certificate SET code = '0000000000000000'",
        "DELETE FROM register.certificate_file",
        "DELETE FROM register.certificate",
        "UPDATE register.certificate_file SET pdf = ''",
        "UPDATE register.certificate_application SET items = '{}'",
        "UPDATE register.certificate_person SET person_id = 1",
        "UPDATE register.paper_fee SET yen = 0",
        "INSERT INTO register.paper_seal (seal_id) VALUES (9)",
        "DELETE FROM register.service_state",
    ],
)
def test_the_runtime_role_cannot_rewrite_an_issue(environment: Environment, counter: Counter, statement: str) -> None:
    household_id, people = family(environment, 1)
    issued(environment, counter, household_id, people)
    with (
        pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.IntegrityError)),
        environment.database.transaction() as connection,
    ):
        connection.execute(statement.encode())


def test_the_day_of_the_number_is_the_day_in_japan(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    household_id, people = family(environment, 1)
    clock.advance(hours=14, minutes=59)
    late = reserve(environment, counter, CLERK, application(household_id, people[0]))
    assert late.copies[0].number.startswith("20260401")
    clock.set(clock.now() + timedelta(minutes=2))
    early = reserve(environment, counter, CLERK, application(household_id, people[0]))
    assert early.copies[0].number.startswith("20260402")
    assert early.copies[0].number.endswith("001")
    assert dataclasses.asdict(early.copies[0])["status"] == "reserved"
