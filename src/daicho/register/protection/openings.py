"""Opening what a shield hides (S21), or issuing a paper in spite of it: purpose, reason, second person, time limit.

An opening reverts by the clock of the query (Imari 2008: a warning lifted for one paper was not put back). The second
person writes a reason and confirms each name (Inuyama 2018: "ok" was said for somebody else).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import errors as pg

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide as decide_right
from daicho.access.errors import NotAvailable
from daicho.register.store.faces import Face, faces
from daicho.register.store.protection_errors import AlreadyDecided, ItemMissing, NamesDiffer, OwnRequest
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment, Row

KINDS = {"look": "記録を見る", "issue": "証明書を交付する"}
LONGEST = 60
USUAL = 15
VALID_FOR = timedelta(hours=8)
"""A request that nobody has decided by then is no more."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A request with the persons it names; `until_at` once decided."""

    opening_id: int
    kind: str
    people: tuple[tuple[int, Face], ...]
    purpose: Purpose
    reason: str
    minutes: int
    requested_by: str
    requested_at: datetime
    outcome: str | None
    until_at: datetime | None


def ask(
    env: Environment,
    actor: Actor,
    kind: str,
    person_ids: Iterable[int],
    purpose: Purpose,
    reason: str,
    minutes: int = USUAL,
) -> int:
    """Ask to see hidden records, or to issue for them. Raises NotAllowed, PurposeMissing, ItemMissing, NotAvailable."""
    decide_right(actor, Right.PROTECTION_OPEN, on=env.clock.today(), purpose=purpose)
    people = sorted(set(person_ids))
    if kind not in KINDS:
        raise ItemMissing(field="kind", item="閲覧か交付か")
    if kind == "issue":
        decide_right(actor, Right.CERTIFICATE_ISSUE, on=env.clock.today(), purpose=Purpose.CERTIFICATE_ISSUE)
    if not reason.strip():
        raise ItemMissing(field="reason", item="理由")
    if not 1 <= minutes <= LONGEST:
        raise ItemMissing(field="minutes", item="分数(1～60)")
    with env.database.transaction() as connection:
        if not people or faces(connection, env, people).keys() != set(people):
            raise NotAvailable
        [opening_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO register.opening (opening_id, kind, person_ids, purpose, reason, minutes, requested_by, terminal,"
            " requested_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                opening_id,
                kind,
                people,
                purpose.value,
                reason.strip()[:200],
                minutes,
                actor.officer_id,
                actor.terminal_id,
                env.clock.now(),
            ),
        )
        _note(connection, env, actor, Act.OPENING_ASKED, people, opening_id, purpose)
    return opening_id


def decide(
    env: Environment, actor: Actor, opening_id: int, *, approve: bool, reason: str, confirmed: Iterable[int] = ()
) -> None:
    """Decide by another officer, who writes why and confirms every person named.

    Raises NotAllowed, NotAvailable, OwnRequest, ItemMissing, NamesDiffer, AlreadyDecided.
    """
    decide_right(actor, Right.PROTECTION_APPROVE, on=env.clock.today())
    if not reason.strip():
        raise ItemMissing(field="reason", item="承認・却下の理由")
    now = env.clock.now()
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT * FROM register.opening WHERE opening_id = %s AND requested_at > %s",
            (opening_id, now - VALID_FOR),
        ).fetchone()
        if row is None:
            raise NotAvailable
        if row["requested_by"] == actor.officer_id:
            raise OwnRequest
        if approve and set(confirmed) != set(row["person_ids"]):
            raise NamesDiffer
        until = now + timedelta(minutes=row["minutes"] if approve else 0)
        try:
            connection.execute(
                "INSERT INTO register.opening_decision (opening_id, outcome, reason, decided_by, terminal, decided_at,"
                " until_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                (
                    opening_id,
                    "approved" if approve else "refused",
                    reason.strip()[:200],
                    actor.officer_id,
                    actor.terminal_id,
                    now,
                    until,
                ),
            )
        except pg.UniqueViolation:
            raise AlreadyDecided from None
        _note(
            connection,
            env,
            actor,
            Act.OPENING_DECIDED,
            row["person_ids"],
            opening_id,
            Purpose(row["purpose"]),
            refused=not approve,
        )


_WITH_DECISION = (
    "SELECT o.*, d.outcome, d.until_at FROM register.opening o LEFT JOIN register.opening_decision d USING (opening_id)"
)


def waiting(env: Environment, actor: Actor) -> tuple[Opening, ...]:
    """What waits for a second person, oldest first; never one's own. Raises NotAllowed; the names are on record."""
    decide_right(actor, Right.PROTECTION_APPROVE, on=env.clock.today())
    return _list(
        env,
        actor,
        " WHERE d.outcome IS NULL AND o.requested_by <> %s AND o.requested_at > %s ORDER BY o.requested_at",
    )


def mine(env: Environment, actor: Actor) -> tuple[Opening, ...]:
    """What this officer has asked for in the last hours, newest first. Raises NotAllowed."""
    decide_right(actor, Right.PROTECTION_OPEN, on=env.clock.today(), purpose=Purpose.RESIDENT_INQUIRY)
    return _list(env, actor, " WHERE o.requested_by = %s AND o.requested_at > %s ORDER BY o.requested_at DESC")


def _list(env: Environment, actor: Actor, condition: str) -> tuple[Opening, ...]:
    with env.database.transaction() as connection:
        rows = connection.execute(
            (_WITH_DECISION + condition + " LIMIT 50").encode(), (actor.officer_id, env.clock.now() - VALID_FOR)
        ).fetchall()
        people = sorted({person for row in rows for person in row["person_ids"]})
        known = faces(connection, env, people)
        if people:
            record_act(connection, env, actor, Act.PROTECTION_LISTED, subjects=people, detail={"lines": len(rows)})
    return tuple(_opening(row, known) for row in rows)


def _opening(row: Row, known: dict[int, Face]) -> Opening:
    return Opening(
        opening_id=row["opening_id"],
        kind=row["kind"],
        people=tuple((person, known[person]) for person in row["person_ids"]),
        purpose=Purpose(row["purpose"]),
        reason=row["reason"],
        minutes=row["minutes"],
        requested_by=row["requested_by"],
        requested_at=row["requested_at"],
        outcome=row["outcome"],
        until_at=row["until_at"],
    )


def _note(
    connection: Connection,
    env: Environment,
    actor: Actor,
    act: Act,
    people: Sequence[int],
    opening_id: int,
    purpose: Purpose,
    *,
    refused: bool = False,
) -> None:
    detail: dict[str, str | int | bool] = {"opening": opening_id}
    record_act(connection, env, actor, act, purpose=purpose, subjects=people, refused=refused, detail=detail)
