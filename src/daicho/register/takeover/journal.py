"""How far a take-over has come, bucket by bucket: a killed run goes on where it stopped, with the same report."""

from collections import Counter
from dataclasses import astuple

from psycopg.types.json import Jsonb

from daicho.register.takeover.issues import Issue
from daicho.register.takeover.judge import Judged
from daicho.wire.environment import Connection, Environment


class Journal:
    """The run of one file: known by the digest of the file until it is finished."""

    def __init__(self, run_id: int, done: dict[int, Judged]) -> None:
        """`done`: what is stored of an earlier run, by the place of the bucket."""
        self._run_id = run_id
        self.done = done

    @classmethod
    def open(cls, environment: Environment, digest: str, buckets: int) -> "Journal":
        """The run that was not finished, or a new one. A file that falls into other buckets than before begins anew."""
        with environment.database.transaction() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (digest,))
            row = connection.execute(
                "SELECT run_id, buckets FROM register.takeover_run WHERE file_digest = %s AND finished_at IS NULL",
                (digest,),
            ).fetchone()
            if row is not None and row["buckets"] == buckets:
                return cls(row["run_id"], _stored(connection, row["run_id"]))
            if row is not None:
                cls(row["run_id"], {}).finish(connection, environment)
            [run_id] = environment.ids.take(connection, 1)
            connection.execute(
                "INSERT INTO register.takeover_run (run_id, file_digest, buckets, started_at) VALUES (%s, %s, %s, %s)",
                (run_id, digest, buckets, environment.clock.now()),
            )
            return cls(run_id, {})

    def note(self, connection: Connection, place: int, judged: Judged) -> None:
        """Keep the outcome of one bucket, in the transaction that stores it."""
        outcome = {
            "verdicts": dict(judged.verdicts),
            "issues": [list(astuple(issue)) for issue in judged.issues],
            "before": judged.filled_before,
            "after": judged.filled_after,
        }
        connection.execute(
            "INSERT INTO register.takeover_bucket (run_id, place, outcome) VALUES (%s, %s, %s)",
            (self._run_id, place, Jsonb(outcome)),
        )

    def finish(self, connection: Connection, environment: Environment) -> None:
        """The run is through: the next one of this file begins anew."""
        connection.execute(
            "UPDATE register.takeover_run SET finished_at = %s WHERE run_id = %s",
            (environment.clock.now(), self._run_id),
        )


def _stored(connection: Connection, run_id: int) -> dict[int, Judged]:
    rows = connection.execute("SELECT place, outcome FROM register.takeover_bucket WHERE run_id = %s", (run_id,))
    return {
        row["place"]: Judged(
            verdicts=Counter(row["outcome"]["verdicts"]),
            issues=[Issue(*issue) for issue in row["outcome"]["issues"]],
            filled_before=row["outcome"]["before"],
            filled_after=row["outcome"]["after"],
        )
        for row in rows
    }
