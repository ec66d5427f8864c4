"""Chance from a seed: one stream a neighbourhood, the same on every machine and with every number of processes."""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Chance(Random):
    """Seeded chance, only ever for synthetic people. This module is the one place outside the engine that has any."""


def stream(*parts: str | int) -> Chance:
    """A generator for this seed and place; text seeds do not depend on PYTHONHASHSEED."""
    return Chance(":".join(map(str, parts)))


class Weighted(Generic[T]):
    """Options with weights, picked in logarithmic time."""

    def __init__(self, options: Sequence[T], weights: Sequence[float]) -> None:
        """Options and weights of one length, not empty."""
        self.options = tuple(options)
        self._sums = list(accumulate(weights))

    def pick(self, rng: Chance) -> T:
        """One option."""
        return self.options[min(bisect(self._sums, rng.random() * self._sums[-1]), len(self.options) - 1)]
