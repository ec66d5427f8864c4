"""Errors of suppression and protection. None says why somebody is suppressed, or who seeks whom."""

from daicho.law.errors import DaichoError


class ChangeSuppressed(DaichoError):
    """Changes of one of these persons are held back, or need an officer who may handle them."""

    code = "G001"
    status = 403
    happened = "この異動は、ここでは登録できません。"
    kept = "入力した内容は残っています。登録はしていません。"
    todo = "取扱担当に引き継いでください。"


class ProtectionChanged(DaichoError):
    """The measure has changed since the page was made."""

    code = "G002"
    status = 409
    happened = "画面を開いたあとに、この措置の内容が変わりました。"
    kept = "措置はそのまま続いています。"
    todo = "いまの内容を開き直して、もう一度確かめてください。"


class NewerApplication(DaichoError):
    """A newer application protects one of the same persons: the older measure is not released (Meguro 2025)."""

    code = "G003"
    status = 409
    happened = "同じ人について、新しい申出があります。"
    kept = "措置は終了していません。"
    todo = "新しい申出を開いて、続けて必要な措置かを確かめてください。"


class AlreadyDecided(DaichoError):
    """A request that was decided before."""

    code = "G004"
    status = 409
    happened = "この申請は、すでに決定されています。"
    kept = "前の決定のままです。"
    todo = "一覧を開き直してください。"


class OwnRequest(DaichoError):
    """Who asks does not approve."""

    code = "G005"
    status = 403
    happened = "自分が申請したものは承認できません。"
    kept = "申請は残っています。"
    todo = "ほかの承認できる職員に依頼してください。"


class ItemMissing(DaichoError):
    """Something that is needed is blank or outside its list; data: item."""

    code = "G006"
    happened = "{item}を確かめてください。"
    kept = "入力した内容は残っています。措置は変わっていません。"
    todo = "{item}を入れて、もう一度行ってください。"


class ExtensionTooEarly(DaichoError):
    """A measure is extended from one month before its end on (STD 3.4); data: opens."""

    code = "G007"
    happened = "延長は{opens}からできます。"
    kept = "措置の期間は変わっていません。"
    todo = "その日より後に、本人の申出を受けて行ってください。"


class NotInThatState(DaichoError):
    """The act does not fit the state of the measure or suppression: ended, not decided, released before."""

    code = "G008"
    status = 409
    happened = "いまの状態では、この操作はできません。"
    kept = "登録は変わっていません。"
    todo = "いまの状態を開き直して確かめてください。"


class NamesDiffer(DaichoError):
    """The approver did not confirm exactly the persons concerned (Inuyama 2018)."""

    code = "G009"
    status = 409
    happened = "確かめた人と、申請にある人が違います。"
    kept = "承認していません。"
    todo = "申請にある全員の氏名を一人ずつ確かめてください。"
