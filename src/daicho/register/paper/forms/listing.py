"""住民基本台帳の一部の写し（閲覧用）: four items a person, a line each (Act art. 11, STD 20.3.1)."""

from daicho.register.paper.forms.base import Design, Field, Form, Row, caption

COLUMNS = (12.0, 56.0, 30.0, 12.0, 70.0)

DESIGN = Design(title_gap=0.1)

HEAD = Form(
    rows=(
        Row(
            (
                Field(label="閲覧の範囲", item="town", width=120.0, label_width=22.0),
                Field(label="人数", item="count", width=60.0, label_width=22.0),
            ),
            7.0,
        ),
    ),
    gap=2.0,
)

CAPTIONS = Form(
    rows=(
        Row(
            tuple(
                caption(label, width)
                for label, width in zip(("番号", "氏名", "生年月日", "性別", "住所"), COLUMNS, strict=True)
            ),
            5.0,
        ),
    ),
    joined=True,
)


def _cell(item: str, column: int, *, centred: bool = False, reading: str | None = None) -> Field:
    return Field(item=item, width=COLUMNS[column], label_width=0.0, size=9.5, centred=centred, reading=reading)


ROW = Form(
    rows=(
        Row(
            (
                _cell("number", 0, centred=True),
                _cell("name", 1, reading="reading"),
                _cell("birth", 2),
                _cell("sex", 3, centred=True),
                _cell("address", 4),
            )
        ),
    ),
    ordinary=5.6,
    joined=True,
)
