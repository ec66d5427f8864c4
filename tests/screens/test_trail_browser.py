"""S26 in a browser at 1366 x 768, by keys: from home to the report on a person; nothing cut, axe clean."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page

from daicho.access.actor import Purpose
from daicho.register.store.named_alike import addressee_numbers
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.trail.sealer import Sealer
from daicho.wire.environment import Environment
from tests.house_database import House, SettableClock
from tests.live import checked_page, served
from tests.people import actor
from tests.screens.test_case_browser import signed_on
from tests.screens.test_household_browser import opened, ready, sound
from tests.trail.sealing import LOG, seal_all, sealing_environment

if TYPE_CHECKING:
    from tests.signon.desk import Desk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def number(
    module_environment: Environment, module_clock: SettableClock, people: tuple[int, list[int]], house: House
) -> str:
    """The 宛名番号 of a person with many looks, some of them at night."""
    env, person = module_environment, people[1][0]
    for turn in range(130):
        module_clock.advance(minutes=7)
        with env.database.transaction() as connection:
            record_act(
                connection,
                env,
                actor(f"clerk{turn % 3 + 1}", "clerk"),
                (Act.PERSON_OPENED, Act.HOUSEHOLD_OPENED, Act.NUMBER_SHOWN, Act.CERTIFICATE_ISSUED)[turn % 4],
                purpose=(Purpose.RESIDENT_INQUIRY, Purpose.CERTIFICATE_ISSUE)[turn % 2],
                subjects=people[1] if turn % 5 == 0 else [person],
                number_shown=turn % 4 == 2,
                refused=turn % 11 == 0,
            )
    with sealing_environment(house, env) as sealing:
        seal_all(Sealer(sealing, LOG))
    with env.database.transaction() as connection:
        return addressee_numbers(connection, [person])[person]


@pytest.fixture(scope="module")
def admin(browser: Browser, screen_desk: "Desk", number: str) -> Iterator[Page]:
    """The administrator's browser."""
    assert number
    with served() as site, checked_page(browser, site) as page:
        yield signed_on(page, screen_desk, "admin1")


def test_from_home_to_a_person_by_keys(admin: Page, number: str) -> None:
    sound(opened(admin, "/"), "trail-home")
    admin.keyboard.press("Control+k")
    admin.keyboard.insert_text("操作履歴")
    admin.keyboard.press("Enter")
    admin.wait_for_url(re.compile(r"/trail$"))
    ready(admin)
    sound(admin, "trail-start")
    admin.keyboard.insert_text(number)
    admin.keyboard.press("Enter")
    admin.wait_for_url(re.compile(r"/trail/person/\d+$"))
    ready(admin)
    sound(admin, "trail-person")
    admin.keyboard.press("F4")
    admin.wait_for_url(re.compile(r"before="))
    ready(admin)


def test_the_other_reports(admin: Page) -> None:
    opened(admin, "/trail")
    for key, path in enumerate(("officer", "abnormal", "namesakes", "sign-ons"), start=2):
        admin.keyboard.press(f"Alt+{key}")
        admin.wait_for_url(re.compile(rf"/trail/{path}$"))
        ready(admin)
        sound(admin, f"trail-{path}")
    sound(opened(admin, "/trail/officer?officer=clerk1&day=R8.4.1"), "trail-officer-day")
