"""A witness remembers what continues, and nothing else."""

from collections.abc import Iterator

import psycopg
import pytest

from daicho.trail.errors import NotContinued
from daicho.trail.merkle import consistency
from daicho.trail.offline import ProofFailed
from daicho.trail.seal import KeptHashes, public_key, seal_of_batch
from daicho.trail.witness import remember, remembered
from daicho.wire.environment import Environment
from tests.house_database import House
from tests.trail.sealing import Trail, sealed_trail

ENTRIES = 12


@pytest.fixture
def trail(house: House, environment: Environment) -> Iterator[Trail]:
    """A sealed trail; its database stands for the witness's too."""
    with sealed_trail(house, environment, ENTRIES) as made:
        yield made


def show(trail: Trail, batch_no: int, since: int = 0) -> list[tuple[int, bytes]]:
    """Show the witness a seal with the proof since a size; all that it remembers then."""
    env = trail.environment
    with env.database.transaction() as connection:
        seal = seal_of_batch(connection, batch_no)
        assert seal is not None
        path = consistency(KeptHashes(connection), since, seal.size) if since else []
        remember(connection, env, seal.as_json(), public_key(env.keys, 1), path)
        return [(seen.size, seen.root) for seen in remembered(connection, "register")]


def test_seals_are_remembered_as_long_as_they_continue(trail: Trail) -> None:
    first = show(trail, 2)
    assert show(trail, 2, since=4) == first, "the same again is harmless"
    seen = show(trail, 5, since=4)
    assert [size for size, _ in seen] == [4, 10]
    assert seen[1] == (10, trail.checkpoint_of(5).root)


def test_a_cut_or_rewritten_log_is_refused(trail: Trail) -> None:
    show(trail, 4)
    with pytest.raises(NotContinued):
        show(trail, 3)
    with trail.harmed(
        "UPDATE trail.entry SET officer = 'x' WHERE entry_id = (SELECT entry_id FROM trail.leaf WHERE seq = 3)"
    ):
        trail.write_anew()
        with pytest.raises(NotContinued):
            show(trail, 6, since=8)
    with trail.harmed("UPDATE trail.seal SET root = sha256('x') WHERE batch_no = 6"), pytest.raises(ProofFailed):
        show(trail, 6, since=8)
    assert [size for size, _ in show(trail, 6, since=8)] == [8, 12]


def test_what_was_seen_is_never_changed(trail: Trail) -> None:
    show(trail, 2)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        trail.environment.database.transaction() as connection,
    ):
        connection.execute("DELETE FROM trail.witnessed")
    trail.superuser.execute("SET session_replication_role = origin")
    for statement in (
        "DELETE FROM trail.witnessed",
        "UPDATE trail.witnessed SET size = 9",
        "TRUNCATE trail.witnessed",
    ):
        with pytest.raises(psycopg.errors.IntegrityError):
            trail.superuser.execute(statement)
