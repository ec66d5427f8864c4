"""Counter-signatures: a witness signs what continues, and nothing else."""

from collections.abc import Iterator

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from daicho.trail.counter import COUNTER_KEY, CounterSeal, countersign, keep, last_witnessed
from daicho.trail.errors import CounterRefused, NotContinued
from daicho.trail.merkle import consistency
from daicho.trail.offline import ProofFailed
from daicho.trail.seal import KeptHashes, public_key, seal_of_batch
from daicho.wire.environment import Environment
from tests.house_database import House
from tests.trail.sealing import Trail, sealed_trail

ENTRIES = 12


@pytest.fixture
def trail(house: House, environment: Environment) -> Iterator[Trail]:
    """A sealed trail; its database stands for the witness's too."""
    with sealed_trail(house, environment, ENTRIES) as made:
        yield made


def witness(trail: Trail, batch_no: int, since: int = 0) -> CounterSeal:
    """The witness signs a seal, shown with the proof since a size."""
    env = trail.environment
    with env.database.transaction() as connection:
        seal = seal_of_batch(connection, batch_no)
        assert seal is not None
        path = consistency(KeptHashes(connection), since, seal.size) if since else []
        return countersign(connection, env, "commons", seal.as_json(), public_key(env.keys, 1), path)


def witness_key(trail: Trail) -> bytes:
    """The public key of the witness."""
    private = Ed25519PrivateKey.from_private_bytes(trail.environment.keys.key(COUNTER_KEY, 1))
    return private.public_key().public_bytes_raw()


def test_seals_are_signed_as_long_as_they_continue(trail: Trail) -> None:
    first = witness(trail, 2)
    assert witness(trail, 2, since=4).root == first.root, "the same again is harmless"
    second = witness(trail, 5, since=4)
    with trail.environment.database.transaction() as connection:
        last = last_witnessed(connection, "register")
        for made in (first, second, second):
            keep(connection, CounterSeal.of_json(made.as_json()), witness_key(trail))
        kept = connection.execute("SELECT batch_no, signer FROM trail.counter_seal ORDER BY batch_no").fetchall()
    assert last is not None
    assert (last["size"], last["root"]) == (10, second.root)
    assert [(row["batch_no"], row["signer"]) for row in kept] == [(2, "commons"), (5, "commons")]


def test_a_cut_or_rewritten_log_is_not_signed(trail: Trail) -> None:
    witness(trail, 4)
    with pytest.raises(NotContinued):
        witness(trail, 3)
    with trail.harmed(
        "UPDATE trail.entry SET officer = 'x' WHERE entry_id = (SELECT entry_id FROM trail.leaf WHERE seq = 3)"
    ):
        trail.write_anew()
        with pytest.raises(NotContinued):
            witness(trail, 6, since=8)
    with trail.harmed("UPDATE trail.seal SET root = sha256('x') WHERE batch_no = 6"), pytest.raises(ProofFailed):
        witness(trail, 6, since=8)
    assert witness(trail, 6, since=8).size == 12


def test_only_whole_counter_signatures_of_our_own_seals_are_kept(trail: Trail) -> None:
    made = witness(trail, 2).as_json()
    other = "00" * 32
    harms: tuple[dict[str, object], ...] = (
        {},
        made | {"root": "x"},
        made | {"root": other},
        made | {"size": 5},
        made | {"signer": "kiosk"},
        made | {"signature": other * 2},
    )
    with trail.environment.database.transaction() as connection:
        for harm in harms:
            with pytest.raises(CounterRefused):
                keep(connection, CounterSeal.of_json(harm), witness_key(trail))
        with trail.harmed("UPDATE trail.seal SET root = sha256('x') WHERE batch_no = 2"), pytest.raises(CounterRefused):
            keep(connection, CounterSeal.of_json(made), witness_key(trail))
        with trail.harmed("DELETE FROM trail.seal WHERE batch_no = 2"), pytest.raises(CounterRefused):
            keep(connection, CounterSeal.of_json(made), witness_key(trail))


def test_what_was_seen_is_never_changed(trail: Trail) -> None:
    witness(trail, 2)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        trail.environment.database.transaction() as connection,
    ):
        connection.execute("DELETE FROM trail.witnessed")
    trail.superuser.execute("SET session_replication_role = origin")
    for statement in (
        "DELETE FROM trail.witnessed",
        "UPDATE trail.witnessed SET size = 9",
        "TRUNCATE trail.counter_seal",
    ):
        with pytest.raises(psycopg.errors.IntegrityError):
            trail.superuser.execute(statement)
