"""The last gate before paper leaves: the finished PDF is read and must show exactly what the view model says.

Each page's text is compared from its first to its last character with what must stand there: names with their
selectors, birth dates, address, issue number and everything else of exactly these persons, and nothing beside it.
Pages must hold the persons in order, each once. The seal must be on the last page and on no other. The cause is
the misissues of 2023 (facts 6.1), where no program looked at the paper it handed over.
"""

from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from daicho.register.paper import heading, layout, symbol
from daicho.register.paper.errors import CertificateMismatch
from daicho.register.paper.forms import base
from daicho.register.paper.forms.base import Design
from daicho.register.paper.forms.table import DESIGNS, FORMS, rows_of
from daicho.register.paper.pdf import opened
from daicho.register.paper.sheet import POINT
from daicho.register.paper.view import Paper, Section, shown

PAGE_HEIGHT = 297.0
DOTS = 12.0  # of a picture in which codes are compared, a millimetre
# PDFium marks a hyphen at the end of a line by one of these.
_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-"})

Token = tuple[str, str]
"""What kind of value it is (for the error, which must not carry the value), and the text.

A label has no kind: if it is not where it must be, too much stands in the value before it.
"""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in mm from the top left corner."""


def read_back(pdf: bytes, paper: Paper, pages: Sequence[Sequence[int]]) -> None:
    """Compare a finished paper with its view model; raises CertificateMismatch, returns nothing.

    `pages` are the positions (from 0) of the sections on each page, as the typesetter said.
    """
    design = DESIGNS[paper.kind]
    if not layout.in_order(pages, len(paper.sections), design.per_sheet):
        raise CertificateMismatch(page=0, part="頁の構成")
    try:
        with opened(pdf) as document:
            if len(document) != len(pages):
                raise CertificateMismatch(page=0, part="頁数")
            for number, sections in enumerate(pages, 1):
                page = document[number - 1]
                chosen = [*paper.opening(number), *(paper.sections[position] for position in sections)]
                tokens = _tokens(paper, design, chosen, number, len(pages))
                _compare(_squeeze(page.get_textpage().get_text_range()), tokens, number)
                codes = [section.code for section in chosen if section.code]
                _look_for_drawings(page, paper, design, codes, number, number == len(pages))
    except pdfium.PdfiumError:
        raise CertificateMismatch(page=0, part="ファイル") from None


def _squeeze(text: str) -> str:
    """Text without white space: line ends and the gaps of spread labels come back as spaces."""
    return "".join(text.translate(_HYPHENS).split())


def _compare(text: str, tokens: Iterator[Token], number: int) -> None:
    """The page says exactly the tokens in order. The tally mark at the fold comes early where a line stands at its height."""
    at, before, tallied = 0, "様式", False
    for part, expected in tokens:
        wanted = _squeeze(expected)
        if expected == base.TALLY and tallied:
            continue
        if not tallied and not text.startswith(wanted, at) and text.startswith(base.TALLY + wanted, at):
            at, tallied = at + len(base.TALLY), True
        if text.startswith(wanted, at):
            at += len(wanted)
        elif expected != base.REST_BLANK:
            raise CertificateMismatch(page=number, part=part or before)
        before = part or before
    if at != len(text):
        raise CertificateMismatch(page=number, part="末尾")


def _tokens(paper: Paper, design: Design, sections: Sequence[Section], number: int, total: int) -> Iterator[Token]:
    """Everything a page must say, in the order in which it stands there."""
    yield from _heading(paper, design)
    for section in sections:
        yield from _section(section)
    last = number == total
    if last and not design.letter:
        yield base.REST_BLANK, base.REST_BLANK
    if not last:
        yield base.TALLY, base.TALLY
    yield from _closing(paper, design, last)
    label = base.LETTER_LABEL if design.letter else base.ISSUE_LABEL
    yield base.ISSUE_LABEL, label + heading.issue_line(paper, number, total)
    yield "頁", f"{number}／{total}{base.PAGE_LABEL}"


def _heading(paper: Paper, design: Design) -> Iterator[Token]:
    if not design.letter:
        yield "様式", paper.form
        yield "表題", paper.title
    for stamp in paper.stamps:
        yield "表示", stamp
    if design.letter:
        attestation = paper.attestation
        for line in paper.addressee:
            yield "宛名", line
        yield "発行日", attestation.date
        yield "職氏名", attestation.office + attestation.name
        yield "公印の注記", attestation.seal_note
        yield from _verification(paper)
        yield "表題", paper.title


def _closing(paper: Paper, design: Design, last: bool) -> Iterator[Token]:
    if design.letter:
        if not last:
            yield "続き", base.CONTINUED
        return
    yield from _verification(paper)
    if not last:
        yield "続き", base.CONTINUED
        return
    attestation = paper.attestation
    yield "案内", paper.notice
    yield "認証文", attestation.sentence
    yield "発行日", attestation.date
    yield "職名", attestation.office
    yield "職氏名", attestation.name
    yield "公印の注記", attestation.seal_note


def _verification(paper: Paper) -> Iterator[Token]:
    code = paper.issue.code
    yield "確認コード", base.CODE_LABEL + f"{code[:4]}-{code[4:8]}"
    yield "確認コード", f"{code[8:12]}-{code[12:]}" + base.CODE_NOTE


def _section(section: Section) -> Iterator[Token]:
    if FORMS[section.form].lead:
        yield "", str(section.number)
    for row in rows_of(section):
        for cell in row.fields:
            yield "", cell.plain_label
            part = cell.plain_label or cell.item
            value = section.values.get(cell.item)
            yield part, shown(value)
            reading = section.values.get(cell.reading) if cell.reading is not None else None
            if reading and value and isinstance(reading, str) and isinstance(value, str):
                yield "振り仮名", f"（{reading}）"
    if section.code:
        yield "", base.READ_BY


def _look_for_drawings(
    page: pdfium.PdfPage, paper: Paper, design: Design, codes: Sequence[str], number: int, last: bool
) -> None:
    """The code on every page, the seal on the last one only, each person's code as it must be, and no other."""
    found = [_box(drawing) for drawing in page.get_objects(filter=_DRAWINGS, max_depth=3)]
    x, y = (heading.LETTER_CODE_X, heading.LETTER_CODE_Y) if design.letter else (heading.CODE_X, heading.CODE_Y)
    if not any(_inside(box, x, y, heading.CODE_SIZE) for box in found):
        raise CertificateMismatch(page=number, part="確認コードの図")
    sealed = any(_inside(box, heading.SEAL_X, heading.SEAL_Y, heading.SEAL_BOX) for box in found)
    if sealed is not (last and paper.seal is not None):
        raise CertificateMismatch(page=number, part="公印")
    squares = sorted((box for box in found if _is_person_code(box)), key=lambda box: box[1])
    if len(squares) != len(codes):
        raise CertificateMismatch(page=number, part="転入用コード")
    if codes:
        _compare_codes(page, squares, codes, number)


_DRAWINGS = [pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE]


def _box(drawing: pdfium.PdfObject) -> Box:
    left, bottom, right, top = (edge * POINT for edge in drawing.get_bounds())
    return left, PAGE_HEIGHT - top, right, PAGE_HEIGHT - bottom


def _is_person_code(box: Box) -> bool:
    left, top, right, bottom = box
    size = layout.CODE_BOX
    return left > layout.CODE_COLUMN and abs(right - left - size) < 1 and abs(bottom - top - size) < 1


def _compare_codes(page: pdfium.PdfPage, squares: Sequence[Box], codes: Sequence[str], number: int) -> None:
    """Look at a picture of the page: every module of every code, dark or light, as the person's code has it."""
    column = layout.CODE_COLUMN / POINT  # only the right edge of the page
    picture = page.render(scale=DOTS * POINT, grayscale=True, crop=(column, 0, 0, 0)).to_pil()
    for (left, top, right, bottom), text in zip(squares, codes, strict=True):
        modules = symbol.person_code(text)
        across, down = (right - left) / len(modules), (bottom - top) / len(modules)
        for row, line in enumerate(modules):
            for x, dark in enumerate(line):
                at = (
                    int((left - layout.CODE_COLUMN + (x + 0.5) * across) * DOTS),
                    int((top + (row + 0.5) * down) * DOTS),
                )
                if (picture.getpixel(at) < 128) is not bool(dark):
                    raise CertificateMismatch(page=number, part="転入用コード")


def _inside(box: Box, x: float, y: float, size: float) -> bool:
    """Whether a box lies in a square and fills most of it."""
    left, top, right, bottom = box
    fits = left >= x - 1 and right <= x + size + 1 and top >= y - 1 and bottom <= y + size + 1
    return fits and right - left >= 0.6 * size and bottom - top >= 0.6 * size
