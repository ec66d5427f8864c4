"""The door of the common platform: what it takes from whom. Served by gunicorn (`daicho.wire.serving`)."""

import threading

from daicho.commons import common_database, suppression
from daicho.wire.archive import archive_beside
from daicho.wire.certificates import own_of_process
from daicho.wire.contracts import resident_changed, suppression_changed
from daicho.wire.door import Door
from daicho.wire.environment import of_process
from daicho.wire.inbox import Handler, Receiver

HANDLERS = {
    (resident_changed.KIND, resident_changed.VERSION): Handler(resident_changed.ResidentChanged, common_database.take),
    (suppression_changed.KIND, suppression_changed.VERSION): Handler(
        suppression_changed.SuppressionChanged, suppression.take
    ),
}


def application_of_process() -> Door:
    """The door of this process, from its DAICHO_* variables."""
    env = of_process()
    archive_beside(env, threading.Event())
    return Door(env, Receiver(own_of_process(), HANDLERS))
