"""What an officer reads when signing on at the common platform does not work."""

from daicho.law.errors import DaichoError


class ProviderGone(DaichoError):
    """The common platform (or the city's own provider) does not answer: nobody can sign on anew."""

    code = "S018"
    status = 503
    happened = "共通基盤につながらないため、新しくサインインできません。"
    kept = "サインイン済みの画面は、そのまま使えます(最長4時間)。"
    todo = "しばらく待って、もう一度行ってください。続くときは管理者に連絡してください。"


class WordRefused(DaichoError):
    """What came from the provider, or came back from it, is not what was asked for: forged, replayed, too old or for another."""

    code = "S019"
    status = 401
    happened = "サインインを確かめられませんでした。"
    kept = "保存済みの下書きは残っています。"
    todo = "もう一度、最初からサインインしてください。"
