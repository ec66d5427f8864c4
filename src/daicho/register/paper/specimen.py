"""A made-up household: what the press prints before it serves, and what tests and benchmarks vary."""

from datetime import date
from importlib import resources

from daicho.register.paper.view import (
    OMITTED,
    Attestation,
    HouseholdCopy,
    IssueMark,
    PersonEntry,
    Seal,
)

SPECIMEN_SEAL = resources.files("daicho.register.paper").joinpath("templates/seal-specimen.svg")


def specimen() -> HouseholdCopy:
    """Two persons, one foreign, with a selector and a character outside the basic plane."""
    address = "埼玉県熊谷市宮町二丁目47番地1　見本荘101号室"
    first = PersonEntry(
        foreign=False,
        name="見本\u3000\U00020bb7彦",
        reading="ミホン\u3000ヨシヒコ",
        birth="昭和38年4月29日",
        sex="男",
        relationship=OMITTED,
        resident_since="平成元年1月7日",
        notified="平成元年1月20日",
        former_name="渡邉\U000e0115",
        former_name_reading="ワタナベ",
        domicile=OMITTED,
        register_head=OMITTED,
        address_before_entry="埼玉県深谷市仲町11番1号",
    )
    second = PersonEntry(
        foreign=True,
        name="MIHON HANAKO",
        birth="1994年7月22日",
        sex="女",
        relationship=OMITTED,
        resident_since="令和6年9月1日",
        notified="令和6年9月12日",
        nationality=OMITTED,
        category=OMITTED,
        card_number=OMITTED,
        status=OMITTED,
        period=OMITTED,
        expiry=OMITTED,
    )
    return HouseholdCopy(
        kind="住民票の写し（世帯連記式）",
        title="住民票",
        form="（世帯連記式）",
        municipality="熊谷市",
        stamps=("合成データ",),
        address=address,
        head=OMITTED,
        persons=(first, second),
        attestation=Attestation(
            sentence="この写しは、世帯全員の住民票の原本と相違ないことを証明する。",
            date="令和8年11月24日",
            office="埼玉県熊谷市長",
            name="見本\u3000太郎",
            seal_note="この印は黒色です。",
        ),
        seal=Seal(SPECIMEN_SEAL.read_text(encoding="utf-8"), 24.0),
        issue=IssueMark(date(2026, 11, 24), ("20261124", "熊谷市", "見本", "プリンタ000", "000"), "0123456789ABCDEF"),
        tint=True,
    )
