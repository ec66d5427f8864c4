"""Japanese names of the fields of a resident record, in the order in which a certificate shows them, and their values."""

import re
from collections.abc import Callable
from datetime import date

from daicho.law.codes import CodeList, find_code
from daicho.law.dates import LegalDate
from daicho.law.eras import FIGURE_SPACE, format_short, format_wareki
from daicho.law.kinship import Relationship
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.amendable import MAIL_NAMES, SOURCES, STATES
from daicho.register.changes.record import ResidentRecord

LABELS: dict[str, str] = {
    "name": "氏名",
    "name_kana": "フリガナ",
    "name_reading": "振り仮名",
    "name_reading_on": "振り仮名の記載日",
    "name_reading_source": "振り仮名のもと",
    "name_reading_state": "振り仮名の確認状態",
    "name_kana_checked": "フリガナ確認",
    "foreign_name_kanji": "氏名(漢字)",
    "foreign_name_kana": "本名フリガナ",
    "common_name": "通称",
    "common_name_kana": "通称フリガナ",
    "common_name_kana_checked": "通称フリガナ確認",
    "common_name_on": "通称の記載日",
    "common_name_municipality": "通称を記載した市区町村",
    "common_name_history": "通称の履歴",
    "parallel_name": "併記名",
    "parallel_name_kana": "併記名フリガナ",
    "former_family_name": "旧氏",
    "former_family_name_kana": "旧氏フリガナ",
    "former_family_name_kana_checked": "旧氏フリガナ確認",
    "former_family_name_reading": "旧氏の振り仮名",
    "former_family_name_reading_on": "旧氏の振り仮名の記載日",
    "maiden_name": "旧姓",
    "birth": "生年月日",
    "sex": "性別",
    "relationship": "続柄",
    "resident_since": "住民となった日",
    "resident_notified_on": "届出日",
    "foreign_resident_since": "外国人住民となった日",
    "foreign_resident_notified_on": "同 届出日",
    "settled_on": "住所を定めた日",
    "settled_reason": "住定事由",
    "settled_notified_on": "住定届出日",
    "settled_basis": "住定の届出・職権",
    "postcode": "郵便番号",
    "address": "住所",
    "building": "方書",
    "previous_address": "転入前住所",
    "previous_building": "転入前方書",
    "previous_head": "転入前世帯主",
    "former_address": "異動前住所",
    "former_building": "異動前方書",
    "domicile": "本籍",
    "family_register_head": "筆頭者",
    "nationality_name": "国籍・地域",
    "article_30_45": "30条の45の区分",
    "residence_status_name": "在留資格",
    "stay_period": "在留期間",
    "stay_until": "在留期限",
    "residence_card_number": "在留カード等番号",
    "planned_on": "転出予定日",
    "planned_address": "転出先(予定)",
    "planned_building": "同 方書",
    "confirmed_on": "転出日(確定)",
    "confirmed_address": "転出先(確定)",
    "confirmed_building": "同 方書(確定)",
    "arrival_notice_on": "転入通知日",
    "last_address": "最終住民登録地",
    "last_building": "同 方書(最終登録地)",
    "last_head": "同 世帯主(最終登録地)",
    "last_postcode": "同 郵便番号(最終登録地)",
    "previous_postcode": "転入前郵便番号",
    "domicile_postcode": "本籍の郵便番号",
    "removed_on": "除票の異動日",
    "removed_reason": "除票の事由",
    "removed_notified_on": "除票の届出日",
    "removed_basis": "除票の届出・職権",
    "unreported_from": "未届期間の始め",
    "unreported_to": "未届期間の終り",
    "alien_registered_on": "旧外登法の登録日",
    "landing_permit": "上陸許可証による転入",
    "residence_notice": "居住地届出",
    "adult_ward": "成年被後見人",
    "electoral_roll": "選挙人名簿",
    "mail_name": "郵便物の宛名",
    "health_insurance": "国民健康保険",
    "health_insurance_from": "国保の資格取得日",
    "health_insurance_to": "国保の資格喪失日",
    "health_insurance_retired": "国保退職者医療",
    "care_insurance": "介護保険",
    "care_insurance_from": "介護保険の資格取得日",
    "care_insurance_to": "介護保険の資格喪失日",
    "pension_number": "基礎年金番号",
    "pension_kind": "年金種別",
    "pension_kind_on": "年金種別の変更日",
    "pension_from": "年金の資格取得日",
    "pension_to": "年金の資格喪失日",
    "pension_insurance": "年金の被保険者",
    "pension_benefit": "年金の受給",
    "child_allowance": "児童手当",
    "child_allowance_from": "児童手当の開始月",
    "child_allowance_to": "児童手当の終了月",
    "elderly_medical": "後期高齢者医療",
    "elderly_medical_from": "後期高齢の資格取得日",
    "elderly_medical_to": "後期高齢の資格喪失日",
    "welfare_medical": "福祉医療",
    "renewed_on": "改製年月日",
    "remarks": "備考",
    "individual_number_id": "個人番号",
    "resident_code_id": "住民票コード",
    "household_id": "世帯",
    "head_absent": "世帯主未設定",
    "status": "住民状態",
}
"""Fields that a screen names. What is not here (codes beside a word) is never shown by itself."""

NUMBERS = ("individual_number_id", "resident_code_id")
REGISTER_FACE = frozenset(
    {"name", "family_register_head", "former_family_name", "common_name", "parallel_name", "foreign_name_kanji",
     "maiden_name"}
)  # fmt: skip
"""What stands in Mincho: names as registered, to the stroke."""

_STATUS = {"resident": "住民", "moved_out": "転出者", "dead": "死亡者", "removed": "その他消除者"}
_SEX = {"1": "男", "2": "女"}


def display(name: str, record: ResidentRecord) -> str:
    """The value of one field in words; "" when nothing is recorded. Numbers never come out of here."""
    value = getattr(record, name)
    if value is None or name in NUMBERS:
        return ""
    return _SPECIAL[name](value) if name in _SPECIAL else _plain(name, value, record)


def short_day(on: date) -> str:
    """平30.9.25, without room for missing figures: where dates do not stand under each other."""
    return format_short(on).replace(FIGURE_SPACE, "")


def month(text: str) -> str:
    """令和8年4月 of 2026-04."""
    return format_wareki(date.fromisoformat(f"{text}-01")).removesuffix("1日")


def town_part(address: str) -> str:
    """石原二丁目 of 石原二丁目15番地."""
    return re.split(r"(?<=丁目)|(?=[0-9])", address, maxsplit=1)[0]


def relationship_word(code: str) -> str:
    """世帯主, 妻, 子の妻 …"""
    return str(Relationship(tuple(code.split("."))).word) if code else ""


def reason_word(code: str) -> str:
    """The word of a reason's code; a taken-over text that is no code is shown as it is."""
    try:
        return Reason(code).word
    except ValueError:
        return code


def _basis_word(code: str) -> str:
    try:
        return Basis(code).word
    except ValueError:
        return code


def _plain(name: str, value: object, record: ResidentRecord) -> str:
    if isinstance(value, LegalDate):
        foreign_birth = name == "birth" and record.is_foreign
        return value.western if foreign_birth else value.wareki
    if isinstance(value, date):
        return LegalDate(value).western if name == "stay_until" else LegalDate(value).wareki
    return str(value)


_SPECIAL: dict[str, Callable[..., str]] = {
    "sex": lambda value: _SEX[value],
    "relationship": relationship_word,
    "status": lambda value: _STATUS[value],
    "settled_reason": reason_word,
    "removed_reason": reason_word,
    "settled_basis": _basis_word,
    "removed_basis": _basis_word,
    "residence_notice": lambda value: "あり" if value == "1" else "なし" if value == "0" else str(value),
    "head_absent": lambda value: "世帯主未設定" if value else "",
    "name_reading_source": lambda value: SOURCES[value],
    "name_reading_state": lambda value: STATES[value],
    "mail_name": lambda value: MAIL_NAMES[value],
    "name_kana_checked": lambda value: "確認済" if value else "",
    "former_family_name_kana_checked": lambda value: "確認済" if value else "",
    "common_name_kana_checked": lambda value: "確認済" if value else "",
    "landing_permit": lambda value: "該当" if value else "",
    "adult_ward": lambda value: "該当" if value else "",
    "electoral_roll": lambda value: "登録あり" if value else "",
    "child_allowance_from": month,
    "child_allowance_to": month,
    "article_30_45": lambda value: find_code(CodeList.ARTICLE_30_45, value).name,
}
