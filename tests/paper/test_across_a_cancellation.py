"""What certificates say before a change, after it and after its cancellation, on both axes (design, sections 4 and 8)."""

from datetime import date, datetime

import pytest

from daicho.access.actor import Purpose
from daicho.register.paper.issue import Counter, Reservation, open_file, release, reserve
from daicho.register.paper.press_client import PressClient
from daicho.register.paper.reproduction import reproduce
from daicho.register.store.access import AsOf, open_household
from daicho.wire.environment import Environment
from tests.house_database import SettableClock
from tests.paper.issuing import application, family, issued, move_inside, rows, text_of
from tests.people import CLERK, REVIEWER
from tests.store.test_cancellation import cancel, dies

FIRST, SECOND = "肥塚三丁目112番地4", "石原二丁目15番地"


@pytest.fixture
def counter(press: PressClient) -> Counter:
    """A counter with a real press."""
    return Counter(press)


def _last_change(env: Environment) -> int:
    [row] = rows(env, "SELECT max(change_id) AS change_id FROM register.change")
    return int(row["change_id"])


def _text(env: Environment, made: Reservation) -> str:
    return text_of(open_file(env, CLERK, made.copies[0].certificate_id))


def _again(env: Environment, counter: Counter, made: Reservation) -> str:
    again = reproduce(env, counter, REVIEWER, made.copies[0].certificate_id)
    return text_of(again.pdf)


def _picture(env: Environment, household_id: int, on: date, known_at: datetime) -> list[tuple[str, str]]:
    """Names and addresses of a household as of a date, as known at an instant: what a certificate of then must say."""
    sheet = open_household(env, REVIEWER, household_id, Purpose.REVIEW, AsOf(on, known_at))
    return [(m.state.record.name.replace("\u3000", ""), m.state.record.address) for m in sheet.members]


def test_addresses_across_the_cancellation_of_a_move(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    """Each paper says what was known when it was made; made again, it says that still, and the new one what holds now."""
    household_id, people = family(environment, 2)
    papers: list[tuple[Reservation, datetime, str, str]] = []
    steps = (
        (lambda: None, FIRST, SECOND),
        (lambda: move_inside(environment, people), SECOND, ""),
        (lambda: cancel(environment, _last_change(environment)), FIRST, SECOND),
    )
    for act, stands, absent in steps:
        clock.advance(hours=1)
        act()
        made = issued(environment, counter, household_id, people)
        papers.append((made, clock.now(), stands, absent))
    today = clock.today()
    for made, instant, stands, absent in papers:
        text, again = _text(environment, made), _again(environment, counter, made)
        for found in (text, again):
            assert stands in found
            assert not absent or absent not in found
        assert {address for _, address in _picture(environment, household_id, today, instant)} == {stands}
        assert all(name in text for name, _ in _picture(environment, household_id, today, instant))
    for _, instant, *_ in papers:
        before = _picture(environment, household_id, date(2026, 3, 31), instant)
        assert {address for _, address in before} == {FIRST}


def test_who_stands_on_the_paper_across_the_cancellation_of_a_death(
    environment: Environment, counter: Counter, clock: SettableClock
) -> None:
    """While the death counts the child is on no copy of the household; taken back, it is there again, on every day."""
    household_id, people = family(environment, 4)
    name, others = "髙橋結衣", 3
    clock.advance(hours=1)
    whole = issued(environment, counter, household_id, people)
    known = [clock.now()]
    clock.advance(hours=1)
    death = dies(environment, household_id, people[3])
    made = reserve(environment, counter, CLERK, application(household_id, people[0]))
    without = release(environment, counter, CLERK, made.application_id, made.digests)
    known.append(clock.now())
    clock.advance(hours=1)
    cancel(environment, death)
    after = issued(environment, counter, household_id, people)
    known.append(clock.now())
    for paper, instant, there in zip((whole, without, after), known, (True, False, True), strict=True):
        assert (name in _text(environment, paper)) is there
        assert (name in _again(environment, counter, paper)) is there
        found = [one for one, _ in _picture(environment, household_id, date(2026, 4, 1), instant)]
        assert len(found) == others + there
        assert (name in found) is there
        assert name in [one for one, _ in _picture(environment, household_id, date(2026, 3, 30), instant)]
