"""Lists of requests: what an officer can decide or witness, their own, and what is done."""

from collections.abc import Callable, Sequence
from typing import LiteralString

from daicho.access.actor import Actor, Right
from daicho.access.approvals import rows
from daicho.access.approvals.kinds import Kind
from daicho.access.approvals.rules import Facts
from daicho.access.decision import holds
from daicho.access.errors import NotAvailable
from daicho.wire.environment import Connection, Environment

PAGE = 50

_COUNT: LiteralString = """
    SELECT count(*) AS n FROM approvals.request r
    LEFT JOIN approvals.decision d USING (approval_id) LEFT JOIN approvals.ending e USING (approval_id)
"""
_WAITING: LiteralString = """
    WHERE d.approval_id IS NULL AND e.approval_id IS NULL AND r.valid_until > %(now)s AND r.kind = ANY (%(deciding)s)
        AND r.requested_by <> %(officer)s AND NOT %(officer)s = ANY (r.concerns)
    OR d.is_approved AND e.approval_id IS NULL AND r.valid_until > %(now)s AND r.kind = ANY (%(witnessing)s)
        AND %(officer)s NOT IN (r.requested_by, d.decided_by) AND NOT %(officer)s = ANY (r.concerns)
"""


def waiting(connection: Connection, env: Environment, actor: Actor) -> list[Facts]:
    """What this officer can decide, or be witness of, the soonest to expire first."""
    found = connection.execute(
        rows.SELECT + _WAITING + " ORDER BY r.valid_until, r.approval_id LIMIT %(page)s", _asked(env, actor)
    )
    return rows.all_of(found.fetchall())


def count_waiting(connection: Connection, env: Environment, actor: Actor) -> int:
    """How many there are of these."""
    row = connection.execute(_COUNT + _WAITING, _asked(env, actor)).fetchone()
    return 0 if row is None else int(row["n"])


def own(connection: Connection, actor: Actor, *, before: int | None = None) -> list[Facts]:
    """The requests of this officer, the newest first; `before` is the last number of the page before."""
    found = connection.execute(
        rows.SELECT + " WHERE r.requested_by = %s AND (%s::bigint IS NULL OR r.approval_id < %s)"
        " ORDER BY r.approval_id DESC LIMIT %s",
        (actor.officer_id, before, before, PAGE),
    )
    return rows.all_of(found.fetchall())


def done(connection: Connection, env: Environment, actor: Actor, *, before: int | None = None) -> list[Facts]:
    """Requests of kinds that this officer may ask for or approve and that are over, the newest first."""
    kinds = _kinds(env, actor, lambda kind: (kind.rule.ask, kind.rule.approve))
    found = connection.execute(
        rows.SELECT + " WHERE r.kind = ANY (%s) AND (e.approval_id IS NOT NULL OR d.is_approved = false"
        " OR r.valid_until <= %s) AND (%s::bigint IS NULL OR r.approval_id < %s)"
        " ORDER BY r.approval_id DESC LIMIT %s",
        (kinds, env.clock.now(), before, before, PAGE),
    )
    return rows.all_of(found.fetchall())


def opened(connection: Connection, env: Environment, actor: Actor, approval_id: int) -> Facts:
    """One request, for who asked for it or has a part in its kind. Raises NotAvailable for everybody else."""
    facts = rows.one(connection, approval_id)
    rule = facts.request.wanted.kind.rule
    parts = (rule.ask, rule.approve, *((rule.witness,) if rule.witness else ()))
    if facts.request.requested_by != actor.officer_id and not any(
        holds(actor, right, on=env.clock.today()) for right in parts
    ):
        raise NotAvailable
    return facts


def _asked(env: Environment, actor: Actor) -> dict[str, object]:
    return {
        "now": env.clock.now(),
        "officer": actor.officer_id,
        "deciding": _kinds(env, actor, lambda kind: (kind.rule.approve,)),
        "witnessing": _kinds(env, actor, lambda kind: (kind.rule.witness,) if kind.rule.witness else ()),
        "page": PAGE,
    }


def _kinds(env: Environment, actor: Actor, rights: Callable[[Kind], Sequence[Right]]) -> list[str]:
    today = env.clock.today()
    return [kind.value for kind in Kind if any(holds(actor, right, on=today) for right in rights(kind))]
