"""What the fields of the forms are called: for errors, comments of a review, and where work stopped."""

import re
from collections.abc import Mapping

from daicho.law.reasons import Basis, Reason
from daicho.register.changes.amendable import ITEMS

FIELD_WORDS: Mapping[str, str] = {
    "basis": "根拠",
    "change_date": "異動日",
    "notifier": "届出人",
    "household": "世帯",
    "members": "異動する人",
    "change": "取り消す異動",
    "new_household": "新しい世帯として戻す",
    "household_kind": "世帯の区分",
    "join_household": "入る世帯",
    "factual_head": "事実上の世帯主",
    "town": "新住所(町名)",
    "lot": "番地",
    "building": "方書",
    "previous_address": "前住所",
    "previous_head": "前住所の世帯主",
    "destination": "転出先",
    "destination_building": "転出先の方書",
    "destination_head": "転出先の世帯主",
    "head": "新しい世帯の世帯主",
    "new_head": "残る世帯の世帯主",
    "parent": "父または母",
    "person": "亡くなった人",
    "died": "死亡日",
    "name": "氏名",
    "name_kana": "フリガナ",
    "birth": "生年月日",
    "sex": "性別",
    "relationship": "続柄",
    "domicile": "本籍",
    "family_register_head": "筆頭者",
    "individual_number": "個人番号",
    "resident_code": "住民票コード",
    "nationality": "国籍・地域",
    "residence_status": "在留資格",
    "article_30_45": "30条45区分",
    "residence_card_number": "在留カード番号",
    "stay_period": "在留期間",
    "stay_until": "在留期間の満了日",
    "foreign_resident_since": "外国人住民となった日",
    "foreign_name_kanji": "氏名(漢字)",
    "common_name": "通称",
    "common_name_kana": "通称フリガナ",
    "ground": "根拠",
    "items": "直す項目",
    "wrong_change": "誤記のあった異動",
    "note": "留意事項",
    "i.town": "住所(町名)",
    "i.lot": "住所(番地)",
    "i.building": "住所(方書)",
    "common_name_on": "通称の記載日",
    "common_name_municipality": "通称の記載市区町村",
    "alien_registered_on": "旧外登法の登録日",
    "residence_notice": "住居地の届出",
    "landing_permit": "上陸許可証",
    "name_reading": "振り仮名",
    "remarks": "備考",
    "kind": "区分",
    "last_address": "最終登録住所地",
    "last_head": "最終登録住所地の世帯主",
    "unreported_from": "未届期間の始め",
    "unreported_to": "未届期間の終り",
    "planned_on": "転出予定日",
    "card_holder": "カードを示した人の行",
    "card_checked": "暗証番号の照合",
    "certificate_data": "転出証明書情報",
    "former_family_name": "旧氏",
    "former_family_name_kana": "旧氏フリガナ",
    "former_family_name_reading": "旧氏の振り仮名",
    "adult_ward": "成年被後見人",
    "acquisition": "帰化・国籍取得の別",
    "removed_on": "消除の日",
    "cause": "消除の理由",
    "remark": "理由の補足",
}
_ABOUT_ONE = {"r.": "続柄", "o.": "並び順", "m.": "異動する人", "b.": "異動する人"}
"""Fields about one member of a household, by their beginning."""
_ONE_PERSON = (Reason.BIRTH, Reason.ENTRY_NATURALISATION, Reason.ENTRY_NATIONALITY_LOSS)
_ROW = re.compile(r"p(\d{1,2})\.(\w+)")


def field_word(reason: Reason, field: str | None, basis: Basis = Basis.NOTIFICATION) -> str:
    """The word of a field: 異動日, 2人目 続柄; the date beside the change date goes by the basis."""
    name = (field or "").removeprefix("f-")
    if name == "notified_on":
        return basis.date_word
    match = _ROW.fullmatch(name)
    if match:
        row = "" if reason in _ONE_PERSON else f"{match[1]}人目 "
        return row + FIELD_WORDS.get(match[2], match[2])
    if name.startswith("i.") and name.removeprefix("i.") in ITEMS:
        return ITEMS[name.removeprefix("i.")].word
    if name[:2] in _ABOUT_ONE:
        return _ABOUT_ONE[name[:2]]
    return _of_reason(reason, name) or FIELD_WORDS.get(name, "")


def _of_reason(reason: Reason, name: str) -> str:
    """Words that depend on what the case is about."""
    if name == "new_head" and reason is Reason.HEAD_CHANGE:
        return "新しい世帯主"
    return "対象の人" if name == "person" and reason is not Reason.DEATH else ""
