"""The process that carries batches on (`main`): Procrastinate's worker, at low priority, so that the counter never waits for it.

Once a minute it looks at the calendar, at runs whose worker has died, and touches its beat. It stops on SIGTERM after the
step under way; the run goes on with the next worker. As many workers as one likes may run: each run is done by one.
"""

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import JobAborted
from psycopg.conninfo import make_conninfo

from daicho.law.errors import DaichoError
from daicho.register.batch import plans, queue, runs
from daicho.register.batch.work import carry_on
from daicho.register.environment import current
from daicho.wire.environment import Environment

BEAT = "batch.beat"
"""A file in the run folder, touched every minute."""
TICK_TASK = "tick"
TICK_RUNS = "* * * * *"
DEAD_SECONDS = 30.0
"""A worker that has not said for so long that it lives does not."""
ORPHANED = timedelta(minutes=2)
GRACE_SECONDS = 0.5
NICE = 10
AGAIN = RetryStrategy(max_attempts=40, wait=15, retry_exceptions=[DaichoError, psycopg.OperationalError, JobAborted])


def tick(env: Environment) -> None:
    """Start what is due, and put runs back into the queue that have fallen out of it."""
    plans.start_due(env)
    with env.database.transaction() as connection:
        for run_id in runs.orphans(connection, env.clock.now() - ORPHANED):
            queue.put(connection, run_id)


async def rescue(app: App, seconds: float = DEAD_SECONDS) -> int:
    """Give the runs of dead workers to the living; returns how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds))
    for job in stalled:
        await app.job_manager.retry_job(job)
    return len(stalled)


def make_app(env: Environment, beat: Callable[[], None] = lambda: None) -> App:
    """The queue's application on the register's database; `beat` is called at every look at the calendar."""
    app = App(
        connector=PsycopgConnector(
            conninfo=conninfo(env), kwargs={"options": "-c search_path=queue,pg_catalog"}, min_size=1, max_size=3
        ),
        worker_defaults={"delete_jobs": "successful", "shutdown_graceful_timeout": GRACE_SECONDS},
    )

    @app.task(name=queue.RUN_TASK, queue=queue.QUEUE, pass_context=True, retry=AGAIN)
    def run(context: JobContext, *, run_id: int) -> None:
        left = carry_on(env, run_id, context.should_abort)
        if left is not None and left.is_open:
            raise JobAborted

    @app.periodic(cron=TICK_RUNS)
    @app.task(name=TICK_TASK, queue=queue.QUEUE, queueing_lock=TICK_TASK)
    async def look(timestamp: int) -> None:
        beat()
        await rescue(app)
        await asyncio.to_thread(tick, env)

    assert callable(run)  # noqa: S101 - registered by their decorators
    assert callable(look)  # noqa: S101
    return app


def conninfo(env: Environment) -> str:
    """How to reach the database of the Environment, for the queue's own connections."""
    with env.database.transaction() as connection:
        info = connection.info
        return make_conninfo("", **info.get_parameters(), password=info.password)


async def work(app: App, *, wait: bool = True) -> None:
    """Work until told to stop; without `wait` until the queue is empty. Two at a time: one run, and the calendar."""
    async with app.open_async():
        await app.run_worker_async(queues=[queue.QUEUE], wait=wait, concurrency=2, install_signal_handlers=wait)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    os.nice(NICE)
    beat = Path(os.environ["DAICHO_DATA"]) / "run" / BEAT
    env = current()
    tick(env)
    beat.touch()
    asyncio.run(work(make_app(env, beat.touch)))
