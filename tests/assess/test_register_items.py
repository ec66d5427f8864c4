"""The 93 items of the register's file: taken over by `import`, held, and written out by `export --csv` unchanged.

One test a group of items; docs/conformance.csv names them. `export --csv` reads the view `register.register_file`.
"""

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from daicho.engine import house, postgres, processes
from daicho.engine.paths import ROOT, DataDir
from daicho.law.numbers import NumberRule, individual_number, resident_code
from daicho.register.takeover.items import NAMES

Cells = dict[str, str]

HEAD = {
    "世帯番号": "00001112",
    "世帯主カナ氏名": "ミホン　イチロウ",
    "世帯主漢字氏名": "見本　一郎",
    "行政区コード": "017",
    "現住所郵便番号": "3600826",
    "現住所自治体コード": "112020",
    "現住所町字コード": "11202002001",
    "現住所": "埼玉県熊谷市赤城町一丁目2番地3",
    "現住所方書コード": "0044",
    "現住所方書": "見本荘101号",
}
JAPANESE = HEAD | {
    "異動事由": "国内転入",
    "宛名番号": "0000000101",
    "除票区分": "0",
    "住民異動日": "20150401",
    "住民届出日": "20150403",
    "住定異動日": "20180601",
    "住定異動事由": "転居",
    "住定届出日": "20180602",
    "住定届出事由": "届出",
    "カナ氏名": "ミホン　イチロウ",
    "漢字氏名": "見本　一郎",
    "性別コード": "1",
    "生年月日": "19750210",
    "続柄コード": "02",
    "本籍自治体コード": "112020",
    "本籍郵便番号": "3600033",
    "本籍": "埼玉県熊谷市曙町5番地",
    "筆頭者漢字": "見本　父郎",
    "旧姓漢字": "旧見本",
    "住民票コード": resident_code("1000000001", NumberRule.SYNTHETIC),
    "前住所自治体コード": "131016",
    "前住所郵便番号": "1000001",
    "前住所": "東京都千代田区千代田1番1号",
    "前住所方書": "前の荘2号",
    "前住所世帯主漢字": "前見　主",
    "未届期間開始": "20150101",
    "未届期間終了": "20150331",
    "付記事項(備考)": "取り込んだ備考",
    "個人番号": individual_number("10000000001", NumberRule.SYNTHETIC),
    "国保資格得喪区分": "1",
    "国保資格退職者医療区分": "2",
    "介護保険資格得喪区分": "3",
    "国民年金記号番号": "1234-567890",
    "国民年金種別区分": "4",
    "国民年金保険区分": "5",
    "国民年金受給区分": "6",
    "児童手当得喪区分": "7",
    "後期高齢得喪区分": "8",
    "福祉医療得喪区分": "9",
    "旧氏 漢字": "旧氏",
    "旧氏 ふりがな": "キュウウジ",
}
FOREIGN = HEAD | {
    "異動事由": "国外転入等",
    "宛名番号": "0000000102",
    "除票区分": "0",
    "カナ氏名": "サンプル　アン",
    "漢字氏名": "SAMPLE ANN",
    "性別コード": "2",
    "続柄コード": "12",
    "外国人本名カナ": "サンプル　アン",
    "外国人本名漢字": "見本　安",
    "外国人通称カナ": "ミホン　アン",
    "外国人通称漢字": "見本　杏",
    "外国人併記名漢字": "三普　安",
    "外国人併記名カナ": "サンプ　アン",
    "国籍コード": "KOR",
    "国籍漢字": "韓国",
    "在留カード等番号": "AB12345678CD",
    "在留資格コード": "ZS03",
    "在留資格漢字": "教授",
    "30の45区分": "1",
    "在留期間": "5年",
    "在留期限満了日": "20990331",
    "外国人生年月日": "19800505",
    "外国人住民異動日": "20160401",
    "外国人住民届出日": "20160402",
    "外国人住定異動日": "20180601",
    "外国人住定異動事由": "転居",
    "外国人住定届出日": "20180602",
    "外国人住定届出事由": "届出",
    "居住地届出フラグ": "1",
    "通称履歴": "平成28年4月2日記載　熊谷市",
}
LEAVING = HEAD | {
    "異動事由": "国内転出",
    "宛名番号": "0000000103",
    "除票区分": "0",
    "カナ氏名": "ミホン　ジロウ",
    "漢字氏名": "見本　次郎",
    "性別コード": "1",
    "生年月日": "20050303",
    "続柄コード": "20",
    "住民異動日": "20150401",
    "転出予定地自治体コード": "131016",
    "転出予定地郵便番号": "1000001",
    "転出予定地": "東京都千代田区千代田1番2号",
    "転出予定地方書": "予定荘3号",
    "転出予定地世帯主漢字": "見本　次郎",
    "除票異動日": "20990401",
    "除票届出日": "20260301",
    "除票異動事由": "国内転出",
    "除票届出事由": "届出",
}
REMOVED = {
    "世帯番号": "00001113",
    "現住所自治体コード": "112020",
    "現住所": "埼玉県熊谷市曙町6番地",
    "異動事由": "国内転出",
    "宛名番号": "0000000104",
    "除票区分": "1",
    "カナ氏名": "モトミ　サブロウ",
    "漢字氏名": "元見　三郎",
    "性別コード": "1",
    "生年月日": "昭和20年頃",
    "続柄コード": "02",
    "転出確定地自治体コード": "131016",
    "転出確定地郵便番号": "1000001",
    "転出確定地": "東京都千代田区千代田1番3号",
    "転出確定地方書": "確定荘4号",
    "転出確定地世帯主漢字": "元見　三郎",
    "最終住民登録地自治体コード": "131016",
    "最終住民登録地郵便番号": "1000001",
    "最終住民登録地": "東京都千代田区千代田1番4号",
    "最終住民登録地方書": "最終荘5号",
    "最終住民登録地世帯主漢字": "元見　祖",
    "除票異動日": "20240331",
    "除票届出日": "20240325",
    "除票異動事由": "国内転出",
    "除票届出事由": "届出",
}


def _daicho(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "daicho.engine", *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def written() -> Iterator[dict[str, Cells]]:
    """The rows that come out again, by addressee number."""
    folder = Path(tempfile.mkdtemp(prefix="daicho-items-"))
    data = DataDir.at(folder)
    source, target = folder / "in.csv", folder / "out.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, NAMES, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([JAPANESE, FOREIGN, LEAVING, REMOVED])
    try:
        _daicho("import", str(source), "--data", str(folder))
        _daicho("export", "--csv", "--output", str(target), "--data", str(folder))
        with target.open(encoding="utf-8", newline="") as file:
            yield {row["宛名番号"]: row for row in csv.DictReader(file)}
    finally:
        processes.end(processes.of_house(data.run))
        postgres.cluster(data).stop_leftover()
        house.remove(data)


def _same(written: dict[str, Cells], row: Cells, first: int, last: int) -> None:
    """Items `first` to `last` of a row are filled in the file and come out as they went in."""
    names = NAMES[first - 1 : last]
    assert all(row.get(name) for name in names), "a row that leaves an item blank proves nothing of it"
    found = written[row["宛名番号"]]
    assert {name: found[name] for name in names} == {name: row[name] for name in names}


def test_household_and_head(written: dict[str, Cells]) -> None:
    for row in (JAPANESE, FOREIGN, LEAVING):
        _same(written, row, 1, 3)


def test_present_address(written: dict[str, Cells]) -> None:
    for row in (JAPANESE, FOREIGN, LEAVING):
        _same(written, row, 4, 10)


def test_reason_addressee_number_and_removal_mark(written: dict[str, Cells]) -> None:
    for row in (JAPANESE, FOREIGN, LEAVING, REMOVED):
        _same(written, row, 11, 13)


def test_resident_since_and_settled_on(written: dict[str, Cells]) -> None:
    _same(written, JAPANESE, 14, 19)


def test_names_sex_birth_and_relationship(written: dict[str, Cells]) -> None:
    _same(written, JAPANESE, 20, 24)
    _same(written, LEAVING, 20, 24)
    _same(written, REMOVED, 20, 24)


def test_domicile_and_family_register(written: dict[str, Cells]) -> None:
    _same(written, JAPANESE, 25, 29)


def test_resident_code(written: dict[str, Cells]) -> None:
    _same(written, JAPANESE, 30, 30)


def test_previous_address(written: dict[str, Cells]) -> None:
    _same(written, JAPANESE, 31, 35)


def test_planned_address(written: dict[str, Cells]) -> None:
    _same(written, LEAVING, 36, 40)


def test_confirmed_and_last_registered_address(written: dict[str, Cells]) -> None:
    _same(written, REMOVED, 41, 50)


def test_unreported_time_and_remarks(written: dict[str, Cells]) -> None:
    _same(written, JAPANESE, 51, 53)


def test_removal(written: dict[str, Cells]) -> None:
    _same(written, LEAVING, 54, 57)
    _same(written, REMOVED, 54, 57)


def test_names_of_foreign_residents(written: dict[str, Cells]) -> None:
    _same(written, FOREIGN, 58, 63)


def test_nationality_and_residence(written: dict[str, Cells]) -> None:
    _same(written, FOREIGN, 64, 71)


def test_dates_of_foreign_residents(written: dict[str, Cells]) -> None:
    _same(written, FOREIGN, 72, 78)


def test_residence_notice_and_common_names_before(written: dict[str, Cells]) -> None:
    _same(written, FOREIGN, 79, 80)


def test_individual_number(written: dict[str, Cells]) -> None:
    _same(written, JAPANESE, 81, 81)


def test_qualifications(written: dict[str, Cells]) -> None:
    _same(written, JAPANESE, 82, 91)


def test_former_family_name(written: dict[str, Cells]) -> None:
    _same(written, JAPANESE, 92, 93)


def test_what_is_blank_stays_blank(written: dict[str, Cells]) -> None:
    for row in (JAPANESE, FOREIGN, LEAVING, REMOVED):
        found = written[row["宛名番号"]]
        assert {name: text for name, text in found.items() if text} == row
