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
from daicho.register.changes.plan import Effect

__all__ = ["Rows", "StateRow", "apply_effects"]


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
