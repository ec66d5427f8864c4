"""The packaged data tables (directory `data/` beside `src/`): CSV, UTF-8, header row; read once, as given."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[3] / "data"


@cache
def table(name: str, folder: Path = DATA) -> tuple[Mapping[str, str], ...]:
    """The rows of `folder`/`name` by column name; `name` may hold a subdirectory. Sources: data/README.md."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
