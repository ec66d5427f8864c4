"""What the register knows of the house's backups: which were made, which were let out (R-STO-08, R-USE-18).

The files themselves are the engine's (`daicho.engine.backup`); it finds this module by name.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from daicho.law.errors import DaichoError
from daicho.trail.act import Act
from daicho.trail.entry import record_command
from daicho.wire.environment import Connection, Environment


class NotReleased(DaichoError):
    """There is no approval that lets this backup out now; `approval` is its number."""

    code = "K290"
    status = 409
    happened = "承認番号{approval}では、バックアップを持ち出せません。"
    kept = "何も写していません。"
    todo = "画面「承認」で、承認されて実行され、期限内で、まだ持ち出していない申請の番号を確かめてください。"


def made(env: Environment, said: Mapping[str, Any], size: int, kept: Collection[str]) -> None:
    """Put a finished backup on record; `kept` are all that are on the medium now."""
    now = env.clock.now()
    with env.database.transaction() as connection:
        connection.execute(
            "INSERT INTO register.backup (name, finished_at, size) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (said["name"], datetime.fromisoformat(said["ended_at"]), size),
        )
        connection.execute(
            "UPDATE register.backup SET removed_at = %s WHERE removed_at IS NULL AND name <> ALL (%s)",
            (now, list(kept)),
        )
        detail: dict[str, str | int | bool] = {"backup": str(said["name"]), "end": str(said["end"]), "bytes": size}
        record_command(connection, env, Act.BACKUP_MADE, detail)


def newest(connection: Connection) -> str | None:
    """The newest backup that is still there."""
    row = connection.execute("SELECT max(name) AS name FROM register.backup WHERE removed_at IS NULL").fetchone()
    return row["name"] if row else None


def is_there(connection: Connection, name: str) -> bool:
    """Whether a backup was made and is still there."""
    query = "SELECT 1 FROM register.backup WHERE name = %s AND removed_at IS NULL"
    return connection.execute(query, (name,)).fetchone() is not None


def release(connection: Connection, env: Environment, approval_id: int, name: str, valid_until: datetime) -> None:
    """Let one backup be taken out, once, until the approval ends. In the transaction of the approved act."""
    connection.execute(
        "INSERT INTO register.backup_take_out (approval_id, name, released_at, valid_until) VALUES (%s, %s, %s, %s)",
        (approval_id, name, env.clock.now(), valid_until),
    )


def take_out(env: Environment, approval_id: int, copy: Callable[[str], bytes]) -> str:
    """Have a released backup copied, and note that it has gone; returns its name.

    `copy` is given the name and returns the digest of what it has copied; when it fails, the release stands. The row is
    locked meanwhile: two at once copy once. Raises NotReleased, which is on record, and what `copy` raises.
    """
    try:
        with env.database.transaction() as connection:
            name = _claimed(connection, env, approval_id)
            digest = copy(name)
            connection.execute(
                "UPDATE register.backup_take_out SET taken_at = %s, sha256 = %s WHERE approval_id = %s",
                (env.clock.now(), digest, approval_id),
            )
            detail: dict[str, str | int | bool] = {"approval": approval_id, "backup": name, "sha256": digest.hex()}
            record_command(connection, env, Act.BACKUP_TAKEN_OUT, detail)
    except NotReleased:
        with env.database.transaction() as connection:
            record_command(connection, env, Act.BACKUP_REFUSED, {"approval": approval_id})
        raise
    return name


def _claimed(connection: Connection, env: Environment, approval_id: int) -> str:
    row = connection.execute(
        "SELECT name FROM register.backup_take_out WHERE approval_id = %s AND taken_at IS NULL AND valid_until > %s"
        " FOR UPDATE SKIP LOCKED",
        (approval_id, env.clock.now()),
    ).fetchone()
    if row is None:
        raise NotReleased(approval=approval_id)
    return str(row["name"])
