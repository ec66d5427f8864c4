"""Reading and changing lists: a draft by one officer, the approval by another, the entries as they hold on a day."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from psycopg import errors as pg
from psycopg.types.json import Jsonb

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide, require_other_officer
from daicho.register.masters.errors import MasterInUse, MasterMoved, MasterOverlap, MasterUnreadable, NoSuchMaster
from daicho.register.masters.lists import LISTS, Base, MasterList, check_entry, list_of
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row

Kind = Literal["add", "replace", "end"]
KIND_WORDS: Mapping[str, str] = {"add": "追加", "replace": "変更", "end": "終了"}
_FIRST = date(1, 1, 1)
_PAPER = ("attestor", "seal", "fee")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list with its period; `last_day` None has no end. `state`: live, scheduled or ended on the day asked for."""

    code: str
    name: str
    data: Mapping[str, str]
    first_day: date
    last_day: date | None
    source: str
    state: Literal["live", "scheduled", "ended"]
    of_release: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that waits for another officer."""

    change_id: int
    list: str
    code: str
    kind: Kind
    name: str
    data: Mapping[str, str]
    valid_from: date
    valid_to: date | None
    source: str
    reason: str
    entrant: str
    entered_at: datetime

    @property
    def word(self) -> str:
        """What it would do."""
        return KIND_WORDS[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What an officer asks for. An end needs no name and no fields; `valid_from` is then the first day without it."""

    list: str
    code: str
    kind: Kind
    name: str = ""
    data: Mapping[str, str]
    valid_from: date
    valid_to: date | None = None
    source: str
    reason: str


def propose(env: Environment, actor: Actor, proposal: Proposal) -> int:
    """Keep a draft. Raises NotAllowed, NoSuchMaster, MasterUnreadable, MasterOverlap, MasterInUse."""
    today = env.clock.today()
    decide(actor, Right.MASTER_EDIT, on=today)
    which = list_of(proposal.list)
    with env.database.transaction() as connection:
        former = _former(connection, which, proposal, today)
        data = _checked(which, proposal, today)
        if proposal.kind == "end":
            _require_unused(connection, proposal)
        [change_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO register.code_change (change_id, list, code, kind, name, data, valid_from, valid_to, source,"
            " reason, former, status, entrant, terminal, entered_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'draft', %s, %s, %s)",
            (
                change_id,
                which.key,
                proposal.code,
                proposal.kind,
                proposal.name.strip(),
                Jsonb(data),
                proposal.valid_from,
                proposal.valid_to,
                proposal.source.strip(),
                proposal.reason.strip(),
                Jsonb({"name": former.name, "data": dict(former.data), "source": former.source}) if former else None,
                actor.officer_id,
                actor.terminal_id,
                env.clock.now(),
            ),
        )
        _note(connection, env, actor, Act.MASTER_PROPOSED, which.key, change_id)
        return change_id


def _checked(which: MasterList, proposal: Proposal, today: date) -> dict[str, str]:
    if not proposal.reason.strip():
        raise MasterUnreadable("reason", item="理由", hint="")
    if proposal.kind != "add" and proposal.valid_from < today:
        raise MasterUnreadable("valid_from", item="初日", hint="過ぎた日には変えられません。")
    if proposal.valid_to is not None and proposal.valid_to < proposal.valid_from:
        raise MasterUnreadable("valid_to", item="最後の日", hint="初日より前です。")
    if proposal.kind == "end":
        if which.key in _PAPER:
            raise MasterUnreadable("kind", item="申請の種類", hint="次のものを追加すると、前のものが終わります。")
        return {}
    return check_entry(which, proposal.code, proposal.name, proposal.data)


def _former(connection: Connection, which: MasterList, proposal: Proposal, today: date) -> Base | None:
    """The entry of the release that would be replaced or ended, when nothing of the city stands in its place.

    Raises MasterOverlap for a new entry beside one that holds then, NoSuchMaster when there is nothing to end.
    """
    held = _of_code(connection, which, proposal.code, proposal.valid_from)
    base = next((one for one in which.base() if one.code == proposal.code), None)
    own = any(not entry.of_release for entry in held)
    if proposal.kind == "add":
        if which.key not in _PAPER and any(_meets(entry, proposal) for entry in held):
            raise MasterOverlap("valid_from")
        return None
    if not any(entry.last_day is None or entry.last_day >= proposal.valid_from for entry in held):
        raise NoSuchMaster("code")
    return None if own else base


def _meets(entry: Entry, proposal: Proposal) -> bool:
    after = proposal.valid_to is not None and proposal.valid_to < entry.first_day
    return not after and (entry.last_day is None or entry.last_day >= proposal.valid_from)


def _require_unused(connection: Connection, proposal: Proposal) -> None:
    if proposal.list != "town":
        return
    row = connection.execute(
        "SELECT count(*) AS n FROM register.resident_current WHERE town_code = %s AND status = 'resident'"
        " AND (removed_from IS NULL OR removed_from > %s::date)",
        (proposal.code, proposal.valid_from),
    ).fetchone()
    if row is not None and row["n"]:
        raise MasterInUse(count=row["n"])


def approve(env: Environment, actor: Actor, change_id: int) -> str:
    """Approve a draft of another officer; returns the list. Raises NotAllowed, SameOfficer, MasterMoved, MasterOverlap, MasterInUse."""
    decide(actor, Right.MASTER_APPROVE, on=env.clock.today())
    with env.database.transaction() as connection, _refusals():
        draft = _draft(connection, change_id)
        require_other_officer(draft["entrant"], actor.officer_id)
        ids = env.ids.take(connection, 4)
        connection.execute(
            "SELECT register.approve_code_change(%s::bigint, %s, %s::timestamptz, %s::bigint[])",
            (change_id, actor.officer_id, env.clock.now(), ids),
        )
        _note(connection, env, actor, Act.MASTER_APPROVED, draft["list"], change_id)
        return str(draft["list"])


def drop(env: Environment, actor: Actor, change_id: int, why: str = "") -> str:
    """Take one's own draft back, or refuse that of another officer; returns the list. Raises NotAllowed, MasterMoved."""
    decide(actor, Right.MASTER_EDIT, on=env.clock.today())
    with env.database.transaction() as connection, _refusals():
        draft = _draft(connection, change_id)
        own = draft["entrant"] == actor.officer_id
        if not own:
            decide(actor, Right.MASTER_APPROVE, on=env.clock.today())
        connection.execute(
            "SELECT register.drop_code_change(%s::bigint, %s, %s::timestamptz, %s)",
            (change_id, actor.officer_id, env.clock.now(), why.strip()[:200]),
        )
        _note(connection, env, actor, Act.MASTER_WITHDRAWN if own else Act.MASTER_REFUSED, draft["list"], change_id)
        return str(draft["list"])


def _draft(connection: Connection, change_id: int) -> Row:
    row = connection.execute("SELECT * FROM register.code_change WHERE change_id = %s::bigint", (change_id,)).fetchone()
    if row is None:
        raise NoSuchMaster
    return row


def _note(connection: Connection, env: Environment, actor: Actor, act: Act, which: str, change_id: int) -> None:
    detail: dict[str, str | int | bool] = {"list": which, "change": change_id}
    record_act(connection, env, actor, act, purpose=Purpose.SYSTEM_OPERATION, detail=detail)


def entries(connection: Connection, which: MasterList, on: date) -> list[Entry]:
    """Everything of a list, by code and period: the release where the city has put nothing in its place."""
    own: dict[str, list[Entry]] = {}
    rows = connection.execute(
        "SELECT code, name, data, lower(valid) AS first, upper(valid) AS after, source FROM register.code_entry"
        " WHERE list = %s ORDER BY code, valid",
        (which.key,),
    )
    for row in rows:
        own.setdefault(row["code"], []).append(_entry(row, on))
    found = [_of_release(base, on) for base in which.base() if base.code not in own]
    found += [entry for some in own.values() for entry in some]
    return sorted(found, key=lambda entry: (entry.code, entry.first_day))


def _of_code(connection: Connection, which: MasterList, code: str, on: date) -> list[Entry]:
    return [entry for entry in entries(connection, which, on) if entry.code == code]


def _entry(row: Row, on: date) -> Entry:
    last = row["after"] - timedelta(days=1) if row["after"] is not None else None
    state: Literal["live", "scheduled", "ended"] = "live"
    if row["first"] > on:
        state = "scheduled"
    elif last is not None and last < on:
        state = "ended"
    return Entry(row["code"], row["name"], row["data"], row["first"], last, row["source"], state, False)


def _of_release(base: Base, on: date) -> Entry:
    return Entry(base.code, base.name, base.data, _FIRST, None, base.source, "live", True)


def lots_of(connection: Connection, town_code: str, begins: str, on: date) -> list[str]:
    """Lots registered in a town that begin so, in the order of their numbers (STD 1.3.2)."""
    rows = connection.execute(
        "SELECT name FROM register.code_entry WHERE list = 'lot' AND code LIKE %s AND valid @> %s::date"
        " AND (%s = '=' OR starts_with(name, %s)) ORDER BY code LIMIT 20",
        (town_code + "-%", on, begins, begins),
    )
    return [row["name"] for row in rows]


def rooms_of(connection: Connection, building: str, on: date) -> list[str]:
    """The rooms registered of a building by its code, in the order of their numbers (STD 1.3.2)."""
    rows = connection.execute(
        "SELECT name FROM register.code_entry WHERE list = 'room' AND code LIKE %s AND valid @> %s::date"
        " ORDER BY code LIMIT 500",
        (building + "-%", on),
    )
    return [row["name"] for row in rows]


def lacks_lot(connection: Connection, town_code: str, lot: str, on: date) -> bool:
    """Whether the city keeps a list of the lots of a town, and this one is not on it (STD 1.3.2)."""
    row = connection.execute(
        "SELECT count(*) AS listed, count(*) FILTER (WHERE name = %s) AS found FROM register.code_entry"
        " WHERE list = 'lot' AND code LIKE %s AND valid @> %s::date",
        (lot, town_code + "-%", on),
    ).fetchone()
    return row is not None and row["listed"] > 0 and row["found"] == 0


def drafts(connection: Connection, which: str | None = None) -> list[Draft]:
    """What waits for approval, of one list or of all, oldest first."""
    rows = connection.execute(
        "SELECT * FROM register.code_change WHERE status = 'draft' AND (%(list)s::text IS NULL OR list = %(list)s)"
        " ORDER BY entered_at, change_id",
        {"list": which},
    )
    return [Draft(**{name: row[name] for name in Draft.__dataclass_fields__}) for row in rows]


def waiting_drafts(connection: Connection) -> int:
    """How many changes of lists wait for approval."""
    return len(drafts(connection))


def tables_on(connection: Connection, on: date) -> dict[str, list[dict[str, str]]]:
    """The rows of every table that the city has changed, as they hold on a day; eras stand with those to come."""
    changed = {row["list"] for row in connection.execute("SELECT DISTINCT list FROM register.code_entry").fetchall()}
    found: dict[str, list[dict[str, str]]] = {}
    for which in LISTS.values():
        if which.key in changed and which.row is not None:
            chosen = {
                entry.code: which.row(entry.code, entry.name, entry.data)
                for entry in entries(connection, which, on)
                if entry.state == "live" or which.key in _KNOWN_AHEAD
            }
            found[which.table] = sorted(chosen.values(), key=lambda row: row.get("first_day", ""))
    if "nationality" in changed:
        found["nationality_extra.csv"] = []
    return found


_KNOWN_AHEAD = ("city_day", "era")
"""Lists whose entries say themselves for which days they are."""


@contextmanager
def _refusals() -> Iterator[None]:
    """What the database refuses about lists, in words."""
    try:
        yield
    except pg.ExclusionViolation:
        raise MasterOverlap("valid_from") from None
    except pg.CheckViolation as error:
        if error.diag.constraint_name == "code_in_use":
            raise MasterInUse(count="ほかの") from None
        if error.diag.constraint_name != "code_unknown":
            raise
        raise MasterMoved from None
    except pg.IntegrityConstraintViolation:
        raise MasterMoved from None
