"""The register's door, under the name that its screens use; the door itself is `daicho.signon.door`."""

from daicho.signon import door as shared
from daicho.signon.door import (
    SIGNED_ON,
    ApiDoor,
    ClosedDoor,
    DoorRequest,
    authenticate,
    door,
    pass_door,
    pass_output,
    signed_on,
)

OPEN_ROUTES = shared.OPEN_ROUTES | {
    "sign-on-back": "back from the provider with a code; authenticates by itself",
    "openapi-json": "description of the API; no data",
}
"""Routes without a right, by URL name, each with its reason. A test fails for any other route without a door."""

__all__ = [
    "OPEN_ROUTES",
    "SIGNED_ON",
    "ApiDoor",
    "ClosedDoor",
    "DoorRequest",
    "authenticate",
    "door",
    "pass_door",
    "pass_output",
    "signed_on",
]
