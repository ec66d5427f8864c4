"""Errors of the engine: of the database for users, of set-up for the operator."""

from typing import ClassVar

from daicho.law.errors import DaichoError


class DatabaseUnavailable(DaichoError):
    """The database could not be reached, or went away before the commit was asked for."""

    code: ClassVar[str] = "E001"
    status: ClassVar[int] = 503
    happened: ClassVar[str] = "データベースにつながらないため、処理できませんでした。"
    kept: ClassVar[str] = "登録は変わっていません。入力した内容は画面に残っています。"
    todo: ClassVar[str] = "しばらく待って、もう一度行ってください。続くときは管理者に知らせてください。"


class CommitUnknown(DaichoError):
    """The database went away during the commit: whether it happened must be looked up."""

    code: ClassVar[str] = "E002"
    status: ClassVar[int] = 503
    happened: ClassVar[str] = "登録の途中でデータベースとの接続が切れ、登録できたかどうかを確かめられません。"
    kept: ClassVar[str] = "登録は、すべて済んでいるか、まったく行われていないかのどちらかです。"
    todo: ClassVar[str] = "案件を開き直して状態を確かめてから、必要なときだけもう一度行ってください。"


class SetupError(Exception):
    """Something the operator must put right; the message says what is missing and what to do, in plain words."""
