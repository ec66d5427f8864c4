"""Ledgers by keys alone at 1366 x 768: from the due list into an inquiry and to its answer; nothing cut, axe clean."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page

from tests.live import checked_page, served
from tests.screens.test_case_browser import signed_on
from tests.screens.test_household_browser import opened, ready, sound

if TYPE_CHECKING:
    from tests.signon.desk import CommonsDesk

pytestmark = pytest.mark.browser


@pytest.fixture
def clerk(browser: Browser, desk: "CommonsDesk") -> Iterator[Page]:
    """The clerk's browser at the common platform."""
    with served() as site, checked_page(browser, site, expected=("404",)) as page:
        yield signed_on(page, desk, "clerk1")


def test_an_inquiry_by_keys(clerk: Page) -> None:
    sound(opened(clerk, "/ledgers/inquiry"), "ledger-empty")
    clerk.focus("#on_day")
    for key in ("Enter", "ArrowDown", "Enter", "ArrowDown", "Enter", "Enter"):
        clerk.keyboard.press(key)
    clerk.keyboard.insert_text("証明書の手数料")
    clerk.focus("#officer")
    clerk.keyboard.press("ArrowDown")
    with clerk.expect_navigation():
        clerk.keyboard.press("Control+Enter")
    ready(clerk)
    assert re.search(r"/ledgers/entries/\d+$", clerk.url), clerk.inner_text("main")
    sound(clerk, "ledger-entry")
    sound(opened(clerk, "/ledgers"), "ledgers")
    with clerk.expect_navigation():
        clerk.keyboard.press("Enter")
    ready(clerk)
    clerk.focus("#act")
    clerk.keyboard.press("End")
    clerk.keyboard.press("Enter")
    clerk.keyboard.insert_text("回答した")
    with clerk.expect_navigation():
        clerk.keyboard.press("Control+Enter")
    ready(clerk)
    assert "完了" in clerk.inner_text("h2#h-what + .tag")
    sound(opened(clerk, "/ledgers/inquiry"), "ledger")
    sound(opened(clerk, "/ledgers/contract"), "ledger-contract")
