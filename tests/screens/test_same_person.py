"""S14 on the pages: candidates explained, one hit is not enough, put aside, and records linked by two officers."""

from typing import TYPE_CHECKING

import pytest

from daicho.wire.environment import Environment
from tests.desk.build import family_typed
from tests.screens.desk_pages import enter, hidden, receive, text

if TYPE_CHECKING:
    from tests.signon.desk import Desk

WANTED = {"p1.name": "髙橋 健一", "p1.name_kana": "タカハシ ケンイチ", "p1.birth": "S55.3.12", "lot": "9"}


@pytest.fixture(scope="module")
def case(screen_desk: "Desk", people: tuple[int, list[int]]) -> str:
    """A case about somebody with the name, birth date and sex of one resident."""
    assert people
    client = screen_desk.sign_on("clerk1")
    number = receive(client)
    enter(client, number, family_typed(1, base=50) | WANTED)
    return number


def test_nishitokyo_2018_one_hit_on_three_items_is_no_identity(
    screen_desk: "Desk", case: str, people: tuple[int, list[int]], module_environment: Environment
) -> None:
    """西東京市 2018-2020: one hit on name, birth date and sex was taken for the person, and one number stood on two.

    The page says that one hit is not enough and what does not agree; nothing goes on before a person decides; the number
    of the one never comes to the other.
    """
    page = text(screen_desk.sign_on("clerk1").get(f"/cases/{case}/compare?row=p1"))
    assert "見つかったのは1人だけです。1人だけでも、同じ人とは限りません" in page
    assert "一致しません" in page.split("個人番号")[1].split("</tr>")[0]
    assert "点" in page
    checked = text(screen_desk.sign_on("clerk1").get(f"/cases/{case}/check"))
    assert "同じ人かもしれない記録があります" in checked
    with module_environment.database.transaction() as connection:
        row = connection.execute("SELECT count(*) AS n FROM register.person_link").fetchone()
    assert row == {"n": 0}
    assert people


def test_what_cannot_be_told_yet_is_put_aside(screen_desk: "Desk", case: str, people: tuple[int, list[int]]) -> None:
    from tests.signon.desk import post

    client = screen_desk.sign_on("clerk1")
    address = f"/cases/{case}/compare"
    page = text(client.get(f"{address}?row=p1"))
    form = {"version": hidden(page, "version"), "row": "p1", "candidate": str(people[1][0])}
    for odd in ({"answer": "maybe", "reason": "21"}, {"answer": "hold", "reason": "01"}):
        assert post(client, address, form | odd).status_code == 422
    assert post(client, address, form | {"answer": "hold", "reason": "21"}).headers["Location"] == "/"
    assert "同じ人か: 前の市区町村に照会中" in text(client.get("/"))
    client.get(f"/cases/{case}/entry")
    again = enter(client, case, {})
    assert again.status_code == 302
    page = text(client.get(f"{address}?row=p1"))
    assert "保留" in page
    form |= {"version": hidden(page, "version"), "answer": "different", "reason": "03"}
    assert post(client, address, form).headers["Location"] == f"/cases/{case}/check"


def test_two_officers_link_two_records(screen_desk: "Desk", people: tuple[int, list[int]]) -> None:
    from tests.signon.desk import post

    clerk, reviewer = screen_desk.sign_on("clerk1"), screen_desk.sign_on("reviewer1")
    a, b = people[1][0], people[1][2]
    page = text(clerk.get(f"/same-person/new?a={a}&b={b}"))
    assert "一致しません" in page
    form = {"a": str(a), "b": str(b), "reason": "31", "note": ""}
    assert post(clerk, "/same-person/new", form).status_code == 409
    assert post(clerk, "/same-person/new", form | {"leading": str(a)}).status_code == 302
    waiting = text(clerk.get("/same-person"))
    assert "自分が申請した件" in waiting
    assert "同一人の結付け" in text(reviewer.get("/"))
    address = "/same-person/" + text(reviewer.get("/same-person")).split('action="/same-person/')[1].split('"')[0]
    assert post(reviewer, address, {"act": "merge"}).status_code == 404
    assert post(reviewer, address, {"act": "link", "reason": "51", "seen": "7"}).status_code == 409
    assert post(reviewer, address, {"act": "link", "reason": "51", "seen": "1"}).status_code == 302
    assert "結付け中" in text(clerk.get("/same-person"))
    assert post(clerk, address, {"act": "ask_undo", "reason": "41", "seen": "2"}).status_code == 302
    assert "取消しの承認待ち" in text(reviewer.get("/same-person"))
    assert post(clerk, "/same-person/new", form | {"leading": str(b)}).status_code == 409


def test_who_may_not_search_sees_no_links(screen_desk: "Desk") -> None:
    admin = screen_desk.sign_on("admin1")
    assert admin.get("/same-person").status_code == 403
    assert "同一人の結付け" not in text(admin.get("/"))
