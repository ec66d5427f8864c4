"""What becomes of each alert of a case is kept, with a reason for each, and counted per rule (STD 11.1)."""

from datetime import date

import psycopg
import pytest

from daicho.access.errors import NotAllowed
from daicho.law.reasons import Reason
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk.alerts import Rate, field_of, rates
from daicho.register.desk.errors import NotAcknowledged, UnknownCode
from daicho.wire.environment import Connection, Environment
from tests.desk.build import family_typed, provisional
from tests.desk.test_other_changes import DAUGHTER, checked, start
from tests.people import CLERK, REVIEWER, actor, move_in_family

ODD = {"p3.relationship": "20", "p3.birth": "S400101", "p4.sex": "1", "p4.relationship": "弟", "p4.birth": "S550101"}
"""A child older than the head, and a younger brother older than him: two warnings of one rule."""


def events(env: Environment) -> list[tuple[str, str, str | None]]:
    """Code, outcome and reason of what was met, in order."""
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT code, outcome, reason FROM register.alert_event ORDER BY version, outcome, reason"
        )
        return [(row["code"], row["outcome"], row["reason"]) for row in rows]


def test_each_warning_has_a_reason_of_its_own(environment: Environment) -> None:
    """One reason for all, another one for a single warning."""
    case = provisional(environment, family_typed() | ODD)
    seen = checking.look_again(environment, CLERK, case.case_number)
    first, second = seen.prepared.warnings
    assert (first.code, second.code) == ("W013", "W013")
    with pytest.raises(NotAcknowledged):
        checking.send(environment, CLERK, case.case_number, case.version, reasons={field_of(environment, first): "02"})
    with pytest.raises(UnknownCode):
        checking.send(
            environment, CLERK, case.case_number, case.version, "01", reasons={field_of(environment, first): "55"}
        )
    sent = checking.send(
        environment, CLERK, case.case_number, case.version, "01", reasons={field_of(environment, first): "02"}
    )
    assert sent.acknowledged["reasons"] == ["02", "01"]
    assert [one for one in events(environment) if one[1] == "passed"] == [
        ("W013", "passed", "01"),
        ("W013", "passed", "02"),
    ]


def test_a_reason_by_the_code_of_the_alert(environment: Environment) -> None:
    """As the API sends it."""
    case = provisional(environment, family_typed() | ODD)
    sent = checking.send(environment, CLERK, case.case_number, case.version, reasons={"W013": "03"})
    assert (sent.acknowledged["reasons"], sent.acknowledged["reason"]) == (["03", "03"], "03")


def test_what_is_put_right_counts_as_corrected(environment: Environment, owner_connection: Connection) -> None:
    """Shown, corrected, shown again, passed; nothing of it can be rewritten."""
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.HEAD_CHANGE, household_id)
    found = checked(environment, case, {"change_date": "-1", "new_head": str(people[DAUGHTER])})
    young = [one for one in found.prepared.warnings if one.code == "W005"]
    assert len(young) == 1
    found = checked(environment, found.case, {"new_head": str(people[1])})
    assert ("W005", "corrected", None) in events(environment)
    found = checked(environment, found.case, {"new_head": str(people[DAUGHTER])})
    checking.send(environment, CLERK, case.case_number, found.case.version, "02")
    assert [outcome for code, outcome, _ in events(environment) if code == "W005"] == [
        "shown",
        "corrected",
        "shown",
        "passed",
    ]
    [rate] = [one for one in rates(environment, REVIEWER, date(2026, 4, 30)) if one.code == "W005"]
    assert (rate.shown, rate.passed, rate.corrected, rate.percent) == (1, 0, 1, 0)
    assert rate.reasons == {"02": 1}
    assert rates(environment, REVIEWER, date(2026, 5, 1)) == []
    for statement in ("UPDATE register.alert_event SET reason = '01'", "DELETE FROM register.alert_event"):
        with pytest.raises(psycopg.errors.IntegrityError):
            owner_connection.execute(statement.encode())
    with pytest.raises(psycopg.errors.IntegrityError, match="does not go from"):
        owner_connection.execute(
            "INSERT INTO register.alert_event (case_id, mark, place, version, code, tier, outcome, officer, office,"
            " on_day, at) SELECT case_id, mark, place + 1, version, code, tier, 'shown', officer, office, on_day, at"
            " FROM register.alert_event ORDER BY place DESC LIMIT 1"
        )


def test_who_may_see_the_rates(environment: Environment) -> None:
    with pytest.raises(NotAllowed):
        rates(environment, CLERK, date(2026, 4, 1))
    assert rates(environment, actor("admin1", "administrator"), date(2026, 4, 1)) == []


@pytest.mark.parametrize(
    ("passed", "corrected", "percent", "rework"),
    [(0, 0, None, False), (19, 0, 100, False), (20, 0, 100, True), (18, 2, 90, False), (28, 2, 93, True)],
)
def test_a_rule_passed_nearly_always_is_reworked(
    passed: int, corrected: int, percent: int | None, rework: bool
) -> None:
    rate = Rate("W005", 2, passed + corrected, passed, corrected, {})
    assert (rate.percent, rate.needs_rework) == (percent, rework)


def test_a_case_sent_again_keeps_its_reasons(environment: Environment) -> None:
    """Returned and sent again unchanged: the earlier reasons stand."""
    from daicho.register.desk import review

    case = provisional(environment, family_typed() | ODD)
    checking.send(environment, CLERK, case.case_number, case.version, "01")
    taken = review.take(environment, REVIEWER, case.case_number)
    review.return_case(environment, REVIEWER, case.case_number, taken.version, [("lot", "確かめてください")])
    held = desk.hold(environment, CLERK, case.case_number)
    again = checking.check(environment, CLERK, case.case_number, held.version).case
    sent = checking.send(environment, CLERK, case.case_number, again.version)
    assert sent.acknowledged["reasons"] == ["01", "01"]
