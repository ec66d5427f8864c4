"""The register's file of the assessment as a view: 93 items by their names."""

from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Effect
from daicho.register.takeover.items import NAMES
from daicho.wire.environment import Environment, Row
from tests.people import do_register, move_in_family, plan, record


def _file(env: Environment) -> list[Row]:
    with env.database.transaction() as connection:
        return connection.execute('select * from register.register_file order by "宛名番号"').fetchall()


def test_the_columns_are_the_items(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        found = connection.execute("select * from register.register_file").description
        words = connection.execute("select reason, word, kind from register.reason_word").fetchall()
    assert [column.name for column in found or ()] == ["person_id", "state_id", *NAMES]
    assert {(row["reason"], row["word"], row["kind"]) for row in words} == {
        (reason.value, reason.word, reason.kind.value) for reason in Reason
    }


def test_numbers_are_ids_and_the_head_is_named(environment: Environment) -> None:
    move_in_family(environment, 2)
    head, wife = _file(environment)
    assert isinstance(head["個人番号"], int)
    assert isinstance(wife["住民票コード"], int)
    assert (wife["世帯主漢字氏名"], wife["世帯主カナ氏名"]) == ("髙橋　健一", "タカハシ　ケンイチ")
    assert (head["異動事由"], head["除票区分"], head["生年月日"]) == ("国内転入", "0", "19800312")
    assert head["外国人生年月日"] is None


def test_foreign_residents_fill_their_own_items(environment: Environment) -> None:
    with environment.database.transaction() as connection:
        household_id, person = environment.ids.take(connection, 2)
        one = record(
            household_id, name="NGUYEN VAN AN", is_foreign=True, nationality="VNM",
            settled_on=LegalDate(date(2026, 3, 30)), settled_reason="国内転入", settled_basis="届出",
            settled_notified_on=date(2026, 4, 1), foreign_resident_since=LegalDate(date(2024, 5, 1)),
        )  # fmt: skip
        do_register(connection, environment, plan(Effect(person, "enter", "mover", date(2026, 3, 30), one)))
    [row] = _file(environment)
    filled = (
        "外国人生年月日",
        "外国人住民異動日",
        "外国人住定異動日",
        "外国人住定異動事由",
        "外国人住定届出日",
        "外国人住定届出事由",
    )
    assert [row[name] for name in filled] == ["19800312", "20240501", "20260330", "国内転入", "20260401", "届出"]
    assert [row[name] for name in ("生年月日", "住定異動日", "住定異動事由", "住定届出日", "住定届出事由")] == [
        None
    ] * 5


def test_a_planned_move_out_stands_beside_the_resident_record(environment: Environment) -> None:
    household_id, [person] = move_in_family(environment, 1)
    gone = record(
        household_id, status="moved_out", removed_on=LegalDate(date(2026, 4, 20)), removed_reason="国内転出",
        planned_address="東京都練馬区豊玉北六丁目12番1号",
    )  # fmt: skip
    with environment.database.transaction() as connection:
        wanted = plan(Effect(person, "remove", "mover", date(2026, 4, 20), gone), reason=Reason.MOVE_OUT)
        do_register(connection, environment, wanted)
    [row] = _file(environment)
    assert (row["除票区分"], row["除票異動日"], row["異動事由"]) == ("0", "20260420", "国内転出")
    assert row["転出予定地"] == "東京都練馬区豊玉北六丁目12番1号"
