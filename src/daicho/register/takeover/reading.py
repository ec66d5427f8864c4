"""Reading the file once from start to end: encoding, header, quoting, duplicate numbers, rows sorted into buckets.

Nothing is written before this pass is through, so that a file that cannot be read leaves no trace. Rows go into
buckets by household number, whole households each; a bucket is the unit of work and of one transaction. Buckets are kept
as text: about the size of the file.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from io import TextIOWrapper
from pathlib import Path
from zlib import crc32

from daicho.register.takeover.errors import BrokenQuoting, FileTooLarge, WrongEncoding, WrongHeader
from daicho.register.takeover.items import (
    ADDRESSEE_NUMBER,
    HOUSEHOLD_NUMBER,
    INDIVIDUAL_NUMBER,
    NAMES,
    RESIDENT_CODE,
)

MOST_BYTES = 16 * 2**30
LONGEST_FIELD = 100_000
BYTES_PER_BUCKET = 4_000_000
"""About nine thousand rows: well below the largest batch."""
_CELL = "\x1f"
_SEPARATORS = re.compile("[\x1e\x1f]")
_UNIQUE = (ADDRESSEE_NUMBER, RESIDENT_CODE, INDIVIDUAL_NUMBER)


@dataclass(slots=True)
class Bucket:
    """Rows of whole households: row numbers as in the file (the header is row 1), cells in the order of the 93 items."""

    numbers: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def add(self, number: int, cells: list[str]) -> None:
        """Keep one row; a row of another width is kept as it is."""
        self.numbers.append(number)
        self.texts.append(_CELL.join(cells))

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Row number and cells, in the order of the file."""
        for number, text in zip(self.numbers, self.texts, strict=True):
            yield number, text.split(_CELL)


@dataclass(slots=True)
class Source:
    """The whole file, read. Blanks at the ends of cells say nothing and are gone."""

    digest: str
    rows: int
    buckets: list[Bucket]
    duplicates: dict[int, int]  # row number -> place of the item whose number stands in another row too


def read(path: Path) -> Source:
    """Read the file. Raises WrongEncoding, WrongHeader, BrokenQuoting or FileTooLarge."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise FileTooLarge(limit="16 GB")
    with path.open("rb") as raw:
        if raw.read(3) == codecs.BOM_UTF8:
            raise WrongEncoding(line=1)
        raw.seek(0)
        digest = sha256()
        while block := raw.read(2**20):
            digest.update(block)
        raw.seek(0)
        with TextIOWrapper(raw, encoding="utf-8", errors="strict", newline="") as text:
            return _sort(text, digest.hexdigest(), size)


def _sort(text: TextIOWrapper, digest: str, size: int) -> Source:
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(text, strict=True)
    order: list[int] = []
    buckets = [Bucket() for _ in range(1 + size // BYTES_PER_BUCKET)]
    first_of: list[dict[str, int]] = [{} for _ in _UNIQUE]
    duplicates: dict[int, int] = {}
    number = 0
    for number, cells in _numbered(reader):
        if number == 1:
            order = _order(cells)
            continue
        if len(cells) == len(order):
            cells = [cells[place].strip() for place in order]  # noqa: PLW2901 - put into the order of the items
            if _SEPARATORS.search("".join(cells)):
                cells = [_SEPARATORS.sub("\ufffd", cell) for cell in cells]  # noqa: PLW2901 - never in a register
            _note_duplicates(number, cells, first_of, duplicates)
        key = cells[HOUSEHOLD_NUMBER] if len(cells) == len(order) else ""
        buckets[crc32(key.encode()) % len(buckets)].add(number, cells)
    if number == 0:
        raise WrongHeader(missing="、".join(NAMES), unknown="なし", twice="なし")
    return Source(digest, number - 1, [bucket for bucket in buckets if bucket.numbers], duplicates)


def _numbered(reader: "csv._reader") -> Iterator[tuple[int, list[str]]]:  # type: ignore[name-defined]
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except UnicodeDecodeError:
            raise WrongEncoding(line=reader.line_num + 1) from None
        except csv.Error as error:
            if "field larger" in str(error):
                raise FileTooLarge(limit=f"1項目{LONGEST_FIELD}文字") from None
            raise BrokenQuoting(line=reader.line_num) from None
        if cells:
            number += 1
            yield number, cells


def _order(header: list[str]) -> list[int]:
    """For each of the 93 items the place of its column. Raises WrongHeader."""
    places = {name.strip(): place for place, name in enumerate(header)}
    missing = [name for name in NAMES if name not in places]
    unknown = [name for name in places if name not in NAMES]
    twice = sorted({name for name in header if header.count(name) > 1})
    if missing or unknown or twice:
        shown = ("、".join(names[:5]) or "なし" for names in (missing, [name[:20] for name in unknown], twice))
        raise WrongHeader(**dict(zip(("missing", "unknown", "twice"), shown, strict=True)))
    return [places[name] for name in NAMES]


def _note_duplicates(number: int, cells: list[str], first_of: list[dict[str, int]], duplicates: dict[int, int]) -> None:
    for place, seen in zip(_UNIQUE, first_of, strict=True):
        value = cells[place]
        if value:
            first = seen.setdefault(value, number)
            if first != number:
                duplicates[number] = duplicates[first] = place
