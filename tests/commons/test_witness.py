"""The common platform remembers the roots of the register's trail, and refuses one that does not continue them."""

import json
from collections.abc import Iterator

import pytest

from daicho.commons import witness
from daicho.register.store import trail_telling
from daicho.trail.errors import NotContinued
from daicho.trail.sealer import Sealer
from daicho.trail.verify import Verification
from daicho.trail.witness import remembered
from daicho.wire.contracts.trail_root import TrailRoot
from daicho.wire.environment import Environment
from daicho.wire.errors import MessageUnreadable, NotTheSigner
from tests.commons.test_stating import said
from tests.commons.told import envelope
from tests.house_database import House, SettableClock
from tests.trail.sealing import Trail, sealed_trail, write


@pytest.fixture
def trail(house: House, environment: Environment) -> Iterator[Trail]:
    """A sealed trail of the register."""
    with sealed_trail(house, environment, 10) as made:
        yield made


def take(commons: Environment, content: TrailRoot) -> None:
    """Let commons take what the register says."""
    with commons.database.transaction() as connection:
        witness.take(connection, commons, envelope("trail-root", 1), content)


def newest_said(trail: Trail) -> TrailRoot:
    """What the register says when ten minutes have passed and something new is sealed."""
    assert isinstance(trail.environment.clock, SettableClock)
    assert trail_telling.step(trail.environment)
    assert not trail_telling.step(trail.environment), "once in ten minutes"
    trail.environment.clock.advance(minutes=10)
    return TrailRoot.model_validate_json(said(trail.environment, "trail-root")[-1])


def test_a_register_written_anew_with_all_its_keys_is_found_by_what_commons_saw(
    trail: Trail, empty: Environment
) -> None:
    first = newest_said(trail)
    take(empty, first)
    assert not trail_telling.step(trail.environment), "nothing new is sealed"
    write(trail.environment, 3)
    Sealer(trail.sealing, "register").seal()
    second = newest_said(trail)
    assert (first.seal.size, second.seal.size) == (10, 13)
    take(empty, second)
    with empty.database.transaction() as connection:
        seen = remembered(connection, "register")
    assert not Verification(trail.environment, "register", against=seen).run().broken
    with trail.harmed(
        "UPDATE trail.entry SET officer = 'x' WHERE entry_id = (SELECT entry_id FROM trail.leaf WHERE seq = 3)"
    ):
        trail.write_anew()
        assert not Verification(trail.environment, "register").run().broken, "it agrees with itself"
        found = Verification(trail.environment, "register", against=seen).run()
        assert (found.broken, found.first_broken) == (2, 1)
        write(trail.environment, 1)
        Sealer(trail.sealing, "register").seal()
        with pytest.raises(NotContinued):
            take(empty, newest_said(trail))


def test_only_whole_roots_of_the_senders_own_trail_are_taken(trail: Trail, empty: Environment) -> None:
    content = json.loads(newest_said(trail).model_dump_json())
    of_another = TrailRoot.model_validate(content | {"seal": content["seal"] | {"log": "connector"}})
    forged = TrailRoot.model_validate(content | {"seal": content["seal"] | {"size": 9}})
    for harm, refusal in ((of_another, NotTheSigner), (forged, MessageUnreadable)):
        with pytest.raises(refusal):
            take(empty, harm)
