"""What a refused officer reads. The words never say whether a record exists (design, section 6)."""

from daicho.law.errors import DaichoError


class NotAllowed(DaichoError):
    """The officer's roles do not hold the right for this function, or not for this purpose."""

    code = "A001"
    status = 403
    happened = "この操作は行えません。"
    kept = "登録は変わっていません。"
    todo = "必要なときは、係の管理者に権限を確かめてください。"


class NotAvailable(DaichoError):
    """A person, household or case that is not there, or that this officer may not see: both look the same."""

    code = "A002"
    status = 404
    happened = "該当する記録を表示できません。"
    kept = "登録は変わっていません。"
    todo = "検索からやり直すか、係の管理者に確かめてください。"


class SameOfficer(DaichoError):
    """The officer who entered a case may not review or decide it (four eyes)."""

    code = "A003"
    status = 403
    happened = "自分が入力した件は、審査・決裁できません。"
    kept = "入力した内容はそのまま残っています。"
    todo = "ほかの審査担当者に依頼してください。"


class PurposeMissing(DaichoError):
    """The function needs a purpose and none was given."""

    code = "A004"
    status = 422
    happened = "利用目的が選ばれていません。"
    kept = "登録は変わっていません。"
    todo = "利用目的を選んで、もう一度行ってください。"
