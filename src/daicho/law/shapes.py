"""How the shape of a character is named: MJ number and code points (STD 2.2.3).

The table is data/cc-by-sa/mj_numbers.csv: characters of the resident network and of JIS X 0213.
"""

from dataclasses import dataclass
from functools import cache

from daicho.law.glyphs import code_point, is_selector
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
