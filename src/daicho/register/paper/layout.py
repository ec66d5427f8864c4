"""Where everything stands on the sheets of the household form, in mm from the top left corner. Pure.

At most four persons a sheet. A row that needs more height grows; if four persons no longer fit, ordinary rows get
tighter first, and only then does the last person move to the next sheet. Nothing is cut: what cannot be placed
raises CopyTooLong. The typesetter gets finished positions, which is what makes it fast.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from daicho.register.paper import fields as form
from daicho.register.paper.errors import CopyTooLong
from daicho.register.paper.face import Face, clusters
from daicho.register.paper.fields import Field, Row
from daicho.register.paper.fitting import Fitted, fit, fit_name
from daicho.register.paper.view import OMITTED, HouseholdCopy, PersonEntry, Value, shown

POINT = 25.4 / 72  # mm
LEFT = 15.0  # the left 15 mm stay free for binding and 契印
RIGHT = LEFT + form.WIDTH
PADDING = 1.5
AIR = 1.6  # above and below a value together
HEAD_TOP = 24.0
AFTER_HEAD = 2.0
GAP = 1.5  # between persons
ZONE_TOP = 247.5  # attestation and verification code
FOOT = 282.5
PER_SHEET = 4
SEAL_X, SEAL_Y, SEAL_BOX = RIGHT - 24.0, ZONE_TOP + 7.0, 24.0
CODE_X, CODE_Y, CODE_SIZE = LEFT, ZONE_TOP + 10.0, 17.0
LABEL_SIZE, LABEL_SPAN = 6.5, 14.0

_KANJI = re.compile(r"[\u3400-\u9fff]+")

Run = tuple[float, float, float, float, str]
"""x and baseline in mm, size and letter-spacing in points, text."""


@dataclass(slots=True)
class Sheet:
    """One page: lines as outline data (mm), texts as runs, the positions (from 0) of the persons on it."""

    frames: list[str] = field(default_factory=list)
    hairs: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)
    last: bool = False

    def rectangle(self, x: float, y: float, width: float, height: float) -> None:
        """A frame."""
        self.frames.append(f"M{x:.3f} {y:.3f}h{width:.3f}v{height:.3f}h{-width:.3f}z")

    def across(self, x: float, y: float, length: float) -> None:
        """A thin horizontal line."""
        self.hairs.append(f"M{x:.3f} {y:.3f}h{length:.3f}")

    def down(self, x: float, y: float, length: float) -> None:
        """A thin vertical line."""
        self.hairs.append(f"M{x:.3f} {y:.3f}v{length:.3f}")


@dataclass(frozen=True, slots=True)
class Layout:
    """The sheets of a copy, and which items had to be broken (position from 1, 0 the head; item)."""

    sheets: tuple[Sheet, ...]
    tight: tuple[tuple[int, str], ...]

    @property
    def pages(self) -> tuple[tuple[int, ...], ...]:
        """The positions (from 0) of the persons on each page."""
        return tuple(tuple(sheet.persons) for sheet in self.sheets)


@dataclass(frozen=True, slots=True)
class _Cell:
    field: Field
    fitted: Fitted


@dataclass(frozen=True, slots=True)
class _Line:
    height: float
    cells: tuple[_Cell, ...]


@dataclass(frozen=True, slots=True)
class _Panel:
    """A framed table of rows, fitted but not placed yet. `number` fills the column at its left."""

    lines: tuple[_Line, ...]
    number: int | None = None

    @property
    def height(self) -> float:
        return sum(line.height for line in self.lines)

    @property
    def tight(self) -> list[tuple[int, str]]:
        cells = [cell for line in self.lines for cell in line.cells]
        return [(self.number or 0, cell.field.item) for cell in cells if cell.fitted.tight]


class Setter:
    """Sets copies with one face."""

    def __init__(self, face: Face) -> None:
        """`face` measures every text."""
        self._face = face

    def set(self, copy: HouseholdCopy) -> Layout:
        """All sheets of a copy; raises CopyTooLong rather than cutting."""
        head = self._panel(form.HEAD_ROWS, {"address": copy.address, "head": copy.head}.get, None, 0.0)
        start = HEAD_TOP + head.height + AFTER_HEAD
        room = ZONE_TOP - 3.0 - start
        sheets = self._deal(copy.persons, form.ORDINARY_ROW, room)
        if len(sheets) > -(-len(copy.persons) // PER_SHEET):
            sheets = self._deal(copy.persons, form.TIGHT_ROW, room)
        drawn = tuple(
            self._sheet(copy, head, panels, start, number + 1, len(sheets)) for number, panels in enumerate(sheets)
        )
        tight = [*head.tight, *(mark for panels in sheets for panel in panels for mark in panel.tight)]
        return Layout(drawn, tuple(tight))

    # --- fitting -----------------------------------------------------------------------------------------------------

    def _deal(self, persons: Sequence[PersonEntry], ordinary: float, room: float) -> list[list[_Panel]]:
        sheets: list[list[_Panel]] = [[]]
        used = 0.0
        for number, person in enumerate(persons, 1):
            panel = self._panel(form.rows_of(person.foreign), partial(getattr, person), number, ordinary)
            if panel.height > room:
                raise CopyTooLong(position=number)
            if len(sheets[-1]) == PER_SHEET or used + panel.height > room:
                sheets.append([])
                used = 0.0
            sheets[-1].append(panel)
            used += panel.height + GAP
        return sheets

    def _panel(self, rows: Sequence[Row], value: Callable[[str], Value], number: int | None, ordinary: float) -> _Panel:
        lines = []
        for row in rows:
            cells = tuple(_Cell(cell, self._fit(cell, value)) for cell in row.fields)
            needed = max(cell.fitted.height for cell in cells) * POINT + AIR
            lines.append(_Line(max(row.height or ordinary, needed), cells))
        return _Panel(tuple(lines), number)

    def _fit(self, cell: Field, value: Callable[[str], Value]) -> Fitted:
        inner = (cell.width - cell.label_width - 2 * PADDING) / POINT
        content = value(cell.item)
        if content is OMITTED:
            return fit(self._face, shown(content), inner, most=min(cell.size, 9.0))
        text = shown(content)
        if cell.reading is not None and text:
            reading = value(cell.reading)
            return fit_name(self._face, text, reading if isinstance(reading, str) else None, inner, most=cell.size)
        return fit(self._face, text, inner, most=cell.size, prose=cell.prose)

    # --- drawing -----------------------------------------------------------------------------------------------------

    def _sheet(
        self, copy: HouseholdCopy, head: _Panel, panels: Sequence[_Panel], start: float, number: int, total: int
    ) -> Sheet:
        sheet = Sheet(last=number == total)
        self._heading(sheet, copy)
        self._draw(sheet, head, HEAD_TOP)
        y = start
        for panel in panels:
            self._draw(sheet, panel, y)
            sheet.persons.append((panel.number or 1) - 1)
            y += panel.height + GAP
        if sheet.last and y + 6.0 < ZONE_TOP - 3.0:
            self._spread(sheet, form.REST_BLANK, 9.0, 4.5, LEFT, form.WIDTH, y + 3.5)
        self._verification(sheet, copy)
        if sheet.last:
            self._attestation(sheet, copy)
        else:
            self._text(sheet, form.CONTINUED, 9.0, LEFT + 62.0, ZONE_TOP + 4.5 * POINT)
        self._footer(sheet, copy, number, total)
        return sheet

    def _text(self, sheet: Sheet, text: str, size: float, x: float, middle: float, tracking: float = 0.0) -> None:
        """A line of text whose em box is centred on `middle`."""
        baseline = middle + size * POINT * (self._face.ascent - 0.5)
        sheet.runs.append((round(x, 3), round(baseline, 3), round(size, 2), round(tracking, 3), text))

    def _spread(self, sheet: Sheet, text: str, size: float, gap: float, x: float, width: float, middle: float) -> None:
        """A text centred in `width`, its characters set apart by `gap` points.

        Letter-spacing skips the borders of kanji and kana, so mixed texts are set one character at a time.
        """
        characters = list(clusters(text))
        length = (self._face.width(text, size) + gap * (len(characters) - 1)) * POINT
        x += (width - length) / 2
        if gap == 0 or _KANJI.fullmatch(text):
            self._text(sheet, text, size, x, middle, gap)
            return
        for character in characters:
            self._text(sheet, character, size, x, middle)
            x += (self._face.width(character, size) + gap) * POINT

    def _heading(self, sheet: Sheet, copy: HouseholdCopy) -> None:
        self._text(sheet, copy.form, 8.0, LEFT, 22.0 - 4.0 * POINT)
        self._spread(sheet, copy.title, 19.0, 0.6 * 19.0, LEFT, form.WIDTH, 17.0)
        widths = [self._face.width(stamp, 10.0) * POINT + 4.0 for stamp in copy.stamps]
        x = RIGHT + 2.0 - sum(width + 2.0 for width in widths)
        for stamp, width in zip(copy.stamps, widths, strict=True):
            sheet.rectangle(x, 15.2, width, 6.0)
            self._text(sheet, stamp, 10.0, x + 2.0, 18.2)
            x += width + 2.0

    def _draw(self, sheet: Sheet, panel: _Panel, top: float) -> None:
        lead = form.LEAD if panel.number is not None else 0.0
        if panel.number is not None:
            number = str(panel.number)
            x = LEFT + (lead - self._face.width(number, 9.0) * POINT) / 2
            self._text(sheet, number, 9.0, x, top + panel.height / 2)
            sheet.down(LEFT + lead, top, panel.height)
        y = top
        for position, line in enumerate(panel.lines):
            if position:
                sheet.across(LEFT + lead, y, form.WIDTH - lead)
            self._draw_line(sheet, line, LEFT + lead, y)
            y += line.height
        sheet.rectangle(LEFT, top, form.WIDTH, panel.height)

    def _draw_line(self, sheet: Sheet, line: _Line, x: float, y: float) -> None:
        middle = y + line.height / 2
        for position, cell in enumerate(line.cells):
            if position:
                sheet.down(x, y, line.height)
            self._label(sheet, cell.field, x, middle)
            sheet.down(x + cell.field.label_width, y, line.height)
            self._value(sheet, cell, x + cell.field.label_width, middle)
            x += cell.field.width

    def _value(self, sheet: Sheet, cell: _Cell, x: float, middle: float) -> None:
        room = cell.field.width - cell.field.label_width
        x += (room - cell.fitted.width * POINT) / 2 if cell.field.centred else PADDING
        top = middle - cell.fitted.height * POINT / 2
        for piece in cell.fitted.pieces:
            self._text(sheet, piece.text, piece.size, x + piece.x * POINT, top + (piece.top + piece.size / 2) * POINT)

    def _label(self, sheet: Sheet, cell: Field, x: float, middle: float) -> None:
        """Small, spread evenly to 14 mm (均等割付); of broken labels only all-kanji lines are spread."""
        rows = cell.label.split("/")
        inner = (cell.label_width - 2 * PADDING) / POINT
        size = LABEL_SIZE if len(rows) == 1 else LABEL_SIZE - 0.5
        longest = max(self._face.width(row, size) for row in rows)
        if longest > inner:
            size *= inner / longest
            longest = inner
        span = min(longest if len(rows) > 1 else LABEL_SPAN / POINT, inner)
        step = size * POINT + 0.6 * POINT
        line = middle - step * (len(rows) - 1) / 2
        for row in rows:
            spread = len(row) > 1 and (len(rows) == 1 or _KANJI.fullmatch(row) is not None)
            gap = max(0.0, (span - self._face.width(row, size)) / (len(row) - 1)) if spread else 0.0
            self._spread(sheet, row, size, min(gap, 2.4 * size), x, cell.label_width, line)
            line += step

    def _verification(self, sheet: Sheet, copy: HouseholdCopy) -> None:
        x = CODE_X + CODE_SIZE + 2.5
        self._text(sheet, form.CODE_LABEL, LABEL_SIZE, x, CODE_Y + 1.6)
        code = copy.issue.code
        self._text(sheet, f"{code[:4]}-{code[4:8]}", 9.5, x, CODE_Y + 5.6, 0.4)
        self._text(sheet, f"{code[8:12]}-{code[12:]}", 9.5, x, CODE_Y + 10.2, 0.4)
        self._text(sheet, form.CODE_NOTE, 5.5, x, CODE_Y + 14.9)

    def _attestation(self, sheet: Sheet, copy: HouseholdCopy) -> None:
        attestation = copy.attestation
        x = LEFT + 62.0
        width = SEAL_X - 3.0 - x
        half = 5.5 * POINT
        sentence = fit(self._face, attestation.sentence, (RIGHT - x) / POINT, most=11.0).pieces[0]
        self._text(sheet, sentence.text, sentence.size, x, ZONE_TOP + half)
        self._text(sheet, attestation.date, 11.0, x, ZONE_TOP + 9.0 + half)
        middle = SEAL_Y + 14.0
        name = fit(
            self._face, attestation.name, width / POINT - self._face.width(attestation.office, 11.0) - 11.3, most=15.0
        )
        name_x = SEAL_X - 3.0 - name.width * POINT
        office_x = name_x - 4.0 - self._face.width(attestation.office, 11.0) * POINT
        self._text(sheet, attestation.office, 11.0, office_x, middle)
        for piece in name.pieces:
            self._text(sheet, piece.text, piece.size, name_x, middle)
        if attestation.seal_note:
            self._spread(sheet, attestation.seal_note, 5.5, 0.0, SEAL_X - 4.0, SEAL_BOX + 8.0, SEAL_Y + SEAL_BOX + 1.8)

    def _footer(self, sheet: Sheet, copy: HouseholdCopy, number: int, total: int) -> None:
        sheet.across(LEFT, FOOT, form.WIDTH)
        middle = FOOT + 3.4
        self._text(sheet, form.ISSUE_LABEL, LABEL_SIZE, LEFT, middle)
        x = LEFT + self._face.width(form.ISSUE_LABEL, LABEL_SIZE) * POINT + 3.0
        self._text(sheet, issue_line(copy, number, total), 9.0, x, middle)
        page = f"{number}／{total}"
        x = RIGHT - self._face.width(form.PAGE_LABEL, LABEL_SIZE) * POINT
        self._text(sheet, page, 9.0, x - 1.0 - self._face.width(page, 9.0) * POINT, middle)
        self._text(sheet, form.PAGE_LABEL, LABEL_SIZE, x, middle)


def issue_line(copy: HouseholdCopy, number: int, total: int) -> str:
    """発行番号 with its page (STD 5.5): 20261124　熊谷市　本庁1　プリンタ001　011　1/2."""
    return "　".join((*copy.issue.number, f"{number}/{total}"))


def in_order(pages: Sequence[Sequence[int]], count: int) -> bool:
    """Whether pages hold the positions 0 to count - 1, each once, in order, at most four a page and none empty."""
    flat = [position for page in pages for position in page]
    rising = all(before < after for before, after in pairwise(flat))
    return rising and sorted(flat) == list(range(count)) and all(1 <= len(page) <= PER_SHEET for page in pages)
