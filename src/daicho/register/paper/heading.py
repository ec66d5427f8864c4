"""What stands around the tables of a sheet: title, stamps, addressee, attestation, seal, code, issue number, page."""

from daicho.register.paper.fitting import fit, wrap
from daicho.register.paper.forms import base
from daicho.register.paper.forms.base import Design
from daicho.register.paper.sheet import LEFT, POINT, RIGHT, Pen, Sheet
from daicho.register.paper.view import Paper

HEAD_TOP = 24.0
LETTER_TOP = 92.0
ZONE_TOP = 247.5  # attestation and verification code
FOOT = 282.5
SEAL_X, SEAL_Y, SEAL_BOX = RIGHT - 24.0, ZONE_TOP + 7.0, 24.0
CODE_X, CODE_Y, CODE_SIZE = LEFT, ZONE_TOP + 10.0, 17.0
LETTER_CODE_X, LETTER_CODE_Y = LEFT, 262.5
LABEL_SIZE = base.LABEL_SIZE


def heading(pen: Pen, sheet: Sheet, paper: Paper, design: Design, number: int) -> None:
    """The form's name, the title, the stamps; for a letter the addressee and the sender above them."""
    if design.letter:
        _letter_head(pen, sheet, paper)
        return
    if paper.form:
        pen.text(sheet, paper.form, 8.0, LEFT, 22.0 - 4.0 * POINT)
    pen.spread(sheet, paper.title, 19.0, design.title_gap * 19.0, LEFT, base.WIDTH, 17.0)
    _stamps(pen, sheet, paper)


def _stamps(pen: Pen, sheet: Sheet, paper: Paper) -> None:
    widths = [pen.face.width(stamp, 10.0) * POINT + 4.0 for stamp in paper.stamps]
    x = RIGHT + 2.0 - sum(width + 2.0 for width in widths)
    for stamp, width in zip(paper.stamps, widths, strict=True):
        sheet.rectangle(x, 15.2, width, 6.0)
        pen.text(sheet, stamp, 10.0, x + 2.0, 18.2)
        x += width + 2.0


def _letter_head(pen: Pen, sheet: Sheet, paper: Paper) -> None:
    """Addressee in the window of an envelope (left, from 24 mm), date and sender at the right, the title below."""
    _stamps(pen, sheet, paper)
    y = 27.0
    for line in paper.addressee:
        fitted = fit(pen.face, line, 85.0 / POINT, most=11.0)
        for piece in fitted.pieces:
            pen.text(sheet, piece.text, piece.size, LEFT + 5.0, y + piece.top * POINT)
        y += max(6.0, fitted.height * POINT + 2.0)
    attestation = paper.attestation
    pen.right(sheet, attestation.date, 10.5, RIGHT, 56.0)
    pen.right(sheet, f"{attestation.office}　{attestation.name}", 11.0, RIGHT, 64.0)
    if attestation.seal_note:
        pen.right(sheet, attestation.seal_note, 8.0, RIGHT, 69.5)
    verification(pen, sheet, paper, LETTER_CODE_X, LETTER_CODE_Y)
    title = fit(pen.face, paper.title, base.WIDTH / POINT, most=15.0)
    for piece in title.pieces:
        pen.spread(sheet, piece.text, piece.size, 0.0, LEFT, base.WIDTH, 83.0 + piece.top * POINT)


def closing(pen: Pen, sheet: Sheet, paper: Paper, design: Design) -> None:
    """Under the tables: the code on every sheet, the attestation on the last one only (STD 5.1)."""
    if design.letter:
        if not sheet.last:
            pen.right(sheet, base.CONTINUED, 9.0, RIGHT, FOOT - 2.5)
        return
    verification(pen, sheet, paper, CODE_X, CODE_Y)
    if sheet.last:
        _attestation(pen, sheet, paper)
    else:
        pen.text(sheet, base.CONTINUED, 9.0, LEFT + 62.0, ZONE_TOP + 4.5 * POINT)


def verification(pen: Pen, sheet: Sheet, paper: Paper, left: float, top: float) -> None:
    """The code by which the issue can be verified, in words; its drawing is placed by the typesetter."""
    x = left + CODE_SIZE + 2.5
    pen.text(sheet, base.CODE_LABEL, LABEL_SIZE, x, top + 1.6)
    code = paper.issue.code
    pen.text(sheet, f"{code[:4]}-{code[4:8]}", 9.5, x, top + 5.6, 0.4)
    pen.text(sheet, f"{code[8:12]}-{code[12:]}", 9.5, x, top + 10.2, 0.4)
    pen.text(sheet, base.CODE_NOTE, 5.5, x, top + 14.9)


def _attestation(pen: Pen, sheet: Sheet, paper: Paper) -> None:
    attestation = paper.attestation
    x = LEFT + 62.0
    width = SEAL_X - 3.0 - x
    half = 5.5 * POINT
    if paper.notice:
        for number, line in enumerate(wrap(pen.face, paper.notice, 56.0 / POINT, 7.5)):
            pen.text(sheet, line, 7.5, LEFT, ZONE_TOP + half + number * 3.4)
    sentence = fit(pen.face, attestation.sentence, (RIGHT - x) / POINT, most=11.0).pieces[0]
    pen.text(sheet, sentence.text, sentence.size, x, ZONE_TOP + half)
    pen.text(sheet, attestation.date, 11.0, x, ZONE_TOP + 9.0 + half)
    middle = SEAL_Y + 14.0
    room = width / POINT - pen.face.width(attestation.office, 11.0) - 11.3
    name = fit(pen.face, attestation.name, room, most=15.0)
    name_x = SEAL_X - 3.0 - name.width * POINT
    pen.text(sheet, attestation.office, 11.0, name_x - 4.0 - pen.face.width(attestation.office, 11.0) * POINT, middle)
    for piece in name.pieces:
        pen.text(sheet, piece.text, piece.size, name_x, middle)
    if attestation.seal_note:
        pen.spread(sheet, attestation.seal_note, 5.5, 0.0, SEAL_X - 4.0, SEAL_BOX + 8.0, SEAL_Y + SEAL_BOX + 1.8)


def tally(pen: Pen, sheet: Sheet) -> None:
    """Where the tally seal goes across the fold of this sheet and the next one (契印)."""
    pen.text(sheet, base.TALLY, 6.5, LEFT - 8.0, 148.5)


def footer(pen: Pen, sheet: Sheet, paper: Paper, design: Design, number: int, total: int) -> None:
    """The issue number with its page (STD 5.5), and the page."""
    sheet.across(LEFT, FOOT, base.WIDTH)
    middle = FOOT + 3.4
    label = base.LETTER_LABEL if design.letter else base.ISSUE_LABEL
    pen.text(sheet, label, LABEL_SIZE, LEFT, middle)
    x = LEFT + pen.face.width(label, LABEL_SIZE) * POINT + 3.0
    pen.text(sheet, issue_line(paper, number, total), 9.0, x, middle)
    page = f"{number}／{total}"
    x = RIGHT - pen.face.width(base.PAGE_LABEL, LABEL_SIZE) * POINT
    pen.text(sheet, page, 9.0, x - 1.0 - pen.face.width(page, 9.0) * POINT, middle)
    pen.text(sheet, base.PAGE_LABEL, LABEL_SIZE, x, middle)


def issue_line(paper: Paper, number: int, total: int) -> str:
    """発行番号 with its page (STD 5.5): 20261124　熊谷市　本庁1　プリンタ001　011　1/2."""
    return "　".join((*paper.issue.number, f"{number}/{total}"))
