"""Ledgers through the pages: an inquiry from its slip to its answer, reminders, corrections beside, a file, who may what."""

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import psycopg
import pypdfium2
import pytest

from daicho.wire.environment import Connection, Environment
from tests.screens.desk_pages import text

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import CommonsDesk

INQUIRY = {
    "act": "enter",
    "on_day": "R8.4.1",
    "grave": "通常",
    "channel": "電話",
    "person": "熊谷　太郎",
    "matter": "=証明書の手数料について",
    "officer": "clerk1",
}


def enter(client: "Client", kind: str, form: dict[str, str]) -> str:
    """Write an entry; returns its page."""
    from tests.signon.desk import post

    answer = post(client, f"/ledgers/{kind}", {"act": "enter", **form})
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"])


def act(client: "Client", page: str, **form: str) -> Any:
    from tests.signon.desk import post

    return post(client, f"{page}/act", form)


def paper_text(pdf: bytes) -> str:
    """The text of a paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def reminded(client: "Client") -> list[tuple[str, str]]:
    """Ledger and what about, in the order of the page."""
    part = text(client.get("/ledgers")).split('aria-label="期限の一覧"')[-1].split("</table>")[0]
    return [
        (unescape(kind), unescape(about))
        for kind, about in re.findall(r'<th scope="row"><a class="row"[^>]*>(.*?)</a></th><td>(.*?)</td>', part)
    ]


def test_an_inquiry_from_its_number_to_its_answer(desk: "CommonsDesk", module_environment: Environment) -> None:
    from tests.signon.desk import post

    clerk = desk.sign_on("clerk1")
    missing = post(clerk, "/ledgers/inquiry", INQUIRY | {"matter": ""})
    assert (missing.status_code, "内容を確かめてください" in text(missing)) == (422, True)
    assert "熊谷　太郎" in text(missing), "what was typed stays"
    page = enter(clerk, "inquiry", INQUIRY)
    shown = text(clerk.get(page))
    assert "R8-0001" in shown
    assert "熊谷　太郎" in shown
    assert "令和8年4月15日" in shown, "14 days"
    assert "熊谷" not in text(clerk.get("/ledgers/inquiry")), "private fields stand on the page of the entry alone"
    slip = clerk.get(f"{page}/slip")
    assert slip.headers["Content-Type"] == "application/pdf"
    on_paper = paper_text(slip.content).replace(" ", "")
    assert all(word in on_paper for word in ("受付票", "R8-0001", "令和8年4月15日", "小林")), on_paper
    assert "熊谷　太郎" not in on_paper
    assert ("問合せ", "R8-0001") in reminded(clerk)
    assert clerk.get("/").headers["Location"] == "/ledgers"
    assert '<a href="/ledgers">期限 <b>' in text(clerk.get("/settings"))
    grave = enter(clerk, "inquiry", INQUIRY | {"grave": "重大(漏えいなど)"})
    assert "R8-0002" in text(clerk.get(grave))
    assert reminded(clerk).index(("問合せ", "R8-0002")) < reminded(clerk).index(("問合せ", "R8-0001"))
    desk.clock.advance(days=2)
    clerk = desk.sign_on("clerk1")
    assert "期限超過" in text(clerk.get("/ledgers"))
    assert '<a href="/ledgers" class="late">期限 <b>' in text(clerk.get("/settings"))
    assert act(clerk, page, act="note", reason="折り返し電話した").status_code == 302
    assert act(clerk, page, act="close", reason="").status_code == 422
    assert act(clerk, page, act="close", reason="回答した").status_code == 302
    assert act(clerk, page, act="close", reason="もう一度").status_code == 409
    assert act(clerk, page, act="burn").status_code == 404
    assert ("問合せ", "R8-0001") not in reminded(clerk)
    with module_environment.database.transaction() as connection:
        kept = connection.execute("SELECT content, sealed FROM ledger.entry").fetchall()
        acts = connection.execute("SELECT act, detail FROM trail.entry WHERE act LIKE 'ledger.%'").fetchall()
    assert "熊谷" not in str(kept), "encrypted at rest"
    assert "熊谷" not in str(acts)
    assert {row["act"] for row in acts} == {"ledger.enter", "ledger.add", "ledger.open", "ledger.print"}


def test_a_correction_stands_beside_the_entry(desk: "CommonsDesk", module_owner_connection: Connection) -> None:
    clerk = desk.sign_on("clerk1")
    form = {"on_day": "t", "terminal": "T-7", "reason": "出張窓口", "permitted": "admin1", "back": "R8.4.10"}
    page = enter(clerk, "terminal-out", form)
    assert act(clerk, page, act="correct", reason="書き誤り", **{"f.terminal": "T-7"}).status_code == 422
    assert act(clerk, page, act="correct", reason="", **{"f.terminal": "T-8"}).status_code == 422
    assert act(clerk, page, act="correct", reason="書き誤り", **{"f.terminal": "T-8"}).status_code == 302
    shown = text(clerk.get(page))
    assert "T-8" in shown
    assert "<s>T-7</s>" in shown
    assert "書き誤り" in shown
    for statement in ("UPDATE ledger.entry SET kind = 'x'", "DELETE FROM ledger.addition", "TRUNCATE ledger.addition"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            module_owner_connection.execute(statement.encode())


def test_a_disclosure_is_extended_once_and_only_so_far(desk: "CommonsDesk") -> None:
    clerk = desk.sign_on("clerk1")
    form = {"on_day": "R8.4.1", "form": "開示", "person": "秩父　花子", "verified": "運転免許証", "matter": "交付履歴"}
    page = enter(clerk, "disclosure", form)
    assert "令和8年5月1日" in text(clerk.get(page))
    assert act(clerk, page, act="extend", days="31", reason="事務処理上の困難").status_code == 409
    assert act(clerk, page, act="extend", days="30", reason="事務処理上の困難").status_code == 302
    assert "令和8年5月31日" in text(clerk.get(page))
    assert act(clerk, page, act="extend", days="1", reason="さらに").status_code == 409
    assert act(clerk, page, act="close", reason="開示した").status_code == 302
    assert act(clerk, page, act="extend", days="1", reason="さらに").status_code == 409
    reader = desk.sign_on("assistant1")
    assert reader.get("/ledgers").status_code == 403


def test_each_officer_is_reminded_of_the_own_training_and_the_responsible_of_all(desk: "CommonsDesk") -> None:
    desk.clock.set(desk.clock.now().replace(month=3, day=10))
    clerk, admin = desk.sign_on("clerk1"), desk.sign_on("admin1")
    assert [about for kind, about in reminded(clerk) if kind == "情報セキュリティ研修"] == ["小林 由美"]
    before = [about for kind, about in reminded(admin) if kind == "情報セキュリティ研修"]
    assert len(before) > 10
    training = {"on_day": "R8.3.9", "officer": "clerk1", "title": "情報セキュリティ 令和7年度", "form": "動画"}
    enter(clerk, "training", training)
    assert not [about for kind, about in reminded(clerk) if kind == "情報セキュリティ研修"]
    assert len([about for kind, about in reminded(admin) if kind == "情報セキュリティ研修"]) == len(before) - 1
    assert ("アクセス権の見直し", "次の実施") in reminded(admin)
    enter(admin, "rights-review", {"on_day": "t", "scope": "全所属", "changes": "3", "officer": "admin1"})
    assert ("アクセス権の見直し", "次の実施") not in reminded(admin)


def test_who_may_write_what(desk: "CommonsDesk") -> None:
    from tests.signon.desk import post

    clerk, admin = desk.sign_on("clerk1"), desk.sign_on("admin1")
    medium = {
        "on_day": "t",
        "number": "M-12",
        "form": "USBメモリ",
        "encrypted": "はい",
        "place": "金庫",
        "keeper": "admin1",
    }
    assert post(clerk, "/ledgers/medium", medium | {"act": "enter"}).status_code == 403
    assert "記入する" not in text(clerk.get("/ledgers/medium"))
    page = enter(admin, "medium", medium)
    assert act(clerk, page, act="note", reason="x").status_code == 403
    assert admin.get(f"{page}/slip").status_code == 404, "no slip for a medium"
    pledge = {"on_day": "t", "organisation": "架空システム", "person": "行田　次郎", "work": "保守", "until": "R9.3.31"}
    page = enter(admin, "pledge", pledge)
    assert "行田" not in text(clerk.get(page))
    assert "この管理簿の担当だけが見られます" in text(clerk.get(page))
    assert "行田" in text(admin.get(page))
    assert clerk.get("/ledgers/nothing").status_code == 404
    assert clerk.get("/ledgers/entries/1").status_code == 404


def test_a_ledger_as_a_file_holds_nothing_private_and_no_formula(desk: "CommonsDesk") -> None:
    from tests.signon.desk import post

    clerk = desk.sign_on("clerk1")
    enter(clerk, "inquiry", INQUIRY | {"matter": "=HYPERLINK(1)", "channel": "窓口"})
    file = post(clerk, "/ledgers/inquiry/file", {"q": "hyperlink"})
    lines = file.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "'=HYPERLINK(1)" in lines[1]
    assert "熊谷" not in file.content.decode()
    assert post(clerk, "/ledgers/inquiry/file", {"first": "いつか"}).status_code == 422
    narrowed = post(clerk, "/ledgers/inquiry", {"q": "手数料", "last": "R8.4.1"})
    assert "HYPERLINK" not in text(narrowed)
    assert "R8-0001" in text(narrowed)
