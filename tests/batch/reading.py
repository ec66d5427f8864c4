"""What a run has left behind."""

from daicho.register.batch import files, runs
from daicho.register.batch.model import Run
from daicho.wire.environment import Environment, Row


def run_of(env: Environment, run_id: int) -> Run:
    """The run as it stands."""
    with env.database.transaction() as connection:
        return runs.find(connection, run_id)


def rows(env: Environment, query: str, *values: object) -> list[Row]:
    """Rows of a query."""
    with env.database.transaction() as connection:
        return connection.execute(query.encode(), values).fetchall()


def bytes_of(env: Environment, run_id: int, name: str) -> bytes:
    """A result file as it was written."""
    with env.database.transaction() as connection:
        found = {one.name: one.file_id for one in files.of_run(connection, run_id)}
    return b"".join(files.parts_of(env, found[name]))


def text_of(env: Environment, run_id: int, name: str) -> str:
    """A result file as text."""
    return bytes_of(env, run_id, name).decode("utf-8-sig")


def acts(env: Environment, run_id: int) -> list[str]:
    """The acts of the trail about a run, in order."""
    found = rows(env, "SELECT act FROM trail.entry WHERE (detail ->> 'run')::bigint = %s ORDER BY entry_id", run_id)
    return [row["act"] for row in found]
