"""The door of the card management system."""

from daicho.wire.contracts import dispatch_data
from daicho.wire.inbox import Handler
from daicho.world.cards import page, records
from daicho.world.door import FaultyDoor
from daicho.world.process import door_of_process

HANDLERS = {(dispatch_data.KIND, dispatch_data.VERSION): Handler(dispatch_data.DispatchData, records.take)}


def application_of_process() -> FaultyDoor:
    """The door of this process."""
    return door_of_process(HANDLERS, page.show)
