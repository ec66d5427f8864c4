"""What an officer reads when a change of a list cannot be made."""

from daicho.law.errors import DaichoError


class MasterUnreadable(DaichoError):
    """A field has the wrong form or is missing; `field` names it; data: item, hint."""

    code = "M020"
    happened = "{item}を読み取れません。{hint}"
    kept = "一覧は変わっていません。入力した内容は画面に残っています。"
    todo = "印の付いた欄を直してください。"


class MasterOverlap(DaichoError):
    """The same code would hold twice at one time."""

    code = "M021"
    status = 409
    happened = "同じコードの期間が重なります。"
    kept = "一覧は変わっていません。"
    todo = "期間を直すか、今の登録を終える申請を先に行ってください。"


class MasterInUse(DaichoError):
    """The entry is used after the day on which it would end; data: count."""

    code = "M022"
    status = 409
    happened = "この登録は{count}人の記録で使われているため、終えられません。"
    kept = "一覧は変わっていません。"
    todo = "先に住所一括変更などで記録を改めてください。"


class MasterMoved(DaichoError):
    """The draft has been decided, or what it would end is no longer there."""

    code = "M023"
    status = 409
    happened = "この申請は、すでに承認・却下・取下げされているか、終える登録がなくなっています。"
    kept = "一覧は変わっていません。"
    todo = "一覧を開き直してください。"


class NoSuchMaster(DaichoError):
    """There is no such list or entry."""

    code = "M024"
    status = 404
    happened = "その一覧か登録はありません。"
    todo = "マスタの画面から選び直してください。"
