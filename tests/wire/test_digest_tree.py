"""Digest trees find exactly what differs, and send little more than that."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from daicho.wire.digest_tree import DEPTH, LEAVES, children, differing, leaf_of, nodes_of

RECORDS = st.dictionaries(st.integers(1, 10**6), st.integers(0, 3), max_size=60)


def bound(records: dict[int, int]) -> dict[int, int]:
    """A digest of each record that covers its key."""
    return {key: int.from_bytes(sha256(f"{key}:{value}".encode()).digest()[:16]) for key, value in records.items()}


def compare(mine: dict[int, int], theirs: dict[int, int]) -> tuple[set[int], int]:
    """The dialogue as both sides hold it: the keys that differ, and how many nodes were shown."""
    shown, open_nodes = 0, [0]
    for level in range(1, DEPTH + 1):
        asked = children(open_nodes)
        here = {index: node for index, node in nodes_of(mine, level).items() if index in set(asked)}
        shown += len(here)
        open_nodes = differing(asked, here, nodes_of(theirs, level))
        if not open_nodes:
            return set(), shown
    leaves = set(open_nodes)
    keys = {key for key in (*mine, *theirs) if leaf_of(key) in leaves}
    return {key for key in keys if mine.get(key) != theirs.get(key)}, shown


@given(RECORDS, RECORDS)
def test_exactly_what_differs_is_found(mine: dict[int, int], changes: dict[int, int]) -> None:
    """One side is the other with some records changed, added and taken away."""
    theirs = mine | changes
    for key in list(mine)[::3]:
        theirs.pop(key)
    found, _ = compare(bound(mine), bound(theirs))
    assert found == {key for key in (*mine, *theirs) if mine.get(key) != theirs.get(key)}
    assert compare(bound(mine), bound(mine))[0] == set()


def test_the_traffic_follows_the_differences() -> None:
    mine = bound(dict.fromkeys(range(1, 50_001), 1))
    theirs = mine | bound(dict.fromkeys(range(1, 50_001, 5_000), 2))
    found, shown = compare(mine, theirs)
    assert len(found) == 10
    assert shown <= 10 * DEPTH * 16
    assert compare(mine, mine) == (set(), 16)


def test_keys_fall_evenly_into_the_leaves() -> None:
    counts = [0] * 256
    for key in range(5, 500_000, 7):
        counts[leaf_of(key) * 256 // LEAVES] += 1
    assert max(counts) < 2 * min(counts)
