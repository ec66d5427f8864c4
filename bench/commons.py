"""The figures of what all systems share: `./daicho bench commons`. Today the trail and the feed; rights follow."""

from collections.abc import Iterator

from bench import trail, wire
from bench.measure import Figure


def measure(residents: int, *, quick: bool) -> Iterator[Figure]:
    """Yields each figure as it is taken; the size of the city plays no part in any of them."""
    yield from wire.figures(quick=quick)
    yield from trail.figures(quick=quick)
