"""The queue that hands runs to workers: Procrastinate, in the register's own database (schema `queue`).

A run is put into the queue in the transaction that makes it wait. The queue says only "look at this run"; what the run is,
how far it is and who holds it stands in `register.batch_run`.
"""

from psycopg.types.json import Jsonb

from daicho.wire.environment import Connection

QUEUE = "batch"
RUN_TASK = "run"
ONE_AT_A_TIME = "batch"
"""The lock of the queue: runs go one after the other, so that counters never compete with two of them."""


def put(connection: Connection, run_id: int) -> None:
    """Hand a waiting run to whichever worker is free."""
    connection.execute(
        "SELECT queue.procrastinate_defer_jobs_v1("
        "ARRAY[ROW(%s, %s, 0, %s, NULL, %s, NULL)::queue.procrastinate_job_to_defer_v1])",
        (QUEUE, RUN_TASK, ONE_AT_A_TIME, Jsonb({"run_id": run_id})),
    )


def is_put(connection: Connection, run_id: int) -> bool:
    """Whether the queue still holds the run: to be taken, or taken by a worker."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM queue.procrastinate_jobs WHERE status IN ('todo', 'doing')"
        " AND task_name = %s AND (args ->> 'run_id')::bigint = %s) AS found",
        (RUN_TASK, run_id),
    ).fetchone()
    return row is not None and bool(row["found"])
