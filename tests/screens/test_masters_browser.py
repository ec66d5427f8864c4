"""What is kept beside the cases, in a browser at 1366 x 768: nothing cut, axe clean."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page

from daicho.register.batch.work import carry_on
from daicho.wire.environment import Environment
from tests.desk.build import family_typed
from tests.desk.test_alerts import ODD
from tests.live import checked_page, served
from tests.screens.desk_pages import enter, receive, send
from tests.screens.test_case_browser import signed_on
from tests.screens.test_household_browser import opened, ready, sound
from tests.screens.test_same_person import WANTED
from tests.screens.test_wire_backlog import PERSON, refused

if TYPE_CHECKING:
    from tests.signon.desk import Desk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(module_environment: Environment, screen_desk: "Desk") -> Iterator[str]:
    """The register's pages on a port."""
    assert module_environment
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def clerk(browser: Browser, site: str, screen_desk: "Desk") -> Iterator[Page]:
    """The clerk's browser."""
    with checked_page(browser, site, expected=("422",)) as page:
        yield signed_on(page, screen_desk, "clerk2")


@pytest.fixture(scope="module")
def reviewer(browser: Browser, site: str, screen_desk: "Desk") -> Iterator[Page]:
    """The reviewer's browser."""
    with checked_page(browser, site, expected=("422",)) as page:
        yield signed_on(page, screen_desk, "reviewer1")


@pytest.fixture(scope="module")
def admin(browser: Browser, site: str, screen_desk: "Desk") -> Iterator[Page]:
    """The administrator's browser."""
    with checked_page(browser, site) as page:
        yield signed_on(page, screen_desk, "admin1")


def test_a_batch_by_keys(module_environment: Environment, reviewer: Page) -> None:
    sound(opened(reviewer, "/batches"), "batches")
    reviewer.keyboard.press("Alt+3")
    reviewer.focus("[data-section='3'] a.row")
    reviewer.keyboard.press("ArrowDown")
    reviewer.keyboard.press("Enter")
    reviewer.wait_for_url(re.compile(r"/batches/jobs/headless$"))
    sound(reviewer, "batch-job")
    reviewer.keyboard.press("Control+Enter")
    reviewer.wait_for_url(re.compile(r"/batches/runs/\d+$"))
    sound(reviewer, "batch-run")
    carry_on(module_environment, int(reviewer.url.rpartition("/")[2]))
    reviewer.get_by_text("正常終了").wait_for()  # the page renews itself


def test_a_refused_message_by_keys(module_environment: Environment, admin: Page) -> None:
    number = refused(module_environment, PERSON)
    sound(opened(admin, "/wire"), "wire-backlog")
    admin.focus("[data-rows] a.row")
    admin.keyboard.press("Enter")
    admin.wait_for_url(re.compile(rf"message={number}$"))
    ready(admin)
    sound(admin, "wire-chosen")
    assert admin.evaluate("document.activeElement.id") == "act"
    admin.keyboard.press("ArrowDown")
    admin.keyboard.press("Enter")
    admin.keyboard.insert_text("受けた側の版を直した")
    admin.keyboard.press("Control+Enter")
    admin.wait_for_url(re.compile(r"/wire$"))
    ready(admin)
    assert "拒否された電文はありません。" in admin.inner_text("main")


def test_warnings_with_reasons_of_their_own(screen_desk: "Desk", clerk: Page, reviewer: Page) -> None:
    client = screen_desk.sign_on("clerk1")
    number = receive(client)
    enter(client, number, family_typed() | ODD)
    sound(opened(clerk, f"/cases/{number}/check"), "alerts-check")
    assert send(client, number, "01").status_code == 302
    sound(opened(reviewer, "/alerts"), "alerts-rates")


def test_candidates_and_links(screen_desk: "Desk", clerk: Page, reviewer: Page, people: tuple[int, list[int]]) -> None:
    from tests.signon.desk import post

    client = screen_desk.sign_on("clerk1")
    number = receive(client)
    enter(client, number, family_typed(1, base=50) | WANTED)
    sound(opened(clerk, f"/cases/{number}/compare?row=p1"), "same-compare")
    a, b = people[1][0], people[1][2]
    sound(opened(clerk, f"/same-person/new?a={a}&b={b}"), "same-new")
    form = {"a": str(a), "b": str(b), "reason": "31", "note": "住民票の写し", "leading": str(a)}
    assert post(client, "/same-person/new", form).status_code == 302
    sound(opened(reviewer, "/same-person"), "same-list")
    sound(opened(reviewer, "/"), "home-kept")


def test_lists_on_any_day(clerk: Page, reviewer: Page) -> None:
    opened(clerk, "/masters/town?kind=replace&code=11202002001&q=赤城町")
    clerk.locator("#m-valid_from").fill("R8.10.1")
    clerk.locator("#m-reason").fill("町名変更 告示第12号")
    clerk.keyboard.press("Control+Enter")
    clerk.wait_for_url("**/masters/town")
    sound(opened(clerk, "/masters/town?q=赤城"), "masters-draft")
    sound(opened(reviewer, "/masters/town?on=R8.10.1&q=赤城"), "masters-preview")
    sound(opened(reviewer, "/masters/seal"), "masters-seal")


def test_retention_decisions_and_conditions(clerk: Page, reviewer: Page, people: tuple[int, list[int]]) -> None:
    assert people
    sound(opened(reviewer, "/retention"), "retention")
    sound(opened(reviewer, "/decisions"), "decisions")
    opened(clerk, "/search/advanced")
    clerk.locator("#kana").fill("タカハシ")
    clerk.keyboard.press("Control+Enter")
    clerk.wait_for_selector("table")
    sound(clerk, "advanced")
