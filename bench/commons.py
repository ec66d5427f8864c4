"""The figures of what all systems share: `./daicho bench commons`. Today the trail; rights, feeds and messages follow."""

from collections.abc import Iterator

from bench import trail
from bench.measure import Figure


def measure(residents: int, *, quick: bool) -> Iterator[Figure]:
    """Yields each figure as it is taken; the size of the city plays no part in the trail's."""
    yield from trail.figures(quick=quick)
