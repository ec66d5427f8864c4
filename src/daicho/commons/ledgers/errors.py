"""Why something does not stand in a ledger yet."""

from daicho.law.errors import DaichoError


class EntryUnreadable(DaichoError):
    """A field is missing or cannot be read; `item` names it."""

    code = "B001"
    happened = "{item}を確かめてください。"
    kept = "まだ記入していません。入力した内容は残っています。"
    todo = "{hint}"


class EntryClosed(DaichoError):
    """The entry has been closed; only a correction can follow."""

    code = "B002"
    status = 409
    happened = "この記入は、すでに完了しています。"
    kept = "記入はそのまま残っています。"
    todo = "誤りがあれば、訂正を加えてください。"


class NotLonger(DaichoError):
    """An extension beyond what the rule allows, or of something that has no term."""

    code = "B003"
    status = 409
    happened = "この期限は、これ以上延ばせません。"
    kept = "期限は変わっていません。"
    todo = "期限までに完了するか、責任者に相談してください。"
