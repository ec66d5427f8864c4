"""The door of the prefecture server."""

from daicho.wire.contracts import identities_notified, identity_update, reconcile_nodes
from daicho.wire.inbox import Handler
from daicho.world.door import FaultyDoor
from daicho.world.prefecture import page, reconcile, records
from daicho.world.process import door_of_process

HANDLERS = {
    (identity_update.KIND, identity_update.VERSION): Handler(identity_update.IdentityUpdate, records.take),
    (identities_notified.KIND, identities_notified.VERSION): Handler(
        identities_notified.IdentitiesNotified, records.take_many
    ),
    (reconcile_nodes.KIND, reconcile_nodes.VERSION): Handler(reconcile_nodes.ReconcileNodes, reconcile.take),
}


def application_of_process() -> FaultyDoor:
    """The door of this process."""
    return door_of_process(HANDLERS, page.show)
