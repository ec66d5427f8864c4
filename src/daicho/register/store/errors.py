"""Errors of the store: what stands between a decided case and its registration."""

from daicho.law.errors import DaichoError


class StaleBefore(DaichoError):
    """The record has changed since the plan was made from it."""

    code = "R001"
    status = 409
    happened = "確認したあとに、この世帯か個人の登録が変わりました。"
    kept = "入力した内容は残っています。登録はしていません。"
    todo = "確認の画面で、いまの登録と入力した内容を見くらべてください。"


class NumberInUse(DaichoError):
    """An individual number or a resident code already stands on another person."""

    code = "R002"
    status = 409
    happened = "入力した番号は、すでに別の人に記録されています。"
    kept = "入力した内容は残っています。登録はしていません。"
    todo = "番号と、同じ人の除票がないかを確かめてください。"


class CardInUse(DaichoError):
    """A residence card already stands on another resident: the one card of a person (STD 4.1.1.2)."""

    code = "M003"
    status = 409
    happened = "入力した在留カード等の番号は、すでに別の住民に記録されています。"
    kept = "入力した内容は残っています。登録はしていません。"
    todo = "カードの番号と、同じ人の記録がないかを確かめてください。"


class SecondHead(DaichoError):
    """Two heads in one household at one time."""

    code = "R003"
    status = 409
    happened = "一つの世帯に世帯主が二人になります。"
    kept = "入力した内容は残っています。登録はしていません。"
    todo = "世帯主と続柄を確かめてください。"


class HouseholdRuleBroken(DaichoError):
    """A household without head, with two addresses, or with two members of one rank (STD 1.1.10, 5.2)."""

    code = "R004"
    status = 409
    happened = "登録すると、世帯の決まりに合わなくなります({rule})。"
    kept = "入力した内容は残っています。登録はしていません。"
    todo = "世帯主・続柄・住所を確かめてください。"


class StateOverlap(DaichoError):
    """Two states of one person for one time: a concurrent writer came first."""

    code = "R005"
    status = 409
    happened = "ほかの人の登録と重なりました。"
    kept = "入力した内容は残っています。登録はしていません。"
    todo = "確認の画面からもう一度進めてください。"


class AlreadyRegistered(DaichoError):
    """The case has been registered before; it is registered once only."""

    code = "R006"
    status = 409
    happened = "この件は、すでに登録されています。"
    kept = "登録は一度だけ行われています。"
    todo = "世帯の画面で登録の内容を確かめてください。"


class UnreadableQuery(DaichoError):
    """A search that has nothing to search for, or would show far too many people."""

    code = "R007"
    happened = "このままでは検索できません({reason})。"
    kept = "入力した内容は残っています。"
    todo = "氏名・カナ・生年月日・住所・番号のいずれかを、もう少し詳しく入れてください。"


class QualificationOfNobody(DaichoError):
    """An office tells of somebody who is not in this register, or whose resident record had ended by that day."""

    code = "R008"
    happened = "その宛名番号の人は、資格の変わる日に住民票がありません。"
    kept = "住民票の資格の欄は変わっていません。"
    todo = "送った部署に、宛名番号と資格の変わる日を確かめてください。"


class QualificationWaits(DaichoError):
    """A change about the person is being worked on: the office's message is taken afterwards, it is sent again by itself."""

    code = "R009"
    status = 503
    happened = "この人の異動を処理しているため、資格の情報はあとで取り込みます。"
    kept = "届いた情報は送った側に残っています。"
    todo = "異動の登録か取下げのあとに、自動で取り込まれます。"
