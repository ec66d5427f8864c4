"""Reports of the trail: who looked at a person, what an officer did, what is out of the ordinary (STD 10.2; R-ACQ-20).

Reading the trail is an act of its own and leaves its entry in the same transaction. Lists are read page by page from where
the last one ended (keyset), never by counting over the log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from daicho.access.actor import Actor, Right
from daicho.access.decision import require_right
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.trail.seal import micros, moment
from daicho.wire.environment import Connection, Environment, Row

PAGE = 100
EXPORT_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the next one begins with what is older."""

    at: datetime
    entry_id: int

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{micros(self.at)}-{self.entry_id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """From an address; None for the first page and for anything unreadable."""
        at, _, entry_id = text.partition("-")
        if not (at.isdecimal() and entry_id.isdecimal() and len(at) < 17 and len(entry_id) < 19):
            return None
        return cls(moment(int(at)), int(entry_id))


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` to before `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry as reports show it. `some`: the first persons it concerns, of `persons`."""

    at: datetime
    entry_id: int
    act: str
    officer: str
    terminal: str
    purpose: str
    request_id: str
    case_id: int | None
    number_shown: bool
    refused: bool
    detail: Mapping[str, Any]
    persons: int
    some: Sequence[int]

    @property
    def word(self) -> str:
        """The act in Japanese; its code when this release does not know it."""
        known = {act.value: act for act in Act}
        return known[self.act].word if self.act in known else self.act

    @property
    def cursor(self) -> Cursor:
        """The place of this line."""
        return Cursor(self.at, self.entry_id)


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, newest first, and where the next page begins (None: this is all)."""

    lines: tuple[Line, ...]
    following: Cursor | None


@dataclass(frozen=True, slots=True)
class SignOns:
    """Sign-ons of one user ID in a period."""

    officer: str
    on: int
    failed: int
    locked_out: int
    last_at: datetime | None


_COLUMNS: LiteralString = (
    "SELECT e.at, e.entry_id, e.act, e.officer, e.terminal, e.purpose, e.request_id, e.case_id, e.number_shown,"
    " e.refused, e.detail,"
    " (SELECT count(*) FROM trail.subject c WHERE c.at = e.at AND c.entry_id = e.entry_id) AS persons,"
    " ARRAY(SELECT c.person_id FROM trail.subject c WHERE c.at = e.at AND c.entry_id = e.entry_id"
    " ORDER BY c.person_id LIMIT 3) AS some"
)
_OF_PERSON: LiteralString = (
    _COLUMNS + " FROM trail.subject s JOIN trail.entry e ON e.at = s.at AND e.entry_id = s.entry_id"
    " WHERE s.person_id = %(person)s::bigint AND s.at >= %(since)s AND s.at < %(until)s"
    " AND (s.at, s.entry_id) < (%(at)s::timestamptz, %(entry)s::bigint)"
    " AND (%(act)s::text = '' OR e.act = %(act)s::text)"
    " ORDER BY s.at DESC, s.entry_id DESC LIMIT %(limit)s"
)
_OF_OFFICER: LiteralString = (
    _COLUMNS + " FROM trail.entry e WHERE e.officer = %(officer)s AND e.at >= %(since)s AND e.at < %(until)s"
    " AND (e.at, e.entry_id) < (%(at)s::timestamptz, %(entry)s::bigint)"
    " ORDER BY e.at DESC, e.entry_id DESC LIMIT %(limit)s"
)


def of_person(
    env: Environment,
    actor: Actor,
    person_id: int,
    period: Period,
    *,
    act: Act | None = None,
    before: Cursor | None = None,
    limit: int = PAGE,
    form: str = "screen",
) -> Page:
    """Who looked at or changed a person. `act`: only this one. Raises NotAllowed."""
    require_right(actor, Right.TRAIL_READ, on=env.clock.today())
    wanted = {"person": person_id, "act": act.value if act else ""}
    with env.database.transaction() as connection:
        page = _page(connection, _OF_PERSON, wanted, period, before, limit)
        record_act(
            connection,
            env,
            actor,
            Act.TRAIL_PERSON,
            subjects=[person_id],
            detail={"form": form, "lines": len(page.lines)},
        )
    return page


def of_officer(
    env: Environment,
    actor: Actor,
    officer: str,
    period: Period,
    *,
    before: Cursor | None = None,
    limit: int = PAGE,
    form: str = "screen",
) -> Page:
    """What a user ID did. Raises NotAllowed."""
    require_right(actor, Right.TRAIL_READ, on=env.clock.today())
    with env.database.transaction() as connection:
        page = _page(connection, _OF_OFFICER, {"officer": officer}, period, before, limit)
        record_act(
            connection,
            env,
            actor,
            Act.TRAIL_OFFICER,
            detail={"form": form, "officer": officer[:64], "lines": len(page.lines)},
        )
    return page


def sign_ons(env: Environment, actor: Actor, period: Period, *, form: str = "screen") -> tuple[SignOns, ...]:
    """Sign-ons and failures of each user ID, the most failures first. Raises NotAllowed."""
    require_right(actor, Right.TRAIL_READ, on=env.clock.today())
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT officer, count(*) FILTER (WHERE act = 'signon.on') AS on,"
            " count(*) FILTER (WHERE act IN ('signon.failed', 'signon.unlock_failed')) AS failed,"
            " count(*) FILTER (WHERE act = 'signon.locked_out') AS locked_out,"
            " max(at) FILTER (WHERE act = 'signon.on') AS last_at FROM trail.entry"
            " WHERE at >= %s AND at < %s AND act LIKE 'signon.%%' GROUP BY officer",
            (period.since, period.until),
        ).fetchall()
        record_act(connection, env, actor, Act.TRAIL_SIGN_ONS, detail={"form": form, "lines": len(rows)})
    return tuple(sorted((SignOns(**row) for row in rows), key=lambda one: (-one.failed - one.locked_out, one.officer)))


def _page(
    connection: Connection,
    statement: LiteralString,
    wanted: Mapping[str, Any],
    period: Period,
    before: Cursor | None,
    limit: int,
) -> Page:
    from_here = before or Cursor(period.until, 0)
    values = {
        **wanted,
        "since": period.since,
        "until": period.until,
        "at": from_here.at,
        "entry": from_here.entry_id,
        "limit": limit + 1,
    }
    rows: list[Row] = connection.execute(statement, values).fetchall()
    lines = tuple(Line(**row) for row in rows[:limit])
    return Page(lines, lines[-1].cursor if len(rows) > limit else None)
