"""The register's own part at the door: does the session go on at the provider, and do approved lists hold today?"""

from daicho.register.masters.live import bring_up_to_date
from daicho.signon.models import OfficerSession
from daicho.signon.oidc import partner
from daicho.signon.oidc.partner import left
from daicho.wire.environment import Environment

__all__ = ["entered", "left"]


def entered(env: Environment, session: OfficerSession) -> bool:
    """See `daicho.signon.oidc.partner`; then law's tables as they hold today."""
    renewed = partner.entered(env, session)
    bring_up_to_date(env)
    return renewed
