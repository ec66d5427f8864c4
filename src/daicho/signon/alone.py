"""What a system does at the door when its officers are its own: nothing more.

A system whose officers sign on elsewhere names another module with the same functions in `SIGNON_SYSTEM` (`daicho.signon.oidc.partner`).
"""

from daicho.signon.models import OfficerSession
from daicho.wire.environment import Environment


def entered(env: Environment, session: OfficerSession) -> bool:
    """Told of each request with an open session; true when officers, roles or terminals were brought up to date."""
    return False


def left(env: Environment, session: OfficerSession) -> None:
    """Told when a session ended in this system for a reason that the officer or the lock gave."""
