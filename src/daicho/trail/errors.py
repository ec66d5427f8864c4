"""What can be wrong with the trail or with a question about it."""

from daicho.law.errors import DaichoError


class TrailBroken(DaichoError):
    """What is stored does not lead to the last seal: nothing more is sealed over it."""

    code = "T001"
    status = 503
    happened = "操作履歴が、最後の封印と合いません。"
    kept = "新しい操作履歴は書き込まれていますが、封印は止まっています。"
    todo = "./daicho trail verify で壊れた番号を調べ、セキュリティ責任者に知らせてください。"


class ServerChanged(DaichoError):
    """The transaction ids of the entries belong to another database server."""

    code = "T002"
    status = 503
    happened = "操作履歴が別のデータベースサーバーから移されています。"
    kept = "新しい操作履歴は書き込まれていますが、封印は止まっています。"
    todo = "復元の手順(docs/trail.md)に従って ./daicho trail adopt を実行してください。"


class NotSealed(DaichoError):
    """There is no sealed entry of this id, or not yet."""

    code = "T003"
    status = 404
    happened = "この操作履歴は封印されていません。"
    kept = "操作履歴は変わっていません。"
    todo = "番号を確かめてください。記録したばかりのときは、2秒ほど待ってもう一度行ってください。"


class FileRefused(DaichoError):
    """A checkpoint or archive is not whole, not ours, or not signed by our key."""

    code = "T004"
    status = 422
    happened = "このファイルは、この操作履歴の控えではないか、壊れています。"
    kept = "操作履歴は変わっていません。"
    todo = "控えのファイルを確かめて、もう一度行ってください。"


class KeyMissing(DaichoError):
    """The key that seals or checks the trail is not in the key store."""

    code = "T005"
    status = 503
    happened = "操作履歴を封印・検証する鍵がありません。"
    kept = "操作履歴は書き込まれています。"
    todo = "鍵の保管場所(DAICHO_KEYS)を確かめてください。"


class NotContinued(DaichoError):
    """The seal shown to the witness does not continue the last one that was seen: the log was cut or written anew."""

    code = "T006"
    status = 409
    happened = "操作履歴の封印が、前に確かめた封印の続きではありません。"
    kept = "連署はしていません。"
    todo = "切り詰めか書き換えの疑いがあります。セキュリティ責任者に知らせてください。"


class NothingToArchive(DaichoError):
    """No sealed entry before that day is outside the archives."""

    code = "T008"
    status = 409
    happened = "この日より前に、書庫に移していない操作履歴はありません。"
    kept = "操作履歴は変わっていません。"
    todo = "日付と、前に作った書庫を確かめてください。"
