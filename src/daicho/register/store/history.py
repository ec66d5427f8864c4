"""How a person's record came to be what it is: from state rows, without looking at the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daicho.register.changes.record import RECORD_FIELDS, ResidentRecord, differences
from daicho.register.changes.timeline import StateRow


@dataclass(frozen=True, slots=True)
class Step:
    """What one change made of one person's record; `before` is None when it was entered."""

    change_id: int
    person_id: int
    valid_from: date
    before: ResidentRecord | None
    after: ResidentRecord

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of the fields that differ; empty when the record was entered."""
        return differences(self.before, self.after) if self.before else ()


def known_then(rows: Iterable[StateRow], known_at: datetime | None) -> list[StateRow]:
    """The rows that were known at an instant (None: now), by valid time."""
    chosen = [
        row
        for row in rows
        if (row.known_to is None if known_at is None else row.known_from <= known_at and _open(row, known_at))
    ]
    return sorted(chosen, key=lambda row: row.valid_from)


def state_on(rows: Iterable[StateRow], on: date) -> StateRow | None:
    """The row that holds on a day, among rows of one person known at one instant."""
    for row in rows:
        if row.valid_from <= on and (row.valid_to is None or on < row.valid_to):
            return row
    return None


def steps(rows: Sequence[StateRow]) -> list[Step]:
    """One step per change, from all rows of one person, in the order in which they became known.

    A row carried over by a later change is the same content and makes no step of its own.
    """
    own = sorted((r for r in rows if r.made_by == r.written_by), key=lambda r: (r.known_from, r.valid_from))
    made: list[Step] = []
    seen: set[int] = set()
    for row in own:
        if row.made_by in seen:
            continue
        seen.add(row.made_by)
        made.append(Step(row.made_by, row.person_id, row.valid_from, _before(rows, row), row.record))
    return made


def sources(rows: Sequence[StateRow], shown: StateRow) -> Mapping[str, int]:
    """Per field the change that brought the value shown, from rows of one person known at one instant."""
    chain = sorted((r for r in rows if r.valid_from <= shown.valid_from), key=lambda r: r.valid_from, reverse=True)
    found: dict[str, int] = {}
    for name in RECORD_FIELDS:
        value = getattr(shown.record, name)
        origin = shown.made_by
        for row in chain:
            if getattr(row.record, name) != value:
                break
            origin = row.made_by
        found[name] = origin
    return found


def _before(rows: Sequence[StateRow], row: StateRow) -> ResidentRecord | None:
    """What was known, just before `row` was written, to hold on the day on which it begins (or last before it)."""
    earlier = [
        r for r in rows if r.known_from < row.known_from and (r.known_to is None or r.known_to >= row.known_from)
    ]
    held = [r for r in earlier if r.valid_from <= row.valid_from]
    return max(held, key=lambda r: r.valid_from).record if held else None


def _open(row: StateRow, at: datetime) -> bool:
    return row.known_to is None or at < row.known_to
