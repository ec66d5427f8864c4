"""The keyboard contract, by real key events; composition through the browser's own input-method interface."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.ui import style_site

pytestmark = pytest.mark.browser


def opened(page: Page, query: str = "case=1") -> Page:
    """The component page with its scripts ready."""
    page.goto(f"/style?{query}")
    page.wait_for_selector("body[data-ready]")
    return page


def focus(page: Page) -> str:
    """The id of the focused element."""
    return str(page.evaluate("document.activeElement.id"))


def test_enter_moves_through_all_fields_and_never_sends(page: Page) -> None:
    opened(page)
    order = ["f-notified_on", "f-change_date", "f-relation", "f-previous", "name-1", "birth-1", "kana-1", "name-2"]
    seen = []
    for _ in order:
        seen.append(focus(page))
        page.keyboard.press("Enter")
    assert seen == order
    for _ in range(6):
        page.keyboard.press("Enter")
    assert focus(page) == "kana-2"
    expect(page.locator("#live")).to_contain_text("最後の欄")
    assert style_site.posts["check"] == 0


def test_shift_enter_goes_back_and_tab_has_the_same_order(page: Page) -> None:
    opened(page)
    page.focus("#birth-1")
    page.keyboard.press("Shift+Enter")
    assert focus(page) == "name-1"
    page.keyboard.press("Tab")
    assert focus(page) == "birth-1"


def test_ten_key_enter_is_enter(page: Page) -> None:
    opened(page)
    page.keyboard.press("NumpadEnter")
    assert focus(page) == "f-change_date"


def test_nothing_happens_while_composing(page: Page) -> None:
    opened(page)
    page.focus("#name-1")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "わたなべ", "selectionStart": 4, "selectionEnd": 4})
    for key in ("Enter", "F8", "F9", "F10"):
        session.send(
            "Input.dispatchKeyEvent",
            {"type": "rawKeyDown", "key": "Process", "code": key, "windowsVirtualKeyCode": 229},
        )
    page.evaluate(
        """() => {
          const send = (more) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {bubbles: true, cancelable: true, key: "Enter", ...more}));
          send({isComposing: true}); send({key: "Process"}); send({keyCode: 229});
        }"""
    )
    assert focus(page) == "name-1"
    session.send("Input.insertText", {"text": "渡辺"})
    assert "渡辺" in page.input_value("#name-1")
    page.keyboard.press("Enter")
    assert focus(page) == "birth-1"
    assert style_site.posts["check"] == style_site.posts["park"] == 0


def _slowly(route: Route) -> None:
    """Answer late, so that a second press falls into the waiting time."""
    route.request.frame.page.wait_for_timeout(200)
    route.continue_()


def test_ctrl_enter_sends_once_even_when_pressed_twice(page: Page) -> None:
    opened(page)
    page.focus("#birth-2")
    page.route("**/style/check", _slowly)
    page.evaluate("document.querySelector('[data-go]').click(); document.querySelector('[data-go]').click()")
    page.keyboard.press("Control+Enter")
    page.wait_for_load_state()
    page.wait_for_selector("body[data-ready]")
    assert style_site.posts["check"] == 1


def test_ctrl_enter_works_from_any_field(page: Page) -> None:
    opened(page)
    page.focus("#kana-2")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert style_site.posts["check"] == 1


def test_f10_parks_and_f3_f4_change_the_person(page: Page) -> None:
    opened(page)
    page.keyboard.press("F4")
    expect(page).to_have_url(re.compile("#next$"))
    page.keyboard.press("F3")
    expect(page).to_have_url(re.compile("#previous$"))
    with page.expect_navigation():
        page.keyboard.press("F10")
    assert style_site.posts["park"] == 1


def test_f8_copies_from_the_row_above_and_goes_on(page: Page) -> None:
    opened(page)
    page.fill("#birth-1", "S580914")
    page.focus("#birth-2")
    page.keyboard.press("F8")
    assert page.input_value("#birth-2") == "S580914"
    assert focus(page) == "kana-2"


def test_f2_goes_to_the_search_box_and_alt_digits_to_sections(page: Page) -> None:
    opened(page)
    page.keyboard.press("F2")
    assert focus(page) == "top-q"
    page.keyboard.press("Alt+2")
    assert focus(page) == "name-1"
    page.keyboard.press("Alt+5")
    assert page.evaluate("document.activeElement.closest('[data-section]').dataset.section") == "5"


def test_palette_finds_by_reading_and_gives_the_focus_back(page: Page) -> None:
    opened(page)
    page.focus("#name-1")
    page.keyboard.press("Control+k")
    assert focus(page) == "pq"
    page.keyboard.type("てんきょ")
    assert page.locator("#pl [role=option]").count() == 1
    page.keyboard.press("Escape")
    assert focus(page) == "name-1"
    page.keyboard.press("Control+k")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#moved$"))


def test_palette_says_why_and_does_not_run_it(page: Page) -> None:
    opened(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("準ずる")
    assert "除票だけ" in page.inner_text("#pl")
    page.keyboard.press("Enter")
    assert focus(page) == "pq"


def test_suggestions_by_arrow_and_enter(page: Page) -> None:
    opened(page)
    page.focus("#f-relation")
    page.keyboard.type("1")
    page.wait_for_selector(".sug [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#f-relation") == "12"
    assert page.inner_text("#f-relation-echo").strip() == "妻"
    assert focus(page) == "f-previous"
    assert style_site.last_post["suggest"]["q"] == "1"


def test_escape_closes_suggestions_and_keeps_what_was_typed(page: Page) -> None:
    opened(page)
    page.focus("#f-relation")
    page.keyboard.type("1")
    page.wait_for_selector(".sug [role=option]")
    page.keyboard.press("Escape")
    assert page.locator(".sug").count() == 0
    assert page.input_value("#f-relation") == "1"


def test_date_is_read_back_under_the_field(page: Page) -> None:
    opened(page)
    page.focus("#birth-1")
    page.keyboard.type("S580914")
    expect(page.locator("#birth-1-echo")).to_contain_text("昭和58年9月14日")
    page.fill("#f-change_date", "R8.2.30")
    page.keyboard.press("Enter")
    expect(page.locator("#f-change_date-echo .err")).to_be_visible()
    assert page.get_attribute("#f-change_date", "aria-invalid") is not None


def test_arrows_move_over_rows(page: Page) -> None:
    opened(page, "part=2")
    page.focus("#row-1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert focus(page) == "row-3"
    page.keyboard.press("ArrowUp")
    assert focus(page) == "row-2"


def test_browser_keys_are_left_alone(page: Page) -> None:
    opened(page)
    page.evaluate(
        """() => { window.taken = []; addEventListener("keydown", (event) => {
          if (event.defaultPrevented) window.taken.push(event.key); event.preventDefault(); }); }"""
    )
    for key in ("F1", "F5", "F6", "F7", "F11", "F12", "Control+l", "Control+p", "Control+f", "Control+r", "Control+t"):
        page.keyboard.press(key)
    assert page.evaluate("window.taken") == []


def test_error_summary_gets_the_focus_and_leads_to_the_field(page: Page) -> None:
    opened(page, "errors=1")
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')")
    assert page.inner_text(".errsum li") == page.inner_text("#f-change_date-error").strip()
    page.click(".errsum a")
    assert focus(page) == "f-change_date"


def test_without_script_enter_goes_to_the_check_page(page: Page, site: str) -> None:
    assert page.context.browser is not None
    context = page.context.browser.new_context(java_script_enabled=False, base_url=site)
    plain = context.new_page()
    plain.goto("/style?case=1")
    plain.focus("#name-1")
    with plain.expect_navigation():
        plain.keyboard.press("Enter")
    assert style_site.posts["check"] + style_site.posts["park"] == 1
    context.close()
