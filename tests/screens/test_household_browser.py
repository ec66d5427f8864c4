"""S05-S08 in a browser at 1366 x 768, keys only: find, open, walk, look back, compare; nothing cut, axe clean."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.live import axe_violations, checked_page, served
from tests.screens.histories import History, make_history
from tests.screens.test_case_browser import keys_pressed, picture, press, signed_on

if TYPE_CHECKING:
    from tests.signon.desk import Desk

pytestmark = pytest.mark.browser

IME_COMMIT = 1
"""A reading typed in kana is committed with one Enter; the text itself is put in as the input method would."""


@pytest.fixture(scope="module")
def history(
    module_environment: Environment,
    module_clock: SettableClock,
    module_owner_connection: Connection,
    screen_desk: "Desk",
) -> History:
    """A family with a history, three people of one name, a foreign resident."""
    assert screen_desk.signons
    return make_history(module_environment, module_clock, module_owner_connection)


@pytest.fixture(scope="module")
def clerk(browser: Browser, screen_desk: "Desk", history: History) -> Iterator[Page]:
    """The clerk's browser."""
    with served() as site, checked_page(browser, site, expected=("422", "404")) as page:
        yield signed_on(page, screen_desk, "clerk1")


def ready(page: Page) -> None:
    """Scripts of the page have run."""
    page.wait_for_selector("body[data-ready]")


def opened(page: Page, path: str) -> Page:
    """Open an address of the register."""
    page.goto(path)
    ready(page)
    return page


def find(page: Page, text: str) -> None:
    """F2, the text, Enter; leaves the page at the results."""
    opened(page, "/search")
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search/\d+$"))
    ready(page)


def sound(page: Page, name: str) -> None:
    """Nothing scrolls sideways, no panel hides part of a table, axe finds nothing; the picture is kept."""
    picture(page, name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = page.evaluate(
        "[...document.querySelectorAll('main .body')].filter(b => b.scrollWidth > b.clientWidth + 1).map(b => b.outerHTML.slice(0, 90))"
    )
    assert cut == []
    assert axe_violations(page) == []


def focused(page: Page) -> str:
    """The text of the element in focus."""
    return str(page.evaluate("document.activeElement.textContent || document.activeElement.id")).strip()


def test_a_person_is_found_and_opened_with_few_keys(clerk: Page, history: History) -> None:
    opened(clerk, "/")
    keys_pressed(clerk)
    press(clerk, "F2")
    clerk.keyboard.insert_text("タカハシ")
    clerk.keyboard.type(" s550312")
    press(clerk, "Enter")
    clerk.wait_for_url(re.compile(r"/search/\d+$"))
    ready(clerk)
    press(clerk, "Enter")
    clerk.wait_for_url(f"**/household/{history.household_id}?person={history.people[0]}")
    ready(clerk)
    assert keys_pressed(clerk) + len("タカハシ") + IME_COMMIT <= 18
    expect(clerk.locator(".who-name")).to_have_text("髙橋 健一")


def test_states_of_the_search(clerk: Page, history: History) -> None:
    opened(clerk, "/search")
    sound(clerk, "search-idle")
    find(clerk, "ヤマダ タロウ")
    expect(clerk.locator(".empty")).to_contain_text("見つかりませんでした")
    sound(clerk, "search-none")
    find(clerk, "あ")
    expect(clerk.get_by_role("alert")).to_be_visible()
    sound(clerk, "search-refused")
    expect(clerk.locator("#sq")).to_have_value("あ")
    find(clerk, "ヤマモト アキラ")
    expect(clerk.locator(".res .also")).to_contain_text("山本 明")
    sound(clerk, "search-foreign")


def test_many_results_stand_in_rows_of_one_line(clerk: Page, history: History, module_environment: Environment) -> None:
    _crowd(module_environment)
    find(clerk, "モリ")
    expect(clerk.locator(".note.warn")).to_contain_text("初めの100件だけ")
    body = clerk.locator("main .body").bounding_box()
    assert body is not None
    heights = clerk.evaluate("[...document.querySelectorAll('.res tbody tr')].map(r => r.getBoundingClientRect())")
    assert {round(row["height"]) for row in heights} <= {30, 31}
    assert sum(row["bottom"] <= body["y"] + body["height"] for row in heights) >= 15
    sound(clerk, "search-many")


def _crowd(env: Environment) -> None:
    from datetime import date, timedelta

    from daicho.law.dates import LegalDate
    from daicho.register.changes.plan import Effect
    from tests.people import do_register, plan, record

    with env.database.transaction() as connection:
        ids = env.ids.take(connection, 210)
        for n in range(105):
            one = record(
                ids[2 * n],
                name=f"森　{'一二三四五六七八九十'[n % 10]}郎",
                name_kana="モリ　ジロウ",
                birth=LegalDate(date(1950, 1, 1) + timedelta(days=97 * n)),
                address=f"新島{n + 1}番地",
                building="グランドメゾン熊谷石原中央公園弐番館1205号室" if n % 3 else None,
            )
            do_register(connection, env, plan(Effect(ids[2 * n + 1], "enter", "mover", date(2026, 3, 30), one)))


def test_people_of_one_name_are_told_apart_by_keys(clerk: Page, history: History) -> None:
    find(clerk, "ワタナベ ケンイチ S45")
    panel = clerk.locator("#pair")
    expect(panel).to_contain_text("1 と 2")
    expect(panel.locator("mark")).to_have_count(2)
    sound(clerk, "search-twins")
    press(clerk, "ArrowDown", "ArrowDown", "Space")
    expect(panel).to_contain_text("2 と 3")
    expect(panel).to_contain_text("3つが同じでも、同じ人とは限りません")
    press(clerk, "ArrowUp", "ArrowUp")
    expect(clerk.locator(".res tr:focus-within .bld")).to_be_visible()
    sound(clerk, "search-twins-chosen")
    press(clerk, "Control+Enter")
    clerk.wait_for_url(re.compile(r"/household/\d+$"))


def test_space_opens_the_comparison_where_nobody_is_alike(clerk: Page, history: History) -> None:
    find(clerk, "タカハシ")
    expect(clerk.locator("#pair")).to_be_hidden()
    press(clerk, "Space")
    expect(clerk.locator("#pair")).to_contain_text("もう1人の行で")
    press(clerk, "ArrowDown", "Space")
    expect(clerk.locator("#pair")).to_contain_text("一致しない")
    sound(clerk, "search-two")


def test_members_sections_and_details_by_keys(clerk: Page, history: History) -> None:
    opened(clerk, f"/household/{history.household_id}")
    sound(clerk, "household")
    press(clerk, "F4")
    clerk.wait_for_url(f"**person={history.people[1]}")
    ready(clerk)
    press(clerk, "F4")
    clerk.wait_for_url(f"**person={history.people[2]}")
    ready(clerk)
    press(clerk, "F3")
    clerk.wait_for_url(f"**person={history.people[1]}")
    ready(clerk)
    press(clerk, "Alt+1")
    assert focused(clerk) == "髙橋 美咲"
    press(clerk, "Alt+3")
    assert clerk.evaluate("document.activeElement.ariaLabel") == "異動の履歴の一覧"
    press(clerk, "Alt+2")
    assert focused(clerk) == "氏名"
    press(clerk, "ArrowDown", "ArrowDown")
    assert focused(clerk) == "旧氏"
    expect(clerk.locator("tr:focus-within .behind")).to_contain_text("旧氏の記載の請求はありません。")
    sound(clerk, "household-detail")


def test_sections_answer_to_the_pointer_too(clerk: Page, history: History) -> None:
    opened(clerk, f"/household/{history.household_id}")
    clerk.get_by_role("button", name="Alt+2 記載事項").click()
    assert focused(clerk) == "氏名"


def test_shapes_are_enlarged(clerk: Page, history: History) -> None:
    opened(clerk, f"/person/{history.twins[0]}")
    press(clerk, "Alt+2", "Tab", "Enter")
    shapes = clerk.get_by_role("dialog", name="氏名の字形")
    expect(shapes).to_be_visible()
    expect(shapes).to_contain_text("MJ026190")
    size = clerk.evaluate("parseFloat(getComputedStyle(document.querySelector('.bigglyphs .glyph')).fontSize)")
    assert 48 <= size <= 96
    sound(clerk, "household-shapes")
    press(clerk, "Escape")
    expect(shapes).to_be_hidden()


def test_a_number_is_shown_for_ten_seconds(clerk: Page, history: History) -> None:
    clerk.clock.install()
    opened(clerk, f"/household/{history.household_id}")
    row = clerk.locator(".items tr", has_text="個人番号").first
    press(clerk, "Alt+2")
    press(clerk, *["ArrowDown"] * 12)
    press(clerk, "Tab", "Enter", "Tab", "Tab", "Enter")
    expect(row.locator(".shown")).to_have_text(re.compile(r"^\d{12}$"))
    clerk.clock.fast_forward(9_000)
    expect(row.locator(".shown")).to_be_visible()
    clerk.clock.fast_forward(2_000)
    expect(row.locator(".dots")).to_be_visible()
    assert not re.search(r"\d{12}", row.inner_text())
    sound(clerk, "household-masked")


def test_the_past_is_reached_and_left_by_keys(clerk: Page, history: History) -> None:
    opened(clerk, f"/household/{history.household_id}?person={history.people[1]}")
    press(clerk, "Alt+4")
    clerk.wait_for_url("**/past?*")
    ready(clerk)
    clerk.keyboard.type("r8.4.25")
    press(clerk, "Enter")
    clerk.wait_for_url("**on=r8.4.25*")
    ready(clerk)
    expect(clerk.locator("#vd")).to_have_value("R8.4.25")
    expect(clerk.locator("#kd")).to_have_value("R8.4.25 23:59")
    expect(clerk.locator(".asof")).to_contain_text("いまの内容ではありません")
    expect(clerk.locator(".members .tag.past")).to_have_count(4)
    sound(clerk, "past-then")
    clerk.focus("#kd")
    clerk.keyboard.press("Control+a")
    clerk.keyboard.type("R8.5.20 17:15")
    press(clerk, "Enter")
    clerk.wait_for_url("**known=R8.5.20*")
    ready(clerk)
    expect(clerk.locator(".timeline .off")).to_have_count(1)
    expect(clerk.locator(".members .tag.past")).to_have_count(1)
    sound(clerk, "past-known")
    clerk.get_by_role("link", name="現在と比べる").focus()
    press(clerk, "Enter")
    clerk.wait_for_url("**/compare?*")
    ready(clerk)
    expect(clerk.locator(".cmpday")).to_contain_text("続柄")
    sound(clerk, "compare")
    press(clerk, "Control+Enter")
    clerk.wait_for_url("**/past?*")
    ready(clerk)
    press(clerk, "Alt+4")
    clerk.wait_for_url(f"**/household/{history.household_id}?person={history.people[1]}")


def test_nothing_then_shows_who_and_leads_to_the_first_record(clerk: Page, history: History) -> None:
    opened(clerk, f"/household/{history.household_id}/past?person={history.people[1]}&on=R7.4.1&as=now")
    expect(clerk.locator(".who-name")).to_have_text("髙橋 美咲")
    sound(clerk, "past-nothing")
    clerk.get_by_role("link", name="次の異動").focus()
    press(clerk, "Enter")
    clerk.wait_for_url("**on=R8.3.30*")
    ready(clerk)
    expect(clerk.locator(".members")).to_contain_text("髙橋 美咲")


def test_six_members_their_items_and_five_changes_fit(
    clerk: Page, history: History, module_environment: Environment
) -> None:
    opened(clerk, f"/household/{_large_household(module_environment)}")
    for rows, least in ((".members tbody tr", 6), (".timeline tbody tr", 5), (".items tbody tr", 14)):
        boxes = clerk.evaluate(f"[...document.querySelectorAll('{rows}')].map(r => r.getBoundingClientRect().bottom)")
        assert len(boxes) >= least
        assert max(boxes) <= clerk.evaluate("document.querySelector('.keybar').getBoundingClientRect().top")
    sound(clerk, "household-six")


def _large_household(env: Environment) -> int:
    from datetime import date

    from daicho.law.dates import LegalDate
    from daicho.law.reasons import Reason
    from daicho.register.changes.plan import Effect
    from tests.people import do_register, family, plan, record

    with env.database.transaction() as connection:
        household_id, *people = env.ids.take(connection, 7)
        do_register(connection, env, plan(*family(household_id, people[:4])))
    for n, person in enumerate(people[4:], start=5):
        child = record(household_id, relationship="20", household_order=n, name=f"髙橋　{'陽菜' if n == 5 else '湊'}",
                       birth=LegalDate(date(2026, 4, n)))  # fmt: skip
        with env.database.transaction() as connection:
            birth = Effect(person, "enter", "mover", date(2026, 4, n), child)
            do_register(connection, env, plan(birth, reason=Reason.BIRTH))
    for n, address in enumerate(("石原二丁目15番地", "別府三丁目72番地4"), start=1):
        from daicho.register.store.read import live_rows

        with env.database.transaction() as connection:
            rows = live_rows(connection, people)
            moves = [
                Effect(p, "amend", "mover", date(2026, 5, n), rows[p][-1].record.with_(address=address)) for p in people
            ]
            do_register(connection, env, plan(*moves, reason=Reason.MOVE_WITHIN))
    return household_id
