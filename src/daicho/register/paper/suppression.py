"""Whether issuing is held back for somebody (抑止・支援措置): asked before every preview and again before handing over.

The clerk is told only that the paper cannot be issued here. A protected person's paper is issued by an officer to whom a
second person has opened exactly these persons for some minutes (STD 3.4; Imari 2008, Inuyama 2018).
"""

from collections.abc import Callable, Sequence

from daicho.access.actor import Actor
from daicho.register.store.picks import no_longer
from daicho.register.store.suppression import issue_is_held_back
from daicho.wire.environment import Connection, Environment

Suppressed = Callable[[Connection, Environment, Actor, Sequence[int]], bool]
"""(connection of the issue, environment, officer, persons to be printed) -> True when nothing may be issued."""


def as_recorded(connection: Connection, env: Environment, actor: Actor, person_ids: Sequence[int]) -> bool:
    """The answer of the register, from what is committed at this moment."""
    return issue_is_held_back(connection, env, actor, person_ids)


LeftOut = Callable[[Connection, Environment, Sequence[int]], frozenset[int]]
"""(connection, environment, residents of a town) -> those who must not be on a list for inspection."""


def left_out(connection: Connection, env: Environment, person_ids: Sequence[int]) -> frozenset[int]:
    """Whoever is hidden, whatever is open to whom, and whose papers or inquiries are held back (STD 9.4, 20.3.1)."""
    return no_longer(connection, env, list(person_ids))
