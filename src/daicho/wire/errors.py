"""What the wire refuses. Codes V001 and up; sentences are for administrators, peers get the code alone."""

from daicho.law.errors import DaichoError


class WireError(DaichoError):
    """Base of what is refused between systems."""

    status = 403


class NotLinked(WireError):
    """The pair, the contract or its version is not on the list of links."""

    code = "V001"
    happened = "この組み合わせの連携は認められていません。"
    todo = "連携の一覧（links.toml）と、送った側の設定を確かめてください。"


class NotTheSigner(WireError):
    """The certificate of the connection, the signer and the sender named in the message are not one system."""

    code = "V002"
    happened = "通信の証明書、署名者、送信元が一致しません。"
    todo = "送った側の証明書と鍵の組を確かめてください。"


class SignatureBroken(WireError):
    """The signature does not fit, or its certificate is not one of ours, not yet or no longer valid, or revoked."""

    code = "V003"
    happened = "署名を確かめられません。"
    todo = "送った側の証明書の期限と、認証局の失効の一覧を確かめてください。"


class MessageUnreadable(WireError):
    """The message does not fit its contract; unknown fields are refused too."""

    code = "V004"
    status = 422
    happened = "電文が契約の形に合いません。"
    todo = "送った側と受けた側の契約の版を確かめてください。"


class MessageChanged(WireError):
    """A message of this number was received before with other content."""

    code = "V005"
    status = 409
    happened = "同じ番号の、内容が違う電文を前に受け取っています。"
    todo = "送った側の記録を確かめてください。前に受け取った内容は変わっていません。"


class OutOfOrder(WireError):
    """A later message about this person has been taken already."""

    code = "V006"
    status = 409
    happened = "この人の、より新しい電文をすでに受け取っています。"
    todo = "送った側の順序を確かめてください。受け取った内容は変わっていません。"


class EarlierMissing(WireError):
    """An earlier message about this person has not come yet; the same message may be sent again later."""

    code = "V007"
    status = 409
    happened = "この人の、前の電文がまだ届いていません。"
    todo = "前の電文を先に送ってください。"


class TooLarge(WireError):
    """The body is larger than a batch may be."""

    code = "V008"
    status = 413
    happened = "電文が大きすぎます。"
    todo = "少ない件数に分けて送ってください。"


class ReceiptBroken(WireError):
    """The answer is no receipt of the receiver for exactly this message."""

    code = "V009"
    status = 502
    happened = "受領書が、送った電文のものではありません。"
    todo = "受けた側の記録と証明書を確かめてください。電文は未処理のまま残っています。"


class ReasonNeeded(WireError):
    """Whoever completes a message by hand, or sends it again as corrected, says why; the reason is short."""

    code = "V011"
    status = 422
    happened = "理由が入っていないか、長すぎます。"
    kept = "電文は元のまま待っています。"
    todo = "何を直したか、どの方法で届けたかを200字以内で入力してください。"


class NoSuchMessage(WireError):
    """No message of that number waits on that link."""

    code = "V010"
    status = 404
    happened = "その番号の電文は、送信待ちにありません。"
    todo = "送信待ちの一覧を開き直してください。"


class SecretUnreadable(WireError):
    """The encrypted items of a message do not open with the key of this link."""

    code = "V012"
    status = 422
    happened = "電文の暗号化された項目を開けません。"
    todo = "両方のシステムの、この連携の鍵とその版を確かめてください。"


class ReleaseNotApproved(WireError):
    """The software of the peer is not of an approved release; the message waits until it is, or the list says so."""

    code = "V013"
    happened = "相手のシステムの版が、承認された版ではありません。"
    kept = "電文は送信待ちのまま残っています。"
    todo = "相手のシステムを承認された版にするか、承認された版の一覧を直してください。"
