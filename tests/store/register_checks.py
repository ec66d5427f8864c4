"""Everything that must hold in a register after any change, read from the database by itself."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.timeline import StateRow
from daicho.register.store import derived, history
from daicho.register.store.rows import state_row_of
from daicho.wire.contracts.identity_changed import IdentityChanged
from daicho.wire.contracts.resident_changed import ResidentChanged
from daicho.wire.environment import Connection, Database

Picture = list[tuple[date, date | None, int, int, ResidentRecord]]
"""Ranges, history numbers, makers and records of one person as known at one instant."""
DERIVED = {
    "resident_current": "select * from register.resident_current",
    "search_name": "select * from register.search_name",
    "search_address": "select * from register.search_address",
}


def all_rows(connection: Connection) -> dict[int, list[StateRow]]:
    """Every row of every person."""
    found: dict[int, list[StateRow]] = {}
    for row in connection.execute("SELECT * FROM register.resident_state ORDER BY state_id"):
        found.setdefault(row["person_id"], []).append(state_row_of(row))
    return found


def picture(rows: Sequence[StateRow], instant: datetime | None) -> Picture:
    """What was known of a person at an instant (None: now), by the rules that the screens use."""
    return [
        (row.valid_from, row.valid_to, row.history_no, row.made_by, row.record)
        for row in history.known_then(rows, instant)
    ]


def check_axes(rows: dict[int, list[StateRow]]) -> None:
    """No empty range and no overlap; whoever has a record has one for every day from the first on, at each instant."""
    for found in rows.values():
        assert all(row.valid_to is None or row.valid_from < row.valid_to for row in found)
        assert all(row.known_to is None or row.known_from < row.known_to for row in found)
        for instant in {row.known_from for row in found}:
            known = history.known_then(found, instant)
            assert all(one.valid_to == two.valid_from for one, two in pairwise(known))
            assert known[-1].valid_to is None


def check_history_numbers(connection: Connection, rows: dict[int, list[StateRow]]) -> None:
    """Numbers rise with what becomes known, without gaps; a copy carried over keeps its number and maker."""
    changes = connection.execute("SELECT * FROM register.change_person").fetchall()
    first = {(row["person_id"], row["change_id"]): row["history_no"] for row in changes}
    last = connection.execute("SELECT person_id, last_history_no FROM register.person").fetchall()
    for person in last:
        own = [row for row in rows[person["person_id"]] if row.made_by == row.written_by]
        numbers = [row.history_no for row in sorted(own, key=lambda row: (row.known_from, row.valid_from))]
        assert numbers == list(range(1, person["last_history_no"] + 1))
        for row in rows[person["person_id"]]:
            assert first[row.person_id, row.made_by] <= row.history_no
        makers = {(row.history_no, row.made_by) for row in rows[person["person_id"]]}
        assert len(makers) == len(numbers)
    assert all(first[row.person_id, row.made_by] == row.history_no for row in _first_rows(rows))


def _first_rows(rows: dict[int, list[StateRow]]) -> list[StateRow]:
    """Per person and change the first row that the change made."""
    found: dict[tuple[int, int], StateRow] = {}
    for row in (row for people in rows.values() for row in people if row.made_by == row.written_by):
        kept = found.setdefault((row.person_id, row.made_by), row)
        if row.valid_from < kept.valid_from:
            found[row.person_id, row.made_by] = row
    return list(found.values())


def check_messages(connection: Connection) -> None:
    """One message for each person and change on each link, numbered without gaps for each person; a pair is told by its entry."""
    touched = connection.execute(
        "SELECT p.person_id, p.change_id FROM register.change_person p JOIN register.change c USING (change_id)"
        " WHERE c.paired_with IS NULL OR p.kind <> 'remove' ORDER BY p.person_id, p.change_id"
    ).fetchall()
    for link, contract in (("register-commons", ResidentChanged), ("register-connector", IdentityChanged)):
        sent = connection.execute(
            "SELECT * FROM wire.outbox WHERE link = %s ORDER BY person_id, sequence_no", (link,)
        ).fetchall()
        contents = [contract.model_validate(row["payload"]) for row in sent]
        told = sorted((row["person_id"], content.change_id) for row, content in zip(sent, contents, strict=True))
        assert told == [(row["person_id"], row["change_id"]) for row in touched]
        expected = 0
        before = None
        for row, content in zip(sent, contents, strict=True):
            expected = expected + 1 if row["person_id"] == before else 1
            before = row["person_id"]
            assert row["sequence_no"] == expected
            assert row["message_id"] == content.message_id


def check_trail(connection: Connection) -> None:
    """One act for each change, with a subject for each person it touched; a pair is one act."""
    changes = connection.execute(
        "SELECT array_agg(p.person_id ORDER BY p.person_id) AS people FROM register.change_person p"
        " JOIN register.change c USING (change_id) WHERE c.paired_with IS NULL OR p.kind <> 'remove'"
        " GROUP BY change_id ORDER BY change_id"
    ).fetchall()
    acts = connection.execute(
        "SELECT (SELECT array_agg(s.person_id ORDER BY s.person_id) FROM trail.subject s"
        "  WHERE s.entry_id = e.entry_id) AS people FROM trail.entry e WHERE e.act = 'change.register' ORDER BY entry_id"
    ).fetchall()
    assert [row["people"] for row in acts] == [row["people"] for row in changes]


def check_derived(database: Database, people: Sequence[int], today: date) -> None:
    """The derived rows of these people are what a rebuild of that day makes; the rebuild is taken back."""
    try:
        with database.transaction() as connection:
            kept = _derived(connection, people)
            keys = _deletions(connection)
            derived.rebuild(connection, today)
            assert _derived(connection, people) == kept
            assert _deletions(connection) <= keys
            raise _TakeBackError
    except _TakeBackError:
        pass


class _TakeBackError(Exception):
    """Ends a transaction without keeping anything."""


def _derived(connection: Connection, people: Sequence[int]) -> dict[str, list[list[Any]]]:
    return {
        name: sorted((list(row.values()) for row in connection.execute(
            f"{query} where person_id = any (%s::bigint[])".encode(), (list(people),)
        )), key=repr)
        for name, query in DERIVED.items()
    }  # fmt: skip


def _deletions(connection: Connection) -> set[tuple[str, str]]:
    rows = connection.execute("select deletion, key from register.kana_deletion")
    return {(row["deletion"], row["key"]) for row in rows}


def check_households(connection: Connection) -> None:
    """The database itself finds no household that breaks the rules on any day."""
    faults = connection.execute(
        "SELECT * FROM register.household_faults((SELECT array_agg(household_id) FROM register.household))"
    ).fetchall()
    assert faults == []
