"""What an officer reads when a case cannot go on."""

from collections.abc import Mapping

from daicho.law.errors import DaichoError

DRAFT_KEPT = "入力した内容は下書きに残っています。"


class CaseGone(DaichoError):
    """There is no such case, or it is not for this officer: both look the same."""

    code = "K001"
    status = 404
    happened = "その件を表示できません。"
    todo = "待ちの一覧から選び直してください。"


class WrongStatus(DaichoError):
    """The act does not fit the status of the case; data: status (its word)."""

    code = "K002"
    status = 409
    happened = "この件は今「{status}」のため、その操作はできません。"
    kept = DRAFT_KEPT
    todo = "件を開き直して、今の状態を確かめてください。"


class StalePage(DaichoError):
    """The page shows an older version of the case than the one stored."""

    code = "K003"
    status = 409
    happened = "この画面を開いた後に、別の画面でこの件が変わりました。"
    kept = "この画面の入力と、保存されている内容の両方が残っています。"
    todo = "二つを見比べて、どちらを使うか選んでください。"


class PersonClaimed(DaichoError):
    """Another open case holds a person of this one; data: case_number."""

    code = "K004"
    status = 409
    happened = "同じ人の異動が仮登録中です(件 {case_number})。"
    kept = DRAFT_KEPT
    todo = "先の件が登録されるか取り下げられるまで、この件は中断してください。"


class HeldByOther(DaichoError):
    """Another officer works on the case; data: officer, since."""

    code = "K005"
    status = 409
    happened = "この件は{officer}が開いています({since}から)。"
    kept = DRAFT_KEPT
    todo = "引き継ぐときは「引き継ぐ」を選んでください。"


class EntryIncomplete(DaichoError):
    """Fields are missing or cannot be understood; `fields` maps the field to its error sentence."""

    code = "K006"
    happened = "確かめるところが{count}つあります。"
    kept = DRAFT_KEPT
    todo = "印のついた欄を直してください。"

    def __init__(self, fields: Mapping[str, str]) -> None:
        """`fields`: field name → sentence, in the order of the form."""
        super().__init__(field=next(iter(fields), None), count=len(fields))
        self.fields = dict(fields)


class StopsRemain(DaichoError):
    """Something must be settled before the case may go on (tier 3); data: count."""

    code = "K007"
    status = 409
    happened = "決めるまで先へ進めないことが{count}つあります。"
    kept = DRAFT_KEPT
    todo = "「止める」の印がついた項目を先に決めてください。"


class NotAcknowledged(DaichoError):
    """Warnings (tier 2) stand without a reason."""

    code = "K008"
    happened = "注意を確かめた理由が入っていません。"
    kept = DRAFT_KEPT
    todo = "理由の番号を入力してください。"


class UnknownCode(DaichoError):
    """A keyed code is not on its list; data: what."""

    code = "K009"
    happened = "{what}の番号が一覧にありません。"
    kept = DRAFT_KEPT
    todo = "一覧にある番号を入力してください。"


class RegisterChanged(DaichoError):
    """The register is no longer as the plan saw it when the case was checked."""

    code = "K010"
    status = 409
    happened = "確認した後に、台帳の記録が変わりました。"
    kept = DRAFT_KEPT
    todo = "今の記録で前と後をもう一度確かめてください。"


class RekeyMissing(DaichoError):
    """Fields are not keyed again yet, or differ; data: missing, different."""

    code = "K011"
    status = 409
    happened = "打ち直しが終わっていません(違い {different}・まだ {missing})。"
    kept = "打ち直した内容は残っています。"
    todo = "書類を見て、残りの欄を打ち直してください。"


class CommentMissing(DaichoError):
    """A case is returned, refused or parked without saying why."""

    code = "K012"
    happened = "理由が入っていません。"
    kept = DRAFT_KEPT
    todo = "欄を選んで、理由を書いてください。"


class NoForm(DaichoError):
    """There is no form for this reason of a change."""

    code = "K013"
    happened = "この異動事由の届出は、この画面では受け付けていません。"
    todo = "用件を選び直してください。"


class NoSuchField(DaichoError):
    """A field that the case does not have."""

    code = "K014"
    happened = "その欄はこの件にありません。"
    kept = DRAFT_KEPT
    todo = "画面を開き直してください。"
