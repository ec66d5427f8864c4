"""Two officers at one moment, on two real connections: both orders, one registration."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg
import pytest

from daicho.engine.errors import DatabaseUnavailable
from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk import files, review
from daicho.register.desk.errors import PersonClaimed
from daicho.register.desk.model import Case
from daicho.wire.environment import Connection, Environment
from tests.desk.build import OTHER_CLERK, OTHER_REVIEWER, ready
from tests.house_database import House
from tests.people import CLERK, REVIEWER, move_in_family

TYPED = {"change_date": "-1", "town": "籠原南一丁目", "lot": "5"}


def together(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at one moment, each on its own connection; results or errors in their order."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        gate.wait()
        try:
            return act()
        except DaichoError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        futures: list[Future[object]] = [pool.submit(run, act) for act in acts]
        return [future.result() for future in futures]


def changes(owner: Connection) -> int:
    """How many changes with a case stand in the register."""
    row = owner.execute("SELECT count(*) AS n FROM register.change WHERE case_id IS NOT NULL").fetchone()
    assert row is not None
    return int(row["n"])


def two_cases(env: Environment) -> tuple[Case, Case]:
    """Two typed cases of two clerks on one household."""
    household_id, _ = move_in_family(env)
    found = []
    for actor, sending in ((CLERK, "a"), (OTHER_CLERK, "b")):
        case = desk.receive(
            env, actor, token=sending, reason=Reason.MOVE_WITHIN, reception={}, household_id=household_id
        )
        found.append(desk.save_draft(env, actor, case.case_number, case.version, TYPED))
    return found[0], found[1]


def until_somebody_waits(owner: Connection) -> None:
    """Return once a session waits for a lock of another."""
    while True:
        row = owner.execute("SELECT count(*) AS n FROM pg_locks WHERE NOT granted").fetchone()
        if row is not None and row["n"]:
            return


@pytest.mark.parametrize("first", [0, 1])
def test_two_clerks_on_one_person_in_both_orders(
    environment: Environment, owner_connection: Connection, first: int
) -> None:
    """One claims the persons inside an open transaction, the other waits and is refused; whichever comes first."""
    cases = two_cases(environment)
    officers = (CLERK, OTHER_CLERK)
    winner, loser = first, 1 - first
    started = threading.Event()
    results: list[object] = []

    def wait_behind() -> None:
        started.wait()
        try:
            results.append(checking.check(environment, officers[loser], cases[loser].case_number, cases[loser].version))
        except DaichoError as error:
            results.append(error)

    thread = threading.Thread(target=wait_behind)
    thread.start()
    with environment.database.transaction() as connection:
        case = files.lock(connection, environment, cases[winner].case_number)
        people = [row["person_id"] for row in connection.execute("SELECT person_id FROM register.person")]
        files.claim(connection, case, people)
        started.set()
        until_somebody_waits(owner_connection)
        assert results == []
    thread.join()
    assert isinstance(results[0], PersonClaimed)
    won = checking.check(environment, officers[winner], cases[winner].case_number, cases[winner].version)
    assert won.case.status == "provisional"


def test_two_checks_at_one_moment(environment: Environment) -> None:
    """Exactly one case becomes provisional."""
    one, two = two_cases(environment)
    results = together(
        lambda: checking.check(environment, CLERK, one.case_number, one.version),
        lambda: checking.check(environment, OTHER_CLERK, two.case_number, two.version),
    )
    assert sorted(isinstance(result, PersonClaimed) for result in results) == [False, True]


def test_one_reviewer_in_two_browsers(environment: Environment, owner_connection: Connection) -> None:
    """The same approval twice at one moment: both are told it is registered, once."""
    case = ready(environment)
    results = together(
        *[lambda: review.approve(environment, REVIEWER, case.case_number, case.version) for _ in range(3)]
    )
    assert [getattr(result, "status", result) for result in results] == ["registered"] * 3
    assert changes(owner_connection) == 1


def test_two_reviewers_take_one_case(environment: Environment) -> None:
    """One has it, the other is told who."""
    from tests.desk.build import sent

    case = sent(environment)
    results = together(
        lambda: review.take(environment, REVIEWER, case.case_number),
        lambda: review.take(environment, OTHER_REVIEWER, case.case_number),
    )
    assert sum(isinstance(result, DaichoError) for result in results) == 1


def test_one_reception_from_two_browsers(environment: Environment) -> None:
    """The same sending twice at one moment opens one case."""
    opened = together(
        *[
            lambda: desk.receive(environment, CLERK, token="same", reason=Reason.MOVE_IN, reception={}).case_number
            for _ in range(2)
        ]
    )
    assert opened[0] == opened[1]


def test_a_failure_in_the_middle_leaves_the_case_as_it_was(
    environment: Environment, owner_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks after the change was written: nothing is registered, and the next try succeeds."""
    case = ready(environment)

    class BrokenError(Exception):
        """Stands for a lost server."""

    def broken(*args: object, **kwargs: object) -> None:
        raise BrokenError

    with monkeypatch.context() as patch:
        patch.setattr("daicho.register.store.messages.put_changes", broken)
        with pytest.raises(BrokenError):
            review.approve(environment, REVIEWER, case.case_number, case.version)
    assert changes(owner_connection) == 0
    assert desk.open_case(environment, REVIEWER, case.case_number).status == "checked"
    done = review.approve(environment, REVIEWER, case.case_number, case.version)
    assert (done.status, changes(owner_connection)) == ("registered", 1)


def test_the_server_goes_away_in_the_middle(
    environment: Environment, owner_connection: Connection, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bad input of issue 2: a clear error, nothing half-registered, nothing typed lost, and the next try succeeds."""
    case = ready(environment)

    def killed(connection: Connection, *args: object, **kwargs: object) -> None:
        with psycopg.connect(house.cluster.superuser.conninfo(), autocommit=True) as superuser:
            superuser.execute("SELECT pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))
        connection.execute("SELECT 1")

    with monkeypatch.context() as patch:
        patch.setattr("daicho.register.store.messages.put_changes", killed)
        with pytest.raises(DatabaseUnavailable):
            review.approve(environment, REVIEWER, case.case_number, case.version)
    assert changes(owner_connection) == 0
    kept = desk.open_case(environment, REVIEWER, case.case_number)
    assert (kept.status, kept.typed["p1.name"]) == ("checked", "渡邉 大輔")
    done = review.approve(environment, REVIEWER, case.case_number, case.version)
    assert (done.status, changes(owner_connection)) == ("registered", 1)


def test_the_answer_to_a_commit_is_lost(environment: Environment, owner_connection: Connection) -> None:
    """Retry after a timeout: the officer does not know whether it was registered, and sends again."""
    case = ready(environment)
    review.approve(environment, REVIEWER, case.case_number, case.version)
    again = review.approve(environment, REVIEWER, case.case_number, case.version)
    assert (again.status, changes(owner_connection)) == ("registered", 1)
