"""What the register said and may not keep: dispatch data, one business day after the connector took them (control D-STO-01)."""

import threading

from daicho.wire import disposal
from daicho.wire.environment import Environment
from daicho.wire.outbox import LINK_CONNECTOR


def step(env: Environment) -> int:
    """Dispose of what is due; how many messages."""
    return disposal.dispose_settled(env, LINK_CONNECTOR)


def keep_disposing(env: Environment, stop: threading.Event) -> None:
    """Step until told to stop."""
    disposal.keep_disposing(env, stop, step)
