"""Make data/ipamj_glyphs.csv: which code points and which (base, selector) pairs IPAmj Mincho has a glyph for.

    python tools/make_glyph_table.py /usr/share/fonts/truetype/ipamj/ipamjm.ttf data/ipamj_glyphs.csv

Columns: selector (hexadecimal, blank for plain code points), first, last (hexadecimal, both inclusive). The pairs are
those of cmap format 14, default and own glyphs alike. The list holds code points only, no outlines.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools.ttLib import TTFont


def ranges(points: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The runs of consecutive numbers, in order."""
    first = last = None
    for point in sorted(points):
        if last is not None and point == last + 1:
            last = point
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = point
    if first is not None and last is not None:
        yield first, last


def covered(font: TTFont) -> Iterator[tuple[str, set[int]]]:
    """Plain code points (selector blank), then the bases of each selector."""
    yield "", set(font.getBestCmap())
    for subtable in font["cmap"].tables:
        if subtable.format == 14:
            for selector, pairs in sorted(subtable.uvsDict.items()):
                yield f"{selector:X}", {base for base, _ in pairs}


def main(font_file: str, target: str) -> None:
    """Write the table."""
    font = TTFont(font_file, lazy=True)
    with Path(target).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["selector", "first", "last"])
        for selector, points in covered(font):
            writer.writerows([selector, f"{first:X}", f"{last:X}"] for first, last in ranges(points))


if __name__ == "__main__":
    main(*sys.argv[1:])
