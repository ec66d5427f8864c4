"""Signing on, locking and unlocking as an officer does: keys only, no pointer."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live import axe_violations, checked_page, served
from tests.signon.desk import CommonsDesk as Desk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(module_desk: Desk) -> Iterator[str]:
    """The register on a real port."""
    with served() as address:
        yield address


@pytest.fixture
def page(browser: Browser, site: str, desk: Desk) -> Iterator[Page]:
    """A browser of its own; refusals are part of these tests."""
    with checked_page(browser, site, expected=("401", "423", "422", "404")) as opened:
        yield opened


def sign_on(page: Page, desk: Desk, officer: str) -> None:
    """Sign on by keys alone, at a terminal that the browser does not know yet."""
    signon = desk.signons[officer]
    page.goto("/sign-on?next=/settings")
    expect(page.locator("#officer")).to_be_focused()
    page.keyboard.type(officer)
    page.keyboard.press("Tab")
    page.keyboard.type(signon.password)
    page.keyboard.press("Tab")
    expect(page.locator("#terminal")).to_be_focused()
    page.keyboard.type(signon.terminal)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-on/code?*")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(desk.code(officer))
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")


def test_sign_on_with_the_keyboard(page: Page, desk: Desk) -> None:
    sign_on(page, desk, "clerk1")
    expect(page.locator(".who b")).to_have_text("小林 由美")
    assert "小林" not in page.title()


def test_a_known_terminal_needs_three_enters(page: Page, desk: Desk) -> None:
    sign_on(page, desk, "clerk1")
    page.get_by_role("button", name="サインオフ").press("Enter")
    page.wait_for_url("**/sign-on?ended=off")
    page.wait_for_selector("body[data-ready]")
    page.keyboard.type("clerk1")
    page.keyboard.press("Enter")
    page.keyboard.type(desk.signons["clerk1"].password)
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(desk.code("clerk1"))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/sign-on" not in address)


def test_a_refusal_is_said_and_the_user_id_stays(page: Page, desk: Desk) -> None:
    page.goto("/sign-on")
    page.keyboard.type("clerk1")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Tab")
    page.keyboard.type("SHIMIN-03")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("サインインできませんでした")
    expect(page.locator("#officer")).to_have_value("clerk1")
    expect(page.locator("#password")).to_have_value("")
    expect(page.locator("#terminal")).to_have_value("SHIMIN-03")


def test_the_key_locks_and_the_same_page_and_field_come_back(page: Page, desk: Desk) -> None:
    sign_on(page, desk, "clerk1")
    page.focus("#f-new_password")
    with page.expect_response("**/lock") as locked:
        page.keyboard.press("Control+Alt+l")
    assert locked.value.ok
    expect(page.locator("#pin")).to_be_focused()
    assert "ロック中" in page.title()
    assert page.locator("#f-new_password").count() == 0
    page.keyboard.type(desk.signons["clerk1"].password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")
    expect(page.locator("#f-new_password")).to_be_focused()


def test_reload_and_back_show_nothing_while_locked(page: Page, desk: Desk) -> None:
    sign_on(page, desk, "clerk1")
    with page.expect_response("**/lock"):
        page.keyboard.press("Control+Alt+l")
    page.reload()
    expect(page.locator("#lk")).to_have_text("画面をロックしました")
    expect(page.locator("#pin")).to_be_focused()
    page.go_back()
    expect(page.locator("#f-new_password")).to_have_count(0)


def test_a_wrong_password_at_the_lock(page: Page, desk: Desk) -> None:
    sign_on(page, desk, "clerk1")
    with page.expect_response("**/lock"):
        page.keyboard.press("Control+Alt+l")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#unlock-e")).to_contain_text("あと4回")
    expect(page.locator("#pin")).to_be_focused()
    page.keyboard.type(desk.signons["clerk1"].password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")


def test_the_server_locks_although_the_page_is_still_open(page: Page, desk: Desk) -> None:
    sign_on(page, desk, "clerk1")
    desk.clock.advance(minutes=5)
    page.reload()
    expect(page.locator("#lk")).to_have_text("画面をロックしました")


def test_after_sign_off_the_back_key_shows_nothing(page: Page, desk: Desk) -> None:
    sign_on(page, desk, "clerk1")
    page.get_by_role("button", name="サインオフ").press("Enter")
    page.wait_for_url("**/sign-on?ended=off")
    page.go_back()
    expect(page.locator("#officer")).to_be_visible()
    assert "小林" not in page.content()


def fits(page: Page) -> bool:
    """Whether the page scrolls sideways nowhere."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_no_page_of_sign_on_has_a_barrier(page: Page, desk: Desk) -> None:
    problems: list[str] = []

    def look(name: str) -> None:
        problems.extend(f"{name}: {one}" for one in axe_violations(page))
        assert fits(page), name

    page.goto("/sign-on?ended=replaced")
    look("sign-on")
    page.fill("#officer", "clerk1")
    page.fill("#password", "wrong")
    page.select_option("#terminal", "SHIMIN-03")
    page.locator("#password").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    look("refused")
    page.fill("#password", desk.signons["clerk1"].password)
    page.locator("#password").press("Enter")
    expect(page.locator("#code")).to_be_focused()
    look("code")
    sign_on(page, desk, "clerk1")
    look("settings")
    page.locator("#f-old_password").fill("wrong")
    page.locator("#f-new_password").fill("x")
    page.locator("#f-new_password_again").fill("x")
    page.get_by_role("button", name="パスワードを変更").press("Enter")
    expect(page.locator("#f-old_password-error")).to_be_visible()
    look("settings refused")
    page.goto("/nowhere")
    look("error")
    page.goto("/settings")
    with page.expect_response("**/lock"):
        page.keyboard.press("Control+Alt+l")
    look("locked at once")
    page.reload()
    look("locked")
    assert problems == []
