"""What forms ask the register: a household by its number, other households at an address."""

from dataclasses import dataclass
from datetime import date

from daicho.law.names import address_key
from daicho.register.desk.forms.base import ChangeView, HouseholdMember, HouseholdView
from daicho.register.desk.past_changes import change_view
from daicho.register.store.read import read_before
from daicho.wire.environment import Connection


@dataclass(frozen=True, slots=True)
class RegisterLookup:
    """Look-ups within one transaction, for what holds on `today`."""

    connection: Connection
    today: date

    def household(self, number: str) -> HouseholdView | None:
        """The household with this number; hyphens and widths do not matter."""
        digits = "".join(c for c in number.translate(_NARROW) if c.isdigit())
        row = self.connection.execute(
            "SELECT household_id FROM register.household WHERE household_number = %s", (digits,)
        ).fetchone()
        return None if row is None else household_view(self.connection, row["household_id"], self.today)

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
        members.append(
            HouseholdMember(
                person_id=person.person_id,
                name=record.name,
                name_kana=record.name_kana,
                birth=record.birth,
                sex=record.sex,
                relationship=record.relationship,
                domicile=record.domicile,
                family_register_head=record.family_register_head,
                record=record,
            )
        )
    if not members or household.household_number is None:
        return None
    return HouseholdView(household_id, household.household_number, address, building, tuple(members))


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
