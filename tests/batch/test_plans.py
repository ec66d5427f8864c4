"""What is due starts once, by the calendar, through the real queue (STD 9.1)."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from daicho.access.actor import Actor
from daicho.access.errors import NotAllowed, NotAvailable
from daicho.register.batch import plans, queue, runs, worker
from daicho.register.batch.errors import ParameterUnreadable
from daicho.register.batch.model import SYSTEM
from daicho.wire.environment import Environment
from tests.batch.conftest import STEPS, Counting
from tests.batch.reading import rows, run_of, text_of
from tests.house_database import SettableClock
from tests.people import CLERK

T = TypeVar("T")
NIGHT = {"rule": "daily", "at": "2130", "scope": "2"}


@pytest.fixture(autouse=True)
def only_ours(environment: Environment) -> None:
    """The plans of the system are over for the day."""
    plans.start_due(environment)
    rows(environment, "UPDATE register.batch_run SET status = 'stopped', ended_at = asked_at RETURNING 1")
    rows(environment, "DELETE FROM queue.procrastinate_jobs RETURNING 1")


def in_own_loop(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """In a thread of its own: a browser test that came before leaves a loop in the main one."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(lambda: asyncio.run(work())).result()


def ours(env: Environment) -> list[int]:
    """The runs of the counting job."""
    return [
        row["run_id"] for row in rows(env, "SELECT run_id FROM register.batch_run WHERE job = 'counting' ORDER BY 1")
    ]


@pytest.mark.usefixtures("counting")
def test_due_once_whoever_looks(environment: Environment, reviewer: Actor, clock: SettableClock) -> None:
    plan_id = plans.plan(environment, reviewer, "counting", NIGHT)
    assert plans.start_due(environment) == []
    clock.advance(hours=12, minutes=31)
    lookers = [threading.Thread(target=plans.start_due, args=(environment,)) for _ in range(4)]
    for one in lookers:
        one.start()
    for one in lookers:
        one.join()
    [run_id] = ours(environment)
    run = run_of(environment, run_id)
    assert (run.plan_id, run.officer, run.parameters["scope"]) == (plan_id, "reviewer1", "2")
    clock.advance(days=1)  # still waiting: passed over, and on record
    plans.start_due(environment)
    assert ours(environment) == [run_id]
    skipped = rows(environment, "SELECT detail FROM trail.entry WHERE act = 'batch.skip' AND officer = 'reviewer1'")
    assert [row["detail"]["plan"] for row in skipped] == [plan_id]
    rows(environment, "UPDATE register.batch_run SET status = 'stopped', ended_at = asked_at RETURNING 1")
    clock.advance(days=3)  # the house was down: one run makes up for three nights
    plans.start_due(environment)
    assert len(ours(environment)) == 2
    plans.end_plan(environment, reviewer, plan_id)
    clock.advance(days=1)
    rows(environment, "UPDATE register.batch_run SET status = 'stopped', ended_at = asked_at RETURNING 1")
    plans.start_due(environment)
    assert len(ours(environment)) == 2
    with pytest.raises(NotAvailable):
        plans.end_plan(environment, reviewer, plan_id)


@pytest.mark.usefixtures("counting")
def test_once_means_once(environment: Environment, reviewer: Actor, clock: SettableClock) -> None:
    plans.plan(environment, reviewer, "counting", {"rule": "once", "at": "10:00", "on": "R8.4.2"})
    clock.advance(days=1, hours=2)
    plans.start_due(environment)
    assert len(ours(environment)) == 1
    assert [one.job for one in plans.plans(environment, reviewer)] == ["day_change", "files_away"]
    with pytest.raises(NotAvailable):
        plans.end_plan(environment, reviewer, plans.plans(environment, reviewer)[0].plan_id)


TIMES_THAT_CANNOT_BE = [
    ({"rule": "hourly", "at": "1000"}, "rule"),
    ({"rule": "daily", "at": "2500"}, "at"),
    ({"rule": "daily", "at": ""}, "at"),
    ({"rule": "weekly", "at": "900", "weekday": "7"}, "weekday"),
    ({"rule": "monthly", "at": "900", "month_day": "0"}, "month_day"),
    ({"rule": "once", "at": "900", "on": "いつか"}, "on"),
    ({"rule": "once", "at": "900", "on": "R8.3.1"}, "on"),
]


@pytest.mark.usefixtures("counting")
def test_a_time_that_cannot_be_is_refused(environment: Environment, reviewer: Actor) -> None:
    for typed, field in TIMES_THAT_CANNOT_BE:
        with pytest.raises(ParameterUnreadable) as refused:
            plans.plan(environment, reviewer, "counting", typed)
        assert refused.value.field == field


def test_rules_of_the_week_and_the_month(environment: Environment, reviewer: Actor, counting: Counting) -> None:
    assert counting.seen == []
    plans.plan(environment, reviewer, "counting", {"rule": "weekly", "at": "0900", "weekday": "0"})
    plans.plan(environment, reviewer, "counting", {"rule": "monthly", "at": "0900", "month_day": "15"})
    plans.plan(environment, reviewer, "counting", {"rule": "month_end", "at": "0900"})
    found = [one.rule.word for one in plans.plans(environment, reviewer) if one.officer != SYSTEM]
    assert found == ["毎週月曜 09:00", "毎月15日 09:00", "毎月末 09:00"]
    with pytest.raises(NotAllowed):
        plans.plans(environment, CLERK)


def test_two_workers_of_the_real_queue_do_a_run_once(
    environment: Environment, counting: Counting, reviewer: Actor
) -> None:
    run_id = runs.start(environment, reviewer, "counting", {})

    async def both() -> None:
        first, second = worker.make_app(environment), worker.make_app(environment)
        await asyncio.gather(worker.work(first, wait=False), worker.work(second, wait=False))

    in_own_loop(both)
    assert run_of(environment, run_id).status == "done"
    assert counting.seen == list(range(1, STEPS + 1))
    assert rows(environment, "SELECT FROM queue.procrastinate_jobs") == []


def test_the_run_of_a_dead_worker_is_given_to_the_living(
    environment: Environment, counting: Counting, reviewer: Actor
) -> None:
    run_id = runs.start(environment, reviewer, "counting", {})
    dead = rows(environment, "INSERT INTO queue.procrastinate_workers DEFAULT VALUES RETURNING id")[0]["id"]
    rows(environment, "UPDATE queue.procrastinate_jobs SET status = 'doing', worker_id = %s RETURNING 1", dead)
    with environment.database.transaction() as connection:
        runs.claim(connection, environment, run_id)

    async def rescue() -> int:
        app = worker.make_app(environment)
        async with app.open_async():
            taken = await worker.rescue(app, seconds=0)
        await worker.work(app, wait=False)
        return taken

    assert in_own_loop(rescue) == 1
    assert text_of(environment, run_id, "counting.csv").count("\r\n") == STEPS
    assert counting.seen == list(range(1, STEPS + 1))


@pytest.mark.usefixtures("counting")
def test_a_run_that_fell_out_of_the_queue_is_put_back(
    environment: Environment, reviewer: Actor, clock: SettableClock
) -> None:
    run_id = runs.start(environment, reviewer, "counting", {})
    rows(environment, "DELETE FROM queue.procrastinate_jobs RETURNING 1")
    worker.tick(environment)
    with environment.database.transaction() as connection:
        assert not queue.is_put(connection, run_id)
    clock.advance(minutes=3)
    worker.tick(environment)
    worker.tick(environment)
    with environment.database.transaction() as connection:
        assert queue.is_put(connection, run_id)
    assert len(rows(environment, "SELECT FROM queue.procrastinate_jobs WHERE task_name = 'run'")) == 1
