"""What an officer reads when signing on does not work."""

from daicho.law.errors import DaichoError


class SignonFailed(DaichoError):
    """User ID, password or code is wrong, or the officer may not sign on today: one sentence for all of these."""

    code = "S001"
    status = 401
    happened = "サインインできませんでした。"
    kept = "保存済みの下書きは残っています。"
    todo = "職員番号、パスワード、確認コードを確かめて、もう一度入力してください。"


class LockedOut(DaichoError):
    """Too many failures for this user ID; `minutes` remain, rounded up."""

    code = "S002"
    status = 429
    happened = "続けて失敗したため、この職員番号では入れません(あと{minutes}分)。"
    kept = "保存済みの下書きは残っています。"
    todo = "時間をおいて試すか、システムの管理者に連絡してください。"


class SignonRequired(DaichoError):
    """Nobody is signed on in this browser."""

    code = "S003"
    status = 401
    happened = "サインインしていません。"
    kept = "保存済みの下書きは残っています。"
    todo = "サインインしてください。"


class SessionEnded(DaichoError):
    """The session was ended by the officer's own sign-on elsewhere, by its age limit or by an administrator."""

    code = "S004"
    status = 401
    happened = "サインインの有効な時間が終わりました。"
    kept = "保存済みの下書きは残っています。"
    todo = "もう一度サインインしてください。"


class SessionReplaced(SessionEnded):
    """The same officer signed on at another terminal; one session per officer is open."""

    code = "S005"
    happened = "ほかの端末で同じ職員番号のサインインがあったため、この画面は終わりました。"
    todo = "心当たりがないときは、すぐに管理者へ連絡してください。"


class SessionLocked(DaichoError):
    """The session is locked, by the officer or after idle time."""

    code = "S006"
    status = 423
    happened = "画面をロックしました。"
    kept = "入力した内容は保存済みです。"
    todo = "パスワードを入力して解除してください。"


class UnlockFailed(DaichoError):
    """The password for unlocking is wrong; `left` further failures end the session."""

    code = "S007"
    status = 422
    happened = "パスワードが違います(あと{left}回でサインインが終わります)。"
    kept = "入力した内容は保存済みです。"
    todo = "もう一度入力してください。"


class TerminalUnknown(DaichoError):
    """The terminal is not registered, not in use, or calls from a place that is not its own."""

    code = "S008"
    status = 403
    happened = "この端末からは使えません。"
    kept = "保存済みの下書きは残っています。"
    todo = "登録された端末を選ぶか、管理者に端末の登録を依頼してください。"


class PasswordRefused(DaichoError):
    """The new password breaks a rule; `rule` says which, in Japanese."""

    code = "S009"
    status = 422
    happened = "パスワードを変更できませんでした。{rule}"
    kept = "今のパスワードのままです。"
    todo = "別のパスワードを入力してください。"


class PasswordExpired(DaichoError):
    """The password is older than the limit: nothing but changing it is possible."""

    code = "S010"
    status = 403
    happened = "パスワードの有効期限が過ぎています。"
    kept = "保存済みの下書きは残っています。"
    todo = "設定の画面でパスワードを変更してください。"


class PasskeyRefused(DaichoError):
    """A passkey cannot be registered or taken out of use; `why` says it in Japanese."""

    code = "S020"
    status = 422
    happened = "認証器を登録・変更できません。{why}"
    kept = "今の認証器はそのままです。"
    todo = "もう一度行ってください。"


class SecondFactorMissing(DaichoError):
    """The officer signed on with the code on paper: nothing but registering an authenticator is possible."""

    code = "S021"
    status = 403
    happened = "認証器が登録されていません。"
    kept = "保存済みの下書きは残っています。"
    todo = "設定の画面で、認証器を登録してください。"


class OfficerRefused(DaichoError):
    """The officer cannot be made or changed; `why` says it in Japanese."""

    code = "S015"
    status = 422
    happened = "職員を登録・変更できません。{why}"
    todo = "入力した内容を確かめて、もう一度行ってください。"


class OfficerUnknown(DaichoError):
    """No officer has the user ID asked about."""

    code = "S016"
    status = 404
    happened = "その職員番号の職員はいません。"
    kept = "権限は変わっていません。"
    todo = "職員番号を確かめてください。"


class OwnRights(DaichoError):
    """An administrator tried to change their own user ID, term or roles: another one must."""

    code = "S017"
    status = 403
    happened = "自分の職員番号と権限は、自分では変えられません。"
    kept = "権限は変わっていません。"
    todo = "ほかの管理者に依頼してください。"


class OwnRequest(DaichoError):
    """Whoever asked for a user ID or a new password wants to decide about it: a second administrator must."""

    code = "S022"
    status = 403
    happened = "自分の申請は、自分では承認できません。"
    kept = "申請はそのまま残っています。"
    todo = "ほかの管理者に承認を依頼してください。"


class OwnReview(DaichoError):
    """Whoever decided about user IDs in a review of rights wants to sign these: another administrator must."""

    code = "S023"
    status = 403
    happened = "自分が決めたことは、自分では確認できません。"
    kept = "見直しはそのまま残っています。"
    todo = "ほかの管理者に確認を依頼してください。"


class SignonKeyMissing(DaichoError):
    """The key that protects the second factors is missing or does not fit them."""

    code = "S011"
    status = 503
    happened = "サインインの準備ができていません。"
    kept = "登録は変わっていません。"
    todo = "システムの管理者に連絡番号を知らせてください。"


class FormExpired(DaichoError):
    """The form's protection token (CSRF) is missing or no longer fits the session."""

    code = "S012"
    status = 403
    happened = "この画面は古くなったため、送信を受け付けられませんでした。"
    kept = "登録は変わっていません。保存済みの下書きは残っています。"
    todo = "画面を開き直して、もう一度行ってください。"


class NotJson(DaichoError):
    """The API was called with something else than JSON."""

    code = "S013"
    status = 415
    happened = "JSON以外の形式は受け付けません。"
    kept = "登録は変わっていません。"
    todo = "Content-Typeをapplication/jsonにして送ってください。"
