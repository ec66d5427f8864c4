"""Taking over a file into a register: what is taken, what is refused, and that nothing is taken twice."""

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from daicho.engine.databases import DatabaseSettings
from daicho.law.numbers import NumberRule
from daicho.register.exports import canonical, take_over_file
from daicho.register.store import tenant
from daicho.register.takeover import reading
from daicho.register.takeover.errors import BrokenQuoting, FileRefused, FileTooLarge, WrongEncoding, WrongHeader
from daicho.register.takeover.items import ITEMS, NAMES
from daicho.register.takeover.report import summary, write_rows
from daicho.register.takeover.run import Options, TakenFile, take_over
from daicho.wire.environment import Environment
from tests.house_database import House, SettableClock
from tests.takeover.people import Cells, person, text, two_households, write

SYNTHETIC = Options("112020", "熊谷市（合成データ）", processes=1)
REAL = Options("112020", "熊谷市", synthetic=False, processes=1)
Make = Callable[[list[Cells]], TakenFile]


@pytest.fixture
def take(environment: Environment, tmp_path: Path) -> Make:
    """Takes rows over into the register of the test."""
    return lambda rows: take_over(environment, write(tmp_path / "file.csv", rows), SYNTHETIC)


def _found(done: TakenFile) -> list[tuple[int, str, str]]:
    """(row, item name, code) of each finding."""
    return sorted((i.row, ITEMS[i.item].name if i.item >= 0 else "", i.code) for i in done.totals.issues)


def _rows(env: Environment, query: str) -> list[dict[str, Any]]:
    with env.database.transaction() as connection:
        return connection.execute(query.encode()).fetchall()


def test_the_items_are_those_of_the_assessment(repository: Path) -> None:
    with (repository / "spec" / "record-items.csv").open(encoding="utf-8", newline="") as file:
        wanted = [(int(row["no"]), row["item_ja"]) for row in csv.DictReader(file) if row["file"] == "register"]
    assert [(item.no, item.name) for item in ITEMS] == wanted


def test_sound_households_are_taken_as_they_are(environment: Environment, take: Make) -> None:
    done = take(two_households())
    assert done.totals.verdicts == {"taken": 4}
    assert not done.totals.issues
    assert done.totals.filled_before == done.totals.filled_after
    states = _rows(
        environment,
        "select p.addressee_number, s.*, h.household_number from register.resident_state s"
        " join register.person p using (person_id) join register.household h using (household_id) order by 1",
    )
    head, wife, child, old = states
    assert [row["addressee_number"] for row in states] == ["A000001", "A000002", "A000003", "A000004"]
    assert [row["household_number"] for row in states] == ["H1", "H1", "H1", "H2"]
    assert wife["name_kana"] == "タカハシ　ミサキ", "half-width kana are widened"
    assert old["name"] == "渡邉\U000e0119　文子", "selectors are kept"
    assert (old["birth_text"], old["birth"]) == ("昭和20年頃", date(1945, 1, 1))
    assert {row["valid"].lower for row in states[:3]} == {date(2020, 5, 3)}, "the household as it is since the child"
    assert (head["household_order"], child["relationship"]) == (1, "20")
    changes = _rows(environment, "select reason, change_date, taken_over, entrant from register.change order by 2, 1")
    assert [(row["reason"], row["change_date"]) for row in changes] == [
        ("move_in", date(2015, 4, 1)),
        ("move_within", date(2015, 4, 1)),
        ("birth", date(2020, 5, 3)),
    ]
    assert all(row["taken_over"] and row["entrant"] == "takeover" for row in changes)
    assert _rows(environment, "select count(*) as n from register.resident_current") == [{"n": 4}]


def test_columns_go_by_name_in_any_order(environment: Environment, tmp_path: Path) -> None:
    path = write(tmp_path / "file.csv", two_households(), tuple(reversed(NAMES)))
    assert take_over(environment, path, SYNTHETIC).totals.taken == 4


def test_a_second_run_adds_nothing_and_a_longer_file_the_rest(environment: Environment, take: Make) -> None:
    take(two_households())
    before = _rows(environment, "select state_id, known::text from register.resident_state order by 1")
    again = take(two_households())
    assert again.totals.verdicts == {"already": 4}
    assert _rows(environment, "select state_id, known::text from register.resident_state order by 1") == before
    more = take([*two_households(), person(9, "H9")])
    assert more.totals.verdicts == {"already": 4, "taken": 1}
    # A household that grew in the old register meanwhile is not mixed with what stands here.
    grown = take([*two_households(), person(10, "H1", 続柄コード="20")])
    assert grown.totals.verdicts == {"already": 1, "rejected": 4}


def test_a_dry_run_judges_and_writes_nothing(environment: Environment, tmp_path: Path) -> None:
    rows = [*two_households(), person(5, "H3", 性別コード="9")]
    options = Options("112020", "熊谷市", dry_run=True, processes=1)
    done = take_over(environment, write(tmp_path / "file.csv", rows), options)
    assert done.totals.verdicts == {"taken": 4, "rejected": 1}
    assert _rows(environment, "select 1 from register.change union all select 1 from register.tenant") == []


def test_reported_without_any_value(take: Make, tmp_path: Path) -> None:
    rows = two_households()
    rows[1]["漢字氏名"] = "髙橋　\ue123咲"
    done = take(rows)
    write_rows(tmp_path / "report.csv", done.totals.issues)
    report = (tmp_path / "report.csv").read_text(encoding="utf-8")
    assert report.splitlines()[0] == "行番号,判定,項目番号,項目名,コード,理由"
    assert "3,取込み不可,21,漢字氏名,PRIVATE_USE,外字があり、対応する文字が分かりません（U+E123）" in report
    assert report.count("HOUSEHOLD") == 2
    shown = summary(done.totals, digest=done.digest, dry_run=True, synthetic=True)
    assert "取込み不可" in shown
    assert "12          4 →          1  宛名番号" in shown
    for secret in (rows[0]["個人番号"], rows[0]["住民票コード"], "健一"):
        assert secret not in report + shown


_BAD_CELLS = [
    ("宛名番号", "", "MISSING"),
    ("漢字氏名", "", "MISSING"),
    ("生年月日", "", "MISSING"),
    ("生年月日", "19800231x", "DATE"),
    ("生年月日", "S640108", "DATE"),
    ("生年月日", "20270101", "FUTURE"),
    ("住民届出日", "20270101", "FUTURE"),
    ("住民届出日", "昭和20年頃", "NOT_CALENDAR"),
    ("住定異動日", "19700101", "ORDER"),
    ("性別コード", "3", "CODE"),
    ("続柄コード", "77", "CODE"),
    ("除票区分", "2", "CODE"),
    ("国籍コード", "ZZZ", "CODE"),
    ("在留資格コード", "X1", "CODE"),
    ("異動事由", "引越", "WORD"),
    ("住定届出事由", "口頭", "WORD"),
    ("住民票コード", "12345678901", "CHECK_DIGIT"),
    ("個人番号", "12345", "CHECK_DIGIT"),
    ("現住所自治体コード", "112021", "CHECK_DIGIT"),
    ("現住所自治体コード", "131016", "OTHER_CITY"),
    ("現住所郵便番号", "36-0", "FORM"),
    ("現住所町字コード", "1234", "FORM"),
    ("宛名番号", "A 1", "FORM"),
    ("漢字氏名", "髙" * 201, "TOO_LONG"),
    ("付記事項(備考)", "あ" * 2001, "TOO_LONG"),
    ("在留カード等番号", "A" * 41, "TOO_LONG"),
    ("漢字氏名", "\U0001f600　太郎", "CHARACTER"),
    ("漢字氏名", "髙\U000e0110橋　太郎", "SELECTOR"),
    ("除票異動日", "20200101", "STATUS"),
    ("除票異動日", "20270101", "FUTURE"),
]


def test_a_bad_cell_rejects_its_row_and_its_household(take: Make) -> None:
    """One household for each bad cell: a sound head, and the row that has it."""
    rows: list[Cells] = []
    for place, (item, value, _) in enumerate(_BAD_CELLS):
        rows.append(person(2 * place + 1, f"B{place}"))
        rows.append({**person(2 * place + 2, f"B{place}", 続柄コード="20", 生年月日="20100503"), item: value})
    done = take([*rows, person(900, "H900")])
    found = _found(done)
    for place, (item, value, code) in enumerate(_BAD_CELLS):
        assert (2 * place + 3, code) in {(row, one) for row, _, one in found}, (item, value)
        assert (2 * place + 2, "", "HOUSEHOLD") in found
    assert done.totals.verdicts == {"rejected": len(rows), "taken": 1}


def test_a_warning_does_not_hold_a_row_up(take: Make) -> None:
    cases = [
        ("現住所町字コード", "11202999999", "OLD_TOWN"),
        ("本籍自治体コード", "112054", "OLD_CITY"),
        ("世帯主漢字氏名", "別人　太郎", "HEAD_NAME"),
    ]
    done = take([{**person(n, f"H{n}"), item: value} for n, (item, value, _) in enumerate(cases, start=1)])
    assert _found(done) == [(n, item, code) for n, (item, _, code) in enumerate(cases, start=2)]
    assert done.totals.verdicts == {"warned": 3}


def test_household_rules(take: Make) -> None:
    rows = two_households()
    rows[1]["続柄コード"] = "02"
    rows.append(person(5, "H3", 続柄コード="12"))
    rows.append(person(6, "H4", 続柄コード="96", 世帯主漢字氏名="", 世帯主カナ氏名=""))
    rows += [person(7, "H5"), person(8, "H5", 続柄コード="20", 現住所="別の町1番地")]
    done = take(rows)
    codes = {(row, code) for row, _, code in _found(done)}
    assert {(2, "TWO_HEADS"), (3, "TWO_HEADS"), (4, "HOUSEHOLD"), (6, "NO_HEAD"), (7, "HEADLESS")} <= codes
    assert {(8, "TWO_ADDRESSES"), (9, "TWO_ADDRESSES")} <= codes
    assert done.totals.verdicts == {"rejected": 6, "taken": 1, "warned": 1}


def test_numbers_stand_once(environment: Environment, take: Make) -> None:
    rows = two_households()
    rows[3]["個人番号"] = rows[0]["個人番号"]
    done = take(rows)
    assert {(2, "個人番号", "DUPLICATE"), (5, "個人番号", "DUPLICATE")} <= set(_found(done))
    assert done.totals.verdicts == {"rejected": 4}
    take(two_households())
    taken = person(20, "H20", 個人番号=two_households()[0]["個人番号"])
    done = take([taken, person(21, "H21")])
    assert _found(done) == [(2, "", "IN_USE")]
    assert done.totals.verdicts == {"rejected": 1, "taken": 1}
    done = take([person(22, "H2"), person(4, "H23", 住民票コード="", 個人番号="")])
    assert {(row, item) for row, item, code in _found(done) if code == "IN_USE"} == {(2, "世帯番号"), (3, "宛名番号")}


def test_removed_records_and_planned_move_outs(environment: Environment, take: Make) -> None:
    dead = person(30, "H30", 除票区分="1", 除票異動日="20240105", 除票異動事由="死亡", 除票届出日="20240108",
                  除票届出事由="届出", 異動事由="死亡")  # fmt: skip
    leaver = person(31, "H31", 除票異動日="20260420", 除票異動事由="国内転出", 異動事由="国内転出",
                    転出予定地="東京都練馬区豊玉北六丁目12番1号")  # fmt: skip
    unclear = person(32, "H32", 除票区分="1")
    done = take([dead, leaver, unclear])
    assert _found(done) == [(4, "除票異動日", "MISSING")]
    rows = _rows(
        environment,
        "select p.addressee_number as who, c.status, c.removed_from from register.resident_current c"
        " join register.person p using (person_id) order by 1",
    )
    assert rows == [
        {"who": "A000030", "status": "dead", "removed_from": date(2024, 1, 5)},
        {"who": "A000031", "status": "resident", "removed_from": date(2026, 4, 20)},
    ]
    # The head of two plans to go: who heads those that stay is not in the file.
    plans = [{**leaver, "宛名番号": "A40", "世帯番号": "H40", "個人番号": "", "住民票コード": ""},
             person(41, "H40", 続柄コード="12", 性別コード="2")]  # fmt: skip
    assert (3, "続柄コード", "PLANNED_HEAD") in _found(take(plans))


def test_foreign_residents(environment: Environment, take: Make) -> None:
    row = person(50, "H50", 漢字氏名="NGUYEN VAN AN", カナ氏名="グエン　ヴァン　アン", 世帯主漢字氏名="NGUYEN VAN AN",
                 世帯主カナ氏名="グエン　ヴァン　アン", 国籍コード="VNM", 外国人生年月日="19950607", 生年月日="",
                 外国人住民異動日="20220401", 外国人住定異動日="20230501", 外国人住定異動事由="転居", 異動事由="転居",
                 在留資格コード="ZS16", 本籍="", 筆頭者漢字="", 在留期限満了日="20280401")  # fmt: skip
    done = take([row, {**person(51, "H51"), "外国人生年月日": "19800313"}])
    assert _found(done) == [(3, "外国人生年月日", "BOTH_BIRTHS")]
    [found] = _rows(environment, "select * from register.resident_state where is_foreign")
    assert (found["birth"], found["settled_on"]) == (date(1995, 6, 7), date(2023, 5, 1))
    assert found["stay_until"] == date(2028, 4, 1)


def test_each_rule_of_numbers_has_its_own_register(environment: Environment, tmp_path: Path) -> None:
    synthetic = write(tmp_path / "synthetic.csv", two_households())
    real = write(tmp_path / "real.csv", two_households(NumberRule.REAL))
    assert take_over(environment, synthetic, REAL).totals.verdicts == {"rejected": 4}
    assert take_over(environment, real, REAL).totals.taken == 4
    with pytest.raises(tenant.OtherTenant):
        take_over(environment, synthetic, SYNTHETIC)
    with pytest.raises(tenant.OtherTenant):
        take_over(environment, synthetic, Options("112020", "x", dry_run=True))
    with environment.database.transaction() as connection, pytest.raises(canonical.NotSynthetic):
        canonical.write(connection, environment, None)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", WrongHeader),
        (b"\xef\xbb\xbf" + text(two_households()).encode(), WrongEncoding),
        (text(two_households()).replace("\U000e0119", "").encode("cp932"), WrongEncoding),
        (text(two_households(), NAMES[:-1]).encode(), WrongHeader),
        ((text([]).strip() + ",余計\r\n").encode(), WrongHeader),
        (text([]).replace("世帯主カナ氏名", "世帯番号").encode(), WrongHeader),
        (text(two_households()).encode() + b'"unclosed', BrokenQuoting),
        (text(two_households()).encode() + b'"a"b,c', BrokenQuoting),
        (text(two_households()).encode() + b'"' + b"x" * 200_000 + b'"', FileTooLarge),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(tmp_path: Path, content: bytes, error: type[FileRefused]) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(error) as refused:
        reading.read(path)
    assert "一件も取り込んでいません" in refused.value.message


def test_a_refused_file_leaves_no_trace(environment: Environment, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(text(two_households()) + '"unclosed', encoding="utf-8", newline="")
    with pytest.raises(BrokenQuoting):
        take_over(environment, path, SYNTHETIC)
    assert _rows(environment, "select 1 from register.tenant union all select 1 from register.change") == []


def test_a_file_of_unreasonable_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    with pytest.raises(FileTooLarge):
        reading.read(write(tmp_path / "file.csv", two_households()))


def test_a_row_of_another_width_is_rejected_alone(environment: Environment, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(text(two_households()) + "H2,x\r\n", encoding="utf-8", newline="")
    done = take_over(environment, path, SYNTHETIC)
    assert _found(done) == [(6, "", "FIELDS")]
    assert done.totals.taken == 4


def test_many_buckets_and_processes_give_the_same(
    environment: Environment, fresh_database: Callable[[], DatabaseSettings], house: House, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    rows = [person(100 + n, f"H{100 + n // 2}", 続柄コード="02" if n % 2 == 0 else "99") for n in range(60)]
    path = write(tmp_path / "file.csv", rows)
    take_over(environment, path, SYNTHETIC)
    with environment.database.transaction() as connection:
        first = canonical.write(connection, environment, None)
    monkeypatch.setattr(reading, "BYTES_PER_BUCKET", 4_000)
    seen: list[tuple[int, int]] = []
    with house.environment(fresh_database(), SettableClock()) as other:
        done = take_over(
            other, path, Options("112020", SYNTHETIC.name, processes=2), lambda at, of: seen.append((at, of))
        )
        with other.database.transaction() as connection:
            assert canonical.write(connection, other, None) == first
    assert done.totals.taken == 60
    assert len(seen) > 2
    assert seen[-1] == (60, 60)


_KILLED = """
import sys
from daicho.register.environment import current
from daicho.register.takeover import reading
from daicho.register.takeover.run import Options, take_over
from pathlib import Path
reading.BYTES_PER_BUCKET = 20_000
def say(done, rows):
    print(done, flush=True)
    sys.stdin.readline()
take_over(current(), Path(sys.argv[1]), Options("112020", "熊谷市（合成データ）", processes=1), say)
"""


def test_a_run_that_was_killed_goes_on_and_gives_the_same_report(
    environment: Environment,
    database_settings: DatabaseSettings,
    house: House,
    tmp_path: Path,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Household by household from where it stopped; the report is that of a run that was never stopped."""
    rows = [person(1000 + n, f"H{n // 2}", 続柄コード="02" if n % 2 == 0 else "99") for n in range(400)]
    path = write(tmp_path / "file.csv", rows)
    variables = database_settings.variables("app") | {
        "PYTHONPATH": str(repository / "src"),
        "DAICHO_KEYS": str(house.cluster.data.secrets / "keys"),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(path)],
        env=os.environ | variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    done = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdin.close()
    process.stdout.close()
    assert 0 < done < 400
    monkeypatch.setattr(reading, "BYTES_PER_BUCKET", 20_000)
    heard: list[int] = []
    resumed = take_over(environment, path, SYNTHETIC, lambda stored, _: heard.append(stored)).totals
    assert resumed.verdicts == {"taken": 400}
    assert resumed.filled_before == resumed.filled_after
    assert resumed.filled_before[0] == 400
    assert heard[-1] == 400
    assert _rows(environment, "select count(*) as n from register.resident_current") == [{"n": 400}]
    assert _rows(environment, "select count(*) as n from register.takeover_run where finished_at is null") == [{"n": 0}]
    assert take_over(environment, path, SYNTHETIC).totals.verdicts == {"already": 400}


def test_a_run_with_other_buckets_begins_anew(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that sorts the file otherwise cannot go on; what is stored is passed over as taken before."""
    rows = [person(2000 + n, f"H{n}") for n in range(60)]
    rows[7]["性別コード"] = "9"
    path = write(tmp_path / "file.csv", rows)
    monkeypatch.setattr(reading, "BYTES_PER_BUCKET", 5_000)

    class Killed(Exception):
        """The power goes."""

    def stop(stored: int, _: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        take_over(environment, path, SYNTHETIC, stop)
    monkeypatch.setattr(reading, "BYTES_PER_BUCKET", 50_000)
    verdicts = take_over(environment, path, SYNTHETIC).totals.verdicts
    assert verdicts["already"] + verdicts["taken"] == 59
    assert verdicts["already"] > 0
    assert verdicts["rejected"] == 1


def test_what_is_written_out_is_taken_back(
    environment: Environment, fresh_database: Callable[[], DatabaseSettings], house: House, tmp_path: Path, take: Make
) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    leaver = person(31, "H31", 除票異動日="20260420", 除票異動事由="国内転出", 異動事由="国内転出", 転出予定地="東京都")
    take([*two_households(), leaver, person(30, "H30", 除票区分="1", 除票異動日="20240105", 除票異動事由="死亡")])
    _write_out(environment, first)
    with house.environment(fresh_database(), SettableClock()) as other:
        done = take_over(other, first, SYNTHETIC)
        _write_out(other, second)
    assert not [issue for issue in done.totals.issues if issue.rejects]
    assert second.read_bytes() == first.read_bytes()
    assert len(first.read_text(encoding="utf-8").splitlines()) == 7


def _write_out(env: Environment, path: Path) -> None:
    with env.database.transaction() as connection, path.open("w", encoding="utf-8", newline="") as file:
        take_over_file.write(connection, env, file)
