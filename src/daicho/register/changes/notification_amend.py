"""What is notified of an amendment: new values of items of a record, or a new number."""

from dataclasses import dataclass
from datetime import date

from daicho.law.dates import LegalDate
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.notification_parts import Address, secret


@dataclass(frozen=True, slots=True, kw_only=True)
class NewValue:
    """What one item becomes: one of the four by the item's kind (`amendable.ITEMS`); none of them clears it."""

    item: str
    text: str | None = None
    day: date | None = None
    legal: LegalDate | None = None
    flag: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """職権修正, 軽微な修正, 旧氏・通称の記載・変更・削除: new values from `change_date` on.

    Several `person_ids` only for items that members share (STD 4.0.6). An `address` is amended for the whole household.
    `note` is a 留意事項 of the first item (STD 1.1.14). `ground` is a code of `grounds`; `notified_on` the day of the notice, application or request (STD 1.2.1).
    """

    reason: Reason
    household_id: int
    person_ids: tuple[int, ...]
    change_date: date
    notified_on: date | None = None
    basis: Basis = Basis.EX_OFFICIO
    ground: str | None = None
    values: tuple[NewValue, ...] = ()
    address: Address | None = None
    note: str | None = None

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.change_date


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCorrection:
    """誤記修正 (STD 4.2.3.3): what `change_id` recorded wrongly of one person, from `first_day` on, the day it wrote from.

    `household_ids` are all households in which the people of that change have stood from then on.
    """

    change_id: int
    first_day: date
    household_ids: tuple[int, ...]
    person_id: int
    change_date: date
    notified_on: date | None = None
    basis: Basis = Basis.EX_OFFICIO
    values: tuple[NewValue, ...] = ()
    address: Address | None = None
    note: str | None = None

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.first_day

    @property
    def reason(self) -> Reason:
        """The one reason there is."""
        return Reason.ERROR_CORRECTION


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChange:
    """A new individual number or resident code of one resident (STD 4.3, 4.4).

    Without a `resident_code` one is drawn from the stock at registration.
    """

    reason: Reason
    household_id: int
    person_id: int
    change_date: date
    notified_on: date | None = None
    basis: Basis = Basis.REQUEST
    individual_number: str | None = secret()
    resident_code: str | None = secret()

    @property
    def on(self) -> date:
        """The day for which the register is read."""
        return self.change_date
