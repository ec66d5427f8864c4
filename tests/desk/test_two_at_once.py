"""Two officers at one moment, on two real connections: both orders, one registration."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk import files, review
from daicho.register.desk.errors import PersonClaimed
from daicho.wire.environment import Connection, Environment
from tests.desk.build import OTHER_CLERK, OTHER_REVIEWER, ready
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


def two_cases(env: Environment) -> tuple[str, str, int, int]:
    """Two typed cases of two clerks on one household: numbers and versions."""
    household_id, _ = move_in_family(env)
    found = []
    for actor, sending in ((CLERK, "a"), (OTHER_CLERK, "b")):
        case = desk.receive(
            env, actor, token=sending, reason=Reason.MOVE_WITHIN, reception={}, household_id=household_id
        )
        found.append(desk.save_draft(env, actor, case.case_number, case.version, TYPED))
    return found[0].case_number, found[1].case_number, found[0].version, found[1].version


@pytest.mark.parametrize("first", [0, 1])
def test_two_clerks_on_one_person_in_both_orders(environment: Environment, first: int) -> None:
    """One claims the persons inside an open transaction, the other waits and is refused; whichever comes first."""
    numbers = two_cases(environment)
    officers = (CLERK, OTHER_CLERK)
    winner, loser = first, 1 - first
    started, done = threading.Event(), threading.Event()
    results: list[object] = []

    def wait_behind() -> None:
        started.wait()
        try:
            results.append(checking.check(environment, officers[loser], numbers[loser], numbers[2 + loser]))
        except DaichoError as error:
            results.append(error)
        done.set()

    thread = threading.Thread(target=wait_behind)
    thread.start()
    with environment.database.transaction() as connection:
        case = files.lock(connection, environment, numbers[winner])
        people = [row["person_id"] for row in connection.execute("SELECT person_id FROM register.person")]
        files.claim(connection, case, people)
        started.set()
        assert not done.wait(0.5), "the second must wait for the first"
    thread.join()
    assert isinstance(results[0], PersonClaimed)
    won = checking.check(environment, officers[winner], numbers[winner], numbers[2 + winner])
    assert won.case.status == "provisional"


def test_two_checks_at_one_moment(environment: Environment) -> None:
    """Exactly one case becomes provisional."""
    one, two, version_one, version_two = two_cases(environment)
    results = together(
        lambda: checking.check(environment, CLERK, one, version_one),
        lambda: checking.check(environment, OTHER_CLERK, two, version_two),
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
