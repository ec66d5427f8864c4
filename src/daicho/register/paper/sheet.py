"""One sheet and the pen that writes on it: lines, texts and codes at finished positions, mm from the top left corner."""

import re
from dataclasses import dataclass, field

from daicho.register.paper.face import Face, clusters
from daicho.register.paper.forms import base
from daicho.register.paper.forms.base import Field

POINT = 25.4 / 72  # mm
LEFT = 15.0  # the left 15 mm stay free for binding and 契印
RIGHT = LEFT + base.WIDTH
PADDING = 1.5
LABEL_SPAN = 14.0

_KANJI = re.compile(r"[\u3400-\u9fff]+")

Run = tuple[float, float, float, float, str]
"""x and baseline in mm, size and letter-spacing in points, text."""

Code = tuple[float, float, float, str]
"""x, y and size in mm of a two-dimensional code, and what it says."""


@dataclass(slots=True)
class Sheet:
    """One page: lines as outline data (mm), texts as runs, the positions (from 0) of the sections on it."""

    frames: list[str] = field(default_factory=list)
    hairs: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    sections: list[int] = field(default_factory=list)
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


class Pen:
    """Writes texts of one face on sheets."""

    def __init__(self, face: Face) -> None:
        """`face` measures every text."""
        self.face = face

    def text(self, sheet: Sheet, text: str, size: float, x: float, middle: float, tracking: float = 0.0) -> None:
        """A line of text whose em box is centred on `middle`."""
        baseline = middle + size * POINT * (self.face.ascent - 0.5)
        sheet.runs.append((round(x, 3), round(baseline, 3), round(size, 2), round(tracking, 3), text))

    def right(self, sheet: Sheet, text: str, size: float, x: float, middle: float) -> None:
        """A line of text that ends at `x`."""
        self.text(sheet, text, size, x - self.face.width(text, size) * POINT, middle)

    def spread(self, sheet: Sheet, text: str, size: float, gap: float, x: float, width: float, middle: float) -> None:
        """A text centred in `width`, its characters set apart by `gap` points.

        Letter-spacing skips the borders of kanji and kana, so mixed texts are set one character at a time.
        """
        characters = list(clusters(text))
        length = (self.face.width(text, size) + gap * (len(characters) - 1)) * POINT
        x += (width - length) / 2
        if gap == 0 or _KANJI.fullmatch(text):
            self.text(sheet, text, size, x, middle, gap)
            return
        for character in characters:
            self.text(sheet, character, size, x, middle)
            x += (self.face.width(character, size) + gap) * POINT

    def label(self, sheet: Sheet, cell: Field, x: float, middle: float) -> None:
        """Small, spread evenly to 14 mm (均等割付); of broken labels only all-kanji lines are spread."""
        if not cell.label:
            return
        rows = cell.label.split("/")
        inner = (cell.label_width - 2 * PADDING) / POINT
        size = cell.label_size if len(rows) == 1 else cell.label_size - 0.5
        longest = max(self.face.width(row, size) for row in rows)
        if longest > inner:
            size *= inner / longest
            longest = inner
        span = min(longest if len(rows) > 1 else max(LABEL_SPAN / POINT, longest), inner)
        step = size * POINT + 0.6 * POINT
        line = middle - step * (len(rows) - 1) / 2
        for row in rows:
            spread = len(row) > 1 and (len(rows) == 1 or _KANJI.fullmatch(row) is not None)
            gap = max(0.0, (span - self.face.width(row, size)) / (len(row) - 1)) if spread else 0.0
            self.spread(sheet, row, size, min(gap, 2.4 * size), x, cell.label_width, line)
            line += step
