"""S27: lists on any day, drafts, approval by another officer."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from daicho.law import tables
from tests.screens.desk_pages import text

if TYPE_CHECKING:
    from tests.signon.desk import Desk

NEW = {"kind": "add", "code": "11202999000", "name": "新町", "postcode": "3600999", "kana": "アタラシマチ", "part": "",
       "valid_from": "R8.5.1", "valid_to": "", "source": "告示", "reason": "告示第1号"}  # fmt: skip


@pytest.fixture(autouse=True)
def files_again() -> Iterator[None]:
    """What a test gives to law is taken back."""
    yield
    tables.give({})


def test_a_town_from_draft_to_live(screen_desk: "Desk") -> None:
    from tests.signon.desk import post

    clerk, reviewer = screen_desk.sign_on("clerk1"), screen_desk.sign_on("reviewer1")
    for wrong, field in (
        ({"postcode": "x"}, "m-postcode"),
        ({"valid_from": "x"}, "m-valid_from"),
        ({"valid_from": ""}, "m-valid_from"),
        ({"kind": "x"}, "kind"),
    ):
        answer = post(clerk, "/masters/town", NEW | wrong)
        assert answer.status_code == 422
        assert 'value="新町"' in text(answer)
        assert f'id="{field}"' in text(answer)
    assert post(clerk, "/masters/town", NEW).status_code == 302
    page = text(clerk.get("/masters/town"))
    assert "自分の申請は承認できません" in page
    address = "/masters/changes/" + page.split('action="/masters/changes/')[1].split('"')[0]
    assert post(reviewer, address, {"act": "approve", "list": "town"}).status_code == 302
    assert post(reviewer, address, {"act": "approve", "list": "town"}).status_code == 409
    assert "予定" in text(clerk.get("/masters/town?q=11202999"))
    later = text(clerk.get("/masters/town?q=アタラシ&on=R8.5.1"))
    assert "見通し" in later
    assert "有効" in later
    assert "L201" not in text(clerk.get("/masters/town?on=x"))
    assert clerk.get("/masters/town?on=x").status_code == 422
    chosen = text(clerk.get("/masters/town?kind=replace&code=11202002001&q=赤城町"))
    assert 'value="3600826"' in chosen
    assert clerk.get("/masters/nothing").status_code == 404


def test_a_draft_is_dropped(screen_desk: "Desk") -> None:
    from tests.signon.desk import post

    clerk = screen_desk.sign_on("clerk2")
    assert (
        post(
            clerk,
            "/masters/place",
            {"kind": "add", "code": "07", "name": "臨時", "valid_from": "今日", "reason": "選挙"},
        ).status_code
        == 302
    )
    page = text(clerk.get("/masters/place"))
    address = "/masters/changes/" + page.split('action="/masters/changes/')[1].split('"')[0]
    assert post(clerk, address, {"act": "drop", "list": "place"}).status_code == 302
    assert "マスタの管理" in text(clerk.get("/"))


def test_the_shape_of_a_character_is_chosen_in_the_field(screen_desk: "Desk") -> None:
    """STD 2.1.3, 2.2.3: = behind a character of a name gives its shapes, enlarged, with MJ number and code points."""
    from tests.signon.desk import post

    clerk = screen_desk.sign_on("clerk2")
    found = text(post(clerk, "/cases/suggest", {"field": "p1.name", "q": "渡辺= 大輔"}))
    assert 'data-value="渡邉\U000e0110 大輔"' in found
    assert "MJ060248" in found
    assert "U+9089 U+E0110" in found
    assert 'data-value="髙"' in text(post(clerk, "/cases/suggest", {"field": "i.name", "q": "U+9AD9="}))
    for nothing in ("=", "渡辺", "渡 ="):
        assert "option" not in text(post(clerk, "/cases/suggest", {"field": "p1.name", "q": nothing}))


def test_suggestions_for_addresses(screen_desk: "Desk") -> None:
    """Municipalities by prefecture or reading; lots and buildings of the town typed."""
    from tests.signon.desk import post

    clerk = screen_desk.sign_on("clerk2")
    found = text(post(clerk, "/cases/suggest", {"field": "previous_address", "q": "埼玉県さ"}))
    assert "埼玉県さいたま市" in found
    assert "熊谷市" in text(post(clerk, "/cases/suggest", {"field": "destination", "q": "クマガヤ"}))
    assert "option" not in text(post(clerk, "/cases/suggest", {"field": "lot", "q": "1", "f-town": "赤城町1丁目"}))
    assert "option" not in text(post(clerk, "/cases/suggest", {"field": "lot", "q": "1", "f-town": ""}))
