"""Notifications that enter or end records: from abroad, ex officio, changes of nationality, renewal (STD 4.2, 4.5, 1.1.4)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis
from daicho.register.changes.notification_parts import ForeignItems, MoveIn, Related


class AbroadKind(StrEnum):
    """From abroad (法22条), as a foreign resident from abroad (法30条の46), or becoming one at home (法30条の47)."""

    ABROAD = "abroad"
    ARTICLE_30_46 = "30_46"
    ARTICLE_30_47 = "30_47"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveInAbroad(MoveIn):
    """国外転入等 (法22条, 30条の46, 30条の47; STD 4.5.1, 4.5.2). Of the two articles for foreign residents `previous` is blank."""

    kind: AbroadKind = AbroadKind.ABROAD


class EntryKind(StrEnum):
    """住所設定, the same for people without an address before, and entries on a change of nationality of people without a record."""

    SETTING = "setting"
    WITHOUT_PREVIOUS = "without_previous"
    NATURALISED = "naturalised"
    NATIONALITY_LOST = "nationality_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExOfficioEntry(MoveIn):
    """職権記載 of people who have no record (法8条, STD 4.2.1.1, 4.5.3-4.5.5); 転入前住所 may be 不明."""

    basis: Basis = Basis.EX_OFFICIO
    kind: EntryKind = EntryKind.SETTING


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
