"""住民票の写し（世帯連記式）: the head of the sheet and one box a person, eight rows each, so that positions match."""

from daicho.register.paper.forms.base import LEAD, WIDTH, Design, Field, Form, Row

LABEL_WIDTH = 17.0
INNER = WIDTH - LEAD
THIRD = INNER / 3

DESIGN = Design(per_sheet=4, tightens=True)

HEAD = Form(
    rows=(
        Row((Field(label="住所", item="address", width=WIDTH, size=11.0, label_width=LABEL_WIDTH + LEAD),), 7.5),
        Row((Field(label="世帯主", item="head", width=WIDTH, size=12.0, label_width=LABEL_WIDTH + LEAD),), 7.5),
    ),
    gap=2.0,
)

_NAME = Row((Field(label="氏名", item="name", width=INNER, size=13.0, reading="reading"),), 9.0)
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
_REMARKS = Row((Field(label="備考", item="remarks", width=INNER, size=9.0, prose=True),))

JAPANESE = Form(
    rows=(
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
        Row((Field(label="転入前住所", item="address_before_entry", width=INNER),)),
        Row((Field(label="異動前住所", item="address_before_change", width=INNER),)),
        _NUMBERS,
        _REMARKS,
    ),
    lead=LEAD,
)

FOREIGN = Form(
    rows=(
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
    ),
    lead=LEAD,
)

ANNEX = Form(
    rows=(
        Row((Field(label="別紙", item="title", width=WIDTH, label_width=LABEL_WIDTH + LEAD),), 7.5),
        Row((Field(item="text", width=WIDTH, label_width=0.0, size=9.0, prose=True),)),
    ),
)
