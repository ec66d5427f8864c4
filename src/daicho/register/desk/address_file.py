"""The CSV of a bulk change of addresses (STD 9.7): which columns it has, and what a line means. Pure reading, no register."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from daicho.law.errors import DaichoError
from daicho.law.names import address_key

ADDRESS = ("世帯番号", "変更前住所", "変更前方書", "変更後町字コード", "変更後住所", "変更後方書")
DOMICILE = ("宛名番号", "変更前本籍", "変更後本籍")
COLUMNS: Mapping[str, tuple[str, ...]] = {"address": ADDRESS, "domicile": DOMICILE}
WORDS: Mapping[str, str] = {"address": "現住所(世帯番号ごと)", "domicile": "本籍(宛名番号ごと)"}
MOST_LINES = 20_000
LARGEST = 8 * 1024 * 1024


class FileUnfit(DaichoError):
    """The file is no CSV with these columns, is too large, or is empty; data: columns."""

    code = "K233"
    happened = "CSVを読み取れません。"
    kept = "何も登録していません。"
    todo = "UTF-8で、1行目を「{columns}」にして、2万行までで作り直してください。"


@dataclass(frozen=True, slots=True)
class FileLine:
    """One line: the number of household or person, and old and new values by column."""

    line: int
    key: str
    values: Mapping[str, str]

    def same(self, column: str, recorded: str | None) -> bool:
        """Whether a column says what is recorded; widths, dashes and spaces do not matter."""
        return address_key(self.values[column]) == address_key(recorded or "")


def read_file(kind: str, data: bytes) -> tuple[FileLine, ...]:
    """All lines with something in them. Raises FileUnfit."""
    columns = COLUMNS[kind]
    try:
        lines = tuple(_lines(columns, data))
    except (UnicodeDecodeError, csv.Error, KeyError):
        lines = ()
    if not lines or len(lines) > MOST_LINES:
        raise FileUnfit(columns="、".join(columns))
    return lines


def _lines(columns: tuple[str, ...], data: bytes) -> Iterator[FileLine]:
    if len(data) > LARGEST:
        return
    reader = csv.reader(io.StringIO(data.decode("utf-8-sig")), strict=True)
    if tuple(next(reader, [])) != columns:
        return
    for number, row in enumerate(reader, start=1):
        if any(cell.strip() for cell in row):
            cells = [*(cell.strip() for cell in row), *[""] * len(columns)]
            values = dict(zip(columns, cells, strict=False))
            yield FileLine(number, "".join(c for c in values[columns[0]] if c.isdigit()), values)
