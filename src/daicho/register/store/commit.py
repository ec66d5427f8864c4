"""The one door: every change of the register is registered here and nowhere else (design, section 5).

Always in this order: authorise → lock households, then persons, each in id order → read again and compare with what
the plan saw → suppression → write change and states → derived rows → trail → outbox. The caller opens the transaction and commits it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import psycopg
from psycopg import errors as pg

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide, require_other_officer
from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Before, Plan
from daicho.register.changes.timeline import Rows, apply_effects
from daicho.register.store import derived, ends, identities, messages
from daicho.register.store.errors import (
    AlreadyRegistered,
    CardInUse,
    HouseholdRuleBroken,
    NumberInUse,
    SecondHead,
    StaleBefore,
    StateOverlap,
)
from daicho.register.store.read import live_rows, members_on, read_before
from daicho.register.store.rows import STATE_COLUMNS, content_values, legal_date_values, state_values
from daicho.register.store.suppression import require_change_allowed
from daicho.trail.act import Act
from daicho.trail.entry import Entry, digest, record
from daicho.wire.environment import Connection, Environment

_RESOLUTION = timedelta(microseconds=1)
_INSERT_CHANGE = (
    b"INSERT INTO register.change (change_id, reason, case_id, paired_with, basis, change_date, change_date_precision,"
    b" change_date_text, notified_on, recorded_at, entrant, reviewer, decider, terminal, office, cancels, corrects,"
    b" ground) VALUES "
)
_CHANGE_ROW = b"(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_INSERT_STATE = (
    f"INSERT INTO register.resident_state ({', '.join(STATE_COLUMNS)})"  # noqa: S608 - column names are ours
    f" VALUES ({', '.join(['%s'] * len(STATE_COLUMNS))})"
).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be registered.

    `fingerprint` is that of the `Before` on which the case was checked; `plan_of` is repeated on the locked record, so
    that what is written follows from what stands there, not from memory. `household_ids` must hold every household
    that the plan touches, new ones included. `with_past` lets the plan see the known axis.
    """

    plan_of: Callable[[Before], Plan]
    on: date
    household_ids: tuple[int, ...]
    person_ids: tuple[int, ...]
    fingerprint: tuple[tuple[int, int], ...]
    entrant: str
    reviewer: str
    decider: str
    case_id: int | None = None
    with_past: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """What has been written; `removal_id` is the removing half of a pair."""

    change_id: int
    recorded_at: datetime
    household_ids: tuple[int, ...]
    person_ids: tuple[int, ...]
    removal_id: int | None = None


def register(connection: Connection, env: Environment, actor: Actor, request: Request) -> Registered:
    """Register one change in the caller's transaction.

    Raises NotAllowed, SameOfficer, ChangeSuppressed, StaleBefore, NumberInUse, CardInUse, SecondHead, HouseholdRuleBroken,
    StateOverlap, AlreadyRegistered and the errors of the law from the plan; the caller's transaction must then be rolled
    back.
    """
    decide(actor, Right.CASE_DECIDE, on=env.clock.today())
    require_other_officer(request.entrant, request.reviewer)
    with _constraints_as_errors():
        last_recorded = _lock(connection, request)
        before = read_before(
            connection, request.household_ids, request.person_ids, request.on, with_past=request.with_past
        )
        if before.fingerprint() != tuple(request.fingerprint):
            raise StaleBefore()
        require_change_allowed(connection, env, actor, _seen(before))
        plan = request.plan_of(before)
        _check_locked(before, plan, request)
        recorded_at = max([env.clock.now(), *(instant + _RESOLUTION for instant in last_recorded)])
        change_id, removal_id = _write_changes(connection, env, actor, request, plan, recorded_at)
        plan = identities.ensure(connection, env, plan, recorded_at)
        if removal_id is not None:
            _write_removed(connection, plan, removal_id)
        rows = _write_states(connection, env, plan, change_id, recorded_at)
        identities.release(connection, rows, recorded_at)
        _write_notes(connection, plan, change_id)
        live = live_rows(connection, plan.person_ids) if plan.ends or plan.cancels is not None else {}
        made_by = change_id if removal_id is None else removal_id
        ends.write(connection, plan, live, made_by=made_by, written_by=change_id, recorded_at=recorded_at)
        derived.refresh(connection, plan.person_ids, env.clock.today())
        _write_trail(connection, env, actor, request, rows)
        messages.put_changes(connection, env, plan, change_id, recorded_at)
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return Registered(change_id, recorded_at, request.household_ids, plan.person_ids, removal_id)


def _lock(connection: Connection, request: Request) -> list[datetime]:
    """Lock households, then persons, each in id order; the instants at which they were last recorded."""
    households = connection.execute(
        "SELECT last_recorded_at FROM register.household WHERE household_id = ANY (%s::bigint[])"
        " ORDER BY household_id FOR UPDATE",
        (list(request.household_ids),),
    ).fetchall()
    members = members_on(connection, request.household_ids, request.on)
    people = {*request.person_ids, *(person for found in members.values() for person in found)}
    persons = connection.execute(
        "SELECT last_recorded_at FROM register.person WHERE person_id = ANY (%s::bigint[])"
        " ORDER BY person_id FOR UPDATE",
        (sorted(people),),
    ).fetchall()
    return [row["last_recorded_at"] for row in (*households, *persons)]


def _seen(before: Before) -> set[int]:
    return {m.person_id for h in before.households.values() for m in h.members} | set(before.persons)


def _check_locked(before: Before, plan: Plan, request: Request) -> None:
    """A plan may only touch what was read and locked; anything else is a mistake in the change's `scope`."""
    seen = _seen(before)
    # A state carried over stays in a household where the person stands already: the person is locked, and the database
    # holds the rules of that household.
    households = {
        effect.record.household_id
        for effect in plan.effects
        if all(effect.record.household_id != one.record.household_id for one in before.person(effect.person_id).states)
    }
    if not set(plan.person_ids) <= seen or not households <= set(request.household_ids):
        raise ValueError("the plan touches persons or households outside its scope")


def _write_changes(
    connection: Connection, env: Environment, actor: Actor, request: Request, plan: Plan, recorded_at: datetime
) -> tuple[int, int | None]:
    """The row of the change, and before it that of the removal when the plan is a pair; their ids."""
    removal_id: int | None = None
    halves: list[tuple[int, Reason, int | None, int | None]] = []
    if plan.removal is None:
        [change_id] = env.ids.take(connection, 1)
    else:
        removal_id, change_id = env.ids.take(connection, 2)
        halves.append((removal_id, plan.removal, None, change_id))
    halves.append((change_id, plan.reason, request.case_id, removal_id))
    shared = (
        plan.basis.value,
        *legal_date_values(plan.change_date),
        plan.notified_on,
        recorded_at,
        request.entrant,
        request.reviewer,
        request.decider,
        actor.terminal_id,
        actor.office,
        plan.cancels,
        plan.corrects,
        plan.ground,
    )
    connection.execute(
        _INSERT_CHANGE + b",".join([_CHANGE_ROW] * len(halves)),
        [value for change, reason, case, other in halves for value in (change, reason.value, case, other, *shared)],
    )
    return change_id, removal_id


def _write_removed(connection: Connection, plan: Plan, removal_id: int) -> None:
    """Whom the removing half of a pair is about; it has the history number of the state that it ends."""
    connection.execute(
        "INSERT INTO register.change_person (change_id, person_id, kind, role, history_no)"
        " SELECT %s, person_id, 'remove', 'mover', last_history_no FROM register.person"
        " WHERE person_id = ANY (%s::bigint[])",
        (removal_id, sorted(end.person_id for end in plan.ends)),
    )


def _write_notes(connection: Connection, plan: Plan, change_id: int) -> None:
    """The notes tied to items of this change (STD 1.1.14)."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO register.change_note (change_id, person_id, item, text) VALUES (%s, %s, %s, %s)",
            [(change_id, note.person_id, note.item, note.text) for note in plan.notes],
        )


def _write_states(
    connection: Connection, env: Environment, plan: Plan, change_id: int, recorded_at: datetime
) -> list[Rows]:
    """Close what is no longer known to hold, write what holds now; count history numbers on."""
    live = live_rows(connection, plan.person_ids)
    last_numbers = {
        row["person_id"]: row["last_history_no"]
        for row in connection.execute(
            "SELECT person_id, last_history_no FROM register.person WHERE person_id = ANY (%s::bigint[])",
            (list(plan.person_ids),),
        )
    }
    ids = iter(env.ids.take(connection, len(plan.effects) + len(plan.person_ids)))
    done: list[Rows] = []
    for person_id in plan.person_ids:
        effects = plan.effects_of(person_id)
        rows = apply_effects(
            live.get(person_id, []),
            effects,
            change_id=change_id,
            recorded_at=recorded_at,
            next_history_no=last_numbers[person_id] + 1,
            state_ids=ids,
        )
        done.append(rows)
        connection.execute(
            "INSERT INTO register.change_person (change_id, person_id, kind, role, history_no)"
            " VALUES (%s, %s, %s, %s, %s)",
            (change_id, person_id, effects[0].kind, effects[0].role, last_numbers[person_id] + 1),
        )
    _close(connection, [row.state_id for rows in done for row in rows.closed], recorded_at)
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT_STATE, [state_values(row) for rows in done for row in rows.written])
        cursor.executemany(
            "UPDATE register.person SET last_history_no = last_history_no + %s, last_recorded_at = %s"
            " WHERE person_id = %s",
            [(len(plan.effects_of(p)), recorded_at, p) for p in plan.person_ids],
        )
    _touch_households(connection, done, recorded_at)
    return done


def _close(connection: Connection, state_ids: Sequence[int], recorded_at: datetime) -> None:
    closed = connection.execute(
        "UPDATE register.resident_state SET known = tstzrange(lower(known), %s::timestamptz)"
        " WHERE state_id = ANY (%s::bigint[]) AND upper_inf(known)",
        (recorded_at, list(state_ids)),
    ).rowcount
    if closed != len(state_ids):
        raise StateOverlap()


def _touch_households(connection: Connection, done: Sequence[Rows], recorded_at: datetime) -> None:
    touched = {row.record.household_id for rows in done for row in (*rows.closed, *rows.written)}
    connection.execute(
        "UPDATE register.household SET last_recorded_at = %s WHERE household_id = ANY (%s::bigint[])",
        (recorded_at, sorted(touched)),
    )


def _write_trail(
    connection: Connection, env: Environment, actor: Actor, request: Request, done: Sequence[Rows]
) -> None:
    before = [[row.person_id, *content_values(row.record)] for rows in done for row in rows.closed]
    after = [[row.person_id, *content_values(row.record)] for rows in done for row in rows.written]
    people = {row.person_id for rows in done for row in rows.written}
    record(
        connection,
        env,
        Entry(
            act=Act.CHANGE_REGISTERED,
            officer_id=actor.officer_id,
            terminal_id=actor.terminal_id,
            purpose=Purpose.REVIEW,
            subjects=tuple(sorted(people)),
            case_id=request.case_id,
            digest_before=digest(env, before) if before else None,
            digest_after=digest(env, after),
            detail={"persons": len(people)},
        ),
    )


@contextmanager
def _constraints_as_errors() -> Iterator[None]:
    """What the database refuses, in the words of the register."""
    try:
        yield
    except pg.ExclusionViolation as error:
        raise _EXCLUSIONS.get(_name(error) or "", StateOverlap)() from None
    except pg.UniqueViolation as error:
        if _name(error) == "number_holder":
            raise NumberInUse() from None
        if _name(error) == "change_case_id_key":
            raise AlreadyRegistered() from None
        raise
    except pg.CheckViolation as error:
        if _name(error) != "household_rules":
            raise
        raise HouseholdRuleBroken(rule=_RULES.get(_fault(error), "世帯主")) from None


_EXCLUSIONS: dict[str, type[DaichoError]] = {
    "one_head_per_household_and_time": SecondHead,
    "one_card_per_person_and_time": CardInUse,
}
_RULES = {
    "two heads": "世帯主が二人",
    "no head": "世帯主がいない",
    "head and no head": "世帯主の有無がそろわない",
    "two addresses": "住所が二つ",
    "two members of one rank": "並び順が重なる",
}


def _name(error: psycopg.Error) -> str | None:
    return error.diag.constraint_name


def _fault(error: psycopg.Error) -> str:
    return (error.diag.message_primary or "").rpartition(": ")[2]
