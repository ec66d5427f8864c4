"""What was notified, one frozen dataclass per change; ids of new persons and households are drawn before.

These are the contents of a case and the bodies of the API, read and written by `codec`. Relationships are stored
codes of law.kinship ("02" head, "20.12"); texts are in the stored form (after law.names).
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis

if TYPE_CHECKING:
    from daicho.register.changes.notification_amend import Amendment, ErrorCorrection, NumberChange


def secret() -> Any:
    """An optional number in clear: hidden from repr and sealed by the codec."""
    return field(default=None, repr=False, metadata={"secret": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address in this city: the seven items of the record, same names."""

    municipality_code: str
    address: str
    town_code: str | None = None
    postcode: str | None = None
    district_code: str | None = None
    building_code: str | None = None
    building: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address elsewhere, where the person came from or goes to; abroad has no municipality code."""

    municipality: str | None = None
    postcode: str | None = None
    address: str | None = None
    building: str | None = None
    head: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignItems:
    """The items of a foreign resident, named as in the record."""

    nationality: str
    nationality_name: str | None = None
    residence_card_number: str | None = None
    residence_status: str | None = None
    residence_status_name: str | None = None
    article_30_45: str
    stay_period: str | None = None
    stay_until: date | None = None
    foreign_resident_since: LegalDate
    foreign_name_kana: str | None = None
    foreign_name_kanji: str | None = None
    common_name_kana: str | None = None
    common_name: str | None = None
    common_name_history: str | None = None
    common_name_on: date | None = None
    common_name_municipality: str | None = None
    alien_registered_on: LegalDate | None = None
    residence_notice: str | None = None
    landing_permit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewResident:
    """One row of the move-in grid.

    `person_id` is a fresh id, or that of the removed record whose person returns (STD 4.1.1.2). `different_from` are
    the candidates that the clerk compared and found to be somebody else.
    """

    person_id: int
    name: str
    sex: str
    birth: LegalDate
    relationship: str
    name_kana: str | None = None
    name_kana_checked: bool = False
    name_reading: str | None = None
    name_reading_on: date | None = None
    domicile_municipality: str | None = None
    domicile_postcode: str | None = None
    domicile: str | None = None
    family_register_head: str | None = None
    former_family_name: str | None = None
    former_family_name_kana: str | None = None
    remarks: str | None = None
    individual_number: str | None = secret()
    resident_code: str | None = secret()
    foreign: ForeignItems | None = None
    different_from: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveIn:
    """国内転入 (法22条). `address` makes a new household; without it the members join the existing one."""

    household_id: int
    change_date: date
    notified_on: date | None = None
    basis: Basis = Basis.NOTIFICATION
    address: Address | None = None
    previous: Place
    members: tuple[NewResident, ...]

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.change_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """The relationship the clerk chose for one person, instead of the inferred one."""

    person_id: int
    relationship: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Naturalisation:
    """帰化 or, with `acquisition`, 国籍取得 of a foreign resident (STD 4.5.3, 4.5.4): what the next record does not take over."""

    household_id: int
    person_id: int
    change_date: date
    notified_on: date | None = None
    basis: Basis = Basis.EX_OFFICIO
    acquisition: bool = False
    name: str
    name_kana: str | None = None
    name_kana_checked: bool = False
    name_reading: str | None = None
    name_reading_on: date | None = None
    domicile_municipality: str | None = None
    domicile_postcode: str | None = None
    domicile: str | None = None
    family_register_head: str | None = None
    remarks: str | None = None

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.change_date


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalityLoss:
    """国籍喪失 of a Japanese resident (STD 4.5.5). The day since which the person is a foreign resident follows from the record."""

    household_id: int
    person_id: int
    change_date: date
    notified_on: date | None = None
    basis: Basis = Basis.EX_OFFICIO
    name: str
    name_kana: str | None = None
    name_kana_checked: bool = False
    foreign: ForeignItems
    remarks: str | None = None

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.change_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """改製 or, with `restoration`, 再製 of the records of some members of a household (STD 1.1.4)."""

    household_id: int
    person_ids: tuple[int, ...]
    change_date: date
    notified_on: date | None = None
    basis: Basis = Basis.EX_OFFICIO
    restoration: bool = False

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.change_date


class RemovalGround(StrEnum):
    """Why somebody is removed ex officio: 失踪, 実態調査, 在留資格の喪失, or something else said in words."""

    DISAPPEARANCE = "disappearance"
    FACT_FINDING = "fact_finding"
    STATUS_LOST = "status_lost"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExOfficioRemoval:
    """職権消除 of some members of a household (STD 4.2.2). The day may be unknown for 失踪; `remark` says more of the ground."""

    household_id: int
    person_ids: tuple[int, ...]
    removed_on: LegalDate
    ground: RemovalGround
    remark: str | None = None
    notified_on: date | None = None
    basis: Basis = Basis.EX_OFFICIO
    new_head_id: int | None = None
    relationships: tuple[Related, ...] = ()

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.removed_on.on


Notification: TypeAlias = (
    "MoveIn | MoveWithin | MoveOut | ArrivalNotice | Birth | Death | HeadChange | HouseholdMove"
    " | Cancellation | Naturalisation | NationalityLoss | Renewal | ExOfficioRemoval | Amendment | ErrorCorrection | NumberChange"
)
