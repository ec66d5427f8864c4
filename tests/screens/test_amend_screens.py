"""Amendments through the pages: chosen items beside their new values, grounds, and the way from the person's screen."""

import re
from typing import TYPE_CHECKING, Any

import pytest

from daicho.wire.environment import Connection
from tests.screens.desk_pages import approve, enter, hidden, receive, send, text

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk

HEAD_BIRTH = "S55.3.12"


@pytest.fixture(scope="module")
def clerk(screen_desk: "Desk") -> "Client":
    """The clerk who enters."""
    return screen_desk.sign_on("clerk1")


@pytest.fixture(scope="module")
def reviewer(screen_desk: "Desk") -> "Client":
    """The officer who reviews and decides."""
    return screen_desk.sign_on("reviewer1")


def open_case(client: "Client", people: tuple[int, list[int]], reason: str, **fields: str) -> str:
    """A case opened from the first person's screen."""
    return receive(client, reason, household=str(people[0]), person=str(people[1][0]), **fields)


def test_from_the_item_to_the_register(
    clerk: "Client", reviewer: "Client", people: tuple[int, list[int]], module_owner_connection: Connection
) -> None:
    """The link at the item, no notifier, the present value beside the field, the ground on the check page."""
    from tests.signon.desk import post

    sheet = text(clerk.get(f"/household/{people[0]}?purpose=01"))
    link = f"/cases/new?household={people[0]}&amp;person={people[1][0]}&amp;reason=52&amp;notifier=5&amp;items=11"
    assert link in sheet
    page = text(clerk.get(link.replace("&amp;", "&")))
    names = ("token", "household", "person", "items")
    form = {"reason": "52", "notifier": "5"} | {name: hidden(page, name) for name in names}
    answer = post(clerk, "/cases/new", form)
    assert answer.status_code == 302, text(answer)
    case = answer.headers["Location"].split("/")[2]
    entry = text(clerk.get(f"/cases/{case}/entry"))
    assert 'name="i.name"' in entry
    assert 'name="i.birth"' not in entry
    assert "住民票記載事項通知" in entry
    assert "国籍・地域" not in entry
    typed = {"change_date": "-1", "ground": "1", "items": "11", "i.name": "高橋 健一"}
    assert enter(clerk, case, typed).headers["Location"] == f"/cases/{case}/check"
    check = text(clerk.get(f"/cases/{case}/check"))
    assert "根拠 住民票記載事項通知(法9条2項)" in check
    assert f"/cases/{case}/entry#f-i.name" in check
    send(clerk, case)
    keys = {"change_date": "R8.3.31", f"b.{people[1][0]}": HEAD_BIRTH}
    assert approve(reviewer, case, keys).headers["Location"] == f"/cases/{case}/done"
    row = module_owner_connection.execute("SELECT ground FROM register.change WHERE reason LIKE 'ex_off%'").fetchone()
    assert row == {"ground": "1"}


def test_the_page_grows_by_the_items_named_and_keeps_what_is_typed(
    clerk: "Client", people: tuple[int, list[int]]
) -> None:
    """The live answer brings the lines only when other items are wanted."""
    from tests.signon.desk import post

    case = open_case(clerk, people, "52")
    page = text(clerk.get(f"/cases/{case}/entry"))
    assert "直す項目の番号を入れると" in page
    sent = {"version": hidden(page, "version"), "ground": "1", "items": "11 31"}
    live = text(post(clerk, f"/cases/{case}/live", sent))
    assert 'name="i.name"' in live
    assert 'name="i.lot"' in live
    assert "autofocus" in live
    assert "氏名・住所" in live
    again = text(
        post(clerk, f"/cases/{case}/live", sent | {"i.name": "x", "i.town": "", "i.lot": "", "i.building": ""})
    )
    assert 'name="i.name"' not in again
    wrong = enter(clerk, case, {"items": "99 00", "ground": "7", "i.adult_ward": "5"})
    assert wrong.status_code == 422
    assert 'value="99 00"' in text(wrong)
    assert "成年被後見人" in text(wrong)


def test_every_reason_has_its_page(clerk: "Client", people: tuple[int, list[int]]) -> None:
    """Former and common names show their few items at once; numbers are never sent back."""
    former = text(clerk.get(f"/cases/{open_case(clerk, people, '71')}/entry"))
    assert 'name="i.former_family_name_kana_checked"' in former
    assert "請求日" in former
    deletion = text(clerk.get(f"/cases/{open_case(clerk, people, '73')}/entry"))
    assert "今の記載を消します" in deletion
    number = text(clerk.get(f"/cases/{open_case(clerk, people, '61')}/entry"))
    assert 'name="individual_number"' in number
    code = text(clerk.get(f"/cases/{open_case(clerk, people, '64')}/entry"))
    assert "在庫から無作為に付けます" in code


def test_an_error_from_the_list_of_changes(
    clerk: "Client", people: tuple[int, list[int]], module_owner_connection: Connection
) -> None:
    """The change is chosen where it stands, or at the item; the page names it and asks for no ground."""
    from tests.signon.desk import post

    row = module_owner_connection.execute("SELECT change_id FROM register.change WHERE reason = 'move_in'").fetchone()
    assert row is not None
    link = f"/cases/new?household={people[0]}&amp;person={people[1][1]}&amp;reason=53&amp;notifier=5"
    sheet = text(clerk.get(f"/household/{people[0]}?purpose=01&person={people[1][1]}"))
    assert f"{link}&amp;change={row['change_id']}" in sheet
    assert f"{link}&amp;items=11&amp;change={row['change_id']}" in sheet
    page = text(clerk.get(f"{link}&amp;items=11&amp;change={row['change_id']}".replace("&amp;", "&")))
    names = ("token", "household", "person", "items", "change")
    answer = post(clerk, "/cases/new", {"reason": "53", "notifier": "5"} | {name: hidden(page, name) for name in names})
    entry = text(clerk.get(answer.headers["Location"]))
    assert f'<option value="{row["change_id"]}" selected>令和8年3月30日 転入</option>' in entry
    assert 'name="i.name"' in entry
    assert 'name="ground"' not in entry


def test_nobody_at_the_counter_only_for_what_is_done_ex_officio(clerk: "Client") -> None:
    from tests.signon.desk import post

    page = text(clerk.get("/cases/new"))
    form = {"reason": "64", "notifier": "5", "token": hidden(page, "token")}
    answer = post(clerk, "/cases/new", form)
    assert answer.status_code == 422
    assert "届出人の番号が一覧にありません" in text(answer)


def test_the_list_of_people_without_a_code(clerk: "Client", reviewer: "Client") -> None:
    """Everybody here has one; the level of the warning is set by whoever may decide."""
    from tests.signon.desk import post

    page = text(clerk.get("/resident-codes"))
    assert "住民票コードのない住民はいません" in page
    assert "残り少なくなっています" in page
    assert post(clerk, "/resident-codes/warning", {"warn_below": "0"}).status_code == 403
    assert post(reviewer, "/resident-codes/warning", {"warn_below": "abc"}).status_code == 302
    assert post(reviewer, "/resident-codes/warning", {"warn_below": "0"}).status_code == 302
    assert "在庫は足りています" in text(reviewer.get("/resident-codes"))


def test_memos_of_a_person(clerk: "Client", people: tuple[int, list[int]]) -> None:
    """From the household screen: written, edited, deleted; a text that does not fit stays on the page."""
    from tests.signon.desk import post

    person_id = people[1][2]
    address = f"/person/{person_id}/memos"
    assert address in text(clerk.get(f"/household/{people[0]}?purpose=01&person={person_id}"))
    assert "メモはありません" in text(clerk.get(address))
    assert post(clerk, f"{address}/new", {"text": ""}).status_code == 422
    assert post(clerk, f"{address}/new", {"text": "筆談がよい"}).status_code == 302
    page = text(clerk.get(address))
    assert "筆談がよい" in page
    memo = re.search(rf"{address}/(\d+)", page)
    assert memo is not None
    edit = {"version": "1", "text": "手話がよい", "act": "save"}
    assert post(clerk, memo[0], edit).status_code == 302
    assert post(clerk, memo[0], edit).status_code == 409
    assert "筆談がよい" in text(clerk.get(address)), "what stood before is in the history"
    assert post(clerk, memo[0], {"version": "2", "act": "delete"}).status_code == 302
    assert "消しました" in text(clerk.get(address))


def test_a_bulk_change_by_two_officers(clerk: "Client", reviewer: "Client", people: tuple[int, list[int]]) -> None:
    """STD 9.7: the file is handed in by one, registered by another; every line stands in the list."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.signon.desk import post

    page = text(clerk.get("/address-changes"))
    columns = "世帯番号,変更前住所,変更前方書,変更後町字コード,変更後住所,変更後方書"
    data = f"{columns}\n00000000,肥塚三丁目112番地4,,11202046003,肥塚三丁目112番地5,\n".encode()
    form = {"kind": "address", "ground": "5", "change_date": "今日", "token": hidden(page, "token")}
    files: list[Any] = [SimpleUploadedFile("x.csv", b"?"), SimpleUploadedFile("x.csv", data)]
    wrong = post(clerk, "/address-changes", {**form, "file": files[0]})
    assert wrong.status_code == 422
    assert "CSVを読み取れません" in text(wrong)
    answer = post(clerk, "/address-changes", {**form, "file": files[1]})
    assert answer.status_code == 302
    batch = answer.headers["Location"]
    listed = text(clerk.get(batch))
    assert "その番号の世帯・個人は住民として見つかりません" in listed
    assert text(clerk.get(f"{batch}?state=ready")).count("<tr>") < listed.count("<tr>") + 1
    assert post(clerk, f"{batch}/register", {}).status_code == 403
    assert post(reviewer, f"{batch}/register", {}).headers["Location"] == batch
    assert "残っている行はありません" in text(reviewer.get(batch))
    assert people
