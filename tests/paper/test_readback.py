"""The last gate: a paper that does not show exactly its view model never leaves."""

import dataclasses
import io
from collections.abc import Iterator

import pypdfium2 as pdfium
import pytest

from daicho.register.paper.errors import CertificateMismatch
from daicho.register.paper.readback import read_back
from daicho.register.paper.specimen import specimen
from daicho.register.paper.typesetter import Printed, Typesetter
from daicho.register.paper.view import OMITTED, Paper, Seal
from tests.paper.conftest import copy_of, person


def mismatch(pdf: bytes, copy: Paper, pages: tuple[tuple[int, ...], ...]) -> tuple[int, str]:
    """Where the gate found the fault."""
    with pytest.raises(CertificateMismatch) as found:
        read_back(pdf, copy, pages)
    assert set(found.value.data) == {"page", "part"}
    return int(found.value.data["page"]), str(found.value.data["part"])


def printed_differently(typesetter: Typesetter, **changes: object) -> tuple[int, str]:
    """Two persons are expected; the paper shows a first person with changes."""
    wrong = typesetter.set(copy_of(2, persons=(person(0, **changes), person(1))))
    return mismatch(wrong.pdf, copy_of(2), wrong.pages)


def with_pages(*sources: tuple[Printed, int]) -> bytes:
    """A file with pages (counted from 0) of other files."""
    target = pdfium.PdfDocument.new()
    for printed, number in sources:
        target.import_pages(pdfium.PdfDocument(printed.pdf), [number])
    out = io.BytesIO()
    target.save(out)
    target.close()
    return out.getvalue()


@pytest.mark.parametrize("count", [1, 2, 4, 5, 6])
def test_a_right_paper_passes(typesetter: Typesetter, count: int) -> None:
    copy = copy_of(count)
    printed = typesetter.set(copy)
    read_back(printed.pdf, copy, printed.pages)


def test_a_right_paper_with_everything_asked_for_passes(typesetter: Typesetter) -> None:
    everything = person(
        0,
        relationship="世帯主",
        domicile="埼玉県熊谷市大字妻沼1492番地",
        register_head="渡邉\U000e0115　健一",
        individual_number="123456789018",
        resident_code="24727059608",
        remarks="令和6年9月1日、住所表示の実施により住所変更。",
    )
    copy = copy_of(
        2, persons=(everything, specimen().sections[1]), head="渡邉\U000e0115　健一", stamps=("公用", "合成データ")
    )
    printed = typesetter.set(copy)
    read_back(printed.pdf, copy, printed.pages)


def test_a_swapped_page_is_caught(typesetter: Typesetter) -> None:
    copy = copy_of(5)
    right = typesetter.set(copy)
    stranger = typesetter.set(copy_of(5, persons=(*copy.sections[:4], person(5))))
    assert mismatch(with_pages((right, 1), (right, 0)), copy, right.pages) == (1, "世帯主")
    assert mismatch(with_pages((right, 0), (stranger, 1)), copy, right.pages) == (2, "氏名")
    assert mismatch(with_pages((right, 0), (right, 0)), copy, right.pages) == (2, "世帯主")


def test_a_missing_and_an_extra_page_are_caught(typesetter: Typesetter) -> None:
    copy = copy_of(5)
    right = typesetter.set(copy)
    assert mismatch(with_pages((right, 0)), copy, right.pages) == (0, "頁数")
    assert mismatch(with_pages((right, 0), (right, 1), (right, 1)), copy, right.pages) == (0, "頁数")


def test_a_swapped_person_is_caught(typesetter: Typesetter) -> None:
    copy = copy_of(2)
    swapped = typesetter.set(copy_of(2, persons=(person(1), person(0))))
    assert mismatch(swapped.pdf, copy, swapped.pages) == (1, "氏名")


def test_another_household_is_caught(typesetter: Typesetter) -> None:
    copy = copy_of(2)
    other = typesetter.set(copy_of(2, address="埼玉県熊谷市中西一丁目1番1号"))
    assert mismatch(other.pdf, copy, other.pages) == (1, "住所")


def test_an_extra_and_a_missing_person_are_caught(typesetter: Typesetter) -> None:
    copy, more = copy_of(2), typesetter.set(copy_of(3))
    assert mismatch(more.pdf, copy, ((0, 1),))[0] == 1
    assert mismatch(more.pdf, copy, more.pages) == (0, "頁の構成")
    fewer = typesetter.set(copy)
    assert mismatch(fewer.pdf, copy_of(3), ((0, 1, 2),)) == (1, "備考")


def test_a_lost_and_a_changed_selector_are_caught(typesetter: Typesetter) -> None:
    assert printed_differently(typesetter, name="渡邉　健一") == (1, "氏名")
    assert printed_differently(typesetter, name="渡邉\U000e0116　健一") == (1, "氏名")


@pytest.mark.parametrize(
    ("field", "value", "part"),
    [
        ("birth", "昭和38年4月28日", "生年月日"),
        ("birth", "昭和38年4月29日頃", "生年月日"),
        ("name", "渡邉\U000e0115　健二", "氏名"),
        ("reading", "ワタナベ　ケンジ", "振り仮名"),
        ("reading", None, "振り仮名"),
        ("sex", "女", "性別"),
        ("relationship", "世帯主", "続柄"),
        ("domicile", None, "本籍"),
        ("domicile", "埼玉県熊谷市大字妻沼1492番地", "本籍"),
        ("individual_number", "123456789018", "個人番号"),
        ("resident_code", "24727059608", "住民票コード"),
        ("remarks", "備考の追加", "備考"),
    ],
)
def test_any_other_value_is_caught(typesetter: Typesetter, field: str, value: str | None, part: str) -> None:
    assert printed_differently(typesetter, **{field: value})[1] == part


def test_another_issue_number_or_code_is_caught(typesetter: Typesetter) -> None:
    copy = copy_of(1)
    issue = dataclasses.replace(copy.issue, number=(*copy.issue.number[:-1], "001"))
    other = typesetter.set(dataclasses.replace(copy, issue=issue))
    assert mismatch(other.pdf, copy, other.pages) == (1, "発行番号")
    code = dataclasses.replace(copy.issue, code="FEDCBA9876543210")
    other = typesetter.set(dataclasses.replace(copy, issue=code))
    assert mismatch(other.pdf, copy, other.pages) == (1, "確認コード")


def test_a_paper_without_seal_is_caught(typesetter: Typesetter) -> None:
    blank = Seal('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>', 24.0)
    copy = copy_of(1)
    unsealed = typesetter.set(dataclasses.replace(copy, seal=blank))
    assert mismatch(unsealed.pdf, copy, unsealed.pages) == (1, "公印")


def test_what_is_no_paper_is_caught() -> None:
    assert mismatch(b"%PDF-1.7 not really", copy_of(1), ((0,),)) == (0, "ファイル")


def test_the_attestation_stands_on_the_last_page_only(typesetter: Typesetter) -> None:
    copy = copy_of(5)
    document = pdfium.PdfDocument(typesetter.set(copy).pdf)
    first, last = (page.get_textpage().get_text_range() for page in document)
    assert copy.attestation.sentence not in first
    assert copy.attestation.office not in first
    assert copy.attestation.sentence in last
    assert "（次の頁に続く）" in first
    document.close()


def test_omitted_is_said_and_blank_means_none(typesetter: Typesetter) -> None:
    copy = copy_of(1, persons=(person(0, domicile=OMITTED, register_head=None),))
    document = pdfium.PdfDocument(typesetter.set(copy).pdf)
    text = "".join(document[0].get_textpage().get_text_range().split())
    assert "本籍省略筆頭者転入前住所" in text
    document.close()


def test_equal_copies_give_equal_bytes(typesetter: Typesetter) -> None:
    assert typesetter.set(copy_of(5)).pdf == typesetter.set(copy_of(5)).pdf


def test_it_is_pdf_a(typesetter: Typesetter) -> None:
    pdf = typesetter.set(copy_of(1)).pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert "健一".encode() not in pdf


def test_the_mark_at_the_fold_may_stand_beside_a_line_and_stands_once() -> None:
    from daicho.register.paper import readback

    def tokens(*said: str) -> "Iterator[tuple[str, str]]":
        return iter([("", one) for one in said])

    readback._compare("氏名契印備考以上", tokens("氏名", "備考", "契印", "以上"), 1)
    readback._compare("氏名備考契印以上", tokens("氏名", "備考", "契印", "以上"), 1)
    for text in ("氏名契印備考契印以上", "氏名備考以上", "契印契印氏名備考以上"):
        with pytest.raises(CertificateMismatch):
            readback._compare(text, tokens("氏名", "備考", "契印", "以上"), 1)
