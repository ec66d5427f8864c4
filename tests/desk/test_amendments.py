"""Amendments from reception to registration: items, names and numbers, and what they leave in the register."""

from datetime import date

import pytest

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.changes.record import ResidentRecord
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk.errors import EntryIncomplete, NoSuchField
from daicho.register.store import code_stock
from daicho.register.store.read import live_rows
from daicho.wire.environment import Connection, Environment
from tests.desk.build import code, number
from tests.desk.test_other_changes import BIRTHS, checked, registered, start
from tests.people import CLERK, do_register, move_in_family, plan, record

HEAD, WIFE, SON, DAUGHTER = range(4)


@pytest.fixture(scope="module")
def environment(module_environment: Environment) -> Environment:
    """One database for all: every test has a family of its own."""
    return module_environment


@pytest.fixture(scope="module")
def owner(module_owner_connection: Connection) -> Connection:
    """What the tables hold."""
    return module_owner_connection


def keys(people: list[int], *places: int) -> dict[str, str]:
    """What the reviewer keys again."""
    return {"change_date": "R8.3.31", **{f"b.{people[place]}": BIRTHS[place] for place in places}}


def last(env: Environment, person_id: int) -> object:
    """The record that holds now."""
    with env.database.transaction() as connection:
        return live_rows(connection, [person_id])[person_id][-1].record


def test_the_head_s_name_and_with_it_the_head_of_the_family(environment: Environment, owner: Connection) -> None:
    """STD 4.2.3.1, 4.2.0.3: on the notice of 法9条2項; the family's head name is the head's own, so it follows."""
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id, people[HEAD])
    assert (case.typed[f"m.{people[HEAD]}"], case.typed[f"m.{people[WIFE]}"]) == ("1", "0")
    typed = {
        "change_date": "-1",
        "ground": "1",
        "items": "11 12",
        "i.name": "高橋 健一",
        "i.name_kana": "たかはし けんいち",
    }
    done = registered(environment, case, typed, keys(people, HEAD))
    change = owner.execute(
        "SELECT reason, basis, ground, notified_on::text FROM register.change WHERE change_id = %s", (done.change_id,)
    ).fetchone()
    assert change == {"reason": "ex_officio_amendment", "basis": "notice", "ground": "1", "notified_on": "2026-04-01"}
    heads = owner.execute(
        'SELECT DISTINCT f."世帯主漢字氏名" AS name, f."世帯主カナ氏名" AS kana FROM register.register_file f'
        ' JOIN register.person p ON p.addressee_number = f."宛名番号" WHERE p.person_id = ANY (%s)',
        (people,),
    ).fetchall()
    assert heads == [{"name": "高橋　健一", "kana": "タカハシ　ケンイチ"}]


def test_domicile_of_the_whole_family_at_once(environment: Environment, owner: Connection) -> None:
    """STD 4.0.6; with a 留意事項 tied to the item (STD 1.1.14)."""
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id)
    typed = {f"m.{one}": "1" for one in people} | {
        "change_date": "-1",
        "ground": "2",
        "i.domicile": "埼玉県熊谷市宮町二丁目47番地",
        "i.family_register_head": "髙橋 健一",
        "note": "転籍による",
    }
    done = registered(environment, case, typed, keys(people, HEAD, WIFE, SON, DAUGHTER))
    notes = owner.execute(
        "SELECT item, text, count(*) AS n FROM register.change_note WHERE change_id = %s GROUP BY 1, 2",
        (done.change_id,),
    ).fetchall()
    assert notes == [{"item": "domicile", "text": "転籍による", "n": 4}]
    assert {last(environment, one).domicile for one in people} == {"埼玉県熊谷市宮町二丁目47番地"}  # type: ignore[attr-defined]


def test_an_address_as_a_minor_amendment(environment: Environment) -> None:
    """STD 4.2.3.2: 住居表示; only the lot is typed, the town stays, all members follow."""
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.MINOR_AMENDMENT, household_id, people[WIFE])
    typed = {
        "change_date": "-1",
        "ground": "5",
        "items": "31",
        "i.town": "肥塚三丁目",
        "i.lot": "7-2",
        "i.building": "-",
    }
    registered(environment, case, typed, keys(people, WIFE))
    assert {last(environment, one).address for one in people} == {"肥塚三丁目7番地2"}  # type: ignore[attr-defined]
    assert {last(environment, one).town_code for one in people} == {"11202046003"}  # type: ignore[attr-defined]
    again = start(environment, Reason.MINOR_AMENDMENT, household_id, people[HEAD], "b")
    registered(
        environment, again, {"change_date": "-1", "ground": "6", "i.building": "ひまわり荘101号"}, keys(people, HEAD)
    )
    assert last(environment, people[SON]).address == "肥塚三丁目7番地2"  # type: ignore[attr-defined]
    once_more = start(environment, Reason.MINOR_AMENDMENT, household_id, people[HEAD], "c")
    registered(environment, once_more, {"change_date": "-1", "ground": "4", "i.lot": "9"}, keys(people, HEAD))
    assert last(environment, people[SON]).building == "ひまわり荘101号"  # type: ignore[attr-defined]
    assert last(environment, people[SON]).address == "肥塚三丁目9番地"  # type: ignore[attr-defined]


ITEMS = {
    "i.name_kana_checked": "1",
    "i.name_reading": "たかはし けんいち",
    "i.name_reading_on": "R8.3.1",
    "i.name_reading_source": "1",
    "i.name_reading_state": "本人が確認",
    "i.adult_ward": "1",
    "i.health_insurance": "1",
    "i.pension_number": "1234567890",
    "i.remarks": "特別養子縁組",
    "i.birth": "S55.3.13",
}


def test_items_of_every_kind_as_they_are_typed(environment: Environment) -> None:
    """Flags, codes by figure and by word, days; a new birth date is keyed again beside the old one."""
    household_id, people = move_in_family(environment)
    case = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id, people[HEAD])
    typed = {"change_date": "-1", "ground": "9", **ITEMS}
    registered(environment, case, typed, {**keys(people, HEAD), "i.birth": "S55.3.13"})
    record = last(environment, people[HEAD])
    assert (record.name_reading, record.name_reading_source, record.name_reading_state) == (  # type: ignore[attr-defined]
        "タカハシ　ケンイチ", "family_register", "confirmed",
    )  # fmt: skip
    assert (record.adult_ward, record.name_kana_checked, record.health_insurance) == (True, True, "1")  # type: ignore[attr-defined]
    assert record.birth.wareki == "昭和55年3月13日"  # type: ignore[attr-defined]
    case = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id, people[HEAD], "b")
    typed = {"change_date": "今日", "ground": "9", "i.adult_ward": "0", "i.remarks": "-"}
    registered(environment, case, typed, {"change_date": "R8.4.1", f"b.{people[HEAD]}": "S55.3.13"})
    record = last(environment, people[HEAD])
    assert (record.adult_ward, record.remarks) == (False, None)  # type: ignore[attr-defined]


def test_errors_stand_at_the_fields_typed(environment: Environment) -> None:
    household_id, people = move_in_family(environment, 2)
    case = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id)
    wrong = {
        "ground": "8", "items": "99 00", "i.adult_ward": "x", "i.name_reading_source": "4", "i.nationality": "ZZZ",
        "i.birth": "x", "i.lot": "x",
    }  # fmt: skip
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, wrong)
    assert set(caught.value.fields) == {"members", "change_date", "i.town", *wrong}
    case = desk.open_case(environment, CLERK, case.case_number)
    good = {"ground": "9", "items": "11", "change_date": "-1", f"m.{people[WIFE]}": "1", "i.name": "髙橋 美咲"}
    cleared = {name: "" for name in wrong if name.startswith("i.")}
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, {**cleared, **good})
    assert list(caught.value.fields) == ["items"]
    found = desk.open_case(environment, CLERK, case.case_number)
    with pytest.raises(NoSuchField):
        desk.save_draft(environment, CLERK, case.case_number, found.version, {"i.status": "dead"})


def test_a_former_name_from_entry_to_deletion(environment: Environment, owner: Connection) -> None:
    """STD 1.1.7: on request, with the day of the request."""
    household_id, people = move_in_family(environment, 2)
    typed = {"change_date": "-1", "i.former_family_name": "斎藤", "i.former_family_name_kana": "サイトウ"}
    for reason, given in (
        (Reason.FORMER_NAME_ENTRY, typed),
        (Reason.FORMER_NAME_CHANGE, typed | {"i.former_family_name": "佐藤"}),
        (Reason.FORMER_NAME_DELETION, {"change_date": "-1"}),
    ):
        case = start(environment, reason, household_id, people[WIFE])
        registered(environment, case, given, keys(people, WIFE))
    found = owner.execute(
        "SELECT s.former_family_name, c.basis FROM register.resident_state s"
        " JOIN register.change c ON c.change_id = s.written_by"
        " WHERE s.person_id = %s AND c.reason LIKE 'former%%' AND s.made_by = s.written_by ORDER BY s.history_no",
        (people[WIFE],),
    ).fetchall()
    assert [(row["former_family_name"], row["basis"]) for row in found] == [
        ("斎藤", "request"), ("佐藤", "request"), (None, "request"),
    ]  # fmt: skip


def _away_and_back(env: Environment, person: int) -> int:
    """Somebody stands in another household with other people for a day, and comes back today; that household."""
    other_id, _ = move_in_family(env, 1)
    home = last(env, person)
    assert isinstance(home, ResidentRecord)
    for on, stays in ((date(2026, 3, 31), {"household_id": other_id, "household_order": 7}), (date(2026, 4, 1), {})):
        with env.database.transaction() as connection:
            do_register(connection, env, plan(Effect(person, "amend", "mover", on, home.with_(**stays))))
    return other_id


def _stays(env: Environment, person: int, *fields: str) -> list[tuple[object, ...]]:
    """The household and some fields of each state known now."""
    with env.database.transaction() as connection:
        rows = live_rows(connection, [person])[person]
    return [(row.record.household_id, *(getattr(row.record, name) for name in fields)) for row in rows]


def test_a_former_name_from_a_day_before_a_stay_in_another_household(environment: Environment) -> None:
    """The name is hers in the household with other people too, of which the change reads nothing."""
    household_id, people = move_in_family(environment, 2)
    other_id = _away_and_back(environment, people[WIFE])
    case = start(environment, Reason.FORMER_NAME_ENTRY, household_id, people[WIFE])
    typed = {"change_date": "-2", "i.former_family_name": "斎藤", "i.former_family_name_kana": "サイトウ"}
    done = registered(environment, case, typed, keys(people, WIFE) | {"change_date": "R8.3.30"})
    assert done.status == "registered"
    assert _stays(environment, people[WIFE], "former_family_name") == [
        (household_id, "斎藤"), (other_id, "斎藤"), (household_id, "斎藤"),
    ]  # fmt: skip


def test_an_address_and_a_relationship_are_those_of_one_household(environment: Environment) -> None:
    """Both stand at one address: what is put right in one household is left alone on the days in the other."""
    household_id, people = move_in_family(environment, 3)
    other_id = _away_and_back(environment, people[SON])
    case = start(environment, Reason.MINOR_AMENDMENT, household_id, people[HEAD])
    typed = {"change_date": "-2", "ground": "5", "i.town": "肥塚三丁目", "i.lot": "7-2", "i.building": "-"}
    registered(environment, case, typed, keys(people, HEAD) | {"change_date": "R8.3.30"})
    case = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id, people[SON])
    typed = {"change_date": "-2", "ground": "9", "items": "23", "i.relationship": "同居人"}
    registered(environment, case, typed, keys(people, SON) | {"change_date": "R8.3.30"})
    assert _stays(environment, people[SON], "relationship", "address") == [
        (household_id, "99", "肥塚三丁目7番地2"), (other_id, "20", "肥塚三丁目112番地4"), (household_id, "99", "肥塚三丁目7番地2"),
    ]  # fmt: skip


def test_an_individual_number_is_changed_and_the_old_one_kept(environment: Environment, owner: Connection) -> None:
    """STD 4.4: released, in the history, free for its right holder; the new one is unique."""
    household_id, people = move_in_family(environment, 2)
    case = start(environment, Reason.INDIVIDUAL_NUMBER_CHANGE, household_id, people[HEAD])
    assert case.typed["person"] == str(people[HEAD])
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, {"change_date": "-1"})
    assert list(caught.value.fields) == ["individual_number"]
    case = desk.open_case(environment, CLERK, case.case_number)
    registered(environment, case, {"change_date": "-1", "individual_number": number(900)}, keys(people, HEAD))
    rows = owner.execute(
        "SELECT released_at IS NOT NULL AS released FROM register.number WHERE person_id = %s"
        " AND kind = 'individual_number' ORDER BY number_id",
        (people[HEAD],),
    ).fetchall()
    assert [row["released"] for row in rows] == [True, False]


def test_a_resident_code_is_drawn_from_the_stock(environment: Environment, owner: Connection) -> None:
    """STD 4.3.1, 4.3.2: without stock nothing is registered; with stock a code nobody typed stands on the person."""
    household_id, people = move_in_family(environment, 2)
    with environment.database.transaction() as connection:
        assert code_stock.add(connection, environment, [code(700), code(701)]) == 2
    case = start(environment, Reason.RESIDENT_CODE_CHANGE, household_id, people[WIFE])
    found = checked(environment, case, {"change_date": "-1"})
    assert [alert.code for alert in found.prepared.plan.alerts] == ["W054"]
    case = desk.open_case(environment, CLERK, case.case_number)
    registered(environment, case, {}, keys(people, WIFE))
    taken = owner.execute("SELECT taken_by FROM register.resident_code_stock WHERE taken_at IS NOT NULL").fetchall()
    assert [row["taken_by"] for row in taken] == [people[WIFE]]
    held = owner.execute(
        "SELECT count(*) AS n FROM register.number WHERE person_id = %s AND kind = 'resident_code' AND released_at IS NULL",
        (people[WIFE],),
    ).fetchone()
    assert held == {"n": 1}


def test_an_error_is_put_right_from_its_first_day(environment: Environment, owner: Connection) -> None:
    """STD 4.2.3.3: a change of its own that names the wrong one; the wrong row stays known."""
    household_id, people = move_in_family(environment, 2)
    with environment.database.transaction() as connection:
        wrong = live_rows(connection, [people[WIFE]])[people[WIFE]][0].made_by
    case = start(environment, Reason.ERROR_CORRECTION, household_id, people[WIFE])
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, case, {"wrong_change": "1", "i.name": "髙橋 美沙希"})
    assert list(caught.value.fields) == ["wrong_change"]
    case = desk.open_case(environment, CLERK, case.case_number)
    done = registered(
        environment, case, {"wrong_change": str(wrong)}, {"change_date": "R8.4.1", f"b.{people[WIFE]}": BIRTHS[WIFE]}
    )
    rows = owner.execute(
        "SELECT s.name, lower(s.valid)::text AS since, upper_inf(s.known) AS live, c.corrects"
        " FROM register.resident_state s JOIN register.change c ON c.change_id = s.written_by"
        " WHERE s.person_id = %s ORDER BY s.state_id",
        (people[WIFE],),
    ).fetchall()
    assert [tuple(row.values()) for row in rows] == [
        ("髙橋　美咲", "2026-03-30", False, None),
        ("髙橋　美沙希", "2026-03-30", True, wrong),
    ]
    assert done.status == "registered"
    both = start(environment, Reason.ERROR_CORRECTION, household_id, None, "b")
    with pytest.raises(EntryIncomplete) as caught:
        checked(environment, both, {f"m.{one}": "1" for one in people} | {"wrong_change": str(wrong), "i.remarks": "x"})
    assert "members" in caught.value.fields


QUALIFICATIONS = {
    "health_insurance": "1",
    "health_insurance_retired": "0",
    "care_insurance": "1",
    "pension_number": "1234567890",
    "pension_kind": "1",
    "pension_insurance": "2",
    "pension_benefit": "0",
    "child_allowance": "1",
    "elderly_medical": "0",
    "welfare_medical": "1",
}
"""Items 82 to 91 of the register's file."""


def test_every_qualification_by_the_form(environment: Environment, owner: Connection) -> None:
    household_id, people = move_in_family(environment, 2)
    case = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id, people[WIFE])
    typed = {"change_date": "-1", "ground": "9"} | {f"i.{name}": value for name, value in QUALIFICATIONS.items()}
    registered(environment, case, typed, keys(people, WIFE))
    row = owner.execute(
        'SELECT f."国保資格得喪区分" AS a, f."国保資格退職者医療区分" AS b, f."介護保険資格得喪区分" AS c,'
        ' f."国民年金記号番号" AS d, f."国民年金種別区分" AS e, f."国民年金保険区分" AS f, f."国民年金受給区分" AS g,'
        ' f."児童手当得喪区分" AS h, f."後期高齢得喪区分" AS i, f."福祉医療得喪区分" AS j FROM register.register_file f'
        ' JOIN register.person p ON p.addressee_number = f."宛名番号" WHERE p.person_id = %s',
        (people[WIFE],),
    ).fetchone()
    assert row is not None
    assert list(row.values()) == list(QUALIFICATIONS.values())


OTHER_QUALIFICATIONS = {
    "electoral_roll": ("1", True),
    "health_insurance_from": ("R8.3.1", date(2026, 3, 1)),
    "health_insurance_to": ("R8.3.20", date(2026, 3, 20)),
    "elderly_medical_from": ("R8.3.2", date(2026, 3, 2)),
    "elderly_medical_to": ("R8.3.21", date(2026, 3, 21)),
    "care_insurance_from": ("R8.3.3", date(2026, 3, 3)),
    "care_insurance_to": ("R8.3.22", date(2026, 3, 22)),
    "pension_from": ("R8.3.4", date(2026, 3, 4)),
    "pension_to": ("R8.3.23", date(2026, 3, 23)),
    "pension_kind_on": ("R8.3.5", date(2026, 3, 5)),
    "child_allowance_from": ("R7.4", "2025-04"),
    "child_allowance_to": ("令和8年3月", "2026-03"),
}
"""What the standard keeps beside the 93 items (STD 1.1.1)."""


def test_the_roll_of_electors_and_the_days_of_qualifications(environment: Environment) -> None:
    """STD 1.1.1: set, kept, put right; a month that is none is told at its field."""
    household_id, people = move_in_family(environment, 2)
    case = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id, people[WIFE])
    typed = {"change_date": "-1", "ground": "9"} | {f"i.{name}": one[0] for name, one in OTHER_QUALIFICATIONS.items()}
    saved = desk.save_draft(
        environment, CLERK, case.case_number, case.version, typed | {"i.child_allowance_to": "R8.13"}
    )
    with pytest.raises(EntryIncomplete) as caught:
        checking.check(environment, CLERK, case.case_number, saved.version)
    assert list(caught.value.fields) == ["i.child_allowance_to"]
    case = desk.open_case(environment, CLERK, case.case_number)
    registered(environment, case, typed, keys(people, WIFE))
    record = last(environment, people[WIFE])
    assert {name: getattr(record, name) for name in OTHER_QUALIFICATIONS} == {
        name: value for name, (_, value) in OTHER_QUALIFICATIONS.items()
    }
    again = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id, people[WIFE], "b")
    typed = {"change_date": "今日", "ground": "9", "i.electoral_roll": "0", "i.care_insurance_to": "-"}
    registered(environment, again, typed, keys(people, WIFE) | {"change_date": "R8.4.1"})
    record = last(environment, people[WIFE])
    assert (record.electoral_roll, record.care_insurance_to) == (False, None)  # type: ignore[attr-defined]
    assert record.pension_from == date(2026, 3, 4)  # type: ignore[attr-defined]


PLACES = {
    "previous_postcode": ("330-0802", "3300802", "前住所郵便番号"),
    "previous_building": ("大宮荘7号", "大宮荘7号", "前住所方書"),
    "last_address": ("群馬県高崎市高松町35番地1", "群馬県高崎市高松町35番地1", "最終住民登録地"),
    "last_building": ("高松荘2号", "高松荘2号", "最終住民登録地方書"),
    "last_postcode": ("〒370-0829", "3700829", "最終住民登録地郵便番号"),
    "domicile": ("東京都豊島区東池袋九丁目2番", "東京都豊島区東池袋九丁目2番", "本籍"),
    "domicile_postcode": ("１７０００１３", "1700013", "本籍郵便番号"),
    "maiden_name": ("旧川", "旧川", "旧姓漢字"),
}
"""Items 26, 29, 32, 34, 47 and 49 of the register's file, with what they belong to."""


def test_places_elsewhere_with_their_postcodes(environment: Environment, owner: Connection) -> None:
    """A municipality follows from its address; seven figures make a postcode."""
    household_id, people = move_in_family(environment, 2)
    case = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id, people[WIFE])
    typed = {"change_date": "-1", "ground": "9"} | {f"i.{name}": one[0] for name, one in PLACES.items()}
    saved = desk.save_draft(environment, CLERK, case.case_number, case.version, typed | {"i.last_postcode": "370"})
    with pytest.raises(EntryIncomplete) as caught:
        checking.check(environment, CLERK, case.case_number, saved.version)
    assert list(caught.value.fields) == ["i.last_postcode"]
    case = desk.open_case(environment, CLERK, case.case_number)
    registered(environment, case, typed, keys(people, WIFE))
    row = owner.execute(
        "SELECT f.* FROM register.register_file f"
        ' JOIN register.person p ON p.addressee_number = f."宛名番号" WHERE p.person_id = %s',
        (people[WIFE],),
    ).fetchone()
    assert row is not None
    assert {name: row[item] for name, (_, _, item) in PLACES.items()} == {
        name: value for name, (_, value, _) in PLACES.items()
    }
    assert (row["最終住民登録地自治体コード"], row["本籍自治体コード"]) == ("102024", "131164")


FOREIGN_NAMES = {
    "foreign_name_kana": ("グエン ヴァン", "グエン　ヴァン", "外国人本名カナ"),
    "parallel_name": ("阮 文", "阮　文", "外国人併記名漢字"),
    "parallel_name_kana": ("グエン ブン", "グエン　ブン", "外国人併記名カナ"),
}
"""Items 58, 62 and 63 of the register's file."""


def test_names_of_a_foreign_resident_by_the_form(environment: Environment, owner: Connection) -> None:
    household_id, person_id = foreigner(environment)
    case = start(environment, Reason.EX_OFFICIO_AMENDMENT, household_id, person_id)
    typed = {"change_date": "-1", "ground": "9"} | {f"i.{name}": one[0] for name, one in FOREIGN_NAMES.items()}
    registered(environment, case, typed, {"change_date": "R8.3.31", f"b.{person_id}": BIRTHS[HEAD]})
    row = owner.execute(
        'SELECT f.* FROM register.register_file f JOIN register.person p ON p.addressee_number = f."宛名番号"'
        " WHERE p.person_id = %s",
        (person_id,),
    ).fetchone()
    assert row is not None
    assert {name: row[item] for name, (_, _, item) in FOREIGN_NAMES.items()} == {
        name: value for name, (_, value, _) in FOREIGN_NAMES.items()
    }


def foreigner(env: Environment) -> tuple[int, int]:
    """Somebody from Viet Nam who lives alone: household and person."""
    with env.database.transaction() as connection:
        household_id, person_id = env.ids.take(connection, 2)
        since = LegalDate(date(2026, 3, 30))
        foreign = record(
            household_id, name="NGUYEN VAN", is_foreign=True, nationality="VNM", nationality_name="ベトナム",
            article_30_45="1", foreign_resident_since=since,
        )  # fmt: skip
        do_register(connection, env, plan(Effect(person_id, "enter", "mover", since.on, foreign)))
    return household_id, person_id


def test_a_common_name_with_its_history(environment: Environment, owner: Connection) -> None:
    """STD 1.1.2, 1.1.7: entered on application, deleted; item 80 says when and where for both."""
    household_id, person_id = foreigner(environment)
    people = [person_id]
    typed = {"change_date": "-1", "i.common_name": "木村 太郎", "i.common_name_kana": "キムラ タロウ"}
    entry = start(environment, Reason.COMMON_NAME_ENTRY, household_id, person_id)
    registered(environment, entry, typed, {"change_date": "R8.3.31", f"b.{person_id}": BIRTHS[HEAD]})
    assert last(environment, person_id).common_name_municipality == "埼玉県熊谷市"  # type: ignore[attr-defined]
    deletion = start(environment, Reason.COMMON_NAME_DELETION, household_id, person_id)
    registered(
        environment, deletion, {"change_date": "今日"}, {"change_date": "R8.4.1", f"b.{person_id}": BIRTHS[HEAD]}
    )
    row = owner.execute(
        'SELECT f."通称履歴" AS history FROM register.register_file f'
        ' JOIN register.person p ON p.addressee_number = f."宛名番号" WHERE p.person_id = ANY (%s)',
        (people,),
    ).fetchone()
    assert row == {"history": "木村　太郎 記載 令和8年3月31日 埼玉県熊谷市；木村　太郎 削除 令和8年4月1日 埼玉県熊谷市"}


def test_the_last_head_stands_on_the_record_of_those_who_have_gone(environment: Environment, owner: Connection) -> None:
    """Items 2 and 3 of the register's file: a household that is gone keeps the name of the head it had."""
    _, people = move_in_family(environment, 2)
    with environment.database.transaction() as connection:
        rows = live_rows(connection, people)
        gone = [
            Effect(one, "remove", "mover", date(2026, 4, 1), rows[one][-1].record.with_(
                status="moved_out", removed_on=LegalDate(date(2026, 4, 1)), removed_reason="国内転出"
            ))
            for one in people
        ]  # fmt: skip
        do_register(connection, environment, plan(*gone))
    names = owner.execute(
        'SELECT f."除票区分" AS removed, f."世帯主漢字氏名" AS head, f."世帯主カナ氏名" AS kana'
        " FROM register.register_file f WHERE f.person_id = ANY (%s)",
        (people,),
    ).fetchall()
    assert names == [{"removed": "1", "head": "髙橋　健一", "kana": "タカハシ　ケンイチ"}] * 2
