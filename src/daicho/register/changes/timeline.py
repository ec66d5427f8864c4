"""How a plan becomes rows on two time axes (design, section 4). Pure; used by the one door and by the bulk writer.

Rows are never changed except that their known range is closed. A plan that takes effect on day D for a person

* closes every live row that reaches D or later,
* writes the part before D again (the carried-over copy keeps its history number and names the change that first
  made it), and
* writes its own records from D on, with new history numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.register.changes.known import StateRow
from daicho.register.changes.plan import Effect, Plan, RecordEnd

__all__ = ["EndRow", "Ends", "Rows", "StateRow", "apply_effects", "apply_ends"]


@dataclass(frozen=True, slots=True)
class EndRow:
    """One row of `record_end`: the end of a record, known over a range."""

    end: RecordEnd
    made_by: int  # the change that removed the record
    written_by: int  # the change that wrote this row
    known_from: datetime
    known_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """What one change does to one person's rows: `closed` lose their open known range, `written` are new."""

    closed: tuple[StateRow, ...]
    written: tuple[StateRow, ...]


def apply_effects(
    live: Sequence[StateRow],
    effects: Sequence[Effect],
    *,
    change_id: int,
    recorded_at: datetime,
    next_history_no: int,
    state_ids: Iterable[int],
) -> Rows:
    """The rows of one person after one change.

    `live` are the person's rows with an open known range; `effects` are that person's, `state_ids` gives fresh ids
    (at most one more than there are effects is used). Raises ValueError when `recorded_at` is not after every live
    row, which would make an empty known range.
    """
    if not effects:
        return Rows((), ())
    ordered = sorted(effects, key=lambda effect: effect.valid_from)
    if any(row.known_from >= recorded_at for row in live):
        raise ValueError("recorded_at must be later than what is already recorded")
    ids = iter(state_ids)
    start = ordered[0].valid_from
    touched = tuple(row for row in live if row.valid_to is None or row.valid_to > start)
    written = [
        replace(row, state_id=next(ids), written_by=change_id, valid_to=start, known_from=recorded_at, known_to=None)
        for row in touched
        if row.valid_from < start
    ]
    ends: list[date | None] = [effect.valid_from for effect in ordered[1:]]
    for position, (effect, end) in enumerate(zip(ordered, [*ends, None], strict=True)):
        if end == effect.valid_from:
            raise ValueError("two effects on one person for the same day")
        written.append(
            StateRow(
                state_id=next(ids),
                person_id=effect.person_id,
                history_no=next_history_no + position,
                made_by=change_id,
                written_by=change_id,
                valid_from=effect.valid_from,
                valid_to=end,
                known_from=recorded_at,
                known_to=None,
                record=effect.record,
            )
        )
    closed = tuple(replace(row, known_to=recorded_at) for row in touched)
    return Rows(closed, tuple(written))


@dataclass(frozen=True, slots=True)
class Ends:
    """What one change does to the ends of one person's records."""

    closed: tuple[EndRow, ...]
    written: tuple[EndRow, ...]


def apply_ends(
    known: Sequence[EndRow],
    plan: Plan,
    live: Sequence[StateRow],
    *,
    made_by: int,
    written_by: int,
    recorded_at: datetime,
) -> Ends:
    """The ends of one person's records after one change; `known` are all rows so far, `live` the states after it.

    A cancellation takes back the end of a record that goes on again, and gives one back when it is taken back itself.
    """
    person_id = live[0].person_id
    highest = max(row.record.record_no for row in live)
    closed = tuple(
        replace(row, known_to=recorded_at)
        for row in known
        if row.known_to is None and row.end.record_no >= highest and plan.cancels is not None
    )
    written = [EndRow(end, made_by, written_by, recorded_at) for end in plan.ends if end.person_id == person_id]
    if plan.cancels is not None:
        ended = {row.end.record_no for row in known if row.known_to is None}
        last = {row.end.record_no: row for row in known if row.end.record_no < highest}
        goes_on = {row.record.record_no: row.record.is_resident for row in sorted(live, key=lambda row: row.valid_from)}
        written += [
            EndRow(row.end, row.made_by, written_by, recorded_at)
            for number, row in last.items()
            if number not in ended and goes_on.get(number, True)
        ]
    return Ends(closed, tuple(written))
