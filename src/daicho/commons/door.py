"""The door of the common platform: what it takes from whom. Served by gunicorn (`daicho.wire.serving`)."""

import os
import threading
from pathlib import Path

from daicho.commons import common_database, suppression, witness
from daicho.commons.exchange import qualification
from daicho.commons.exchange.door import ExchangeDoor
from daicho.wire.archive import archive_beside
from daicho.wire.certificates import own_of_process
from daicho.wire.contracts import (
    qualification_changed,
    resident_changed,
    residents_stated,
    suppression_changed,
    trail_root,
)
from daicho.wire.door import Door
from daicho.wire.environment import of_process
from daicho.wire.inbox import Handler, Receiver

HANDLERS = {
    (resident_changed.KIND, resident_changed.FORMER_VERSION): Handler(
        resident_changed.FormerResidentChanged, common_database.take
    ),
    (resident_changed.KIND, resident_changed.VERSION): Handler(resident_changed.ResidentChanged, common_database.take),
    (residents_stated.KIND, residents_stated.VERSION): Handler(
        residents_stated.ResidentsStated, common_database.take_stated
    ),
    (suppression_changed.KIND, suppression_changed.VERSION): Handler(
        suppression_changed.SuppressionChanged, suppression.take
    ),
    (qualification_changed.KIND, qualification_changed.VERSION): Handler(
        qualification_changed.QualificationChanged, qualification.take
    ),
    (trail_root.KIND, trail_root.VERSION): Handler(trail_root.TrailRoot, witness.take),
}


def application_of_process() -> ExchangeDoor:
    """The door of this process, from its DAICHO_* variables."""
    env, own = of_process(), own_of_process()
    archive_beside(env, threading.Event())
    wire = Door(env, Receiver(own, HANDLERS))
    return ExchangeDoor(env, own, Path(os.environ["DAICHO_FILES"]), wire)
