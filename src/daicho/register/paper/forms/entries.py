"""住民票記載事項証明書, 住民票除票記載事項証明書: a line for each chosen item of each person."""

from daicho.register.paper.forms.base import LEAD, WIDTH, Design, Field, Form, Row

LABEL_WIDTH = 30.0
INNER = WIDTH - LEAD

DESIGN = Design(title_gap=0.25)


def _line(label: str, item: str, *, size: float = 10.5, reading: str | None = None, prose: bool = False) -> Row:
    return Row(
        (
            Field(
                label=label,
                item=item,
                width=INNER,
                label_width=LABEL_WIDTH,
                label_size=7.0,
                size=size,
                reading=reading,
                prose=prose,
            ),
        )
    )


HEAD = Form(
    rows=(
        Row((Field(label="住所", item="address", width=WIDTH, size=11.0, label_width=LABEL_WIDTH + LEAD),), 7.5),
        Row((Field(label="世帯主", item="head", width=WIDTH, size=12.0, label_width=LABEL_WIDTH + LEAD),), 7.5),
    ),
    gap=2.0,
)

PERSON = Form(
    rows=(
        _line("氏名", "name", size=13.0, reading="reading"),
        _line("旧氏", "former_name", reading="former_name_reading"),
        _line("通称", "common_name", reading="common_name_reading"),
        _line("生年月日", "birth"),
        _line("性別", "sex"),
        _line("続柄", "relationship"),
        _line("住民となった年月日", "resident_since"),
        _line("届出年月日", "notified"),
        _line("住所を定めた年月日", "settled"),
        _line("転入前住所", "address_before_entry"),
        _line("異動前住所", "address_before_change"),
        _line("本籍", "domicile"),
        _line("筆頭者", "register_head"),
        _line("国籍・地域", "nationality"),
        _line("法第30条の45に規定する区分", "category"),
        _line("在留資格", "status"),
        _line("在留期間等", "period"),
        _line("在留期間の満了の日", "expiry"),
        _line("在留カード等の番号", "card_number"),
        _line("個人番号", "individual_number"),
        _line("住民票コード", "resident_code"),
        _line("消除事由", "removed_reason"),
        _line("事由の生じた年月日", "removed_on"),
        _line("転出先住所（予定）", "planned"),
        _line("転出先住所（確定）", "confirmed"),
        _line("備考", "remarks", size=9.5, prose=True),
    ),
    ordinary=6.4,
    lead=LEAD,
)
