"""The last gate before paper leaves: the finished PDF is read and must show exactly what the view model says.

Each page's text is compared from its first to its last character with what must stand there: names with their
selectors, birth dates, address, issue number and everything else of exactly these persons, and nothing beside it.
Pages must hold the persons in order, each once. The seal must be on the last page and on no other. The cause is
the misissues of 2023 (facts 6.1), where no program looked at the paper it handed over.
"""

from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from daicho.register.paper import fields as form
from daicho.register.paper import layout
from daicho.register.paper.errors import CertificateMismatch
from daicho.register.paper.layout import POINT
from daicho.register.paper.pdf import opened
from daicho.register.paper.view import HouseholdCopy, PersonEntry, shown

PAGE_HEIGHT = 297.0
# PDFium marks a hyphen at the end of a line by one of these.
_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-"})

Token = tuple[str, str]
"""What kind of value it is (for the error, which must not carry the value), and the text.

A label has no kind: if it is not where it must be, too much stands in the value before it.
"""


def read_back(pdf: bytes, copy: HouseholdCopy, pages: Sequence[Sequence[int]]) -> None:
    """Compare a finished paper with its view model; raises CertificateMismatch, returns nothing.

    `pages` are the positions (from 0) of the persons on each page, as the typesetter said.
    """
    if not layout.in_order(pages, len(copy.persons)):
        raise CertificateMismatch(page=0, part="頁の構成")
    try:
        with opened(pdf) as document:
            if len(document) != len(pages):
                raise CertificateMismatch(page=0, part="頁数")
            for number, persons in enumerate(pages, 1):
                page = document[number - 1]
                _compare(_squeeze(page.get_textpage().get_text_range()), copy, persons, number, len(pages))
                _look_for_drawings(page, number, last=number == len(pages))
    except pdfium.PdfiumError:
        raise CertificateMismatch(page=0, part="ファイル") from None


def _squeeze(text: str) -> str:
    """Text without white space: line ends and the gaps of spread labels come back as spaces."""
    return "".join(text.translate(_HYPHENS).split())


def _compare(text: str, copy: HouseholdCopy, persons: Sequence[int], number: int, total: int) -> None:
    at, before = 0, "様式"
    for part, expected in _tokens(copy, persons, number, total):
        wanted = _squeeze(expected)
        if text.startswith(wanted, at):
            at += len(wanted)
        elif expected != form.REST_BLANK:
            raise CertificateMismatch(page=number, part=part or before)
        before = part or before
    if at != len(text):
        raise CertificateMismatch(page=number, part="末尾")


def _tokens(copy: HouseholdCopy, persons: Sequence[int], number: int, total: int) -> Iterator[Token]:
    """Everything a page must say, in the order in which it stands there."""
    yield "様式", copy.form
    yield "表題", copy.title
    for stamp in copy.stamps:
        yield "表示", stamp
    yield "住所", f"住所{copy.address}"
    yield "世帯主", f"世帯主{shown(copy.head)}"
    for position in persons:
        yield "", str(position + 1)
        yield from _person(copy.persons[position])
    if number == total:
        yield form.REST_BLANK, form.REST_BLANK
    yield "確認コード", form.CODE_LABEL + f"{copy.issue.code[:4]}-{copy.issue.code[4:8]}"
    yield "確認コード", f"{copy.issue.code[8:12]}-{copy.issue.code[12:]}" + form.CODE_NOTE
    if number == total:
        attestation = copy.attestation
        yield "認証文", attestation.sentence
        yield "発行日", attestation.date
        yield "職名", attestation.office
        yield "職氏名", attestation.name
        yield "公印の注記", attestation.seal_note
    else:
        yield "続き", form.CONTINUED
    yield form.ISSUE_LABEL, form.ISSUE_LABEL + layout.issue_line(copy, number, total)
    yield "頁", f"{number}／{total}{form.PAGE_LABEL}"


def _person(person: PersonEntry) -> Iterator[Token]:
    for row in form.rows_of(person.foreign):
        for cell in row.fields:
            yield "", cell.plain_label
            text = shown(getattr(person, cell.item))
            yield cell.plain_label, text
            reading = getattr(person, cell.reading) if cell.reading is not None else None
            if reading and text and getattr(person, cell.item) == text:
                yield "振り仮名", f"（{reading}）"


def _look_for_drawings(page: pdfium.PdfPage, number: int, *, last: bool) -> None:
    """The code on every page, the seal on the last one only: a paper without seal cannot leave."""
    code = seal = False
    for drawing in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        box = drawing.get_bounds()
        code = code or _inside(box, layout.CODE_X, layout.CODE_Y, layout.CODE_SIZE)
        seal = seal or _inside(box, layout.SEAL_X, layout.SEAL_Y, layout.SEAL_BOX)
    if not code:
        raise CertificateMismatch(page=number, part="確認コードの図")
    if seal is not last:
        raise CertificateMismatch(page=number, part="公印")


def _inside(box: tuple[float, float, float, float], x: float, y: float, size: float) -> bool:
    """Whether a box (points, from the bottom left) lies in a square (mm, from the top left) and fills most of it."""
    left, bottom, right, top = (edge * POINT for edge in box)
    fits = left >= x - 1 and right <= x + size + 1
    fits = fits and PAGE_HEIGHT - top >= y - 1 and PAGE_HEIGHT - bottom <= y + size + 1
    return fits and right - left >= 0.6 * size and top - bottom >= 0.6 * size
