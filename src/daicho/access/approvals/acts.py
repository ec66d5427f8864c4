"""Asking, deciding, witnessing, withdrawing: each in the caller's transaction, each with its entry in the trail."""

from collections.abc import Mapping
from dataclasses import replace

from daicho.access.actor import Actor
from daicho.access.approvals import rows, rules
from daicho.access.approvals.content import Request, Wanted
from daicho.access.approvals.rules import Decision, Ending, Facts, State
from daicho.access.approvals.subject import Book
from daicho.access.errors import NotAvailable
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment


def ask(connection: Connection, env: Environment, book: Book, actor: Actor, wanted: Wanted) -> int:
    """Ask for an act; returns the number of the request. Items and count come from the subject, whatever `wanted` says.

    Raises NotAllowed, NotAvailable, RequestUnreadable, NothingToDo, and what the subject raises for the condition.
    """
    subject = book.subject(wanted.subject)
    if wanted.kind not in subject.kinds:
        raise NotAvailable
    live = subject.live(connection, env, actor, wanted.condition)
    counted = replace(wanted, rows=live.rows, condition=live.condition, items=subject.items(live.condition))
    now = env.clock.now()
    rules.require_askable(counted, actor, now=now, today=env.clock.today())
    [approval_id] = env.ids.take(connection, 1)
    request = Request(approval_id, counted, actor.officer_id, actor.terminal_id, now)
    rows.insert(connection, request)
    note(connection, env, actor, Act.APPROVAL_ASKED, request)
    return approval_id


def decide(
    connection: Connection,
    env: Environment,
    book: Book,
    actor: Actor,
    approval_id: int,
    seen: bytes,
    *,
    approve: bool,
    comment: str = "",
) -> None:
    """Approve or refuse, as another officer; `seen` is the digest of what the page showed.

    Raises NotAllowed, NotAvailable, OwnApproval, ApprovalMoved, ApprovalExpired, SeenOtherwise.
    """
    facts = rows.lock(connection, approval_id)
    now = env.clock.now()
    rules.require_decidable(facts, actor, seen, now=now, today=env.clock.today())
    connection.execute(
        "INSERT INTO approvals.decision"
        " (approval_id, is_approved, comment, seen, decided_by, terminal, terminal_class, decided_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            approval_id,
            approve,
            comment.strip()[: rules.LONGEST],
            seen,
            actor.officer_id,
            actor.terminal_id,
            actor.terminal_class,
            now,
        ),
    )
    after = replace(facts, decision=Decision(approve, actor.officer_id, actor.terminal_class, now, comment))
    _settled(connection, env, book, actor, after)
    note(connection, env, actor, Act.APPROVAL_GIVEN if approve else Act.APPROVAL_REFUSED, facts.request)


def be_present(connection: Connection, env: Environment, actor: Actor, approval_id: int, seen: bytes) -> None:
    """Say as a third officer to be present at the output, for the next hour (R-USE-15, R-USE-19).

    Raises NotAllowed, NotAvailable, OwnApproval, ApprovalMoved, ApprovalExpired, SeenOtherwise.
    """
    facts = rows.lock(connection, approval_id)
    now = env.clock.now()
    rules.require_witness(facts, actor, seen, now=now, today=env.clock.today())
    connection.execute(
        "INSERT INTO approvals.presence (approval_id, at, witness, terminal, seen) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        (approval_id, now, actor.officer_id, actor.terminal_id, seen),
    )
    note(connection, env, actor, Act.APPROVAL_WITNESSED, facts.request)


def withdraw(connection: Connection, env: Environment, book: Book, actor: Actor, approval_id: int) -> None:
    """Take one's own request back, approved or not. Raises NotAvailable, OwnApproval, ApprovalMoved."""
    facts = rows.lock(connection, approval_id)
    rules.require_withdrawable(facts, actor, now=env.clock.now())
    end(connection, env, actor, facts, State.WITHDRAWN)
    ended = Ending(State.WITHDRAWN, env.clock.now(), actor.officer_id)
    _settled(connection, env, book, actor, replace(facts, ending=ended))
    note(connection, env, actor, Act.APPROVAL_WITHDRAWN, facts.request)


def end(
    connection: Connection,
    env: Environment,
    actor: Actor,
    facts: Facts,
    how: State,
    *,
    why: str = "",
    handled: int | None = None,
) -> None:
    """Write the one ending of a request."""
    connection.execute(
        "INSERT INTO approvals.ending (approval_id, how, why, rows, ended_by, terminal, at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (
            facts.request.approval_id,
            how.value,
            why,
            handled,
            actor.officer_id,
            actor.terminal_id,
            env.clock.now(),
        ),
    )


def note(
    connection: Connection,
    env: Environment,
    actor: Actor,
    act: Act,
    request: Request,
    *,
    refused: bool = False,
    detail: Mapping[str, str | int | bool] | None = None,
) -> None:
    """The entry of an act on a request: its number, kind, count and digest."""
    record_act(
        connection,
        env,
        actor,
        act,
        refused=refused,
        detail={
            "approval": request.approval_id,
            "subject": request.wanted.subject,
            "kind": request.wanted.kind.value,
            "rows": request.wanted.rows,
            "digest": request.digest.hex(),
            **(detail or {}),
        },
    )


def _settled(connection: Connection, env: Environment, book: Book, actor: Actor, facts: Facts) -> None:
    subject = book.subjects.get(facts.request.wanted.subject)
    if subject is not None:
        subject.settled(connection, env, actor, facts, facts.state(env.clock.now()))
