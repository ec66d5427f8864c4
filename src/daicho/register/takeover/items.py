"""The 93 items of the take-over file, with the field of the resident record that each one fills.

Names and order are those of spec/record-items.csv (file = register). `kind` says how a cell is read; `key` items are
dealt with one by one in `judge`.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "key", "name", "kana", "text", "short", "date", "any_date", "legal", "postcode", "municipality", "town", "reason",
    "basis", "sex", "relationship", "nationality", "residence_status", "article_30_45", "resident_code",
    "individual_number",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One column: number, name, field of the record (blank for keys), kind of cell."""

    no: int
    name: str
    field: str
    kind: Kind


def _places(first: int, word: str, prefix: str) -> list[tuple[int, str, str, Kind]]:
    return [
        (first, f"{word}自治体コード", f"{prefix}_municipality", "municipality"),
        (first + 1, f"{word}郵便番号", f"{prefix}_postcode", "postcode"),
        (first + 2, word, f"{prefix}_address", "text"),
        (first + 3, f"{word}方書", f"{prefix}_building", "text"),
        (first + 4, f"{word}世帯主漢字", f"{prefix}_head", "name"),
    ]


_ALL: list[tuple[int, str, str, Kind]] = [
    (1, "世帯番号", "", "key"),
    (2, "世帯主カナ氏名", "", "key"),
    (3, "世帯主漢字氏名", "", "key"),
    (4, "行政区コード", "district_code", "short"),
    (5, "現住所郵便番号", "postcode", "postcode"),
    (6, "現住所自治体コード", "municipality_code", "municipality"),
    (7, "現住所町字コード", "town_code", "town"),
    (8, "現住所", "address", "text"),
    (9, "現住所方書コード", "building_code", "short"),
    (10, "現住所方書", "building", "text"),
    (11, "異動事由", "", "key"),
    (12, "宛名番号", "", "key"),
    (13, "除票区分", "", "key"),
    (14, "住民異動日", "resident_since", "legal"),
    (15, "住民届出日", "resident_notified_on", "date"),
    (16, "住定異動日", "settled_on", "legal"),
    (17, "住定異動事由", "settled_reason", "reason"),
    (18, "住定届出日", "settled_notified_on", "date"),
    (19, "住定届出事由", "settled_basis", "basis"),
    (20, "カナ氏名", "name_kana", "kana"),
    (21, "漢字氏名", "name", "name"),
    (22, "性別コード", "sex", "sex"),
    (23, "生年月日", "birth", "legal"),
    (24, "続柄コード", "relationship", "relationship"),
    (25, "本籍自治体コード", "domicile_municipality", "municipality"),
    (26, "本籍郵便番号", "domicile_postcode", "postcode"),
    (27, "本籍", "domicile", "text"),
    (28, "筆頭者漢字", "family_register_head", "name"),
    (29, "旧姓漢字", "maiden_name", "name"),
    (30, "住民票コード", "resident_code_id", "resident_code"),
    *_places(31, "前住所", "previous"),
    *_places(36, "転出予定地", "planned"),
    *_places(41, "転出確定地", "confirmed"),
    *_places(46, "最終住民登録地", "last"),
    (51, "未届期間開始", "unreported_from", "date"),
    (52, "未届期間終了", "unreported_to", "date"),
    (53, "付記事項(備考)", "remarks", "text"),
    (54, "除票異動日", "removed_on", "legal"),
    (55, "除票届出日", "removed_notified_on", "date"),
    (56, "除票異動事由", "removed_reason", "reason"),
    (57, "除票届出事由", "removed_basis", "basis"),
    (58, "外国人本名カナ", "foreign_name_kana", "kana"),
    (59, "外国人本名漢字", "foreign_name_kanji", "name"),
    (60, "外国人通称カナ", "common_name_kana", "kana"),
    (61, "外国人通称漢字", "common_name", "name"),
    (62, "外国人併記名漢字", "parallel_name", "name"),
    (63, "外国人併記名カナ", "parallel_name_kana", "kana"),
    (64, "国籍コード", "nationality", "nationality"),
    (65, "国籍漢字", "nationality_name", "text"),
    (66, "在留カード等番号", "residence_card_number", "short"),
    (67, "在留資格コード", "residence_status", "residence_status"),
    (68, "在留資格漢字", "residence_status_name", "text"),
    (69, "30の45区分", "article_30_45", "article_30_45"),
    (70, "在留期間", "stay_period", "text"),
    (71, "在留期限満了日", "stay_until", "any_date"),
    (72, "外国人生年月日", "birth", "legal"),
    (73, "外国人住民異動日", "foreign_resident_since", "legal"),
    (74, "外国人住民届出日", "foreign_resident_notified_on", "date"),
    (75, "外国人住定異動日", "settled_on", "legal"),
    (76, "外国人住定異動事由", "settled_reason", "reason"),
    (77, "外国人住定届出日", "settled_notified_on", "date"),
    (78, "外国人住定届出事由", "settled_basis", "basis"),
    (79, "居住地届出フラグ", "residence_notice", "short"),
    (80, "通称履歴", "common_name_history", "text"),
    (81, "個人番号", "individual_number_id", "individual_number"),
    (82, "国保資格得喪区分", "health_insurance", "short"),
    (83, "国保資格退職者医療区分", "health_insurance_retired", "short"),
    (84, "介護保険資格得喪区分", "care_insurance", "short"),
    (85, "国民年金記号番号", "pension_number", "short"),
    (86, "国民年金種別区分", "pension_kind", "short"),
    (87, "国民年金保険区分", "pension_insurance", "short"),
    (88, "国民年金受給区分", "pension_benefit", "short"),
    (89, "児童手当得喪区分", "child_allowance", "short"),
    (90, "後期高齢得喪区分", "elderly_medical", "short"),
    (91, "福祉医療得喪区分", "welfare_medical", "short"),
    (92, "旧氏 漢字", "former_family_name", "name"),
    (93, "旧氏 ふりがな", "former_family_name_kana", "kana"),
]

ITEMS: tuple[Item, ...] = tuple(Item(*row) for row in _ALL)
NAMES: tuple[str, ...] = tuple(item.name for item in ITEMS)
HOUSEHOLD_NUMBER, HEAD_KANA, HEAD_NAME, REASON, ADDRESSEE_NUMBER, REMOVED = 0, 1, 2, 10, 11, 12
"""Places (from 0) of the key items in a row that is in the order of the list."""
RESIDENT_CODE, INDIVIDUAL_NUMBER, BIRTH, FOREIGN_BIRTH, SETTLED, FOREIGN_SETTLED = 29, 80, 22, 71, 15, 74
