"""What a refused officer reads. The words never say whether a record exists (design, section 6)."""

from daicho.access.reasons import Reason
from daicho.law.errors import DaichoError


class NotAllowed(DaichoError):
    """The officer's roles do not hold the right for this function, or not for this purpose.

    `reasons` say why, for the administrator's page; the officer's sentence does not.
    """

    code = "A001"
    status = 403
    happened = "この操作は行えません。"
    kept = "登録は変わっていません。"
    todo = "必要なときは、係の管理者に権限を確かめてください。"

    def __init__(self, field: str | None = None, *, reasons: tuple[Reason, ...] = (), **data: str | int) -> None:
        """`reasons`: the chain, most general first."""
        super().__init__(field, **data)
        self.reasons = reasons


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


class TerminalCannot(NotAllowed):
    """The class of the terminal does not allow this output; `terminal` is its word, `output` what, `ask` whom to ask."""

    code = "A005"
    happened = "この端末({terminal})からは{output}できません。"
    todo = "必要なときは、{ask}に依頼してください。"


class ConflictingRoles(DaichoError):
    """Roles that one officer may not hold on one day (conflict of duty); `pair` names them."""

    code = "A006"
    status = 409
    happened = "一人の職員が{pair}を兼ねることはできません。"
    kept = "権限は変わっていません。"
    todo = "どちらかの役割を終えてから与えるか、別の職員に与えてください。"
