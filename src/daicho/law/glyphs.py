"""Which characters can be recorded and printed: a character without its exact glyph is refused, never replaced.

The table is data/ipamj_glyphs.csv, made from the font by tools/make_glyph_table.py.
"""

import csv
import unicodedata
from functools import cache
from pathlib import Path
from typing import Protocol

from daicho.law.errors import DaichoError
from daicho.law.tables import DATA

_SPACES = {" ", "\u3000"}


class GlyphTable(Protocol):
    """What a font can show."""

    def has(self, base: str) -> bool:
        """Whether there is a glyph for this character."""
        ...

    def has_pair(self, base: str, selector: str) -> bool:
        """Whether there is a glyph for exactly this character with this variation selector."""
        ...


class UnassignableCharacter(DaichoError):
    """No glyph exists for the character; data: point (U+XXXX), place (from 1)."""

    code = "L601"
    happened = "{place}文字目（{point}）は、住民記録の文字として使えません。"
    todo = "使える文字を、文字のあとに「=」を付けて候補から選んでください。"


class UnknownSelector(DaichoError):
    """The variation selector does not belong to its character in this font; data: point, selector, place."""

    code = "L602"
    happened = "{place}文字目（{point}）の字形の指定（{selector}）は、文字情報基盤の一覧にありません。"
    todo = "別の一覧（Adobe-Japan1 など）の指定のことがあります。文字のあとに「=」を付けて、同じ字形を候補から選び直してください。"


class PrivateUseCharacter(DaichoError):
    """A private-use character (外字) has no mapping to a standard character; data: point, place."""

    code = "L603"
    happened = "{place}文字目（{point}）は外字です。"
    todo = "ふつうの文字で入力し、あとに「=」を付けて、同じ字形を候補から選んでください。"


class FontGlyphs:
    """The glyphs listed in a table file of tools/make_glyph_table.py."""

    def __init__(self, file: Path) -> None:
        """Read the whole table: about 54,000 characters and 11,000 pairs."""
        self._points: set[int] = set()
        self._pairs: dict[str, set[int]] = {}
        with file.open(encoding="ascii", newline="") as lines:
            for row in csv.DictReader(lines):
                points = range(int(row["first"], 16), int(row["last"], 16) + 1)
                if row["selector"]:
                    self._pairs.setdefault(chr(int(row["selector"], 16)), set()).update(points)
                else:
                    self._points.update(points)

    def has(self, base: str) -> bool:
        """Whether there is a glyph for this character."""
        return ord(base) in self._points

    def has_pair(self, base: str, selector: str) -> bool:
        """Whether there is a glyph for exactly this character with this variation selector."""
        return ord(base) in self._pairs.get(selector, ())

    def selectors_of(self, base: str) -> tuple[str, ...]:
        """The variation selectors with which this character has a glyph of its own, by code point."""
        return tuple(sorted(selector for selector, points in self._pairs.items() if ord(base) in points))


@cache
def font_glyphs() -> FontGlyphs:
    """The glyphs of IPAmj Mincho, read on first use."""
    return FontGlyphs(DATA / "ipamj_glyphs.csv")


def is_selector(char: str) -> bool:
    """Whether the character is a variation selector."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def code_point(char: str) -> str:
    """U+XXXX."""
    return f"U+{ord(char):04X}"


def check_characters(text: str, glyphs: GlyphTable) -> None:
    """Raises L601, L602 or L603 at the first character that cannot be recorded and printed exactly.

    The error names place and code point, never the name; places count base characters from 1.
    """
    before, place = "", 0
    for char in text:
        if is_selector(char):
            if not before or not glyphs.has_pair(before, char):
                point = code_point(before) if before else "なし"
                raise UnknownSelector(point=point, selector=code_point(char), place=max(place, 1))
        else:
            place += 1
            _check_base(char, place, glyphs)
        before = char


def _check_base(char: str, place: int, glyphs: GlyphTable) -> None:
    if unicodedata.category(char) == "Co":
        raise PrivateUseCharacter(point=code_point(char), place=place)
    if char not in _SPACES and not glyphs.has(char):
        raise UnassignableCharacter(point=code_point(char), place=place)
