"""A bulk output by keys alone: asked for, approved by another, carried out, received; nothing cut, axe clean."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page

from daicho.wire.environment import Environment
from tests.live import checked_page, served
from tests.screens.conftest import people, screen_desk  # noqa: F401
from tests.screens.test_case_browser import signed_on
from tests.screens.test_household_browser import opened, ready, sound

if TYPE_CHECKING:
    from tests.signon.desk import Desk

pytestmark = pytest.mark.browser
ONE = re.compile(r"/approvals/\d+$")


@pytest.fixture(scope="module")
def site(
    module_environment: Environment,
    screen_desk: "Desk",  # noqa: F811
    people: tuple[int, list[int]],  # noqa: F811
) -> Iterator[str]:
    """The register's pages on a port, with a family on the register."""
    assert people
    with served() as address:
        yield address


@pytest.fixture
def asker(browser: Browser, site: str, screen_desk: "Desk") -> Iterator[Page]:  # noqa: F811
    """Who asks."""
    with checked_page(browser, site, expected=("422",)) as page:
        yield signed_on(page, screen_desk, "reviewer1")


@pytest.fixture
def approver(browser: Browser, site: str, screen_desk: "Desk") -> Iterator[Page]:  # noqa: F811
    """Who approves."""
    with checked_page(browser, site) as page:
        yield signed_on(page, screen_desk, "reviewer2")


def test_from_the_request_to_the_receipt(asker: Page, approver: Page) -> None:
    sound(opened(asker, "/approvals"), "approvals-empty")
    sound(opened(asker, "/approvals/new/take-over-file"), "approval-new")
    asker.keyboard.press("ArrowDown")  # 大量出力
    for text in ("移行", "情政第12号", "情報政策課"):
        asker.keyboard.press("Enter")
        asker.keyboard.insert_text(text)
    asker.keyboard.press("Control+Enter")
    asker.wait_for_url(ONE)
    ready(asker)
    sound(asker, "approval-asked")

    opened(approver, "/")
    assert "待ち 1" in " ".join(approver.inner_text(".beside").split())
    sound(opened(approver, "/approvals"), "approvals-waiting")
    approver.keyboard.press("Enter")
    approver.wait_for_url(ONE)
    ready(approver)
    sound(approver, "approval-to-decide")
    with approver.expect_navigation():
        approver.keyboard.press("Control+Enter")
    assert "承認済" in approver.inner_text("h2#h-what + .tag + .tag")

    asker.reload()
    ready(asker)
    with asker.expect_navigation():
        asker.keyboard.press("Control+Enter")
    ready(asker)
    sound(asker, "approval-done")
    for keys in ("Control+Enter", "F4"):
        with asker.expect_download() as taken:
            asker.keyboard.press(keys)
        assert re.fullmatch(r"\d+-take-over\.csv", taken.value.suggested_filename)
    asker.reload()
    ready(asker)
    with asker.expect_navigation():
        asker.keyboard.press("Control+Enter")
    assert "消去済" in asker.inner_text("main")
