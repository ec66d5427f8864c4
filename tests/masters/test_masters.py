"""Lists kept by the city: two officers, periods without overlap, what is in use stays, law learns of them (STD 1.3)."""

from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest

from daicho.access.errors import NotAllowed, SameOfficer
from daicho.law import tables
from daicho.law.codes import CodeList, codes
from daicho.law.dates import parse_date
from daicho.law.eras import format_wareki
from daicho.law.periods import business_days_later, is_city_holiday
from daicho.law.towns import municipality_of, suggest_municipalities, town_of_code, towns
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk.addresses import building_code, buildings_at, district_of, find_town, suggest_towns
from daicho.register.masters.errors import MasterInUse, MasterMoved, MasterOverlap, MasterUnreadable, NoSuchMaster
from daicho.register.masters.lists import LISTS, check_entry, list_of
from daicho.register.masters.live import EVERY, bring_up_to_date
from daicho.register.masters.store import (
    Proposal,
    approve,
    drafts,
    drop,
    entries,
    lots_of,
    propose,
    rooms_of,
    waiting_drafts,
)
from daicho.register.paper.masters import in_force
from daicho.register.store import tenant
from daicho.register.store.query import read_query
from daicho.wire.environment import Connection, Environment
from tests.desk.build import provisional
from tests.house_database import SettableClock
from tests.people import CLERK, REVIEWER, actor, move_in_family

OTHER = actor("reviewer2", "reviewer")
TODAY = date(2026, 4, 1)
NEW_TOWN = "11202999000"
TOWN = {"postcode": "3600999", "kana": "アタラシマチ"}


@pytest.fixture(autouse=True)
def files_again() -> Iterator[None]:
    """What a test gives to law is taken back."""
    yield
    tables.give({})


def ask(env: Environment, key: str, code: str, kind: str = "add", **more: object) -> int:
    """A draft by the clerk."""
    values: dict[str, object] = {
        "name": "新町",
        "data": {},
        "valid_from": TODAY,
        "source": "告示",
        "reason": "告示第1号",
    }
    return propose(env, CLERK, Proposal(list=key, code=code, kind=kind, **{**values, **more}))  # type: ignore[arg-type]


def put(env: Environment, key: str, code: str, kind: str = "add", **more: object) -> None:
    """Approved by the reviewer and given to law."""
    approve(env, REVIEWER, ask(env, key, code, kind, **more))
    bring_up_to_date(env, now=True)


def states(env: Environment, key: str, code: str, on: date) -> list[tuple[str, str]]:
    """(name, state) of a code on a day."""
    with env.database.transaction() as connection:
        return [(e.name, e.state) for e in entries(connection, list_of(key), on) if e.code == code]


def test_a_new_town_is_used_once_another_officer_has_approved_it(environment: Environment) -> None:
    change_id = ask(environment, "town", NEW_TOWN, data=TOWN)
    with environment.database.transaction() as connection:
        [draft] = drafts(connection, "town")
        assert (draft.change_id, draft.word, waiting_drafts(connection)) == (change_id, "追加", 1)
    assert town_of_code(NEW_TOWN) is None
    with pytest.raises(NotAllowed):
        approve(environment, CLERK, change_id)
    own = propose(environment, REVIEWER, Proposal(list="place", code="09", kind="add", name="臨時窓口", data={},
                                                  valid_from=TODAY, source="", reason="確定申告期"))  # fmt: skip
    with pytest.raises(SameOfficer):
        approve(environment, REVIEWER, own)
    assert approve(environment, REVIEWER, change_id) == "town"
    assert bring_up_to_date(environment, now=True)
    town = town_of_code(NEW_TOWN)
    assert town is not None
    assert (town.name, town.postcode, len(towns())) == (
        "新町",
        "3600999",
        len(tables.file_table("kumagaya_towns.csv")) + 1,
    )
    assert [one.code for one in suggest_towns("アタラシ")] == [NEW_TOWN]
    with pytest.raises(MasterMoved):
        approve(environment, REVIEWER, change_id)


def test_a_future_value_is_seen_ahead_and_used_on_its_day(environment: Environment, clock: SettableClock) -> None:
    """As of a later day the list shows what will hold; law changes on the day by itself."""
    code = "11202002001"
    put(environment, "town", code, "replace", name="赤城町壱丁目", data={"postcode": "3600826", "kana": "アカギチョウ"},
        valid_from=date(2026, 5, 1))  # fmt: skip
    assert states(environment, "town", code, TODAY) == [("赤城町一丁目", "live"), ("赤城町壱丁目", "scheduled")]
    assert states(environment, "town", code, date(2026, 5, 1)) == [("赤城町一丁目", "ended"), ("赤城町壱丁目", "live")]
    assert towns()[code].name == "赤城町一丁目"
    clock.advance(days=30)
    assert bring_up_to_date(environment)
    assert towns()[code].name == "赤城町壱丁目"
    put(environment, "town", code, "end", name="", valid_from=date(2026, 6, 1))
    clock.advance(days=40)
    bring_up_to_date(environment)
    assert code not in towns()


def test_a_new_era_by_data_alone(environment: Environment, clock: SettableClock) -> None:
    """STD 1.3.6: 令和 gets its last day, the new one begins; dates and searches know it at once."""
    first = date(2026, 5, 1)
    put(environment, "era", "5", "replace", name="令和",
        data={"letter": "R", "first_day": "2019-05-01", "last_recorded_day": "2026-04-30"})  # fmt: skip
    put(environment, "era", "6", name="新元", data={"letter": "X", "first_day": "2026-05-01"})
    clock.advance(days=31)
    assert format_wareki(first) == "新元元年5月1日"
    assert parse_date("X1.5.1", date(2026, 6, 1)) == first
    assert parse_date("6010501", date(2026, 6, 1)) == first
    born = read_query("新元元年", date(2026, 6, 1)).born
    assert born is not None
    assert born[0] == first


def test_what_law_reads(environment: Environment) -> None:
    """Countries, residence statuses, municipalities, days of the city, districts, buildings, lots."""
    put(environment, "nationality", "XNW", name="新国")
    put(environment, "residence_status", "ZS99", name="新しい在留資格", data={"class": "1"})
    put(environment, "municipality", "119999", name="新市", data={"pref": "埼玉県", "kana": "シンシ", "type": "city"})
    put(environment, "city_day", "2026-08-14", name="庁舎点検", data={"kind": "closed"})
    put(environment, "city_day", "2026-04-04", name="休日開庁", data={"kind": "open"})
    put(environment, "district", "A1", name="中央地区", data={"towns": "11202001000 11202002001"})
    put(environment, "building", "B0001", name="パークハイツ", data={"town": "11202002001", "lot": "214-3"})
    put(environment, "lot", "11202002001-00214-0003", name="214番地3")
    assert codes(CodeList.NATIONALITY)["XNW"].name == "新国"
    assert codes(CodeList.NATIONALITY)["XXA"].name == "無国籍"
    assert codes(CodeList.RESIDENCE_STATUS)["ZS99"].group == "1"
    assert [one.code for one in suggest_municipalities("埼玉県新市")] == ["119999"]
    found = municipality_of("埼玉県新市一丁目")
    assert found is not None
    assert found.code == "119999"
    assert (is_city_holiday(date(2026, 8, 14)), is_city_holiday(date(2026, 4, 4))) == (True, False)
    assert business_days_later(date(2026, 8, 13), 1) == date(2026, 8, 17)
    assert (district_of("11202002001"), district_of("11202003000")) == ("A1", None)
    assert buildings_at("赤城町1丁目", "214-3") == (("B0001", "パークハイツ"),)
    assert buildings_at("赤城町1丁目", "x") == ()
    assert building_code("11202002001", "214番地3", "パークハイツ205号") == "B0001"
    assert building_code("11202002001", "214番地3", None) is None
    with environment.database.transaction() as connection:
        assert lots_of(connection, "11202002001", "214", TODAY) == ["214番地3"]
        assert lots_of(connection, "11202002001", "9", TODAY) == []


def test_periods_of_a_code_never_overlap(environment: Environment) -> None:
    put(environment, "place", "01", name="本庁", valid_to=date(2026, 12, 31))
    with pytest.raises(MasterOverlap):
        ask(environment, "place", "01", name="本庁舎", valid_from=date(2026, 12, 31))
    with pytest.raises(MasterOverlap):
        ask(environment, "town", "11202002001", data=TOWN)
    first, second = (ask(environment, "place", "02", name=name) for name in ("大里", "大里庁舎"))
    approve(environment, REVIEWER, first)
    with pytest.raises(MasterOverlap):
        approve(environment, REVIEWER, second)
    put(environment, "place", "01", name="本庁舎", valid_from=date(2027, 1, 1))


def test_what_is_in_use_is_not_ended(
    environment: Environment, owner_connection: Connection, clock: SettableClock
) -> None:
    """A town in which people live; told at the draft, and again by the database at the approval."""
    code = "11202002001"
    free = ask(environment, "town", code, "end", name="", valid_from=date(2026, 6, 1))
    move_in_family(environment)
    owner_connection.execute("UPDATE register.resident_current SET town_code = %s", (code,))
    with pytest.raises(MasterInUse) as caught:
        ask(environment, "town", code, "end", name="", valid_from=date(2026, 6, 1))
    assert "4人" in caught.value.message
    with pytest.raises(MasterInUse):
        approve(environment, REVIEWER, free)
    assert states(environment, "town", code, date(2026, 7, 1)) == [("赤城町一丁目", "live")]


@pytest.mark.parametrize(
    ("key", "code", "more", "field"),
    [
        ("town", "1120", {"data": TOWN}, "code"),
        ("town", NEW_TOWN, {"data": TOWN, "name": ""}, "name"),
        ("town", NEW_TOWN, {"data": {**TOWN, "postcode": "12"}}, "postcode"),
        ("town", NEW_TOWN, {"data": TOWN, "reason": " "}, "reason"),
        ("town", NEW_TOWN, {"data": TOWN, "valid_to": TODAY - timedelta(days=1)}, "valid_to"),
        ("town", "11202002001", {"kind": "end", "valid_from": TODAY - timedelta(days=1)}, "valid_from"),
        ("fee", "household_copy", {"kind": "end"}, "kind"),
        ("seal", "mayor", {"data": {"svg": "x"}}, "svg"),
    ],
)
def test_what_cannot_be_read(
    environment: Environment, key: str, code: str, more: dict[str, object], field: str
) -> None:
    if key == "fee":
        put(environment, "fee", code, name="写し", data={"yen": "300"})
    with pytest.raises(MasterUnreadable) as caught:
        ask(environment, key, code, **more)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_unknown_lists_entries_and_drafts(environment: Environment) -> None:
    with pytest.raises(NoSuchMaster):
        ask(environment, "nothing", "1")
    with pytest.raises(NoSuchMaster):
        ask(environment, "town", NEW_TOWN, "end", name="")
    with pytest.raises(NoSuchMaster):
        approve(environment, REVIEWER, 1)


def test_drafts_are_taken_back_or_refused(environment: Environment) -> None:
    mine, theirs = ask(environment, "place", "01", name="本庁"), ask(environment, "place", "02", name="大里")
    assert drop(environment, CLERK, mine) == "place"
    with pytest.raises(NotAllowed):
        drop(environment, actor("clerk2", "clerk"), theirs)
    drop(environment, REVIEWER, theirs, "名前が違います")
    with pytest.raises(MasterMoved):
        drop(environment, REVIEWER, theirs)
    with environment.database.transaction() as connection:
        rows = connection.execute("SELECT code, status, note FROM register.code_change ORDER BY code").fetchall()
        acts = connection.execute("SELECT act FROM trail.entry ORDER BY entry_id").fetchall()
    assert [(row["status"], row["note"]) for row in rows] == [("withdrawn", ""), ("refused", "名前が違います")]
    assert [row["act"] for row in acts] == ["master.propose", "master.propose", "master.withdraw", "master.refuse"]


def test_two_end_the_same_entry(environment: Environment) -> None:
    """The second approval finds nothing to end any more."""
    put(environment, "place", "01", name="本庁")
    first, second = (ask(environment, "place", "01", "end", name="", valid_from=date(2026, 5, d)) for d in (1, 2))
    approve(environment, REVIEWER, first)
    with pytest.raises(MasterMoved):
        approve(environment, REVIEWER, second)


def test_an_acting_mayor_attests_in_his_days_only(environment: Environment, clock: SettableClock) -> None:
    """STD 1.3.9, 1.3.7: registered ahead; the papers change over and back by themselves. Fees by their day."""
    with environment.database.transaction() as connection:
        tenant.ensure(connection, "112020", "熊谷市", synthetic=True)
    put(environment, "attestor", "acting", name="副台　帳子", data={"title": "埼玉県熊谷市長職務代理者　熊谷市副市長"},
        valid_from=date(2026, 6, 1), valid_to=date(2026, 6, 30))  # fmt: skip
    put(environment, "seal", "acting", name="職務代理者の印", data={"svg": "<svg x></svg>", "size_mm": "24", "specimen": "1"},
        valid_from=date(2026, 6, 1), valid_to=date(2026, 6, 30))  # fmt: skip
    put(environment, "fee", "household_copy", name="住民票の写し", data={"yen": "300"}, valid_from=date(2026, 10, 1))
    with pytest.raises(MasterOverlap):
        put(environment, "seal", "mayor", name="市長の印", data={"svg": "<svg y></svg>", "size_mm": "24"},
            valid_from=date(2026, 5, 1))  # fmt: skip
    with environment.database.transaction() as connection:
        titles = [
            in_force(connection, day).masters.title[-4:]
            for day in (date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1))
        ]
        seals = [
            in_force(connection, day).masters.seal.svg
            for day in (date(2026, 5, 31), date(2026, 6, 1), date(2026, 7, 1))
        ]
        fees = connection.execute(
            "SELECT yen FROM register.paper_fee WHERE kind = 'household_copy' ORDER BY valid"
        ).fetchall()
    assert titles == ["熊谷市長", "市副市長", "市副市長", "熊谷市長"]
    assert (seals[0] == seals[2], seals[1]) == (True, "<svg x></svg>")
    assert [row["yen"] for row in fees] == [200, 300]


def test_the_database_lets_nobody_in_by_another_way(environment: Environment, owner_connection: Connection) -> None:
    put(environment, "place", "01", name="本庁")
    change_id = ask(environment, "place", "02", name="大里")
    for statement in (
        "UPDATE register.code_entry SET name = 'x'",
        "DELETE FROM register.code_entry",
        "UPDATE register.code_change SET reason = 'x'",
        "DELETE FROM register.code_change",
    ):
        with pytest.raises(psycopg.errors.IntegrityError):
            owner_connection.execute(statement.encode())
    with pytest.raises(psycopg.errors.CheckViolation):
        owner_connection.execute(
            "SELECT register.approve_code_change(%s::bigint, 'clerk1', now(), ARRAY[1, 2, 3, 4]::bigint[])",
            (change_id,),
        )
    with pytest.raises(psycopg.errors.InsufficientPrivilege), environment.database.transaction() as connection:
        connection.execute("UPDATE register.code_change SET status = 'approved'")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), environment.database.transaction() as connection:
        connection.execute("INSERT INTO register.code_entry SELECT * FROM register.code_entry")


def test_a_running_house_looks_at_most_every_few_seconds(environment: Environment, clock: SettableClock) -> None:
    assert bring_up_to_date(environment)
    assert not bring_up_to_date(environment)
    approve(environment, REVIEWER, ask(environment, "town", NEW_TOWN, data=TOWN))
    assert not bring_up_to_date(environment)
    clock.advance(seconds=EVERY.total_seconds())
    assert bring_up_to_date(environment)
    assert NEW_TOWN in towns()
    clock.advance(seconds=EVERY.total_seconds())
    assert not bring_up_to_date(environment)


def test_the_release_fills_the_lists_first() -> None:
    """Every entry of the files passes the rules of its list."""
    for which in LISTS.values():
        for base in which.base():
            if which.key != "municipality":
                check_entry(which, base.code, base.name, base.data)
    assert len(list_of("town").base()) == len(towns())


def test_a_move_in_gets_district_and_building_codes(environment: Environment) -> None:
    """Items 4 and 9 of the register's file follow from what the city has registered (STD 1.3.4, 1.3.5)."""
    from daicho.register.desk import case as desk
    from daicho.register.desk import check as checking
    from tests.desk.build import family_typed, receive
    from tests.people import CLERK

    put(environment, "district", "A1", name="中央地区", data={"towns": "11202002001"})
    put(environment, "building", "B0001", name="パークハイツ", data={"town": "11202002001", "lot": "214-3"})
    case = receive(environment)
    typed = family_typed(1) | {"town": "赤城町一丁目", "lot": "214-3", "building": "パークハイツ205号"}
    saved = desk.save_draft(environment, CLERK, case.case_number, case.version, typed)
    prepared = checking.check(environment, CLERK, case.case_number, saved.version).prepared
    [effect] = prepared.plan.effects
    assert (effect.record.district_code, effect.record.building_code) == ("A1", "B0001")


def test_a_typed_lot_is_held_against_the_list_of_its_town(environment: Environment) -> None:
    """STD 1.3.2: a town whose lots are listed warns of any other; a town without a list warns of none."""

    def warned(sending: str) -> list[str]:
        case = provisional(environment, sending=sending)
        seen = checking.check(environment, CLERK, case.case_number, case.version)
        desk.withdraw(environment, CLERK, case.case_number, seen.case.version, "取りやめ")
        return [one.sentence for one in seen.prepared.plan.alerts if one.code == "W074"]

    assert warned("a") == []
    town = find_town("籠原南一丁目").code
    put(environment, "lot", f"{town}-00215-0000", name="215番地")
    assert warned("b") == ["番地「214番地3」は、この町の地番・住居表示の一覧にありません。書類で確かめてください。"]
    put(environment, "lot", f"{town}-00214-0003", name="214番地3")
    assert warned("c") == []


def test_rooms_of_a_building_have_numbers_and_stand_in_their_order(environment: Environment) -> None:
    """STD 1.3.2: 205 before 1003, whatever their names; of another building none."""
    for number, name in (("01003", "1003号室"), ("00205", "205号室")):
        put(environment, "room", f"PARK1-{number}", name=name)
    put(environment, "room", "PARK12-00101", name="101号室")
    with environment.database.transaction() as connection:
        assert rooms_of(connection, "PARK1", TODAY) == ["205号室", "1003号室"]
        assert rooms_of(connection, "NONE", TODAY) == []
    with pytest.raises(MasterUnreadable):
        ask(environment, "room", "PARK1-205")
