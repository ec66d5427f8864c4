"""The Merkle tree of RFC 6962, section 2.1: hashes, a frontier that grows leaf by leaf, and its proofs. Pure.

Leaves are counted from 0 here; entry numbers count from 1 (`seq` = leaf + 1).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

STEP = 10
"""Roots of perfect subtrees are kept at every tenth height: 1,024 leaves, 1,048,576 leaves, ..."""
HEIGHTS = (30, 20, 10, 0)

Hashes = Callable[[int, int, int], list[bytes]]
"""`hashes(height, first, end)`: kept roots of the perfect subtrees of a height, by position; height 0 are the leaves."""
Node = tuple[int, int, bytes]
"""Height, position among the subtrees of that height, hash."""


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf over its content."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the perfect subtrees that make up a tree of `size` leaves, largest first: all that growing needs."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """The frontier of a tree; ValueError when the number of peaks does not fit the size."""
        self.size = size
        self.peaks = list(peaks)
        if size < 0 or len(self.peaks) != size.bit_count():
            raise ValueError("this is no frontier of a tree of that size")

    def add(self, found: bytes) -> Iterator[Node]:
        """Add one leaf; yields the roots to be kept that it completes."""
        self.size += 1
        height, covered = 0, self.size
        while covered % 2 == 0:
            found = node_hash(self.peaks.pop(), found)
            height += 1
            covered //= 2
            if height % STEP == 0:
                yield height, covered - 1, found
        self.peaks.append(found)

    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self.peaks:
            return sha256(b"").digest()
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found

    def copy(self) -> "Frontier":
        """A frontier of its own."""
        return Frontier(self.size, self.peaks)


def root_of(hashes: Iterable[bytes]) -> bytes:
    """The hash of the tree over these leaf hashes (or over equal perfect subtrees)."""
    frontier = Frontier()
    for found in hashes:
        for _ in frontier.add(found):
            pass
    return frontier.root()


def subtree(hashes: Hashes, first: int, end: int) -> bytes:
    """The hash of the leaves from `first` to before `end`, as the tree has them, from the hashes that are kept."""
    height = next(h for h in HEIGHTS if end - first >= 1 << h and first % (1 << h) == 0)
    if (end - first) % (1 << height) == 0:
        return root_of(hashes(height, first >> height, end >> height))
    middle = first + _split(end - first)
    return node_hash(subtree(hashes, first, middle), subtree(hashes, middle, end))


def frontier_of(hashes: Hashes, size: int) -> Frontier:
    """The frontier of a tree of `size` leaves, from the hashes that are kept."""
    peaks, first = [], 0
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            peaks.append(subtree(hashes, first, first + (1 << height)))
            first += 1 << height
    return Frontier(size, peaks)


def inclusion(hashes: Hashes, leaf: int, size: int) -> list[bytes]:
    """The audit path of a leaf in the tree of `size` leaves (RFC 6962, 2.1.1)."""
    path: list[bytes] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _split(end - first)
        if leaf < middle:
            path.append(subtree(hashes, middle, end))
            end = middle
        else:
            path.append(subtree(hashes, first, middle))
            first = middle
    return path[::-1]


def consistency(hashes: Hashes, old: int, size: int) -> list[bytes]:
    """The proof that the tree of `old` leaves is the beginning of that of `size` leaves (RFC 6962, 2.1.2)."""
    path: list[bytes] = []
    first, end, whole = 0, size, True
    while old != end:
        middle = first + _split(end - first)
        if old <= middle:
            path.append(subtree(hashes, middle, end))
            end = middle
        else:
            path.append(subtree(hashes, first, middle))
            first, whole = middle, False
    return path[::-1] if whole else [subtree(hashes, first, end), *path[::-1]]


def of_list(leaves: Sequence[bytes]) -> Hashes:
    """The kept hashes of a tree that is in memory."""

    def hashes(height: int, first: int, end: int) -> list[bytes]:
        width = 1 << height
        return [root_of(leaves[n * width : (n + 1) * width]) if height else leaves[n] for n in range(first, end)]

    return hashes


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1
