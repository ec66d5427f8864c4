"""S02, S04, S09, S15-S17 through HTTP as two officers."""

import re
from typing import TYPE_CHECKING, Any

import pytest

from daicho.register.changes.plan import Effect
from daicho.register.store.read import live_rows
from daicho.wire.environment import Connection, Environment
from tests.desk.build import family_typed, number, rekeys
from tests.people import CLERK, do_register, move_in_family, plan
from tests.screens.desk_pages import approve, enter, hidden, receive, send, sent_family, text

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk


HOME_DOMICILE = "長野県松本市大手三丁目8番地13"


@pytest.fixture(scope="module")
def clerk(screen_desk: "Desk") -> "Client":
    """The clerk who enters."""
    return screen_desk.sign_on("clerk1")


@pytest.fixture(scope="module")
def other_clerk(screen_desk: "Desk") -> "Client":
    """A colleague."""
    return screen_desk.sign_on("clerk2")


@pytest.fixture(scope="module")
def reviewer(screen_desk: "Desk") -> "Client":
    """The officer who reviews and decides."""
    return screen_desk.sign_on("reviewer1")


def changes(owner: Connection, case_number: str) -> int:
    """How many changes a case has made."""
    row = owner.execute(
        "SELECT count(*) AS n FROM register.change JOIN register.case_file USING (case_id) WHERE case_number = %s",
        (case_number,),
    ).fetchone()
    assert row is not None
    return int(row["n"])


def test_the_main_job_through_the_pages(
    clerk: "Client", reviewer: "Client", module_owner_connection: Connection
) -> None:
    """Reception, entry, check, review with re-keying, registration; the birth dates stay hidden until keyed."""
    case = receive(clerk)
    assert enter(clerk, case, family_typed()).headers["Location"] == f"/cases/{case}/check"
    check = text(clerk.get(f"/cases/{case}/check"))
    assert "籠原南一丁目214番地3" in check
    assert "昭和58年9月14日" in check
    assert send(clerk, case).headers["Location"] == "/"
    page = text(reviewer.get(f"/cases/{case}/review"))
    assert "昭和58年9月14日" not in page
    assert "打ち直すと表示" in page
    assert changes(module_owner_connection, case) == 0
    done = approve(reviewer, case)
    assert done.headers["Location"] == f"/cases/{case}/done"
    assert changes(module_owner_connection, case) == 1
    assert "登録しました" in text(reviewer.get(f"/cases/{case}/done"))


def test_double_submit_back_button_and_retry_register_once(
    clerk: "Client", reviewer: "Client", module_owner_connection: Connection
) -> None:
    """E6: the same form sent again, from the page before, and after a lost answer."""
    from tests.signon.desk import post

    case = sent_family(clerk, base=10)
    page = text(reviewer.get(f"/cases/{case}/review"))
    form = {"version": hidden(page, "version"), "act": "approve", **{f"k.{f}": v for f, v in rekeys(10).items()}}
    answers = [post(reviewer, f"/cases/{case}/approve", form) for _ in range(3)]
    assert [answer.headers.get("Location") for answer in answers] == [f"/cases/{case}/done"] * 3
    assert changes(module_owner_connection, case) == 1
    assert post(clerk, f"/cases/{case}/send", {"version": "3", "act": "send"}).status_code == 409


def test_a_reception_sent_twice_opens_one_case(clerk: "Client") -> None:
    """Double submit at the counter."""
    from tests.signon.desk import post

    page = text(clerk.get("/cases/new"))
    form = {"reason": "転入", "notifier": "1", "name": "渡邉 大輔", "document": "1", "token": hidden(page, "token")}
    first, second = (post(clerk, "/cases/new", form) for _ in range(2))
    assert first.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]


def test_a_reception_without_proof_is_told_what_would_do(clerk: "Client") -> None:
    """S04: insufficient documents, an agent without authority; what was typed stays."""
    from tests.signon.desk import post

    page = text(clerk.get("/cases/new"))
    form = {"reason": "11", "notifier": "3", "name": "代理 太郎", "document": "99", "token": hidden(page, "token")}
    answer = post(clerk, "/cases/new", form)
    assert answer.status_code == 422
    shown = text(answer)
    assert "本人確認の書類が足りません" in shown
    assert "委任状(1)" in shown
    assert 'value="代理 太郎"' in shown


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(clerk: "Client") -> None:
    """The page comes back with all errors, links to the fields, and every value as typed."""
    case = receive(clerk)
    answer = enter(
        clerk, case, family_typed(base=20) | {"lot": "ばんち", "p2.relationship": "孫", "p3.birth": "H01.2.30"}
    )
    assert answer.status_code == 422
    page = text(answer)
    for field in ("lot", "p2.relationship"):
        assert f'href="#f-{field}"' in page
    assert 'value="ばんち"' in page
    assert 'value="孫"' in page
    assert number(21) not in page


def test_numbers_are_not_sent_back_and_survive_a_blank(clerk: "Client", module_environment: Environment) -> None:
    """A stored number is not put into the page; a blank field keeps it, a hyphen takes it away."""
    from daicho.register.desk import case as desk
    from tests.people import CLERK

    case = receive(clerk)
    enter(clerk, case, {"p1.individual_number": number(30), "p1.name": "渡邉 大輔"})
    page = text(clerk.get(f"/cases/{case}/entry"))
    assert number(30) not in page
    assert "入力済" in page
    enter(clerk, case, {"p1.individual_number": "", "lot": "1"})
    assert desk.open_case(module_environment, CLERK, case).typed["p1.individual_number"] == number(30)
    enter(clerk, case, {"p1.individual_number": "-"})
    assert desk.open_case(module_environment, CLERK, case).typed["p1.individual_number"] == ""


def test_the_autosave_answers_version_and_time_and_409_when_stale(clerk: "Client") -> None:
    """The draft every few seconds, and another window."""
    from tests.signon.desk import post

    case = receive(clerk)
    page = text(clerk.get(f"/cases/{case}/entry"))
    form = {"version": hidden(page, "version"), "page": hidden(page, "page"), "lot": "5", "focus": "f-lot"}
    saved = post(clerk, f"/cases/{case}/draft", form)
    assert saved.json()["version"] == int(form["version"]) + 1
    again = text(clerk.get(f"/cases/{case}/entry"))
    assert 'data-focus="f-lot"' in again
    stale = post(clerk, f"/cases/{case}/draft", form | {"page": "another", "lot": "6"})
    assert stale.status_code == 409
    conflict = post(clerk, f"/cases/{case}/entry", form | {"page": "another", "lot": "6", "act": "check"})
    assert conflict.status_code == 409
    shown = text(conflict)
    assert "この画面と保存されている内容" in shown
    chosen = {"version": hidden(shown, "version"), "mine.lot": "6", "use.lot": "mine"}
    assert post(clerk, f"/cases/{case}/conflict", chosen).status_code == 302
    assert 'value="6"' in text(clerk.get(f"/cases/{case}/entry"))


def test_someone_elses_case_is_shown_with_its_holder_and_can_be_taken_over(
    clerk: "Client", other_clerk: "Client"
) -> None:
    """S09: draft taken by another."""
    from tests.signon.desk import post

    case = receive(clerk)
    held = other_clerk.get(f"/cases/{case}/entry")
    assert held.status_code == 409
    assert "引き継ぐ" in text(held)
    assert post(other_clerk, f"/cases/{case}/take-over", {}).headers["Location"] == f"/cases/{case}/entry"
    assert clerk.get(f"/cases/{case}/entry").status_code == 409


def test_the_entrant_is_refused_as_reviewer(clerk: "Client", reviewer: "Client", screen_desk: "Desk") -> None:
    """S16, S17: one's own case is greyed with the reason and cannot be opened; a clerk has no queue."""
    case = receive(reviewer)
    assert enter(reviewer, case, family_typed(base=40)).status_code == 302
    assert send(reviewer, case).status_code == 302
    assert "自分が入力した件" in text(reviewer.get("/review"))
    assert reviewer.get(f"/cases/{case}/review").status_code == 403
    assert approve_directly(reviewer, case).status_code == 403
    assert clerk.get("/review").status_code == 403


def approve_directly(client: "Client", case: str) -> Any:
    """Approve without ever opening the review."""
    from tests.signon.desk import post

    return post(client, f"/cases/{case}/approve", {"version": "4", "act": "approve"})


def test_a_mismatch_is_shown_and_a_third_keying_settles_it(clerk: "Client", reviewer: "Client") -> None:
    """S17: both values beside each other, the document decides; approval is refused until then."""
    from tests.signon.desk import post

    case = sent_family(clerk, base=50)
    answer = approve(reviewer, case, rekeys(50) | {"p3.birth": "H260612"})
    assert answer.status_code == 409
    page = text(answer)
    assert "3 生年月日が 2回で違います" in page
    assert "平成26年6月12日" in page
    form = {"s.p3.birth": "H260606"}
    assert "決着" in text(post(reviewer, f"/cases/{case}/rekey", form))
    assert approve(reviewer, case, {}).headers["Location"] == f"/cases/{case}/done"


def test_a_return_reaches_the_entrant_with_its_field(clerk: "Client", reviewer: "Client") -> None:
    """S17 to S09: field-linked comment; without one nothing is returned."""
    from tests.signon.desk import post

    case = sent_family(clerk, base=60)
    page = text(reviewer.get(f"/cases/{case}/review"))
    form = {"version": hidden(page, "version"), "act": "return", "field": "town", "comment": ""}
    assert "理由が入っていません" in text(post(reviewer, f"/cases/{case}/return", form))
    form["comment"] = "町名を書類と見比べてください"
    assert post(reviewer, f"/cases/{case}/return", form).headers["Location"] == "/review"
    assert "差戻し" in text(clerk.get("/"))
    entry = text(clerk.get(f"/cases/{case}/entry"))
    assert "町名を書類と見比べてください" in entry
    assert 'href="#f-town"' in entry


def test_the_home_screen_counts_what_waits(clerk: "Client", reviewer: "Client") -> None:
    """S02: eight queues in their places, one's own work below."""
    sent_family(clerk, base=70)
    page = text(clerk.get("/"))
    for word in ("来庁予定", "受付中", "差戻し", "審査待ち", "決裁待ち", "印刷待ち", "期限", "通知"):
        assert word in page
    assert "自分が審査に出した件" in page
    assert "次の番号を受け付ける" in page
    assert "審査待ちを開く" in text(reviewer.get("/"))
    assert "渡邉" in text(clerk.get("/?queue=review"))


def test_parking_and_resuming(clerk: "Client", other_clerk: "Client") -> None:
    """F10 and back at another desk."""
    from tests.signon.desk import post

    case = receive(clerk)
    page = text(clerk.get(f"/cases/{case}/entry"))
    form = {"version": hidden(page, "version"), "page": hidden(page, "page"), "act": "park", "lot": "7"}
    assert post(clerk, f"/cases/{case}/entry", form).headers["Location"] == "/"
    assert "中断" in text(clerk.get("/"))
    assert 'value="7"' in text(other_clerk.get(f"/cases/{case}/entry"))


def test_live_echoes_show_what_was_understood(clerk: "Client") -> None:
    """Echoes and warnings for what is typed, without saving it."""
    from tests.signon.desk import post

    case = receive(clerk)
    answer = text(
        post(clerk, f"/cases/{case}/live", {"p1.relationship": "12", "p1.sex": "2", "town": "籠原南1", "lot": "x"})
    )
    assert "妻" in answer
    assert "〒360-0847" in answer
    assert "番地を読み取れません" in answer
    options = text(post(clerk, "/cases/suggest", {"field": "p1.relationship", "q": "1"}))
    assert 'data-value="12"' in options
    assert "籠原南" in text(post(clerk, "/cases/suggest", {"field": "town", "q": "カゴ"}))


def test_a_parked_case_stands_in_the_queue_of_its_office(clerk: "Client", reviewer: "Client") -> None:
    """Anyone at another desk finds it; a case held in review stays in the review queue."""
    from tests.signon.desk import post

    case = receive(clerk)
    page = text(clerk.get(f"/cases/{case}/entry"))
    form = {"version": hidden(page, "version"), "page": hidden(page, "page"), "act": "park"}
    post(clerk, f"/cases/{case}/entry", form)
    assert case in text(reviewer.get("/?queue=open"))
    waiting = sent_family(clerk, base=80)
    page = text(reviewer.get(f"/cases/{waiting}/review"))
    held = post(reviewer, f"/cases/{waiting}/approve", {"version": hidden(page, "version"), "act": "park"})
    assert held.headers["Location"] == "/review"
    assert "保留" in text(reviewer.get("/review"))
    assert approve(reviewer, waiting, rekeys(80)).headers["Location"] == f"/cases/{waiting}/done"


def test_a_withdrawal_needs_a_reason(clerk: "Client") -> None:
    """取下げ: without a reason the form comes back; with one the case ends and cannot be typed into."""
    from tests.signon.desk import post

    case = receive(clerk)
    assert post(clerk, f"/cases/{case}/withdraw", {"reason": " "}).status_code == 422
    assert post(clerk, f"/cases/{case}/withdraw", {"reason": "届出人の申出"}).headers["Location"] == "/"
    ended = clerk.get(f"/cases/{case}/entry")
    assert ended.status_code == 409
    assert "取下げ" in text(ended)


def test_a_refusal_by_the_reviewer(clerk: "Client", reviewer: "Client") -> None:
    """不受理 with its reason."""
    from tests.signon.desk import post

    case = sent_family(clerk, base=90)
    page = text(reviewer.get(f"/cases/{case}/review"))
    form = {"version": hidden(page, "version"), "act": "refuse", "field": "", "comment": "転出証明書がない"}
    assert post(reviewer, f"/cases/{case}/return", form).headers["Location"] == "/review"
    assert "不受理" in text(clerk.get(f"/cases/{case}/entry"))


def test_two_steps_of_approval(clerk: "Client", reviewer: "Client", screen_desk: "Desk") -> None:
    """審査 by one officer, 決裁 by another."""
    from tests.signon.desk import post

    case = sent_family(clerk, base=160)
    assert approve(reviewer, case, rekeys(160), act="pass").headers["Location"] == "/review"
    assert "決裁待ち" in text(reviewer.get("/review"))
    second = screen_desk.sign_on("reviewer2")
    page = text(second.get(f"/cases/{case}/review"))
    assert "決裁して登録" in page
    decided = post(second, f"/cases/{case}/approve", {"version": hidden(page, "version"), "act": "decide"})
    assert decided.headers["Location"] == f"/cases/{case}/done"


def test_the_register_changed_shows_then_and_now(
    clerk: "Client", reviewer: "Client", module_environment: Environment
) -> None:
    """The conflict page: what changed, the entry untouched, one key to go on."""
    from tests.people import move_in_family
    from tests.signon.desk import post

    household_id, people = move_in_family(module_environment, 1)
    with module_environment.database.transaction() as connection:
        row = connection.execute(
            "SELECT household_number FROM register.household WHERE household_id = %s", (household_id,)
        ).fetchone()
    assert row is not None
    typed = family_typed(1, base=140) | {
        "p1.relationship": "99",
        "household_kind": "2",
        "join_household": row["household_number"],
    }
    case = receive(clerk)
    assert enter(clerk, case, typed).status_code == 302
    birth = receive(clerk, "21", household=str(household_id), person=str(people[0]))
    born = {"p1.name": "髙橋 葵", "p1.name_kana": "タカハシ アオイ", "p1.birth": "R8.4.1", "p1.sex": "2"}
    born |= {"p1.domicile": "なし", "p1.family_register_head": "なし", "parent": str(people[0])}
    assert enter(clerk, birth, born).status_code == 302
    assert send(clerk, birth, "02").status_code == 302
    assert approve(reviewer, birth, {"p1.birth": "R8.4.1"}).headers["Location"] == f"/cases/{birth}/done"
    changed = clerk.get(f"/cases/{case}/check")
    assert changed.status_code == 409
    shown = text(changed)
    assert "変わった記録" in shown
    assert "髙橋" in shown
    again = post(clerk, f"/cases/{case}/entry", {"version": hidden(shown, "version")})
    assert again.headers["Location"] == f"/cases/{case}/check"
    assert clerk.get(f"/cases/{case}/check").status_code == 200


def test_a_candidate_is_compared_and_decided(clerk: "Client", module_environment: Environment) -> None:
    """S14: side by side, a reason for either answer, the case is checked anew."""
    from tests.people import move_in_family
    from tests.signon.desk import post

    _, people = move_in_family(module_environment, 1)
    typed = family_typed(1, base=150) | {
        "p1.name": "髙橋 健一",
        "p1.name_kana": "タカハシ ケンイチ",
        "p1.birth": "S55.3.12",
    }
    case = receive(clerk)
    assert enter(clerk, case, typed).status_code == 302
    check = text(clerk.get(f"/cases/{case}/check"))
    assert "止める" in check
    assert send(clerk, case).status_code == 409
    for _ in range(10):
        page = text(clerk.get(f"/cases/{case}/compare?row=p1"))
        if "別の人" not in page or "同じ人かもしれない" not in text(clerk.get(f"/cases/{case}/check")):
            break
        undecided = [p for p in candidates_of(page) if p not in decided_of(page)]
        form = {"version": hidden(page, "version"), "row": "p1", "candidate": undecided[0], "answer": "different"}
        assert "一覧にありません" in text(post(clerk, f"/cases/{case}/compare", form | {"reason": "99"}))
        assert post(clerk, f"/cases/{case}/compare", form | {"reason": "01"}).status_code == 302
    assert str(people[0]) in candidates_of(page)
    assert send(clerk, case).status_code == 302


def candidates_of(page: str) -> list[str]:
    """The ids of the candidates of a comparison."""
    return re.findall(r'name="candidate" value="(\d+)"', page)


def decided_of(page: str) -> list[str]:
    """Those that were decided already."""
    panels = page.split('<section class="panel hug"')[1:]
    return [candidates_of(panel)[0] for panel in panels if "git-compare-arrows" in panel.split("</header>")[0]]


def test_a_reviewer_who_left_a_case_open_is_relieved(clerk: "Client", reviewer: "Client", screen_desk: "Desk") -> None:
    """S16: taken by another; taking over keeps what was keyed again."""
    from tests.signon.desk import post

    case = sent_family(clerk, base=170)
    reviewer.get(f"/cases/{case}/review")
    post(reviewer, f"/cases/{case}/rekey", {"k.change_date": "R8.3.30"})
    second = screen_desk.sign_on("reviewer2")
    held = second.get(f"/cases/{case}/review")
    assert held.status_code == 409
    assert f"/cases/{case}/review/take-over" in text(held)
    taken = post(second, f"/cases/{case}/review/take-over", {})
    assert taken.headers["Location"] == f"/cases/{case}/review"
    assert approve(second, case, {f: v for f, v in rekeys(170).items() if f != "change_date"}).status_code == 302


def test_buildings_and_domiciles_are_suggested(clerk: "Client", module_environment: Environment) -> None:
    """STD 4.0.6, 4.0.7: the building lines known at an address; former address, new address, domiciles of others."""
    from tests.signon.desk import post

    where = {"f-town": "籠原南一丁目", "f-lot": "214-3"}
    known = text(post(clerk, "/cases/suggest", {"field": "building", "q": "=", **where}))
    assert 'data-value="パークサイド籠原205号"' in known
    assert "option" not in text(
        post(clerk, "/cases/suggest", {"field": "building", "q": "=", "f-town": "籠原南一丁目"})
    )
    others = {"f-previous_address": "東京都豊島区南池袋二丁目49番7号", "f-p1.domicile": "東京都板橋区大山東町32番地"}
    found = text(post(clerk, "/cases/suggest", {"field": "p2.domicile", "q": "=", **where, **others}))
    for value in ("東京都板橋区大山東町32番地", "東京都豊島区南池袋二丁目49番7号", "埼玉県熊谷市籠原南一丁目214番地3"):
        assert f'data-value="{value}"' in found
    assert "豊島区" not in text(post(clerk, "/cases/suggest", {"field": "p2.domicile", "q": "板橋", **others}))
    # STD 4.0.10: the address before is taken from a domicile typed already, as the domicile is from it
    before = text(post(clerk, "/cases/suggest", {"field": "previous_address", "q": "=", **others}))
    assert 'data-value="東京都板橋区大山東町32番地"' in before


def test_the_domiciles_of_the_household_joined_are_suggested(
    clerk: "Client", module_environment: Environment, module_owner_connection: Connection
) -> None:
    """STD 4.0.6: of head and members; on record, and of a hidden household none."""
    from daicho.register.protection import measures
    from tests.desk.test_household_moves import number_of
    from tests.signon.desk import post

    household_id, people = move_in_family(module_environment, 2)
    with module_environment.database.transaction() as connection:
        known = live_rows(connection, people)[people[1]][-1]
        wife = Effect(
            people[1],
            "amend",
            "mover",
            known.valid_from,
            known.record.with_(domicile=HOME_DOMICILE, family_register_head="髙橋　健一"),
        )
        do_register(connection, module_environment, plan(wife))
    joins = {"f-household_kind": "2", "f-join_household": number_of(module_environment, household_id)}
    wanted = {"field": "p1.domicile", "q": "="}
    found = text(post(clerk, "/cases/suggest", wanted | joins))
    assert f'data-value="{HOME_DOMICILE}"' in found
    assert HOME_DOMICILE not in text(post(clerk, "/cases/suggest", wanted | joins | {"f-household_kind": "1"}))
    looked = module_owner_connection.execute(
        "SELECT count(DISTINCT e.entry_id) AS n FROM trail.entry e JOIN trail.subject s USING (entry_id)"
        " WHERE e.act = 'household.open' AND s.person_id = %s AND NOT e.refused",
        (people[1],),
    ).fetchone()
    assert looked == {"n": 1}
    # STD 4.2.0.3: in the forms of amendments and of a birth, those of the household of the form
    mine = {"f-household": joins["f-join_household"], "q": "="}
    assert HOME_DOMICILE in text(post(clerk, "/cases/suggest", {"field": "i.domicile", **mine}))
    assert 'data-value="髙橋　健一"' in text(post(clerk, "/cases/suggest", {"field": "i.family_register_head", **mine}))
    measures.provisional(module_environment, CLERK, people[1])
    assert HOME_DOMICILE not in text(post(clerk, "/cases/suggest", wanted | joins))
    assert "option" not in text(post(clerk, "/cases/suggest", {"field": "i.domicile", **mine}))


def test_a_household_is_chosen_by_search_inside_the_form(clerk: "Client", module_environment: Environment) -> None:
    """STD 4.0.2: a name and = give the households of whoever is found; of a hidden one nothing."""
    from daicho.register.protection import measures
    from tests.desk.test_household_moves import number_of
    from tests.signon.desk import post

    household_id, people = move_in_family(module_environment, 2)
    with module_environment.database.transaction() as connection:
        known = live_rows(connection, people)[people[1]][-1]
        named = known.record.with_(name="髙橋　千鶴羽", name_kana="タカハシ　チヅハ")
        do_register(connection, module_environment, plan(Effect(people[1], "amend", "mover", known.valid_from, named)))
    wanted = {"field": "join_household", "q": "タカハシ チヅハ="}
    found = text(post(clerk, "/cases/suggest", wanted))
    number = number_of(module_environment, household_id)
    assert f'data-value="{number}"' in found
    assert "髙橋　健一" in found
    assert "&quot;f-town&quot;: &quot;" in found  # the address comes with it
    assert "肥塚三丁目112番地4" in found
    assert "option" not in text(post(clerk, "/cases/suggest", wanted | {"q": "タカハシ チヅハ"}))
    assert "option" not in text(post(clerk, "/cases/suggest", wanted | {"q": "((="}))
    measures.provisional(module_environment, CLERK, people[1])
    assert "option" not in text(post(clerk, "/cases/suggest", wanted))
