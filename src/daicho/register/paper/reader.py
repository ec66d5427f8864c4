"""Reading persons for a paper: as known now, or exactly the states of an earlier issue.

Not a way to look at people: only the issue flow reads here, after deciding about rights and with its own trail.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from daicho.law.reasons import Basis, Reason
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.timeline import StateRow
from daicho.register.paper.authority import Item
from daicho.register.paper.errors import ListTooLong, NobodyChosen
from daicho.register.paper.facts import Cause, Facts, Past, Subject
from daicho.register.store import ends, history
from daicho.register.store.history import Step
from daicho.register.store.numbers import NumberKind, unseal
from daicho.register.store.removed import RemovedRecord, put_right, removed_records
from daicho.register.store.rows import legal_date, record_of, state_row_of
from daicho.wire.environment import Connection, Environment, Row

MOST_LISTED = 300
"""Residents on one list for inspection."""

Fingerprint = list[list[int]]
"""[[person, state], ...] of everybody a paper speaks of, sorted: equal when nothing has changed."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the facts, and the ids of the states that made the history."""

    facts: Facts
    history: tuple[int, ...] = ()
    ended_by: int | None = None
    """What wrote the end of a removed record whose person went on with another one."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Persons and states as one comparable value."""
        return fingerprint(self.facts.members)


def lock(connection: Connection, household_id: int | None, person_ids: Sequence[int]) -> None:
    """Hold the household and its persons against changes until the transaction ends, in the order of the one door."""
    connection.execute(
        "SELECT household_id FROM register.household WHERE household_id = %s::bigint FOR SHARE", (household_id,)
    )
    connection.execute(
        "SELECT person_id FROM register.person WHERE person_id = ANY (%s::bigint[]) ORDER BY person_id FOR SHARE",
        (sorted(person_ids),),
    )


def residents_of(connection: Connection, env: Environment, household_id: int, on: date, items: frozenset[Item]) -> Read:
    """All residents of a household on a day, with the numbers that were asked for. Nobody in an unknown household."""
    return Read(Facts(tuple(residents(connection, env, household_id, on, items))))


def residents(
    connection: Connection, env: Environment, household_id: int, on: date, items: frozenset[Item]
) -> list[Subject]:
    """All residents of a household on a day, in order."""
    rows = connection.execute(
        "SELECT * FROM register.resident_state WHERE household_id = %s::bigint AND upper_inf(known)"
        " AND valid @> %s::date AND status = 'resident' ORDER BY household_order, person_id",
        (household_id, on),
    ).fetchall()
    return _subjects(connection, env, rows, items)


def with_history(connection: Connection, read: Read, person_ids: Sequence[int]) -> Read:
    """The same persons with the history of those to be printed, as known now."""
    rows = connection.execute(
        "SELECT * FROM register.resident_state WHERE person_id = ANY (%s::bigint[]) ORDER BY state_id",
        (list(person_ids),),
    ).fetchall()
    return _add_history(connection, read, [state_row_of(row) for row in rows])


def removed(
    connection: Connection,
    env: Environment,
    person_ids: Sequence[int],
    on: date,
    items: frozenset[Item],
    record_no: int | None = None,
) -> Read:
    """One removed record a person, the latest unless its number is given, and the heads of their households before."""
    rows = connection.execute(
        "SELECT * FROM register.resident_state WHERE person_id = ANY (%s::bigint[]) ORDER BY state_id",
        (list(person_ids),),
    ).fetchall()
    by_id = {row["state_id"]: row for row in rows}
    states = [state_row_of(row) for row in rows]
    ends_of = ends.read(connection, person_ids)
    chosen: list[RemovedRecord] = []
    for person_id in person_ids:
        own = [state for state in states if state.person_id == person_id]
        found = removed_records(own, ends_of.get(person_id, ()), on)
        chosen += [one for one in found if record_no in (None, one.record_no)][-1:]
    records_of = {one.person_id: one.record for one in chosen}
    printed = [(by_id[one.states[-1].state_id], one.record) for one in chosen]
    heads = _heads_before(connection, list(records_of.values()), set(records_of))
    members = (*_as_kept(connection, env, printed, items), *_subjects(connection, env, heads, items))
    went_on = {one.person_id for one in chosen if one.goes_on}
    live = [row for person_id in went_on for row in ends_of[person_id] if row.known_to is None]
    by = {row.written_by for row in live if row.end.record_no == records_of[row.end.person_id].record_no}
    if len(by) > 1:  # a paper speaks of records that ended by one change
        raise NobodyChosen(field="persons")
    return Read(Facts(members), ended_by=next(iter(by), None))


def _heads_before(connection: Connection, gone: Sequence[ResidentRecord], people: set[int]) -> list[Row]:
    """Who headed the households of removed persons on the day before; nobody who is among them."""
    heads: dict[int, Row] = {}
    for record in gone:
        if record.removed_on is None:
            continue
        found = connection.execute(
            "SELECT * FROM register.resident_state WHERE household_id = %s::bigint AND relationship = '02'"
            " AND upper_inf(known) AND status = 'resident' AND valid @> %s::date",
            (record.household_id, record.removed_on.on - timedelta(days=1)),
        ).fetchone()
        if found is not None and found["person_id"] not in people:
            heads[found["person_id"]] = found
    return list(heads.values())


def town(
    connection: Connection, env: Environment, town_code: str, on: date, hidden: Callable[..., frozenset[int]]
) -> Read:
    """The residents of a town, without those who are protected. Raises ListTooLong."""
    rows = connection.execute(
        "SELECT s.* FROM register.resident_current c JOIN register.resident_state s USING (state_id)"
        " WHERE s.town_code = %s AND s.status = 'resident' AND s.valid @> %s::date ORDER BY s.person_id LIMIT %s",
        (town_code, on, MOST_LISTED + 1),
    ).fetchall()
    if len(rows) > MOST_LISTED:
        raise ListTooLong(limit=MOST_LISTED)
    left_out = hidden([row["person_id"] for row in rows])
    shown = [row for row in rows if row["person_id"] not in left_out]
    return Read(Facts(tuple(_subjects(connection, env, shown, frozenset()))))


def leavers(
    connection: Connection, env: Environment, household_id: int, change_id: int | None, items: frozenset[Item]
) -> Read:
    """Those who left a household by one change (None: the latest), or will by a plan, as that change recorded them."""
    rows = connection.execute(
        "WITH gone AS (SELECT * FROM register.resident_state WHERE household_id = %s::bigint AND upper_inf(known)"
        "  AND status IN ('moved_out', 'removed') AND (planned_address IS NOT NULL OR planned_municipality IS NOT NULL))"
        " SELECT * FROM gone WHERE written_by = coalesce(%s::bigint, (SELECT max(written_by) FROM gone))"
        " ORDER BY household_order, person_id",
        (household_id, change_id),
    ).fetchall()
    heads = _heads_before(connection, [record_of(row) for row in rows], {row["person_id"] for row in rows})
    return Read(Facts(tuple(_subjects(connection, env, [*rows, *heads], items))))


def of_states(
    connection: Connection,
    env: Environment,
    state_ids: Sequence[int],
    items: frozenset[Item],
    history_ids: Sequence[int] = (),
    ended_by: int | None = None,
) -> Read:
    """The same persons as these states recorded them, whatever was registered since."""
    rows = connection.execute(
        "SELECT * FROM register.resident_state WHERE state_id = ANY (%s::bigint[]) ORDER BY household_order, person_id",
        (list(state_ids),),
    ).fetchall()
    past = connection.execute(
        "SELECT * FROM register.resident_state WHERE state_id = ANY (%s::bigint[]) ORDER BY state_id",
        (list(history_ids),),
    ).fetchall()
    known = [state_row_of(row) for row in past]
    records = [(row, _as_removed(connection, row, known, ended_by)) for row in rows]
    read = Read(Facts(tuple(_as_kept(connection, env, records, items))), ended_by=ended_by)
    return _add_history(connection, read, known) if known else read


def of_change(connection: Connection, env: Environment, change_id: int, items: frozenset[Item]) -> Read:
    """Everybody whose record a change wrote, as it wrote them: never different later, so letters can follow later."""
    rows = connection.execute(
        "SELECT DISTINCT ON (person_id) * FROM register.resident_state"
        " WHERE made_by = %s::bigint AND written_by = %s::bigint ORDER BY person_id, lower(valid)",
        (change_id, change_id),
    ).fetchall()
    rows.sort(key=lambda row: (row["household_order"], row["person_id"]))
    return Read(Facts(tuple(_subjects(connection, env, rows, items))))


def with_cause(connection: Connection, read: Read, change_id: int | None) -> Read:
    """The same persons with the change that the paper speaks of, and what stood there before it."""
    if change_id is None:
        return read
    change = connection.execute(
        "SELECT c.*, f.reception FROM register.change c LEFT JOIN register.case_file f USING (case_id)"
        " WHERE c.change_id = %s::bigint",
        (change_id,),
    ).fetchone()
    if change is None:
        return read
    roles = connection.execute(
        "SELECT person_id FROM register.change_person WHERE change_id = %s::bigint AND role = 'mover'", (change_id,)
    )
    people = [member.person_id for member in read.facts.members]
    rows = connection.execute(
        "SELECT * FROM register.resident_state WHERE person_id = ANY (%s::bigint[]) AND lower(known) <= %s",
        (people, change["recorded_at"]),
    ).fetchall()
    by_person: dict[int, list[StateRow]] = {}
    for row in rows:
        by_person.setdefault(row["person_id"], []).append(state_row_of(row))
    before = {
        person_id: step.before
        for person_id, states in by_person.items()
        for step in history.steps(states)
        if step.change_id == change_id and step.before is not None
    }
    cause = Cause(
        reason=Reason(change["reason"]),
        basis=Basis(change["basis"]),
        change_date=legal_date(change["change_date"], change["change_date_precision"], change["change_date_text"]),
        notified_on=change["notified_on"],
        notifier=str((change["reception"] or {}).get("name") or ""),
        movers=tuple(row["person_id"] for row in roles),
    )
    return replace(read, facts=replace(read.facts, cause=cause, before=before))


def _as_removed(connection: Connection, row: Row, known: Sequence[StateRow], written_by: int | None) -> ResidentRecord:
    """A record as it was printed: a removed one with what had been put right by then, and with its end where one was written.

    `known` is the history printed, every row known at the issue; the end is that of a person who went on with another record.
    """
    record, person_id = record_of(row), row["person_id"]
    own = [one for one in known if one.person_id == person_id]
    last = next((one for one in own if one.state_id == row["state_id"]), None)
    rows = ends.read(connection, [person_id]).get(person_id, ()) if written_by is not None else ()
    end = next((r for r in rows if r.written_by == written_by and r.end.record_no == record.record_no), None)
    replaced_at = end.known_from if end else (last.known_to if last and not record.is_resident else None)
    if last is not None and replaced_at is not None:
        live = history.known_then(own, max(one.known_from for one in own))
        record = record if last in live else put_right(own, live, last, replaced_at)
    return end.end.of(record) if end else record


def _as_kept(
    connection: Connection, env: Environment, rows: Sequence[tuple[Row, ResidentRecord]], items: frozenset[Item]
) -> list[Subject]:
    """States with the record that stands for each; the numbers are those of the record."""
    numbers = ("individual_number_id", "resident_code_id")
    kept = [{**row, **{name: getattr(record, name) for name in numbers}} for row, record in rows]
    subjects = _subjects(connection, env, kept, items)
    return [replace(one, record=record) for one, (_, record) in zip(subjects, rows, strict=True)]


def _add_history(connection: Connection, read: Read, rows: Sequence[StateRow]) -> Read:
    by_person: dict[int, list[StateRow]] = {}
    for row in rows:
        by_person.setdefault(row.person_id, []).append(row)
    changes = _changes(connection, {change for row in rows for change in (row.made_by, row.written_by)})
    members = tuple(
        replace(member, past=_past(connection, member, by_person.get(member.person_id, []), changes))
        for member in read.facts.members
    )
    return replace(
        read, facts=replace(read.facts, members=members), history=tuple(sorted(row.state_id for row in rows))
    )


def _changes(connection: Connection, change_ids: Iterable[int]) -> dict[int, Row]:
    rows = connection.execute(
        "SELECT * FROM register.change WHERE change_id = ANY (%s::bigint[])", (sorted(change_ids),)
    )
    return {row["change_id"]: row for row in rows}


def _past(
    connection: Connection, member: Subject, rows: Sequence[StateRow], changes: dict[int, Row]
) -> tuple[Past, ...]:
    """What changed in this record since it was entered; what was cancelled is no part of it (STD 4.6)."""
    cancelled = {row["cancels"] for row in changes.values() if row["cancels"]}
    cancelled |= {change_id for change_id, row in changes.items() if row["cancels"]}
    steps = [
        step
        for step in history.steps(rows)
        if step.change_id not in cancelled and step.after.record_no == member.record.record_no
    ]
    entered = [number for number, step in enumerate(steps) if _enters(step)]
    steps = [step for step in steps[(entered[-1] + 1 if entered else 0) :] if step.after.is_resident]
    notes = _notes(connection, member.person_id, [step.change_id for step in steps])
    return tuple(
        Past(
            valid_from=step.valid_from,
            reason=Reason(changes[step.change_id]["reason"]),
            basis=Basis(changes[step.change_id]["basis"]),
            change_date=legal_date(
                changes[step.change_id]["change_date"],
                changes[step.change_id]["change_date_precision"],
                changes[step.change_id]["change_date_text"],
            ),
            notified_on=changes[step.change_id]["notified_on"],
            before=step.before,
            after=step.after,
            notes=notes.get(step.change_id, ()),
        )
        for step in steps
        if step.before is not None
    )


def _enters(step: Step) -> bool:
    """Whether a step begins a record."""
    before = step.before
    return before is None or not before.is_resident or before.record_no != step.after.record_no


def _notes(connection: Connection, person_id: int, change_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for row in connection.execute(
        "SELECT change_id, text FROM register.change_note"
        " WHERE person_id = %s::bigint AND change_id = ANY (%s::bigint[]) ORDER BY change_id, item",
        (person_id, list(change_ids)),
    ):
        found[row["change_id"]] = (*found.get(row["change_id"], ()), row["text"])
    return found


def fingerprint(subjects: Sequence[Subject]) -> Fingerprint:
    """Persons and states of a household as one comparable value."""
    return sorted([subject.person_id, subject.state_id] for subject in subjects)


def lives_in(connection: Connection, person_id: int, household_id: int | None) -> bool:
    """Whether a person is a resident of a household today."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM register.resident_current WHERE person_id = %s::bigint"
        " AND household_id = %s::bigint AND status = 'resident') AS found",
        (person_id, household_id),
    ).fetchone()
    return row is not None and bool(row["found"])


def has_pending_change(connection: Connection, person_ids: Sequence[int]) -> bool:
    """Whether one of these persons stands in an open case (仮登録中)."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM register.case_person WHERE open AND person_id = ANY (%s::bigint[])) AS pending",
        (list(person_ids),),
    ).fetchone()
    return row is not None and bool(row["pending"])


def _subjects(connection: Connection, env: Environment, rows: Sequence[Row], items: frozenset[Item]) -> list[Subject]:
    wanted = [
        row[column]
        for row in rows
        for item, column in (
            (Item.INDIVIDUAL_NUMBER, "individual_number_id"),
            (Item.RESIDENT_CODE, "resident_code_id"),
        )
        if item in items and row[column] is not None
    ]
    clear = _numbers(connection, env, wanted)
    return [
        Subject(
            person_id=row["person_id"],
            state_id=row["state_id"],
            record=record_of(row),
            individual_number=clear.get(row["individual_number_id"]),
            resident_code=clear.get(row["resident_code_id"]),
        )
        for row in rows
    ]


def _numbers(connection: Connection, env: Environment, number_ids: Sequence[int]) -> dict[int | None, str]:
    if not number_ids:
        return {}
    clear: dict[int | None, str] = {}
    for row in connection.execute(
        "SELECT number_id, person_id, kind, ciphertext, key_version FROM register.number"
        " WHERE number_id = ANY (%s::bigint[])",
        (list(number_ids),),
    ):
        kind: NumberKind = row["kind"]
        clear[row["number_id"]] = unseal(env.keys, kind, row["person_id"], row["ciphertext"], row["key_version"])
    return clear
