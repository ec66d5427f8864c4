"""Taking a change back by keys, at 1366 x 768: from the list of changes to the check page, nothing hidden, axe clean."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.live import axe_violations, checked_page, served
from tests.screens.test_cancellation_screens import NOW, Case
from tests.screens.test_case_browser import go_on, picture, signed_on
from tests.store.issued import issue_copy

if TYPE_CHECKING:
    from tests.signon.desk import Desk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def story(
    module_environment: Environment,
    module_clock: SettableClock,
    module_owner_connection: Connection,
    screen_desk: "Desk",
) -> Case:
    """A head registered as dead by mistake, another head since, and a certificate issued."""
    assert screen_desk.signons
    module_clock.set(NOW)
    found = Case(module_environment)
    module_clock.advance(hours=1)
    issue_copy(module_environment, module_owner_connection, found.household_id, found.people[1:3])
    return found


@pytest.fixture(scope="module")
def clerk(browser: Browser, screen_desk: "Desk", story: Case) -> Iterator[Page]:
    """The clerk's browser."""
    assert story.death
    with served() as address, checked_page(browser, address, expected=("422",)) as page:
        yield signed_on(page, screen_desk, "clerk1")


def test_a_death_is_taken_back_by_keys(clerk: Page, story: Case) -> None:
    clerk.goto(f"/household/{story.household_id}")
    clerk.wait_for_selector("body[data-ready]")
    picture(clerk, "cancellation-household")
    assert not axe_violations(clerk)
    clerk.locator(f'a[href$="/changes/{story.death}/cancel"]').press("Enter")
    clerk.wait_for_selector("body[data-ready]")
    expect(clerk.locator("main")).to_contain_text("この異動の内容で交付した証明書")
    picture(clerk, "cancellation")
    assert not axe_violations(clerk)
    go_on(clerk, "**/entry")
    picture(clerk, "cancellation-entry")
    assert not axe_violations(clerk)
    clerk.locator(f"#f-r\\.{story.people[0]}").fill("51")
    go_on(clerk, "**/check")
    expect(clerk.locator("main")).to_contain_text("取り消す人")
    picture(clerk, "cancellation-check")
    assert not axe_violations(clerk)
