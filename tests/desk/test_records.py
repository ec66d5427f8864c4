"""帰化, 国籍喪失, 改製 and 職権消除 from a household to registration."""

import pytest

from daicho.access.actor import Purpose
from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.record import ResidentRecord
from daicho.register.desk import case as desk
from daicho.register.desk.errors import EntryIncomplete, NoSuchField
from daicho.register.store.access import open_household, open_removed_record
from daicho.register.store.read import live_rows
from daicho.wire.environment import Environment
from tests.desk.test_other_changes import BIRTHS, checked, registered, start
from tests.people import CLERK, move_in_family

HEAD, WIFE, SON, DAUGHTER = range(4)
LOSS = {
    "change_date": "R8.3.25",
    "p1.name": "TAKAHASHI MISAKI",
    "p1.nationality": "USA",
    "p1.article_30_45": "4",
}
NATURALISED = {
    "change_date": "R8.3.31",
    "acquisition": "1",
    "p1.name": "髙橋 みさき",
    "p1.name_kana": "タカハシ ミサキ",
    "p1.name_reading": "タカハシ ミサキ",
    "p1.domicile": "埼玉県熊谷市宮町二丁目47番地",
    "p1.family_register_head": "髙橋 みさき",
}


def record_of(env: Environment, person: int) -> ResidentRecord:
    with env.database.transaction() as connection:
        return live_rows(connection, [person])[person][-1].record


def test_nationality_lost_and_gained_again(environment: Environment) -> None:
    """Three records of one person, with addressee number, numbers and place in the household kept."""
    household_id, people = move_in_family(environment)
    wife = people[WIFE]
    before = record_of(environment, wife)
    keys = {f"b.{wife}": BIRTHS[WIFE]}
    case = start(environment, Reason.ENTRY_NATIONALITY_LOSS, household_id, wife)
    assert (case.typed["person"], case.basis.value) == (str(wife), "ex_officio")
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, {"change_date": "R8.3.31", **{k: v for k, v in LOSS.items() if k != "change_date"},
                                    "p1.article_30_45": "1"})  # fmt: skip
    assert list(caught.value.fields) == ["p1.residence_card_number"]
    case = desk.open_case(environment, CLERK, case.case_number)
    done = registered(environment, case, {**LOSS, "change_date": "R8.3.31"}, {"change_date": "R8.3.31", **keys})
    assert done.status == "registered"
    foreign = record_of(environment, wife)
    assert (foreign.is_foreign, foreign.nationality, foreign.record_no) == (True, "USA", 2)
    assert foreign.foreign_resident_since == LegalDate(case.received_at.date().replace(month=3, day=31))
    case = start(environment, Reason.ENTRY_NATURALISATION, household_id, wife)
    registered(environment, case, NATURALISED, {"change_date": "R8.3.31", **keys})
    japanese = record_of(environment, wife)
    assert (japanese.is_foreign, japanese.name, japanese.record_no) == (False, "髙橋　みさき", 3)
    assert japanese.resident_since == foreign.foreign_resident_since
    kept = ("individual_number_id", "resident_code_id", "household_order", "relationship", "birth", "address")
    assert all(getattr(japanese, name) == getattr(before, name) for name in kept)
    sheet = open_household(environment, CLERK, household_id, Purpose.RESIDENT_INQUIRY)
    assert [one.record.name for one in sheet.former[wife]] == ["髙橋　美咲", "TAKAHASHI MISAKI"]
    removed = open_removed_record(environment, CLERK, wife, 2, Purpose.RESIDENT_INQUIRY).removed.record
    assert (removed.nationality, removed.removed_reason) == ("USA", "職権消除（帰化等）")


def test_whoever_is_japanese_is_not_naturalised(environment: Environment) -> None:
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.ENTRY_NATURALISATION, household_id)
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, NATURALISED)
    assert list(caught.value.fields) == ["person"]
    case = desk.open_case(environment, CLERK, case.case_number)
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, {"person": str(people[SON])})
    assert "外国人住民だけ" in caught.value.fields["person"]
    case = desk.open_case(environment, CLERK, case.case_number)
    with pytest.raises(NoSuchField):
        desk.save_draft(environment, CLERK, case.case_number, case.version, {"p1.sex": "1"})


@pytest.mark.parametrize("reason", [Reason.RENEWAL_ENTRY, Reason.RESTORATION_ENTRY])
def test_records_are_renewed_by_hand(environment: Environment, reason: Reason) -> None:
    household_id, people = move_in_family(environment, 2)
    case = start(environment, reason, household_id, people[HEAD])
    assert case.typed[f"m.{people[HEAD]}"] == "1"
    with pytest.raises(NoSuchField):
        desk.save_draft(environment, CLERK, case.case_number, case.version, {"town": "1"})
    registered(environment, case, {}, {"change_date": "R8.4.1", f"b.{people[HEAD]}": BIRTHS[HEAD]})
    record = record_of(environment, people[HEAD])
    assert (record.record_no, record.renewed_on is not None) == (2, reason is Reason.RENEWAL_ENTRY)
    assert record_of(environment, people[WIFE]).record_no == 1


def test_somebody_is_removed_after_an_inquiry(environment: Environment) -> None:
    household_id, people = move_in_family(environment, 3)
    case = start(environment, Reason.EX_OFFICIO_REMOVAL, household_id, people[HEAD])
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, {"removed_on": "R8.3.31"})
    assert list(caught.value.fields) == ["new_head"]
    case = desk.open_case(environment, CLERK, case.case_number)
    with pytest.raises(NoSuchField):
        desk.save_draft(environment, CLERK, case.case_number, case.version, {"town": "1"})
    typed = {"new_head": str(people[WIFE]), "remark": "二度の訪問で居住なし"}
    registered(environment, case, typed, {"removed_on": "R8.3.31", f"b.{people[HEAD]}": BIRTHS[HEAD]})
    record = record_of(environment, people[HEAD])
    assert (record.status, record.removed_reason) == ("removed", "職権消除")
    assert record_of(environment, people[WIFE]).relationship == "02"
    with environment.database.transaction() as connection:
        notes = connection.execute("SELECT person_id, item, text FROM register.change_note").fetchall()
    assert notes == [{"person_id": people[HEAD], "item": "removed_reason", "text": "実態調査　二度の訪問で居住なし"}]


def test_somebody_declared_missing_is_removed_on_notice(environment: Environment) -> None:
    """失踪: on the notice of the family register, with a day that nobody knows exactly."""
    household_id, people = move_in_family(environment, 2)
    case = start(environment, Reason.EX_OFFICIO_REMOVAL, household_id, people[WIFE])
    about = "令和8年3月31日頃"
    typed = {"removed_on": about, "cause": "2", "basis": "4"}
    with pytest.raises(EntryIncomplete):
        checked(environment, case, {**typed, "removed_on": "令和8年13月"})
    case = desk.open_case(environment, CLERK, case.case_number)
    registered(environment, case, typed, {"removed_on": about, f"b.{people[WIFE]}": BIRTHS[WIFE]})
    record = record_of(environment, people[WIFE])
    assert record.removed_on is not None
    assert (record.removed_on.wareki, record.removed_basis) == (about, "通知")
