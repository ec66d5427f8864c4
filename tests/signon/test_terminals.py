"""Terminals are registered, have a class and a period, and a key that stays in their browser (control R-ACQ-10)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from daicho.signon.models import OfficerLedger, Terminal
from daicho.wire.environment import Connection
from tests.live import axe_violations, checked_page, served
from tests.signon.desk import CommonsDesk as Desk
from tests.signon.desk import post

NEW = {
    "terminal_id": "shimin-31", "name": "市民課 31番窓口", "office": "市民課", "terminal_class": "counter",
    "address": "", "since": "", "until": "", "reason": "増設",
}  # fmt: skip


@pytest.fixture(autouse=True)
def only_the_demo(desk: Desk, module_owner_connection: Connection) -> Iterator[None]:
    """No terminal of an earlier test."""
    yield
    module_owner_connection.execute("DELETE FROM signon.officer_session WHERE terminal_id = 'SHIMIN-31'")
    module_owner_connection.execute("DELETE FROM signon.terminal WHERE terminal_id = 'SHIMIN-31'")


@pytest.fixture
def admin(desk: Desk) -> Client:
    """The administrator's browser."""
    return desk.sign_on("admin1")


def registered(admin: Client, **changes: str) -> str:
    """Register a terminal on the screen; the code for its key."""
    answer = post(admin, "/terminals/put", NEW | changes)
    text = answer.content.decode()
    assert answer.status_code == 200, text
    assert answer["Cache-Control"] == "no-store"
    found = re.search(r'登録コード\(24時間\)</th><td class="fig">([^<]+)<', text)
    assert found is not None
    return found[1]


def test_a_terminal_without_its_key_opens_nothing(desk: Desk, admin: Client) -> None:
    registered(admin)
    assert Terminal.objects.get(pk="SHIMIN-31").public_key is None
    for proof in ("", "x", "a.b.c"):
        answer = desk.first_step(desk.client(), "clerk1", terminal="SHIMIN-31", proof=proof)
        assert (answer.status_code, "この端末からは使えません" in answer.content.decode()) == (403, True)
    [row] = OfficerLedger.objects.filter(officer="SHIMIN-31")
    assert (row.act, row.by, row.reason) == ("terminal_new", "admin1", "増設")


def test_a_code_that_is_guessed_at_runs_out_and_says_nothing(desk: Desk, admin: Client) -> None:
    registered(admin)
    for number in range(5):
        client = desk.client()
        client.get("/terminal")
        answer = post(client, "/terminal", {"terminal": "SHIMIN-31" if number else "NOWHERE", "code": "x", "proof": ""})
        assert answer.status_code == 403
    until = Terminal.objects.get(pk="SHIMIN-31").enrolment_until
    assert until is not None
    assert until <= desk.clock.now()


def test_a_terminal_is_in_use_for_its_period_and_until_it_is_ended(desk: Desk, admin: Client) -> None:
    change = {"terminal": "SHIMIN-04", "terminal_id": "SHIMIN-04", "keyless": "1"}
    assert post(admin, "/terminals/put", NEW | change | {"until": "R8.4.2"}).status_code == 302
    client = desk.sign_on("clerk2")
    desk.clock.advance(days=2)
    assert desk.first_step(desk.client(), "clerk2").status_code == 403
    assert client.get("/settings").status_code == 303
    admin = desk.sign_on("admin1")
    assert post(admin, "/terminals/put", NEW | change).status_code == 302
    client = desk.sign_on("clerk2")
    assert post(admin, "/terminals/act", {"terminal": "SHIMIN-04", "act": "end", "reason": "撤去"}).status_code == 302
    assert client.get("/settings").status_code == 303
    assert desk.first_step(desk.client(), "clerk2").status_code == 403
    Terminal.objects.filter(pk="SHIMIN-04").update(name="市民課 4番窓口")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"terminal_id": "市民課"}, "英数字と - _"),
        ({"name": " "}, "名前と窓口"),
        ({"terminal_class": "any"}, "のどれかです"),
        ({"address": "10.1"}, "10.1.2.0/24"),
        ({"since": "R8.4.10", "until": "R8.4.9"}, "初日以後"),
        ({"reason": ""}, "理由を入力"),
    ],
)
def test_what_cannot_be_registered_is_said_and_kept(admin: Client, changes: dict[str, str], said: str) -> None:
    answer = post(admin, "/terminals/put", NEW | changes)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Terminal.objects.filter(pk="SHIMIN-31").exists()


def test_only_the_administrator_comes_here(desk: Desk) -> None:
    client = desk.sign_on("clerk1")
    assert client.get("/terminals").status_code == 403
    for place in ("put", "act"):
        assert post(client, f"/terminals/{place}", NEW).status_code == 403


@pytest.fixture(scope="module")
def site(module_desk: Desk) -> Iterator[str]:
    """Commons on a real port."""
    with served() as address:
        yield address


def enter(page: Page, desk: Desk) -> None:
    """Clerk1 at the new terminal."""
    page.goto("/sign-on?next=/settings")
    page.fill("#officer", "clerk1")
    page.fill("#password", desk.signons["clerk1"].password)
    page.select_option("#terminal", "SHIMIN-31")
    page.locator("button[data-go]").click()


@pytest.mark.browser
def test_the_key_stays_in_its_browser_and_no_other_browser_signs_on_there(
    browser: Browser, site: str, desk: Desk, admin: Client
) -> None:
    code = registered(admin)
    seen: list[Any] = []
    with checked_page(browser, site) as page:
        page.goto("/terminal")
        page.fill("#terminal", "shimin-31")
        page.fill("#t-code", code.upper())
        assert axe_violations(page) == []
        page.get_by_role("button", name="登録").click()
        expect(page.get_by_role("status").first).to_contain_text("端末 SHIMIN-31 の鍵を登録しました")
        page.on("request", lambda one: seen.append(one.post_data) if one.method == "POST" else None)
        enter(page, desk)
        page.fill("#code", desk.code("clerk1"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/settings")
        expect(page.locator(".last")).to_contain_text("SHIMIN-31")
    with checked_page(browser, site, expected=("403",)) as other:
        enter(other, desk)
        expect(other.get_by_role("alert")).to_contain_text("この端末からは使えません")
    stolen = re.search(r"proof=([A-Za-z0-9_.%-]+)", seen[0])
    assert stolen is not None
    replay = desk.first_step(desk.client(), "clerk1", terminal="SHIMIN-31", proof=stolen[1])
    assert replay.status_code == 403
    again = post(desk.client(), "/terminal", {"terminal": "SHIMIN-31", "code": code, "proof": stolen[1]})
    assert again.status_code == 403


@pytest.mark.browser
def test_a_new_key_is_registered_where_the_old_one_was_lost(
    browser: Browser, site: str, desk: Desk, admin: Client
) -> None:
    registered(admin)
    answer = post(admin, "/terminals/act", {"terminal": "SHIMIN-31", "act": "key", "reason": "入替え"})
    assert "登録コード(24時間)" in answer.content.decode()
    assert "端末の鍵の登録し直し" in answer.content.decode()
