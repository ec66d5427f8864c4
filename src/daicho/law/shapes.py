"""How the shape of a character is named: MJ number and code points (STD 2.2.3).

The table is data/cc-by-sa/mj_numbers.csv: characters of the resident network and of JIS X 0213.
"""

import re
from dataclasses import dataclass
from functools import cache

from daicho.law.glyphs import code_point, font_glyphs, is_selector
from daicho.law.names import same_key
from daicho.law.tables import table


@dataclass(frozen=True, slots=True)
class Shape:
    """One character as it stands in a name: base character with its selector if it has one."""

    text: str
    mj_number: str | None

    @property
    def code(self) -> str:
        """U+9089 U+E010F."""
        return " ".join(code_point(part) for part in self.text)

    @property
    def named(self) -> str:
        """The MJ number, else the code points."""
        return self.mj_number or self.code


@cache
def _numbers() -> dict[str, str]:
    return {
        chr(int(row["ucs"], 16)) + (chr(int(row["selector"], 16)) if row["selector"] else ""): row["mj"]
        for row in table("cc-by-sa/mj_numbers.csv")
    }


def shapes_of(text: str) -> tuple[Shape, ...]:
    """The characters of a text in order, selectors kept with their base; spaces are characters too."""
    parts: list[str] = []
    for char in text:
        if is_selector(char) and parts:
            parts[-1] += char
        else:
            parts.append(char)
    return tuple(Shape(part, _numbers().get(part)) for part in parts)


_NAMED = re.compile(r"(?:MJ(\d{6})|U\+([0-9A-F]{4,6})(?: ?U\+([0-9A-F]{4,6}))?)", re.IGNORECASE)


def shapes_like(text: str) -> tuple[Shape, ...]:
    """Every shape that can be recorded for a character or its variants; for MJ number or code points that one first.

    () for anything else. A clerk who cannot type a character finds it from one that looks or reads alike (STD 2.1.3, 2.2.3).
    """
    named = _NAMED.fullmatch(text)
    chosen = _of_name(*named.groups()) if named else text
    if not chosen or len(shapes_of(chosen)) != 1 or chosen[0].isspace():
        return ()
    glyphs = font_glyphs()
    found = {chosen} if named and _recordable(chosen) else set()
    listed = [*found]
    for base in same_key(chosen[0]):
        if glyphs.has(base):
            listed += [base, *(base + selector for selector in glyphs.selectors_of(base))]
    shapes = [Shape(one, _numbers().get(one)) for one in dict.fromkeys(listed)]
    return tuple({shape.named: shape for shape in reversed(shapes)}.values())[::-1]  # one of each number, the plain one


def _of_name(number: str | None, base: str | None, selector: str | None) -> str:
    if number:
        return _by_number().get(f"MJ{number}", "")
    points = [int(one, 16) for one in (base, selector) if one]
    return "".join(map(chr, points)) if all(point < 0x110000 for point in points) else ""


def _recordable(shape: str) -> bool:
    glyphs = font_glyphs()
    return glyphs.has_pair(shape[0], shape[1]) if len(shape) > 1 else glyphs.has(shape)


@cache
def _by_number() -> dict[str, str]:
    return {number: shape for shape, number in reversed(_numbers().items())}
