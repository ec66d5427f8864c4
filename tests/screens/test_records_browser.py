"""A naturalisation by keys alone: from the household screen through reception, entry, check and review to both records."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.desk import case as desk
from daicho.register.desk import review
from daicho.register.store.read import live_rows
from daicho.wire.environment import Environment
from tests.live import axe_violations, checked_page, served
from tests.people import REVIEWER, actor, do_register, move_in_family, plan
from tests.screens.test_case_browser import key, press, signed_on, write

if TYPE_CHECKING:
    from tests.signon.desk import Desk

pytestmark = pytest.mark.browser
WIFE = 1
DEMO_CLERK = actor("clerk1", "clerk")


@pytest.fixture(scope="module")
def site(screen_desk: "Desk") -> Iterator[str]:
    """The register on a real port."""
    assert screen_desk.signons
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def home(module_environment: Environment, screen_desk: "Desk") -> tuple[int, list[int]]:
    """A household whose wife is a foreign resident."""
    assert screen_desk.signons
    household_id, people = move_in_family(module_environment, 2)
    with module_environment.database.transaction() as connection:
        before = live_rows(connection, [people[WIFE]])[people[WIFE]][-1].record
        foreign = before.with_(
            name="REYES MARIA SANTOS",
            name_kana="レイエス　マリア　サントス",
            is_foreign=True,
            nationality="PHL",
            nationality_name="フィリピン",
            article_30_45="1",
            residence_card_number="AB12345678CD",
            foreign_resident_since=LegalDate(before.resident_since.on),  # type: ignore[union-attr]
        )
        effect = Effect(people[WIFE], "amend", "mover", before.resident_since.on, foreign)  # type: ignore[union-attr]
        do_register(connection, module_environment, plan(effect, reason=Reason.EX_OFFICIO_AMENDMENT))
    return household_id, people


def picture(page: Page, name: str) -> None:
    """Keep a picture of the screen where `DAICHO_PICTURES` says."""
    folder = os.environ.get("DAICHO_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_a_naturalisation_by_keys_alone(
    browser: Browser,
    site: str,
    screen_desk: "Desk",
    home: tuple[int, list[int]],
    module_environment: Environment,
) -> None:
    household_id, people = home
    with checked_page(browser, site, expected=("404", "409", "422")) as page:
        clerk = signed_on(page, screen_desk, "clerk1")
        clerk.goto(f"/household/{household_id}?person={people[WIFE]}")
        clerk.get_by_role("link", name="異動を始める").press("Enter")
        expect(clerk.locator("#f-reason")).to_be_focused()
        for text in ("41", "12", "1", "髙橋 みさき", "04", "9"):
            key(clerk, text)
        picture(clerk, "reception")
        press(clerk, "Control+Enter")
        expect(clerk.locator("#f-change_date")).to_be_visible()
        number = clerk.url.rstrip("/").rsplit("/", 2)[-2]
        assert "帰化・国籍取得" in clerk.content()
        clerk.locator("#f-change_date").focus()
        for text in ("-1", "1"):
            key(clerk, text)
        press(clerk, "Enter")  # the person is chosen already
        for text in ("髙橋 みさき", "タカハシ ミサキ", "タカハシ ミサキ", "埼玉県熊谷市宮町二丁目47番地"):
            write(clerk, text)
        press(clerk, "F8")
        expect(clerk.locator(f"#after-{people[WIFE]}")).to_be_visible()
        clerk.wait_for_timeout(900)
        picture(clerk, "naturalisation")
        assert axe_violations(clerk) == []
        press(clerk, "Control+Enter")
        expect(clerk.locator(".ba").first).to_be_visible()
        picture(clerk, "naturalisation-check")
        assert axe_violations(clerk) == []
        press(clerk, "Control+Enter")
        expect(clerk.locator(".ba")).to_have_count(0)
        _reviewed(module_environment, number, people[WIFE])
        clerk.goto(f"/household/{household_id}?person={people[WIFE]}")
        picture(clerk, "naturalised")
        assert axe_violations(clerk) == []
        link = clerk.get_by_role("link", name="REYES MARIA SANTOS")
        link.focus()
        press(clerk, "Enter")
        expect(clerk.locator("#h-it")).to_have_text("除票の記載")
        picture(clerk, "removed-record")
        assert axe_violations(clerk) == []
        page_text = clerk.content()
        assert "フィリピン" in page_text
        assert "職権消除（帰化等）" in page_text
        assert "REYES" not in clerk.title()
        assert clerk.goto(f"/person/{people[WIFE]}/records/9").status == 404  # type: ignore[union-attr]


def _reviewed(env: Environment, number: str, wife: int) -> None:
    """Another officer keys the dates again and registers."""
    taken = review.take(env, REVIEWER, number)
    review.rekey(env, REVIEWER, number, {"change_date": "R8.3.31", f"b.{wife}": "S57.7.25"})
    assert review.approve(env, REVIEWER, number, taken.version).status == "registered"


@pytest.mark.parametrize(
    "reason",
    [
        Reason.MOVE_IN_ABROAD,
        Reason.EX_OFFICIO_ENTRY,
        Reason.ENTRY_NATIONALITY_LOSS,
        Reason.EX_OFFICIO_REMOVAL,
        Reason.RENEWAL_ENTRY,
    ],
)
def test_each_entry_page_can_be_read_by_everybody(
    browser: Browser,
    site: str,
    screen_desk: "Desk",
    home: tuple[int, list[int]],
    module_environment: Environment,
    reason: Reason,
) -> None:
    """Opened from the household as from reception, axe-clean with all panels open."""
    household_id, people = home
    case = desk.receive(
        module_environment,
        DEMO_CLERK,
        token=f"page:{reason}",
        reason=reason,
        reception={"notifier": "1"},
        household_id=household_id,
        person_id=people[0],
    )
    with checked_page(browser, site, expected=("409", "422")) as page:
        clerk = signed_on(page, screen_desk, "clerk1")
        clerk.goto(f"/cases/{case.case_number}/entry")
        expect(clerk.locator("#entry")).to_be_visible()
        picture(clerk, f"entry-{reason.value}")
        clerk.evaluate("document.querySelectorAll('details.foreign').forEach(one => { one.open = true })")
        picture(clerk, f"entry-{reason.value}-open")
        assert axe_violations(clerk) == []
