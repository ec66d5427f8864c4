"""The process of a simulated peer: its door with faults, and beside it the page that shows what it holds."""

import os
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from daicho.wire.archive import archive_beside
from daicho.wire.certificates import Own, own_of_process
from daicho.wire.environment import Environment, of_process
from daicho.wire.inbox import Handler, Receiver
from daicho.wire.pump import Pump
from daicho.wire.sending import keep_sending, peers_of
from daicho.world.door import FaultyDoor
from daicho.world.faults import SkewedClock, faults_of_process
from daicho.world.page import Show, serve_beside


def door_of_process(handlers: Mapping[tuple[str, int], Handler], show: Show) -> FaultyDoor:
    """The door of this process, from its DAICHO_* variables."""
    real, faults, own = of_process(), faults_of_process(), own_of_process()
    env = replace(real, clock=SkewedClock(real.clock, faults))
    files = [os.environ[name] for name in ("DAICHO_WORLD_STRANGER", "DAICHO_WIRE_ISSUERS", "DAICHO_WIRE_REVOKED")]
    archive_beside(env, threading.Event())
    _send_beside(env, own)
    serve_beside(env, show, int(os.environ.get("DAICHO_WORLD_PAGE", "0")))
    return FaultyDoor(env, Receiver(own, handlers), faults, Own(*map(Path, files)))


def _send_beside(env: Environment, own: Own) -> None:
    """Send what this peer has to say, in a thread of its process; nothing where DAICHO_WIRE_PEERS names nobody."""
    peers = peers_of(own.credentials.system, os.environ.get("DAICHO_WIRE_PEERS", ""))
    beat = Path(os.environ["DAICHO_DATA"]) / "run" / f"{own.credentials.system}.beat"
    work = (env, Pump(own), peers, threading.Event(), beat)
    if peers:
        threading.Thread(target=keep_sending, args=work, name="sending", daemon=True).start()
