"""Reading and writing case files. Every write raises the version by one and leaves its line of history.

The caller holds a transaction; `lock` takes the row lock under which everything about one case happens.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from daicho.access.actor import Actor
from daicho.law.eras import eras
from daicho.law.reasons import Basis, Reason
from daicho.register.desk import guard
from daicho.register.desk.errors import CaseGone, PersonClaimed, StalePage
from daicho.register.desk.model import Case, Event, Status
from daicho.register.desk.sealed import open_numbers, seal_numbers
from daicho.wire.environment import Connection, Environment, Row

_JSON = frozenset({"reception", "typed", "typed_on", "ids", "decisions", "acknowledged", "fingerprint", "notification"})


def case_number(on: date, serial: int) -> str:
    """R8-1124-0037: era year, month and day, and a serial of the day."""
    era = next(era for era in reversed(eras()) if era.covers(on))
    return f"{era.letter}{on.year - era.first_year + 1}-{on:%m%d}-{serial:04d}"


def next_case_number(connection: Connection, on: date) -> str:
    """The next number of a day; numbers of rolled-back transactions are used again."""
    row = connection.execute(
        "INSERT INTO register.case_day AS d (on_day, last_serial) VALUES (%s, 1)"
        " ON CONFLICT (on_day) DO UPDATE SET last_serial = d.last_serial + 1 RETURNING last_serial",
        (on,),
    ).fetchone()
    assert row is not None  # noqa: S101 - an upsert always returns its row
    return case_number(on, row["last_serial"])


def _case(env: Environment, row: Row) -> Case:
    fingerprint = row["fingerprint"]
    return Case(
        case_id=row["case_id"],
        case_number=row["case_number"],
        reason=Reason(row["reason"]),
        basis=Basis(row["basis"]),
        status=row["status"],
        counter_ticket=row["counter_ticket"],
        office=row["office"],
        terminal=row["terminal"],
        entrant=row["entrant"],
        entered_by=tuple(row["entered_by"]),
        holder=row["holder"],
        held_since=row["held_since"],
        reviewer=row["reviewer"],
        decider=row["decider"],
        reception=row["reception"],
        typed=open_numbers(env.keys, row["case_id"], row["typed"]),
        typed_on=row["typed_on"],
        ids=row["ids"],
        focus=row["focus"],
        page=row["page"],
        decisions=row["decisions"],
        acknowledged=row["acknowledged"],
        fingerprint=None if fingerprint is None else tuple((person, state) for person, state in fingerprint),
        notification=row["notification"],
        parked_from=row["parked_from"],
        park_reason=row["park_reason"],
        round=row["round"],
        version=row["version"],
        received_at=row["received_at"],
        updated_at=row["updated_at"],
        sent_at=row["sent_at"],
        ended_at=row["ended_at"],
        change_id=row["change_id"],
    )


def find(connection: Connection, env: Environment, number: str) -> Case:
    """The case with this number. Raises CaseGone."""
    row = connection.execute("SELECT * FROM register.case_file WHERE case_number = %s", (number,)).fetchone()
    if row is None:
        raise CaseGone
    return _case(env, row)


def find_by_token(connection: Connection, env: Environment, token: str) -> Case | None:
    """The case that an earlier sending of the same form has made, if any."""
    row = connection.execute("SELECT * FROM register.case_file WHERE request_token = %s", (token,)).fetchone()
    return None if row is None else _case(env, row)


def lock(
    connection: Connection, env: Environment, number: str, version: int | None = None, page: str | None = None
) -> Case:
    """The case under a row lock.

    Raises CaseGone, and StalePage when `version` is given and no longer stands, unless the newer version was saved by
    the same page (`page` names one opened page): an autosave on its way never makes its own page stale.
    """
    row = connection.execute("SELECT * FROM register.case_file WHERE case_number = %s FOR UPDATE", (number,)).fetchone()
    if row is None:
        raise CaseGone
    same_page = page is not None and row["page"] == page
    if version is not None and row["version"] != version and not same_page:
        raise StalePage
    return _case(env, row)


def insert(
    connection: Connection,
    env: Environment,
    actor: Actor,
    *,
    token: str,
    reason: Reason,
    basis: Basis,
    counter_ticket: str | None,
    reception: Mapping[str, str],
    typed: Mapping[str, str],
) -> Case:
    """Open a case as received, with its first line of history."""
    [case_id] = env.ids.take(connection, 1)
    number, now = next_case_number(connection, env.clock.today()), env.clock.now()
    connection.execute(
        "INSERT INTO register.case_file (case_id, case_number, request_token, reason, basis, status, counter_ticket,"
        " office, terminal, entrant, entered_by, holder, holder_terminal, held_since, reception, typed, typed_on, ids, decisions,"
        " acknowledged, round, version, received_at, updated_at)"
        " VALUES (%s, %s, %s, %s, %s, 'received', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '{}', '{}', '{}', 0, 1,"
        " %s, %s)",
        (
            case_id,
            number,
            token,
            reason.value,
            basis.value,
            counter_ticket,
            actor.office,
            actor.terminal_id,
            actor.officer_id,
            [actor.officer_id],
            actor.officer_id,
            actor.terminal_id,
            now,
            Jsonb(dict(reception)),
            Jsonb(seal_numbers(env, case_id, typed)),
            Jsonb(dict.fromkeys(typed, env.clock.today().isoformat())),
            now,
            now,
        ),
    )
    case = find(connection, env, number)
    _write_event(connection, env, actor, case_id, 1, "receive", ("new", "received"), ())
    return case


def update(
    connection: Connection,
    env: Environment,
    actor: Actor,
    case: Case,
    act: str,
    comments: Iterable[tuple[str, str]] = (),
    **changes: Any,
) -> Case:
    """Change some columns of a locked case and write the line of history; returns the case as it now stands.

    Raises CaseGone where a hidden person is concerned (`guard`).
    """
    guard.require_case(connection, env, actor, case)
    columns: dict[str, Any] = {"updated_at": env.clock.now(), "version": case.version + 1, **changes}
    if "typed" in columns:
        columns["typed"] = seal_numbers(env, case.case_id, columns["typed"])
    values = [Jsonb(value) if name in _JSON and value is not None else value for name, value in columns.items()]
    query = sql.SQL("UPDATE register.case_file SET {} WHERE case_id = %s RETURNING *").format(
        sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in columns)
    )
    if act:
        # Before the row itself: once the register has been written, constraints are checked at each statement.
        status = columns.get("status", case.status)
        _write_event(connection, env, actor, case.case_id, columns["version"], act, (case.status, status), comments)
    row = connection.execute(query, (*values, case.case_id)).fetchone()
    if row is None:
        raise CaseGone
    return _case(env, row)


def _write_event(
    connection: Connection,
    env: Environment,
    actor: Actor,
    case_id: int,
    version: int,
    act: str,
    statuses: tuple[str, str],
    comments: Iterable[tuple[str, str]],
) -> None:
    connection.execute(
        "INSERT INTO register.case_event (case_id, version, act, from_status, to_status, officer, terminal, at,"
        " comments) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            case_id,
            version,
            act,
            *statuses,
            actor.officer_id,
            actor.terminal_id,
            env.clock.now(),
            Jsonb([list(pair) for pair in comments]),
        ),
    )


def events(connection: Connection, case_id: int) -> list[Event]:
    """The history of a case, oldest first."""
    rows = connection.execute(
        "SELECT act, from_status, to_status, officer, at, comments FROM register.case_event"
        " WHERE case_id = %s ORDER BY version",
        (case_id,),
    ).fetchall()
    return [
        Event(
            act=row["act"],
            from_status=row["from_status"],
            to_status=row["to_status"],
            officer=row["officer"],
            at=row["at"],
            comments=tuple((field, text) for field, text in row["comments"]),
        )
        for row in rows
    ]


_CLAIM: LiteralString = """
    INSERT INTO register.case_person (case_id, person_id, open) VALUES (%s, %s, true)
    ON CONFLICT (case_id, person_id) DO UPDATE SET open = true
"""


def claim(connection: Connection, case: Case, person_ids: Iterable[int]) -> None:
    """Claim these registered persons for the case and let go of the others. Raises PersonClaimed."""
    wanted = sorted(set(person_ids))
    connection.execute(
        "UPDATE register.case_person SET open = false WHERE case_id = %s AND open AND NOT (person_id = ANY (%s))",
        (case.case_id, wanted),
    )
    try:
        with connection.transaction():
            for person_id in wanted:
                connection.execute(_CLAIM, (case.case_id, person_id))
    except psycopg.errors.UniqueViolation as error:
        raise PersonClaimed(case_number=_holder_of(connection, case.case_id, wanted)) from error


def _holder_of(connection: Connection, case_id: int, person_ids: list[int]) -> str:
    row = connection.execute(
        "SELECT c.case_number FROM register.case_person p JOIN register.case_file c USING (case_id)"
        " WHERE p.open AND p.person_id = ANY (%s) AND p.case_id <> %s ORDER BY c.case_number LIMIT 1",
        (person_ids, case_id),
    ).fetchone()
    return "" if row is None else row["case_number"]


def open_case_of(connection: Connection, person_ids: Iterable[int]) -> dict[int, str]:
    """Person id → number of the open case that holds the person (仮登録中), for the screens of others."""
    rows = connection.execute(
        "SELECT p.person_id, c.case_number FROM register.case_person p JOIN register.case_file c USING (case_id)"
        " WHERE p.open AND p.person_id = ANY (%s)",
        (list(person_ids),),
    ).fetchall()
    return {row["person_id"]: row["case_number"] for row in rows}


__all__ = [
    "Status",
    "case_number",
    "claim",
    "events",
    "find",
    "find_by_token",
    "insert",
    "lock",
    "open_case_of",
    "update",
]
