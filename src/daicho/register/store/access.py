"""The one way to look at people: rights first, then the record, and always a trace (design, section 6).

"Not found" and "not allowed" look alike. Numbers are never part of a sheet; each is opened by itself with a purpose.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daicho.access.actor import Actor, Item, Purpose, Right
from daicho.access.decision import decide, require_item
from daicho.access.errors import NotAvailable
from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.timeline import EndRow, StateRow
from daicho.register.store import ends, history
from daicho.register.store.cancelled import Cancelled, cancelled
from daicho.register.store.history import Step
from daicho.register.store.numbers import NumberKind, unseal
from daicho.register.store.removed import RemovedRecord, removal_steps, removed_records
from daicho.register.store.rows import legal_date, state_row_of
from daicho.register.store.shield import look, masked_row
from daicho.register.store.suppression import marked
from daicho.register.store.veil import veil
from daicho.trail.act import Act
from daicho.trail.entry import record_act
from daicho.wire.environment import Connection, Environment


@dataclass(frozen=True, slots=True)
class AsOf:
    """A point on both axes: true on `valid_on`, as known at `known_at` (None: as known now)."""

    valid_on: date
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person as a household screen shows one."""

    person_id: int
    addressee_number: str
    state: StateRow
    hidden: bool = False
    """Whether the place of this person is kept from the officer: the state then holds who it is and nothing of where."""

    @property
    def is_resident(self) -> bool:
        """False for a removed record that once stood in this household."""
        return self.state.record.is_resident


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One legal change with what it did to each person shown."""

    change_id: int
    reason: Reason
    basis: Basis
    change_date: LegalDate
    notified_on: date | None
    recorded_at: datetime
    entrant: str
    reviewer: str | None
    terminal: str
    office: str
    taken_over: bool
    corrected_by: int | None
    corrected_at: datetime | None
    corrects: bool
    cancels: int | None
    """The change that it takes back."""
    cancelled: Cancelled | None
    """Whether it has been taken back itself."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class HouseholdSheet:
    """A household at a point on both axes, with the changes that made it."""

    household_id: int
    household_number: str
    as_of: AsOf
    members: tuple[Member, ...]
    removed: tuple[Member, ...]
    changes: tuple[ChangeLine, ...]
    """What had been recorded by then: all of those shown, and of those who left what touched this household."""
    later: tuple[ChangeLine, ...]
    """What was recorded since (登録が後)."""
    names: Mapping[int, str]
    """The name of each person in the changes, as it stands now."""
    corrected: frozenset[int]
    """Those whose record for this day has been corrected since (後に訂正)."""
    sources: Mapping[int, Mapping[str, int]]
    planned: Mapping[int, StateRow]
    """Per person a removal that is registered for a later day (転出予定)."""
    former: Mapping[int, tuple[RemovedRecord, ...]]
    """Per person shown the removed records before the one shown (除票・改製原), as known at the point shown."""
    hidden: frozenset[int] = frozenset()
    """Those of the persons shown whose place is kept from the officer."""
    opened: frozenset[int] = frozenset()
    """Those who would be hidden and are open to the officer for some minutes."""
    suppressed: frozenset[int] = frozenset()
    """Those who are suppressed in any way (抑止)."""
    veiled: bool = False
    """Whether the household itself is kept back: where a hidden person lives now."""

    def member(self, person_id: int) -> Member:
        """One of the members or removed persons. Raises NotAvailable."""
        for member in (*self.members, *self.removed):
            if member.person_id == person_id:
                return member
        raise NotAvailable()


def open_household(
    env: Environment,
    actor: Actor,
    household_id: int,
    purpose: Purpose,
    as_of: AsOf | None = None,
    *,
    about: int | None = None,
) -> HouseholdSheet:
    """The household with its members (STD 2.2.1; S1-09), now or at a past point on both axes.

    Hidden persons come without place and way (`veil`); `about` is whom the officer asks for. Raises NotAllowed, PurposeMissing, NotAvailable. One act and a subject per person shown go into the trail.
    """
    today = env.clock.today()
    decide(actor, Right.PERSON_READ if as_of is None else Right.HISTORY_READ, on=today, purpose=purpose)
    point = as_of or AsOf(today)
    with env.database.transaction() as connection:
        sheet = _household_sheet(connection, household_id, point)
        if sheet is not None:
            sheet = veil(sheet, look(connection, env, actor, sheet.names), about)
            sheet = replace(sheet, suppressed=marked(connection, env, sheet.names))
        shown = sorted(sheet.names) if sheet else []
        record_act(
            connection,
            env,
            actor,
            Act.HOUSEHOLD_OPENED if as_of is None else Act.HISTORY_OPENED,
            purpose=purpose,
            subjects=shown,
            refused=not shown,
            detail=_detail(sheet) if sheet else {},
        )
    if sheet is None:
        raise NotAvailable()
    return sheet


def _detail(sheet: HouseholdSheet) -> dict[str, str | int | bool]:
    detail: dict[str, str | int | bool] = {} if sheet.veiled else {"household": sheet.household_id}
    return detail | ({"hidden": len(sheet.hidden)} if sheet.hidden else {})


def open_hidden(env: Environment, actor: Actor, person_id: int, purpose: Purpose) -> HouseholdSheet | None:
    """What may be shown of a person whose place is kept from this officer; None for anybody else.

    The sheet lists those who are protected together. Raises NotAllowed, PurposeMissing; leaves a trace.
    """
    today = env.clock.today()
    decide(actor, Right.PERSON_READ, on=today, purpose=purpose)
    with env.database.transaction() as connection:
        if not look(connection, env, actor, [person_id]).hides(person_id):
            return None
        row = connection.execute(
            "SELECT household_id FROM register.resident_current WHERE person_id = %s::bigint", (person_id,)
        ).fetchone()
        sheet = _household_sheet(connection, row["household_id"], AsOf(today)) if row else None
        if sheet is not None:
            sheet = veil(sheet, look(connection, env, actor, sheet.names), person_id)
        shown = [one.person_id for one in (*sheet.members, *sheet.removed)] if sheet else []
        record_act(
            connection,
            env,
            actor,
            Act.PERSON_OPENED,
            purpose=purpose,
            subjects=shown,
            refused=not shown,
            detail={"hidden": len(shown)},
        )
    if sheet is None or person_id not in shown:
        raise NotAvailable()
    return replace(sheet, names={}, changes=(), later=(), planned={}, veiled=True, household_number="")


def household_of(env: Environment, actor: Actor, person_id: int, purpose: Purpose) -> int:
    """The household in which a person stands or last stood. Raises NotAllowed, PurposeMissing, NotAvailable.

    Shows nothing of the person: the look is on record when the household is opened, or here when there is none.
    """
    decide(actor, Right.PERSON_READ, on=env.clock.today(), purpose=purpose)
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT household_id FROM register.resident_current WHERE person_id = %s::bigint", (person_id,)
        ).fetchone()
        if row is not None and look(connection, env, actor, [person_id]).hides(person_id):
            row = None
        if row is None:
            record_act(connection, env, actor, Act.HOUSEHOLD_OPENED, purpose=purpose, refused=True)
    if row is None:
        raise NotAvailable()
    return int(row["household_id"])


def open_person(env: Environment, actor: Actor, person_id: int, purpose: Purpose, as_of: AsOf | None = None) -> Member:
    """One person's record at a point on both axes. Raises NotAllowed, PurposeMissing, NotAvailable; leaves a trace."""
    today = env.clock.today()
    decide(actor, Right.PERSON_READ if as_of is None else Right.HISTORY_READ, on=today, purpose=purpose)
    point = as_of or AsOf(today)
    with env.database.transaction() as connection:
        rows = _rows_of(connection, [person_id]).get(person_id, [])
        state = history.state_on(history.known_then(rows, point.known_at), point.valid_on)
        hidden = look(connection, env, actor, [person_id]).hides(person_id)
        record_act(
            connection,
            env,
            actor,
            Act.PERSON_OPENED,
            purpose=purpose,
            subjects=[person_id] if state else [],
            refused=state is None,
            detail={"hidden": 1} if hidden else {},
        )
        member = None
        if state is not None:
            shown = masked_row(state) if hidden else state
            member = Member(person_id, _addressee_numbers(connection, [person_id])[person_id], shown, hidden)
    if member is None:
        raise NotAvailable()
    return member


@dataclass(frozen=True, slots=True)
class RemovedSheet:
    """A removed record of a person, with the addressee number, and the household number of its last state."""

    addressee_number: str
    household_number: str
    removed: RemovedRecord


def open_removed_record(
    env: Environment, actor: Actor, person_id: int, record_no: int, purpose: Purpose, as_of: AsOf | None = None
) -> RemovedSheet:
    """One removed record (除票, 改製原) of a person, who may live on with another record.

    Raises NotAllowed, PurposeMissing, NotAvailable; leaves a trace. See `removed` for what a removed record is.
    """
    today = env.clock.today()
    decide(actor, Right.HISTORY_READ, on=today, purpose=purpose)
    point = as_of or AsOf(today)
    with env.database.transaction() as connection:
        rows = _rows_of(connection, [person_id])[person_id]
        ended = ends.read(connection, [person_id]).get(person_id, ())
        found = removed_records(rows, ended, point.valid_on, point.known_at)
        removed = next((one for one in found if one.record_no == record_no), None)
        if look(connection, env, actor, [person_id]).hides(person_id):
            removed = None
        record_act(
            connection,
            env,
            actor,
            Act.HISTORY_OPENED,
            purpose=purpose,
            subjects=[person_id] if removed else [],
            refused=removed is None,
            detail={"record": record_no} if removed else {},
        )
        sheet = _removed_sheet(connection, removed) if removed else None
    if sheet is None:
        raise NotAvailable()
    return sheet


def _removed_sheet(connection: Connection, removed: RemovedRecord) -> RemovedSheet:
    [number] = connection.execute(
        "SELECT household_number FROM register.household WHERE household_id = %s::bigint",
        (removed.record.household_id,),
    ).fetchall()
    addressee = _addressee_numbers(connection, [removed.person_id])[removed.person_id]
    return RemovedSheet(addressee, number["household_number"], removed)


def reveal_number(env: Environment, actor: Actor, person_id: int, kind: NumberKind, purpose: Purpose) -> str:
    """One number in clear, for a few seconds on a screen (ux.md 3.3); one trace with number_shown per reveal.

    Raises NotAllowed, PurposeMissing, NotAvailable (also when the person has no such number).
    """
    decide(actor, Right.NUMBER_REVEAL, on=env.clock.today(), purpose=purpose)
    require_item(actor, Right.NUMBER_REVEAL, Item(kind), on=env.clock.today())
    column = {"individual_number": "individual_number_id", "resident_code": "resident_code_id"}[kind]
    with env.database.transaction() as connection:
        row = connection.execute(
            "SELECT n.ciphertext, n.key_version FROM register.resident_current c"  # noqa: S608 - from a closed table
            " JOIN register.resident_state s USING (state_id)"
            f" JOIN register.number n ON n.number_id = s.{column} WHERE c.person_id = %s::bigint".encode(),
            (person_id,),
        ).fetchone()
        if look(connection, env, actor, [person_id]).hides(person_id):
            row = None
        record_act(
            connection,
            env,
            actor,
            Act.NUMBER_SHOWN,
            purpose=purpose,
            subjects=[person_id] if row else [],
            number_shown=row is not None,
            refused=row is None,
            detail={"kind": kind},
        )
    if row is None:
        raise NotAvailable()
    return unseal(env.keys, kind, person_id, row["ciphertext"], row["key_version"])


def _household_sheet(connection: Connection, household_id: int, point: AsOf) -> HouseholdSheet | None:
    number = connection.execute(
        "SELECT household_number FROM register.household WHERE household_id = %s::bigint", (household_id,)
    ).fetchone()
    people = [
        row["person_id"]
        for row in connection.execute(
            "SELECT DISTINCT person_id FROM register.resident_state WHERE household_id = %s::bigint", (household_id,)
        )
    ]
    if number is None or not people:
        return None
    rows = _rows_of(connection, people)
    ended = ends.read(connection, people)
    addressee = _addressee_numbers(connection, people)
    members: list[Member] = []
    removed: list[Member] = []
    planned: dict[int, StateRow] = {}
    origins: dict[int, Mapping[str, int]] = {}
    corrected: set[int] = set()
    for person_id in people:
        then = history.known_then(rows[person_id], point.known_at)
        state = history.state_on(then, point.valid_on)
        if state is None or state.record.household_id != household_id:
            continue
        origins[person_id] = history.sources(then, state)
        (members if state.record.is_resident else removed).append(Member(person_id, addressee[person_id], state))
        now = history.state_on(history.known_then(rows[person_id], None), point.valid_on)
        if now is None or now.record != state.record:
            corrected.add(person_id)
        for row in then:
            if row.valid_from > point.valid_on and not row.record.is_resident and state.record.is_resident:
                planned[person_id] = row
    if not members and not removed:
        return None
    lines = _changes(connection, _steps_of(rows, ended, household_id, origins.keys()))
    known = point.known_at
    return HouseholdSheet(
        household_id=household_id,
        household_number=number["household_number"],
        as_of=point,
        members=tuple(sorted(members, key=lambda m: (m.state.record.household_order, m.person_id))),
        removed=tuple(sorted(removed, key=lambda m: (m.state.valid_from, m.person_id))),
        changes=tuple(line for line in lines if known is None or line.recorded_at <= known),
        later=tuple(line for line in lines if known is not None and line.recorded_at > known),
        names={
            person_id: max(rows[person_id], key=lambda r: (r.known_from, r.valid_from)).record.name
            for person_id in people
        },
        corrected=frozenset(corrected),
        sources=origins,
        planned=planned,
        former={one.person_id: _former(one, rows, ended, point) for one in (*members, *removed)},
    )


def _former(
    member: Member, rows: Mapping[int, Sequence[StateRow]], ended: Mapping[int, Sequence[EndRow]], point: AsOf
) -> tuple[RemovedRecord, ...]:
    """The removed records of a person before the one shown."""
    person_id = member.person_id
    found = removed_records(rows[person_id], ended.get(person_id, ()), point.valid_on, point.known_at)
    return tuple(one for one in found if one.record_no != member.state.record.record_no)


def _steps_of(
    rows: Mapping[int, Sequence[StateRow]],
    ended: Mapping[int, Sequence[EndRow]],
    household_id: int,
    shown: Container[int],
) -> list[Step]:
    """Every step of those shown; of others who stood here once only what brought them here or led them away."""
    return [
        step
        for person_id in sorted(rows)
        for step in (*removal_steps(rows[person_id], ended.get(person_id, ())), *history.steps(rows[person_id]))
        if person_id in shown
        or household_id in (step.after.household_id, step.before.household_id if step.before else None)
    ]


def _rows_of(connection: Connection, person_ids: Sequence[int]) -> dict[int, list[StateRow]]:
    found: dict[int, list[StateRow]] = {person_id: [] for person_id in person_ids}
    for row in connection.execute(
        "SELECT * FROM register.resident_state WHERE person_id = ANY (%s::bigint[]) ORDER BY state_id",
        (list(person_ids),),
    ):
        found[row["person_id"]].append(state_row_of(row))
    return found


def _addressee_numbers(connection: Connection, person_ids: Sequence[int]) -> dict[int, str]:
    rows = connection.execute(
        "SELECT person_id, addressee_number FROM register.person WHERE person_id = ANY (%s::bigint[])",
        (list(person_ids),),
    )
    return {row["person_id"]: row["addressee_number"] for row in rows}


def _changes(connection: Connection, steps: Sequence[Step]) -> tuple[ChangeLine, ...]:
    """The changes behind these steps, newest change date first."""
    by_change: dict[int, list[Step]] = {}
    for step in steps:
        by_change.setdefault(step.change_id, []).append(step)
    rows = connection.execute(
        "SELECT c.*, x.change_id AS corrected_by, x.recorded_at AS corrected_at FROM register.change c"
        " LEFT JOIN LATERAL (SELECT change_id, recorded_at FROM register.change"
        "  WHERE corrects = c.change_id ORDER BY change_id LIMIT 1) x ON true"
        " WHERE c.change_id = ANY (%s::bigint[]) ORDER BY c.change_date DESC, c.recorded_at DESC",
        (list(by_change),),
    )
    taken_back = cancelled(connection, list(by_change))
    return tuple(
        ChangeLine(
            change_id=row["change_id"],
            reason=Reason(row["reason"]),
            basis=Basis(row["basis"]),
            change_date=legal_date(row["change_date"], row["change_date_precision"], row["change_date_text"]),
            notified_on=row["notified_on"],
            recorded_at=row["recorded_at"],
            entrant=row["entrant"],
            reviewer=row["reviewer"],
            terminal=row["terminal"],
            office=row["office"],
            taken_over=row["taken_over"],
            corrected_by=row["corrected_by"],
            corrected_at=row["corrected_at"],
            corrects=row["corrects"] is not None,
            cancels=row["cancels"],
            cancelled=taken_back.get(row["change_id"]),
            steps=tuple(by_change[row["change_id"]]),
        )
        for row in rows
    )
