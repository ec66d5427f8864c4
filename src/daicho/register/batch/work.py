"""Carrying a run on: one step, one transaction, until it is through, was asked to stop, or fails.

Whatever dies between two steps, the run goes on behind the last one that was committed: nothing is done twice, nothing is
left out. A step and what it came to are committed together, and only while nobody else has claimed the run.
"""

import json
import logging
import os
import shlex
import subprocess
from collections.abc import Callable
from functools import partial
from traceback import extract_tb

import psycopg

from daicho.law.errors import DaichoError
from daicho.register.batch import files, runs
from daicho.register.batch.catalogue import JOBS
from daicho.register.batch.model import Job, Run, Step, Work
from daicho.register.batch.officer import actor_of
from daicho.wire.environment import Connection, Environment

ALARM = "DAICHO_ALARM_COMMAND"
"""A command that is told of every run that failed, as JSON on its input (STD 9.1: 他の通報システムに連携)."""
ALARM_SECONDS = 20
ERRORS_KEPT = 10_000
log = logging.getLogger("daicho.batch")


class Superseded(Exception):
    """Another worker has claimed the run."""


class StopAsked(Exception):
    """The run was asked to stop within a long step: the step is taken back."""


def carry_on(env: Environment, run_id: int, should_rest: Callable[[], bool] = lambda: False) -> Run | None:
    """Claim the run and carry it on; returns how it stands, None when there was nothing to do or somebody else does it.

    `should_rest`: asked between steps; the run then waits for the next worker.
    """
    with env.database.transaction() as connection:
        run = runs.claim(connection, env, run_id)
    while run is not None and run.is_open:
        if should_rest():
            return _rest(env, run)
        try:
            run = _one_step(env, JOBS[run.job], run)
        except Superseded:
            return None
        except StopAsked:
            run = _end(env, run, "stopped")
        except DaichoError as error:
            if error.status == 503:  # the database or the press is away: the queue tries again
                raise
            run = _end(env, run, "failed", error.code)
        except (psycopg.OperationalError, MemoryError):
            raise
        except Exception as error:
            place = extract_tb(error.__traceback__)[-1]  # the place alone: what the error says may quote people's data
            log.error("run %s of %s broke off at %s:%s", run.run_id, run.job, place.filename, place.lineno)
            run = _end(env, run, "failed", getattr(error, "sqlstate", None) or type(error).__name__)
    return run


def _one_step(env: Environment, job: Job, run: Run) -> Run:
    with env.database.transaction() as connection:
        actor = actor_of(connection, env, run)
        if actor is not None:
            runs.job_for(actor, env, job.code)
        work = Work(
            env, connection, actor, run, partial(files.write, connection, env, job, run), partial(_say, env, run)
        )
        return _write(connection, env, job, run, job.step(work))


def _say(env: Environment, run: Run, done: int, total: int | None) -> None:
    """How far a long step is, for those who look, in a transaction of its own. Raises StopAsked, Superseded."""
    with env.database.transaction() as connection:
        status = runs.beat(connection, env, run, done, total)
    if status is None:
        raise Superseded
    if status == "stopping":
        raise StopAsked


def _write(connection: Connection, env: Environment, job: Job, run: Run, step: Step) -> Run:
    """The result of a step, in the step's own transaction. Raises Superseded, which takes the step back."""
    changes = {
        "done": run.done + step.done,
        "total": step.total,
        "cursor": step.cursor,
        "summary": step.summary,
        "status": "done" if step.cursor is None else None,
    }
    after = runs.advance(connection, env, run, changes)
    if after is None:
        raise Superseded
    for content in step.contents:
        files.write(connection, env, job, run, content)
    _list_errors(connection, run, step)
    return after


def _list_errors(connection: Connection, run: Run, step: Step) -> None:
    if not step.errors:
        return
    row = connection.execute(
        "SELECT count(*) AS n FROM register.batch_error WHERE run_id = %s", (run.run_id,)
    ).fetchone()
    begun = row["n"] if row else 0
    lines = [(run.run_id, begun + at, subject, why) for at, (subject, why) in enumerate(step.errors, 1)]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO register.batch_error (run_id, line, subject, why) VALUES (%s, %s, %s, %s)",
            lines[: max(0, ERRORS_KEPT - begun)],
        )


def _rest(env: Environment, run: Run) -> Run:
    """The worker goes; the run keeps its place in the queue and is claimed by the next one."""
    with env.database.transaction() as connection:
        return runs.find(connection, run.run_id)


def _end(env: Environment, run: Run, status: str, failure: str | None = None) -> Run | None:
    changes = {"status": status, "failure": failure, "cursor": run.cursor}
    with env.database.transaction() as connection:
        after = runs.advance(connection, env, run, changes)
    if after is not None and after.status == "failed":
        alarm(after)
    return after


def alarm(run: Run) -> None:
    """Tell the city's alarms of a run that failed: job, run and code, nothing about people."""
    log.error("run %s of %s failed: %s", run.run_id, run.job, run.failure)
    command = os.environ.get(ALARM)
    if not command:
        return
    said = {"system": "register", "job": run.job, "run": run.run_id, "failure": run.failure, "terminal": run.terminal}
    try:
        subprocess.run(shlex.split(command), input=json.dumps(said).encode(), timeout=ALARM_SECONDS, check=True)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        log.error("the alarm could not be given: %s", type(error).__name__)
