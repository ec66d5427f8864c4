"""Refusals for want of a right are on record, and nobody can fill the trail with them (control R-ACQ-20)."""

from typing import Any

import pytest

from daicho.access.actor import Right
from daicho.signon import rules
from tests.signon.desk import Desk, post_json


@pytest.fixture
def seen(desk: Desk) -> int:
    """How many refusals earlier tests left; their minute is over."""
    desk.clock.advance(seconds=61)
    return len(refusals(desk))


def refusals(desk: Desk, seen: int = 0) -> list[dict[str, Any]]:
    """The refusals in the trail, those before left out."""
    with desk.env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT officer, terminal, refused, detail FROM trail.entry WHERE act = 'trail.refusal' ORDER BY entry_id"
        ).fetchall()
    return rows[seen:]


def test_a_page_without_the_right_leaves_an_entry(desk: Desk, seen: int) -> None:
    client = desk.sign_on("clerk1")
    assert client.get("/trail").status_code == 403
    assert refusals(desk, seen) == [
        {
            "officer": "clerk1",
            "terminal": "SHIMIN-03",
            "refused": True,
            "detail": {"code": "A001", "right": Right.TRAIL_READ.value, "route": "trail", "why": "not_in_role"},
        }
    ]


def test_the_api_and_what_is_decided_behind_the_door_leave_theirs(desk: Desk, seen: int) -> None:
    client = desk.sign_on("admin1")
    token = client.cookies["daicho_register_csrf"].value
    assert client.get("/api/v1/cases").status_code in {403, 405}
    clerk = desk.sign_on("clerk1")
    token = clerk.cookies["daicho_register_csrf"].value
    answer = post_json(clerk, "/api/v1/search", {"text": "x", "purpose": "08"}, **{"X-CSRFToken": token})
    assert answer.status_code == 403
    assert [entry["detail"]["right"] for entry in refusals(desk, seen) if entry["officer"] == "clerk1"] == [""]


def test_a_session_fills_nothing_and_says_when_it_stops(desk: Desk, seen: int) -> None:
    client = desk.sign_on("clerk4")
    for _ in range(rules.REFUSALS_RECORDED + 5):
        assert client.get("/trail").status_code == 403
    recorded = refusals(desk, seen)
    assert len(recorded) == rules.REFUSALS_RECORDED
    assert [entry["detail"].get("last", False) for entry in recorded].index(True) == rules.REFUSALS_RECORDED - 1
    desk.clock.advance(seconds=61)
    client.get("/trail")
    assert len(refusals(desk, seen)) == rules.REFUSALS_RECORDED + 1


def test_a_stranger_writes_nothing(desk: Desk, seen: int) -> None:
    client = desk.client()
    for page in ("/trail", "/", "/nowhere", "/api/v1/search"):
        client.get(page)
    assert refusals(desk, seen) == []
