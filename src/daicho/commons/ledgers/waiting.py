"""How much is due, for the top bar of every page of the common platform: asked for only when a page draws it."""

from collections.abc import Iterator, Sequence
from typing import overload

from django.urls import reverse

from daicho.access.actor import Actor, Right
from daicho.access.decision import holds
from daicho.commons.ledgers.store import all_reminders
from daicho.law.errors import DaichoError
from daicho.ui.frame import QueueCount
from daicho.wire.environment import current


class DueCount(Sequence[QueueCount]):
    """One count: what this officer is reminded of, marked when something is late. Without the database there is none."""

    def __init__(self, actor: Actor) -> None:
        """`actor`: whose reminders."""
        self._actor = actor
        self._known: tuple[QueueCount, ...] | None = None

    def _counts(self) -> tuple[QueueCount, ...]:
        if self._known is None:
            env = current()
            today = env.clock.today()
            self._known = ()
            if holds(self._actor, Right.LEDGER_READ, on=today):
                try:
                    with env.database.transaction() as connection:
                        found = all_reminders(connection, env, self._actor)
                except DaichoError:
                    return self._known
                late = any(one.is_late(today) for one in found)
                self._known = (QueueCount("期限", len(found), reverse("ledgers"), late),)
        return self._known

    @overload
    def __getitem__(self, index: int) -> QueueCount: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[QueueCount]: ...

    def __getitem__(self, index: int | slice) -> QueueCount | Sequence[QueueCount]:
        """The count."""
        return self._counts()[index]

    def __len__(self) -> int:
        """One, or none."""
        return len(self._counts())

    def __iter__(self) -> Iterator[QueueCount]:
        """The count."""
        return iter(self._counts())
