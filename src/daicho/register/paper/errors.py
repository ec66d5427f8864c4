"""What can go wrong between a request for a certificate and the paper. No data of people in any of them."""

from daicho.law.errors import DaichoError


class PaperError(DaichoError):
    """Root of the errors of the certificate."""

    code = "P100"
    kept = "証明書は交付していません。登録は変わっていません。"


class ItemNotAllowed(PaperError):
    """This requester may not have this item (Act art. 12-2, 12-3); data: item, authority."""

    code = "P101"
    status = 422
    happened = "{authority}の請求では、{item}を載せられません。"
    todo = "{item}の印を外してください。"


class ReasonMissing(PaperError):
    """An item that a third party or an office gets only for a stated reason; data: item, authority."""

    code = "P102"
    happened = "{authority}の請求で{item}を載せるには、理由が必要です。"
    todo = "請求書に書かれた理由を入力してください。"


class NobodyChosen(PaperError):
    """A copy without persons, or with a person who is not a resident of the household."""

    code = "P103"
    happened = "証明書に載せる人を確かめられませんでした。"
    todo = "載せる人を選び直してください。除票になった人は、除票の写しで証明します。"


class GlyphMissing(PaperError):
    """No exact glyph for a character; never printed as another one. Data: position, item, codepoint."""

    code = "P105"
    status = 409
    happened = "{position}の「{item}」に、正しい字形で印刷できない文字（{codepoint}）があります。"
    todo = "文字の管理者に字形の追加を頼んでください。別の字形では印刷しません。"


class CopyTooLong(PaperError):
    """One person's entry does not fit on a sheet even at the smallest size; nothing is ever cut. Data: position."""

    code = "P106"
    status = 409
    happened = "{position}人目の記載が1枚に収まりません。"
    todo = "備考などの長い項目を確かめてください。途中で切った証明書は作りません。"


class PressUnavailable(PaperError):
    """The paper process does not answer."""

    code = "P110"
    status = 503
    happened = "証明書を作る装置が応答しません。"
    todo = "少し待って、もう一度行ってください。続くときは管理者に知らせてください。"


class PressBusy(PressUnavailable):
    """Too many requests wait already."""

    code = "P111"
    happened = "証明書の作成が込み合っています。"


class PressTimeout(PressUnavailable):
    """The paper was not ready in time; the whole request has failed and its paper is thrown away."""

    code = "P112"
    status = 504
    happened = "時間内に証明書ができませんでした。この請求の証明書は破棄しました。"
    todo = "もう一度、初めから行ってください。"


class PressRefused(PaperError):
    """The paper process could not use the request (a fault of the program, not of the clerk)."""

    code = "P113"
    status = 500
    happened = "証明書を作れませんでした。"
    todo = "管理者に知らせてください。"


class WrongAnswer(PaperError):
    """An answer that is not bound to this request: other request id or digest."""

    code = "P114"
    status = 500
    happened = "別の請求の応答を受け取ったため、破棄しました。"
    todo = "証明書の交付を止め、管理者に知らせてください。"


class CertificateMismatch(PaperError):
    """The finished paper does not show exactly what it must; data: page, part (a kind of value, never a value)."""

    code = "P120"
    status = 500
    happened = "できあがった証明書の{page}頁の{part}が、台帳の内容と一致しません。証明書の交付を止めました。"
    todo = "管理者に知らせてください。管理者が原因を確かめて解除するまで、証明書は交付できません。"


class ServiceStopped(PaperError):
    """Issuing was stopped by an alarm and not lifted yet."""

    code = "P121"
    status = 503
    happened = "証明書の交付を止めています。"
    todo = "管理者が原因を確かめて解除するまで、お待ちください。"


class ChangePending(PaperError):
    """A change of one of these persons is under way."""

    code = "P130"
    status = 409
    happened = "審査中の異動があります。"
    todo = "異動の登録を待つか、「異動の前の記載で交付する」に印を付けてください。"


class StatesChanged(PaperError):
    """The register has changed since the preview."""

    code = "P131"
    status = 409
    happened = "プレビューの後に、この世帯の登録が変わりました。"
    kept = "予約した発行番号の証明書は交付していません。"
    todo = "プレビューを作り直してください。"


class IssueSuppressed(PaperError):
    """Issuing for one of these persons is suppressed; says nothing about why or who."""

    code = "P132"
    status = 403
    happened = "この世帯の証明書は、ここでは交付できません。"
    todo = "係の責任者に引き継いでください。"


class DigestMismatch(PaperError):
    """The bytes to hand over are not those of the preview."""

    code = "P133"
    status = 409
    happened = "プレビューした証明書と一致しません。"
    todo = "プレビューを作り直してください。"


class WrongState(PaperError):
    """The certificate is not in the state this act needs: issued twice, voided before, and the like."""

    code = "P134"
    status = 409
    happened = "この証明書は、もうこの操作のできる状態ではありません。"
    kept = "交付の記録は変わっていません。"
    todo = "交付の履歴を確かめてください。"


class DayChanged(PaperError):
    """The paper carries the date of its preview and cannot be handed over on another day."""

    code = "P137"
    status = 409
    happened = "プレビューの後に日付が変わりました。"
    todo = "プレビューを作り直してください。"


class RequestIncomplete(PaperError):
    """Something in the request is missing or outside its closed list; `field` says what. Data: what."""

    code = "P135"
    happened = "{what}を読み取れません。"
    todo = "一覧にあるコードか、決められた範囲の値を入力してください。"


class MasterMissing(PaperError):
    """No attestor, seal or fee is in force on the day of issue; data: master."""

    code = "P136"
    status = 500
    happened = "{master}の登録がないため、証明書を作れません。"
    todo = "管理者に登録を頼んでください。"


class KindNotForAuthority(PaperError):
    """A paper that this requester cannot have at all; data: kind, authority."""

    code = "P140"
    status = 422
    happened = "{authority}には、{kind}を交付できません。"
    todo = "請求した人の区分と証明書の種別を確かめてください。"


class ItemNotOfKind(PaperError):
    """An item that does not exist on this kind of paper; data: item, kind."""

    code = "P141"
    status = 422
    happened = "{kind}には、{item}の欄がありません。"
    todo = "{item}の印を外すか、証明書の種別を確かめてください。"


class ExemptionUnknown(PaperError):
    """A code of exemption that is not in force on the day of issue."""

    code = "P142"
    happened = "手数料の減免の区分を確かめられませんでした。"
    todo = "一覧にある区分を入力してください。"


class NotMovedOut(PaperError):
    """A move-out certificate for somebody without a move-out inside the country on record."""

    code = "P143"
    status = 409
    happened = "国内への転出の記録がない人がいます。"
    todo = "転出の異動を登録してから、もう一度行ってください。"


class CertificateNotOwed(PaperError):
    """The move was notified more than 14 days after it (STD 4.1.3.0.1): the equivalent is issued instead."""

    code = "P144"
    status = 409
    happened = "転出した日から14日を過ぎた届出のため、転出証明書は交付できません。"
    todo = "転出証明書に準ずる証明書か、除票の写しを交付してください。"


class NoSuchIssue(PaperError):
    """A reissue of something that was not issued, is of another kind, or of another household."""

    code = "P145"
    status = 409
    happened = "再交付の元になる交付を確かめられませんでした。"
    todo = "交付の履歴から、再交付する証明書を選び直してください。"


class LetterImpossible(PaperError):
    """A letter for which the change has nothing to say: no head was set, no destination, no code."""

    code = "P146"
    status = 409
    happened = "この異動では、この通知書を作れません。"
    todo = "異動の内容と通知書の種類を確かめてください。"


class ListTooLong(PaperError):
    """More people in a town than one list holds; data: limit."""

    code = "P147"
    status = 409
    happened = "この範囲の住民は{limit}人を超えるため、1つの閲覧用リストにできません。"
    todo = "範囲を狭めて、もう一度行ってください。"
