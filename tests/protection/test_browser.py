"""W9 in a browser at 1366 x 768: from the person's screen to protected in three keys and a confirmation, axe clean."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from daicho.wire.environment import Environment
from tests.live import axe_violations, checked_page, served
from tests.people import move_in_family
from tests.protection.build import Refuge
from tests.screens.test_case_browser import keys_pressed, picture, press, signed_on

if TYPE_CHECKING:
    from tests.signon.desk import Desk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def clerk(browser: Browser, desk: "Desk") -> Iterator[Page]:
    with served() as site, checked_page(browser, site, expected=("403", "404")) as page:
        yield signed_on(page, desk, "clerk1")


def sound(page: Page, name: str) -> None:
    page.wait_for_selector("body[data-ready]")
    picture(page, name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe_violations(page) == []


def test_three_keys_and_a_confirmation(clerk: Page, module_environment: Environment, refuge: Refuge) -> None:
    household, people = move_in_family(module_environment)
    clerk.goto(f"/household/{household}?person={people[1]}")
    clerk.wait_for_selector("body[data-ready]")
    keys_pressed(clerk)
    press(clerk, "F9")
    clerk.wait_for_url("**/protect")
    sound(clerk, "protect")
    press(clerk, "Control+Enter")
    clerk.wait_for_url(f"**/person/{people[1]}")
    sound(clerk, "protected")
    expect(clerk.get_by_role("heading", name="確認が必要です")).to_be_visible()
    expect(clerk.locator("main")).not_to_contain_text("肥塚三丁目")
    assert keys_pressed(clerk) <= 4
    assert refuge.protection_id


@pytest.fixture(scope="module")
def protector(browser: Browser, desk: "Desk") -> Iterator[Page]:
    with served() as site, checked_page(browser, site, expected=("403", "404", "409", "422")) as page:
        yield signed_on(page, desk, "protector1")


def test_the_pages_of_the_designated_officer(protector: Page, module_environment: Environment, refuge: Refuge) -> None:
    """List, measure, request of an opening, its list, suppressions: axe clean, nothing sideways."""
    _, [other] = move_in_family(module_environment, 1)
    for path, name in (
        ("/protections", "protections"),
        (f"/protections/{refuge.protection_id}", "protection"),
        (f"/person/{refuge.mother}/opening", "opening-new"),
        (f"/person/{other}/suppressions", "suppressions"),
    ):
        protector.goto(path)
        sound(protector, name)
    protector.goto(f"/person/{refuge.mother}/opening")
    protector.wait_for_selector("body[data-ready]")
    protector.fill("#f-reason", "本人が来庁し、住民票の写しを請求した")
    press(protector, "Control+Enter")
    protector.wait_for_url("**/openings")
    sound(protector, "openings")
