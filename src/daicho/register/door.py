"""The register's door on the wire: what it takes from whom. Served by gunicorn (`daicho.wire.serving`)."""

import threading

from daicho.register.store import qualifications
from daicho.wire.archive import archive_beside
from daicho.wire.certificates import own_of_process
from daicho.wire.contracts import qualification_changed
from daicho.wire.door import Door
from daicho.wire.environment import of_process
from daicho.wire.inbox import Handler, Receiver

HANDLERS = {
    (qualification_changed.KIND, qualification_changed.VERSION): Handler(
        qualification_changed.QualificationChanged, qualifications.take
    ),
}


def application_of_process() -> Door:
    """The door of this process, from its DAICHO_* variables."""
    env = of_process()
    archive_beside(env, threading.Event())
    return Door(env, Receiver(own_of_process(), HANDLERS))
