"""S20 and S21 through HTTP: a measure from the key to its end, an opening from the request to its close."""

import re
from typing import TYPE_CHECKING, Any

import pytest

from daicho.wire.environment import Environment
from tests.canary import CANARIES
from tests.house_database import SettableClock
from tests.people import move_in_family
from tests.protection.build import CLERK, Refuge

if TYPE_CHECKING:
    from django.test import Client

    from tests.signon.desk import Desk

ADDRESS = "肥塚三丁目112番地4"


@pytest.fixture(scope="module")
def officers(desk: "Desk") -> dict[str, "Client"]:
    """Everybody signed on."""
    found = {name: desk.sign_on(name) for name in ("clerk1", "reviewer1", "protector1", "protector2")}
    for name in ("protector1", "protector2"):
        vars(found[name])["entitled"] = True  # the database of measures is theirs to read
    return found


def send(client: "Client", path: str, form: dict[str, Any]) -> Any:
    from tests.signon.desk import post

    return post(client, path, form)


def page(client: "Client", path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def a_measure(env: Environment) -> tuple[int, int]:
    from daicho.register.protection import measures

    _, [person] = move_in_family(env, 1)
    return measures.provisional(env, CLERK, person), person


def version(client: "Client", path: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page(client, path))
    assert found is not None
    return found[1]


def test_a_measure_is_recorded_decided_told_and_ended_by_two(
    officers: dict[str, "Client"], module_environment: Environment, refuge: Refuge
) -> None:
    one, two = officers["protector1"], officers["protector2"]
    measure, person = a_measure(module_environment)
    path = f"/protections/{measure}"
    assert f'href="{path}">措置を開く・仮支援措置</a>' in page(one, f"/person/{person}")
    assert path not in page(officers["clerk1"], f"/person/{person}")
    form = {
        "act": "amend",
        "version": version(one, path),
        "counterpart_name": CANARIES["counterpart"],
        "duty": "copy_now",
    }
    assert send(one, path, form).status_code == 302
    assert CANARIES["counterpart"] in page(one, path)
    assert send(one, path, form).status_code == 409
    assert send(one, path, {"act": "decide", "version": version(one, path), "starts_on": "x"}).status_code == 422
    assert send(one, path, {"act": "decide", "version": version(one, path), "starts_on": "R8.4.1"}).status_code == 302
    assert "令和9年3月31日" in page(one, path)
    correction = {"act": "correct", "version": version(one, path), "starts_on": "R8.4.2", "ends_on": "R9.4.1"}
    assert send(one, path, correction).status_code == 302
    assert send(one, path, {"act": "extend", "version": version(one, path)}).status_code == 422
    assert (
        send(one, path, {"act": "forward", "municipality": "東京都文京区", "forwarded_on": "今日"}).status_code == 302
    )
    assert send(one, path, {"act": "notify", "section": ["tax", "kiosk"]}).status_code == 302
    assert "未通知 9" in page(one, path)
    ask = {"act": "ask-release", "version": version(one, path), "reason": "asked", "comment": "本人が来庁"}
    assert send(one, path, ask).status_code == 302
    found = re.search(r'name="release" value="(\d+)"', page(two, path))
    assert found is not None
    decision = {"act": "decide-release", "release": found[1], "answer": "approve"}
    assert send(one, path, decision).status_code == 403
    assert "区分 K" in page(officers["clerk1"], f"/person/{person}")
    assert send(two, path, decision | {"release": "1"}).status_code == 404
    assert send(two, path, decision).status_code == 302
    assert ADDRESS in officers["clerk1"].get(f"/person/{person}", follow=True).content.decode()
    assert send(one, path, {"act": "elsewhere"}).status_code == 404
    assert "終了した措置" in page(one, "/protections?ended=1")


def test_every_name_of_a_protected_person_stands_on_the_page_of_the_measure(
    officers: dict[str, "Client"], module_environment: Environment
) -> None:
    """STD 1.1.16: name, former or common name with their readings, number, birth date and sex."""
    from daicho.register.changes.plan import Effect
    from daicho.register.protection import measures
    from daicho.register.store.read import live_rows
    from tests.people import do_register, plan

    _, [person] = move_in_family(module_environment, 1)
    with module_environment.database.transaction() as connection:
        [known] = live_rows(connection, [person])[person]
        named = known.record.with_(former_family_name="佐伯", former_family_name_kana="サエキ")
        do_register(connection, module_environment, plan(Effect(person, "amend", "mover", known.valid_from, named)))
    measure = measures.provisional(module_environment, CLERK, person)
    shown = page(officers["protector1"], f"/protections/{measure}")
    for expected in ("髙橋 健一", "旧氏", "佐伯", "サエキ", "<td>男</td>", "昭55"):
        assert expected in shown
    assert ADDRESS not in shown


def test_the_notices_of_a_measure_are_papers_without_a_place(
    officers: dict[str, "Client"], module_environment: Environment, module_clock: SettableClock
) -> None:
    """STD 3.4, 20.5.1: for a decided measure, by those who manage it; neither address nor counterpart stands on it."""
    from daicho.register.protection import measures
    from tests.paper.issuing import make_tenant
    from tests.protection.build import PROTECTOR
    from tests.screens.test_check_sheet import words

    with module_environment.database.transaction() as connection:
        make_tenant(connection)
    one = officers["protector1"]
    measure, _ = a_measure(module_environment)
    path = f"/protections/{measure}/end-notice"
    assert path not in page(one, f"/protections/{measure}")
    assert one.get(path).status_code == 409
    measures.decide(module_environment, PROTECTOR, measure, 1, module_clock.today())
    assert path in page(one, f"/protections/{measure}")
    answer = one.get(path)
    assert answer["Content-Disposition"] == 'inline; filename="notice.pdf"'
    assert "支援措置開始通知" in words(one.get(path.replace("end-", "start-")).content)
    said = words(answer.content)
    for word in ("支援措置期間終了通知", "髙橋", "熊谷市長", "延長の申出ができる日", "令和9年"):
        assert word in said, word
    assert "肥塚" not in said
    assert officers["clerk1"].get(path).status_code == 403
    assert officers["reviewer1"].get(path).status_code == 403


def test_a_list_asks_and_a_stale_line_is_refused(
    officers: dict[str, "Client"], module_environment: Environment, module_clock: SettableClock
) -> None:
    """Meguro 2025 through the page: the list carries what it showed, and each line is read again."""
    from daicho.register.protection import measures
    from tests.protection.build import PROTECTOR

    one = officers["protector1"]
    stale, _ = a_measure(module_environment)
    fresh, _ = a_measure(module_environment)
    measures.decide(module_environment, PROTECTOR, stale, 1, module_clock.today())
    form = {"seen": [f"{stale}:1", f"{fresh}:1"], "reason": "not_needed", "comment": "確かめた"}
    answer = send(one, "/protections/release", form).content.decode()
    assert "1件の終了を申請しました" in answer
    assert "この措置の内容が変わりました" in answer
    assert send(one, "/protections/release", {"reason": "asked", "comment": "x"}).status_code == 422
    assert send(one, "/protections/release", form | {"comment": ""}).status_code == 422
    assert send(one, "/protections/release", form | {"seen": "x:1"}).status_code == 404
    assert send(officers["clerk1"], "/protections/release", form).status_code == 403
    assert officers["clerk1"].get("/protections").status_code == 403


def test_an_opening_shows_the_record_to_one_officer_for_its_minutes(
    officers: dict[str, "Client"], module_environment: Environment, module_clock: SettableClock
) -> None:
    clerk, reviewer = officers["clerk1"], officers["reviewer1"]
    _, person = a_measure(module_environment)
    ask = f"/person/{person}/opening"
    assert "閲覧の申請" in page(clerk, ask)
    form = {"kind": "look", "purpose": "04", "reason": "本人の相談", "minutes": "5", "person": str(person)}
    assert send(clerk, ask, form | {"reason": ""}).status_code == 422
    assert send(clerk, ask, form | {"minutes": "x"}).status_code == 422
    assert send(clerk, ask, form | {"purpose": "zz"}).status_code == 422
    assert send(clerk, ask, form).status_code == 302
    assert "承認待ち" in page(clerk, "/openings")
    waiting = page(reviewer, "/openings")
    found = re.findall(r'action="/openings/(\d+)"', waiting)
    decide = f"/openings/{found[-1]}"
    assert send(clerk, decide, {"answer": "approve", "reason": "x", "person": str(person)}).status_code == 403
    assert send(reviewer, decide, {"answer": "approve", "reason": "ok"}).status_code == 409
    assert send(reviewer, decide, {"answer": "perhaps"}).status_code == 404
    assert (
        send(reviewer, decide, {"answer": "approve", "reason": "書類で確かめた", "person": str(person)}).status_code
        == 302
    )
    assert "開いています" in page(clerk, "/openings")
    assert ADDRESS in clerk.get(f"/person/{person}", follow=True).content.decode()
    assert ADDRESS not in reviewer.get(f"/person/{person}", follow=True).content.decode()
    assert clerk.get(ask).status_code == 302
    module_clock.advance(minutes=4, seconds=59)
    assert ADDRESS in clerk.get(f"/person/{person}", follow=True).content.decode()
    module_clock.advance(seconds=1)
    assert ADDRESS not in clerk.get(f"/person/{person}", follow=True).content.decode()
    assert "時間が過ぎました" in page(clerk, "/openings")


def test_suppressions_are_set_lifted_and_released_on_their_page(
    officers: dict[str, "Client"], module_environment: Environment
) -> None:
    one = officers["protector1"]
    household, [person] = move_in_family(module_environment, 1)
    path = f"/person/{person}/suppressions"
    assert "抑止はありません" in page(one, path)
    form = {
        "act": "set",
        "scope": "person",
        "on_issue": "error",
        "reason": "01",
        "from_on": "今日",
        "until_on": "R9.3.31",
    }
    assert send(one, path, form | {"on_issue": "none"}).status_code == 422
    assert send(one, path, form | {"on_issue": "loud"}).status_code == 422
    assert send(one, path, form).status_code == 302
    assert send(one, path, form | {"scope": "household", "on_issue": "none", "on_change": "alert"}).status_code == 302
    shown = page(one, path)
    number = re.findall(r'name="suppression" value="(\d+)"', shown)[0]
    lift = {"act": "lift", "suppression": number, "reason": "1通", "minutes": "10"}
    assert send(one, path, lift | {"minutes": "x"}).status_code == 422
    assert send(one, path, lift).status_code == 302
    assert "一時解除中" in page(one, path)
    assert "抑止</span>" in page(one, f"/household/{household}?person={person}").split("<main")[0]
    listed = one.get(send(one, "/search", {"q": "タカハシ ケンイチ", "purpose": "04"}).headers["Location"])
    assert "抑止</span>" in listed.content.decode()
    assert send(one, path, lift | {"act": "elsewhere"}).status_code == 404
    assert send(one, path, lift | {"suppression": "1"}).status_code == 404
    assert send(one, path, {"act": "release", "suppression": number, "reason": "済み"}).status_code == 302
    assert page(one, path).count('name="suppression"') == 1
    assert officers["clerk1"].get(path).status_code == 403
    assert f"/person/{person}/suppressions" in page(one, f"/household/{household}?person={person}")


def test_who_is_suppressed_is_listed_until_released(
    officers: dict[str, "Client"], module_environment: Environment, module_clock: SettableClock
) -> None:
    """STD 9.2: a person and a household, what is overdue marked, nobody who is hidden; the file for those who decide."""
    from datetime import timedelta

    from daicho.register.protection import measures
    from daicho.register.store import suppression
    from daicho.register.store.suppression import Setting
    from tests.protection.build import PROTECTOR

    env, today = module_environment, module_clock.today()
    (first, one), (second, two), (_, hidden) = (move_in_family(env, size) for size in (1, 2, 1))
    assert first
    week = timedelta(days=7)
    late = Setting(person_id=one[0], on_issue="error", from_on=today - 2 * week, until_on=today - week, reason="02")
    home = Setting(household_id=second, on_change="alert", from_on=today, reason="01")
    ids = [suppression.set_suppression(env, PROTECTOR, wanted) for wanted in (late, home)]
    suppression.set_suppression(
        env, PROTECTOR, Setting(person_id=hidden[0], on_issue="error", from_on=today, reason="01")
    )
    listed = page(officers["protector1"], "/suppressed")
    assert all(f"/person/{person}/suppressions" in listed for person in (*one, *two, *hidden))
    measures.provisional(env, CLERK, hidden[0])
    listed = page(officers["protector1"], "/suppressed")
    assert f"/person/{hidden[0]}/suppressions" not in listed
    assert "期限を過ぎています" in listed
    assert "住所の実態調査中" in listed
    assert officers["clerk1"].get("/suppressed").status_code == 403
    file = officers["reviewer1"].get("/suppressed/file").content.decode()
    assert file.startswith("\ufeff世帯番号,氏名")
    assert "期限を過ぎています,住所の実態調査中" in file
    for suppression_id in ids:
        suppression.release_suppression(env, PROTECTOR, suppression_id, "終わった")
    listed = page(officers["protector1"], "/suppressed")
    assert not any(f"/person/{person}/suppressions" in listed for person in (*one, *two))


def test_somebody_joins_a_measure_on_its_page_and_the_open_record_leads_there(
    officers: dict[str, "Client"], desk: "Desk", module_environment: Environment, module_clock: SettableClock
) -> None:
    """STD 1.1.16, 2.2.4: by addressee number with the relation; hidden at once; the mark of an opened record leads to the measure."""
    from dataclasses import replace

    from daicho.access.actor import Purpose
    from daicho.register.protection import measures, openings
    from tests.protection.build import PROTECTOR, SECOND

    one, clerk = officers["protector1"], officers["clerk1"]
    household_id, (mother, child) = move_in_family(module_environment, 2)
    measure = measures.provisional(module_environment, CLERK, mother)
    path = f"/protections/{measure}"
    with module_environment.database.transaction() as connection:
        row = connection.execute(
            "SELECT addressee_number FROM register.person WHERE person_id = %s", (child,)
        ).fetchone()
    assert row is not None
    joins = {
        "act": "together",
        "version": version(one, path),
        "addressee_number": row["addressee_number"],
        "relation": "子",
    }
    assert send(one, path, joins | {"relation": " "}).status_code == 422
    assert send(one, path, joins | {"addressee_number": "1"}).status_code == 422
    assert send(clerk, path, joins).status_code == 403
    assert send(one, path, joins).status_code == 302
    assert "子" in page(one, path)
    assert send(one, path, joins | {"version": version(one, path)}).status_code == 409
    assert "区分 K" in page(clerk, f"/person/{child}")

    at_desk = replace(PROTECTOR, terminal_id=desk.signons["protector1"].terminal)
    asked = openings.ask(module_environment, at_desk, "look", [mother, child], Purpose.REVIEW, "確認")
    openings.decide(module_environment, SECOND, asked, approve=True, reason="必要", confirmed=[mother, child])
    opened = page(one, f"/household/{household_id}?person={mother}")
    assert f'href="{path}"' in opened
