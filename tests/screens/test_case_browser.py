"""The main job as two officers with keys alone, at 1366 x 768: no pointer, no dialogs, nothing lost, axe clean."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from daicho.wire.environment import Environment
from tests.desk.build import births, code, number
from tests.desk.test_household_moves import number_of
from tests.live import axe_violations, checked_page, served
from tests.people import move_in_family

if TYPE_CHECKING:
    from tests.signon.desk import Desk

pytestmark = pytest.mark.browser

PEOPLE = (
    ("渡邉 大輔", "1", "02", "ワタナベ ダイスケ"),
    ("渡邉 彩香", "2", "12", "ワタナベ アヤカ"),
    ("渡邉 陽翔", "1", "20", "ワタナベ ハルト"),
    ("渡邉 凛", "2", "20", "ワタナベ リン"),
)


READINGS = (
    "カゴハラミナミイッチョウメ",
    "パークサイドカゴハラ205ゴウ",
    "トウキョウトトシマクミナミイケブクロニチョウメ49バン7ゴウ イケブクロハイツ403",
    "トウキョウトイタバシクオオヤマヒガシチョウ32バンチ",
    "ワタナベ ダイスケ",
    *(kana for _, _, _, kana in PEOPLE),
)
INPUT_METHOD = sum(
    sum(1 if letter in "0123456789ーッャュョン" else 2 for letter in reading.replace(" ", ""))
    + 2 * len(reading.split())
    for reading in READINGS
)
"""Keys of the input method for what `write` puts in: each reading in Latin letters, Space and Enter (ux.md W1)."""


@pytest.fixture(scope="module")
def site(screen_desk: "Desk") -> Iterator[str]:
    """The register on a real port."""
    assert screen_desk.signons
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def clerk(browser: Browser, site: str, screen_desk: "Desk") -> Iterator[Page]:
    """The clerk's browser."""
    with checked_page(browser, site, expected=("409", "422")) as page:
        yield signed_on(page, screen_desk, "clerk1")


@pytest.fixture(scope="module")
def reviewer(browser: Browser, site: str, screen_desk: "Desk") -> Iterator[Page]:
    """The reviewer's browser."""
    with checked_page(browser, site, expected=("409", "422")) as page:
        yield signed_on(page, screen_desk, "reviewer1")


def signed_on(page: Page, desk: "Desk", officer: str) -> Page:
    """Bind the browser to a session; count every key pressed from now on."""
    from tests.signon.desk import session_cookie

    cookie = session_cookie(desk.sign_on(officer))
    site = page.request.get("/health").url  # the address of the context, told by a page without people
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
    page.add_init_script(
        "addEventListener('keydown', () => { sessionStorage.keys = Number(sessionStorage.keys || 0) + 1 }, true)"
    )
    return page


def keys_pressed(page: Page) -> int:
    """The keys pressed since the last call."""
    count = int(page.evaluate("Number(sessionStorage.keys || 0)"))
    page.evaluate("sessionStorage.keys = 0")
    return count


def press(page: Page, *names: str) -> None:
    """Press keys one after the other."""
    for name in names:
        page.keyboard.press(name)


def key(page: Page, text: str) -> None:
    """Key a value and go on with Enter."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def write(page: Page, text: str) -> None:
    """Put in a text as an input method would, and go on with Enter."""
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")


def picture(page: Page, name: str) -> None:
    """Save the screen where DAICHO_PICTURES says, to hold it beside the mock-ups."""
    folder = os.environ.get("DAICHO_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def go_on(page: Page, address: str) -> None:
    """Ctrl+Enter, and the page it leads to."""
    page.keyboard.press("Control+Enter")
    page.wait_for_url(address)
    page.wait_for_selector("body[data-ready]")


def receive(page: Page, ticket: str = "43") -> None:
    """From the home screen to the entry of a new move-in."""
    page.goto("/")
    page.wait_for_selector("body[data-ready]")
    go_on(page, "**/cases/new")
    expect(page.locator("#f-reason")).to_be_focused()
    key(page, "11")
    key(page, ticket)
    key(page, "1")
    write(page, "渡邉 大輔")
    key(page, "01")
    picture(page, "reception")
    go_on(page, "**/entry")


def enter_family(page: Page, base: int) -> None:
    """Type the whole form by keys: header, then row by row, F8 for what is the same as above."""
    expect(page.locator("#f-notified_on")).to_be_focused()
    press(page, "Enter")
    key(page, "-2")
    press(page, "Enter", "Enter", "Enter")
    page.keyboard.insert_text("籠原南一丁目")
    press(page, "Enter")
    key(page, "214-3")
    write(page, "パークサイド籠原205号")
    write(page, "東京都豊島区南池袋二丁目49番7号 池袋ハイツ403")
    press(page, "Enter")
    for n, (name, sex, relationship, kana) in enumerate(PEOPLE, start=1):
        write(page, name)
        key(page, births(base)[f"p{n}.birth"])
        key(page, sex)
        key(page, relationship)
        if n == 1:
            write(page, "東京都板橋区大山東町32番地")
        else:
            press(page, "F8")
        key(page, code(base + n))
        write(page, kana)
        if n == 1:
            write(page, "渡邉 大輔")
        else:
            press(page, "F8")
        key(page, number(base + n))


def send_family(page: Page, base: int) -> str:
    """A family's move-in, received, typed, checked and sent; returns the case number."""
    receive(page)
    enter_family(page, base)
    go_on(page, "**/check")
    case = page.url.split("/")[-2]
    go_on(page, "**/")
    return case


def test_the_whole_move_in_by_two_officers_with_keys_alone(clerk: Page, reviewer: Page) -> None:
    """Reception to registration; keys are counted, dialogs would fail, axe finds nothing on any screen."""
    clerk.goto("/")
    picture(clerk, "home-empty")
    assert axe_violations(clerk) == []
    clerk.on("dialog", lambda dialog: pytest.fail("no dialogs"))
    receive(clerk)
    assert axe_violations(clerk) == []
    keys_pressed(clerk)
    enter_family(clerk, 100)
    expect(clerk.locator("#notes")).to_contain_text("必要な欄はすべて入っています")
    picture(clerk, "move-in")
    assert axe_violations(clerk) == []
    go_on(clerk, "**/check")
    keyed = keys_pressed(clerk)
    case = clerk.url.split("/")[-2]
    assert case not in clerk.title() or "渡邉" not in clerk.title()
    picture(clerk, "check")
    assert axe_violations(clerk) == []
    go_on(clerk, "**/")
    expect(clerk.locator("main")).to_contain_text("自分が審査に出した件")
    picture(clerk, "home")
    assert keyed + INPUT_METHOD <= 520

    reviewer.goto("/")
    reviewer.wait_for_selector("body[data-ready]")
    keys_pressed(reviewer)
    go_on(reviewer, "**/review")
    picture(reviewer, "review-queue")
    assert axe_violations(reviewer) == []
    go_on(reviewer, f"**/cases/{case}/review")
    expect(reviewer.locator("#k-change_date")).to_be_focused()
    picture(reviewer, "review-start")
    key(reviewer, "R8.3.30")
    for n in (1, 2):
        key(reviewer, births(100)[f"p{n}.birth"])
    key(reviewer, "H260612")
    expect(reviewer.locator(".settle input")).to_be_focused()
    picture(reviewer, "review")
    assert axe_violations(reviewer) == []
    key(reviewer, births(100)["p3.birth"])
    key(reviewer, births(100)["p4.birth"])
    go_on(reviewer, "**/done")
    assert keys_pressed(reviewer) <= 70
    picture(reviewer, "done")
    assert axe_violations(reviewer) == []


def test_a_clean_review_takes_at_most_55_keys(clerk: Page, reviewer: Page) -> None:
    """W4: open, key five dates again, approve."""
    case = send_family(clerk, 110)
    reviewer.goto("/review")
    reviewer.wait_for_selector("body[data-ready]")
    keys_pressed(reviewer)
    go_on(reviewer, f"**/cases/{case}/review")
    key(reviewer, "R8.3.30")
    for n in range(1, 5):
        key(reviewer, births(110)[f"p{n}.birth"])
    expect(reviewer.locator("#left")).to_contain_text("すべて一致")
    go_on(reviewer, "**/done")
    assert keys_pressed(reviewer) <= 55


def test_f8_brings_family_names_heads_and_addresses(clerk: Page, module_environment: Environment) -> None:
    """STD 4.0.10: what was typed last is taken over by one key; of a household joined the family name of its head."""
    household_id, _ = move_in_family(module_environment, 1)
    receive(clerk)
    clerk.fill("#f-p1\\.name", "渡邉 大輔")
    clerk.fill("#f-p1\\.domicile", "東京都板橋区大山東町32番地")
    for field, value in (
        ("previous_address", "東京都板橋区大山東町32番地"),
        ("previous_head", "渡邉 大輔"),
        ("p2.name", "渡邉　"),
        ("p1.family_register_head", "渡邉 大輔"),
        ("p2.domicile", "東京都板橋区大山東町32番地"),
        ("p2.family_register_head", "渡邉 大輔"),
    ):
        box = clerk.locator(f'[name="{field}"]')
        box.focus()
        clerk.keyboard.press("F8")
        expect(box).to_have_value(value)
        if field == "p2.name":
            expect(box).to_be_focused()
    clerk.fill("#f-household_kind", "2")
    clerk.fill("#f-join_household", number_of(module_environment, household_id))
    with clerk.expect_response("**/live"):
        clerk.keyboard.press("Tab")
    clerk.fill("#f-p1\\.name", "")
    clerk.focus("#f-p1\\.name")
    clerk.keyboard.press("F8")
    expect(clerk.locator("#f-p1\\.name")).to_have_value("髙橋　")
    expect(clerk.locator("#f-p1\\.name")).to_be_focused()


def test_what_was_typed_survives_errors_a_reload_and_a_second_window(clerk: Page) -> None:
    """E8: the draft is there after an error page, after a reload, and the same field has the focus."""
    receive(clerk)
    press(clerk, "Enter")
    key(clerk, "きのう")
    with clerk.expect_response("**/draft"):
        clerk.keyboard.press("Enter")
    clerk.reload()
    expect(clerk.locator("#f-change_date")).to_have_value("きのう")
    clerk.keyboard.press("Control+Enter")
    expect(clerk.locator("[data-error-summary]")).to_be_focused()
    assert axe_violations(clerk) == []
    picture(clerk, "move-in-errors")
    expect(clerk.locator("#f-change_date")).to_have_value("きのう")


def test_enter_while_composing_neither_moves_nor_sends(clerk: Page) -> None:
    """E9: Enter that confirms a conversion stays in its field."""
    receive(clerk)
    clerk.focus("#f-building")
    session = clerk.context.new_cdp_session(clerk)
    session.send("Input.imeSetComposition", {"text": "ぱーく", "selectionStart": 3, "selectionEnd": 3})
    session.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229},
    )
    expect(clerk.locator("#f-building")).to_be_focused()
    assert clerk.url.endswith("/entry")


def test_the_reading_of_the_input_method_becomes_the_furigana(clerk: Page) -> None:
    """Kana capture: the reading is filled in, marked until visited, and then counts as checked."""
    receive(clerk)
    clerk.focus("#f-p1\\.name")
    session = clerk.context.new_cdp_session(clerk)
    for reading, text in (("わたなべ", "渡邉"), ("　だいすけ", "　大輔")):
        kana = reading.strip("　")
        session.send("Input.imeSetComposition", {"text": kana, "selectionStart": len(kana), "selectionEnd": len(kana)})
        session.send("Input.insertText", {"text": text})
    kana_field = clerk.locator("#f-p1\\.name_kana")
    expect(kana_field).to_have_value("ワタナベ ダイスケ")
    expect(clerk.locator("#f-p1\\.kana_auto")).to_have_value("1")
    expect(clerk.locator(".with-mk .mk").first).to_be_visible()
    picture(clerk, "kana-capture")
    kana_field.focus()
    press(clerk, "Enter")
    expect(clerk.locator("#f-p1\\.kana_auto")).to_have_value("")


def test_without_javascript_the_case_goes_up_to_the_check_page(browser: Browser, site: str, clerk: Page) -> None:
    """The core is server-rendered: Enter in any field sends to the check page, which registers nothing."""
    context = browser.new_context(java_script_enabled=False, base_url=site, viewport={"width": 1366, "height": 768})
    context.add_cookies(clerk.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/cases/new")
    page.fill("#f-reason", "11")
    page.fill("#f-notifier", "1")
    page.fill("#f-name", "渡邉 大輔")
    page.fill("#f-document", "01")
    page.press("#f-document", "Enter")
    page.wait_for_url("**/entry")
    values = {
        "change_date": "-2",
        "town": "籠原南一丁目",
        "lot": "9",
        "previous_address": "東京都豊島区南池袋二丁目49番7号",
        "p1.name": "渡邉 大輔",
        "p1.name_kana": "ワタナベ ダイスケ",
        "p1.birth": "S58.12.24",
        "p1.sex": "1",
        "p1.relationship": "02",
        "p1.domicile": "なし",
        "p1.family_register_head": "なし",
    }
    for field, value in values.items():
        page.fill(f"[name='{field}']", value)
    page.press("[name='p1.family_register_head']", "Enter")
    page.wait_for_url("**/check")
    expect(page.locator("main")).to_contain_text("籠原南一丁目9番地")
    context.close()


def test_codes_and_candidates_of_the_field_in_hand_are_in_sight(clerk: Page) -> None:
    """The table of codes follows the field, no panel cuts the candidates off, and a queue opened by key gives its rows."""
    clerk.goto("/")
    clerk.keyboard.press("Control+k")
    clerk.keyboard.type("てんにゅう")
    expect(clerk.locator(".scrim [role=option]").first).to_contain_text("転入を受け付ける")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("[data-codes-of=reason]")).to_have_class("asked")
    for key in ("Enter", "Enter"):
        clerk.keyboard.press(key)
    expect(clerk.locator("[data-codes-of=notifier]")).to_have_class("asked")
    for row in clerk.locator("[data-codes-of=notifier] tr").all():
        expect(row).to_be_in_viewport(ratio=1)
    for typed in ("1", "渡邉 大輔", "02"):
        clerk.keyboard.type(typed)
        clerk.keyboard.press("Enter")
    clerk.keyboard.press("Control+Enter")
    clerk.locator("#f-town").focus()
    clerk.keyboard.type("さくらちょう")
    candidates = clerk.locator(".sug [role=option]")
    expect(candidates).to_have_count(2)
    for candidate in candidates.all():
        expect(candidate).to_be_in_viewport(ratio=1)
    clerk.goto("/")
    clerk.keyboard.press("Alt+2")
    expect(clerk.locator("main a.row").first).to_be_focused()
