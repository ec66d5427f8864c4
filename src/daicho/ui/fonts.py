"""Builds the register web font: slices of the installed IPAmj Mincho with their variation sequences.

Every glyph stays as it is in the original; hinting is left out (screens do not use it at these sizes). The slices
are derived programs in the sense of the IPA Font License v1.0: they bear our own name and are served under that
licence (docs/decisions/0004-register-web-font.md).

Command line: `python -m daicho.ui.fonts DIRECTORY` builds the slices of the common name characters ahead of time.
"""

import functools
import hashlib
import io
import mmap
import os
import struct
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

FAMILY = "Daicho Register"
FORMAT_VERSION = 2
COMMON_SIZE = 256
COMMON_BLOCKS = ("u0", "u30")
"""Latin letters, kana and the space: on every page beside the common characters."""
COMMON_FILE = Path(__file__).parent / "register_characters.txt"
PLACES = (
    "/usr/share/fonts/truetype/ipamj/ipamjm.ttf",
    "/usr/share/fonts/opentype/ipamjfont-mincho/ipamjm.ttf",
    "/usr/share/fonts/ipamj/ipamjm.ttf",
)


class FontMissing(Exception):
    """The IPAmj Mincho font is not installed at any of the known places."""


def find_font(configured: str | Path | None = None) -> Path:
    """The font file: the configured one, else the first known place; raises FontMissing."""
    for place in (configured, *PLACES) if configured else PLACES:
        path = Path(str(place))
        if path.is_file():
            return path
    raise FontMissing


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the font can draw: glyph numbers by code point and by (code point, selector)."""

    glyphs: dict[int, int]
    variants: dict[tuple[int, int], int]
    selectors: dict[int, tuple[int, ...]]


@functools.lru_cache(maxsize=2)
def coverage(path: Path) -> Coverage:
    """Read the character tables of the font once per process (a few megabytes)."""
    with TTFont(path, lazy=True) as font:
        order = font.getReverseGlyphMap()
        glyphs = {code: order[name] for code, name in font["cmap"].getBestCmap().items()}
        variants: dict[tuple[int, int], int] = {}
        selectors: dict[int, list[int]] = {}
        for table in font["cmap"].tables:
            if table.format != 14:
                continue
            for selector, pairs in sorted(table.uvsDict.items()):
                for code, name in pairs:
                    variants[code, selector] = order[name] if name else glyphs[code]
                    selectors.setdefault(code, []).append(selector)
    return Coverage(glyphs, variants, {code: tuple(found) for code, found in selectors.items()})


@functools.cache
def common_characters() -> str:
    """The characters of names and towns in the shipped tables, most frequent first."""
    return COMMON_FILE.read_text(encoding="utf-8").replace("\n", "")


@functools.lru_cache(maxsize=2)
def slices(path: Path) -> dict[str, tuple[int, ...]]:
    """Slice name to code points: `c0`, `c1`, ... the common characters, then `u4e`, ... blocks of 256."""
    known = coverage(path).glyphs
    common = [ord(character) for character in common_characters() if ord(character) in known]
    parts = range(0, len(common), COMMON_SIZE)
    result = {f"c{start // COMMON_SIZE}": tuple(sorted(common[start : start + COMMON_SIZE])) for start in parts}
    rest: dict[str, list[int]] = {}
    for code in sorted(set(known) - set(common)):
        rest.setdefault(f"u{code >> 8:x}", []).append(code)
    return result | {name: tuple(codes) for name, codes in rest.items()}


@functools.lru_cache(maxsize=2)
def version(path: Path) -> str:
    """Twelve hexadecimal digits that change with the font file or the way slices are cut."""
    state = path.stat()
    text = f"{FORMAT_VERSION}/{state.st_size}/{int(state.st_mtime)}/{common_characters()}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Outlines:
    """Glyph outlines and widths read straight from the font file, without loading its 46 megabytes."""

    def __init__(self, path: Path) -> None:
        with TTFont(path, lazy=True) as font:
            reader = font.reader.tables
            self.offsets = {tag: (reader[tag].offset, reader[tag].length) for tag in ("glyf", "loca", "hmtx")}
            self.long_metrics: int = font["hhea"].numberOfHMetrics
            self.units: int = font["head"].unitsPerEm
            self.ascent: int = font["hhea"].ascent
            self.descent: int = font["hhea"].descent
            self.created: int = font["head"].created
            if font["head"].indexToLocFormat != 1:
                raise ValueError("short glyph offsets are not read here")
        with path.open("rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def glyph(self, number: int) -> Glyph:
        """One outline without hinting; raises ValueError for a composite glyph (this font has none)."""
        start, end = struct.unpack_from(">LL", self.data, self.offsets["loca"][0] + 4 * number)
        if start == end:
            return Glyph(b"")
        base = self.offsets["glyf"][0]
        outline = Glyph(bytes(self.data[base + start : base + end]))
        if struct.unpack_from(">h", outline.data)[0] < 0:
            raise ValueError("composite glyph")
        outline.expand(None)
        outline.removeHinting()
        return outline

    def metrics(self, number: int) -> tuple[int, int]:
        """Advance width and left side bearing, in units of the em."""
        base = self.offsets["hmtx"][0]
        last = self.long_metrics - 1
        width = struct.unpack_from(">H", self.data, base + 4 * min(number, last))[0]
        at = base + 4 * number + 2 if number <= last else base + 4 * self.long_metrics + 2 * (number - last - 1)
        return width, struct.unpack_from(">h", self.data, at)[0]


@functools.lru_cache(maxsize=2)
def _outlines(path: Path) -> Outlines:
    return Outlines(path)


def build(path: Path, codes: Iterable[int]) -> bytes:
    """A WOFF2 font with these code points and all their variation sequences; unknown code points are left out."""
    table = coverage(path)
    wanted = [code for code in sorted(set(codes)) if code in table.glyphs]
    sequences = [(code, selector) for code in wanted for selector in table.selectors.get(code, ())]
    numbers = {0, *(table.glyphs[code] for code in wanted), *(table.variants[pair] for pair in sequences)}
    names = {number: ".notdef" if number == 0 else f"g{number}" for number in sorted(numbers)}
    source = _outlines(path)
    builder = FontBuilder(source.units, isTTF=True)
    builder.setupGlyphOrder(list(names.values()))
    builder.setupCharacterMap(
        {code: names[table.glyphs[code]] for code in wanted},
        [(code, selector, names[table.variants[code, selector]]) for code, selector in sequences] or None,
    )
    builder.setupGlyf({name: source.glyph(number) for number, name in names.items()})
    builder.setupHorizontalMetrics({name: source.metrics(number) for number, name in names.items()})
    builder.setupHorizontalHeader(ascent=source.ascent, descent=source.descent)
    builder.setupOS2(sTypoAscender=source.ascent, sTypoDescender=source.descent, usWinAscent=source.ascent)
    builder.setupPost(keepGlyphNames=False)
    builder.setupNameTable(_names())
    builder.font["head"].created = builder.font["head"].modified = source.created
    builder.font.recalcTimestamp = False
    builder.font.flavor = "woff2"
    out = io.BytesIO()
    builder.font.save(out)
    return out.getvalue()


def _names() -> dict[str, str]:
    return {
        "familyName": FAMILY,
        "styleName": "Regular",
        "uniqueFontIdentifier": f"{FAMILY} Regular {FORMAT_VERSION}",
        "fullName": FAMILY,
        "psName": "DaichoRegister-Regular",
        "version": f"Version {FORMAT_VERSION}.0",
        "copyright": "Derived from a font of the Character Information Technology Promotion Council (MJ characters)",
        "licenseDescription": "IPA Font License Agreement v1.0. To return to the original font, install it from"
        " its publisher; see the licence file served beside this font.",
    }


def slice_file(path: Path, name: str, cache: Path) -> Path:
    """The file of one slice, built at the first request; raises KeyError for an unknown slice."""
    codes = slices(path)[name]
    folder = cache / version(path)
    target = folder / f"{name}.woff2"
    if not target.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{name}.{os.getpid()}.{threading.get_ident()}.part"
        part.write_bytes(build(path, codes))
        part.replace(target)
    return target


def common_from(texts: Iterable[str]) -> str:
    """The characters of these texts that are no ASCII, most frequent first, ties by code point."""
    counts = Counter(character for text in texts for character in text if ord(character) > 0x2000)
    return "".join(sorted(counts, key=lambda character: (-counts[character], character)))


def main(arguments: list[str]) -> int:
    """Build the slices that nearly every page needs into a directory; prints one line per slice."""
    if len(arguments) not in (1, 2):
        sys.stderr.write("usage: python -m daicho.ui.fonts DIRECTORY [FONT]\n")
        return 2
    path = find_font(arguments[1] if len(arguments) == 2 else None)
    os.nice(10)
    for name in slices(path):
        if name.startswith("c") or name in COMMON_BLOCKS:
            built = slice_file(path, name, Path(arguments[0]))
            sys.stdout.write(f"{built.name} {built.stat().st_size}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
