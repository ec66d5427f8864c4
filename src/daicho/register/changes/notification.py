"""What was notified, one frozen dataclass per change; ids of new persons and households are drawn before.

These are the contents of a case and the bodies of the API, read and written by `codec`. Relationships are stored
codes of law.kinship ("02" head, "20.12"); texts are in the stored form (after law.names).
"""

from dataclasses import dataclass
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis
from daicho.register.changes.notification_amend import Amendment, ErrorCorrection, NumberChange
from daicho.register.changes.notification_parts import (
    Address,
    CardShown,
    ForeignItems,
    MoveIn,
    NewResident,
    Place,
    Related,
    secret,
)
from daicho.register.changes.notification_records import (
    AbroadKind,
    EntryKind,
    ExOfficioEntry,
    ExOfficioRemoval,
    MoveInAbroad,
    NationalityLoss,
    Naturalisation,
    RemovalGround,
    Renewal,
)

__all__ = [
    "AbroadKind",
    "Address",
    "ArrivalNotice",
    "Birth",
    "Cancellation",
    "CardShown",
    "Death",
    "EntryKind",
    "ExOfficioEntry",
    "ExOfficioRemoval",
    "ForeignItems",
    "HeadChange",
    "HouseholdMove",
    "MoveIn",
    "MoveInAbroad",
    "MoveOut",
    "MoveWithin",
    "NationalityLoss",
    "Naturalisation",
    "NewResident",
    "Notification",
    "Place",
    "Related",
    "RemovalGround",
    "Renewal",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveWithin:
    """転居 (法23条) of all or some members of `from_household_id`.

    With `address` they live there as household `household_id` (their own number when all go together); without it
    they join the household of that id. `relationships` are chosen for movers and for those who stay; `head_id` heads
    the movers' new household, `new_head_id` what is left behind.
    """

    from_household_id: int
    household_id: int
    change_date: date
    notified_on: date | None = None
    basis: Basis = Basis.NOTIFICATION
    address: Address | None = None
    person_ids: tuple[int, ...]
    head_id: int | None = None
    new_head_id: int | None = None
    head_open: bool = False
    relationships: tuple[Related, ...] = ()

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.change_date


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOut:
    """国内転出 or 国外転出 (法24条), usually ahead of `change_date`, the planned day.

    `by_card` is the move out with a card (特例転出, 法24条の2); `head_open` leaves the new head of two or more who stay to
    a later notification (STD 4.0.5).
    """

    household_id: int
    change_date: date
    notified_on: date | None = None
    basis: Basis = Basis.NOTIFICATION
    abroad: bool = False
    destination: Place
    person_ids: tuple[int, ...]
    by_card: bool = False
    new_head_id: int | None = None
    head_open: bool = False
    relationships: tuple[Related, ...] = ()

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.change_date


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalNotice:
    """転入通知 (法9条1項): the municipality of arrival says when people became its residents, and where.

    `removal_on` is the day from which they are removed as it stands in the register, `household_id` where they were.
    """

    household_id: int
    removal_on: date
    arrived_on: date
    notified_on: date
    basis: Basis = Basis.NOTICE
    destination: Place
    person_ids: tuple[int, ...]

    @property
    def on(self) -> date:
        """The day for which the register is read: whichever removal may come to be the earlier."""
        return min(self.arrived_on, self.removal_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """出生 (令8条; 戸籍法49条). The change date is the birth date; `parent_id` lets the relationship be inferred."""

    person_id: int
    household_id: int
    birth: LegalDate
    notified_on: date | None = None
    basis: Basis = Basis.EX_OFFICIO
    name: str
    sex: str
    parent_id: int | None = None
    relationship: str | None = None
    name_kana: str | None = None
    name_kana_checked: bool = False
    name_reading: str | None = None
    name_reading_on: date | None = None
    domicile_municipality: str | None = None
    domicile_postcode: str | None = None
    domicile: str | None = None
    family_register_head: str | None = None
    remarks: str | None = None
    individual_number: str | None = secret()
    resident_code: str | None = secret()
    foreign: ForeignItems | None = None
    different_from: tuple[int, ...] = ()

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.birth.on


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """死亡 (令8条; 戸籍法86条). The change date is the day of death, which may be unknown."""

    household_id: int
    person_id: int
    died: LegalDate
    notified_on: date | None = None
    basis: Basis = Basis.EX_OFFICIO
    new_head_id: int | None = None
    head_open: bool = False
    relationships: tuple[Related, ...] = ()

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.died.on


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadChange:
    """世帯主変更 (法25条). Without `new_head_id` the household has no head from that day on (STD 1.1.10).

    `factual_head` is then the name of whoever heads it in fact without being in the register (STD 4.1.4.3).
    """

    household_id: int
    change_date: date
    notified_on: date | None = None
    basis: Basis = Basis.NOTIFICATION
    new_head_id: int | None = None
    factual_head: str | None = None
    relationships: tuple[Related, ...] = ()

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.change_date


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdMove:
    """世帯分離, 世帯合併 or 世帯変更 (法25条): members of `from_household_id` become members of `household_id`.

    `head_id` heads the new household of a split, `new_head_id` what is left behind. `order` is the order of everybody
    in the household entered, when a clerk sets it by hand (STD 5.2); without `person_ids` only that order is set.
    """

    from_household_id: int
    household_id: int
    change_date: date
    notified_on: date | None = None
    basis: Basis = Basis.NOTIFICATION
    person_ids: tuple[int, ...] = ()
    head_id: int | None = None
    new_head_id: int | None = None
    relationships: tuple[Related, ...] = ()
    order: tuple[int, ...] = ()

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.change_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """異動の取消し (STD 4.6): `change_id` is taken back for `person_ids`, all of those who moved or some of them.

    `first_day` is the first day on which the change wrote anything, `involved_ids` everybody of whom it did, and
    `household_ids` all households in which they have ever stood from then on. Where the household they go back to is
    gone, `new_household_id` takes them from that day on; `relationships` are chosen where none follows.
    """

    change_id: int
    first_day: date
    household_ids: tuple[int, ...]
    involved_ids: tuple[int, ...]
    person_ids: tuple[int, ...]
    notified_on: date | None = None
    basis: Basis = Basis.EX_OFFICIO
    new_household_id: int | None = None
    relationships: tuple[Related, ...] = ()

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.first_day


Notification = (
    MoveIn
    | MoveWithin
    | MoveOut
    | ArrivalNotice
    | Birth
    | Death
    | HeadChange
    | HouseholdMove
    | Cancellation
    | Naturalisation
    | NationalityLoss
    | Renewal
    | ExOfficioRemoval
    | MoveInAbroad
    | ExOfficioEntry
    | Amendment
    | ErrorCorrection
    | NumberChange
)
