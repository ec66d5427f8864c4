"""The page that counts how often each warning is passed (STD 11.1)."""

from typing import TYPE_CHECKING

import pytest

from daicho.wire.environment import Environment
from tests.desk.build import family_typed
from tests.desk.test_alerts import ODD
from tests.screens.desk_pages import enter, hidden, receive, text

if TYPE_CHECKING:
    from tests.signon.desk import Desk


@pytest.fixture(scope="module")
def passed(module_environment: Environment, screen_desk: "Desk") -> str:
    """A case with two warnings, one passed with a reason of its own."""
    from tests.signon.desk import post

    clerk = screen_desk.sign_on("clerk1")
    number = receive(clerk)
    enter(clerk, number, family_typed() | ODD)
    page = text(clerk.get(f"/cases/{number}/check"))
    fields = [part.split('"')[0] for part in page.split('name="ack.')[1:]]
    assert len(fields) == 2
    form = {"version": hidden(page, "version"), "act": "send", "ack": "", f"ack.{fields[0]}": "02"}
    refused = post(clerk, f"/cases/{number}/send", form)
    assert refused.status_code == 422
    assert 'value="02"' in text(refused)
    assert post(clerk, f"/cases/{number}/send", form | {"ack": "01"}).status_code == 302
    return number


def test_the_reviewer_sees_the_reason_of_each_warning(screen_desk: "Desk", passed: str) -> None:
    page = text(screen_desk.sign_on("reviewer1").get(f"/cases/{passed}/review"))
    assert "入力者の理由: 書類で確かめた" in page
    assert "入力者の理由: 届出人に説明した" in page


def test_rates_by_month(screen_desk: "Desk", passed: str) -> None:
    assert passed
    reviewer = screen_desk.sign_on("reviewer1")
    page = text(reviewer.get("/alerts"))
    assert "令和8年4月" in page
    assert "届出人に説明した 1、書類で確かめた 1" in page
    assert "数が少ない" in page
    assert "この月に出た注意はありません" in text(reviewer.get("/alerts?month=2026-03"))
    for odd in ("2099-01", "x", "2026-13"):
        assert "令和8年4月" in text(reviewer.get(f"/alerts?month={odd}"))


def test_only_those_who_keep_the_rules_see_it(screen_desk: "Desk") -> None:
    clerk = screen_desk.sign_on("clerk1")
    assert clerk.get("/alerts").status_code == 403
    assert "注意の集計" not in text(clerk.get("/"))
    assert "注意の集計" in text(screen_desk.sign_on("admin1").get("/"))
