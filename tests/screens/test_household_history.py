"""S05-S08 through HTTP on a register with a history: marks, points in time, twins, ranges, glyphs, nothing leaked."""

import re
from typing import TYPE_CHECKING

import pytest

from daicho.wire.environment import Connection, Environment
from tests.house_database import SettableClock
from tests.screens.histories import History, make_history

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk


@pytest.fixture(scope="module")
def history(
    module_environment: Environment,
    module_clock: SettableClock,
    module_owner_connection: Connection,
    screen_desk: "Desk",
) -> History:
    """A family with a history, three people of one name, a foreign resident."""
    assert screen_desk.signons
    return make_history(module_environment, module_clock, module_owner_connection)


@pytest.fixture(scope="module")
def clerk(screen_desk: "Desk", history: History) -> "Client":
    """A clerk who is signed on after all that."""
    return screen_desk.sign_on("clerk1")


def _search(client: "Client", text: str, **choices: str) -> tuple[str, str]:
    """The address and the page of a result."""
    from tests.signon.desk import post

    place = str(post(client, "/search", {"q": text, "purpose": "04"} | choices).headers["Location"])
    return place, str(client.get(place).content.decode())


def _page(client: "Client", history: History, rest: str = "") -> str:
    return str(client.get(f"/household/{history.household_id}{rest}").content.decode())


def _rows(page: str, heading: str) -> list[str]:
    """The rows of the table of a panel, without markup."""
    panel = page[page.index(f'aria-labelledby="{heading}"') :]
    body = panel[panel.index("<tbody>") : panel.index("</table>")]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall("<tr.*?</tr>", body, re.DOTALL)]


def test_three_people_of_one_name_are_set_apart(clerk: "Client", history: History) -> None:
    _, page = _search(clerk, "ワタナベ ケンイチ S45")
    assert "氏名・生年月日・性別が同じ 3人" in page
    assert "<mark>邉\U000e010f</mark>" in page
    assert "3件" in page
    pair = page[page.index('id="d-h"') :]
    for text in (
        "MJ026190",
        "MJ025758",
        "肥塚四丁目",
        "別府二丁目",
        "3とくらべる",
        "3つが同じでも、同じ人とは限りません",
    ):
        assert text in pair
    assert re.search(r"個人番号</th><td colspan=\"2\">不明", pair)


def test_the_third_takes_the_place_of_the_second(clerk: "Client", history: History) -> None:
    place, page = _search(clerk, "ワタナベ ケンイチ S45")
    url = re.search(r'hx-get="(/search/\d+/pair\?have=[^"]+)"', page)
    assert url is not None
    panel = clerk.get(url[1].replace("&amp;", "&")).content.decode()
    assert "1 と 3" in " ".join(re.sub(r"<[^>]+>", "", panel).split())
    assert "2とくらべる" in panel
    first, second, third = history.twins
    panel = clerk.get(f"{place}/pair?have={first}:1&have={second}:2&add={third}:3").content.decode()
    assert re.findall(r'name="have" value="(\d+):', panel) == [str(second), str(third)]


def test_one_person_alone_waits_for_another(clerk: "Client", history: History) -> None:
    place, _ = _search(clerk, "ワタナベ ケンイチ S45")
    panel = clerk.get(f"{place}/pair?add={history.twins[0]}:1").content.decode()
    assert "もう1人の行でSpaceを押す" in panel
    assert clerk.get(f"{place}/pair?have={history.twins[0]}:1&add=999999999:2").status_code == 404
    assert clerk.get(f"{place}/pair?add=none").status_code == 200


def test_the_range_and_a_sex_narrow_and_are_kept(clerk: "Client", history: History) -> None:
    _, page = _search(clerk, "ワタナベ ケンイチ S45", range="current")
    assert "2件" in page
    assert '<option value="current" selected>' in page
    assert "タカハシ" in _search(clerk, "タカハシ 女")[1]
    assert "性別 女" in _search(clerk, "タカハシ 女")[1]
    assert "現存だけ" in clerk.get("/search").content.decode()


def test_a_foreign_resident_is_shown_with_the_common_name(clerk: "Client", history: History) -> None:
    _, page = _search(clerk, "ヤマモト アキラ")
    assert "WANG XIAOMING" in page
    assert re.search(r'通称</span> <span class="reg">山本 明', page)


def test_the_kinds_of_what_was_typed_stand_in_the_trail_and_no_value(
    clerk: "Client", history: History, module_environment: Environment
) -> None:
    _search(clerk, "ワタナベ ケンイチ S45")
    with module_environment.database.transaction() as connection:
        rows = connection.execute("SELECT detail::text AS t FROM trail.entry WHERE act = 'person.search'").fetchall()
    assert all("ワタナベ" not in row["t"] for row in rows)
    assert any("カナ,生年" in row["t"] for row in rows)


def test_items_stand_in_the_order_of_a_certificate_with_short_sources(clerk: "Client", history: History) -> None:
    page = _page(clerk, history, f"?person={history.people[0]}")
    labels = re.findall(r"data-row-link[^>]*>([^<]+)</button>", page)
    assert labels[:12] == ["氏名", "フリガナ", "旧氏", "生年月日", "性別", "続柄", "住民となった日", "住所を定めた日",
                           "住所", "前住所", "本籍", "筆頭者"]  # fmt: skip
    assert labels[-2:] == ["個人番号", "住民票コード"]
    assert "転居届 令8.5.11" in page
    assert "旧氏の記載の請求はありません。" in page
    assert "国内転入（届出）" in page


def test_a_name_can_be_enlarged_with_its_numbers(clerk: "Client", history: History) -> None:
    page = clerk.get(f"/person/{history.twins[0]}", follow=True).content.decode()
    assert "氏名の字形を拡大" in page
    assert "MJ026190" in page
    assert "U+9089 U+E010F" in page


def test_a_foreign_residents_items(clerk: "Client", history: History) -> None:
    page = clerk.get(f"/person/{history.foreigner}", follow=True).content.decode()
    for text in ("外国人住民となった日", "中国", "2027年3月1日", "山本 明"):
        assert text in page
    assert "本籍" not in re.findall(r"data-row-link[^>]*>([^<]+)</button>", page)


def test_the_history_names_officers_and_marks_corrections(clerk: "Client", history: History) -> None:
    rows = _rows(_page(clerk, history), "h-tl")
    assert len(rows) == 3
    assert "誤記修正" in rows[0]
    assert "続柄" in rows[0]
    assert "訂正" in rows[0]
    assert "石原二丁目15番地" in rows[1]
    assert "後に訂正" in rows[1]
    assert "clerk1" not in " ".join(rows)
    assert re.search(r"\S+／\S+ 取消し", rows[2])


def test_only_this_persons_changes_and_the_order_of_recording(clerk: "Client", history: History) -> None:
    assert len(_rows(_page(clerk, history, f"?person={history.people[0]}&only=1"), "h-tl")) == 2
    assert len(_rows(_page(clerk, history, f"?person={history.people[1]}&only=1&order=recorded"), "h-tl")) == 3


def test_the_past_as_known_then_marks_what_came_later(clerk: "Client", history: History) -> None:
    page = _page(clerk, history, f"/past?person={history.people[1]}&on=R8.4.25&known=R8.5.20+17%3A15")
    assert 'value="R8.4.25"' in page
    assert 'value="R8.5.20 17:15"' in page
    assert "令和8年5月20日 17:15" in page
    members, changes = _rows(page, "h-mem"), _rows(page, "h-tl")
    assert "後に訂正" in members[1]
    assert "妻" in members[1]
    assert "登録が後" in changes[0]
    assert "後に訂正" in changes[1]
    assert "この時点の後に 登録1件" in page


def test_the_past_as_known_now_is_another_past(clerk: "Client", history: History) -> None:
    then = _page(clerk, history, "/past?on=R8.4.25&as=then")
    now = _page(clerk, history, "/past?on=R8.4.25&as=now")
    assert "肥塚三丁目112番地4" in _rows(then, "h-it")[8]
    assert "石原二丁目15番地" in _rows(now, "h-it")[8]
    assert "いま</b>の登録" in now
    before = _page(clerk, history, "/past?on=R8.4.10&as=now")
    assert "異動が後" in _rows(before, "h-tl")[0]
    assert "R8.3.30" in re.sub(r"%2F", "/", before)


def test_the_registration_side_follows_the_day_until_it_is_typed(clerk: "Client", history: History) -> None:
    page = _page(clerk, history, "/past?on=R8.4.25&as=&mode=then&known=R8.6.1+23:59&was=R8.6.1+23:59")
    assert 'value="R8.4.25 23:59"' in page
    page = _page(clerk, history, "/past?on=R8.4.25&as=&mode=now&known=&was=")
    assert "いま</b>の登録" in page
    page = _page(clerk, history, "/past?on=R8.4.25&as=&mode=now&known=R8.6.1&was=")
    assert 'value="R8.6.1 23:59"' in page


@pytest.mark.parametrize("known", ["R8.6.1+25:00", "R8.6.1+9:75", "いつか", "R8.6.1+9:00+9:00"])
def test_an_unreadable_instant_says_so(clerk: "Client", history: History, known: str) -> None:
    page = _page(clerk, history, f"/past?on=R8.4.25&known={known}")
    assert 'role="alert"' in page
    assert 'value="R8.4.25 23:59"' in page


def test_where_nothing_stood_the_person_and_the_way_to_a_record_are_shown(clerk: "Client", history: History) -> None:
    page = _page(clerk, history, f"/past?person={history.people[2]}&on=R7.4.1&as=now")
    assert "この時点に、この世帯の記録はありません" in page
    assert "髙橋 蓮" in page
    assert "次の異動" in page
    assert "on=R8.3.30" in page
    assert "当時" not in page[page.index('aria-label="表示中の人"') : page.index("</section>")]
    assert all("異動が後" in row for row in _rows(page, "h-tl"))


def test_two_days_are_compared(clerk: "Client", history: History) -> None:
    page = _page(clerk, history, "/compare?on=R8.4.10&as=now&to=R8.4.25")
    assert "令和8年4月25日（いまの登録）" in page
    assert "石原二丁目15番地" in page
    page = _page(clerk, history, "/compare?on=R8.4.10&as=now&to=H99")
    assert 'role="alert"' in page


def test_no_name_stands_in_a_title_or_an_address(clerk: "Client", history: History) -> None:
    for rest in ("", "/past?on=R8.4.25", "/past?on=R7.4.1", "/compare?on=R8.4.10"):
        page = _page(clerk, history, rest)
        title = re.search("<title>(.*?)</title>", page)
        assert title is not None
        links = re.findall(r'(?:href|action|hx-get)="([^"]*)"', page)
        for text in (title[1], *links):
            assert not re.search("[髙橋健一渡邉タカハシ]", text)


def test_who_left_is_named_without_where_to(
    screen_desk: "Desk", history: History, module_environment: Environment
) -> None:
    """A person who went to another household of the city: the old household shows that, not the new address."""
    from datetime import date

    from daicho.law.reasons import Reason
    from daicho.register.changes.plan import Effect
    from daicho.register.store.read import live_rows
    from tests.people import do_register, plan

    person = history.people[3]
    with module_environment.database.transaction() as connection:
        [elsewhere] = module_environment.ids.take(connection, 1)
        now = live_rows(connection, [person])[person][-1].record
        moved = now.with_(household_id=elsewhere, relationship="02", household_order=1, address="新島999番地")
        effect = Effect(person, "amend", "mover", date(2026, 6, 20), moved)
        do_register(connection, module_environment, plan(effect, reason=Reason.HOUSEHOLD_SPLIT))
    page = _page(screen_desk.sign_on("clerk2"), history)
    rows = _rows(page, "h-tl")
    assert "この世帯から出た" in rows[0]
    assert "結衣" in rows[0]
    assert "新島999番地" not in page


def test_changes_are_looked_up_by_their_own_items(clerk: "Client", history: History) -> None:
    """STD 2.2.1: by reason, days, basis, place, terminal and officer; an unreadable day is told and narrows nothing."""
    address = f"/person/{history.people[0]}/changes"
    whole = str(clerk.get(address).content.decode())
    everything = _rows(whole, "h-f")
    assert len(everything) == 2
    assert "条件で照会" in _page(clerk, history)
    [moved] = _rows(str(clerk.get(f"{address}?reason=12").content.decode()), "h-f")
    assert "転居" in moved
    for query, lines in (("changed_from=DAY&changed_to=DAY", 1), ("changed_to=R1.5.1", 0), ("changed_from=R8.1.1", 2)):
        page = str(clerk.get(f"{address}?{query}".replace("DAY", "R8.4.20")).content.decode())
        assert (len(_rows(page, "h-f")) if lines else page.count("この条件の異動はありません")) == (lines or 1)
    for nothing in (
        "basis=request",
        "office=どこか",
        "terminal=X",
        "officer=nobody",
        "recorded_to=R1.5.1",
        "notified_from=R9.1.1",
    ):
        assert "この条件の異動はありません" in str(clerk.get(f"{address}?{nothing}").content.decode())
    wrong = clerk.get(f"{address}?changed_from=いつか")
    assert wrong.status_code == 422
    assert len(_rows(str(wrong.content.decode()), "h-f")) == len(everything)


def test_the_history_of_former_and_common_names(
    clerk: "Client", module_environment: Environment, history: History
) -> None:
    """STD 2.2.1: what was recorded, changed and deleted, with its day and reason, newest first."""
    from daicho.law.reasons import Reason
    from daicho.register.changes.plan import Effect
    from daicho.register.store.read import live_rows
    from tests.people import do_register, move_in_family, plan

    _, [person] = move_in_family(module_environment, 1)
    assert "旧氏・通称の記録はありません" in str(clerk.get(f"/person/{person}/changes").content.decode())
    for reason, name, kana in (
        (Reason.FORMER_NAME_ENTRY, "佐伯", "サエキ"),
        (Reason.FORMER_NAME_CHANGE, "早乙女", "サオトメ"),
        (Reason.FORMER_NAME_DELETION, None, None),
    ):
        with module_environment.database.transaction() as connection:
            known = live_rows(connection, [person])[person][-1]
            after = known.record.with_(former_family_name=name, former_family_name_kana=kana)
            do_register(
                connection,
                module_environment,
                plan(Effect(person, "amend", "mover", known.valid_from, after), reason=reason),
            )
    deleted, changed, entered = _rows(str(clerk.get(f"/person/{person}/changes").content.decode()), "h-n")
    assert "旧氏の削除" in deleted
    assert "早乙女 —" in deleted
    assert "佐伯 早乙女 サオトメ" in changed
    assert "— 佐伯 サエキ" in entered
