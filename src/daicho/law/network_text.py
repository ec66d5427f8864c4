"""Texts as the resident network (住民基本台帳ネットワーク) writes them: readings, characters it has no code for, substitutes.

A character counts as 外字 when 住基ネット統一文字 has no code for it: such a character travels as its Unicode sequence and is
counted (items 3, 12, 19, 38 of the identity file). A substitute (代替文字) is a character of JIS X 0208 put in the place of
one that is none, for devices that know no other; the table is CC BY-SA, data/cc-by-sa/.
"""

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jaconv

from daicho.law.glyphs import is_selector
from daicho.law.tables import DATA

_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_JIS = b"\x1b$B"


def hiragana(kana: str) -> str:
    """A reading as the network holds it (items 4, 39): hiragana."""
    return str(jaconv.kata2hira(kana))


def unvoiced(kana: str) -> str:
    """清音化かな (item 5): hiragana without voicing marks and small letters; spaces are left out."""
    plain = "".join(one for one in unicodedata.normalize("NFD", hiragana(kana)) if one not in "\u3099\u309a")
    return plain.translate(_SMALL).replace(" ", "").replace("\u3000", "")


@dataclass(frozen=True, slots=True)
class Substituted:
    """A text with substitutes; `positions` of those put in, from 1; `missing` those that have none and stay as they are."""

    text: str
    positions: tuple[int, ...]
    missing: tuple[int, ...]


class NetworkCharacters:
    """What the table says of characters outside JIS X 0208 and of selected shapes."""

    def __init__(self, file: Path) -> None:
        """Read the whole table: about 14,000 rows."""
        self._coded: set[str] = set()
        self._substitutes: dict[str, str] = {}
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                selector = chr(int(row["selector"], 16)) if row["selector"] else ""
                one = chr(int(row["ucs"], 16)) + selector
                if row["network"]:
                    self._coded |= {one, one[0]}
                if row["substitute"]:
                    self._substitutes[one] = row["substitute"]
                    self._substitutes.setdefault(one[0], row["substitute"])

    def is_coded(self, one: str) -> bool:
        """Whether the network has a code for this character, its selector included."""
        return is_jis(one) or one in self._coded or not unicodedata.category(one[0]).startswith("Lo")

    def substitute(self, one: str) -> str | None:
        """The JIS X 0208 character to put in its place; None when there is none."""
        return self._substitutes.get(one) or self._substitutes.get(one[0])


@cache
def network_characters() -> NetworkCharacters:
    """The table, read on first use."""
    return NetworkCharacters(DATA / "cc-by-sa" / "network_characters.csv")


def is_jis(one: str) -> bool:
    """Whether a character is in JIS X 0208, or is plain ASCII."""
    if len(one) != 1:
        return False
    try:
        return one.isascii() or one.encode("iso2022_jp").startswith(_JIS)
    except UnicodeEncodeError:
        return False


def characters(text: str) -> list[str]:
    """The characters of a text, each with its variation selector."""
    found: list[str] = []
    for char in text:
        if is_selector(char) and found:
            found[-1] += char
        else:
            found.append(char)
    return found


def count_uncoded(text: str | None) -> int:
    """外字数: how many characters the network has no code for."""
    if text is None or text.isascii():
        return 0
    return sum(1 for one in characters(text) if not is_jis(one) and not network_characters().is_coded(one))


def substituted(text: str) -> Substituted:
    """The text in characters of JIS X 0208 as far as there are substitutes (items 53-59 of the dispatch file)."""
    written: list[str] = []
    positions: list[int] = []
    missing: list[int] = []
    for place, one in enumerate(characters(text), start=1):
        if is_jis(one):
            written.append(one)
            continue
        other = network_characters().substitute(one)
        written.append(other or one)
        (positions if other else missing).append(place)
    return Substituted("".join(written), tuple(positions), tuple(missing))
