"""The module of this system with its own part at the door, named by the setting `SIGNON_SYSTEM`."""

from importlib import import_module
from typing import Protocol, cast

from django.conf import settings

from daicho.signon.models import OfficerSession
from daicho.wire.environment import Environment


class System(Protocol):
    """What the module has; see `daicho.signon.alone`."""

    def entered(self, env: Environment, session: OfficerSession) -> bool:
        """A request with an open session is at the door."""
        ...

    def left(self, env: Environment, session: OfficerSession) -> None:
        """A session ended here."""
        ...


def system() -> System:
    """The module of this process."""
    return cast(System, import_module(settings.SIGNON_SYSTEM))
