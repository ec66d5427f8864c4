"""転出証明書 and 転出証明書に準ずる証明書: one box a person with a code for the receiving municipality at its right."""

from daicho.register.paper.forms.base import LEAD, WIDTH, Design, Field, Form, Row, caption

ASIDE = 36.0
INNER = WIDTH - LEAD - ASIDE
HALF = INNER / 2
FIFTH = INNER / 5
LABEL_WIDTH = 17.0

DESIGN = Design(per_sheet=4, title_gap=0.45)
EQUIVALENT_DESIGN = Design(per_sheet=4, title_gap=0.2)


def _head(label: str, item: str, width: float, size: float = 11.0, label_width: float = LABEL_WIDTH + LEAD) -> Field:
    return Field(label=label, item=item, width=width, size=size, label_width=label_width)


HEAD = Form(
    rows=(
        Row((_head("住所", "address", WIDTH),)),
        Row((_head("世帯主", "head", WIDTH, 12.0),)),
        Row((_head("転出先住所", "destination", WIDTH),)),
        Row(
            (
                _head("転出先の/世帯主", "destination_head", 72.0),
                _head("転出予定/年月日", "moving_on", 54.0, 10.0, LABEL_WIDTH),
                _head("届出年月日", "notified", 54.0, 10.0, LABEL_WIDTH),
            )
        ),
    ),
    ordinary=7.0,
    gap=2.0,
)

_NAME = Row((Field(label="氏名", item="name", width=INNER, size=13.0, reading="reading"),), 9.0)
_BIRTH = Field(label="生年月日", item="birth", width=HALF)
_WHO = Row(
    (
        Field(label="性別", item="sex", width=22.0, label_width=11.0, centred=True),
        Field(label="続柄", item="relationship", width=HALF - 22.0, label_width=11.0),
        Field(label="個人番号", item="individual_number", width=HALF),
    )
)
_QUALIFICATIONS = (
    ("国民健康保険", "health_insurance"),
    ("後期高齢者医療", "elderly_medical"),
    ("介護保険", "care_insurance"),
    ("国民年金", "pension"),
    ("児童手当", "child_allowance"),
)
_INSURANCE = (
    Row(tuple(caption(label, FIFTH) for label, _ in _QUALIFICATIONS), 4.0),
    Row(tuple(Field(item=item, width=FIFTH, label_width=0.0, size=9.5, centred=True) for _, item in _QUALIFICATIONS)),
)
_CODE = Field(label="住民票コード", item="resident_code", width=HALF)

JAPANESE = Form(
    rows=(
        _NAME,
        Row((Field(label="旧氏", item="former_name", width=HALF, reading="former_name_reading"), _BIRTH)),
        _WHO,
        Row((Field(label="本籍", item="domicile", width=INNER),)),
        Row((Field(label="筆頭者", item="register_head", width=HALF), _CODE)),
        *_INSURANCE,
    ),
    lead=LEAD,
    aside=ASIDE,
)

FOREIGN = Form(
    rows=(
        _NAME,
        Row((Field(label="通称", item="common_name", width=HALF, reading="common_name_reading"), _BIRTH)),
        _WHO,
        Row(
            (
                Field(label="国籍・地域", item="nationality", width=HALF),
                Field(label="法第30条の45/に規定する区分", item="category", width=HALF),
            )
        ),
        Row(
            (
                Field(label="在留資格", item="status", width=HALF),
                Field(label="在留期間等", item="period", width=HALF),
            )
        ),
        Row(
            (
                Field(label="在留カード等/の番号", item="card_number", width=HALF),
                Field(label="在留期間の/満了の日", item="expiry", width=HALF),
            )
        ),
        Row((_CODE,)),
        *_INSURANCE,
    ),
    lead=LEAD,
    aside=ASIDE,
)
