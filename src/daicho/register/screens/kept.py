"""What is kept beside the cases, for the home screen: which screens an officer has, and how much waits there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from daicho.access.actor import Actor
from daicho.access.approvals.reading import count_waiting
from daicho.access.decision import holds
from daicho.register.environment import current
from daicho.register.masters.store import waiting_drafts
from daicho.register.screens.top_bar import KEPT_BESIDE
from daicho.register.store.links import waiting_links
from daicho.wire.backlog import count_dead
from daicho.wire.environment import Connection


@dataclass(frozen=True, slots=True)
class Kept:
    """One screen and what waits there for somebody."""

    label: str
    url: str
    waiting: int


_WAITING: Mapping[str, Callable[[Connection], int]] = {
    "same-person": waiting_links,
    "masters": waiting_drafts,
    "wire-backlog": count_dead,
}


def kept_beside(connection: Connection, actor: Actor) -> list[Kept]:
    """The screens beside the cases that this officer may open."""
    today = current().clock.today()
    return [
        Kept(label, reverse(name), _waiting(connection, actor, name))
        for right, label, name, _, _ in KEPT_BESIDE
        if holds(actor, right, on=today)
    ]


def _waiting(connection: Connection, actor: Actor, name: str) -> int:
    if name == "approvals":
        return count_waiting(connection, current(), actor)
    return _WAITING[name](connection) if name in _WAITING else 0
