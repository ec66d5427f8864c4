"""Why an act under four eyes does not go on. None of the sentences tells what the records hold."""

from typing import ClassVar

from daicho.access.errors import NotAllowed
from daicho.law.errors import DaichoError


class RequestUnreadable(DaichoError):
    """Something that a request must say is missing or out of its bounds; `item` names it."""

    code = "Q001"
    happened = "{item}を確かめてください。"
    kept = "まだ申請していません。入力した内容は残っています。"
    todo = "{hint}"


class NothingToDo(DaichoError):
    """No record meets the condition."""

    code = "Q002"
    status = 409
    happened = "条件に合う記録はありません。"
    kept = "申請していません。"
    todo = "条件を確かめてください。"


class ApprovalMoved(DaichoError):
    """The request has been decided, withdrawn, voided or carried out; `state` says which."""

    code = "Q003"
    status = 409
    happened = "この申請は、すでに{state}です。"
    kept = "何も実行していません。"
    todo = "一覧を開き直してください。"


class OwnApproval(NotAllowed):
    """Whoever asked, or whose own rights it is about, may not decide; whoever asked or approved may not witness."""

    code = "Q004"
    happened = "申請した人、承認した人、その権限の本人は、この役を兼ねられません。"
    kept = "申請はそのまま残っています。"
    todo = "ほかの職員に依頼してください。"


class SeenOtherwise(DaichoError):
    """What was shown to the officer is not what is asked for: the page is old or was tampered with."""

    code = "Q005"
    status = 409
    happened = "表示していた内容と、申請の内容が違います。"
    kept = "申請はそのまま残っています。まだ承認していません。"
    todo = "開き直して、内容を読み直してください。"


class NotApprovedYet(DaichoError):
    """The act needs the approval of another officer first, or the presence of a witness; `lack` says what."""

    code = "Q006"
    status = 409
    happened = "{lack}がまだありません。"
    kept = "何も実行していません。"
    todo = "{who}に依頼してください。"


class ApprovalExpired(DaichoError):
    """The time of the request is over."""

    code = "Q007"
    status = 409
    happened = "この申請は期限を過ぎました。"
    kept = "何も実行していません。"
    todo = "必要なときは、もう一度申請してください。"


class ApproverLost(DaichoError):
    """The approver no longer holds the right to approve: the approval does not carry the act any more."""

    code = "Q008"
    status = 409
    happened = "承認した職員が、今は承認の権限を持っていません。"
    kept = "何も実行していません。"
    todo = "申請を取り下げて、もう一度申請してください。"


class Voids(DaichoError):
    """What was approved is not what would be done: the approval is void. `why` is kept with it."""

    status = 409
    why: ClassVar[str] = ""


class ConditionChanged(Voids):
    """The condition is another one than that which was approved."""

    code = "Q009"
    why = "condition"
    happened = "承認された条件と、今の条件が違います。承認は無効になりました。"
    kept = "何も実行していません。"
    todo = "今の条件でもう一度申請してください。"


class RowsMoved(Voids):
    """More or fewer records than were approved, beyond the tolerance that the request states."""

    code = "Q010"
    why = "rows"
    happened = (
        "申請のときは{asked}件、今は{live}件です。差が申請の範囲({tolerance}件)を超えたため、承認は無効になりました。"
    )
    kept = "何も実行していません。"
    todo = "今の件数でもう一度申請してください。"


class RequestAltered(DaichoError):
    """A request in the database does not match its own digest: somebody changed a row."""

    code = "Q011"
    status = 500
    happened = "申請の記録が書き換えられています。"
    kept = "何も実行していません。"
    todo = "連絡番号を管理者に知らせてください。"


class OutputGone(DaichoError):
    """The file was received, or kept longer than it may be, and has been erased."""

    code = "Q012"
    status = 410
    happened = "このファイルは、受領の確認の後か保管の期限の後に消去されました。"
    kept = "何を出力したかの記録は残っています。"
    todo = "必要なときは、もう一度申請してください。"
