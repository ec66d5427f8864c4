"""What forms are made of: fields, rows, tables (mm, points). "/" breaks a label into two lines.

The official layout drawings were not available: order and positions follow published city pages (facts 3.1).
"""

from collections.abc import Set
from dataclasses import dataclass

LEAD = 6.0  # the column with the person's position
WIDTH = 180.0
LABEL_SIZE = 6.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One cell: `width` with its label, `size` in points. A field without item is a caption: a label and no value."""

    label: str = ""
    item: str = ""
    width: float
    label_width: float = 17.0
    label_size: float = LABEL_SIZE
    size: float = 10.0
    centred: bool = False
    reading: str | None = None
    prose: bool = False

    @property
    def plain_label(self) -> str:
        """The label in one line."""
        return self.label.replace("/", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of fields; `height` in mm at least, None is the ordinary height of the form."""

    fields: tuple[Field, ...]
    height: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One table. Joined tables share one frame; `air` is the space above and below a value together.

    `lead` and `aside` are the columns of number and code beside it.
    """

    rows: tuple[Row, ...]
    ordinary: float = 5.6
    tight: float = 5.2
    gap: float = 1.5
    air: float = 1.6
    lead: float = 0.0
    aside: float = 0.0
    joined: bool = False
    framed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How the sheets of one kind of paper are filled.

    `per_sheet` sections at most; `tightens`: rows get tighter before a section changes the sheet; `fills`: the last
    frame reaches down to the attestation; `letter`: addressee and sender above the title, no seal.
    """

    per_sheet: int | None = None
    tightens: bool = False
    fills: bool = False
    letter: bool = False
    title_gap: float = 0.6


def caption(label: str, width: float, size: float = LABEL_SIZE) -> Field:
    """A label without value, over the whole cell."""
    return Field(label=label, width=width, label_width=width, label_size=size)


def only(form: Form, items: Set[str]) -> tuple[Row, ...]:
    """The rows of a form with the fields of these items, and captions."""
    if all(not cell.item or cell.item in items for row in form.rows for cell in row.fields):
        return form.rows
    kept = [
        Row(tuple(cell for cell in row.fields if not cell.item or cell.item in items), row.height) for row in form.rows
    ]
    return tuple(row for row in kept if row.fields)


CONTINUED = "（次の頁に続く）"
REST_BLANK = "以下余白"
CODE_LABEL = "確認コード"
CODE_NOTE = "この番号で発行の記録を確かめられます。"
ISSUE_LABEL = "発行番号"
LETTER_LABEL = "管理番号"
PAGE_LABEL = "頁"
TALLY = "契印"
READ_BY = "転入先の市区町村が読み取ります"
