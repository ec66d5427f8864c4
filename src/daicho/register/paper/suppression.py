"""Whether issuing is held back for somebody (抑止・支援措置): asked before every preview and again before handing over.

The register records suppressions from the protection measures on; who keeps them gives the answer as a function of
this shape. The clerk is told only that the paper cannot be issued here.
"""

from collections.abc import Callable, Sequence

from daicho.access.actor import Actor
from daicho.wire.environment import Connection

Suppressed = Callable[[Connection, Actor, Sequence[int]], bool]
"""(connection of the issue, officer, persons to be printed) -> True when nothing may be issued."""


def none_recorded(_connection: Connection, _actor: Actor, _person_ids: Sequence[int]) -> bool:
    """The answer of a register that keeps no suppressions."""
    return False
