"""Reading states for the writer: what a plan sees, and the live rows it will close.

This is not a way to look at people: screens and API read through `daicho.register.store.access`, which decides
about rights and writes the trail.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from daicho.law.reasons import Reason
from daicho.register.changes.known import Part, Past, PastChange
from daicho.register.changes.plan import Before, HouseholdBefore, PersonBefore
from daicho.register.changes.timeline import StateRow
from daicho.register.store.rows import legal_date, state_of, state_row_of
from daicho.wire.environment import Connection


def live_rows(connection: Connection, person_ids: Sequence[int]) -> dict[int, list[StateRow]]:
    """Per person the rows with an open known range, by valid time. Persons without rows are left out."""
    found: dict[int, list[StateRow]] = {}
    for row in connection.execute(
        "SELECT * FROM register.resident_state WHERE person_id = ANY (%s::bigint[]) AND upper_inf(known)"
        " ORDER BY person_id, valid",
        (list(person_ids),),
    ):
        found.setdefault(row["person_id"], []).append(state_row_of(row))
    return found


def members_on(connection: Connection, household_ids: Sequence[int], on: date) -> dict[int, list[int]]:
    """Per household the persons whose resident record stands in it on a day or later, as known now, in order.

    Whoever came in since is seen too: a change for a past day must not collide with them.
    """
    found: dict[int, list[int]] = {household_id: [] for household_id in household_ids}
    for row in connection.execute(
        "SELECT household_id, person_id FROM register.resident_state"
        " WHERE household_id = ANY (%s::bigint[]) AND upper_inf(known) AND valid && daterange(%s::date, NULL)"
        " AND status = 'resident'"
        " GROUP BY household_id, person_id ORDER BY household_id, min(household_order), person_id",
        (list(household_ids), on),
    ):
        found[row["household_id"]].append(row["person_id"])
    return found


def leavers_of(connection: Connection, household_id: int) -> list[int]:
    """Whoever has left this household for another municipality, will leave, or was removed ex officio, as known now."""
    rows = connection.execute(
        "SELECT person_id FROM register.resident_state WHERE household_id = %s AND upper_inf(known)"
        " AND status IN ('moved_out', 'removed') GROUP BY person_id ORDER BY min(household_order), person_id",
        (household_id,),
    )
    return [row["person_id"] for row in rows]


def read_before(
    connection: Connection,
    household_ids: Iterable[int],
    person_ids: Iterable[int],
    on: date,
    *,
    with_past: bool = False,
) -> Before:
    """Everything a plan for the change date `on` may look at, as known now; with the known axis where it is needed.

    Ids that do not exist yet (drawn for a new person or household) are allowed and come back without states.
    """
    person_ids = sorted(set(person_ids))
    households = sorted(set(household_ids))
    members = members_on(connection, households, on)
    wanted = sorted({*person_ids, *(person for people in members.values() for person in people)})
    rows = live_rows(connection, wanted)
    addressee = _column(connection, "person_id", "addressee_number", "register.person", wanted)
    numbers = _column(connection, "household_id", "household_number", "register.household", households)
    people = {
        person_id: _person_before(person_id, addressee.get(person_id), rows.get(person_id, []), on)
        for person_id in wanted
    }
    return Before(
        on=on,
        households={
            household_id: HouseholdBefore(
                household_id, numbers.get(household_id), tuple(people[p] for p in members[household_id])
            )
            for household_id in households
        },
        persons={person_id: people[person_id] for person_id in person_ids},
        past=read_past(connection, wanted) if with_past else None,
    )


def read_past(connection: Connection, person_ids: Sequence[int]) -> Past:
    """Every row ever written of these people, and the changes that wrote them."""
    rows: dict[int, list[StateRow]] = {}
    for row in connection.execute(
        "SELECT * FROM register.resident_state WHERE person_id = ANY (%s::bigint[]) ORDER BY lower(known), state_id",
        (list(person_ids),),
    ):
        rows.setdefault(row["person_id"], []).append(state_row_of(row))
    changes: dict[int, PastChange] = {}
    people: dict[int, dict[int, Part]] = {}
    for row in connection.execute(
        "SELECT c.*, p.person_id, p.kind, p.role FROM register.change c JOIN register.change_person p USING (change_id)"
        " WHERE c.change_id IN (SELECT change_id FROM register.change_person WHERE person_id = ANY (%s::bigint[]))",
        (list(person_ids),),
    ):
        parts = people.setdefault(row["change_id"], {})
        parts[row["person_id"]] = Part(row["kind"], row["role"])
        changes[row["change_id"]] = PastChange(
            change_id=row["change_id"],
            reason=Reason(row["reason"]),
            change_date=legal_date(row["change_date"], row["change_date_precision"], row["change_date_text"]),
            recorded_at=row["recorded_at"],
            cancels=row["cancels"],
            corrects=row["corrects"],
            people=parts,
        )
    return Past({person_id: tuple(found) for person_id, found in rows.items()}, changes)


def _person_before(person_id: int, addressee_number: str | None, rows: list[StateRow], on: date) -> PersonBefore:
    current = [r for r in rows if r.valid_from <= on and (r.valid_to is None or r.valid_to > on)]
    earlier = tuple(state_of(r) for r in rows if r.valid_to is not None and r.valid_to <= on)
    later = tuple(state_of(r) for r in rows if r.valid_from > on)
    return PersonBefore(person_id, addressee_number, state_of(current[0]) if current else None, later, earlier)


def _column(connection: Connection, key: str, value: str, table: str, ids: Sequence[int]) -> dict[int, str]:
    query = f"SELECT {key}, {value} FROM {table} WHERE {key} = ANY (%s::bigint[])"  # noqa: S608 - names are ours
    return {row[key]: row[value] for row in connection.execute(query.encode(), (list(ids),))}
