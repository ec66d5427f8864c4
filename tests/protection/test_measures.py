"""The measure's year: decided, extended, overdue, moved away; and what its database holds (STD 1.1.16, 3.4)."""

from datetime import date, timedelta

import pytest

from daicho.access.errors import NotAllowed
from daicho.law.dates import LegalDate
from daicho.law.protection import DUTIES, Period
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.protection import measures, notice, reading
from daicho.register.store.protection_errors import ExtensionTooEarly, ItemMissing, NotInThatState, ProtectionChanged
from daicho.register.store.read import live_rows
from daicho.wire.environment import Environment, Row
from tests.canary import CANARIES, leaks
from tests.house_database import SettableClock
from tests.people import do_register, move_in_family, plan
from tests.protection.build import CLERK, PROTECTOR

START = date(2026, 4, 1)
END = date(2027, 3, 31)


def decided(env: Environment) -> tuple[int, int]:
    _, people = move_in_family(env, size=1)
    protection = measures.provisional(env, CLERK, people[0])
    assert measures.decide(env, PROTECTOR, protection, 1, START) == Period(START, END)
    return protection, people[0]


def only_line(env: Environment) -> reading.Line:
    [line] = reading.work_list(env, PROTECTOR)
    return line


def test_the_period_is_a_year_less_a_day_and_can_be_corrected(environment: Environment) -> None:
    protection, _ = decided(environment)
    assert measures.correct(environment, PROTECTOR, protection, 2, START, date(2027, 3, 15)).ends_on == date(
        2027, 3, 15
    )
    found = reading.open_measure(environment, PROTECTOR, protection)
    assert (found.status, found.in_force, found.version, [step.act for step in found.steps]) == (
        "decided",
        True,
        3,
        ["provisional", "decide", "correct"],
    )
    with pytest.raises(ItemMissing):
        measures.correct(environment, PROTECTOR, protection, 3, START, START - timedelta(days=1))
    with pytest.raises(NotInThatState):
        measures.decide(environment, PROTECTOR, protection, 3, START)


def test_extension_opens_a_month_before_and_runs_from_the_day_after(
    environment: Environment, clock: SettableClock
) -> None:
    protection, _ = decided(environment)
    clock.advance(days=(date(2027, 2, 27) - START).days)
    with pytest.raises(ExtensionTooEarly) as early:
        measures.extend(environment, PROTECTOR, protection, 2)
    assert early.value.data == {"opens": "令和9年2月28日"}
    clock.advance(days=1)
    assert measures.extend(environment, PROTECTOR, protection, 2) == Period(date(2027, 4, 1), date(2028, 3, 31))
    with pytest.raises(ProtectionChanged):
        measures.extend(environment, PROTECTOR, protection, 2)


def test_alerts_of_the_last_month_and_after_it_and_never_an_end(environment: Environment, clock: SettableClock) -> None:
    protection, person = decided(environment)
    assert (only_line(environment).state, reading.warning("decided", END)) == ("decided", None)
    clock.advance(days=(date(2027, 3, 1) - START).days)
    line = only_line(environment)
    assert (line.state, line.days_left, reading.due([line])) == ("ending", 30, (0, 0, 1))
    warned = reading.warning(line.state, line.ends_on)
    assert warned is not None
    assert warned[0] == "W060"
    clock.advance(days=31)
    line = only_line(environment)
    warned = reading.warning(line.state, line.ends_on)
    assert warned is not None
    assert (line.word, warned[0], reading.due([line])) == ("期間経過", "W061", (1, 1, 1))
    clock.advance(days=3000)
    with environment.database.transaction() as connection:
        assert reading.measures_of(connection, person) == [(protection, "decided", END)]
        assert reading.due_counts(connection, clock.today()) == (1, 1, 1)
    assert only_line(environment).protection_id == protection


def test_who_moves_away_keeps_it_as_the_former_city_s_provisional_measure(
    environment: Environment, clock: SettableClock
) -> None:
    protection, person = decided(environment)
    on = date(2026, 4, 10)
    with environment.database.transaction() as connection:
        leaving = live_rows(connection, [person])[person][-1].record.with_(
            status="moved_out", removed_on=LegalDate(on), planned_address=CANARIES["destination"], planned_on=on
        )
        wanted = plan(Effect(person, "remove", "mover", on, leaving), reason=Reason.MOVE_OUT)
        do_register(connection, environment, wanted, officer=PROTECTOR)
    assert only_line(environment).state == "decided"
    clock.advance(days=20)
    line = only_line(environment)
    assert (line.protection_id, line.word) == (protection, "仮支援措置(前住所地)")
    assert reading.state_of("decided", END, applicant_resident=False, today=date(2030, 1, 1)) == "former"
    assert reading.state_of("decided", None, applicant_resident=True, today=START) == "decided"


def test_the_database_of_the_measure_is_sealed_and_read_by_the_designated_alone(environment: Environment) -> None:
    _, people = move_in_family(environment)
    protection = measures.provisional(environment, CLERK, people[1])
    details = {"counterpart_name": CANARIES["counterpart"], "memo": CANARIES["memo"], "phone": " "}
    measures.amend(
        environment, PROTECTOR, protection, 1, details=details, duties=["copy_now", "supplement_now"],
        together={people[3]: "長女"},
    )  # fmt: skip
    measures.forward(environment, PROTECTOR, protection, "東京都文京区", START)
    measures.forward(environment, PROTECTOR, protection, "東京都文京区", START)
    found = reading.open_measure(environment, PROTECTOR, protection)
    assert found.details == {"counterpart_name": CANARIES["counterpart"], "memo": CANARIES["memo"]}
    assert (found.duties, found.forwards) == (("copy_now", "supplement_now"), (("東京都文京区", START),))
    assert [(one.role, one.relation, one.resident) for one in found.people] == [
        ("applicant", "本人", True),
        ("together", "長女", True),
    ]
    assert not leaks(repr(found))
    with environment.database.transaction() as connection:
        rows: list[Row] = connection.execute("SELECT * FROM register.protection_event").fetchall()
        trail: list[Row] = connection.execute("SELECT * FROM trail.entry").fetchall()
        outbox: list[Row] = connection.execute("SELECT * FROM wire.outbox").fetchall()
    assert not leaks(rows, trail, outbox)
    assert sum(row["kind"] == "suppression-changed" for row in outbox) == 3 + 2 * 3
    measures.amend(environment, PROTECTOR, protection, 2, duties=list(DUTIES))
    assert reading.open_measure(environment, PROTECTOR, protection).details == found.details


@pytest.mark.parametrize(
    "wrong",
    [{"details": {"colour": "x"}}, {"details": {"memo": "x" * 401}}, {"duties": []}, {"duties": ["elsewhere"]}],
)
def test_what_does_not_belong_there_is_refused(environment: Environment, wrong: dict[str, object]) -> None:
    with pytest.raises(ItemMissing):
        measures.amend(environment, PROTECTOR, 1, 1, **wrong)  # type: ignore[arg-type]


def test_what_a_provisional_measure_cannot_do_yet(environment: Environment) -> None:
    _, people = move_in_family(environment, size=1)
    protection = measures.provisional(environment, CLERK, people[0])
    with pytest.raises(NotInThatState):
        measures.extend(environment, PROTECTOR, protection, 1)
    with pytest.raises(NotInThatState):
        measures.correct(environment, PROTECTOR, protection, 1, START)
    with pytest.raises(ItemMissing):
        measures.forward(environment, PROTECTOR, protection, "", START)
    with pytest.raises(NotAllowed):
        measures.decide(environment, CLERK, protection, 1, START)


def test_the_notice_of_the_end_names_no_place_and_no_counterpart(environment: Environment) -> None:
    """STD 20.5.1, content alone."""
    protection, _ = decided(environment)
    details = {"counterpart_name": CANARIES["counterpart"], "destination": CANARIES["destination"]}
    measures.amend(environment, PROTECTOR, protection, 2, details=details)
    written = notice.end_notice(reading.open_measure(environment, PROTECTOR, protection))
    assert (written.title, written.addressee) == ("支援措置期間終了通知", "髙橋　健一")
    assert ("支援措置の終了", "令和9年3月31日") in written.lines
    assert not leaks(written)
    assert "肥塚" not in repr(written)
    _, people = move_in_family(environment, size=1)
    undecided = measures.provisional(environment, CLERK, people[0])
    with pytest.raises(NotInThatState):
        notice.end_notice(reading.open_measure(environment, PROTECTOR, undecided))
