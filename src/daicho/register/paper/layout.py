"""Where everything stands on the sheets of a paper, in mm from the top left corner. Pure.

Sections flow over the sheets by the design of the kind. A row that needs more height grows; if the sections of a
sheet no longer fit, ordinary rows get tighter first where the design says so, and only then does the last one move to
the next sheet. Nothing is cut: what cannot be placed raises CopyTooLong. The typesetter gets finished positions,
which is what makes it fast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from daicho.register.paper import heading
from daicho.register.paper.errors import CopyTooLong
from daicho.register.paper.face import Face
from daicho.register.paper.fitting import Fitted, fit, fit_lines, fit_name
from daicho.register.paper.forms import base
from daicho.register.paper.forms.base import Design, Field, Form
from daicho.register.paper.forms.table import DESIGNS, FORMS, rows_of
from daicho.register.paper.heading import ZONE_TOP
from daicho.register.paper.sheet import LEFT, PADDING, POINT, Pen, Sheet
from daicho.register.paper.view import OMITTED, Paper, Section, Value, shown

CODE_BOX = 30.0
CODE_COLUMN = 150.0  # codes of persons stand right of it
CODE_HEIGHT = CODE_BOX + 6.0


@dataclass(frozen=True, slots=True)
class Layout:
    """The sheets of a copy, and which items had to be broken (position of the person, 0 none; item)."""

    sheets: tuple[Sheet, ...]
    tight: tuple[tuple[int, str], ...]

    @property
    def pages(self) -> tuple[tuple[int, ...], ...]:
        """The positions (from 0) of the sections on each page."""
        return tuple(tuple(sheet.sections) for sheet in self.sheets)


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
    """A table, fitted but not placed yet."""

    form: Form
    section: Section
    lines: tuple[_Line, ...]
    position: int = -1

    @property
    def height(self) -> float:
        rows = sum(line.height for line in self.lines)
        return max(rows, CODE_HEIGHT) if self.section.code else rows

    @property
    def tight(self) -> list[tuple[int, str]]:
        cells = [cell for line in self.lines for cell in line.cells]
        return [(self.section.number or 0, cell.field.item) for cell in cells if cell.fitted.tight]


class Setter:
    """Sets papers with one face."""

    def __init__(self, face: Face) -> None:
        """`face` measures every text."""
        self._face = face
        self._pen = Pen(face)

    def set(self, paper: Paper) -> Layout:
        """All sheets of a paper; raises CopyTooLong rather than cutting."""
        design = DESIGNS[paper.kind]
        top = [self._panel(section) for section in paper.top]
        again = [self._panel(section) for section in paper.again] if paper.again != paper.top else top
        sheets = self._deal(paper, design, top, again, tight=False)
        if design.tightens and len(sheets) > -(-len(paper.sections) // (design.per_sheet or 1)):
            sheets = self._deal(paper, design, top, again, tight=True)
        drawn = tuple(
            self._sheet(paper, design, again if number else top, panels, number + 1, len(sheets))
            for number, panels in enumerate(sheets)
        )
        panels = [*top, *(panel for sheet in sheets for panel in sheet)]
        return Layout(drawn, tuple(mark for panel in panels for mark in panel.tight))

    # --- fitting -----------------------------------------------------------------------------------------------------

    def _deal(
        self, paper: Paper, design: Design, top: Sequence[_Panel], again: Sequence[_Panel], *, tight: bool
    ) -> list[list[_Panel]]:
        sheets: list[list[_Panel]] = [[]]
        room = _room(design, top)
        used = 0.0
        for position, section in enumerate(paper.sections):
            panel = self._panel(section, tight, position)
            if sheets[-1] and (len(sheets[-1]) == design.per_sheet or used + panel.height > room):
                sheets.append([])
                room = _room(design, again)
                used = 0.0
            if panel.height > room:
                raise CopyTooLong(position=section.number or position + 1)
            sheets[-1].append(panel)
            used += panel.height + (0.0 if panel.form.joined else panel.form.gap)
        return sheets

    def _panel(self, section: Section, tight: bool = False, position: int = -1) -> _Panel:
        form = FORMS[section.form]
        ordinary = form.tight if tight else form.ordinary
        lines = []
        for row in rows_of(section):
            cells = tuple(_Cell(cell, self._fit(cell, section.values)) for cell in row.fields)
            needed = max(cell.fitted.height for cell in cells) * POINT + form.air
            lines.append(_Line(max(row.height or ordinary, needed), cells))
        return _Panel(form, section, tuple(lines), position)

    def _fit(self, cell: Field, values: dict[str, Value]) -> Fitted:
        inner = (cell.width - cell.label_width - 2 * PADDING) / POINT
        content = values.get(cell.item)
        if isinstance(content, tuple):
            return fit_lines(self._face, content, inner, most=cell.size)
        text = shown(content)
        if content is OMITTED:
            return fit(self._face, text, inner, most=min(cell.size, 9.0))
        if cell.reading is not None and text:
            reading = values.get(cell.reading)
            return fit_name(self._face, text, reading if isinstance(reading, str) else None, inner, most=cell.size)
        return fit(self._face, text, inner, most=cell.size, prose=cell.prose)

    # --- drawing -----------------------------------------------------------------------------------------------------

    def _sheet(
        self,
        paper: Paper,
        design: Design,
        opening: Sequence[_Panel],
        panels: Sequence[_Panel],
        number: int,
        total: int,
    ) -> Sheet:
        sheet = Sheet(last=number == total)
        heading.heading(self._pen, sheet, paper, design, number)
        sheet.sections.extend(panel.position for panel in panels)
        y = self._flow(sheet, design, [*opening, *panels], _top(design))
        floor = _floor(design)
        if sheet.last and not design.letter and y + 6.0 < floor:
            self._pen.spread(sheet, base.REST_BLANK, 9.0, 4.5, LEFT, base.WIDTH, y + 3.5)
        if number < total:
            heading.tally(self._pen, sheet)
        heading.closing(self._pen, sheet, paper, design)
        heading.footer(self._pen, sheet, paper, design, number, total)
        return sheet

    def _flow(self, sheet: Sheet, design: Design, panels: Sequence[_Panel], y: float) -> float:
        """Draw panels under each other; joined ones get one frame. Returns where the next one would stand."""
        begun = y
        for panel, following in zip(panels, [*panels[1:], None], strict=True):
            self._draw(sheet, panel, y)
            y += panel.height
            joined = panel.form.joined and following is not None and following.form.joined
            if joined:
                sheet.across(LEFT, y, base.WIDTH)
                continue
            bottom = y
            if following is None and panel.form.joined and design.fills and sheet.last:
                sheet.across(LEFT, y, base.WIDTH)
                bottom = _floor(design)
            if panel.form.framed:
                sheet.rectangle(LEFT, begun, base.WIDTH, bottom - begun)
            if following is not None or not panel.form.joined:
                y += panel.form.gap
            begun = y
        return y

    def _draw(self, sheet: Sheet, panel: _Panel, top: float) -> None:
        lead, aside = panel.form.lead, panel.form.aside
        if lead:
            number = str(panel.section.number)
            x = LEFT + (lead - self._face.width(number, 9.0) * POINT) / 2
            self._pen.text(sheet, number, 9.0, x, top + panel.height / 2)
            sheet.down(LEFT + lead, top, panel.height)
        y = top
        inner = base.WIDTH - lead - aside
        extra = (panel.height - sum(line.height for line in panel.lines)) / max(1, len(panel.lines))
        for position, line in enumerate(panel.lines):
            if position and panel.form.framed:
                sheet.across(LEFT + lead, y, inner)
            self._draw_line(sheet, panel.form, line, LEFT + lead, y, line.height + extra)
            y += line.height + extra
        if aside:
            sheet.down(LEFT + lead + inner, top, panel.height)
            self._code(sheet, panel, LEFT + lead + inner, top)

    def _code(self, sheet: Sheet, panel: _Panel, x: float, top: float) -> None:
        if panel.section.code is None:
            return
        left = x + (panel.form.aside - CODE_BOX) / 2
        above = top + (panel.height - CODE_BOX - 3.5) / 2
        sheet.codes.append((left, above, CODE_BOX, panel.section.code))
        self._pen.spread(sheet, base.READ_BY, 5.5, 0.0, x, panel.form.aside, above + CODE_BOX + 2.2)

    def _draw_line(self, sheet: Sheet, form: Form, line: _Line, x: float, y: float, height: float) -> None:
        middle = y + height / 2
        for position, cell in enumerate(line.cells):
            if position and form.framed:
                sheet.down(x, y, height)
            self._pen.label(sheet, cell.field, x, middle)
            if cell.field.item:
                if cell.field.label_width and form.framed:
                    sheet.down(x + cell.field.label_width, y, height)
                self._value(sheet, cell, x + cell.field.label_width, middle)
            x += cell.field.width

    def _value(self, sheet: Sheet, cell: _Cell, x: float, middle: float) -> None:
        room = cell.field.width - cell.field.label_width
        x += (room - cell.fitted.width * POINT) / 2 if cell.field.centred else PADDING
        top = middle - cell.fitted.height * POINT / 2
        for piece in cell.fitted.pieces:
            self._pen.text(
                sheet, piece.text, piece.size, x + piece.x * POINT, top + (piece.top + piece.size / 2) * POINT
            )


def _top(design: Design) -> float:
    return heading.LETTER_TOP if design.letter else heading.HEAD_TOP


def _floor(design: Design) -> float:
    return heading.LETTER_CODE_Y - 3.0 if design.letter else ZONE_TOP - 3.0


def _room(design: Design, opening: Sequence[_Panel]) -> float:
    """How high the flowing sections of a sheet may be together."""
    used = sum(panel.height + (0.0 if panel.form.joined else panel.form.gap) for panel in opening)
    return _floor(design) - _top(design) - used


def in_order(pages: Sequence[Sequence[int]], count: int, per_sheet: int | None) -> bool:
    """Whether pages hold the positions 0 to count - 1, each once, in order, not too many a page and none empty."""
    flat = [position for page in pages for position in page]
    rising = all(before < after for before, after in pairwise(flat))
    return (
        rising and sorted(flat) == list(range(count)) and all(1 <= len(page) <= (per_sheet or count) for page in pages)
    )
