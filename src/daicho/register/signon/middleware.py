"""The keeper of the register's door."""

from daicho.register.signon.door import OPEN_ROUTES
from daicho.signon import middleware


class DoorMiddleware(middleware.DoorMiddleware):
    """Refuses pages without a door, those of the register's own open routes left out."""

    open_routes = OPEN_ROUTES
