"""The errors of amendments, names and numbers (codes C100 to C129)."""

from daicho.law.errors import DaichoError


class GroundMissing(DaichoError):
    """An amendment without notification rests on a ground of the closed list (STD 4.2.0.1, 4.2.3.2)."""

    code = "C100"
    happened = "修正の根拠が選ばれていないか、一覧にありません。"
    todo = "根拠の番号を選んでください。"


class NothingAmended(DaichoError):
    """No item gets another value."""

    code = "C101"
    happened = "今の記載と変わるところがありません。"
    todo = "直す項目と新しい記載を確かめてください。"


class ItemNotAmendable(DaichoError):
    """This reason, or this ground, may not touch the item; data: item."""

    code = "C102"
    happened = "「{item}」は、この異動事由・根拠では直せません。"
    todo = "異動事由と根拠を確かめてください。軽微な修正で直せるのは氏名と住所の記載だけです。"


class ItemNotForPerson(DaichoError):
    """The item is kept for Japanese or for foreign residents only; data: item, allowed."""

    code = "C103"
    happened = "「{item}」は{allowed}住民だけの項目です。"
    todo = "対象の人と項目を確かめてください。"


class OnePersonOnly(DaichoError):
    """The item is a person's own and not set for several at once (STD 4.0.6); data: item."""

    code = "C104"
    happened = "「{item}」は、2人以上をまとめて直せません。"
    todo = "1人ずつ直してください。まとめて直せるのは、本籍・筆頭者・転入前住所・未届期間・住所です。"


class NameAlreadyThere(DaichoError):
    """A former family name or common name is recorded already; data: item."""

    code = "C105"
    status = 409
    happened = "この人には{item}がすでに記載されています。"
    todo = "変わったときは、先の{item}を変更または削除してください。"


class NameNotThere(DaichoError):
    """There is no former family name or common name to change or delete; data: item."""

    code = "C106"
    status = 409
    happened = "この人には{item}が記載されていません。"
    todo = "対象の人と異動事由を確かめてください。"


class NumberAlreadyThere(DaichoError):
    """A number is entered ex officio only for somebody who has none; data: item."""

    code = "C107"
    status = 409
    happened = "この人には{item}がすでに記載されています。"
    todo = "番号が変わるときは、変更請求か職権修正で行ってください。"


class NumberNotThere(DaichoError):
    """There is no number to change; data: item."""

    code = "C108"
    status = 409
    happened = "この人には{item}がまだ記載されていません。"
    todo = "職権記載で行ってください。"
