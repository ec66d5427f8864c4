"""Reports: right and record first, then what they say, page by page."""

from datetime import UTC, date, datetime, timedelta

import pytest

from daicho.access.errors import NotAllowed
from daicho.trail.abnormal import Hour, Oddity, abnormal, judge
from daicho.trail.act import Act
from daicho.trail.entry import Entry, record, record_act
from daicho.trail.reports import Cursor, Period, of_officer, of_person, sign_ons
from daicho.wire.environment import Environment
from tests.house_database import SettableClock
from tests.people import CLERK, actor

ADMIN = actor("admin1", "administrator")
MONTH = Period(datetime(2026, 3, 31, 15, tzinfo=UTC), datetime(2026, 4, 30, 15, tzinfo=UTC))


@pytest.fixture(scope="module")
def looks(module_environment: Environment, module_clock: SettableClock) -> list[int]:
    """Seven looks at person 7, two of them in the same microsecond, one refused, one with a number; one at others."""
    made = []
    for turn in range(7):
        if turn != 3:
            module_clock.advance(minutes=1)
        with module_environment.database.transaction() as connection:
            made.append(
                record_act(
                    connection,
                    module_environment,
                    CLERK,
                    Act.SEARCH if turn % 2 else Act.PERSON_OPENED,
                    subjects=[7] if turn < 6 else [5, 6, 7, 8, 9],
                    number_shown=turn == 1,
                    refused=turn == 2,
                )
            )
            record_act(connection, module_environment, CLERK, Act.SEARCH, subjects=[99])
    module_clock.advance(minutes=1)
    return made


def last_act(env: Environment) -> dict[str, object]:
    """The newest entry with its subjects."""
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT act, officer, detail, ARRAY(SELECT person_id FROM trail.subject s WHERE s.entry_id = e.entry_id)"
            " AS subjects FROM trail.entry e ORDER BY entry_id DESC LIMIT 1"
        ).fetchone()
    assert row is not None
    return dict(row)


def test_who_looked_at_a_person_page_by_page(module_environment: Environment, looks: list[int]) -> None:
    seen, before = list[int](), None
    while True:
        page = of_person(module_environment, ADMIN, 7, MONTH, before=before, limit=2)
        seen += [line.entry_id for line in page.lines if line.act != "trail.person"]
        if page.following is None:
            break
        before = Cursor.parse(str(page.following))
        assert before == page.following
    assert seen == looks[::-1]
    assert last_act(module_environment) == {
        "act": "trail.person",
        "officer": "admin1",
        "detail": {"form": "screen", "lines": 1},
        "subjects": [7],
    }


def test_a_line_says_what_was_done(module_environment: Environment, looks: list[int]) -> None:
    page = of_person(module_environment, ADMIN, 7, MONTH, act=Act.SEARCH)
    assert [line.entry_id for line in page.lines] == [looks[5], looks[3], looks[1]]
    line = page.lines[-1]
    assert (line.word, line.number_shown, line.persons, list(line.some), line.terminal) == (
        "検索",
        True,
        1,
        [7],
        "T001",
    )
    [many] = of_person(module_environment, ADMIN, 9, MONTH, form="pdf").lines
    assert (many.persons, list(many.some)) == (5, [5, 6, 7])


def test_what_an_officer_did_on_a_day(module_environment: Environment, looks: list[int]) -> None:
    day = Period(MONTH.since, MONTH.since + timedelta(days=1))
    page = of_officer(module_environment, ADMIN, "clerk1", day)
    assert len(page.lines) == 14
    assert {line.entry_id for line in page.lines} >= set(looks)
    assert of_officer(module_environment, ADMIN, "clerk1", day, before=page.lines[4].cursor).lines == page.lines[5:]
    nobody = of_officer(module_environment, ADMIN, "clerk1", Period(day.until, day.until))
    assert (nobody.lines, nobody.following) == ((), None)
    assert last_act(module_environment)["detail"] == {"form": "screen", "officer": "clerk1", "lines": 0}


@pytest.mark.parametrize("text", ["", "x", "5", "5-x", "x-5", "-5-5", "9" * 17 + "-1", "1-" + "9" * 19])
def test_an_unreadable_place_is_the_first_page(text: str) -> None:
    assert Cursor.parse(text) is None


def test_an_act_of_a_later_release_shows_its_code(environment: Environment, clock: SettableClock) -> None:
    with environment.database.transaction() as connection:
        connection.execute(
            "INSERT INTO trail.entry (entry_id, at, act, officer, terminal, purpose, request_id, number_shown, refused,"
            " detail) VALUES (1, %s, 'person.later', 'x', 'x', '', '-', false, false, '{}')",
            (clock.now(),),
        )
    [line] = of_officer(environment, ADMIN, "x", MONTH).lines
    assert line.word == "person.later"


def test_sign_ons_by_user_id(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        for officer, act in (
            ("a", Act.SIGN_ON),
            ("b", Act.SIGN_ON_FAILED),
            ("b", Act.UNLOCK_FAILED),
            ("b", Act.LOCKED_OUT),
            ("a", Act.SIGN_ON_FAILED),
            ("a", Act.SEARCH),
        ):
            record(connection, environment, Entry(act=act, officer_id=officer, terminal_id="T"))
    found = sign_ons(environment, ADMIN, MONTH)
    assert [(one.officer, one.on, one.failed, one.locked_out) for one in found] == [("b", 0, 2, 1), ("a", 1, 1, 0)]
    assert found[0].last_at is None
    assert found[1].last_at == environment.clock.now()


def test_nobody_without_the_right_reads_the_trail(environment: Environment) -> None:
    for ask in (
        lambda: of_person(environment, CLERK, 7, MONTH),
        lambda: of_officer(environment, CLERK, "clerk1", MONTH),
        lambda: sign_ons(environment, CLERK, MONTH),
        lambda: abnormal(environment, CLERK, MONTH, lambda day: False),
    ):
        with pytest.raises(NotAllowed):
            ask()


def hour(officer: str, day: int, at: int, **counts: int) -> Hour:
    """Counts of one hour in April 2026."""
    known = {"acts": 1, "searches": 0, "looks": 0, "failures": 0, "refusals": 0, "numbers": 0}
    return Hour(officer, datetime(2026, 4, day, at), **known | counts)


def test_what_is_out_of_the_ordinary() -> None:
    """4 April 2026 is a Saturday."""
    found = judge(
        [
            hour("a", 1, 6, acts=3),
            hour("a", 1, 20, acts=2),
            hour("a", 1, 7),
            hour("a", 1, 19),
            hour("b", 4, 12, acts=9),
            hour("b", 4, 23, acts=1),
            hour("c", 2, 10, failures=2),
            hour("c", 2, 11, failures=1),
            hour("c", 3, 10, failures=2),
            hour("d", 2, 9, searches=60, looks=80),
            hour("d", 2, 10, searches=59, looks=149),
            hour("d", 2, 11, searches=0, looks=150),
            hour("e", 2, 10, refusals=5),
            hour("e", 3, 10, refusals=4),
            hour("f", 2, 10, numbers=50),
            hour("f", 3, 10, numbers=49),
        ],
        lambda day: day.weekday() >= 5,
    )
    first, second, saturday = date(2026, 4, 1), date(2026, 4, 2), date(2026, 4, 4)
    assert found.nights == (Oddity("a", first, 6, 20, 5),)
    assert found.days_off == (Oddity("b", saturday, 12, 23, 10),)
    assert found.failures == (Oddity("c", second, 10, 11, 3),)
    assert found.searches == (Oddity("d", second, 9, 9, 80), Oddity("d", second, 11, 11, 150))
    assert found.refusals == (Oddity("e", second, 10, 10, 5),)
    assert found.numbers == (Oddity("f", second, 10, 10, 50),)


def test_counts_come_from_the_trail(environment: Environment, clock: SettableClock) -> None:
    clock.set(datetime(2026, 4, 1, 13, 30, tzinfo=UTC))  # half past ten in the evening
    with environment.database.transaction() as connection:
        for _ in range(5):
            record_act(connection, environment, CLERK, Act.PERSON_OPENED, refused=True)
        for act in (Act.SIGN_ON_FAILED, Act.UNLOCK_FAILED, Act.LOCKED_OUT, Act.LOCK):
            record_act(connection, environment, CLERK, act, refused=True)
    found = abnormal(environment, ADMIN, MONTH, lambda day: False, form="csv")
    on = date(2026, 4, 1)
    assert found.nights == (Oddity("clerk1", on, 22, 22, 8),), "the lock by itself is no act of the officer"
    assert found.failures == (Oddity("clerk1", on, 22, 22, 3),)
    assert found.refusals == (Oddity("clerk1", on, 22, 22, 5),)
    assert found.watched == ()
    assert last_act(environment)["detail"] == {"form": "csv", "hours": 1}


def test_every_look_at_watched_persons_counts(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        record_act(connection, environment, CLERK, Act.PERSON_OPENED, subjects=[7])
        record_act(connection, environment, CLERK, Act.PERSON_OPENED, subjects=[8])
        record_act(connection, environment, CLERK, Act.SEARCH, subjects=[7, 8])
    found = abnormal(environment, ADMIN, MONTH, lambda day: False, watched=[7])
    assert found.watched == (Oddity("clerk1", date(2026, 4, 1), 9, 9, 2),)
