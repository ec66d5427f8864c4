"""Between rows of `register.resident_state` and the values of `register.changes`."""

from datetime import date
from operator import attrgetter
from typing import Any

from psycopg.types.range import DateRange, TimestamptzRange

from daicho.law.dates import LegalDate, Precision
from daicho.register.changes.plan import State
from daicho.register.changes.record import LEGAL_DATE_FIELDS, RECORD_FIELDS, ResidentRecord
from daicho.register.changes.timeline import StateRow
from daicho.wire.environment import Row

_PLAIN_FIELDS = tuple(name for name in RECORD_FIELDS if name not in LEGAL_DATE_FIELDS)
_DATE_FIELDS = tuple(name for name in RECORD_FIELDS if name in LEGAL_DATE_FIELDS)

_plain_values = attrgetter(*_PLAIN_FIELDS)

KEY_COLUMNS: tuple[str, ...] = ("state_id", "person_id", "history_no", "made_by", "written_by", "valid", "known")
CONTENT_COLUMNS: tuple[str, ...] = (
    *_PLAIN_FIELDS,
    *(f"{name}{suffix}" for name in _DATE_FIELDS for suffix in ("", "_precision", "_text")),
)
STATE_COLUMNS: tuple[str, ...] = KEY_COLUMNS + CONTENT_COLUMNS
"""Columns of `resident_state` in the order of `state_values`."""


def legal_date_values(value: LegalDate | None) -> tuple[date | None, str | None, str | None]:
    """A legal date as its three columns; precision and text are null for a plain calendar day."""
    if value is None:
        return None, None, None
    if value.precision is Precision.DAY and value.text is None:
        return value.on, None, None
    return value.on, value.precision.value, value.text


def legal_date(on: date, precision: str | None, text: str | None) -> LegalDate:
    """The legal date of three columns."""
    return LegalDate(on) if precision is None else LegalDate(on, Precision(precision), text)


def content_values(record: ResidentRecord) -> tuple[Any, ...]:
    """The values of CONTENT_COLUMNS."""
    values: list[Any] = list(_plain_values(record))
    for name in _DATE_FIELDS:
        values.extend(legal_date_values(getattr(record, name)))
    return tuple(values)


def state_values(row: StateRow) -> tuple[Any, ...]:
    """The values of STATE_COLUMNS."""
    return (
        row.state_id,
        row.person_id,
        row.history_no,
        row.made_by,
        row.written_by,
        DateRange(row.valid_from, row.valid_to),
        TimestamptzRange(row.known_from, row.known_to),
        *content_values(row.record),
    )


def record_of(row: Row) -> ResidentRecord:
    """The resident record of a database row that has all CONTENT_COLUMNS."""
    values: dict[str, Any] = {name: row[name] for name in _PLAIN_FIELDS}
    for name in _DATE_FIELDS:
        on = row[name]
        values[name] = None if on is None else legal_date(on, row[f"{name}_precision"], row[f"{name}_text"])
    return ResidentRecord(**values)


def state_row_of(row: Row) -> StateRow:
    """The state row of a database row that has all STATE_COLUMNS."""
    return StateRow(
        state_id=row["state_id"],
        person_id=row["person_id"],
        history_no=row["history_no"],
        made_by=row["made_by"],
        written_by=row["written_by"],
        valid_from=row["valid"].lower,
        valid_to=row["valid"].upper,
        known_from=row["known"].lower,
        known_to=row["known"].upper,
        record=record_of(row),
    )


def state_of(row: StateRow) -> State:
    """What a plan sees of a live row."""
    return State(
        state_id=row.state_id,
        person_id=row.person_id,
        history_no=row.history_no,
        valid_from=row.valid_from,
        record=row.record,
    )
