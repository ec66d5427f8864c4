"""What a cancellation shows: the change, what hangs on it, and certificates issued from it. Nothing is decided here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.eras import format_wareki
from daicho.law.japan import JAPAN
from daicho.register.changes.cancellation import cancelling_reason
from daicho.register.desk.forms.base import ChangeView
from daicho.register.desk.model import Case
from daicho.register.desk.past_changes import Effects, cancellable, change_view, effects_of, states_since
from daicho.register.paper.lookup import issued_from
from daicho.register.screens.entry_view import Note
from daicho.register.screens.words import reason_word
from daicho.wire.environment import Connection


@dataclass(frozen=True, slots=True)
class LaterRow:
    """A later change that hangs on the one to be taken back."""

    change_date: LegalDate
    reason: str
    who: str
    recorded_on: date
    counts: bool


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A certificate issued from what is to be taken back."""

    number: str
    issued_on: date
    kind: str
    word: str
    who: str


@dataclass(frozen=True, slots=True)
class Back:
    """A change before it is taken back."""

    change_id: int
    reason: str
    cancellation: str
    change_date: LegalDate
    recorded_on: date
    who: str
    count: int
    mover_ids: frozenset[int]
    taken_back: frozenset[int]
    later: tuple[LaterRow, ...]
    copies: tuple[CopyRow, ...]

    @property
    def is_taken_back(self) -> bool:
        """Whether it counts for nobody any more."""
        return self.mover_ids <= self.taken_back


@dataclass(frozen=True, slots=True)
class Choice:
    """A change that could be taken back, in the list of its household."""

    change_id: int
    change_date: LegalDate
    reason: str
    recorded_on: date
    count: int


def back(connection: Connection, view: ChangeView) -> Back:
    """A change with what hangs on it."""
    effects = effects_of(connection, view)
    return Back(
        change_id=view.change_id,
        reason=reason_word(view.reason),
        cancellation=cancelling_reason(view.reason).word,
        change_date=view.change_date,
        recorded_on=view.recorded_at.astimezone(JAPAN).date(),
        who=_who({m.person_id: m.name for m in view.movers}, [m.person_id for m in view.movers]),
        count=len(view.movers),
        mover_ids=frozenset(m.person_id for m in view.movers),
        taken_back=frozenset(view.taken_back),
        later=_later(effects),
        copies=tuple(
            CopyRow(one.number, one.issued_on, one.kind, one.status_word, _who(effects.names, one.person_ids))
            for one in issued_from(connection, states_since(connection, view))
        ),
    )


def _later(effects: Effects) -> tuple[LaterRow, ...]:
    return tuple(
        LaterRow(
            one.change_date,
            reason_word(one.reason),
            _who(effects.names, one.people),
            one.recorded_at.astimezone(JAPAN).date(),
            one.counts,
        )
        for one in effects.later
    )


def _who(names: Mapping[int, str], people: list[int] | tuple[int, ...]) -> str:
    """渡邉　大輔 ほか3人."""
    found = [names[one] for one in people if one in names]
    return "" if not found else found[0] + (f" ほか{len(found) - 1}人" if len(found) > 1 else "")


def of_case(connection: Connection, case: Case) -> dict[str, object] | None:
    """What the entry page of a cancellation shows; None for any other form."""
    if not case.reason.value.startswith("cancellation_"):
        return None
    text = case.typed.get("change", "")
    view = change_view(connection, int(text)) if text.isascii() and text.isdigit() else None
    return {
        "change": back(connection, view) if view is not None else None,
        "choices": () if view is not None else _choices(connection, case),
        "new_household": case.typed.get("new_household") == "1",
    }


def copy_notes(connection: Connection, case: Case) -> list[Note]:
    """The certificates issued from what a case takes back, for those who confirm it."""
    shown = of_case(connection, case)
    change = shown["change"] if shown else None
    copies = change.copies if isinstance(change, Back) else ()
    return [
        Note(
            1,
            f"取り消す内容で交付した証明書があります（{one.number}）。",
            f"{one.kind} {format_wareki(one.issued_on)} {one.word}",
        )
        for one in copies
    ]


def copies_taken_back(connection: Connection, change_id: int | None) -> tuple[CopyRow, ...]:
    """The certificates issued from what a registered cancellation took back; none for any other change."""
    row = connection.execute(
        "SELECT cancels FROM register.change WHERE change_id = %s::bigint AND cancels IS NOT NULL", (change_id,)
    ).fetchone()
    view = change_view(connection, row["cancels"]) if row else None
    return back(connection, view).copies if view is not None else ()


def _choices(connection: Connection, case: Case) -> tuple[Choice, ...]:
    row = connection.execute(
        "SELECT household_id FROM register.household WHERE household_number = %s", (case.typed.get("household", ""),)
    ).fetchone()
    if row is None:
        return ()
    return tuple(
        Choice(
            one.change_id,
            one.change_date,
            reason_word(one.reason),
            one.recorded_at.astimezone(JAPAN).date(),
            len(one.people),
        )
        for one in cancellable(connection, row["household_id"], case.reason)
    )
