"""What a foreign resident's record may not leave blank, by the class of 法30条の45 (STD 1.1.6)."""

from daicho.law.codes import CodeList, codes
from daicho.register.changes.entry_errors import CategoryItemMissing, CategoryUnknown
from daicho.register.changes.notification import ForeignItems
from daicho.register.changes.rules import check_texts, require

MID_TO_LONG_TERM, SPECIAL_PERMANENT, REFUGE, TRANSITIONAL = "1", "2", "3", "4"
"""中長期在留者, 特別永住者, 一時庇護許可者又は仮滞在許可者, 出生又は国籍喪失による経過滞在者."""

_TEXTS = ("foreign_name_kanji", "common_name")
_NEEDED = {
    MID_TO_LONG_TERM: (("residence_card_number", "在留カードの番号"), ("residence_status", "在留資格")),
    SPECIAL_PERMANENT: (("residence_card_number", "特別永住者証明書の番号"),),
    REFUGE: (("stay_until", "上陸期間・仮滞在期間の満了日"),),
    TRANSITIONAL: (),
}


def check_foreign(foreign: ForeignItems, path: str) -> None:
    """Raises CategoryUnknown, CategoryItemMissing, ItemMissing, L601-L603, at the field under `path`.

    Whoever came with a landing permit gets the card later (入管法附則7条): its number may be blank.
    """
    check_texts(foreign, _TEXTS, path)
    require(foreign.nationality, f"{path}nationality", "国籍・地域")
    needed = _NEEDED.get(foreign.article_30_45)
    if needed is None:
        raise CategoryUnknown(f"{path}article_30_45")
    category = codes(CodeList.ARTICLE_30_45)[foreign.article_30_45].name
    for name, item in needed:
        if not getattr(foreign, name) and not (name == "residence_card_number" and foreign.landing_permit):
            raise CategoryItemMissing(f"{path}{name}", category=category, item=item)
