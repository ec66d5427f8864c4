"""S05-S08 through HTTP: search, household, past, comparison, numbers; each look on record, nothing in addresses."""

import re
from typing import TYPE_CHECKING

import pytest

from daicho.wire.environment import Environment
from tests.people import family, move_in_family

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk

pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture(scope="module")
def clerk(screen_desk: "Desk") -> "Client":
    """A clerk who is signed on."""
    return screen_desk.sign_on("clerk1")


@pytest.fixture(scope="module")
def administrator(screen_desk: "Desk") -> "Client":
    """An administrator, who may not look at people."""
    return screen_desk.sign_on("admin1")


def _search(client: "Client", text: str, purpose: str = "04") -> str:
    from tests.signon.desk import post

    answer = post(client, "/search", {"q": text, "purpose": purpose})
    assert answer.status_code == 302
    place = str(answer.headers["Location"])
    assert re.fullmatch(r"/search/\d+", place)
    return str(client.get(place).content.decode())


def test_a_search_shows_people_and_leads_to_their_household(clerk: "Client", people: tuple[int, list[int]]) -> None:
    page = _search(clerk, "タカハシ")
    assert page.count(f"/household/{people[0]}?person=") == 4
    assert "<title>検索の結果 | 台帳</title>" in page
    assert "カナ タカハシ" in page


@pytest.mark.parametrize("text", ["", "あ", "S55 S56"])
def test_a_search_that_says_too_little_is_refused_and_kept(clerk: "Client", text: str) -> None:
    page = _search(clerk, text)
    assert 'role="alert"' in page
    assert f'value="{text}"' in page


def test_nothing_found_says_what_was_tried(clerk: "Client") -> None:
    assert "見つかりませんでした" in _search(clerk, "ヤマダ タロウ")


def test_a_search_of_another_session_is_not_there(screen_desk: "Desk") -> None:
    other = screen_desk.sign_on("clerk2")
    assert other.get("/search/1").status_code == 404


def test_the_household_screen(clerk: "Client", people: tuple[int, list[int]]) -> None:
    household_id, persons = people
    answer = clerk.get(f"/household/{household_id}?person={persons[1]}")
    page = answer.content.decode()
    assert answer.status_code == 200
    for text in ("髙橋 美咲", "タカハシ ミサキ", "昭和57年7月25日", "肥塚三丁目112番地4", "転入届", "4人"):
        assert text in page
    assert answer.headers["Cache-Control"].find("no-store") >= 0
    numbers = family(household_id, persons)[1].numbers
    assert str(numbers.individual_number) not in page
    assert str(numbers.resident_code) not in page
    title = re.search("<title>(.*?)</title>", page)
    assert title is not None
    assert "髙橋" not in title.group(1)


def test_a_person_leads_to_the_household(clerk: "Client", people: tuple[int, list[int]]) -> None:
    answer = clerk.get(f"/person/{people[1][2]}")
    assert answer.headers["Location"] == f"/household/{people[0]}?person={people[1][2]}"


def test_the_past_is_framed_and_worded(clerk: "Client", people: tuple[int, list[int]]) -> None:
    page = clerk.get(f"/household/{people[0]}/past?on=R8.3.31&as=now").content.decode()
    assert "過去の時点。いまの内容ではありません" in page
    assert "令和8年3月31日" in page
    assert "髙橋 結衣" in page


def test_before_the_first_record_there_is_nothing_and_the_dates_can_be_changed(
    clerk: "Client", people: tuple[int, list[int]]
) -> None:
    answer = clerk.get(f"/household/{people[0]}/past?on=R8.3.31&as=then")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "この時点に、この世帯の記録はありません" in page
    assert 'name="on"' in page


def test_an_unreadable_day_says_so_and_keeps_the_page(clerk: "Client", people: tuple[int, list[int]]) -> None:
    page = clerk.get(f"/household/{people[0]}/past?on=H99.99&as=now").content.decode()
    assert 'role="alert"' in page


def test_the_comparison_with_a_day_before_the_move(clerk: "Client", people: tuple[int, list[int]]) -> None:
    page = clerk.get(f"/household/{people[0]}/compare?on=R8.3.1&as=now").content.decode()
    assert page.count("この世帯に入った") == 4


def test_a_number_is_shown_for_a_purpose_and_recorded(
    clerk: "Client", people: tuple[int, list[int]], module_environment: Environment
) -> None:
    from tests.signon.desk import post

    person = people[1][0]
    answer = post(clerk, f"/person/{person}/number/individual_number", {"purpose": "01"})
    assert answer.json() == {"value": family(people[0], people[1])[0].numbers.individual_number}
    assert post(clerk, f"/person/{person}/number/individual_number", {"purpose": ""}).status_code == 404
    assert post(clerk, f"/person/{person}/number/individual_number", {"purpose": "08"}).status_code == 403
    assert post(clerk, f"/person/{person}/number/passport", {"purpose": "01"}).status_code == 404
    with module_environment.database.transaction() as connection:
        shown = connection.execute("SELECT purpose FROM trail.entry WHERE act = 'number.show'").fetchall()
    assert [row["purpose"] for row in shown] == ["01"]


@pytest.mark.parametrize("path", ["/household/{h}", "/household/{h}/past", "/household/{h}/compare", "/person/{p}"])
def test_who_may_not_look_and_who_is_not_there(
    clerk: "Client", administrator: "Client", people: tuple[int, list[int]], path: str
) -> None:
    real = path.format(h=people[0], p=people[1][0])
    assert administrator.get(real).status_code == 403
    assert clerk.get(path.format(h=999_999_999, p=999_999_999)).status_code == 404


def test_every_look_is_on_record(
    clerk: "Client", people: tuple[int, list[int]], module_environment: Environment
) -> None:
    def count() -> int:
        with module_environment.database.transaction() as connection:
            row = connection.execute(
                "SELECT count(*) AS n FROM trail.entry JOIN trail.subject USING (entry_id)"
                " WHERE act IN ('household.open', 'history.open')"
            ).fetchone()
        return int(row["n"]) if row else 0

    before = count()
    clerk.get(f"/household/{people[0]}")
    clerk.get(f"/household/{people[0]}/past?on=R8.4.1&as=now")
    assert count() == before + 8


def test_a_household_typed_into_a_case_is_shown_with_a_trace(
    clerk: "Client", people: tuple[int, list[int]], module_environment: Environment
) -> None:
    """Whoever types a household number into a form sees its members: each of them is on record."""
    from tests.screens.desk_pages import hidden, receive
    from tests.signon.desk import post

    with module_environment.database.transaction() as connection:
        row = connection.execute(
            "SELECT household_number FROM register.household WHERE household_id = %s", (people[0],)
        ).fetchone()
    assert row is not None
    case = receive(clerk, reason="12")
    page = clerk.get(f"/cases/{case}/entry").content.decode()
    assert "髙橋　結衣" not in page
    form = {"version": hidden(page, "version"), "page": hidden(page, "page"), "household": row["household_number"]}
    assert post(clerk, f"/cases/{case}/draft", form).status_code == 200
    assert "髙橋　結衣" in clerk.get(f"/cases/{case}/entry").content.decode()
    with module_environment.database.transaction() as connection:
        seen = connection.execute(
            "SELECT s.person_id FROM trail.entry e JOIN trail.subject s USING (entry_id, at)"
            " JOIN register.case_file c ON c.case_id = e.case_id"
            " WHERE e.act = 'household.open' AND c.case_number = %s ORDER BY s.person_id",
            (case,),
        ).fetchall()
    assert [entry["person_id"] for entry in seen] == people[1]


def test_birth_dates_stand_in_the_years_of_the_law(screen_desk: "Desk", module_environment: Environment) -> None:
    """STD 1.1.9: of a foreign resident western, of a Japanese one in eras, never one beside the other."""
    from tests.desk.test_amendments import foreigner
    from tests.signon.desk import post

    clerk = screen_desk.sign_on("clerk2")
    foreign, _ = foreigner(module_environment)
    japanese, _ = move_in_family(module_environment, 1)
    page = clerk.get(f"/household/{foreign}").content.decode()
    assert "1980年3月12日" in page
    assert "1980.3.12" in page
    assert "昭和55" not in page
    page = clerk.get(f"/household/{japanese}").content.decode()
    assert "昭和55年3月12日" in page
    assert "1980" not in page
    answer = post(clerk, "/search", {"q": "NGUYEN VAN", "purpose": "04"})
    found = clerk.get(answer.headers["Location"]).content.decode()
    assert "1980.3.12" in found
