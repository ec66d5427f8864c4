"""As witness of another system's trail: remembering its roots, and only such as continue what was seen before.

What the witness has seen lies in its own database: whoever rewrites the first system's trail, keys included, has to rewrite
the witness too. How roots travel, and how the witness signs for them, is of the wire (contract `trail-root`, decision 0145).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from daicho.trail import offline
from daicho.trail.checkpoint import Checkpoint
from daicho.trail.errors import NotContinued
from daicho.wire.environment import Connection, Environment

_LOCK = 0x7769_746E  # "witn"


def remember(
    connection: Connection, env: Environment, seal: Mapping[str, Any], log_key: bytes, path: Sequence[bytes] = ()
) -> None:
    """Remember a seal of another log.

    `path`: the consistency proof from the last seal that was remembered (`merkle.consistency`). Raises ProofFailed when the log
    did not sign the seal, NotContinued when it does not continue what was seen before.
    """
    size, root = offline.check_seal(seal, log_key)
    log = str(seal["log"])
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    before = connection.execute(
        "SELECT size, root FROM trail.witnessed WHERE log = %s ORDER BY size DESC LIMIT 1", (log,)
    ).fetchone()
    if before is not None and not offline.consistent(before["size"], size, before["root"], root, path):
        raise NotContinued
    connection.execute(
        "INSERT INTO trail.witnessed (log, size, batch_no, root, seen_at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (log, size) DO NOTHING",
        (log, size, int(seal["batch_no"]), root, env.clock.now()),
    )


def remembered(connection: Connection, log: str) -> list[Checkpoint]:
    """All that was seen of a log, for holding its trail against: sizes and roots, nothing to go on from."""
    rows = connection.execute("SELECT size, root FROM trail.witnessed WHERE log = %s ORDER BY size", (log,)).fetchall()
    return [Checkpoint({"size": row["size"], "root": row["root"].hex()}, (), b"") for row in rows]
