"""国外転入, 未届転入 and 職権記載 typed into the grid, to registration."""

from datetime import date

import pytest

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.changes.record import ResidentRecord
from daicho.register.desk import check as checking
from daicho.register.desk import review
from daicho.register.desk.case import open_case, save_draft
from daicho.register.desk.errors import EntryIncomplete
from daicho.register.desk.model import Case
from daicho.register.store.read import live_rows
from daicho.wire.environment import Environment
from tests.desk.build import REKEYS, family_typed, receive
from tests.people import CLERK, REVIEWER, do_register, move_in_family, plan


def done(env: Environment, case: Case, typed: dict[str, str]) -> Case:
    """Typed, checked, sent, keyed again and approved."""
    saved = save_draft(env, CLERK, case.case_number, case.version, typed)
    checked = checking.check(env, CLERK, case.case_number, saved.version).case
    checking.send(env, CLERK, case.case_number, checked.version, "01")
    taken = review.take(env, REVIEWER, case.case_number)
    keys = {field: text for field, text in REKEYS.items() if field == "change_date" or field in typed}
    review.rekey(env, REVIEWER, case.case_number, keys)
    return review.approve(env, REVIEWER, case.case_number, taken.version)


def first(env: Environment, case: Case) -> ResidentRecord:
    with env.database.transaction() as connection:
        return live_rows(connection, [case.ids["p1"]])[case.ids["p1"]][-1].record


def test_a_foreign_resident_comes_from_abroad_by_article_30_46(environment: Environment) -> None:
    case = receive(environment, reason=Reason.MOVE_IN_ABROAD)
    assert case.typed["kind"] == "1"
    typed = family_typed(1) | {
        "kind": "2",
        "p1.name": "NGUYEN VAN AN",
        "p1.domicile": "",
        "p1.family_register_head": "",
        "p1.nationality": "VNM",
        "p1.article_30_45": "1",
        "p1.residence_status": "ZS10",
        "p1.landing_permit": "1",
        "p1.residence_notice": "0",
    }
    saved = save_draft(environment, CLERK, case.case_number, case.version, typed)
    with pytest.raises(EntryIncomplete) as caught:
        checking.check(environment, CLERK, case.case_number, saved.version)
    assert list(caught.value.fields) == ["previous_address"]
    case = open_case(environment, CLERK, case.case_number)
    case = done(environment, case, typed | {"previous_address": ""})
    record = first(environment, case)
    assert (record.settled_reason, record.landing_permit, record.previous_address) == ("国外転入等", True, None)
    assert record.foreign_resident_since == record.resident_since
    assert (record.foreign_resident_notified_on, record.residence_notice) == (record.resident_notified_on, "0")


def test_a_family_comes_unreported(environment: Environment) -> None:
    case = receive(environment)
    typed = family_typed(2) | {
        "kind": "2",
        "last_address": "群馬県高崎市高松町35番地1",
        "last_head": "渡邉 大輔",
        "unreported_from": "R8.1.5",
        "unreported_to": "R8.3.29",
        "p1.former_family_name_kana": "サトウ",
        "p1.former_family_name": "佐藤",
        "p1.remarks": "除籍により確認",
        "p2.adult_ward": "1",
    }
    case = done(environment, case, typed)
    record = first(environment, case)
    assert record.previous_address is not None
    assert record.previous_address.endswith("（未届）")
    assert (record.last_address, record.last_municipality, record.last_head) == (
        "群馬県高崎市高松町35番地1",
        "102024",
        "渡邉　大輔",
    )
    assert (record.unreported_from, record.unreported_to) == (date(2026, 1, 5), date(2026, 3, 29))
    assert (record.former_family_name, record.former_family_name_kana) == ("佐藤", "サトウ")
    assert (record.previous_municipality, record.domicile_municipality) == ("131164", "131199")
    assert record.remarks == "除籍により確認"
    with environment.database.transaction() as connection:
        notes = connection.execute("SELECT count(*) AS n FROM register.change_note").fetchone()
    assert notes == {"n": 2}


@pytest.mark.parametrize(
    ("kind", "previous", "reason"),
    [
        ("1", "不明", "ex_officio_entry"),
        ("2", "", "ex_officio_entry"),
        ("3", "群馬県高崎市（未届）", "ex_officio_entry"),
        ("4", "", "entry_naturalisation"),
    ],
)
def test_entries_ex_officio(environment: Environment, kind: str, previous: str, reason: str) -> None:
    case = receive(environment, reason=Reason.EX_OFFICIO_ENTRY)
    case = done(environment, case, family_typed(1) | {"kind": kind, "previous_address": previous})
    with environment.database.transaction() as connection:
        change = connection.execute(
            "SELECT reason, basis FROM register.change WHERE change_id = %s", (case.change_id,)
        ).fetchone()
    assert change == {"reason": reason, "basis": "ex_officio"}
    assert first(environment, case).previous_address == (previous or None)


def test_the_removed_record_of_whoever_returns_fills_blank_fields(environment: Environment) -> None:
    """Taken over where nothing is typed, corrected freely; never of the stay that ended."""
    _, people = move_in_family(environment, 1)
    with environment.database.transaction() as connection:
        record = live_rows(connection, people)[people[0]][-1].record
        gone = record.with_(
            status="moved_out", former_family_name="佐藤", domicile="埼玉県熊谷市宮町二丁目47番地",
            family_register_head="髙橋　健一", removed_on=LegalDate(date(2026, 3, 31)), removed_reason="国内転出",
        )  # fmt: skip
        do_register(connection, environment, plan(Effect(people[0], "remove", "mover", date(2026, 3, 31), gone)))
    case = receive(environment)
    typed = {"p1.name": "髙橋 健一", "p1.birth": "S55.3.12", "p1.sex": "1", "p1.domicile": "東京都豊島区"}
    saved = save_draft(environment, CLERK, case.case_number, case.version, typed)
    found = checking.decide_candidate(
        environment, CLERK, case.case_number, saved.version, row="p1", candidate_id=people[0], same=True, reason="13"
    )
    assert found.typed["p1.domicile"] == "東京都豊島区"
    assert (found.typed["p1.family_register_head"], found.typed["p1.former_family_name"]) == ("髙橋　健一", "佐藤")
    assert found.typed["p1.name_kana"] == "タカハシ　ケンイチ"
    assert found.typed_on["p1.former_family_name"] == "2026-04-01"


@pytest.mark.parametrize(
    ("domicile", "filled"), [("群馬県高崎市高松町35番地", True), ("埼玉県大里郡妻沼町大字妻沼1番地", False)]
)
def test_a_domicile_that_is_no_more_is_not_taken_over(environment: Environment, domicile: str, filled: bool) -> None:
    """STD 4.0.6: of somebody who returns, only a place that is there today."""
    _, people = move_in_family(environment, 1)
    with environment.database.transaction() as connection:
        record = live_rows(connection, people)[people[0]][-1].record
        gone = record.with_(
            status="moved_out", domicile=domicile, removed_on=LegalDate(date(2026, 3, 31)), removed_reason="国内転出"
        )
        do_register(connection, environment, plan(Effect(people[0], "remove", "mover", date(2026, 3, 31), gone)))
    case = receive(environment)
    typed = {"p1.name": "髙橋 健一", "p1.birth": "S55.3.12", "p1.sex": "1"}
    saved = save_draft(environment, CLERK, case.case_number, case.version, typed)
    found = checking.decide_candidate(
        environment, CLERK, case.case_number, saved.version, row="p1", candidate_id=people[0], same=True, reason="13"
    )
    assert ("p1.domicile" in found.typed) is filled


def test_a_note_is_typed_with_any_change(environment: Environment) -> None:
    """STD 1.1.14, 1.2.1: with a move in, kept for each mover beside what the change notes itself; a missing glyph is told."""
    from daicho.register.screens.check_view import groups

    case = receive(environment)
    typed = family_typed(2) | {"kind": "2", "note": "特別養子縁組"}
    saved = save_draft(environment, CLERK, case.case_number, case.version, typed | {"note": "\ue000"})
    with pytest.raises(EntryIncomplete) as caught:
        checking.check(environment, CLERK, case.case_number, saved.version)
    assert list(caught.value.fields) == ["note"]
    case = open_case(environment, CLERK, case.case_number)
    saved = save_draft(environment, CLERK, case.case_number, case.version, typed)
    prepared = checking.check(environment, CLERK, case.case_number, saved.version).prepared
    [shown] = [group for group in groups(prepared) if group.title == "留意事項"]
    assert [(row.label, row.after.endswith("（未届）　特別養子縁組")) for row in shown.rows] == [("2人", True)]
    case = open_case(environment, CLERK, case.case_number)
    case = done(environment, case, typed)
    with environment.database.transaction() as connection:
        notes = connection.execute(
            "SELECT DISTINCT item, text LIKE '未届転入　%%　特別養子縁組' AS joined FROM register.change_note"
            " WHERE change_id = %s",
            (case.change_id,),
        ).fetchall()
    assert notes == [{"item": "previous_address", "joined": True}]
