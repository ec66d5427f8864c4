"""A made-up household: what the press prints before it serves, and what tests and benchmarks vary."""

from datetime import date
from importlib import resources

from daicho.register.paper.facts import HOUSEHOLD_COPY
from daicho.register.paper.view import OMITTED, Attestation, IssueMark, Paper, Seal, Section, Value

SPECIMEN_SEAL = resources.files("daicho.register.paper").joinpath("templates/seal-specimen.svg")


def specimen() -> Paper:
    """Two persons, one foreign, with a selector and a character outside the basic plane."""
    address = "埼玉県熊谷市宮町二丁目47番地1　見本荘101号室"
    top = (Section("household.head", {"address": address, "head": OMITTED}),)
    return Paper(
        kind=HOUSEHOLD_COPY,
        name="住民票の写し（世帯連記式）",
        title="住民票",
        form="（世帯連記式）",
        municipality="熊谷市",
        stamps=("合成データ",),
        top=top,
        again=top,
        sections=(_japanese(), _foreign()),
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


def _japanese() -> Section:
    values: dict[str, Value] = {
        "name": "見本\u3000\U00020bb7彦",
        "reading": "ミホン\u3000ヨシヒコ",
        "birth": "昭和38年4月29日",
        "sex": "男",
        "relationship": OMITTED,
        "resident_since": "平成元年1月7日",
        "notified": "平成元年1月20日",
        "settled": None,
        "former_name": "渡邉\U000e0115",
        "former_name_reading": "ワタナベ",
        "domicile": OMITTED,
        "register_head": OMITTED,
        "address_before_entry": "埼玉県深谷市仲町11番1号",
        "address_before_change": None,
        "individual_number": OMITTED,
        "resident_code": OMITTED,
        "remarks": None,
    }
    return Section("household.japanese", values, 1)


def _foreign() -> Section:
    omitted = ("nationality", "category", "card_number", "status", "period", "expiry")
    values: dict[str, Value] = {
        "name": "MIHON HANAKO",
        "reading": None,
        "birth": "1994年7月22日",
        "sex": "女",
        "relationship": OMITTED,
        "resident_since": "令和6年9月1日",
        "notified": "令和6年9月12日",
        "settled": None,
        "common_name": None,
        "common_name_reading": None,
        "address_before_entry": None,
        "address_before_change": None,
        "individual_number": OMITTED,
        "resident_code": OMITTED,
        "remarks": None,
        **dict.fromkeys(omitted, OMITTED),
    }
    return Section("household.foreign", values, 2)
