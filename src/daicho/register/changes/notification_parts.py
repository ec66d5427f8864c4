"""Parts that notifications share: addresses, the items of a foreign resident, the rows of people who come."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis


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
    former_family_name_kana_checked: bool = False
    former_family_name_reading: str | None = None
    former_family_name_reading_on: date | None = None
    adult_ward: bool = False
    remarks: str | None = None
    individual_number: str | None = secret()
    resident_code: str | None = secret()
    foreign: ForeignItems | None = None
    different_from: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShown:
    """What makes a move in one with a card (特例転入, 法24条の2): whose card was shown and its PIN matched, and the day planned there."""

    planned_on: date
    holder_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveIn:
    """国内転入 (法22条). `address` makes a new household; without it the members join the existing one.

    `unreported`: they came without a notification before (未届転入, STD 4.1.1.4); `previous` is then the last of the
    unreported addresses and `last` the last place of registration. `card`: no paper is handed in, the municipality before
    sends its 転出証明書情報 (特例転入, STD 4.1.1.3).
    """

    household_id: int
    change_date: date
    notified_on: date | None = None
    basis: Basis = Basis.NOTIFICATION
    address: Address | None = None
    previous: Place
    unreported: bool = False
    last: Place | None = None
    unreported_from: date | None = None
    unreported_to: date | None = None
    card: CardShown | None = None
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
