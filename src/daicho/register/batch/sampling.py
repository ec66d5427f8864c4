"""Drawing a random sample that can be drawn again: who has the smallest keys under a seed (STD 9.6). Pure.

The seed is drawn by the system, or told, and kept with the run; nobody can know who is drawn before it is. The database
draws by the same rule (`register.sample_key`), and a test holds both equal.
"""

from collections.abc import Iterable
from hashlib import sha256
from heapq import nsmallest


def sample_key(seed: str, addressee_number: str) -> bytes:
    """Where a person stands in the order of a seed: SHA-256 of `seed:addressee number`."""
    return sha256(f"{seed}:{addressee_number}".encode()).digest()


def sample(seed: str, addressee_numbers: Iterable[str], count: int) -> list[str]:
    """`count` of them in the order of the seed; all when there are not so many."""
    return nsmallest(count, addressee_numbers, key=lambda number: sample_key(seed, number))
