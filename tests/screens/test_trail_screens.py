"""S26: the trail on screens, as files and on paper, for those who may read it."""

import csv
import io
import json
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from django.test import Client

from daicho.register.paper import disclosure, plain
from daicho.register.paper.errors import PressRefused, PressTimeout
from daicho.register.store.named_alike import addressee_numbers
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.trail.sealer import Sealer
from daicho.wire.environment import Environment
from tests.house_database import House
from tests.people import actor
from tests.screens.desk_pages import text
from tests.trail.sealing import LOG, seal_all, sealing_environment

if TYPE_CHECKING:
    from tests.signon.desk import Desk


@pytest.fixture(scope="module")
def number(module_environment: Environment, people: tuple[int, list[int]]) -> str:
    """The 宛名番号 of the head, whose record was looked at by an officer of another name and by one of the same name."""
    env, person = module_environment, people[1][0]
    with env.database.transaction() as connection:
        found = addressee_numbers(connection, [person])[person]
        for _ in range(103):
            record_act(connection, env, actor("clerk2", "clerk"), Act.PERSON_OPENED, subjects=[person])
        record_act(connection, env, actor("clerk1", "clerk"), Act.NUMBER_SHOWN, subjects=people[1], number_shown=True)
        record_act(connection, env, actor("=cmd", "clerk"), Act.SEARCH, subjects=[person], refused=True)
        connection.execute("UPDATE signon.officer SET name = '髙橋 由美' WHERE officer_id = 'clerk1'")
    return found


@pytest.fixture(scope="module")
def admin(screen_desk: "Desk", number: str) -> Client:
    """The administrator's browser."""
    assert number
    return screen_desk.sign_on("admin1")


@pytest.fixture(scope="module")
def asked(admin: Client, number: str) -> str:
    """The address of the report on that person."""
    from tests.signon.desk import post

    answer = post(admin, "/trail/person", {"number": number, "since": "", "until": "", "only": ""})
    assert answer.status_code == 302
    assert number not in answer["Location"], "no personal data in addresses"
    return str(answer["Location"])


def rows(answer: object) -> list[list[str]]:
    """The rows of a file."""
    content: bytes = answer.content  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_who_looked_at_this_person(admin: Client, asked: str, number: str) -> None:
    page = text(admin.get(asked))
    assert page.count("個人の照会") >= 97
    assert "番号表示" in page
    assert "拒否" in page
    following = page.split('href="?before=')[1].split('"')[0]
    older = text(admin.get(f"{asked}?before={following}"))
    assert "本登録" in older
    assert "個人の照会" in older
    assert number in text(admin.get("/trail"))


def test_only_one_kind_of_act(admin: Client, number: str) -> None:
    from tests.signon.desk import post

    form = {"number": number, "since": "R8.4.1", "until": "R8.4.1", "only": "number"}
    page = text(admin.get(post(admin, "/trail/person", form)["Location"]))
    assert page.count('<th scope="row"') == 1
    assert "番号の表示" in page


def test_the_report_is_a_file_without_formulas(admin: Client, asked: str) -> None:
    table = rows(admin.get(f"{asked}/csv"))
    assert table[0][:5] == ["日時", "職員", "所属", "端末", "操作"]
    assert "'=cmd" in [row[1] for row in table]
    assert ["clerk1", "市民課", "T001", "番号の表示"] in [row[1:5] for row in table]
    assert len(table) > 106


def test_the_report_is_a_paper_for_the_person(admin: Client, asked: str, number: str) -> None:
    answer = admin.get(f"{asked}/pdf")
    assert answer["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    words = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert len(document) >= 3
    assert "住民記録の操作履歴" in words
    assert number in words
    assert "clerk2" in words
    assert "髙橋" not in words, "names stay off the paper"


def test_a_paper_that_cannot_be_made_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, date, datetime

    paper = disclosure.Disclosure(
        "1", date(2026, 4, 1), date(2026, 4, 1), datetime(2026, 4, 1, tzinfo=UTC), (), False, 0, ""
    )
    monkeypatch.setattr(plain, "SECONDS", 0.001)
    with pytest.raises(PressTimeout):
        disclosure.pdf(paper)
    monkeypatch.setattr(plain, "SECONDS", 20.0)
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    with pytest.raises(PressRefused):
        disclosure.pdf(paper)


def test_what_an_officer_did(admin: Client) -> None:
    assert "職員番号と日を入れると" in text(admin.get("/trail/officer"))
    page = text(admin.get("/trail/officer?officer=clerk2&day=R8.4.1"))
    assert page.count("個人の照会") == 100
    following = page.split('class="btn sm" href="?officer=clerk2')[1].split('"')[0].replace("&amp;", "&")
    assert text(admin.get(f"/trail/officer?officer=clerk2{following}")).count("個人の照会") == 3
    assert "この期間に操作はありません" in text(admin.get("/trail/officer?officer=nobody&day=R8.4.1"))
    assert admin.get("/trail/officer?officer=clerk2&day=x").status_code == 422
    table = rows(admin.get("/trail/officer/csv?officer=clerk1&day=R8.4.1"))
    assert [row[4] for row in table].count("番号の表示") == 1
    assert any("ほか1人" in row[7] for row in table)


def test_what_is_out_of_the_ordinary(admin: Client) -> None:
    page = text(admin.get("/trail/abnormal"))
    for words in (
        "夜間",
        "休業日の操作",
        "サインオンの失敗",
        "大量の検索・照会",
        "拒否の多い操作",
        "番号の表示が多い",
        "支援措置の対象者",
    ):
        assert words in page
    assert "ありません" in text(admin.get("/trail/abnormal?month=2026-03"))
    for odd in ("x", "2099-01"):
        assert "令和8年4月" in text(admin.get(f"/trail/abnormal?month={odd}"))
    assert rows(admin.get("/trail/abnormal/csv"))[0] == ["区分", "日", "職員", "時間帯", "件数"]


def test_looks_at_people_of_the_own_name(admin: Client, number: str) -> None:
    page = text(admin.get("/trail/namesakes"))
    assert page.count("clerk1") >= 4
    assert "clerk2" not in page
    assert number in page
    assert "同じ名字の人の照会はありません" in text(admin.get("/trail/namesakes?month=2026-03"))


def test_sign_ons_by_user_id(admin: Client) -> None:
    assert "admin1" in text(admin.get("/trail/sign-ons"))
    table = rows(admin.get("/trail/sign-ons?form=csv"))
    assert ["admin1", "1", "0", "0"] in [row[:4] for row in table]
    assert "この月にサインオンはありません" in text(admin.get("/trail/sign-ons?month=2026-03"))


def test_who_is_not_there_looks_as_not_allowed(admin: Client) -> None:
    from tests.signon.desk import post

    missing = post(admin, "/trail/person", {"number": "0000", "since": "", "until": "", "only": ""})
    assert missing.status_code == 404
    assert "該当する記録を表示できません" in text(missing)
    assert post(admin, "/trail/person", {"number": "1", "since": "x"}).status_code == 422
    assert admin.get("/trail/person/99").status_code == 404


def test_the_state_of_sealing_and_a_checkpoint_to_keep(
    admin: Client, module_environment: Environment, house: House
) -> None:
    assert "まだ封印されていません" in text(admin.get("/trail"))
    with sealing_environment(house, module_environment) as sealing:
        sealed = seal_all(Sealer(sealing, LOG))
    page = text(admin.get("/trail"))
    assert f"{sealed:,}件" in page
    answer = admin.get("/trail/checkpoint")
    assert json.loads(answer.content)["seal"]["size"] == sealed


PAGES = (
    "/trail",
    "/trail/officer",
    "/trail/officer/csv",
    "/trail/abnormal",
    "/trail/abnormal/csv",
    "/trail/namesakes",
    "/trail/sign-ons",
    "/trail/person/1",
    "/trail/person/1/csv",
    "/trail/person/1/pdf",
    "/trail/checkpoint",
)


def test_nobody_else_reads_it_and_who_may_finds_it(screen_desk: "Desk", admin: Client) -> None:
    clerk = screen_desk.sign_on("clerk3")
    assert {clerk.get(page).status_code for page in PAGES} == {403}
    assert "操作履歴" not in text(clerk.get("/"))
    assert 'href="/trail"' in text(admin.get("/"))


def test_each_report_is_an_act_in_the_trail(admin: Client, module_environment: Environment) -> None:
    admin.get("/trail/abnormal")
    with module_environment.database.transaction() as connection:
        rows = connection.execute("SELECT DISTINCT act FROM trail.entry WHERE officer = 'admin1'").fetchall()
    acts = {row["act"] for row in rows}
    assert acts >= {
        "trail.person",
        "trail.officer",
        "trail.abnormal",
        "trail.sign_ons",
        "trail.checkpoint",
    }
