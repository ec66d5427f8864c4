"""An amendment by keys alone, at 1366 x 768: the items named bring their lines, the cursor goes on into them, axe clean."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live import axe_violations, checked_page, served
from tests.screens.test_case_browser import go_on, picture, signed_on, write

if TYPE_CHECKING:
    from tests.signon.desk import Desk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def clerk(browser: Browser, screen_desk: "Desk") -> Iterator[Page]:
    """The clerk's browser."""
    with served() as address, checked_page(browser, address, expected=("422",)) as page:
        yield signed_on(page, screen_desk, "clerk1")


def test_a_name_is_amended_by_keys(clerk: Page, people: tuple[int, list[int]]) -> None:
    household_id, [head, *_] = people
    clerk.goto(f"/cases/new?household={household_id}&person={head}&reason=52&notifier=5")
    clerk.wait_for_selector("body[data-ready]")
    go_on(clerk, "**/entry")
    expect(clerk.locator("#f-notified_on")).to_be_focused()
    clerk.keyboard.press("Enter")
    for text in ("-1", "1", "11 12 84"):
        clerk.keyboard.type(text)
        clerk.keyboard.press("Enter")
    expect(clerk.locator("#f-i\\.name")).to_be_focused()
    write(clerk, "高橋 健一")
    write(clerk, "タカハシ ケンイチ")
    clerk.keyboard.type("1")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#f-i\\.adult_ward-echo")).to_contain_text("はい")
    picture(clerk, "amendment")
    assert not axe_violations(clerk)
    go_on(clerk, "**/check")
    expect(clerk.locator("main")).to_contain_text("根拠 住民票記載事項通知")
    picture(clerk, "amendment-check")
    assert not axe_violations(clerk)
