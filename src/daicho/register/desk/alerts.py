"""What became of each alert of a case: shown, passed with a reason, or corrected after it (STD 11.1; ux.md 3.4).

A rule that is passed nearly always without any correction warns of nothing: its rate is counted month by month, so that
it is reworked or demoted. Errors are not counted here, they cannot be passed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide
from daicho.register.changes.plan import Alert
from daicho.register.desk.model import Case
from daicho.register.desk.planning import alert_key
from daicho.trail.entry import digest
from daicho.wire.environment import Connection, Environment

REWORK_ABOVE = 90
"""Percent passed without correction above which a rule is to be reworked (ux.md 3.4)."""
ENOUGH = 20
"""Fewer settled alerts than this say nothing about a rule."""


def mark_of(env: Environment, alert: Alert) -> bytes:
    """What identifies an alert of a case without saying what it says."""
    return digest(env, alert_key(alert))


def field_of(env: Environment, alert: Alert) -> str:
    """The name of the field in which a page keys the reason of one alert."""
    return f"ack.{mark_of(env, alert).hex()[:12]}"


def met(connection: Connection, env: Environment, actor: Actor, case: Case, alerts: Iterable[Alert]) -> None:
    """Write down which alerts are shown now, and which were shown before and stand no more (corrected)."""
    present = {mark_of(env, alert): alert for alert in alerts if alert.tier > 1}
    last = _last(connection, case)
    for mark, alert in present.items():
        if mark not in last or last[mark][0] == "corrected":
            _write(connection, env, actor, case, mark, (alert.code, alert.tier), "shown")
    for mark, (outcome, code, tier) in last.items():
        if mark not in present and outcome != "corrected":
            _write(connection, env, actor, case, mark, (code, tier), "corrected")


def passed(connection: Connection, env: Environment, actor: Actor, case: Case, reasons: Mapping[str, str]) -> None:
    """Write down the reason under which each warning was passed; `reasons`: `alert_key` → code of the closed list."""
    marks = {digest(env, key): reason for key, reason in reasons.items()}
    for mark, (_, code, tier) in _last(connection, case).items():
        if mark in marks:
            _write(connection, env, actor, case, mark, (code, tier), "passed", marks[mark])


def _last(connection: Connection, case: Case) -> dict[bytes, tuple[str, str, int]]:
    """Mark → (last outcome, code, tier) of the alerts that the case has met."""
    rows = connection.execute(
        "SELECT DISTINCT ON (mark) mark, outcome, code, tier FROM register.alert_event WHERE case_id = %s"
        " ORDER BY mark, place DESC",
        (case.case_id,),
    )
    return {bytes(row["mark"]): (row["outcome"], row["code"], row["tier"]) for row in rows}


def _write(
    connection: Connection,
    env: Environment,
    actor: Actor,
    case: Case,
    mark: bytes,
    what: tuple[str, int],
    outcome: str,
    reason: str | None = None,
) -> None:
    connection.execute(
        "INSERT INTO register.alert_event (case_id, mark, place, version, code, tier, outcome, reason, officer, office,"
        " on_day, at) SELECT %(case)s, %(mark)s, count(*) + 1, %(version)s, %(code)s, %(tier)s, %(outcome)s,"
        " %(reason)s, %(officer)s, %(office)s, %(day)s, %(at)s"
        " FROM register.alert_event WHERE case_id = %(case)s AND mark = %(mark)s",
        {
            "case": case.case_id,
            "mark": mark,
            "version": case.version,
            "code": what[0],
            "tier": what[1],
            "outcome": outcome,
            "reason": reason,
            "officer": actor.officer_id,
            "office": actor.office,
            "day": env.clock.today(),
            "at": env.clock.now(),
        },
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """One rule in one month, by the day on which its alerts were first shown."""

    code: str
    tier: int
    shown: int
    passed: int
    """Passed as they stood, without any correction."""
    corrected: int
    reasons: Mapping[str, int]

    @property
    def settled(self) -> int:
        """How many came to an end."""
        return self.passed + self.corrected

    @property
    def percent(self) -> int | None:
        """Share passed without correction, of those settled."""
        return round(100 * self.passed / self.settled) if self.settled else None

    @property
    def needs_rework(self) -> bool:
        """Whether nearly all were passed without any correction; stops cannot be passed."""
        return self.settled >= ENOUGH and 100 * self.passed > REWORK_ABOVE * self.settled


def rates(env: Environment, actor: Actor, month: date) -> list[Rate]:
    """The rules met in the month of a day, the most often passed first. Raises NotAllowed."""
    decide(actor, Right.ALERT_RATES, on=env.clock.today())
    first = month.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    with env.database.transaction() as connection:
        rows = connection.execute(_RATES, {"first": first, "after": after}).fetchall()
    found = [Rate(**row) for row in rows]
    return sorted(found, key=lambda one: (-(one.percent or 0), one.code))


_RATES = """
    WITH met AS (
        SELECT code, tier, min(on_day) FILTER (WHERE outcome = 'shown') AS first_day,
               bool_or(outcome = 'corrected') AS corrected, bool_or(outcome = 'passed') AS passed,
               (array_agg(reason ORDER BY place DESC) FILTER (WHERE outcome = 'passed'))[1] AS reason
        FROM register.alert_event GROUP BY case_id, mark, code, tier
    ), by_reason AS (
        SELECT code, tier, reason, count(*) AS n, count(*) FILTER (WHERE passed AND NOT corrected) AS clean,
               count(*) FILTER (WHERE corrected) AS corrected
        FROM met WHERE first_day >= %(first)s AND first_day < %(after)s GROUP BY code, tier, reason
    )
    SELECT code, tier, sum(n)::integer AS shown, sum(clean)::integer AS passed, sum(corrected)::integer AS corrected,
           coalesce(jsonb_object_agg(reason, n) FILTER (WHERE reason IS NOT NULL), '{}') AS reasons
    FROM by_reason GROUP BY code, tier
"""
