"""The figures of what all systems share: `./daicho bench commons`. Today the trail, the feeds and the decision about rights."""

from collections.abc import Iterator

from bench import exchange, rights, trail, wire
from bench.measure import Figure


def measure(residents: int, *, quick: bool) -> Iterator[Figure]:
    """Yields each figure as it is taken; the size of the city plays no part in any of them."""
    yield from rights.figures()
    yield from wire.figures(quick=quick)
    yield from exchange.figures(quick=quick)
    yield from trail.figures(quick=quick)
