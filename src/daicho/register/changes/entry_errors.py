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


class CategoryNotOfArticle(DaichoError):
    """法30条の46 and 30条の47 are for three of the four classes (法30条の45); nobody becomes transitional by them."""

    code = "C065"
    happened = "経過滞在者は、この届出では記載できません。"
    todo = "30条45区分を確かめてください。出生は出生、国籍喪失は国籍喪失で記載します。"


class NoPreviousAddress(DaichoError):
    """There is no address before (STD 4.5.1, 4.5.2, 4.2.1.1)."""

    code = "C066"
    happened = "この区分では、転入前住所を空欄にします。"
    todo = "転入前住所を消すか、区分を選び直してください。"


class DomesticAddress(DaichoError):
    """The address before is in Japan: then it is a move in from another municipality (法22条)."""

    code = "C067"
    happened = "転入前住所が国内の市区町村です。"
    todo = "国名か国外の住所を入力してください。国内からの転入は「転入」で受け付けます。"
