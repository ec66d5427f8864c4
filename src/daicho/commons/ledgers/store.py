"""Ledgers in the database of the platform: entering, adding beside, searching, reminding. Every act leaves its line in the trail."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide, holds
from daicho.access.errors import NotAvailable
from daicho.commons.ledgers.due import Reminder, Standing, due_on, fiscal_year, longest_extension, reminders
from daicho.commons.ledgers.errors import EntryClosed, EntryUnreadable, NotLonger
from daicho.commons.ledgers.kinds import KINDS, Kind
from daicho.commons.ledgers.values import Values, read_changes, read_day, read_values
from daicho.law.eras import era_of
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row

KEY = "ledger"
PAGE = 100
LONGEST_REASON = 400
_NONCE = 12
_REMEMBERED = timedelta(days=3 * 366)
"""How far back entries are read for reminders of intervals: longer than any of them."""


@dataclass(frozen=True, slots=True)
class Addition:
    """What stands beside an entry."""

    what: str
    values: Values
    days: int
    reason: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was written, how it stands now, and what stands beside it."""

    kind: Kind
    standing: Standing
    first: Values
    due_on: date | None
    entered_by: str
    terminal: str
    entered_at: datetime
    additions: tuple[Addition, ...] = ()


def kind_of(code: str) -> Kind:
    """The kind of a code. Raises NotAvailable."""
    found = KINDS.get(code)
    if found is None:
        raise NotAvailable
    return found


def enter(env: Environment, actor: Actor, kind: Kind, on_day: str, typed: Values) -> int:
    """Write an entry; returns its id. Raises NotAllowed, EntryUnreadable."""
    today = env.clock.today()
    decide(actor, kind.write, on=today)
    day = read_day(on_day, today, word=kind.day, name="on_day")
    with env.database.transaction() as connection:
        values = read_values(kind, typed, today, officers_in_force(connection, today))
        year = fiscal_year(day)[0].year
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"ledger:{kind.code}:{year}",))
        row = connection.execute(
            "SELECT coalesce(max(serial_no), 0) + 1 AS next FROM ledger.entry WHERE kind = %s AND fiscal_year = %s",
            (kind.code, year),
        ).fetchone()
        [entry_id] = env.ids.take(connection, 1)
        content, sealed, version = _packed(env, kind, entry_id, values)
        connection.execute(
            "INSERT INTO ledger.entry (entry_id, kind, fiscal_year, serial_no, on_day, content, sealed, key_version,"
            " entered_by, terminal, entered_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                entry_id,
                kind.code,
                year,
                row["next"] if row else 1,
                day,
                content,
                sealed,
                version,
                actor.officer_id,
                actor.terminal_id,
                env.clock.now(),
            ),
        )
        _note(connection, env, actor, Act.LEDGER_ENTERED, kind, entry_id)
    return entry_id


def correct(env: Environment, actor: Actor, entry_id: int, typed: Values, reason: str) -> None:
    """Put fields right beside the entry; what was written stays readable. Raises NotAllowed, NotAvailable, EntryUnreadable."""
    with env.database.transaction() as connection:
        entry = _held(connection, env, actor, entry_id)
        today = env.clock.today()
        known = set(officers_in_force(connection, today)) | set(entry.standing.values.values())
        changes = read_changes(entry.kind, typed, entry.standing.values, today, known)
        if not changes:
            raise EntryUnreadable("", item="訂正する項目", hint="変わった項目がありません。")
        _add(connection, env, actor, entry, "correction", reason, changes)


def note(env: Environment, actor: Actor, entry_id: int, text: str) -> None:
    """Write a note beside the entry: what was done, what was answered. Raises NotAllowed, NotAvailable, EntryUnreadable."""
    with env.database.transaction() as connection:
        _add(connection, env, actor, _held(connection, env, actor, entry_id), "note", text)


def extend(env: Environment, actor: Actor, entry_id: int, days: int, reason: str) -> None:
    """Put the due day off, as far as the rule allows. Raises NotAllowed, NotAvailable, EntryClosed, NotLonger, EntryUnreadable."""
    with env.database.transaction() as connection:
        entry = _held(connection, env, actor, entry_id)
        if entry.standing.is_closed:
            raise EntryClosed
        if not 0 < days <= longest_extension(entry.kind, entry.standing):
            raise NotLonger
        _add(connection, env, actor, entry, "extension", reason, days=days)


def close(env: Environment, actor: Actor, entry_id: int, reason: str) -> None:
    """Say that it is done: answered, returned, ended. Raises NotAllowed, NotAvailable, EntryClosed, EntryUnreadable."""
    with env.database.transaction() as connection:
        entry = _held(connection, env, actor, entry_id)
        if entry.standing.is_closed or not entry.kind.closes:
            raise EntryClosed
        _add(connection, env, actor, entry, "closing", reason)


def opened(env: Environment, actor: Actor, entry_id: int) -> Entry:
    """One entry with what stands beside it; private fields for those who may write this ledger, with a line in the trail.

    Raises NotAllowed, NotAvailable.
    """
    decide(actor, Right.LEDGER_READ, on=env.clock.today())
    with env.database.transaction() as connection:
        entry = _one(connection, env, entry_id)
        if not any(field.private for field in entry.kind.fields):
            return entry
        if holds(actor, entry.kind.write, on=env.clock.today()):
            _note(connection, env, actor, Act.LEDGER_OPENED, entry.kind, entry_id)
            return entry
    return _without_private(entry)


def note_slip(env: Environment, actor: Actor, entry_id: int) -> Entry:
    """An entry whose slip is printed, without what is private, with a line in the trail. Raises NotAllowed, NotAvailable."""
    with env.database.transaction() as connection:
        entry = _one(connection, env, entry_id)
        decide(actor, entry.kind.write, on=env.clock.today())
        if not entry.kind.slip:
            raise NotAvailable
        _note(connection, env, actor, Act.LEDGER_PRINTED, entry.kind, entry_id)
    return _without_private(entry)


def listed(
    env: Environment, actor: Actor, kind: Kind, *, text: str = "", first: date | None = None, last: date | None = None,
    before: int | None = None, most: int = PAGE,
) -> list[Entry]:  # fmt: skip
    """Entries of a ledger, the newest first, without what is private; narrowed by a text, by days. Raises NotAllowed."""
    decide(actor, Right.LEDGER_READ, on=env.clock.today())
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT e.* FROM ledger.entry e WHERE e.kind = %(kind)s"
            " AND (%(first)s::date IS NULL OR e.on_day >= %(first)s) AND (%(last)s::date IS NULL OR e.on_day <= %(last)s)"
            " AND (%(before)s::bigint IS NULL OR e.entry_id < %(before)s)"
            " AND (%(text)s = '' OR position(lower(%(text)s) IN lower(e.content)) > 0 OR EXISTS (SELECT FROM ledger.addition a"
            "  WHERE a.entry_id = e.entry_id AND position(lower(%(text)s) IN lower(a.content || a.reason)) > 0))"
            " ORDER BY e.entry_id DESC LIMIT %(most)s",
            {"kind": kind.code, "first": first, "last": last, "before": before, "text": text.strip(), "most": most},
        ).fetchall()
        return [_without_private(entry) for entry in _entries(connection, env, rows, opens=False)]


def note_file(env: Environment, actor: Actor, kind: Kind, lines: int) -> None:
    """The line in the trail of a file that was handed out."""
    with env.database.transaction() as connection:
        record_act(connection, env, actor, Act.LEDGER_EXPORTED, detail={"ledger": kind.code, "lines": lines})


def all_reminders(connection: Connection, env: Environment, actor: Actor) -> list[Reminder]:
    """What this officer is reminded of: ledgers that they write; of each officer's duties, managers everybody's, others their own."""
    today = env.clock.today()
    kinds = [kind for kind in KINDS.values() if holds(actor, kind.write, on=today)]
    officers = officers_in_force(connection, today)
    manages = holds(actor, Right.LEDGER_MANAGE, on=today)
    since = _first_day(connection, today)
    standing: dict[str, list[Standing]] = {kind.code: [] for kind in kinds}
    for entry in _for_reminders(connection, env, kinds, today):
        standing[entry.kind.code].append(entry.standing)
    found: list[Reminder] = []
    for kind in kinds:
        lines = reminders(kind, standing[kind.code], today, officers, since)
        found += [one for one in lines if manages or not one.officer or one.officer == actor.officer_id]
    return sorted(found, key=lambda one: (one.due_on, one.kind.word, one.about))


def officers_in_force(connection: Connection, today: date) -> dict[str, date]:
    """User IDs in force on a day, with their first day."""
    rows = connection.execute(
        "SELECT officer_id, valid_from FROM signon.officer WHERE active AND valid_from <= %(today)s"
        " AND (valid_to IS NULL OR valid_to >= %(today)s) ORDER BY officer_id",
        {"today": today},
    ).fetchall()
    return {row["officer_id"]: row["valid_from"] for row in rows}


def number_word(fiscal: int, serial: int) -> str:
    """The number of an entry as people say it, the number of a reception slip: R8-0012."""
    era = era_of(date(fiscal, 12, 31))
    year = f"{era.letter}{fiscal - era.first_year + 1}" if era else str(fiscal)
    return f"{year}-{serial:04d}"


def _first_day(connection: Connection, today: date) -> date:
    row = connection.execute("SELECT min(on_day) AS day FROM ledger.entry").fetchone()
    return row["day"] if row and row["day"] else today


def _for_reminders(connection: Connection, env: Environment, kinds: Sequence[Kind], today: date) -> list[Entry]:
    """Open entries where entries are closed, those of the fiscal year where each officer has one, else of the last years."""
    rows = connection.execute(
        "SELECT e.* FROM ledger.entry e WHERE e.kind = ANY (%(closing)s) AND NOT EXISTS ("
        "  SELECT FROM ledger.addition a WHERE a.entry_id = e.entry_id AND a.what = 'closing')"
        " OR e.kind = ANY (%(officer)s) AND e.on_day >= %(year)s OR e.kind = ANY (%(interval)s) AND e.on_day >= %(since)s"
        " ORDER BY e.on_day, e.entry_id",
        {
            "closing": [kind.code for kind in kinds if kind.closes],
            "officer": [kind.code for kind in kinds if kind.due.rule == "officer"],
            "interval": [kind.code for kind in kinds if kind.due.rule == "interval"],
            "year": fiscal_year(today)[0],
            "since": today - _REMEMBERED,
        },
    ).fetchall()
    return _entries(connection, env, rows, opens=False)


def _held(connection: Connection, env: Environment, actor: Actor, entry_id: int) -> Entry:
    """An entry to which something is added, one after the other. Raises NotAllowed, NotAvailable."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"ledger:{entry_id}",))
    entry = _one(connection, env, entry_id)
    decide(actor, entry.kind.write, on=env.clock.today())
    return entry


def _one(connection: Connection, env: Environment, entry_id: int) -> Entry:
    rows = connection.execute("SELECT * FROM ledger.entry WHERE entry_id = %s::bigint", (entry_id,)).fetchall()
    if not rows:
        raise NotAvailable
    return _entries(connection, env, rows, opens=True)[0]


def _entries(connection: Connection, env: Environment, rows: Sequence[Row], *, opens: bool) -> list[Entry]:
    """Rows with what stands beside them; `opens`: private fields in clear, else left out."""
    beside: dict[int, list[Row]] = {row["entry_id"]: [] for row in rows}
    for row in connection.execute(
        "SELECT * FROM ledger.addition WHERE entry_id = ANY (%s) ORDER BY addition_id", (list(beside),)
    ):
        beside[row["entry_id"]].append(row)
    return [_entry(env, row, beside[row["entry_id"]], opens=opens) for row in rows]


def _entry(env: Environment, row: Row, beside: Iterable[Row], *, opens: bool) -> Entry:
    kind = kind_of(row["kind"])
    first = _unpacked(env, row, opens=opens)
    additions = tuple(
        Addition(
            one["what"],
            _unpacked(env, one, opens=opens),
            one["days"],
            one["reason"],
            one["added_by"],
            one["added_at"],
        )
        for one in beside
    )
    values = dict(first)
    for one in additions:
        values |= one.values
    standing = Standing(
        entry_id=row["entry_id"],
        number=number_word(row["fiscal_year"], row["serial_no"]),
        on_day=row["on_day"],
        values=values,
        extended=sum(one.days for one in additions),
        is_closed=any(one.what == "closing" for one in additions),
    )
    return Entry(
        kind,
        standing,
        first,
        due_on(kind, standing),
        row["entered_by"],
        row["terminal"],
        row["entered_at"],
        additions,
    )


def _without_private(entry: Entry) -> Entry:
    hidden = {field.name for field in entry.kind.fields if field.private}

    def open_part(values: Values) -> dict[str, str]:
        return {name: value for name, value in values.items() if name not in hidden}

    return replace(
        entry,
        standing=replace(entry.standing, values=open_part(entry.standing.values)),
        first=open_part(entry.first),
        additions=tuple(replace(one, values=open_part(one.values)) for one in entry.additions),
    )


def _add(
    connection: Connection,
    env: Environment,
    actor: Actor,
    entry: Entry,
    what: str,
    reason: str,
    changes: Values | None = None,
    days: int = 0,
) -> None:
    if not reason.strip():
        raise EntryUnreadable("reason", item="理由・内容", hint="入力してください。")
    [addition_id] = env.ids.take(connection, 1)
    content, sealed, version = _packed(env, entry.kind, addition_id, changes or {})
    connection.execute(
        "INSERT INTO ledger.addition (addition_id, entry_id, what, content, sealed, key_version, days, reason, added_by,"
        " terminal, added_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            addition_id,
            entry.standing.entry_id,
            what,
            content,
            sealed,
            version,
            days,
            reason.strip()[:LONGEST_REASON],
            actor.officer_id,
            actor.terminal_id,
            env.clock.now(),
        ),
    )
    _note(connection, env, actor, Act.LEDGER_ADDED, entry.kind, entry.standing.entry_id, {"what": what})


def _packed(env: Environment, kind: Kind, row_id: int, values: Values) -> tuple[str, bytes | None, int | None]:
    """Open fields as JSON, private ones encrypted and bound to their row."""
    hidden = {field.name for field in kind.fields if field.private}
    private = {name: value for name, value in values.items() if name in hidden and value}
    content = _json({name: value for name, value in values.items() if name not in hidden})
    if not private:
        return content, None, None
    version = env.keys.newest(KEY)
    nonce = env.random.token(_NONCE)
    box = AESGCM(env.keys.key(KEY, version)).encrypt(nonce, _json(private).encode(), _bound(row_id))
    return content, nonce + box, version


def _unpacked(env: Environment, row: Row, *, opens: bool) -> dict[str, str]:
    values: dict[str, str] = json.loads(row["content"])
    if opens and row["sealed"] is not None:
        sealed = bytes(row["sealed"])
        row_id = row["addition_id"] if "addition_id" in row else row["entry_id"]
        box = AESGCM(env.keys.key(KEY, row["key_version"]))
        values |= json.loads(box.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(row_id)))
    return values


def _bound(row_id: int) -> bytes:
    return f"ledger:{row_id}".encode("ascii")


def _json(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _note(
    connection: Connection,
    env: Environment,
    actor: Actor,
    act: Act,
    kind: Kind,
    entry_id: int,
    detail: Mapping[str, str] | None = None,
) -> None:
    record_act(connection, env, actor, act, detail={"ledger": kind.code, "entry": entry_id, **(detail or {})})
