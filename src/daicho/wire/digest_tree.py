"""Digest trees: two sides that hold nearly the same records find what differs without sending what is equal. Pure.

Each record falls by its key into one of 65,536 leaves; a node is the number of its records and the exclusive or of their digests,
so that a parent is made of its children in any order; a digest must cover the key, or two records mixed up would go unseen. From the root down only the children of nodes that differ are sent:
the traffic follows the differences, not the records.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FANOUT_BITS = 4
DEPTH = 4
"""Levels below the root: level n has 16 to the power of n nodes, the last one is that of the leaves."""
LEAVES = 1 << (FANOUT_BITS * DEPTH)
DIGEST_BITS = 128


@dataclass(frozen=True, slots=True)
class Node:
    """How many records stand below, and the exclusive or of their digests."""

    count: int
    digest: int


def leaf_of(key: int) -> int:
    """The leaf of a record; the same arithmetic stands in the generated columns `bucket` of both sides."""
    return ((key % 2147483648) * 2654435761 // 65536) % LEAVES


def nodes_of(records: Mapping[int, int], level: int) -> dict[int, Node]:
    """The nodes of a level that hold anything, from digests by key."""
    found: dict[int, Node] = {}
    shift = FANOUT_BITS * (DEPTH - level)
    for key, digest in records.items():
        index = leaf_of(key) >> shift
        known = found.get(index, Node(0, 0))
        found[index] = Node(known.count + 1, known.digest ^ digest)
    return found


def children(indexes: Iterable[int]) -> list[int]:
    """The nodes of the next level below these."""
    return [(index << FANOUT_BITS) + place for index in sorted(indexes) for place in range(1 << FANOUT_BITS)]


def differing(asked: Iterable[int], theirs: Mapping[int, Node], mine: Mapping[int, Node]) -> list[int]:
    """Of the nodes asked about, those that are not the same on both sides; a node without records is left out by either."""
    return [index for index in sorted(set(asked)) if theirs.get(index) != mine.get(index)]
