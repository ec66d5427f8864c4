"""The tree against RFC 6962: known roots, a slow oracle written from the RFC's own words, and every proof of small trees."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daicho.trail import merkle
from daicho.trail.offline import consistent, included

# The eight leaves and roots with which implementations of RFC 6962 are commonly tested.
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def tree_hash(contents: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    n = len(contents)
    if n == 0:
        return sha256().digest()
    if n == 1:
        return sha256(b"\x00" + contents[0]).digest()
    k = max(2**power for power in range(n.bit_length()) if 2**power < n)
    return sha256(b"\x01" + tree_hash(contents[:k]) + tree_hash(contents[k:])).digest()


def audit_path(m: int, contents: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1, word for word."""
    n = len(contents)
    if n == 1:
        return []
    k = max(2**power for power in range(n.bit_length()) if 2**power < n)
    if m < k:
        return [*audit_path(m, contents[:k]), tree_hash(contents[k:])]
    return [*audit_path(m - k, contents[k:]), tree_hash(contents[:k])]


def sub_proof(m: int, contents: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2, word for word."""
    n = len(contents)
    if m == n:
        return [] if whole else [tree_hash(contents)]
    k = max(2**power for power in range(n.bit_length()) if 2**power < n)
    if m <= k:
        return [*sub_proof(m, contents[:k], whole), tree_hash(contents[k:])]
    return [*sub_proof(m - k, contents[k:], False), tree_hash(contents[:k])]


def made(count: int) -> tuple[list[bytes], list[bytes]]:
    """Contents and their leaf hashes."""
    contents = [str(n).encode() for n in range(count)]
    return contents, [merkle.leaf_hash(content) for content in contents]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_known_roots(size: int) -> None:
    assert merkle.root_of([merkle.leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size - 1]
    assert tree_hash(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree() -> None:
    assert merkle.Frontier().root() == sha256(b"").digest()


@pytest.mark.parametrize("size", [*range(1, 20), 31, 32, 33])
def test_every_proof_of_a_small_tree(size: int) -> None:
    contents, leaves = made(size)
    hashes = merkle.of_list(leaves)
    root = tree_hash(contents)
    for leaf in range(size):
        path = merkle.inclusion(hashes, leaf, size)
        assert path == audit_path(leaf, contents)
        assert included(leaf, size, leaves[leaf], path, root)
        assert not included(leaf, size, leaves[leaf - 1], path, root) or size == 1
        assert not included(leaf, size, leaves[leaf], [*path, root], root)
        assert not path or not included(leaf, size, leaves[leaf], path[:-1], root)
    for old in range(1, size + 1):
        path = merkle.consistency(hashes, old, size)
        before = tree_hash(contents[:old])
        assert path == sub_proof(old, contents, True)
        assert consistent(old, size, before, root, path)
        assert not consistent(old, size, root if old < size else leaves[0], root, path) or size == 1
        assert not consistent(old, size, before, root, [*path, root])
        assert not path or not consistent(old, size, before, root, path[:-1])


def test_proofs_outside_the_tree_do_not_hold() -> None:
    root = tree_hash([b"0"])
    assert not included(1, 1, root, [], root)
    assert not included(-1, 1, root, [], root)
    assert not consistent(0, 1, root, root, [])
    assert not consistent(2, 1, root, root, [])
    assert not consistent(3, 4, root, root, [])


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5000), st.data())
def test_large_trees_from_the_kept_hashes(size: int, data: st.DataObject) -> None:
    _, leaves = made(size)
    frontier, kept = merkle.Frontier(), dict[tuple[int, int], bytes]()
    for leaf in leaves:
        kept |= {(height, position): found for height, position, found in frontier.add(leaf)}

    def hashes(height: int, first: int, end: int) -> list[bytes]:
        return leaves[first:end] if height == 0 else [kept[height, position] for position in range(first, end)]

    root = frontier.root()
    assert merkle.subtree(hashes, 0, size) == merkle.subtree(merkle.of_list(leaves), 0, size) == root
    assert merkle.frontier_of(hashes, size).peaks == frontier.copy().peaks
    place = data.draw(st.integers(0, size - 1))
    assert included(place, size, leaves[place], merkle.inclusion(hashes, place, size), root)
    old = data.draw(st.integers(1, size))
    before = merkle.root_of(leaves[:old])
    assert consistent(old, size, before, root, merkle.consistency(hashes, old, size))


def test_a_frontier_must_fit_its_size() -> None:
    with pytest.raises(ValueError, match="no frontier"):
        merkle.Frontier(3, [b""])
