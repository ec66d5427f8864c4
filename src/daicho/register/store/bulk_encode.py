"""Rows of a batch as the text form of COPY: pure, so that worker processes can do it beside the one that loads."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from psycopg.types.range import DateRange, TimestamptzRange

from daicho.register.store import ends
from daicho.register.store.bulk_numbers import Sealer
from daicho.register.store.bulk_rows import Batch, ChangeRow
from daicho.register.store.rows import STATE_COLUMNS, legal_date_values, state_values

COLUMNS: dict[str, tuple[str, ...]] = {
    "person": ("person_id", "addressee_number", "last_history_no", "last_recorded_at"),
    "household": ("household_id", "household_number", "last_recorded_at"),
    "number": ("number_id", "person_id", "kind", "ciphertext", "blind_index", "key_version", "released_at"),
    "change": (
        *("change_id", "reason", "basis", "change_date", "change_date_precision", "change_date_text", "notified_on"),
        *("recorded_at", "entrant", "reviewer", "decider", "terminal", "office", "taken_over"),
        *("paired_with", "ground"),
    ),
    "change_person": ("change_id", "person_id", "kind", "role", "history_no"),
    "resident_state": STATE_COLUMNS,
    "record_end": ends.COLUMNS,
    "change_note": ("change_id", "person_id", "item", "text"),
}
"""The tables in the order in which they are filled, with their columns in the order of COPY."""


@dataclass(frozen=True, slots=True)
class EncodedTable:
    """Rows of one table as the text of COPY, with the columns that hold anything in this batch."""

    columns: tuple[str, ...]
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EncodedBatch:
    """One batch ready for COPY: its tables by name; `persons` counts its people, `households` are all it touches."""

    persons: int
    households: tuple[int, ...]
    tables: dict[str, EncodedTable]


def encode(batch: Batch, sealer: Sealer) -> EncodedBatch:
    """The batch as COPY text, its numbers sealed."""
    rows: dict[str, Iterable[Sequence[Any]]] = {
        "person": ((p.person_id, p.addressee_number, p.last_history_no, p.last_recorded_at) for p in batch.persons),
        "household": ((h.household_id, h.household_number, h.last_recorded_at) for h in batch.households),
        "number": map(sealer.seal, batch.numbers),
        "change": map(_change_values, batch.changes),
        "change_person": ((c.change_id, c.person_id, c.kind, c.role, c.history_no) for c in batch.change_persons),
        "resident_state": map(state_values, batch.states),
        "record_end": map(ends.values, batch.ends),
        "change_note": ((n.change_id, n.person_id, n.item, n.text) for n in batch.notes),
    }
    households = {row.record.household_id for row in batch.states}
    tables = {table: _encoded(COLUMNS[table], values) for table, values in rows.items()}
    return EncodedBatch(len(batch.persons), tuple(sorted(households)), tables)


def _encoded(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> EncodedTable:
    """Column by column: most of a state's are empty in a whole batch, and what is not sent need not be read."""
    filled = [
        (name, _column(values))
        for name, values in zip(names, zip(*rows, strict=True), strict=False)
        if any(value is not None for value in values)
    ]
    lines = zip(*(texts for _, texts in filled), strict=True)
    return EncodedTable(tuple(name for name, _ in filled), "".join(["\t".join(line) + "\n" for line in lines]))


def _column(values: Sequence[Any]) -> Sequence[str]:
    """The values of one column, which are all of one type where they are anything."""
    first = next(value for value in values if value is not None)
    if isinstance(first, str):
        texts = ["" if value is None else value for value in values]
        if not _SPECIAL.search("".join(texts)):
            return [_NULL if value is None else value for value in values]
    encoder = _ENCODERS[first.__class__]
    return [_NULL if value is None else encoder(value) for value in values]


def _change_values(row: ChangeRow) -> tuple[Any, ...]:
    return (
        row.change_id,
        row.reason.value,
        row.basis.value,
        *legal_date_values(row.change_date),
        row.notified_on,
        row.recorded_at,
        row.entrant,
        row.reviewer,
        row.decider,
        row.terminal,
        row.office,
        row.taken_over,
        row.paired_with,
        row.ground,
    )


_NULL = "\\N"
_SPECIAL = re.compile(r"[\\\t\n\r]")


def copy_text(value: str) -> str:
    """One value in the text form of COPY."""
    if not _SPECIAL.search(value):
        return value
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _range(value: DateRange | TimestamptzRange) -> str:
    low, high = value.lower, value.upper
    return f"[{low},{high})" if high is not None else f"[{low},)"


class _Encoders(dict[type, Callable[[Any], str]]):
    def __missing__(self, kind: type) -> Callable[[Any], str]:
        if not issubclass(kind, str):
            raise TypeError(f"no COPY form for {kind.__name__}")
        self[kind] = str
        return str


_ENCODERS = _Encoders(
    {
        str: copy_text,
        int: str,
        bool: lambda value: "t" if value else "f",
        date: date.isoformat,
        datetime: datetime.isoformat,
        bytes: lambda value: "\\\\x" + value.hex(),
        DateRange: _range,
        TimestamptzRange: _range,
    }
)
