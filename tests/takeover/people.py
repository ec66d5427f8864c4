"""Take-over files for tests: two sound households, and ways to spoil them."""

import csv
import io
from pathlib import Path

from daicho.law.numbers import NumberRule, individual_number, resident_code
from daicho.register.takeover.items import NAMES

Cells = dict[str, str]


def person(serial: int, household: str, rule: NumberRule = NumberRule.SYNTHETIC, **changes: str) -> Cells:
    """A resident of the city, head of a household at 肥塚三丁目112番地4, unless said otherwise."""
    cells = {
        "世帯番号": household,
        "世帯主カナ氏名": "タカハシ　ケンイチ",
        "世帯主漢字氏名": "髙橋　健一",
        "現住所郵便番号": "3600000",
        "現住所自治体コード": "112020",
        "現住所": "肥塚三丁目112番地4",
        "異動事由": "国内転入",
        "宛名番号": f"A{serial:06d}",
        "除票区分": "0",
        "住民異動日": "20150401",
        "住民届出日": "20150403",
        "住定異動日": "H270401",
        "住定異動事由": "国内転入",
        "住定届出日": "20150403",
        "住定届出事由": "届出",
        "カナ氏名": "タカハシ　ケンイチ",
        "漢字氏名": "髙橋　健一",
        "性別コード": "1",
        "生年月日": "S550312",
        "続柄コード": "02",
        "本籍": "埼玉県熊谷市肥塚三丁目112番地",
        "筆頭者漢字": "髙橋　健一",
        "住民票コード": resident_code(f"{serial:010d}", rule),
        "個人番号": individual_number(f"{serial:011d}", rule),
    }
    return {**cells, **changes}


def two_households(rule: NumberRule = NumberRule.SYNTHETIC) -> list[Cells]:
    """A couple with a child in H1, one person alone in H2."""
    return [
        person(1, "H1", rule),
        person(2, "H1", rule, カナ氏名="ﾀｶﾊｼ ﾐｻｷ", 漢字氏名="髙橋　美咲", 性別コード="2", 続柄コード="12"),
        person(
            3, "H1", rule, カナ氏名="タカハシ　レン", 漢字氏名="髙橋　蓮", 生年月日="20200503", 続柄コード="20",
            異動事由="出生", 住定異動事由="出生", 住定異動日="20200503", 住民異動日="20200503", 住民届出日="20200510",
            住定届出日="20200510", 住定届出事由="職権",
        ),
        person(
            4, "H2", rule, 世帯主漢字氏名="渡邉\U000e0119　文子", 世帯主カナ氏名="ワタナベ　フミコ", 漢字氏名="渡邉\U000e0119　文子",
            カナ氏名="ワタナベ　フミコ", 性別コード="2", 生年月日="昭和20年頃", 現住所="石原二丁目15番地", 異動事由="転居",
        ),
    ]  # fmt: skip


def text(rows: list[Cells], names: tuple[str, ...] = NAMES) -> str:
    """The rows as a take-over file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(path: Path, rows: list[Cells], names: tuple[str, ...] = NAMES) -> Path:
    """The rows in a file."""
    path.write_text(text(rows, names), encoding="utf-8", newline="")
    return path
