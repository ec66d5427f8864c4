"""Which items of a resident record may be amended, by which reasons, and what kind of value each holds.

Forms, check page and person screen read this one table. `key` are two figures for the keyboard, not an official code.
What is not here follows from other changes: status, household, order, numbers, planned and confirmed destinations.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from daicho.law.reasons import Nationality, Reason

Kind = Literal[
    "text", "kana", "short", "day", "any_day", "legal_day", "sex", "relationship", "flag", "reading_source",
    "reading_state",
    "mail_name", "nationality", "residence_status", "article_30_45",
    "postcode", "month",
]  # fmt: skip
"""`text` is printed and must have its glyphs, `short` is a code or figure; `any_day` may lie in the future; a `postcode` has
seven figures, a `month` is kept as 2026-04."""


class Item(NamedTuple):
    """One amendable item. `together`: may be set for several members at once; `needed`: may not be blank (STD 1.1.6)."""

    key: str
    word: str
    kind: Kind
    reasons: frozenset[Reason]
    whose: Nationality | None = None
    together: bool = False
    needed: bool = False


_CORRECTION = frozenset({Reason.ERROR_CORRECTION})
_PLAIN = _CORRECTION | {Reason.EX_OFFICIO_AMENDMENT}
_MINOR = _PLAIN | {Reason.MINOR_AMENDMENT}
_FORMER = _CORRECTION | {Reason.FORMER_NAME_ENTRY, Reason.FORMER_NAME_CHANGE}
_COMMON = _CORRECTION | {Reason.COMMON_NAME_ENTRY}
_JP, _FR = Nationality.JAPANESE, Nationality.FOREIGN

ITEMS: Mapping[str, Item] = {
    "name": Item("11", "氏名", "text", _MINOR, needed=True),
    "name_kana": Item("12", "フリガナ", "kana", _PLAIN),
    "name_kana_checked": Item("13", "フリガナ確認", "flag", _PLAIN),
    "name_reading": Item("14", "振り仮名", "kana", _PLAIN, _JP),
    "name_reading_on": Item("15", "振り仮名の記載日", "day", _PLAIN, _JP),
    "name_reading_source": Item("16", "振り仮名のもと", "reading_source", _PLAIN, _JP),
    "name_reading_state": Item("17", "振り仮名の確認状態", "reading_state", _PLAIN, _JP),
    "birth": Item("21", "生年月日", "legal_day", _PLAIN, needed=True),
    "sex": Item("22", "性別", "sex", _PLAIN, needed=True),
    "relationship": Item("23", "続柄", "relationship", _PLAIN, needed=True),
    "resident_since": Item("24", "住民となった日", "legal_day", _PLAIN, needed=True),
    "resident_notified_on": Item("25", "届出日", "day", _PLAIN),
    "settled_on": Item("26", "住所を定めた日", "legal_day", _PLAIN),
    "settled_notified_on": Item("27", "住定届出日", "day", _PLAIN),
    "previous_address": Item("32", "転入前住所", "text", _MINOR, together=True),
    "previous_building": Item("33", "転入前方書", "text", _MINOR, together=True),
    "previous_head": Item("34", "転入前世帯主", "text", _PLAIN, together=True),
    "previous_postcode": Item("35", "転入前郵便番号", "postcode", _PLAIN, together=True),
    "last_address": Item("36", "最終登録地", "text", _PLAIN, together=True),
    "last_building": Item("37", "最終登録地方書", "text", _PLAIN, together=True),
    "last_head": Item("38", "最終登録地世帯主", "text", _PLAIN, together=True),
    "last_postcode": Item("39", "最終登録地郵便番号", "postcode", _PLAIN, together=True),
    "domicile": Item("41", "本籍", "text", _MINOR, _JP, together=True, needed=True),
    "family_register_head": Item("42", "筆頭者", "text", _PLAIN, _JP, together=True, needed=True),
    "domicile_postcode": Item("43", "本籍の郵便番号", "postcode", _PLAIN, _JP, together=True),
    "former_family_name": Item("51", "旧氏", "text", _FORMER | {Reason.MINOR_AMENDMENT}, _JP),
    "former_family_name_kana": Item("52", "旧氏フリガナ", "kana", _FORMER | _PLAIN, _JP),
    "former_family_name_kana_checked": Item("53", "旧氏フリガナ確認", "flag", _FORMER | _PLAIN, _JP),
    "former_family_name_reading": Item("54", "旧氏の振り仮名", "kana", _FORMER | _PLAIN, _JP),
    "former_family_name_reading_on": Item("55", "旧氏の振り仮名の記載日", "day", _FORMER | _PLAIN, _JP),
    "maiden_name": Item("56", "旧姓", "text", _PLAIN, _JP),
    "foreign_name_kanji": Item("61", "氏名(漢字)", "text", _MINOR, _FR),
    "foreign_name_kana": Item("62", "本名フリガナ", "kana", _PLAIN, _FR),
    "common_name": Item("63", "通称", "text", _COMMON | {Reason.MINOR_AMENDMENT}, _FR),
    "common_name_kana": Item("64", "通称フリガナ", "kana", _COMMON | _PLAIN, _FR),
    "common_name_kana_checked": Item("65", "通称フリガナ確認", "flag", _COMMON | _PLAIN, _FR),
    "common_name_on": Item("66", "通称の記載日", "day", _PLAIN, _FR),
    "common_name_municipality": Item("67", "通称を記載した市区町村", "text", _PLAIN, _FR),
    "common_name_history": Item("68", "通称の履歴", "text", _CORRECTION, _FR),
    "parallel_name": Item("69", "併記名", "text", _PLAIN, _FR),
    "parallel_name_kana": Item("70", "併記名フリガナ", "kana", _PLAIN, _FR),
    "mail_name": Item("60", "郵便物の宛名", "mail_name", _PLAIN, _FR),
    "nationality": Item("71", "国籍・地域", "nationality", _PLAIN, _FR, needed=True),
    "article_30_45": Item("72", "30条の45の区分", "article_30_45", _PLAIN, _FR, needed=True),
    "residence_status": Item("73", "在留資格", "residence_status", _PLAIN, _FR),
    "stay_period": Item("74", "在留期間", "short", _PLAIN, _FR),
    "stay_until": Item("75", "在留期限", "any_day", _PLAIN, _FR),
    "residence_card_number": Item("76", "在留カード等番号", "short", _PLAIN, _FR),
    "foreign_resident_since": Item("77", "外国人住民となった日", "legal_day", _PLAIN, _FR, needed=True),
    "foreign_resident_notified_on": Item("78", "外国人住民の届出日", "day", _PLAIN, _FR),
    "alien_registered_on": Item("79", "旧外登法の登録日", "legal_day", _PLAIN, _FR),
    "landing_permit": Item("80", "上陸許可証による転入", "flag", _PLAIN, _FR),
    "residence_notice": Item("81", "居住地届出", "short", _PLAIN, _FR),
    "unreported_from": Item("82", "未届期間の始め", "day", _PLAIN, together=True),
    "unreported_to": Item("83", "未届期間の終り", "day", _PLAIN, together=True),
    "adult_ward": Item("84", "成年被後見人", "flag", _PLAIN),
    "remarks": Item("85", "備考", "text", _PLAIN),
    "health_insurance": Item("91", "国民健康保険", "short", _PLAIN),
    "health_insurance_retired": Item("92", "国保退職者医療", "short", _PLAIN),
    "care_insurance": Item("93", "介護保険", "short", _PLAIN),
    "pension_number": Item("94", "基礎年金番号", "short", _PLAIN),
    "pension_kind": Item("95", "年金種別", "short", _PLAIN),
    "pension_insurance": Item("96", "年金の被保険者", "short", _PLAIN),
    "pension_benefit": Item("97", "年金の受給", "short", _PLAIN),
    "child_allowance": Item("98", "児童手当", "short", _PLAIN),
    "elderly_medical": Item("99", "後期高齢者医療", "short", _PLAIN),
    "welfare_medical": Item("90", "福祉医療", "short", _PLAIN),
    "electoral_roll": Item("86", "選挙人名簿", "flag", _PLAIN, _JP),
    "health_insurance_from": Item("01", "国保の資格取得日", "day", _PLAIN),
    "health_insurance_to": Item("02", "国保の資格喪失日", "any_day", _PLAIN),
    "elderly_medical_from": Item("03", "後期高齢の資格取得日", "day", _PLAIN),
    "elderly_medical_to": Item("04", "後期高齢の資格喪失日", "any_day", _PLAIN),
    "care_insurance_from": Item("05", "介護保険の資格取得日", "day", _PLAIN),
    "care_insurance_to": Item("06", "介護保険の資格喪失日", "any_day", _PLAIN),
    "pension_from": Item("07", "年金の資格取得日", "day", _PLAIN),
    "pension_to": Item("08", "年金の資格喪失日", "any_day", _PLAIN),
    "pension_kind_on": Item("09", "年金種別の変更日", "day", _PLAIN),
    "child_allowance_from": Item("10", "児童手当の開始月", "month", _PLAIN),
    "child_allowance_to": Item("20", "児童手当の終了月", "month", _PLAIN),
}
"""Field of the record → item, in the order in which forms show them."""

ADDRESS = Item("31", "住所", "text", _MINOR, needed=True)
"""The address of the whole household: town, lot and building are typed in fields of their own."""

NAME_ITEMS = frozenset({"name", "foreign_name_kanji", "common_name", "former_family_name"})
"""What a minor amendment may touch of a name (STD 4.2.3.2)."""

SOURCES: Mapping[str, str] = {"family_register": "戸籍", "notice": "通知", "ex_officio": "職権"}
"""Where the 振り仮名 comes from."""
MAIL_NAMES: Mapping[str, str] = {"registered": "氏名", "common": "通称", "both": "氏名と通称"}
"""郵便物送付コード (STD 1.1.19)."""
STATES: Mapping[str, str] = {"confirmed": "本人が確認", "notified": "通知のまま"}
"""確認状態 of the 振り仮名."""


def items_of(reason: Reason) -> Mapping[str, Item]:
    """The items that a reason may touch, the address left out."""
    return {name: item for name, item in ITEMS.items() if reason in item.reasons}
