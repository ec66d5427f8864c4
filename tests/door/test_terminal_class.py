"""What the class of a terminal lets out: papers and files are stopped at the door, on record (R-USE-15, R-USE-19, R-USE-24)."""

from typing import Any

import pytest
from django.test import Client

from daicho.signon.models import Terminal
from tests.door.test_door import with_trial_pages
from tests.door.test_refusals import refusals
from tests.signon.desk import Desk


def sign_on_at(desk: Desk, officer: str, terminal: str) -> Client:
    """A browser in which the officer signed on at this terminal."""
    return desk.sign_on(officer, terminal=terminal)


def kind(answer: Any) -> str:
    """The type of an answer."""
    return str(answer["Content-Type"]).partition(";")[0]


@pytest.mark.parametrize(
    ("officer", "page", "right"),
    [
        ("reviewer1", "/arrival-notices/file", "case.decide"),
        ("admin1", "/trail/officer/csv?officer=clerk1", "trail.read"),
        ("admin1", "/trail/abnormal/csv", "trail.read"),
    ],
)
def test_a_file_leaves_a_terminal_that_may_and_no_other(desk: Desk, officer: str, page: str, right: str) -> None:
    assert sign_on_at(desk, officer, "JOHO-01").get(page).status_code == 200
    desk.clock.advance(seconds=61)
    seen = len(refusals(desk))
    refused = sign_on_at(desk, officer, "SHIMIN-22").get(page)
    assert (refused.status_code, kind(refused)) == (403, "text/html")
    assert "この端末(画面専用端末)からはファイルに書出しできません。" in refused.content.decode()
    assert "窓口端末の職員に依頼してください。" in refused.content.decode()
    [entry] = refusals(desk, seen)
    assert (entry["officer"], entry["terminal"], entry["detail"]["code"]) == (officer, "SHIMIN-22", "A005")
    assert (entry["detail"]["right"], entry["detail"]["why"]) == (right, "terminal_no_output")
    assert entry["detail"]["terminal_class"] == "screen"


def test_the_list_of_sign_ons_is_shown_and_not_written(desk: Desk) -> None:
    client = sign_on_at(desk, "admin1", "SHIMIN-22")
    assert client.get("/trail/sign-ons").status_code == 200
    assert client.get("/trail/sign-ons?form=csv").status_code == 403


@pytest.mark.parametrize(("terminal", "printed"), [("SHIMIN-21", True), ("SHIMIN-22", False)])
def test_papers_leave_where_printing_is_allowed(desk: Desk, terminal: str, printed: bool) -> None:
    """Past the door the paper of nobody is not there: 404 where printing is allowed, 403 with the class where not."""
    client = sign_on_at(desk, "clerk1", terminal)
    answer = client.get("/household/1/certificate")
    assert ("からは印刷できません" in answer.content.decode()) is not printed
    assert answer.status_code == (404 if printed else 403)
    api = client.get("/api/v1/certificates/files/1")
    assert api.json()["code"] == ("A002" if printed else "A005")


def test_the_class_counts_from_the_next_request(desk: Desk) -> None:
    client = sign_on_at(desk, "reviewer1", "SHIMIN-11")
    assert client.get("/arrival-notices/file").status_code == 200
    Terminal.objects.filter(pk="SHIMIN-11").update(terminal_class="")
    try:
        assert client.get("/arrival-notices/file").status_code == 403
        assert client.get("/").status_code == 403
    finally:
        Terminal.objects.filter(pk="SHIMIN-11").update(terminal_class="counter")


def test_temporary_staff_at_their_terminal_and_nowhere_else(desk: Desk) -> None:
    client = sign_on_at(desk, "assistant1", "SHIMIN-21")
    assert client.get("/").status_code == 200
    assert client.get("/arrival-notices/file").status_code == 403
    assert sign_on_at(desk, "assistant1", "SHIMIN-03").get("/").status_code == 403


@with_trial_pages
@pytest.mark.parametrize("page", ["/leaking/csv", "/leaking/pdf", "/leaking/file"])
def test_a_file_whose_author_named_no_output_is_sent_to_nobody(desk: Desk, page: str) -> None:
    answer = desk.sign_on("admin1").get(page)
    assert (answer.status_code, kind(answer)) == (403, "text/html")
    assert b"secret" not in answer.content
