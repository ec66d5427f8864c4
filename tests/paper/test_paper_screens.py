"""S18 for every kind, letters, reproduction, the ledger, the list: by keys in a real browser, and refusals over HTTP."""

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from daicho.register.paper import overflow
from daicho.register.paper.lookup import IssueLine
from daicho.register.paper.press_client import SOCKET_VARIABLE, PressClient
from daicho.wire.environment import Environment
from tests.house_database import SettableClock
from tests.paper.issuing import acts, family, move_inside, rows, text_of
from tests.paper.test_certificate_screen import page_of, preview, release, seen
from tests.paper.test_ledger import settle_in_town

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser

    from tests.signon.desk import Desk


@pytest.fixture
def desk(environment: Environment, clock: SettableClock, tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    """The demo's officers on the database of the test."""
    from tests.signon.desk import make_desk  # Django's models load only after pytest has configured Django

    return make_desk(environment, clock, tmp_path_factory.mktemp("secrets"))


@pytest.fixture
def home(environment: Environment, press: PressClient, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[int]]:
    """A family of three that has moved inside the city, and a press that the pages find."""
    monkeypatch.setenv(SOCKET_VARIABLE, str(press.path))
    made = family(environment, 3)
    settle_in_town(environment, made[1])
    move_inside(environment, made[1])
    return made


@pytest.mark.browser
def test_every_kind_by_keys(
    browser: "Browser", desk: "Desk", environment: Environment, home: tuple[int, list[int]]
) -> None:
    """Another kind brings its own items and persons while one types; the paper, its history, its reproduction."""
    from playwright.sync_api import expect

    from tests.live import checked_page, served
    from tests.screens.test_case_browser import press as press_keys
    from tests.screens.test_case_browser import signed_on

    with served() as site, checked_page(browser, site, expected=("422",)) as page:
        signed_on(page, desk, "clerk1")
        page.goto(f"/household/{home[0]}/certificate?person={home[1][1]}")
        expect(page.locator("#f-authority")).to_be_focused()
        page.locator("#f-kind").fill("2")
        page.locator("#f-kind").press("Tab")
        expect(page.locator("#f-kind-echo")).to_contain_text("個人票")
        expect(page.locator('input[name="item"][value="history"]')).to_be_checked()
        expect(page.locator('input[name="person"]:checked')).to_have_count(1)
        page.locator("#f-use_code").fill("7")
        page.locator("#f-use_code").press("Tab")
        expect(page.locator("#f-use_code-echo")).to_contain_text("年金")
        seen(page, "kind-form")
        press_keys(page, "Control+Enter")
        expect(page.locator("img.sheet")).to_have_js_property("complete", value=True)
        seen(page, "kind-preview")
        press_keys(page, "Control+Enter")
        expect(page.get_by_text("印刷する").first).to_be_visible()
        page.goto(f"/household/{home[0]}/certificate/history")
        seen(page, "kind-history")
        page.get_by_role("link", name="再現").click()
        expect(page.locator("img.sheet")).to_have_js_property("complete", value=True)
        assert page.evaluate("document.querySelector('img.sheet').naturalWidth") == 1240
        seen(page, "reproduction")
        page.goto(f"/household/{home[0]}/letters")
        seen(page, "letters")
        page.get_by_role("button", name="住民異動届受理通知").first.click()
        expect(page.locator("img.sheet")).to_have_js_property("complete", value=True)
        seen(page, "letter-preview")
        page.goto("/certificates/issues")
        seen(page, "issues")
        page.goto("/certificates/inspection")
        page.locator("#f-town").fill("11202001002")
        page.locator("#f-requester").fill("世論調査会")
        page.locator("#f-reason").fill("世論調査")
        seen(page, "inspection-form")
        press_keys(page, "Control+Enter")
        expect(page.locator("img.sheet")).to_have_js_property("complete", value=True)
        seen(page, "inspection-preview")
    assert acts(environment).count("certificate.reproduce") == 2


@pytest.fixture
def clerk(desk: "Desk") -> "Client":
    """A clerk who is signed on."""
    return desk.sign_on("clerk1")


def test_a_letter_of_another_household_or_kind_is_not_made(clerk: "Client", home: tuple[int, list[int]]) -> None:
    from tests.signon.desk import post

    page = page_of(clerk, f"/household/{home[0]}/letters")
    change = re.findall(r'name="change" value="(\d+)"', page)[0]
    for wrong in ({"kind": "household_copy", "change": change}, {"kind": "acceptance_notice", "change": "1"}):
        assert post(clerk, f"/household/{home[0]}/letters", wrong).status_code == 404
    answer = post(clerk, f"/household/{home[0]}/letters", {"kind": "head_change_request", "change": change})
    assert answer.status_code in (302, 409)


def test_a_reproduction_cannot_be_printed_or_guessed(
    clerk: "Client", environment: Environment, home: tuple[int, list[int]]
) -> None:
    address = preview(clerk, home)
    release(clerk, address)
    [line] = rows(environment, "SELECT certificate_id FROM register.certificate")
    page = page_of(clerk, f"/certificates/{line['certificate_id']}/again")
    assert "再現したものは証明書ではありません" in page
    assert ".pdf" not in page
    assert clerk.get("/certificates/1/again").status_code == 404
    assert clerk.get(f"/certificates/{line['certificate_id']}/again/9.png").status_code == 404


def test_the_list_keeps_what_was_typed(clerk: "Client", home: tuple[int, list[int]]) -> None:
    from tests.signon.desk import post

    typed = {"town": "11202001002", "authority": "9", "requester": "世論調査会", "document": "2", "use": "12"}
    answer = post(clerk, "/certificates/inspection", typed)
    assert answer.status_code == 422
    assert "世論調査会" in answer.content.decode()
    nobody = post(clerk, "/certificates/inspection", {**typed, "authority": "6", "town": "11202999999", "reason": "x"})
    assert nobody.status_code == 404


def test_the_list_of_broken_texts_is_printed(clerk: "Client", home: tuple[int, list[int]]) -> None:
    """STD 5.8, 10.7: by issue number and item, nobody named."""
    from tests.signon.desk import post

    assert home
    answer = post(clerk, "/certificates/issues", {"since": "t", "until": "t", "print": "1"})
    assert answer["Content-Type"] == "application/pdf"
    assert "折り返した文字のある証明書はありません" in text_of(answer.content)
    line = IssueLine(
        certificate_id=1, application_id=1, kind="住民票の写し", reissuable=False, number="20260401 熊谷市 SHIMIN-03 001",
        issued_on=date(2026, 4, 1), status="issued", authority="", use="", items=(), person_ids=(1,), fee_yen=200,
        office="市民課", terminal="SHIMIN-03", officer="clerk1", settled_at=None, misprint_reason=None, sheets=1,
        tight=((2, "name"), (0, "address")), household_id=1,
    )  # fmt: skip
    printed = text_of(overflow.pdf([line], line.issued_on, line.issued_on, datetime(2026, 4, 1, tzinfo=UTC)))
    assert "20260401熊谷市SHIMIN-03001" in printed
    assert "2人目の氏名、住所" in printed


def test_the_ledger_says_what_it_cannot_read(clerk: "Client", home: tuple[int, list[int]]) -> None:
    from tests.signon.desk import post

    release(clerk, preview(clerk, home))
    assert "住民票の写し（世帯連記式）" in page_of(clerk, "/certificates/issues")
    wrong = post(clerk, "/certificates/issues", {"since": "いつか", "until": ""})
    assert wrong.status_code == 422
    found = post(clerk, "/certificates/issues", {"since": "R8.4.1", "until": "R8.4.1", "status": "交付", "kind": "01"})
    assert "20260401　熊谷市" in found.content.decode()


NOWHERE: dict[str, object] = {"planned_address": None, "planned_municipality": None, "planned_on": None}


def test_a_move_out_offers_its_leavers_only(
    clerk: "Client", environment: Environment, clock: SettableClock, home: tuple[int, list[int]]
) -> None:
    """Who died earlier and who stays are no part of the certificate of those who leave together."""
    from tests.paper.test_move_out_issue import plan_leaving

    household, people = home
    plan_leaving(environment, people[2], clock.today(), status="dead", removed_reason="死亡", **NOWHERE)
    plan_leaving(environment, people[1], clock.today())
    page = page_of(clerk, f"/household/{household}/certificate?kind=move_out&person={people[1]}")
    assert re.findall(r'name="person" value="(\d+)"( checked)?', page) == [(str(people[1]), " checked")]
    address = preview(clerk, (household, people[1:2]), kind="11", who="2")
    release(clerk, address)
    assert "再交付" in page_of(clerk, f"/household/{household}/certificate/history")
    [line] = rows(environment, "SELECT certificate_id, application_id FROM register.certificate")
    again = page_of(
        clerk,
        f"/household/{household}/certificate?again={line['application_id']}&reissue={line['certificate_id']}",
    )
    assert "初めに交付したときの記載を印字し" in again
    second = preview(clerk, (household, people[1:2]), kind="11", who="2", reissue_of=str(line["certificate_id"]))
    assert "転出証明書" in page_of(clerk, second)
    stored = rows(environment, "SELECT reissue_of FROM register.certificate_application ORDER BY application_id")
    assert [row["reissue_of"] for row in stored] == [None, line["certificate_id"]]
