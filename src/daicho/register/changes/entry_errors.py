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


class DayUncertain(DaichoError):
    """Only 失踪 may have a day that is unknown or on no calendar (STD 1.1.8)."""

    code = "C062"
    happened = "消除の日が暦にある日ではありません。"
    todo = "年月日を入力してください。不詳の日にできるのは、失踪による消除だけです。"


class NotForeign(DaichoError):
    """The change is for foreign residents only (法30条の45)."""

    code = "C063"
    happened = "この人は外国人住民ではありません。"
    todo = "人と区分を確かめてください。"


class RemovedBeforeBirth(DaichoError):
    """The day of removal lies before the day of birth; data: born."""

    code = "C064"
    happened = "消除の日が生年月日（{born}）より前です。"
    todo = "消除の日と、人を取り違えていないかを確かめてください。"
