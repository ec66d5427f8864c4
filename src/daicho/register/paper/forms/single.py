"""One person a paper (個人票, 除票): the items, then 統合記載欄 with the removal, the history and the remarks."""

from daicho.register.paper.forms.base import WIDTH, Design, Field, Form, Row, caption

LABEL_WIDTH = 22.0
LABEL_SIZE = 7.5
LINE = 7.0
THIRD = WIDTH / 3
COLUMNS = (40.0, 30.0, 110.0)
HISTORY = "統合記載欄"

DESIGN = Design(fills=True)
REMOVED_DESIGN = Design(fills=True, title_gap=0.35)


def _field(label: str, item: str, width: float, *, size: float = 10.5, reading: str | None = None) -> Field:
    return Field(
        label=label,
        item=item,
        width=width,
        label_width=LABEL_WIDTH,
        label_size=LABEL_SIZE,
        size=size,
        reading=reading,
    )


_WHERE = (
    Row((_field("住所", "address", WIDTH, size=12.0),), 9.0),
    Row((_field("世帯主", "head", WIDTH, size=11.0),)),
    Row((_field("氏名", "name", WIDTH, size=16.0, reading="reading"),), 12.0),
)
_WHO = Row((_field("生年月日", "birth", THIRD), _field("性別", "sex", THIRD), _field("続柄", "relationship", THIRD)))
_NOTIFIED = _field("届出年月日", "notified", THIRD)
_SETTLED = _field("住所を定めた/年月日", "settled", THIRD)
_REST = (
    Row((_field("転入前住所", "address_before_entry", WIDTH),)),
    Row((_field("異動前住所", "address_before_change", WIDTH),)),
    Row((_field("個人番号", "individual_number", THIRD), _field("住民票コード", "resident_code", 2 * THIRD))),
)

JAPANESE = Form(
    rows=(
        *_WHERE,
        Row((_field("旧氏", "former_name", WIDTH, reading="former_name_reading"),)),
        _WHO,
        Row((_field("住民となった/年月日", "resident_since", THIRD), _NOTIFIED, _SETTLED)),
        Row((_field("本籍", "domicile", 2 * THIRD), _field("筆頭者", "register_head", THIRD))),
        *_REST,
    ),
    ordinary=LINE,
    gap=2.0,
)

FOREIGN = Form(
    rows=(
        *_WHERE,
        Row((_field("通称", "common_name", WIDTH, reading="common_name_reading"),)),
        _WHO,
        Row((_field("外国人住民と/なった年月日", "resident_since", THIRD), _NOTIFIED, _SETTLED)),
        Row(
            (
                _field("国籍・地域", "nationality", THIRD),
                _field("法第30条の45/に規定する区分", "category", THIRD),
                _field("在留カード等/の番号", "card_number", THIRD),
            )
        ),
        Row(
            (
                _field("在留資格", "status", THIRD),
                _field("在留期間等", "period", THIRD),
                _field("在留期間の/満了の日", "expiry", THIRD),
            )
        ),
        *_REST,
    ),
    ordinary=LINE,
    gap=2.0,
)

AGAIN = Form(
    rows=(Row((_field("氏名", "name", 2 * THIRD, size=12.0), _field("生年月日", "birth", THIRD))),),
    ordinary=LINE,
    gap=2.0,
)

TITLE = Form(rows=(Row((caption(HISTORY, WIDTH, 8.0),), 5.5),), joined=True)

REMOVAL = Form(
    rows=(
        Row(
            (
                _field("消除事由", "reason", THIRD),
                _field("事由の生じた/年月日", "happened", THIRD),
                _field("届出年月日", "notified", THIRD),
            )
        ),
        Row((_field("転出先住所/（予定）", "planned", WIDTH),)),
        Row((_field("転出先住所/（確定）", "confirmed", WIDTH),)),
        Row((_field("転出年月日", "confirmed_on", THIRD), _field("転入通知年月日", "arrival_notice", 2 * THIRD))),
    ),
    ordinary=LINE,
    joined=True,
)

CAPTIONS = Form(
    rows=(
        Row(
            (
                caption("異動年月日", COLUMNS[0]),
                caption("異動事由", COLUMNS[1]),
                caption("異動前の記載", COLUMNS[2]),
            ),
            5.5,
        ),
    ),
    joined=True,
)

ENTRY = Form(
    rows=(
        Row(
            (
                Field(item="when", width=COLUMNS[0], label_width=0.0, size=9.5),
                Field(item="why", width=COLUMNS[1], label_width=0.0, size=9.5),
                Field(item="what", width=COLUMNS[2], label_width=0.0, size=9.5),
            )
        ),
    ),
    ordinary=LINE,
    air=3.0,
    joined=True,
)

REMARKS = Form(
    rows=(
        Row(
            (
                Field(
                    label="備考",
                    item="remarks",
                    width=WIDTH,
                    label_width=LABEL_WIDTH,
                    label_size=LABEL_SIZE,
                    size=9.5,
                    prose=True,
                ),
            )
        ),
    ),
    ordinary=LINE,
    joined=True,
)
