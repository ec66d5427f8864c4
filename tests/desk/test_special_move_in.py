"""特例転入 (STD 4.1.1.3): what the municipality before sends fills the form, over the API and pasted at the counter."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.desk import check as checking
from daicho.register.desk import review
from daicho.register.desk.case import open_case, receive, save_draft
from daicho.register.desk.certificate_data import CertificateDataUnreadable, MoveOutCertificateData, read_text
from daicho.register.desk.errors import EntryIncomplete, NoSuchField
from daicho.register.store.read import live_rows
from daicho.wire.environment import Environment
from tests.desk.build import births, code, number
from tests.house_database import SettableClock
from tests.people import CLERK, REVIEWER, do_register, move_in_family, plan

if TYPE_CHECKING:
    from pathlib import Path

HERE = {"notified_on": "今日", "change_date": "-2", "notifier": "1", "town": "籠原南一丁目", "lot": "214-3"}


def sent_by_them(base: int = 0, **changes: Any) -> dict[str, Any]:
    """A couple who left Toshima by card, as the network will carry it."""
    couple: list[dict[str, Any]] = [
        {"name": "渡邉 大輔", "name_kana": "ワタナベ ダイスケ", "sex": "1", "relationship": "02", "holds_card": True},
        {"name": "渡邉 彩香", "name_kana": "ワタナベ アヤカ", "sex": "2", "relationship": "12"},
    ]
    persons = [
        {
            **one,
            "birth": births(base)[f"p{n}.birth"],
            "domicile": "東京都板橋区大山東町32番地",
            "family_register_head": "渡邉 大輔",
            "individual_number": number(base + n),
            "resident_code": code(base + n),
        }
        for n, one in enumerate(couple, start=1)
    ]
    head = {"address": "東京都豊島区南池袋二丁目49番7号", "head": "渡邉 大輔", "planned_on": "2026-03-30"}
    return {**head, "persons": persons, **changes}


def data(**changes: Any) -> MoveOutCertificateData:
    return MoveOutCertificateData.model_validate(sent_by_them(**changes))


def test_the_data_fill_the_case_which_is_corrected_and_registered(environment: Environment) -> None:
    """Received with the data, put right in one field, registered as 国内転入 with the planned day kept."""
    case = receive(environment, CLERK, token="t1", reason=Reason.MOVE_IN, reception={}, certificate=data())
    assert (case.typed["kind"], case.typed["planned_on"], case.typed["card_holder"]) == ("3", "2026-03-30", "1")
    assert case.typed["p2.resident_code"] == code(2)
    typed = HERE | {"p2.name_kana": "ワタナベ サヤカ"}
    case = save_draft(environment, CLERK, case.case_number, case.version, typed)
    with pytest.raises(EntryIncomplete) as caught:
        checking.check(environment, CLERK, case.case_number, case.version)
    assert list(caught.value.fields) == ["card_checked"]
    for said, field in (
        ({"card_checked": "1", "card_holder": "4"}, "card_holder"),
        ({"card_checked": "0"}, "card_checked"),
    ):
        case = open_case(environment, CLERK, case.case_number)
        case = save_draft(environment, CLERK, case.case_number, case.version, said)
        with pytest.raises(EntryIncomplete) as caught:
            checking.check(environment, CLERK, case.case_number, case.version)
        assert list(caught.value.fields) == [field]
    case = save_draft(environment, CLERK, case.case_number, case.version, {"card_checked": "1", "card_holder": "2"})
    checked = checking.check(environment, CLERK, case.case_number, case.version)
    assert "W047" in [alert.code for alert in checked.prepared.plan.alerts]
    case = checking.send(environment, CLERK, case.case_number, checked.case.version, "01")
    taken = review.take(environment, REVIEWER, case.case_number)
    keys = {"change_date": "R8.3.30", **{f"p{n}.birth": births(0)[f"p{n}.birth"] for n in (1, 2)}}
    review.rekey(environment, REVIEWER, case.case_number, keys)
    done = review.approve(environment, REVIEWER, case.case_number, taken.version)
    assert done.status == "registered"
    with environment.database.transaction() as connection:
        record = live_rows(connection, [case.ids["p2"]])[case.ids["p2"]][-1].record
    assert (record.settled_reason, record.name_kana) == ("国内転入", "ワタナベ　サヤカ")
    assert (record.previous_address, record.previous_head) == ("東京都豊島区南池袋二丁目49番7号", "渡邉　大輔")
    assert record.resident_code_id is not None


def test_who_returns_keeps_the_name_of_the_removed_record(environment: Environment) -> None:
    """STD 4.1.1.2: the data come first, but for the name."""
    _, people = move_in_family(environment, 1)
    with environment.database.transaction() as connection:
        record = live_rows(connection, people)[people[0]][-1].record
        gone = record.with_(
            status="moved_out", domicile="埼玉県熊谷市宮町二丁目47番地", family_register_head="髙橋　健一",
            removed_on=LegalDate(date(2026, 3, 31)), removed_reason="国内転出",
        )  # fmt: skip
        do_register(connection, environment, plan(Effect(people[0], "remove", "mover", date(2026, 3, 31), gone)))
    person = {"name": "高橋 健一", "birth": "S55.3.12", "sex": "1", "relationship": "02", "domicile": "東京都豊島区"}
    case = receive(
        environment, CLERK, token="t1", reason=Reason.MOVE_IN, reception={}, certificate=data(persons=[person])
    )
    found = checking.decide_candidate(
        environment, CLERK, case.case_number, case.version, row="p1", candidate_id=people[0], same=True, reason="13"
    )
    assert (found.typed["p1.name"], found.typed["p1.domicile"]) == ("髙橋　健一", "東京都豊島区")
    assert found.typed["p1.family_register_head"] == "髙橋　健一"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "全体"),
        ("渡邉 大輔", "全体"),
        (json.dumps(sent_by_them(persons=[])), "persons"),
        (json.dumps(sent_by_them(planned_on="渡邉")), "planned_on"),
        (json.dumps(sent_by_them() | {"渡邉": "大輔"}), "知らない項目"),
        (json.dumps(sent_by_them(address="東京\n都")), "address"),
        (json.dumps(sent_by_them(persons=[{"name": "渡邉"}])), "persons.0.birth"),
        (" " * 70_000, "長すぎます"),
    ],
)
def test_what_is_no_such_data_is_refused_without_repeating_it(text: str, where: str) -> None:
    with pytest.raises(CertificateDataUnreadable) as caught:
        read_text(text)
    assert where in caught.value.message
    assert "渡邉" not in str(caught.value)


def test_only_a_move_in_from_another_municipality_takes_the_data(environment: Environment) -> None:
    with pytest.raises(NoSuchField):
        receive(environment, CLERK, token="t1", reason=Reason.MOVE_IN_ABROAD, reception={}, certificate=data())


def test_over_the_api_and_pasted_at_the_counter(
    environment: Environment, clock: SettableClock, tmp_path: "Path"
) -> None:
    """The same data by both doors; what cannot be read stays in its box, and nothing typed is lost."""
    from tests.desk.test_api import _call
    from tests.screens.desk_pages import hidden, text
    from tests.screens.desk_pages import receive as receive_page
    from tests.signon.desk import make_desk, post

    clerk = make_desk(environment, clock, tmp_path).sign_on("clerk1")
    wanted = {"token": "t1", "reason": "move_in", "reception": {}, "certificate": sent_by_them()}
    case = _call(clerk, "POST", "/cases", wanted)
    typed = {**HERE, "household_kind": "1", "card_checked": "1"}
    case = _call(clerk, "PUT", f"/cases/{case['case_number']}/draft", {"version": case["version"], "typed": typed})
    checked = _call(clerk, "POST", f"/cases/{case['case_number']}/check", {"version": case["version"]})
    assert "W047" in [alert["code"] for alert in checked["alerts"]]

    at_counter = receive_page(clerk)
    page = text(clerk.get(f"/cases/{at_counter}/entry"))
    form = {"version": hidden(page, "version"), "page": hidden(page, "page"), "act": "certificate", "lot": "214-3"}
    answer = post(clerk, f"/cases/{at_counter}/entry", form | {"certificate_data": '{"address": '})
    assert answer.status_code == 422
    page = text(answer)
    assert "転出証明書情報として読めません" in page
    assert "{&quot;address&quot;: </textarea>" in page
    assert 'value="214-3"' in page
    form = {"version": hidden(page, "version"), "page": hidden(page, "page"), "act": "certificate"}
    page = text(
        post(clerk, f"/cases/{at_counter}/entry", form | {"certificate_data": json.dumps(sent_by_them(base=10))})
    )
    assert 'id="f-p2.name" name="p2.name" value="渡邉 彩香"' in page
    assert 'name="card_holder" value="1"' in page
    assert number(11) not in page
    assert 'value="214-3"' in page
