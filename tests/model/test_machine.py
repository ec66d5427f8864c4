"""The proof by a reference model: short in every run, ten thousand steps in the long one."""

import os
import random

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from daicho.law.reasons import Reason
from daicho.register.changes.catalogue import CHANGES
from daicho.wire.environment import Connection, Environment
from tests.desk.test_every_reason import HALVES
from tests.house_database import SettableClock
from tests.model.generators import GENERATORS
from tests.model.machine import Machine, Tally


def play(
    env: Environment, clock: SettableClock, owner: Connection, *, lives: int, steps: int, seeded: int | None = None
) -> Tally:
    """So many lives of at most so many steps."""
    made = Tally()

    class Here(Machine):
        tally = made

    Here.env, Here.clock, Here.owner = env, clock, owner
    run = Here if seeded is None else seed(seeded)(Here)
    run_state_machine_as_test(
        run,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return made


def test_every_reason_of_the_catalogue_has_a_generator() -> None:
    """The four removing halves come with their entering halves; these make the 37 reasons of STD 1.2.2."""
    assert set(GENERATORS) == set(CHANGES)
    assert {HALVES.get(reason, reason) for reason in Reason} == set(GENERATORS)


def test_any_life_agrees_with_the_model(
    environment: Environment, clock: SettableClock, owner_connection: Connection
) -> None:
    """A few lives; most steps are legal, or nothing is proven."""
    made = play(environment, clock, owner_connection, lives=3, steps=12)
    assert sum(made.registered.values()) > sum(made.refused.values()) / 3


@pytest.mark.long
def test_ten_thousand_steps_agree_with_the_model(
    environment: Environment, clock: SettableClock, owner_connection: Connection
) -> None:
    """Until ten thousand steps are done; the seed repeats the run."""
    wanted = int(os.environ.get("DAICHO_MODEL_STEPS", "10000"))
    start = int(os.environ.get("DAICHO_MODEL_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
    total = Tally()
    run = 0
    while total.steps < wanted:
        made = play(environment, clock, owner_connection, lives=12, steps=30, seeded=start + run)
        run += 1
        total.steps += made.steps
        total.points += made.points
        total.registered += made.registered
        total.refused += made.refused
        total.raced += made.raced
        print(f"seed {start}+{run}: {total.steps} steps, {total.points} points")  # noqa: T201 - progress of the long run
    print(f"seed {start}, {run} runs, {total}")  # noqa: T201 - the figures of the long run
