"""The process that sends a system's outbox (`main`).

DAICHO_WIRE_PEERS lists `receiver=address` pairs with spaces between; DAICHO_WIRE_BESIDE names a function (`module:function`) of
the system that is run in a thread beside; the other DAICHO_* variables are those of every process of the system. It stops on
SIGTERM after the step under way.
"""

import os
import signal
import threading
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from daicho.wire.archive import archive_beside
from daicho.wire.beside import keep_going, start_beside
from daicho.wire.certificates import own_of_process
from daicho.wire.environment import Environment, of_process
from daicho.wire.outbox import CHANNEL
from daicho.wire.pump import Peer, Pump

PAUSE_SECONDS = 1.0
"""The longest wait for a notice of new messages: what is due again, and what no notice told of, is found by looking."""
TROUBLE_SECONDS = 5.0
BEAT = "sending.beat"
"""A file in the run folder, touched at every round; DAICHO_WIRE_BEAT gives it another name."""


def peers_of(system: str, text: str) -> tuple[Peer, ...]:
    """The peers of DAICHO_WIRE_PEERS."""
    pairs = (entry.partition("=") for entry in text.split())
    return tuple(Peer(f"{system}-{receiver}", receiver, url) for receiver, _, url in pairs)


def round_of(env: Environment, pump: Pump, peers: Sequence[Peer]) -> int:
    """One step for each peer; how many messages were taken. One peer's trouble holds up nobody else."""
    return sum(pump.step(env, peer).taken for peer in peers)


def keep_sending(env: Environment, pump: Pump, peers: Sequence[Peer], stop: threading.Event, beat: Path) -> None:
    """Send until told to stop: at once when a message is committed, and every second for what is due again.

    While the database is away, say so once in a while and try again.
    """

    def sent() -> float:
        taken = round_of(env, pump, peers)
        beat.touch()
        if not taken:
            env.database.hear(CHANNEL, PAUSE_SECONDS)
        return 0.0

    keep_going("sending", sent, stop, after_trouble=TROUBLE_SECONDS)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: stop.set())
    own = own_of_process()
    peers = peers_of(own.credentials.system, os.environ["DAICHO_WIRE_PEERS"])
    env = of_process()
    archive_beside(env, stop)
    _start_beside(env, stop)
    beat = Path(os.environ["DAICHO_DATA"]) / "run" / os.environ.get("DAICHO_WIRE_BEAT", BEAT)
    keep_sending(env, Pump(own), peers, stop, beat)


def _start_beside(env: Environment, stop: threading.Event) -> None:
    """Run the system's own works, which this room does not know, in threads that end with the process."""
    for work in os.environ.get("DAICHO_WIRE_BESIDE", "").split():
        module, _, name = work.partition(":")
        target = getattr(import_module(module), name)
        start_beside(name, partial(target, env, stop))
