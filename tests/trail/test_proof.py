"""Proofs made from the database and checked with the public key alone."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from daicho.trail.errors import FileRefused, NotSealed
from daicho.trail.offline import ProofFailed, check
from daicho.trail.proof import prove_entry, prove_growth
from daicho.trail.seal import moment, public_key
from daicho.wire.environment import Environment
from tests.house_database import House
from tests.trail.sealing import LOG, Trail, numbers, sealed_trail

ENTRIES = 12


@pytest.fixture(scope="module")
def trail(house: House, module_environment: Environment) -> Iterator[Trail]:
    """A sealed trail."""
    with sealed_trail(house, module_environment, ENTRIES, each=3) as made:
        yield made


@pytest.fixture(scope="module")
def key(trail: Trail) -> bytes:
    """The public key: all that an auditor needs."""
    return public_key(trail.environment.keys, 1)


def proof_of(trail: Trail, entry_id: int) -> dict[str, Any]:
    """The proof of an entry, as it comes out of the file."""
    with trail.environment.database.transaction() as connection:
        made: dict[str, Any] = json.loads(json.dumps(prove_entry(connection, trail.environment.keys, entry_id)))
    return made


def test_every_entry_is_proven(trail: Trail, key: bytes) -> None:
    for number, entry_id in numbers(trail.environment).items():
        proof = proof_of(trail, entry_id)
        assert (proof["number"], json.loads(proof["content"])[1]) == (number, entry_id)
        assert check(proof, key) == f"entry number {number} stands in the trail of {ENTRIES} entries"
        assert moment(proof["seal"]["sealed_at"]).year == 2026


def test_growth_is_proven_from_every_checkpoint(trail: Trail, key: bytes) -> None:
    for batch_no in range(1, 5):
        old = trail.checkpoint_of(batch_no)
        with trail.environment.database.transaction() as connection:
            proof = prove_growth(connection, trail.environment.keys, old)
        assert check(proof, key).startswith(f"the trail of {ENTRIES} entries begins with that of {old.size}")


def test_a_proof_that_was_changed_fails(trail: Trail, key: bytes) -> None:
    proof = proof_of(trail, numbers(trail.environment)[5])
    other = "00" * 32
    harms: tuple[dict[str, Any], ...] = (
        proof | {"content": proof["content"].replace("clerk1", "clerk2")},
        proof | {"number": 6},
        proof | {"number": 0},
        proof | {"number": ENTRIES + 1},
        proof | {"path": [other, *proof["path"][1:]]},
        proof | {"path": proof["path"][:-1]},
        proof | {"seal": proof["seal"] | {"root": other}},
        proof | {"seal": proof["seal"] | {"size": 11}},
        proof | {"kind": "other"},
        {},
    )
    for harm in harms:
        with pytest.raises(ProofFailed):
            check(harm, key)
    with pytest.raises(ProofFailed):
        check(proof, public_key(trail.environment.keys, 1)[::-1])


def test_growth_that_did_not_happen_is_not_proven(trail: Trail, key: bytes) -> None:
    old = trail.checkpoint_of(2)
    with trail.environment.database.transaction() as connection:
        proof = prove_growth(connection, trail.environment.keys, old)
    for harm in ({"old": trail.checkpoint_of(1).seal}, {"path": proof["path"][1:]}):
        with pytest.raises(ProofFailed):
            check(proof | harm, key)


def test_what_is_not_sealed_is_not_proven(trail: Trail) -> None:
    with trail.more() as entries, pytest.raises(NotSealed):
        proof_of(trail, entries[0])
    late = trail.checkpoint()
    with (
        trail.harmed("DELETE FROM trail.seal WHERE batch_no > 2"),
        pytest.raises(FileRefused),
        trail.environment.database.transaction() as connection,
    ):
        prove_growth(connection, trail.environment.keys, late)
    with (
        trail.harmed("DELETE FROM trail.seal"),
        pytest.raises(NotSealed),
        trail.environment.database.transaction() as connection,
    ):
        prove_growth(connection, trail.environment.keys, late)
    assert late.seal["log"] == LOG
