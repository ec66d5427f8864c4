"""What can go wrong with a batch."""

from daicho.law.errors import DaichoError


class BatchError(DaichoError):
    """Any refusal of the batches."""


class ParameterUnreadable(BatchError):
    """A parameter of a job or a time of a plan cannot be read."""

    code = "J001"
    happened = "{what}が読み取れません。"
    kept = "処理は始まっていません。入力した内容は残っています。"
    todo = "{hint}"


class RunMoved(BatchError):
    """The run has ended, was stopped or goes on meanwhile."""

    code = "J002"
    status = 409
    happened = "この処理は、すでに終わったか、止められたか、再開されています。"
    kept = "処理の状態は変えていません。"
    todo = "画面を開き直して、今の状態を確かめてください。"


class AlreadyWaiting(BatchError):
    """The same job is waiting or running."""

    code = "J003"
    status = 409
    happened = "同じ処理が、実行中か実行待ちです。"
    kept = "新しい処理は始まっていません。"
    todo = "その処理が終わってから、または止めてから起動してください。"


class FileGone(BatchError):
    """The days for which the file was kept are over."""

    code = "J004"
    status = 410
    happened = "保存期間が過ぎたため、この結果ファイルは消去されています。"
    kept = "処理の記録は残っています。"
    todo = "必要なら、もう一度処理を起動してください。"


class PlannerGone(BatchError):
    """Whoever planned the run may not start it any more, or has left."""

    code = "J005"
    status = 403
    happened = "予約した職員のユーザーIDが使えないか、この処理の権限がなくなっています。"
    kept = "処理は実行していません。"
    todo = "権限のある職員が予約し直してください。"


class ApprovalNeeded(BatchError):
    """The results are mass output: they leave through an approval."""

    code = "J006"
    status = 403
    happened = "この結果は大量の個人情報を含むため、ほかの職員の承認がなければ書き出せません。"
    kept = "結果は暗号化して保存しています。"
    todo = "バッチの結果の画面から、承認を申請してください。"


class ListOutdated(BatchError):
    """Somebody on the list must not be shown any more."""

    code = "J007"
    status = 409
    happened = "一覧を作った後に、載せられない人が出ました。"
    kept = "書き出していません。"
    todo = "もう一度処理を起動して、一覧を作り直してください。"
