"""The root of every error a user can meet (design, section 10).

Each error class has a stable code, an HTTP status and three Japanese sentences: what happened, what was
kept, what to do. Values that vary go into `data`; they are shown on the screen of the person concerned and
never written to logs, so `str(error)` gives the code alone.
"""

from typing import ClassVar


class DaichoError(Exception):
    """An error with a stable code; `data` fills the placeholders of the sentences (str.format names)."""

    code: ClassVar[str] = "D000"
    status: ClassVar[int] = 422
    happened: ClassVar[str] = "処理を続けられませんでした。"
    kept: ClassVar[str] = "登録は変わっていません。"
    todo: ClassVar[str] = "入力を確かめて、もう一度行ってください。"

    def __init__(self, field: str | None = None, **data: str | int) -> None:
        """`field` names the form field or item concerned, if there is one."""
        super().__init__(self.code)
        self.field = field
        self.data = data

    @property
    def sentences(self) -> tuple[str, str, str]:
        """What happened, what was kept, what to do: in Japanese, placeholders filled."""
        values = {name: str(value) for name, value in self.data.items()}
        return (
            self.happened.format_map(values),
            self.kept.format_map(values),
            self.todo.format_map(values),
        )

    @property
    def message(self) -> str:
        """The three sentences as one line for screens and API answers; not for logs."""
        return "".join(self.sentences)
