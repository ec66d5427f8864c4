"""Between rows of `register.resident_state` and the values of `register.changes`."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter, itemgetter
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


def states_json(rows: Iterable[StateRow]) -> str:
    """Rows as a JSON array that `json_populate_recordset(NULL::register.resident_state, …)` reads."""
    return json.dumps(
        [
            {name: value for name, value in zip(STATE_COLUMNS, state_values(row), strict=True) if value is not None}
            for row in rows
        ],
        ensure_ascii=False,
        separators=(",", ":"),
        default=_as_text,
    )


def _as_text(value: object) -> str:
    """Days and ranges as PostgreSQL writes them; a range holds its lower end and is open where there is no upper one."""
    if isinstance(value, DateRange | TimestamptzRange):
        return f"[{value.lower},{value.upper})" if value.upper is not None else f"[{value.lower},)"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON form for {value.__class__.__name__}")


def record_of(row: Row) -> ResidentRecord:
    """The resident record of a database row that has all CONTENT_COLUMNS."""
    values: dict[str, Any] = {name: row[name] for name in _PLAIN_FIELDS}
    for name in _DATE_FIELDS:
        on = row[name]
        values[name] = None if on is None else legal_date(on, row[f"{name}_precision"], row[f"{name}_text"])
    return ResidentRecord(**values)


def state_row_of(row: Row) -> StateRow:
    """The state row of a database row that has all STATE_COLUMNS."""
    return state_row([row[name] for name in STATE_COLUMNS])


def state_row(values: Sequence[Any]) -> StateRow:
    """The state row of the values of STATE_COLUMNS, in their order."""
    state_id, person_id, history_no, made_by, written_by, valid, known = values[: len(KEY_COLUMNS)]
    content = list(_IN_FIELD_ORDER(values))
    for place, column in _DATE_PLACES:
        if content[place] is not None:
            content[place] = legal_date(*values[column : column + 3])
    return StateRow(
        state_id=state_id,
        person_id=person_id,
        history_no=history_no,
        made_by=made_by,
        written_by=written_by,
        valid_from=valid.lower,
        valid_to=valid.upper,
        known_from=known.lower,
        known_to=known.upper,
        record=ResidentRecord(**dict(zip(RECORD_FIELDS, content, strict=True))),
    )


_IN_FIELD_ORDER = itemgetter(*(STATE_COLUMNS.index(name) for name in RECORD_FIELDS))
_DATE_PLACES = tuple((RECORD_FIELDS.index(name), STATE_COLUMNS.index(name)) for name in _DATE_FIELDS)


def state_of(row: StateRow) -> State:
    """What a plan sees of a live row."""
    return State(
        state_id=row.state_id,
        person_id=row.person_id,
        history_no=row.history_no,
        valid_from=row.valid_from,
        record=row.record,
    )
