"""The door of the connector: what it takes from whom. Served by gunicorn (`daicho.wire.serving`); inside the
city the register alone may call."""

import threading

from daicho.connector import dispatch, identity_file, reconcile, stated, suppression
from daicho.wire.archive import archive_beside
from daicho.wire.certificates import own_of_process
from daicho.wire.contracts import (
    dispatch_data,
    identities_stated,
    identity_changed,
    reconcile_answer,
    suppression_changed,
)
from daicho.wire.disposal import dispose_beside
from daicho.wire.door import Door
from daicho.wire.environment import of_process
from daicho.wire.inbox import Handler, Receiver

HANDLERS = {
    (identity_changed.KIND, identity_changed.VERSION): Handler(identity_changed.IdentityChanged, identity_file.take),
    (identities_stated.KIND, identities_stated.VERSION): Handler(identities_stated.IdentitiesStated, stated.take),
    (reconcile_answer.KIND, reconcile_answer.VERSION): Handler(reconcile_answer.ReconcileAnswer, reconcile.take),
    (suppression_changed.KIND, suppression_changed.VERSION): Handler(
        suppression_changed.SuppressionChanged, suppression.take
    ),
    (dispatch_data.KIND, dispatch_data.VERSION): Handler(dispatch_data.DispatchData, dispatch.take),
}


def application_of_process() -> Door:
    """The door of this process, from its DAICHO_* variables."""
    env, stop = of_process(), threading.Event()
    archive_beside(env, stop)
    dispose_beside(env, stop, dispatch.delete_passed)
    return Door(env, Receiver(own_of_process(), HANDLERS))
