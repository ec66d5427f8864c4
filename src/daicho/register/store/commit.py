"""The one door: every change of the register is registered here and nowhere else (design, section 5).

Always in this order: authorise → lock households, then persons, each in id order → read again and compare with what
the plan saw → suppression → write change and states → derived rows → trail → outbox. The caller opens the transaction and commits it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import LiteralString

import psycopg
from psycopg import errors as pg

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import decide, require_other_officer
from daicho.law.errors import DaichoError
from daicho.law.reasons import Reason
from daicho.register.changes.plan import Before, Plan
from daicho.register.changes.timeline import Rows, StateRow, apply_effects
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
from daicho.register.store.read import live_rows, read_past, read_standing
from daicho.register.store.rows import content_values, legal_date_values, states_json
from daicho.register.store.said import Said
from daicho.register.store.suppression import require_change_allowed
from daicho.trail.act import Act
from daicho.trail.entry import Entry, digest, record
from daicho.wire.environment import Connection, Environment, Row

_RESOLUTION = timedelta(microseconds=1)
_INSERT_CHANGE = (
    b"INSERT INTO register.change (change_id, reason, case_id, paired_with, basis, change_date, change_date_precision,"
    b" change_date_text, notified_on, recorded_at, entrant, reviewer, decider, terminal, office, cancels, corrects,"
    b" ground) VALUES "
)
_CHANGE_ROW = b"(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_WRITE: LiteralString = """
    WITH closed AS (
        UPDATE register.resident_state SET known = tstzrange(lower(known), %(at)s::timestamptz)
        WHERE state_id = ANY (%(closed)s::bigint[]) AND upper_inf(known) RETURNING state_id
    ), state AS (
        -- Nothing stands beside a row that is still open: all are closed before the first is written.
        INSERT INTO register.resident_state
        SELECT s.* FROM json_populate_recordset(NULL::register.resident_state, %(states)s::json) s
        WHERE (SELECT count(*) FROM closed) = cardinality(%(closed)s::bigint[])
        RETURNING state_id
    ), touched AS (
        SELECT * FROM json_to_recordset(%(people)s::json) AS w (person_id bigint, kind text, role text, states integer)
    ), person AS (
        UPDATE register.person p
        SET last_history_no = p.last_history_no + w.states, last_sequence_no = p.last_sequence_no + 1,
            connector_no = p.connector_no + 1, last_recorded_at = %(at)s
        FROM touched w WHERE p.person_id = w.person_id
        RETURNING p.person_id, p.addressee_number, p.last_history_no, p.last_sequence_no, p.connector_no, w.kind, w.role, w.states
    ), part AS (
        INSERT INTO register.change_person (change_id, person_id, kind, role, history_no)
        SELECT %(change)s, p.person_id, p.kind, p.role, p.last_history_no - p.states + 1 FROM person p
    ), home AS (
        UPDATE register.household h SET last_recorded_at = %(at)s WHERE h.household_id = ANY (%(homes)s::bigint[])
        RETURNING h.household_id, h.household_number
    )
    SELECT person_id, NULL::bigint AS household_id, addressee_number AS number, last_history_no, last_sequence_no,
           connector_no
    FROM person
    UNION ALL SELECT NULL, household_id, household_number, NULL, NULL, NULL FROM home
    UNION ALL SELECT NULL, NULL, NULL, NULL, state_id, NULL FROM state
"""


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
    with _constraints_as_errors(), connection.pipeline():
        locking = _lock(connection, request)
        standing = read_standing(connection, request.household_ids, request.person_ids, request.on)
        locked = _locked(locking)
        before = standing.before(
            locked.households, read_past(connection, list(standing.rows)) if request.with_past else None
        )
        if before.fingerprint() != tuple(request.fingerprint):
            raise StaleBefore()
        require_change_allowed(connection, env, actor, _seen(before))
        plan = request.plan_of(before)
        _check_locked(before, plan, {*request.household_ids, *locked.households})
        recorded_at = max([env.clock.now(), *(instant + _RESOLUTION for instant in locked.last_recorded)])
        ids = iter(env.ids.take(connection, 2 + 3 * len(plan.effects) + 4 * len(plan.person_ids)))
        change_id, removal_id = _write_changes(connection, actor, request, plan, ids, recorded_at)
        plan = identities.ensure(connection, env, plan, locked.fresh(plan, request), ids, recorded_at)
        if removal_id is not None:
            _write_removed(connection, plan, removal_id)
        rows = _states(plan, standing.rows, locked, ids, change_id, recorded_at)
        counted = _write_states(connection, plan, rows, change_id, recorded_at)
        identities.release(connection, rows, recorded_at)
        _write_notes(connection, plan, change_id)
        live = live_rows(connection, plan.person_ids) if plan.ends or plan.cancels is not None else {}
        made_by = change_id if removal_id is None else removal_id
        ends.write(connection, plan, live, made_by=made_by, written_by=change_id, recorded_at=recorded_at)
        derived.renew(connection, _live_after(plan, standing.rows, rows), env.clock.today(), before=standing.rows)
        _write_trail(connection, env, actor, request, rows)
        said = Said(change_id, request.entrant, actor.terminal_id, recorded_at)
        messages.put_changes(connection, env, plan, counted, said, ids)
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return Registered(change_id, recorded_at, request.household_ids, plan.person_ids, removal_id)


@dataclass(frozen=True, slots=True)
class _Locked:
    """Households (with their numbers) and persons (with their last history numbers) that exist and are held now."""

    households: dict[int, str]
    persons: dict[int, int]
    last_recorded: tuple[datetime, ...]

    def fresh(self, plan: Plan, request: Request) -> identities.Fresh:
        """What the plan brings: households of the request and persons that do not exist yet."""
        households = {effect.record.household_id for effect in plan.effects} & set(request.household_ids)
        return identities.Fresh(
            tuple(sorted(households - self.households.keys())),
            tuple(person for person in plan.person_ids if person not in self.persons),
        )


def _lock(connection: Connection, request: Request) -> psycopg.Cursor[Row]:
    """Lock households, then persons, members included, each in id order; also the households to which any of them went on."""
    return connection.execute(
        "SELECT * FROM register.lock_scope(%s::bigint[], %s::bigint[], %s::date)",
        (list(request.household_ids), list(request.person_ids), request.on),
    )


def _locked(locking: psycopg.Cursor[Row]) -> _Locked:
    rows = locking.fetchall()
    return _Locked(
        {row["household_id"]: row["number"] for row in rows if row["household_id"] is not None},
        {row["person_id"]: row["last_history_no"] for row in rows if row["person_id"] is not None},
        tuple(row["last_recorded_at"] for row in rows),
    )


def _seen(before: Before) -> set[int]:
    return {m.person_id for h in before.households.values() for m in h.members} | set(before.persons)


def _check_locked(before: Before, plan: Plan, households: set[int]) -> None:
    """A plan may only touch what was read and locked; anything else is a mistake in the change's `scope`."""
    touched = {effect.record.household_id for effect in plan.effects}
    if not set(plan.person_ids) <= _seen(before) or not touched <= households:
        raise ValueError("the plan touches persons or households outside its scope")
    if any(effect.valid_from < before.on for effect in plan.effects):
        raise ValueError("the plan begins before the day for which the register was read")


def _write_changes(
    connection: Connection, actor: Actor, request: Request, plan: Plan, ids: Iterator[int], recorded_at: datetime
) -> tuple[int, int | None]:
    """The row of the change, and before it that of the removal when the plan is a pair; their ids."""
    removal_id: int | None = None
    halves: list[tuple[int, Reason, int | None, int | None]] = []
    first = next(ids)
    if plan.removal is None:
        change_id = first
    else:
        removal_id, change_id = first, next(ids)
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
    for note in plan.notes:
        connection.execute(
            "INSERT INTO register.change_note (change_id, person_id, item, text) VALUES (%s, %s, %s, %s)",
            (change_id, note.person_id, note.item, note.text),
        )


def _states(
    plan: Plan,
    live: Mapping[int, Sequence[StateRow]],
    locked: _Locked,
    ids: Iterator[int],
    change_id: int,
    recorded_at: datetime,
) -> list[Rows]:
    """Per person what is no longer known to hold and what holds now, with the next history numbers."""
    return [
        apply_effects(
            live.get(person_id, ()),
            plan.effects_of(person_id),
            change_id=change_id,
            recorded_at=recorded_at,
            next_history_no=locked.persons.get(person_id, 0) + 1,
            state_ids=ids,
        )
        for person_id in plan.person_ids
    ]


def _live_after(
    plan: Plan, before: Mapping[int, Sequence[StateRow]], done: Sequence[Rows]
) -> dict[int, list[StateRow]]:
    """Per person of the plan the rows that are live once `done` is written."""
    return {
        person_id: [
            row for row in before.get(person_id, ()) if row.state_id not in {one.state_id for one in rows.closed}
        ]
        + list(rows.written)
        for person_id, rows in zip(plan.person_ids, done, strict=True)
    }


def _write_states(
    connection: Connection, plan: Plan, done: Sequence[Rows], change_id: int, recorded_at: datetime
) -> messages.Counted:
    """Close and write states; what the change did to each person; the numbers and instants of all touched counted on.

    Raises StateOverlap when a state to be closed is closed already: somebody went round the locks.
    """
    people = [
        {"person_id": person_id, "kind": effects[0].kind, "role": effects[0].role, "states": len(effects)}
        for person_id in plan.person_ids
        if (effects := plan.effects_of(person_id))
    ]
    written = [row for rows in done for row in rows.written]
    rows = connection.execute(
        _WRITE,
        {
            "change": change_id,
            "at": recorded_at,
            "closed": [row.state_id for rows in done for row in rows.closed],
            "states": states_json(written),
            "people": json.dumps(people),
            "homes": sorted({row.record.household_id for rows in done for row in (*rows.closed, *rows.written)}),
        },
    ).fetchall()
    counted = messages.Counted(
        persons={row["person_id"]: row for row in rows if row["person_id"] is not None},
        households={row["household_id"]: row["number"] for row in rows if row["household_id"] is not None},
    )
    if len(rows) != len(counted.persons) + len(counted.households) + len(written):
        raise StateOverlap()
    return counted


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
        if _name(error) in ("person_pkey", "household_pkey"):
            raise StaleBefore() from None  # entered by somebody else since the locks were asked for
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
