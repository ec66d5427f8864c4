"""Who may have what on a certified copy: authority × item, as the Act says.

By default a copy leaves out what may be left out (Act art. 12(5): head and relationship, registered domicile and
head of the family register, individual number, resident code; art. 30-51 for the items of foreign residents); an
item is printed when it is asked for and the requester may have it. An office (art. 12-2) and a third party
(art. 12-3) never get the two numbers, and the rest only for a stated reason.
"""

from enum import Enum, StrEnum

from daicho.register.paper.errors import ItemNotAllowed, ReasonMissing


class Authority(StrEnum):
    """請求した人の資格; the value is the code that clerks key."""

    SELF = "1"
    HOUSEHOLD_MEMBER = "2"
    LEGAL_REPRESENTATIVE = "3"
    PROXY = "4"
    OFFICE = "5"
    THIRD_PARTY = "6"
    AGENT = "7"

    @property
    def word(self) -> str:
        """The Japanese word of screens and messages."""
        return _AUTHORITY_WORDS[self]

    @property
    def is_outside(self) -> bool:
        """Whether the requester is neither of the household nor acts for one who is: the name must be recorded."""
        return self not in {Authority.SELF, Authority.HOUSEHOLD_MEMBER}


_AUTHORITY_WORDS = {
    Authority.SELF: "本人",
    Authority.HOUSEHOLD_MEMBER: "同じ世帯の人",
    Authority.LEGAL_REPRESENTATIVE: "法定代理人",
    Authority.PROXY: "任意代理人",
    Authority.OFFICE: "国・地方公共団体の機関",
    Authority.THIRD_PARTY: "第三者",
    Authority.AGENT: "特定事務受任者",
}


class Item(StrEnum):
    """What is left out unless asked for."""

    HEAD = "head"
    DOMICILE = "domicile"
    INDIVIDUAL_NUMBER = "individual_number"
    RESIDENT_CODE = "resident_code"
    FOREIGN = "foreign"
    NATIONALITY = "nationality"
    CATEGORY = "category"
    STATUS = "status"
    PERIOD = "period"
    EXPIRY = "expiry"
    CARD = "card"
    REMARKS = "remarks"
    HISTORY = "history"
    SPECIAL = "special"
    COMMON_NAMES = "common_names"
    ADDRESS = "address"
    BUILDING = "building"
    NAMES = "names"
    BIRTH = "birth"
    SEX = "sex"
    SINCE = "since"
    SETTLED = "settled"
    PREVIOUS = "previous"
    SPECIAL_MOVE = "special_move"
    WITHOUT_READINGS = "without_readings"

    @property
    def word(self) -> str:
        """The Japanese word of screens and messages."""
        return _ITEM_WORDS[self]


_ITEM_WORDS = {
    Item.HEAD: "世帯主・続柄",
    Item.DOMICILE: "本籍・筆頭者",
    Item.INDIVIDUAL_NUMBER: "個人番号",
    Item.RESIDENT_CODE: "住民票コード",
    Item.FOREIGN: "国籍・在留資格など",
    Item.NATIONALITY: "国籍・地域だけ",
    Item.CATEGORY: "30条45の区分だけ",
    Item.STATUS: "在留資格だけ",
    Item.PERIOD: "在留期間等だけ",
    Item.EXPIRY: "満了の日だけ",
    Item.CARD: "在留カード等番号だけ",
    Item.REMARKS: "備考",
    Item.HISTORY: "異動の履歴",
    Item.SPECIAL: "特別な事由の履歴",
    Item.COMMON_NAMES: "通称の履歴",
    Item.ADDRESS: "住所",
    Item.BUILDING: "方書",
    Item.NAMES: "旧氏・通称",
    Item.BIRTH: "生年月日",
    Item.SEX: "性別",
    Item.SINCE: "住民となった日",
    Item.SETTLED: "住所を定めた日",
    Item.PREVIOUS: "前の住所・転出先",
    Item.SPECIAL_MOVE: "特例による転出処理済",
    Item.WITHOUT_READINGS: "フリガナは載せない",
}

FOREIGN_PARTS = (Item.NATIONALITY, Item.CATEGORY, Item.STATUS, Item.PERIOD, Item.EXPIRY, Item.CARD)
"""The items of foreign residents one by one (STD 5.1); FOREIGN asks for all of them."""

NUMBERS = frozenset({Item.INDIVIDUAL_NUMBER, Item.RESIDENT_CODE})


def is_asked(item: Item, items: frozenset[Item]) -> bool:
    """Whether an item was asked for, by itself or with all of its group."""
    return item in items or (item in FOREIGN_PARTS and Item.FOREIGN in items)


class Verdict(Enum):
    """What the rule table says of one item for one authority."""

    ALLOWED = "allowed"
    BY_MAIL = "by_mail"
    WITH_REASON = "with_reason"
    REFUSED = "refused"


PLAIN = frozenset(
    {Item.WITHOUT_READINGS, Item.ADDRESS, Item.BUILDING, Item.NAMES, Item.BIRTH, Item.SEX, Item.SINCE, Item.SETTLED}
)
"""What everybody gets who may have the paper at all: items that are never left out of a copy."""

_OUTSIDERS = {Authority.OFFICE, Authority.THIRD_PARTY, Authority.AGENT}


def verdict(authority: Authority, item: Item) -> Verdict:
    """The rule for one item.

    A copy with a number that a proxy asks for is not handed to the proxy but mailed to the resident's address
    (notice of the ministry on the Number Act), hence BY_MAIL.
    """
    if authority in _OUTSIDERS and item not in PLAIN:
        return Verdict.REFUSED if item in NUMBERS else Verdict.WITH_REASON
    if authority is Authority.PROXY and item in NUMBERS:
        return Verdict.BY_MAIL
    return Verdict.ALLOWED


def check_items(authority: Authority, items: frozenset[Item], reason: str) -> None:
    """Refuse (ItemNotAllowed, ReasonMissing) what this authority may not have, or not without a reason."""
    for item in sorted(items):
        found = verdict(authority, item)
        if found is Verdict.REFUSED:
            raise ItemNotAllowed(field="items", item=item.word, authority=authority.word)
        if found is Verdict.WITH_REASON and not reason.strip():
            raise ReasonMissing(field="reason", item=item.word, authority=authority.word)


def must_be_mailed(authority: Authority, items: frozenset[Item]) -> bool:
    """Whether the finished copy goes to the resident's address by mail."""
    return any(verdict(authority, item) is Verdict.BY_MAIL for item in items)


USES: dict[str, str] = {
    "01": "就職・勤め先",
    "02": "入学・学校",
    "03": "運転免許",
    "04": "自動車の登録",
    "05": "不動産の登記",
    "06": "金融機関",
    "07": "年金の手続",
    "08": "手当・給付の手続",
    "09": "相続の手続",
    "10": "裁判・訴え",
    "11": "権利の行使・義務の履行",
    "12": "国や自治体への提出",
    "99": "その他",
}
"""使いみち by code; 99 needs words of its own."""

IDENTITY_DOCUMENTS: dict[str, str] = {
    "1": "個人番号カード",
    "2": "運転免許証",
    "3": "旅券",
    "4": "在留カード等",
    "5": "二点の確認",
    "6": "職員の身分証",
    "7": "資格者証",
}
"""本人確認: what the requester showed (Act art. 12(3), 12-3(5))."""
