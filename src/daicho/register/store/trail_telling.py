"""Showing the roots of the register's trail to the common platform, which remembers them and signs for them (docs/trail.md)."""

import threading
from datetime import timedelta

from daicho.trail.merkle import consistency
from daicho.trail.seal import KeptHashes, Seal, newest_seal, public_key
from daicho.wire import outbox
from daicho.wire.beside import keep_going
from daicho.wire.contracts import trail_root
from daicho.wire.environment import Connection, Environment
from daicho.wire.outbox import LINK_COMMONS

WITNESS = "commons"
EVERY = timedelta(minutes=10)
"""What is rewritten before its root was shown is found by a kept checkpoint only."""
PAUSE_SECONDS = 5.0
STREAM = 999
"""Roots are ordered among themselves: ids of persons begin at 1000, and 0 counts the statements of everybody."""


def step(env: Environment) -> bool:
    """Show the newest root when it is time and there is a new one; whether a message was written."""
    with env.database.transaction() as connection:
        connection.execute(
            "INSERT INTO trail.told (witness, size, last_sequence_no) VALUES (%s, 0, 0) ON CONFLICT DO NOTHING",
            (WITNESS,),
        )
        told = connection.execute(
            "SELECT * FROM trail.told WHERE witness = %s FOR UPDATE SKIP LOCKED", (WITNESS,)
        ).fetchone()
        if told is None or (told["told_at"] is not None and env.clock.now() - told["told_at"] < EVERY):
            return False
        seal = newest_seal(connection)
        if seal is None or seal.size <= told["size"]:
            return False
        path = consistency(KeptHashes(connection), told["size"], seal.size) if told["size"] else []
        _put(connection, env, seal, path, told["last_sequence_no"] + 1)
        connection.execute(
            "UPDATE trail.told SET size = %s, last_sequence_no = last_sequence_no + 1, told_at = %s WHERE witness = %s",
            (seal.size, env.clock.now(), WITNESS),
        )
    return True


def keep_telling(env: Environment, stop: threading.Event) -> None:
    """Step until told to stop; used by the sending process beside its own work."""
    keep_going("telling the witness", lambda: _pause(env), stop, after_trouble=PAUSE_SECONDS)


def _pause(env: Environment) -> float:
    step(env)
    return PAUSE_SECONDS


def _put(connection: Connection, env: Environment, seal: Seal, path: list[bytes], number: int) -> None:
    [message_id] = env.ids.take(connection, 1)
    content = trail_root.TrailRoot(
        seal=trail_root.SealShown(**seal.as_json()),
        public_key=public_key(env.keys, seal.key_version).hex(),
        path=tuple(step.hex() for step in path),
    )
    message = outbox.Message(
        message_id=message_id,
        link=LINK_COMMONS,
        kind=trail_root.KIND,
        version=trail_root.VERSION,
        person_id=STREAM,
        sequence_no=number,
        payload=content.model_dump_json(),
    )
    outbox.put(connection, env.clock.now(), [message])
