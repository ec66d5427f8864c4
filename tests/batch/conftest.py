"""A job of five steps that counts, and officers to start it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from daicho.access.actor import Actor, Right
from daicho.register.batch.catalogue import JOBS
from daicho.register.batch.model import LIST, Content, Job, Parameter, Step, Work
from daicho.wire.environment import Environment
from tests.house_database import SettableClock

if TYPE_CHECKING:
    from tests.signon.desk import Desk

STEPS = 5


@dataclass
class Counting:
    """What the steps do beside counting: called with the number of the step before it returns."""

    before: Callable[[int], None] = lambda _: None
    seen: list[int] = field(default_factory=list)

    def step(self, work: Work) -> Step:
        """One line a step; the second finds something that cannot be done."""
        number = (work.run.cursor or 0) + 1
        self.seen.append(number)
        self.before(number)
        return Step(
            done=1,
            total=STEPS,
            cursor=number if number < STEPS else None,
            contents=(Content("counting.csv", ((number, "=1+1"),)),),
            errors=(("12345", "住所が違います"),) if number == 2 else (),
            summary={"行数": number},
        )


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """The job `counting` beside those of the house."""
    made = Counting()
    job = Job(
        code="counting",
        word="数える処理",
        hint="試験",
        kind=LIST,
        step=made.step,
        right=Right.BATCH_RUN,
        parameters=(
            Parameter("scope", "範囲", choices={"1": "一部", "2": "全部"}, default="1"),
            Parameter("word", "語"),
        ),
    )
    monkeypatch.setitem(JOBS, "counting", job)
    return made


@pytest.fixture
def desk(environment: Environment, clock: SettableClock, tmp_path: Path) -> "Desk":
    """The demo's officers."""
    from tests.signon.desk import make_desk

    return make_desk(environment, clock, tmp_path)


def officer(desk: "Desk", name: str, role: str, department: str = "市民課", terminal_class: str = "counter") -> Actor:
    """An officer of the demo as an actor."""
    signon = desk.signons[name]
    return Actor(
        officer_id=name,
        name=signon.name,
        roles=frozenset({role}),
        department=department,
        office=signon.office,
        terminal_id=signon.terminal,
        terminal_name=signon.terminal,
        session_ref="test",
        signed_on_at=desk.clock.now(),
        terminal_class=terminal_class,
    )


@pytest.fixture
def reviewer(desk: "Desk") -> Actor:
    """Who may start batches."""
    return officer(desk, "reviewer1", "reviewer")


@pytest.fixture
def admin(desk: "Desk") -> Actor:
    """Who may take the whole register along."""
    return officer(desk, "admin1", "administrator", "情報政策課", "management")
