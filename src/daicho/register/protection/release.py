"""Ending a measure: asked for by one, decided by another, looked at again under lock at that moment (ux.md 3.5, E4, E5).

A release names the version of the measure that was seen. Whatever happened since, an extension, a correction, a newer
application for one of the same persons, voids it: here, and again in triggers of the database. A list releases nothing by
itself; each line is such a request, read again one by one (Meguro 2025).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psycopg import errors as pg

from daicho.access.actor import Actor, Right
from daicho.access.decision import decide as decide_right
from daicho.access.errors import NotAvailable
from daicho.law.errors import DaichoError
from daicho.law.protection import Period
from daicho.register.protection.measures import end, held
from daicho.register.store.protection_errors import (
    AlreadyDecided,
    ItemMissing,
    NewerApplication,
    NotInThatState,
    OwnRequest,
    ProtectionChanged,
)
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment

REASONS = {
    "asked": "本人から終了の申出があった",
    "expired": "期間を過ぎ、延長の申出がない",
    "not_needed": "支援の必要がなくなった",
    "refused": "確認の結果、支援の必要がない",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A release that waits for its decision."""

    release_id: int
    protection_id: int
    reason: str
    comment: str
    requested_by: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line of a list; `error` None when it went through."""

    protection_id: int
    error: DaichoError | None


def ask_release(
    env: Environment,
    actor: Actor,
    protection_id: int,
    version: int,
    reason: str,
    comment: str,
    informed_on: date | None = None,
) -> int:
    """Ask for the end of a measure as it was seen; nothing ends by this. `informed_on`: the applicant was told (転送受付).

    Raises NotAllowed, ItemMissing, NotAvailable, ProtectionChanged, NewerApplication, NotInThatState.
    """
    decide_right(actor, Right.PROTECTION_RELEASE, on=env.clock.today())
    if reason not in REASONS:
        raise ItemMissing(field="reason", item="終了の理由")
    if not comment.strip():
        raise ItemMissing(field="comment", item="確かめた内容")
    if reason == "refused" and informed_on is None:
        raise ItemMissing(field="informed_on", item="申出者への連絡年月日")
    with env.database.transaction() as connection:
        now = held(connection, env, protection_id)
        if now.version != version:
            raise ProtectionChanged
        if now.status == "ended" or (reason == "expired" and not _has_expired(env, now.period)):
            raise NotInThatState
        _require_none_newer(connection, protection_id)
        [release_id] = env.ids.take(connection, 1)
        connection.execute(
            "INSERT INTO register.protection_release (release_id, protection_id, seen_version, reason, comment,"
            " informed_on, requested_by, terminal, requested_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                release_id,
                protection_id,
                version,
                reason,
                comment.strip()[:400],
                informed_on,
                actor.officer_id,
                actor.terminal_id,
                env.clock.now(),
            ),
        )
        _note(connection, env, actor, Act.PROTECTION_RELEASE_ASKED, now.people, release_id)
    return release_id


def _has_expired(env: Environment, period: Period | None) -> bool:
    return period is not None and period.ends_on < env.clock.today()


def _require_none_newer(connection: Connection, protection_id: int) -> None:
    row = connection.execute("SELECT register.newer_application(%s) AS newer", (protection_id,)).fetchone()
    if row is not None and row["newer"]:
        raise NewerApplication


def decide_release(env: Environment, actor: Actor, release_id: int, *, approve: bool, comment: str = "") -> None:
    """Decide a release, by another officer; approved, the measure ends in the same transaction.

    Raises NotAllowed, NotAvailable, OwnRequest, AlreadyDecided, ProtectionChanged, NewerApplication, NotInThatState.
    """
    decide_right(actor, Right.PROTECTION_APPROVE, on=env.clock.today())
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT * FROM register.protection_release WHERE release_id = %s", (release_id,)
        ).fetchone()
        if row is None:
            raise NotAvailable
        if row["requested_by"] == actor.officer_id:
            raise OwnRequest
        now = held(connection, env, row["protection_id"])
        if approve:
            if now.version != row["seen_version"]:
                raise ProtectionChanged
            _require_none_newer(connection, row["protection_id"])
        try:
            connection.execute(
                "INSERT INTO register.protection_release_decision (release_id, outcome, comment, decided_by, terminal,"
                " decided_at) VALUES (%s, %s, %s, %s, %s, %s)",
                (
                    release_id,
                    "approved" if approve else "refused",
                    comment.strip()[:400],
                    actor.officer_id,
                    actor.terminal_id,
                    env.clock.now(),
                ),
            )
        except pg.UniqueViolation:
            raise AlreadyDecided from None
        if approve:
            end(connection, env, actor, row["protection_id"], now, release_id)
        _note(connection, env, actor, Act.PROTECTION_RELEASE_DECIDED, now.people, release_id, refused=not approve)


def ask_many(
    env: Environment, actor: Actor, seen: Sequence[tuple[int, int]], reason: str, comment: str
) -> tuple[Outcome, ...]:
    """Ask for the end of several measures, (id, version as listed); each is read again by itself."""
    found = []
    for protection_id, version in seen:
        try:
            ask_release(env, actor, protection_id, version, reason, comment)
            found.append(Outcome(protection_id, None))
        except (ProtectionChanged, NewerApplication, NotInThatState, NotAvailable) as error:
            found.append(Outcome(protection_id, error))
    return tuple(found)


def asked_for(env: Environment, actor: Actor, protection_id: int) -> tuple[Asked, ...]:
    """The releases of a measure that wait for a decision. Raises NotAllowed."""
    decide_right(actor, Right.PROTECTION_READ, on=env.clock.today())
    with env.database.transaction() as connection:
        rows = connection.execute(
            "SELECT * FROM register.protection_release r WHERE protection_id = %s AND NOT EXISTS"
            " (SELECT FROM register.protection_release_decision d WHERE d.release_id = r.release_id)"
            " ORDER BY requested_at",
            (protection_id,),
        ).fetchall()
    return tuple(
        Asked(row["release_id"], row["protection_id"], REASONS[row["reason"]], row["comment"], row["requested_by"])
        for row in rows
    )


def _note(
    connection: Connection,
    env: Environment,
    actor: Actor,
    act: Act,
    people: Sequence[int],
    release_id: int,
    *,
    refused: bool = False,
) -> None:
    record_act(connection, env, actor, act, subjects=people, refused=refused, detail={"release": release_id})
