"""What the in-city exchange refuses. Codes F001 and up; offices' systems get the code, people the sentences."""

from daicho.law.errors import DaichoError


class ExchangeError(DaichoError):
    """Base of what the exchange refuses."""

    kept = "登録と連携は変わっていません。"


class NotRegistered(ExchangeError):
    """The certificate is not one that counts for a registered system today, or the system has no period in force."""

    code = "F001"
    status = 403
    happened = "この証明書の業務システムは、庁内連携に登録されていないか、登録の期間外です。"
    todo = "共通基盤の管理者に、登録と証明書を確かめてください。"


class BeyondBasis(ExchangeError):
    """Items are asked for that the legal basis does not allow; data: items."""

    code = "F002"
    status = 403
    happened = "移転先一覧の根拠で認められていない項目が含まれています（{items}）。"
    todo = "移転先一覧の項目の範囲で登録し直してください。"


class ItemUnknown(ExchangeError):
    """No such item; data: item."""

    code = "F003"
    happened = "項目「{item}」は連携項目の一覧にありません。"
    todo = "連携項目の一覧から選んでください。"


class NoBasis(ExchangeError):
    """The line of the list of transfers does not exist, is not published, or is not in force then; data: number."""

    code = "F004"
    status = 403
    happened = "移転先一覧の{number}番は、公表されていないか、その期間に効力がありません。"
    todo = "法令上の根拠を確かめ、移転先一覧に載せてから登録してください。"


class SubscriptionUnreadable(ExchangeError):
    """A registration does not have the form it must have; data: what."""

    code = "F005"
    happened = "業務システムの登録の内容を読み取れません（{what}）。"
    todo = "登録の様式の項目と値を確かめてください。"


class PeriodTaken(ExchangeError):
    """The subscriber is told by another registration in that period."""

    code = "F006"
    status = 409
    happened = "この業務システムには、期間の重なる登録があります。"
    todo = "前の登録の終わりの日を先に入れてください。"


class NoSuchSubscriber(ExchangeError):
    """No system of that name is registered."""

    code = "F007"
    status = 404
    happened = "その名前の業務システムは登録されていません。"
    todo = "登録の一覧を開き直してください。"


class CursorUnreadable(ExchangeError):
    """The place to go on from is none that was given out."""

    code = "F008"
    happened = "続きの位置（cursor）を読み取れません。"
    todo = "前の応答に書かれた位置をそのまま送ってください。"


class NotByThisForm(ExchangeError):
    """The subscriber is registered for another form of feed."""

    code = "F009"
    status = 403
    happened = "この業務システムは、この形式の連携では登録されていません。"
    todo = "登録の形式（通知・取得・ファイル）を確かめてください。"


class NoSuchFile(ExchangeError):
    """No file of that name was made for this subscriber."""

    code = "F010"
    status = 404
    happened = "そのファイルはありません。"
    todo = "ファイルの一覧を取り直してください。"


class NotThisQualification(ExchangeError):
    """The office is not registered for telling this qualification, or speaks for another office."""

    code = "F011"
    status = 403
    happened = "この業務システムは、この資格の情報を送る登録がありません。"
    todo = "登録の「資格」を確かめてください。"


class PersonUnknown(ExchangeError):
    """Nobody of that addressee number is in the common database."""

    code = "F012"
    happened = "その宛名番号の人は共通基盤データベースにいません。"
    todo = "宛名番号を確かめてください。"


class EventNotWaiting(ExchangeError):
    """No event of that position waits for that subscriber."""

    code = "F013"
    status = 404
    happened = "その連携データは、送信待ちにありません。"
    todo = "送信待ちの一覧を開き直してください。"


class ReasonMissing(ExchangeError):
    """Whoever registers, sends again or completes by hand says why, in at most 200 characters."""

    code = "F014"
    happened = "理由が入っていないか、長すぎます。"
    todo = "理由を200字以内で入力してください。"


class CertificateTaken(ExchangeError):
    """The certificate counts for another system already, or names another one."""

    code = "F015"
    status = 409
    happened = "この証明書は、別の業務システムのものです。"
    todo = "証明書の名前（CN）と業務システムの名前を確かめてください。"
