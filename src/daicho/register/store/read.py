"""Reading states for the writer: what a plan sees, and the live rows it will close.

This is not a way to look at people: screens and API read through `daicho.register.store.access`, which decides
about rights and writes the trail.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from psycopg.rows import tuple_row

from daicho.law.reasons import Reason
from daicho.register.changes.known import Part, Past, PastChange
from daicho.register.changes.plan import Before, HouseholdBefore, PersonBefore
from daicho.register.changes.timeline import StateRow
from daicho.register.store.rows import STATE_COLUMNS, legal_date, state_of, state_row, state_row_of
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
        "SELECT household_id, person_id FROM register.members_from(%s::bigint[], %s::date)", (list(household_ids), on)
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


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands about some households and persons, as known now; everything that a plan for the day `on` may see."""

    on: date
    household_ids: tuple[int, ...]
    person_ids: tuple[int, ...]
    rows: Mapping[int, Sequence[StateRow]]
    """The live rows of these persons and of the members, by valid time; none for whoever does not exist yet."""
    addressee_numbers: Mapping[int, str | None]

    def members(self) -> dict[int, list[int]]:
        """Per household the persons who stand in it on the day or later, as `members_on` finds them."""
        found: dict[int, dict[int, int]] = {household_id: {} for household_id in self.household_ids}
        for person_id, rows in self.rows.items():
            for row in rows:
                ranks = found.get(row.record.household_id)
                if (
                    ranks is None
                    or not row.record.is_resident
                    or (row.valid_to is not None and row.valid_to <= self.on)
                ):
                    continue
                rank = row.record.household_order
                ranks[person_id] = min(rank, ranks.get(person_id, rank))
        return {household_id: sorted(ranks, key=lambda p: (ranks[p], p)) for household_id, ranks in found.items()}

    def before(self, household_numbers: Mapping[int, str], past: Past | None = None) -> Before:
        """The picture for a plan."""
        people = {
            person_id: _person_before(person_id, self.addressee_numbers[person_id], rows, self.on)
            for person_id, rows in self.rows.items()
        }
        return Before(
            on=self.on,
            households={
                household_id: HouseholdBefore(
                    household_id, household_numbers.get(household_id), tuple(people[p] for p in members)
                )
                for household_id, members in self.members().items()
            },
            persons={person_id: people[person_id] for person_id in self.person_ids},
            past=past,
        )


_STANDING = f"""
    SELECT w.person_id, p.addressee_number, {", ".join(f"s.{name}" for name in STATE_COLUMNS)}
    FROM (
        SELECT unnest(%s::bigint[]) AS person_id
        UNION SELECT m.person_id FROM register.members_from(%s::bigint[], %s::date) m
    ) w
    LEFT JOIN register.person p ON p.person_id = w.person_id
    LEFT JOIN register.resident_state s ON s.person_id = w.person_id AND upper_inf(s.known)
    ORDER BY w.person_id, s.valid
""".encode()  # noqa: S608 - column names are ours


def read_standing(
    connection: Connection, household_ids: Iterable[int], person_ids: Iterable[int], on: date
) -> Standing:
    """What stands now. Ids that do not exist yet (drawn for a new person or household) are allowed and have no rows."""
    persons, households = sorted(set(person_ids)), sorted(set(household_ids))
    rows: dict[int, list[StateRow]] = {}
    numbers: dict[int, str | None] = {}
    with connection.cursor(row_factory=tuple_row) as cursor:
        for person_id, addressee_number, *values in cursor.execute(_STANDING, (persons, households, on)):
            numbers[person_id] = addressee_number
            known = rows.setdefault(person_id, [])
            if values[0] is not None:
                known.append(state_row(values))
    return Standing(on, tuple(households), tuple(persons), rows, numbers)


_KEEPING_PLANS: LiteralString = """
    SELECT h.household_id, h.household_number
    FROM set_config('plan_cache_mode', 'force_generic_plan', true)
    LEFT JOIN register.household h ON h.household_id = ANY (%s::bigint[])
"""


def read_before(
    connection: Connection,
    household_ids: Iterable[int],
    person_ids: Iterable[int],
    on: date,
    *,
    with_past: bool = False,
) -> Before:
    """Everything a plan for the change date `on` may look at, as known now; with the known axis where it is needed.

    Ids that do not exist yet (drawn for a new person or household) are allowed and come back without states. Plans are
    kept for the rest of the transaction: making one takes three times as long as this answer.
    """
    households = sorted(set(household_ids))
    numbers = {
        row["household_id"]: row["household_number"]
        for row in connection.execute(_KEEPING_PLANS, (households,))
        if row["household_id"] is not None
    }
    standing = read_standing(connection, households, person_ids, on)
    return standing.before(numbers, read_past(connection, list(standing.rows)) if with_past else None)


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


def _person_before(person_id: int, addressee_number: str | None, rows: Sequence[StateRow], on: date) -> PersonBefore:
    current = [r for r in rows if r.valid_from <= on and (r.valid_to is None or r.valid_to > on)]
    earlier = tuple(state_of(r) for r in rows if r.valid_to is not None and r.valid_to <= on)
    later = tuple(state_of(r) for r in rows if r.valid_from > on)
    return PersonBefore(person_id, addressee_number, state_of(current[0]) if current else None, later, earlier)
