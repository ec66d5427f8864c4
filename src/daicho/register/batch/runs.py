"""Runs: asked for, claimed, carried on step by step, stopped, resumed, ended. Every act leaves its line in the trail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide, require_output
from daicho.access.errors import NotAvailable
from daicho.register.batch import queue
from daicho.register.batch.catalogue import JOBS
from daicho.register.batch.errors import AlreadyWaiting, RunMoved
from daicho.register.batch.model import Job, Plan, Run
from daicho.trail.act import Act
from daicho.trail.entry import Entry, record, record_act
from daicho.wire.environment import Connection, Environment, Row

SHOWN = 100
_COLUMNS = tuple(Run.__dataclass_fields__)


def job_for(actor: Actor, env: Environment, code: str) -> Job:
    """A job that this officer may start. Raises NotAvailable, NotAllowed, TerminalCannot."""
    job = JOBS.get(code)
    if job is None:
        raise NotAvailable
    today = env.clock.today()
    decide(actor, Right.BATCH_RUN, on=today)
    decide(actor, job.right, on=today, purpose=job.purpose)
    if job.output is not None:
        require_output(actor, job.output, on=today)
    return job


def start(env: Environment, actor: Actor, code: str, typed: Mapping[str, str]) -> int:
    """Ask for a run now; returns its id.

    Raises NotAvailable, NotAllowed, TerminalCannot, ParameterUnreadable, AlreadyWaiting.
    """
    job = job_for(actor, env, code)
    parameters = job.taken(typed, env.clock.today())
    with env.database.transaction() as connection:
        run_id = insert(connection, env, job, parameters, officer=actor.officer_id, terminal=actor.terminal_id, office=actor.office)  # fmt: skip
        record_act(connection, env, actor, Act.BATCH_STARTED, detail={"job": code, "run": run_id})
    return run_id


def insert(
    connection: Connection,
    env: Environment,
    job: Job,
    parameters: Mapping[str, str],
    *,
    officer: str,
    terminal: str,
    office: str,
    plan: Plan | None = None,
) -> int:
    """A waiting run, in the queue. Raises AlreadyWaiting: two of one job would do the same work twice."""
    _only_one(connection, job.code)
    before = last_parameters(connection, job.code)
    changed = [] if before is None else [name for name, value in parameters.items() if before.get(name) != value]
    [run_id] = env.ids.take(connection, 1)
    connection.execute(
        "INSERT INTO register.batch_run (run_id, job, plan_id, planned_for, parameters, changed, officer, terminal, office,"
        " asked_at, status) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'waiting')",
        (
            run_id,
            job.code,
            plan.plan_id if plan else None,
            plan.next_run if plan else None,
            Jsonb(dict(parameters)),
            changed,
            officer,
            terminal,
            office,
            env.clock.now(),
        ),
    )
    queue.put(connection, run_id)
    return run_id


def _only_one(connection: Connection, code: str) -> None:
    """Hold the job against others until the transaction ends. Raises AlreadyWaiting when it waits or runs."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('batch'), hashtext(%s))", (code,))
    row = connection.execute(
        "SELECT run_id FROM register.batch_run WHERE job = %s AND status IN ('waiting', 'running', 'stopping')", (code,)
    ).fetchone()
    if row is not None:
        raise AlreadyWaiting


def last_parameters(connection: Connection, code: str) -> dict[str, str] | None:
    """The parameters of the newest run of a job (STD 9.1: 前回処理時に設定したパラメータ)."""
    row = connection.execute(
        "SELECT parameters FROM register.batch_run WHERE job = %s ORDER BY asked_at DESC, run_id DESC LIMIT 1", (code,)
    ).fetchone()
    return None if row is None else dict(row["parameters"])


def claim(connection: Connection, env: Environment, run_id: int) -> Run | None:
    """Take a run that waits, or one whose worker has gone; None when there is nothing to do any more."""
    row = connection.execute(
        "UPDATE register.batch_run SET attempt = attempt + 1, status = CASE status WHEN 'waiting' THEN 'running' ELSE status END,"
        " started_at = coalesce(started_at, %(now)s), step_at = %(now)s"
        " WHERE run_id = %(run)s AND status IN ('waiting', 'running', 'stopping') RETURNING *",
        {"now": env.clock.now(), "run": run_id},
    ).fetchone()
    return None if row is None else _run(row)


def advance(connection: Connection, env: Environment, run: Run, changes: Mapping[str, Any]) -> Run | None:
    """Write what a step came to; None when another worker has claimed the run since: then nothing of the step may stay.

    A run that was asked to stop stops here, unless the step was its last.
    """
    ends = changes.get("status")
    row = connection.execute(
        "UPDATE register.batch_run SET step_at = %(now)s, done = %(done)s, total = coalesce(%(total)s, total),"
        " cursor = %(cursor)s, summary = summary || %(summary)s, failure = %(failure)s,"
        " status = coalesce(%(ends)s, CASE status WHEN 'stopping' THEN 'stopped' ELSE status END),"
        " ended_at = CASE WHEN %(ends)s IS NOT NULL OR status = 'stopping' THEN %(now)s END"
        " WHERE run_id = %(run)s AND attempt = %(attempt)s AND status IN ('running', 'stopping') RETURNING *",
        {
            "now": env.clock.now(),
            "done": changes.get("done", run.done),
            "total": changes.get("total"),
            "cursor": None if changes.get("cursor") is None else Jsonb(changes["cursor"]),
            "summary": Jsonb(dict(changes.get("summary", {}))),
            "failure": changes.get("failure"),
            "ends": ends,
            "run": run.run_id,
            "attempt": run.attempt,
        },
    ).fetchone()
    if row is None:
        return None
    after = _run(row)
    if not after.is_open:
        _end(connection, env, after)
    return after


def beat(connection: Connection, env: Environment, run: Run, done: int, total: int | None) -> str | None:
    """Note how far the step under way is; the status, None when another worker has claimed the run."""
    row = connection.execute(
        "UPDATE register.batch_run SET step_at = %s, done = %s, total = coalesce(%s, total)"
        " WHERE run_id = %s AND attempt = %s AND status IN ('running', 'stopping') RETURNING status",
        (env.clock.now(), run.done + done, total, run.run_id, run.attempt),
    ).fetchone()
    return None if row is None else str(row["status"])


def _end(connection: Connection, env: Environment, run: Run) -> None:
    act = {"done": Act.BATCH_DONE, "failed": Act.BATCH_FAILED}.get(run.status, Act.BATCH_STOPPED)
    detail: dict[str, str | int | bool] = {
        "job": run.job,
        "run": run.run_id,
        "done": run.done,
        "failure": run.failure or "",
    }
    record(connection, env, Entry(act=act, officer_id=run.officer, terminal_id=run.terminal, detail=detail))


def stop(env: Environment, actor: Actor, run_id: int) -> None:
    """Let a run stop after the step under way. Raises NotAllowed, NotAvailable, RunMoved."""
    with env.database.transaction() as connection:
        run = _of_actor(connection, env, actor, run_id)
        row = connection.execute(
            "UPDATE register.batch_run SET status = CASE status WHEN 'waiting' THEN 'stopped' ELSE 'stopping' END,"
            " ended_at = CASE status WHEN 'waiting' THEN %s::timestamptz END"
            " WHERE run_id = %s AND status IN ('waiting', 'running') RETURNING status",
            (env.clock.now(), run_id),
        ).fetchone()
        if row is None:
            raise RunMoved
        record_act(connection, env, actor, Act.BATCH_STOPPED, detail={"job": run.job, "run": run_id})


def resume(env: Environment, actor: Actor, run_id: int) -> None:
    """Go on with a run that was stopped or failed, where it stood. Raises NotAllowed, NotAvailable, RunMoved, AlreadyWaiting."""
    with env.database.transaction() as connection:
        run = _of_actor(connection, env, actor, run_id)
        _only_one(connection, run.job)
        row = connection.execute(
            "UPDATE register.batch_run SET status = 'waiting', ended_at = NULL, failure = NULL"
            " WHERE run_id = %s AND status IN ('stopped', 'failed') RETURNING run_id",
            (run_id,),
        ).fetchone()
        if row is None:
            raise RunMoved
        queue.put(connection, run_id)
        record_act(connection, env, actor, Act.BATCH_STARTED, detail={"job": run.job, "run": run_id, "resumed": True})


def _of_actor(connection: Connection, env: Environment, actor: Actor, run_id: int) -> Run:
    """The run, for whoever may start its job."""
    run = find(connection, run_id)
    job_for(actor, env, run.job)
    return run


def find(connection: Connection, run_id: int) -> Run:
    """One run. Raises NotAvailable."""
    row = connection.execute("SELECT * FROM register.batch_run WHERE run_id = %s", (run_id,)).fetchone()
    if row is None:
        raise NotAvailable
    return _run(row)


def errors_of(connection: Connection, run_id: int, most: int) -> list[tuple[int, str, str]]:
    """The first lines of a run's error list: line, what it is about, why."""
    rows = connection.execute(
        "SELECT line, subject, why FROM register.batch_error WHERE run_id = %s ORDER BY line LIMIT %s", (run_id, most)
    )
    return [(row["line"], row["subject"], row["why"]) for row in rows]


def newest(env: Environment, actor: Actor, most: int = SHOWN) -> list[Run]:
    """The newest runs of all jobs. Raises NotAllowed. Counts and codes only: nothing about people."""
    decide(actor, Right.BATCH_RUN, on=env.clock.today())
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT * FROM register.batch_run ORDER BY (status IN ('waiting', 'running', 'stopping')) DESC, asked_at DESC,"
            " run_id DESC LIMIT %s",
            (most,),
        ).fetchall()
    return [_run(row) for row in rows]


def orphans(connection: Connection, before: datetime) -> list[int]:
    """Runs that wait or run although the queue holds them no more: their worker fell between two statements."""
    rows = connection.execute(
        "SELECT run_id FROM register.batch_run WHERE status IN ('waiting', 'running', 'stopping')"
        " AND coalesce(step_at, asked_at) < %s ORDER BY run_id FOR UPDATE",
        (before,),
    ).fetchall()
    return [row["run_id"] for row in rows if not queue.is_put(connection, row["run_id"])]


def _run(row: Row) -> Run:
    return Run(**{name: row[name] for name in _COLUMNS})
