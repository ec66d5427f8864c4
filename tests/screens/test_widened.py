"""Decisions of a list by office, and handing over, through the pages (STD 4.0.8)."""

from typing import TYPE_CHECKING

from tests.desk.build import rekeys
from tests.screens.desk_pages import approve, hidden, receive, sent_family, text

if TYPE_CHECKING:
    from tests.signon.desk import Desk


def test_decisions_of_a_list(screen_desk: "Desk") -> None:
    from tests.signon.desk import post

    clerk, reviewer = screen_desk.sign_on("clerk1"), screen_desk.sign_on("reviewer1")
    number = sent_family(clerk)
    assert approve(reviewer, number, rekeys(0), act="pass").status_code in (200, 302)
    other = screen_desk.sign_on("reviewer2")
    page = text(other.get("/decisions?office=市民課"))
    assert number in page
    assert clerk.get("/decisions").status_code == 403
    code = page.split('name="case" value="')[1].split('"')[0]
    assert post(other, "/decisions", {"office": "市民課"}).status_code == 422
    bad = text(post(other, "/decisions", {"office": "市民課", "case": f"{number}:1"}))
    assert "登録しなかった件が1件あります" in bad
    assert "K003" in bad
    assert "1件を登録しました" in text(post(other, "/decisions", {"office": "市民課", "case": code}))
    assert "一覧での決裁" in text(reviewer.get("/"))


def test_handing_over(screen_desk: "Desk") -> None:
    from tests.signon.desk import post

    clerk = screen_desk.sign_on("clerk1")
    number = receive(clerk)
    clerk.get(f"/cases/{number}/entry")
    address = f"/cases/{number}/hand-over"
    page = text(clerk.get(address))
    form = {"version": hidden(page, "version"), "station": "check", "note": "在留カードは後日"}
    assert post(clerk, address, form | {"station": "x"}).status_code == 422
    assert post(clerk, address, form).headers["Location"] == "/"
    other = screen_desk.sign_on("clerk2")
    home = text(other.get("/?queue=open"))
    assert "在留カードは後日" in home
    assert "確認へ" in home
    assert post(clerk, address, form).status_code == 409
    assert other.get(f"/cases/{number}/entry").status_code == 200
