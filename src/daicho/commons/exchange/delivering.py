"""The process that serves the exchange (`main`): a thread for each subscriber that is pushed to, so that one that is away
delays nobody; files when they are due; and the outbox of commons.

It stops on SIGTERM after the steps under way.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from daicho.commons.exchange import feed, files, push, subscribers
from daicho.commons.exchange.push import Sender
from daicho.law.errors import DaichoError
from daicho.wire.beside import keep_going
from daicho.wire.certificates import Own, own_of_process
from daicho.wire.environment import Environment, of_process
from daicho.wire.pinned import Pinned
from daicho.wire.pump import Pump
from daicho.wire.sending import keep_sending, peers_of

PAUSE_SECONDS = 1.0
"""The longest wait for a notice: what is due again, and who was registered meanwhile, is found by looking."""
TROUBLE_SECONDS = 5.0
FILES_SECONDS = 60.0
BEAT = "exchange.beat"
log = logging.getLogger("daicho.exchange")


@dataclass
class Delivering:
    """The threads of one process, by subscriber."""

    env: Environment
    own: Own
    sender: Callable[[], Sender]
    stop: threading.Event
    _bells: dict[str, threading.Event] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)

    def look(self) -> None:
        """Start a thread for each subscriber that has none yet, and wake them all."""
        with self.env.database.transaction() as connection:
            wanted = [one.subscriber for one in subscribers.in_force(connection, self.env.clock.today(), "push")]
        for subscriber in wanted:
            if subscriber not in self._bells:
                self._bells[subscriber] = threading.Event()
                thread = threading.Thread(target=self._keep_pushing, args=(subscriber,), name=subscriber, daemon=True)
                thread.start()
                self._threads.append(thread)
        for bell in self._bells.values():
            bell.set()

    def end(self) -> None:
        """Wait until every thread has done its step under way; `stop` must have been set."""
        for bell in self._bells.values():
            bell.set()
        for thread in self._threads:
            thread.join()

    def _keep_pushing(self, subscriber: str) -> None:
        sender, bell = self.sender(), self._bells[subscriber]

        def pushed() -> float:
            if not push.step(self.env, self.own, sender, subscriber).settled:
                bell.wait(PAUSE_SECONDS)
                bell.clear()
            return 0.0

        keep_going("pushing", pushed, self.stop, after_trouble=TROUBLE_SECONDS)


def make_due_files(env: Environment, own: Own, root: Path) -> int:
    """Make the files that are due today; how many."""
    with env.database.transaction() as connection:
        wanted = [
            one
            for one in subscribers.in_force(connection, env.clock.today(), "file")
            if files.due(connection, env, one)
        ]
    for one in wanted:
        files.make(env, own, root, one, "diff")
    return len(wanted)


def _keep_filing(env: Environment, own: Own, root: Path, stop: threading.Event) -> None:
    def filed() -> float:
        make_due_files(env, own, root)
        return FILES_SECONDS

    keep_going("filing", filed, stop, after_trouble=FILES_SECONDS)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: stop.set())
    env, own = of_process(), own_of_process()
    own_file, issuers = Path(os.environ["DAICHO_WIRE_OWN"]), Path(os.environ["DAICHO_WIRE_ISSUERS"])
    run = Path(os.environ["DAICHO_DATA"]) / "run"
    peers = peers_of(own.credentials.system, os.environ.get("DAICHO_WIRE_PEERS", ""))
    beside = [
        threading.Thread(target=_keep_filing, args=(env, own, Path(os.environ["DAICHO_FILES"]), stop), daemon=True),
        threading.Thread(
            target=keep_sending, args=(of_process(), Pump(own), peers, stop, run / "exchange-wire.beat"), daemon=True
        ),
    ]
    for thread in beside:
        thread.start()
    delivering = Delivering(env, own, lambda: Pinned(own_file, issuers), stop)
    while not stop.is_set():
        try:
            delivering.look()
            (run / BEAT).touch()
            env.database.hear(feed.CHANNEL, PAUSE_SECONDS)
        except (DaichoError, OSError) as error:
            log.warning("the exchange rests: %s", getattr(error, "code", type(error).__name__))
            stop.wait(TROUBLE_SECONDS)
