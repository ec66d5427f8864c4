"""What forms ask the register: a household by its number, other households at an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daicho.law.names import address_key
from daicho.register.changes.plan import PersonBefore
from daicho.register.changes.record import ResidentRecord
from daicho.register.desk.forms.base import ChangeView, HouseholdMember, HouseholdView, Leaver, LeftHousehold
from daicho.register.desk.past_changes import change_view
from daicho.register.store.read import leavers_of, read_before
from daicho.wire.environment import Connection


@dataclass(frozen=True, slots=True)
class RegisterLookup:
    """Look-ups within one transaction, for what holds on `today`."""

    connection: Connection
    today: date

    def household(self, number: str) -> HouseholdView | None:
        """The household with this number; hyphens and widths do not matter."""
        household_id = self._id(number)
        return None if household_id is None else household_view(self.connection, household_id, self.today)

    def leavers(self, number: str) -> LeftHousehold | None:
        """The household with this number and those who have left it."""
        household_id = self._id(number)
        return None if household_id is None else left_household(self.connection, household_id, self.today)

    def _id(self, number: str) -> int | None:
        digits = "".join(c for c in number.translate(_NARROW) if c.isdigit())
        row = self.connection.execute(
            "SELECT household_id FROM register.household WHERE household_number = %s", (digits,)
        ).fetchone()
        return None if row is None else row["household_id"]

    def change(self, change_id: int) -> ChangeView | None:
        """A registered change that could be taken back."""
        return change_view(self.connection, change_id)


_NARROW = {0xFF10 + digit: 0x30 + digit for digit in range(10)}


def household_view(connection: Connection, household_id: int, today: date) -> HouseholdView | None:
    """A household with its residents on a day; None when nobody lives there."""
    household = read_before(connection, [household_id], [], today).household(household_id)
    members: list[HouseholdMember] = []
    address, building = "", None
    for person in household.residents:
        if person.current is None:
            continue
        record = person.current.record
        address, building = record.address, record.building
        members.append(_member(person.person_id, record))
    if not members or household.household_number is None:
        return None
    return HouseholdView(household_id, household.household_number, address, building, tuple(members))


def _member(person_id: int, record: ResidentRecord) -> HouseholdMember:
    return HouseholdMember(
        person_id=person_id,
        name=record.name,
        name_kana=record.name_kana,
        birth=record.birth,
        sex=record.sex,
        relationship=record.relationship,
        domicile=record.domicile,
        family_register_head=record.family_register_head,
        record=record,
        is_foreign=record.is_foreign,
    )


def left_household(connection: Connection, household_id: int, today: date) -> LeftHousehold | None:
    """Those who have left a household, or will; None when nobody has."""
    people = leavers_of(connection, household_id)
    seen = read_before(connection, [household_id], people, today)
    found = [_leaver(seen.persons[person]) for person in people]
    number = seen.household(household_id).household_number
    leavers = tuple(leaver for leaver in found if leaver is not None)
    return LeftHousehold(household_id, number, leavers) if leavers and number is not None else None


def _leaver(person: PersonBefore) -> Leaver | None:
    """The last removal of a person by a move out or ex officio."""
    removed = [state for state in person.states if state.record.status in ("moved_out", "removed")]
    if not removed:
        return None
    record = removed[-1].record
    return Leaver(
        member=_member(person.person_id, record),
        removal_on=removed[-1].valid_from,
        planned=record.planned_address or "",
        confirmed=record.confirmed_address or "",
        notice_on=record.arrival_notice_on,
    )


def household_numbers(connection: Connection, household_ids: Sequence[int]) -> dict[int, str]:
    """The number of each household."""
    rows = connection.execute(
        "SELECT household_id, household_number FROM register.household WHERE household_id = ANY (%s::bigint[])",
        (list(household_ids),),
    )
    return {row["household_id"]: row["household_number"] for row in rows}


def households_at(connection: Connection, address: str, today: date) -> list[tuple[str, str | None]]:
    """(household number, building line) of the households that live at an address in the city today.

    Households in which a hidden person lives are not among them.
    """
    key = address_key(address)
    rows = connection.execute(
        "SELECT DISTINCT h.household_number, c.building FROM register.resident_current c"
        " JOIN register.household h USING (household_id)"
        " WHERE c.address_key ~>=~ %(key)s AND c.address_key ~<~ %(end)s AND c.address = %(address)s"
        " AND c.status = 'resident' AND (c.removed_from IS NULL OR c.removed_from > %(today)s)"
        " AND c.person_id NOT IN (SELECT register.all_shielded(%(today)s::date, %(today)s::timestamptz))"
        " ORDER BY h.household_number LIMIT 20",
        {"key": key, "end": key[:-1] + chr(ord(key[-1]) + 1), "address": address, "today": today},
    ).fetchall()
    return [(row["household_number"], row["building"]) for row in rows]
