"""Field-by-field search on the page, and the searches of a user ID in a new session (STD 2.1.1, 2.1.3)."""

from typing import TYPE_CHECKING

from tests.screens.desk_pages import text

if TYPE_CHECKING:
    from tests.signon.desk import Desk


def test_conditions_field_by_field(screen_desk: "Desk", people: tuple[int, list[int]]) -> None:
    from tests.signon.desk import post

    clerk = screen_desk.sign_on("clerk1")
    assert "項目ごとの検索" in text(clerk.get("/search/advanced"))
    found = text(post(clerk, "/search/advanced", {"kana": "シ ミサ", "born_from": "S57.1.1", "purpose": "04"}))
    assert f"person={people[1][1]}" in found
    assert "1件" in found
    for wrong in ({"sex": "1"}, {"born_from": "x"}, {"town": "そんな町はない", "name": "高橋"}):
        assert post(clerk, "/search/advanced", wrong | {"purpose": "04"}).status_code == 422
    assert screen_desk.sign_on("admin1").get("/search/advanced").status_code == 403


def test_searches_are_there_in_a_new_session(screen_desk: "Desk", people: tuple[int, list[int]]) -> None:
    from tests.signon.desk import post

    assert people
    first = screen_desk.sign_on("clerk1")
    assert post(first, "/search", {"q": "タカハシ ケンイチ", "purpose": "04"}).status_code == 302
    again = screen_desk.sign_on("clerk1")
    page = text(again.get("/search"))
    assert "タカハシ ケンイチ" in page
    link = page.split('class="row" href="')[1].split('"')[0]
    assert "タカハシ" in text(again.get(link))
    assert "タカハシ ケンイチ" not in text(screen_desk.sign_on("clerk2").get("/search"))
