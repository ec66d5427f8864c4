"""Which fields the household form has, in which order and how wide (mm). Layout and read-back both go by it.

The official layout drawings were not available: order and positions follow published city pages (facts 3.1).
"""

from dataclasses import dataclass

LABEL_WIDTH = 17.0
LEAD = 6.0  # the column with the person's position
WIDTH = 180.0
INNER = WIDTH - LEAD
THIRD = INNER / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One labelled cell: `width` with its label, `size` in points. "/" breaks a label into two lines."""

    label: str
    item: str
    width: float = INNER
    label_width: float = LABEL_WIDTH
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
    """One row of fields; `height` in mm at least, None is the ordinary height."""

    fields: tuple[Field, ...]
    height: float | None = None


ORDINARY_ROW = 5.6
TIGHT_ROW = 5.2

HEAD_ROWS = (
    Row((Field(label="住所", item="address", width=WIDTH, size=11.0, label_width=LABEL_WIDTH + LEAD),), 7.5),
    Row((Field(label="世帯主", item="head", width=WIDTH, size=12.0, label_width=LABEL_WIDTH + LEAD),), 7.5),
)

_NAME = Row((Field(label="氏名", item="name", size=13.0, reading="reading"),), 9.0)
_BIRTH = Field(label="生年月日", item="birth", width=THIRD)
_SEX = Field(label="性別", item="sex", width=19.0, label_width=10.0, centred=True)
_RELATIONSHIP = Field(label="続柄", item="relationship", width=THIRD - 19.0, label_width=10.0)
_NOTIFIED = Field(label="届出年月日", item="notified", width=THIRD)
_SETTLED = Field(label="住所を定めた/年月日", item="settled", width=THIRD)
_NUMBERS = Row(
    (
        Field(label="個人番号", item="individual_number", width=THIRD),
        Field(label="住民票コード", item="resident_code", width=2 * THIRD),
    )
)
_REMARKS = Row((Field(label="備考", item="remarks", size=9.0, prose=True),))

JAPANESE_ROWS = (
    _NAME,
    Row(
        (
            Field(label="旧氏", item="former_name", width=THIRD, reading="former_name_reading"),
            _BIRTH,
            _SEX,
            _RELATIONSHIP,
        )
    ),
    Row((Field(label="住民となった/年月日", item="resident_since", width=THIRD), _NOTIFIED, _SETTLED)),
    Row(
        (
            Field(label="本籍", item="domicile", width=2 * THIRD),
            Field(label="筆頭者", item="register_head", width=THIRD),
        )
    ),
    Row((Field(label="転入前住所", item="address_before_entry"),)),
    Row((Field(label="異動前住所", item="address_before_change"),)),
    _NUMBERS,
    _REMARKS,
)

FOREIGN_ROWS = (
    _NAME,
    Row(
        (
            Field(label="通称", item="common_name", width=THIRD, reading="common_name_reading"),
            _BIRTH,
            _SEX,
            _RELATIONSHIP,
        )
    ),
    Row((Field(label="外国人住民と/なった年月日", item="resident_since", width=THIRD), _NOTIFIED, _SETTLED)),
    Row(
        (
            Field(label="国籍・地域", item="nationality", width=THIRD),
            Field(label="法第30条の45/に規定する区分", item="category", width=THIRD),
            Field(label="在留カード等/の番号", item="card_number", width=THIRD),
        )
    ),
    Row(
        (
            Field(label="在留資格", item="status", width=THIRD),
            Field(label="在留期間等", item="period", width=THIRD),
            Field(label="在留期間の/満了の日", item="expiry", width=THIRD),
        )
    ),
    Row(
        (
            Field(label="転入前住所", item="address_before_entry", width=INNER / 2),
            Field(label="異動前住所", item="address_before_change", width=INNER / 2),
        )
    ),
    _NUMBERS,
    _REMARKS,
)


def rows_of(foreign: bool) -> tuple[Row, ...]:
    """The rows of one person's box."""
    return FOREIGN_ROWS if foreign else JAPANESE_ROWS


def item_word(item: str) -> str:
    """The label of an item on paper, for lists of what had to be broken."""
    rows = (*HEAD_ROWS, *JAPANESE_ROWS, *FOREIGN_ROWS)
    return next((cell.plain_label for row in rows for cell in row.fields if cell.item == item), item)


CONTINUED = "（次の頁に続く）"
REST_BLANK = "以下余白"
CODE_LABEL = "確認コード"
CODE_NOTE = "この番号で発行の記録を確かめられます。"
ISSUE_LABEL = "発行番号"
PAGE_LABEL = "頁"
