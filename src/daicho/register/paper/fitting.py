"""Fitting a value into its cell: one line, smaller, broken at a wide space, wrapped; nothing is ever cut.

Sizes and lengths are in points, counted from the top left corner of the fitted block. Widths come from the font
table, so the typesetter has nothing left to measure.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from daicho.register.paper.face import Face, clusters

SMALLEST = 8.0  # values shrink to this on one line, then wrap
READING = 8.5
SMALLEST_READING = 7.0
LEADING = 0.22  # between wrapped lines, in ems
READING_GAP = 5.67  # 2 mm
WIDE_SPACE = "　"

_LATIN = re.compile(r"[!-~\u00a1-\u024f]+")
_NOT_FIRST = frozenset("、。，．・：；？！）」』】〕〉》ーゝゞ々ぁぃぅぇぉっゃゅょァィゥェォッャュョヵヶ")
_NOT_LAST = frozenset("（「『【〔〈《")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text set in one line; `top` is the top of its em box."""

    text: str
    size: float
    x: float
    top: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """The pieces of a value; `tight` when it had to be broken, which STD 5.8 wants listed."""

    pieces: tuple[Piece, ...]
    width: float
    height: float
    tight: bool = False


EMPTY = Fitted((), 0.0, 0.0)


def _down(size: float) -> float:
    """Sizes go in tenths of a point, downwards."""
    return math.floor(size * 10 + 1e-6) / 10


def _lines(face: Face, lines: Sequence[str], size: float, leading: float) -> Fitted:
    step = size * (1 + leading)
    pieces = tuple(Piece(line, size, 0.0, number * step) for number, line in enumerate(lines))
    widest = max(face.width(line.rstrip(), size) for line in lines)
    return Fitted(pieces, widest, step * (len(lines) - 1) + size, tight=len(lines) > 1)


def fit(face: Face, text: str, width: float, *, most: float, least: float = SMALLEST, prose: bool = False) -> Fitted:
    """One line at `most`; else smaller, not under `least`; else broken at a wide space; else wrapped at `least`."""
    if not text:
        return EMPTY
    least = min(least, most)
    natural = face.width(text, most)
    size = most if natural <= width else _down(most * width / natural)
    if size >= least:
        return _lines(face, [text], size, 0.0)
    if not prose and (broken := _at_wide_space(face, text, width, most, least)):
        return broken
    return _lines(face, wrap(face, text, width, least), least, LEADING)


def _at_wide_space(face: Face, text: str, width: float, most: float, least: float) -> Fitted | None:
    """Two lines broken before the building line or between family and given name, if both halves fit."""
    parts = text.split(WIDE_SPACE)
    halves = [(WIDE_SPACE.join(parts[:cut]) + WIDE_SPACE, WIDE_SPACE.join(parts[cut:])) for cut in range(1, len(parts))]
    if not halves:
        return None
    widest, best = min((max(face.width(half.rstrip(), most) for half in pair), pair) for pair in halves)
    size = min(_down(width / widest * most), least + 0.5)
    return _lines(face, best, size, LEADING) if size >= least else None


def wrap(face: Face, text: str, width: float, size: float) -> list[str]:
    """The lines of a text at one size: between Japanese characters, at spaces, inside a word only if it must be."""
    lines = [""]
    for unit in _units(face, text, width, size):
        line = lines[-1]
        if not line or face.width((line + unit).rstrip(), size) <= width:
            lines[-1] += unit
            continue
        kept, carried = _carry(line, unit)
        if carried and face.width((carried + unit).rstrip(), size) <= width:
            lines[-1] = kept
            lines.append(carried + unit)
        else:
            lines.append(unit)
    return lines


def _carry(line: str, unit: str) -> tuple[str, str]:
    """What of a full line goes down with the next unit, so that no line starts or ends with a forbidden sign."""
    characters = list(clusters(line))
    first = unit
    cut = len(characters)
    while cut > 1 and (first[0] in _NOT_FIRST or characters[cut - 1][0] in _NOT_LAST):
        cut -= 1
        first = characters[cut]
    return "".join(characters[:cut]), "".join(characters[cut:])


def _units(face: Face, text: str, width: float, size: float) -> list[str]:
    """What must not be broken: a Latin word with the space behind it, or one character with its selector."""
    units: list[str] = []
    word = ""
    for cluster in clusters(text):
        if _LATIN.fullmatch(cluster) and face.width(word + cluster, size) <= width:
            word += cluster
            continue
        if word and cluster == " ":
            units.append(word + cluster)
            word = ""
            continue
        if word:
            units.append(word)
        word = cluster if _LATIN.fullmatch(cluster) else ""
        if not word:
            units.append(cluster)
    return [*units, word] if word else units


def fit_name(face: Face, name: str, reading: str | None, width: float, *, most: float) -> Fitted:
    """A name with its reading in brackets behind it (STD 5.3): beside it if there is room, else below."""
    fitted = fit(face, name, width, most=most)
    if not reading or not fitted.pieces:
        return fitted
    text = f"（{reading}）"
    aside = min(READING, fitted.pieces[0].size)
    length = face.width(text, aside)
    if not fitted.tight and fitted.width + READING_GAP + length <= width:
        size = fitted.pieces[0].size
        # on the name's baseline, raised a little
        top = (size - aside) * face.ascent - 0.06 * aside
        beside = Piece(text, aside, fitted.width + READING_GAP, top)
        return Fitted((*fitted.pieces, beside), beside.x + length, fitted.height)
    below = fit(face, text, width, most=READING, least=SMALLEST_READING)
    start = fitted.height + 1.5
    pieces = (*fitted.pieces, *(Piece(p.text, p.size, p.x, p.top + start) for p in below.pieces))
    tight = fitted.tight or below.tight
    return Fitted(pieces, max(fitted.width, below.width), start + below.height, tight)


LINE_LABEL = 76.5  # the label column of lines, 27 mm
LINE_GAP = 3.4


def fit_lines(face: Face, lines: Sequence[tuple[str, str]], width: float, *, most: float) -> Fitted:
    """Several lines under each other, each with its small label; unlabelled lines after the first are smaller."""
    pieces: list[Piece] = []
    top = 0.0
    tight = False
    for number, (label, text) in enumerate(lines):
        x = 0.0
        if label:
            x = LINE_LABEL
            pieces.append(Piece(label, min(7.5, _down(7.5 * (x - 4) / face.width(label, 7.5))), 0.0, top + 1.0))
        size = most if label or number == 0 else min(most, 8.5)
        fitted = fit(face, text, width - x, most=size, least=7.0 if size < SMALLEST else SMALLEST)
        pieces += [Piece(piece.text, piece.size, x + piece.x, top + piece.top) for piece in fitted.pieces]
        tight = tight or fitted.tight
        top += max(fitted.height, 8.0 if label else 0.0) + LINE_GAP
    return Fitted(tuple(pieces), width, max(0.0, top - LINE_GAP), tight)
