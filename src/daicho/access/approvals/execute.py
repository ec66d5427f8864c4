"""Carrying out what was approved: checked again under lock, once, in the transaction of the act itself.

Two clicks, two workers, a crash between any two lines: the ending of the request is written in the same transaction as
the act and what it hands out, and its key lets only one in. What was refused is on record too.
"""

from dataclasses import replace

from daicho.access.actor import Actor
from daicho.access.approvals import rows, rules
from daicho.access.approvals.acts import end, note
from daicho.access.approvals.errors import Voids
from daicho.access.approvals.outputs import Writing
from daicho.access.approvals.rules import Ending, Facts, State
from daicho.access.approvals.subject import Book
from daicho.access.errors import NotAvailable
from daicho.law.errors import DaichoError
from daicho.trail.act import Act
from daicho.wire.environment import Connection, Environment


def execute(env: Environment, book: Book, actor: Actor, approval_id: int) -> int:
    """Carry out an approved request, as whoever asked for it; returns how many records were handled.

    Raises NotAllowed, TerminalCannot, OwnApproval, NotAvailable, ApprovalMoved, ApprovalExpired, NotApprovedYet, ApproverLost;
    ConditionChanged and RowsMoved void the approval; and what the subject raises. Then nothing was done.
    """
    try:
        with env.database.transaction() as connection:
            facts = rows.lock(connection, approval_id)
            handled = _carry_out(connection, env, book, actor, facts)
    except NotAvailable:
        raise
    except DaichoError as error:
        _record_refusal(env, book, actor, approval_id, error)
        raise
    book.subject(facts.request.wanted.subject).follow(env, actor, facts.request)
    return handled


def _carry_out(connection: Connection, env: Environment, book: Book, actor: Actor, facts: Facts) -> int:
    request = facts.request
    subject = book.subject(request.wanted.subject)
    approver = book.officer(connection, env, facts.decision.decided_by) if facts.decision else None
    rules.require_executable(facts, actor, approver, now=env.clock.now(), today=env.clock.today())
    rules.require_same(request, subject.live(connection, env, actor, request.wanted.condition))
    writing = Writing(connection, env, request.approval_id)
    handled = subject.run(connection, env, actor, request, writing)
    rules.require_rows(request, handled)
    end(connection, env, actor, facts, State.EXECUTED, handled=handled)
    detail: dict[str, str | int | bool] = {"handled": handled}
    if subject.file_name:
        detail["sha256"] = writing.close(subject.file_name, subject.content_type).hex()
    note(connection, env, actor, Act.APPROVAL_EXECUTED, request, detail=detail)
    return handled


def _record_refusal(env: Environment, book: Book, actor: Actor, approval_id: int, error: DaichoError) -> None:
    """What was refused, in a transaction of its own; an approval that no longer fits is void from here on."""
    with env.database.transaction() as connection:
        facts = rows.lock(connection, approval_id)
        is_void = isinstance(error, Voids) and facts.ending is None
        if isinstance(error, Voids) and is_void:
            end(connection, env, actor, facts, State.VOIDED, why=error.why)
            voided = replace(facts, ending=Ending(State.VOIDED, env.clock.now(), actor.officer_id, error.why))
            book.subject(facts.request.wanted.subject).settled(connection, env, actor, voided, State.VOIDED)
        act = Act.APPROVAL_VOIDED if is_void else Act.APPROVAL_EXECUTED
        note(connection, env, actor, act, facts.request, refused=True, detail={"code": error.code})
