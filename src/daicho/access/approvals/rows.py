"""Requests as rows: written once, read back and held against their own digest."""

from collections.abc import Sequence
from typing import LiteralString

from daicho.access.approvals.content import Request, Wanted, canonical_condition, read_condition
from daicho.access.approvals.errors import RequestAltered
from daicho.access.approvals.kinds import Kind
from daicho.access.approvals.rules import Decision, Ending, Facts, Presence, State
from daicho.access.errors import NotAvailable
from daicho.wire.environment import Connection, Row

SELECT: LiteralString = """
    SELECT r.*, d.is_approved, d.comment, d.decided_by, d.terminal_class, d.decided_at,
        p.witness, p.at AS present_at, e.how, e.why, e.rows AS done_rows, e.ended_by, e.at AS ended_at
    FROM approvals.request r
    LEFT JOIN approvals.decision d USING (approval_id)
    LEFT JOIN approvals.ending e USING (approval_id)
    LEFT JOIN LATERAL (
        SELECT q.witness, q.at FROM approvals.presence q WHERE q.approval_id = r.approval_id ORDER BY q.at DESC LIMIT 1
    ) p ON true
"""


def insert(connection: Connection, request: Request) -> None:
    """Write a request."""
    wanted = request.wanted
    connection.execute(
        "INSERT INTO approvals.request (approval_id, subject, kind, purpose, basis, items, condition, rows, tolerance,"
        " medium, destination, concerns, requested_by, terminal, requested_at, valid_until, digest)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            request.approval_id,
            wanted.subject,
            wanted.kind.value,
            wanted.purpose,
            wanted.basis,
            list(wanted.items),
            canonical_condition(wanted.condition),
            wanted.rows,
            wanted.tolerance,
            wanted.medium,
            wanted.destination,
            list(wanted.concerns),
            request.requested_by,
            request.terminal,
            request.requested_at,
            wanted.valid_until,
            request.digest,
        ),
    )


def lock(connection: Connection, approval_id: int) -> Facts:
    """One request, held until the end of the transaction: whoever decides, witnesses, ends comes one after the other.

    Raises NotAvailable, RequestAltered.
    """
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"approval:{approval_id}",))
    return one(connection, approval_id)


def one(connection: Connection, approval_id: int) -> Facts:
    """One request as it stands. Raises NotAvailable, RequestAltered."""
    row = connection.execute(SELECT + " WHERE r.approval_id = %s::bigint", (approval_id,)).fetchone()
    if row is None:
        raise NotAvailable
    return facts_of(row)


def all_of(rows: Sequence[Row]) -> list[Facts]:
    """Facts of rows that `SELECT` gave."""
    return [facts_of(row) for row in rows]


def facts_of(row: Row) -> Facts:
    """Facts of one row. Raises RequestAltered when it does not match its digest."""
    wanted = Wanted(
        subject=row["subject"],
        kind=Kind(row["kind"]),
        purpose=row["purpose"],
        basis=row["basis"],
        items=tuple(row["items"]),
        condition=read_condition(row["condition"]),
        rows=row["rows"],
        destination=row["destination"],
        valid_until=row["valid_until"],
        tolerance=row["tolerance"],
        medium=row["medium"],
        concerns=tuple(row["concerns"]),
    )
    request = Request(row["approval_id"], wanted, row["requested_by"], row["terminal"], row["requested_at"])
    if request.digest != bytes(row["digest"]):
        raise RequestAltered
    decision = presence = ending = None
    if row["is_approved"] is not None:
        decision = Decision(
            row["is_approved"], row["decided_by"], row["terminal_class"], row["decided_at"], row["comment"]
        )
    if row["witness"] is not None:
        presence = Presence(row["witness"], row["present_at"])
    if row["how"] is not None:
        ending = Ending(State(row["how"]), row["ended_at"], row["ended_by"], row["why"], row["done_rows"])
    return Facts(request, decision, presence, ending)
