"""The figures of the wire, on a house of its own: from the register's commit until commons has signed for it, and what
mutual TLS and signatures add to a message."""

import os
import shutil
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median

from bench.measure import SAMPLES, Figure, milliseconds, p95
from daicho.engine import house
from daicho.engine.environment import from_process
from daicho.engine.paths import DataDir
from daicho.wire.certificates import Own
from daicho.wire.environment import Environment
from daicho.wire.message import Envelope, Receipt, check_receipt, digest_of, seal, seal_receipt, unseal
from daicho.wire.tls import client_context, server_context

RATE = 5
"""Changes a second."""
RESIDENTS = 2_000
PATIENCE_SECONDS = 60
MESSAGE, ANSWER = b"m" * 3_000, b"r" * 1_500
"""A signed message and its receipt, in length."""


def figures(*, quick: bool) -> Iterator[Figure]:
    """The feed to commons over its real socket, and the cost of trust; the size of the city plays no part."""
    folder = Path(tempfile.mkdtemp(prefix="daicho-bench-wire-"))
    kept = dict(os.environ)
    try:
        with house.started(folder, ["--residents", str(RESIDENTS)]) as running:
            os.environ.update(house.environment(running.data))
            env = from_process()
            taken = _delivered(env, _tell(env, RATE * (10 if quick else 120)))
            yield Figure("feed.delivered_p95_s", p95(taken), "s", "lower", 5, None, len(taken))
            added = _added(env, running.data, 60 if quick else SAMPLES)
            yield Figure("wire.added_p95_ms", p95(added), "ms", "lower", 5, None, len(added))
            env.database.close()  # type: ignore[attr-defined]
    finally:
        os.environ.clear()
        os.environ.update(kept)
        house.remove(DataDir.at(folder))
        shutil.rmtree(folder, ignore_errors=True)


def _added(env: Environment, data: DataDir, n: int) -> list[float]:
    """Milliseconds for each message: both signatures made and checked, and TLS beyond what the bare socket takes."""
    mine, theirs = (house.wire_files(data, system) for system in ("register", "commons"))
    with _answering(None, None) as ask:
        bare = median(milliseconds(ask, n=n))
    with _answering(server_context(theirs.own, theirs.issuers), client_context(mine.own, mine.issuers)) as ask:
        over_tls = milliseconds(ask, n=n)
    sender, receiver = (Own(files.own, files.issuers, files.revoked) for files in (mine, theirs))
    signed = milliseconds(lambda number: _signed(env, sender, receiver, number + 1), n=n)
    return [one - bare + other for one, other in zip(over_tls, signed, strict=True)]


def _signed(env: Environment, sender: Own, receiver: Own, number: int) -> None:
    """What both sides do to one message beside sending and taking it."""
    now = env.clock.now()
    envelope = Envelope(
        sender="register", receiver="commons", kind="resident-changed", version=2, message_id=number, person=number,
        sequence_no=1, created_at=now, content={"text": "x" * 1_000},
    )  # fmt: skip
    token = seal(sender.credentials, envelope)
    taken = unseal(receiver.authority, token, now)
    receipt = Receipt(
        sender=taken.sender, receiver="commons", message_id=taken.message_id, digest=digest_of(token),
        outcome="accepted", received_at=now,
    )  # fmt: skip
    check_receipt(sender.authority, seal_receipt(receiver.credentials, receipt), token, envelope, now)


@contextmanager
def _answering(server: ssl.SSLContext | None, client: ssl.SSLContext | None) -> Iterator[Callable[[int], None]]:
    """One kept connection to a thread that answers each message; gives a function that sends one and waits."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            raw, _ = listener.accept()
            with server.wrap_socket(raw, server_side=True) if server else raw as there:
                while _read(there, len(MESSAGE)):
                    there.sendall(ANSWER)

        thread = threading.Thread(target=serve)
        thread.start()
        raw = socket.create_connection(listener.getsockname())
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with client.wrap_socket(raw, server_hostname="localhost") if client else raw as here:

            def ask(_number: int) -> None:
                here.sendall(MESSAGE)
                _read(here, len(ANSWER))

            yield ask
        thread.join()


def _read(peer: socket.socket, size: int) -> bool:
    """Read so many bytes; False when the other side is done."""
    while size:
        got = len(peer.recv(size))
        if not got:
            return False
        size -= got
    return True


def _tell(env: Environment, count: int) -> datetime:
    """Write the state of one person after another in a transaction of its own; the instant before the first."""
    from daicho.register.store.messages import put_suppressions

    first = env.clock.now()
    with env.database.transaction() as connection:
        rows = connection.execute("SELECT person_id FROM register.person ORDER BY person_id LIMIT %s", (RESIDENTS,))
        people = [row["person_id"] for row in rows]
    begun = time.perf_counter()
    for number in range(count):
        time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
        with env.database.transaction() as connection:
            put_suppressions(connection, env, (people[number % len(people)],), env.clock.now())
    return first


def _delivered(env: Environment, since: datetime) -> list[float]:
    """Seconds from writing to receipt of each message since then. TimeoutError when some are still on their way."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with env.database.transaction() as connection:
            waiting = connection.execute(
                "SELECT FROM wire.delivery WHERE link = 'register-commons' AND created_at >= %s LIMIT 1", (since,)
            ).fetchone()
            if waiting is None:
                rows = connection.execute(
                    "SELECT extract(epoch FROM settled_at - created_at)::float8 AS seconds FROM wire.settled"
                    " WHERE link = 'register-commons' AND created_at >= %s AND outcome = 'accepted'",
                    (since,),
                )
                return [row["seconds"] for row in rows]
        time.sleep(0.5)
    raise TimeoutError("the feed did not come to its end")
