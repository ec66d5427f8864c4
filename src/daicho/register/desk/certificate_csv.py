"""The same data as a CSV (STD 10.8): what stands on a 転出証明書, a line a person, read from paper by whatever means.

The first line names the columns; those of the household (前住所, 世帯主, 転出予定年月日) are read from the first person's line.
"""

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Any

from daicho.law.dates import UnreadableDate, parse_date

HOUSEHOLD: Mapping[str, str] = {"前住所": "address", "前住所の世帯主": "head", "転出予定年月日": "planned_on"}
PERSON: Mapping[str, str] = {
    "氏名": "name",
    "フリガナ": "name_kana",
    "生年月日": "birth",
    "性別": "sex",
    "続柄": "relationship",
    "本籍": "domicile",
    "筆頭者": "family_register_head",
    "個人番号": "individual_number",
    "住民票コード": "resident_code",
    "旧氏": "former_family_name",
    "旧氏フリガナ": "former_family_name_kana",
    "国籍・地域": "nationality",
    "在留資格": "residence_status",
    "30条45区分": "article_30_45",
    "在留カード等番号": "residence_card_number",
    "在留期間等": "stay_period",
    "在留期間の満了の日": "stay_until",
    "外国人住民となった年月日": "foreign_resident_since",
    "通称": "common_name",
    "通称フリガナ": "common_name_kana",
}
MISSING = "CSVの見出し"


def is_csv(text: str) -> bool:
    """Whether a text is meant as a CSV: its first line holds columns and no data of the network."""
    first = text.lstrip("\ufeff \n\r\t").partition("\n")[0]
    return not first.startswith("{") and "," in first


def data_of(text: str, today: date) -> dict[str, Any] | str:
    """The data as the network's form takes them, or the word of what cannot be read."""
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff").strip()), strict=False))
    columns = [cell.strip() for cell in rows[0]]
    unknown = [name for name in columns if name not in HOUSEHOLD and name not in PERSON]
    if unknown or not {"氏名", "生年月日", "性別", "前住所", "転出予定年月日"} <= set(columns) or len(rows) < 2:
        return MISSING
    people = [dict(zip(columns, (cell.strip() for cell in row), strict=False)) for row in rows[1:] if any(row)]
    first = people[0]
    try:
        planned = parse_date(first.get("転出予定年月日", ""), today, future=True)
    except UnreadableDate:
        return "転出予定年月日"
    return {
        "address": first.get("前住所", ""),
        "head": first.get("前住所の世帯主", ""),
        "planned_on": planned.isoformat(),
        "by_card": False,
        "persons": [{PERSON[name]: text for name, text in one.items() if name in PERSON} for one in people],
    }
