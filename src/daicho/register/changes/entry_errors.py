"""The errors of entering and ending records (codes C060 to C079), beside those of `errors.py`."""

from daicho.law.errors import DaichoError


class CategoryItemMissing(DaichoError):
    """An item that the class of 法30条の45 demands is blank (STD 1.1.6); data: category, item."""

    code = "C060"
    happened = "{category}の{item}がありません。"
    todo = "{item}を入力してください。在留カードをあとで受け取る人は、上陸許可証による転入の旨を入力してください。"


class CategoryUnknown(DaichoError):
    """The class of 法30条の45 is not on its list."""

    code = "C061"
    happened = "30条45区分が一覧にありません。"
    todo = "1(中長期在留者)、2(特別永住者)、3(一時庇護・仮滞在)、4(経過滞在者)から選んでください。"
