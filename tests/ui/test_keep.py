"""Nothing typed is lost, nothing shown stays: drafts, masked numbers, the lock. Time is set, never waited for."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.ui import style_site

pytestmark = pytest.mark.browser


def opened(page: Page, query: str = "case=1", clock: bool = True) -> Page:
    """The component page, its clock in the test's hand."""
    if clock:
        page.clock.install()
    page.goto(f"/style?{query}")
    page.wait_for_selector("body[data-ready]")
    return page


def test_draft_is_saved_and_the_time_is_shown(page: Page) -> None:
    opened(page)
    page.fill("#name-1", "渡邉 大輔")
    page.clock.run_for(2100)
    expect(page.locator("[data-saved]")).to_contain_text("10:42:15")
    assert style_site.last_post["autosave"]["name-1"] == "渡邉 大輔"
    assert page.input_value("[name=version]") == "2"


def test_draft_is_saved_within_ten_seconds_of_steady_typing(page: Page) -> None:
    opened(page)
    page.focus("#kana-1")
    for _ in range(10):
        page.keyboard.type("ア")
        page.clock.run_for(1000)
    expect(page.locator("[data-saved]")).to_contain_text("10:42:15")  # the answer of the server has come
    assert style_site.posts["autosave"] >= 1


def test_failed_save_is_said_and_tried_again(page: Page) -> None:
    opened(page)
    page.route("**/style/autosave", lambda route: route.fulfill(status=200, body="{}"), times=0)
    page.route("**/style/autosave", lambda route: route.abort() if style_site.posts["try"] == 0 else route.continue_())
    page.evaluate("console.error = () => undefined")
    page.fill("#name-1", "渡邉")
    page.clock.run_for(2100)
    expect(page.locator("[data-saved]")).to_contain_text("保存できません")
    style_site.posts["try"] = 1
    page.clock.run_for(5100)
    expect(page.locator("[data-saved]")).to_contain_text("10:42:15")


def test_masked_number_asks_for_the_purpose_and_hides_again(page: Page) -> None:
    opened(page)
    page.click("#masked summary")
    page.select_option("#masked select", "02")
    page.click("#masked button[type=submit]")
    page.wait_for_selector("#masked .shown")
    assert page.inner_text("#masked .shown") == "1234 5678 9012"
    assert style_site.last_post["reveal"]["purpose"] == "02"
    page.clock.run_for(10100)
    assert page.locator("#masked .shown").count() == 0
    assert "1234" not in page.content()


def test_lock_takes_everything_out_of_the_page_and_returns_to_the_field(page: Page) -> None:
    opened(page, clock=False)
    page.fill("#name-2", "山﨑 房江")
    page.focus("#birth-2")
    with page.expect_response("**/style/autosave"):
        page.keyboard.press("Control+Alt+l")
    page.wait_for_selector("#pin")
    content = page.content()
    for secret in ("髙橋", "山﨑", "肥塚", "昭和", "渡", "0048-2913", "R8-1124-0037"):
        assert secret not in content
    expect(page.locator("#pin")).to_be_focused()
    assert page.title() == "ロック中 | 台帳"
    assert re.fullmatch(r"\d{1,2}:\d\d にロック", page.inner_text("[data-locked-at]"))
    assert style_site.last_post["autosave"]["name-2"] == "山﨑 房江"
    page.keyboard.type("correct")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate("document.activeElement.id") == "birth-2"


def test_idle_lock_warns_first_and_a_key_keeps_the_page(page: Page) -> None:
    opened(page, "case=1&idle=300&warn=20")
    page.clock.run_for(281_000)
    assert "20秒後" in page.inner_text(".idlebar")
    page.keyboard.press("Shift")
    assert page.locator(".idlebar").count() == 0
    page.clock.run_for(299_000)
    assert page.locator("#pin").count() == 0
    page.clock.run_for(2_000)
    assert page.locator("#pin").count() == 1
    assert "髙橋" not in page.content()


def test_other_windows_lock_and_open_together(page: Page) -> None:
    opened(page, clock=False)
    other = page.context.new_page()
    other.goto("/style?part=2")
    other.wait_for_selector("body[data-ready]")
    page.keyboard.press("Control+Alt+l")
    other.wait_for_selector("#pin")
    page.fill("#pin", "correct")
    page.click(".lockbox button[type=submit]")
    page.wait_for_selector("body[data-ready]")
    other.wait_for_selector("body[data-ready]")
    assert other.locator("#row-1").count() == 1


def test_locked_session_shows_only_the_lock(page: Page) -> None:
    style_site.state["locked"] = True
    page.goto("/style?case=1")
    assert "髙橋" not in page.content()
    expect(page.locator("#pin")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.type("correct")
        page.keyboard.press("Enter")
    assert "case=1" in page.url
