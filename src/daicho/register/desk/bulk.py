"""Many decisions at once (STD 4.0.8): a list by office, some or all of it, up to a cap.

Each case goes through the one door by itself, in a transaction of its own; what cannot be registered is listed with its
reason and stays where it was. Nothing stands or falls together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide
from daicho.law.errors import DaichoError
from daicho.register.desk import queues, review
from daicho.register.desk.queues import Line
from daicho.wire.environment import Connection, Environment

CAP = 20
"""Cases of one act; more would be decided without being looked at."""


class TooManyDecisions(DaichoError):
    """Nothing or more than the cap was chosen; data: cap, count."""

    code = "K250"
    happened = "一度に決裁できるのは1件から{cap}件です（{count}件が選ばれました）。"
    kept = "どの件も決裁していません。"
    todo = "件を選び直してください。"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case; `error` is None when it was registered."""

    number: str
    error: DaichoError | None


@dataclass(frozen=True, slots=True)
class ForDecision:
    """A case that waits for its decision, with the version that the page shows."""

    line: Line
    version: int

    @property
    def code(self) -> str:
        """How a form names it."""
        return f"{self.line.case_number}:{self.version}"


def for_decision(connection: Connection, office: str) -> list[ForDecision]:
    """The reviewed cases of an office, longest wait first."""
    lines = queues.waiting(connection, office, "decision", CAP * 5)
    rows = connection.execute(
        "SELECT case_number, version FROM register.case_file WHERE case_number = ANY (%s)",
        ([line.case_number for line in lines],),
    )
    versions = {row["case_number"]: row["version"] for row in rows}
    return [ForDecision(line, versions[line.case_number]) for line in lines]


def offices(connection: Connection) -> list[tuple[str, int]]:
    """Offices with reviewed cases, and how many."""
    rows = connection.execute(
        "SELECT office, count(*) AS n FROM register.case_file WHERE status = 'reviewed' GROUP BY office ORDER BY office"
    )
    return [(row["office"], row["n"]) for row in rows]


def decide_many(env: Environment, actor: Actor, chosen: Sequence[tuple[str, int]]) -> list[Outcome]:
    """Decide each case as it was shown, (number, version). Raises NotAllowed and TooManyDecisions before anything is done."""
    decide(actor, Right.CASE_DECIDE, on=env.clock.today())
    wanted = list(dict.fromkeys(chosen))
    if not 1 <= len(wanted) <= CAP:
        raise TooManyDecisions(cap=CAP, count=len(wanted))
    outcomes = []
    for number, version in wanted:
        try:
            review.decide_case(env, actor, number, version)
        except DaichoError as error:
            outcomes.append(Outcome(number, error))
        else:
            outcomes.append(Outcome(number, None))
    return outcomes
