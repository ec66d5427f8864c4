"""The packaged data tables (directory `data/` beside `src/`): CSV, UTF-8, header row; read once, as given.

A register may give other rows in their place (`give`): what the city has approved since the release. Readers of tables
are decorated with `remembered`: what they made of old rows is never used for new ones.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Generic, ParamSpec, TypeVar

DATA = Path(__file__).resolve().parents[3] / "data"
Rows = tuple[Mapping[str, str], ...]
P = ParamSpec("P")
R = TypeVar("R")


class _Given:
    """The rows given in place of files, and how often rows were given."""

    def __init__(self) -> None:
        self.tables: dict[str, Rows] = {}
        self.generation = 0


_now = _Given()


@cache
def file_table(name: str, folder: Path = DATA) -> Rows:
    """The rows of `folder`/`name` as released; `name` may hold a subdirectory. Sources: data/README.md."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def table(name: str, folder: Path = DATA) -> Rows:
    """The rows that hold now by column name: those given, else those of the file."""
    return _now.tables[name] if name in _now.tables else file_table(name, folder)


def given(name: str) -> Rows:
    """The rows given under a name that no file has; none when none were given."""
    return _now.tables.get(name, ())


def give(tables: Mapping[str, Iterable[Mapping[str, str]]]) -> None:
    """Use these rows from now on; tables that are not named are those of the files again."""
    _now.tables = {name: tuple(rows) for name, rows in tables.items()}
    _now.generation += 1


class remembered(Generic[P, R]):  # noqa: N801 - a decorator
    """Decorates a reader of tables: its answers are kept until other rows are given."""

    def __init__(self, reader: Callable[P, R]) -> None:
        self.__doc__ = reader.__doc__
        self._reader = reader
        self._kept: tuple[int, dict[object, R]] = (0, {})

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The reader's answer, from what was kept if nothing was given since."""
        generation, answers = self._kept
        if generation != _now.generation:
            generation, answers = self._kept = (_now.generation, {})
        key = (args, tuple(kwargs.items())) if kwargs else args
        if key not in answers:
            answers[key] = self._reader(*args, **kwargs)
        return answers[key]

    def cache_clear(self) -> None:
        """Forget everything."""
        self._kept = (_now.generation, {})
