"""The figure of the decision about rights: one decision in process, over every right and the roles of the release."""

import itertools
import statistics
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime

from bench.measure import Figure
from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import RIGHTS, decide
from daicho.access.errors import NotAllowed, PurposeMissing

TODAY = date(2026, 4, 1)
ROUNDS = 100
CLERK = Actor(
    "clerk1", "試験 職員", frozenset({"clerk"}), "市民課", "市民課", "T1", "1番窓口", "bench",
    datetime(2026, 4, 1, tzinfo=UTC), "counter",
)  # fmt: skip


def figures() -> Iterator[Figure]:
    """The median over allowed and refused decisions alike; the bar is that of the issue of the platform: 50 µs."""
    actors = [replace(CLERK, roles=frozenset({role})) for role in RIGHTS.roles]
    actors.append(replace(CLERK, roles=frozenset({"clerk", "reviewer", "protector"})))
    taken = []
    for _round in range(ROUNDS):
        for actor, right in itertools.product(actors, Right):
            begun = time.perf_counter()
            with suppress(NotAllowed, PurposeMissing):
                decide(actor, right, on=TODAY, purpose=Purpose.RESIDENT_INQUIRY)
            taken.append((time.perf_counter() - begun) * 1_000_000)
    yield Figure("rights.decision_us", statistics.median(taken), "us", "lower", 50, None, len(taken))
