"""What the paper knows of its one font (IPAmj Mincho): which glyphs exist exactly, and how wide they are.

A character is a base code point with an optional variation selector. It has an exact glyph when the font's cmap
maps the base, and a selector only when the pair is listed in the font's table of sequences (cmap format 14):
typesetters fall back to the base glyph without a word, so this is the only place where a lost shape is noticed.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont

FONT_VARIABLE = "DAICHO_IPAMJ_FONT"
USUAL_PLACES = (
    "/usr/share/fonts/truetype/ipamj/ipamjm.ttf",
    "/usr/share/fonts/opentype/ipamj-mincho/ipamjm.ttf",
    "/usr/share/fonts/opentype/ipamj/ipamjm.ttf",
)


def find_font() -> Path:
    """The font file: DAICHO_IPAMJ_FONT, else where Debian puts it. FileNotFoundError: no paper without it."""
    for place in (os.environ.get(FONT_VARIABLE), *USUAL_PLACES):
        if place and Path(place).is_file():
            return Path(place)
    raise FileNotFoundError("IPAmj Mincho (ipamjm.ttf) was not found; certificates cannot be made without it")


_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""A variation selector (VS1-VS16, VS17-VS256)."""


def is_selector(character: str) -> bool:
    """Whether a code point is a variation selector."""
    return _SELECTOR.match(character) is not None


def clusters(text: str) -> Iterator[str]:
    """The characters of a text, each with the selector that follows it."""
    if _SELECTOR.search(text) is None:  # nearly all texts: worth a way of its own
        yield from text
        return
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not is_selector(text[end]):
            yield text[start:end]
            start = end


def code_points(cluster: str) -> str:
    """U+8FBA U+E0102: how a character is named where it cannot be shown."""
    return " ".join(f"U+{ord(character):04X}" for character in cluster)


def _private_use(code: int) -> bool:
    return 0xE000 <= code <= 0xF8FF or code >= 0xF0000


@dataclass(frozen=True, slots=True)
class Face:
    """Advance widths in units of 1/`units` em, by base code point and by (base, selector)."""

    version: str
    sha256: str
    units: int
    ascent: float
    advances: dict[int, int]
    sequences: dict[tuple[int, int], int]

    def has(self, cluster: str) -> bool:
        """Whether the font has the exact glyph. Private-use characters have no agreed shape: never."""
        base = ord(cluster[0])
        if base not in self.advances or _private_use(base):
            return False
        return len(cluster) == 1 or (len(cluster) == 2 and (base, ord(cluster[1])) in self.sequences)

    def missing(self, text: str) -> str | None:
        """The first character without an exact glyph, or None."""
        return next((cluster for cluster in clusters(text) if not self.has(cluster)), None)

    def width(self, text: str, size: float) -> float:
        """Length of a text set in one line, in the unit of `size`. Characters must be known to the font."""
        if _SELECTOR.search(text) is None:
            return sum(map(self.advances.__getitem__, map(ord, text))) * size / self.units
        total = 0
        for cluster in clusters(text):
            base = ord(cluster[0])
            advance = self.sequences[base, ord(cluster[1])] if len(cluster) == 2 else self.advances[base]
            total += advance
        return total * size / self.units


def read_face(path: Path) -> Face:
    """Read the tables of a font once (half a second, about 45 MB while reading)."""
    with TTFont(path, lazy=True) as font:
        metrics: dict[str, tuple[int, int]] = font["hmtx"].metrics
        best: dict[int, str] = font["cmap"].getBestCmap()
        advances = {code: metrics[name][0] for code, name in best.items()}
        sequences: dict[tuple[int, int], int] = {}
        for table in font["cmap"].tables:
            if table.format != 14:
                continue
            for selector, pairs in table.uvsDict.items():
                for base, name in pairs:
                    glyph = best.get(base) if name is None else name
                    if glyph is not None:
                        sequences[base, selector] = metrics[glyph][0]
        return Face(
            version=str(font["name"].getDebugName(5)),
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            units=font["head"].unitsPerEm,
            ascent=font["hhea"].ascent / font["head"].unitsPerEm,
            advances=advances,
            sequences=sequences,
        )
