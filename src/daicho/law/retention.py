"""How long records are kept (住民基本台帳法施行令34条, 番号法23条 with its order 29条)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.law.periods import business_days_later, years_later


class Kept(StrEnum):
    """Kinds of records with a period fixed by law; the event that begins it is named at each."""

    REMOVED_RECORD = "removed_record"
    """除票 and 附票の除票: removal or renewal."""
    IDENTITY_SUPERSEDED = "identity_superseded"
    """本人確認情報 replaced by a newer one: the newer notice."""
    IDENTITY_REMOVED = "identity_removed"
    """本人確認情報 of people removed: the notice of removal."""
    DOCUMENT = "document"
    """届出書, 通知書 and the like: receipt."""
    PROVISION_RECORD = "provision_record"
    """情報提供等記録: the provision."""
    DISPATCH = "dispatch"
    """送付先情報: hand-over to the institution."""


@dataclass(frozen=True, slots=True)
class Period:
    """Years, or business days where years is 0, and the legal basis."""

    years: int
    business_days: int
    basis: str


PERIODS = {
    Kept.REMOVED_RECORD: Period(150, 0, "住民基本台帳法施行令34条1項"),
    Kept.IDENTITY_SUPERSEDED: Period(150, 0, "住民基本台帳法施行令34条2項1号"),
    Kept.IDENTITY_REMOVED: Period(150, 0, "住民基本台帳法施行令34条2項2号"),
    Kept.DOCUMENT: Period(1, 0, "住民基本台帳法施行令34条4項"),
    Kept.PROVISION_RECORD: Period(7, 0, "番号法23条、同法施行令29条"),
    Kept.DISPATCH: Period(0, 1, "特定個人情報保護評価書（送付先情報ファイル）"),
}

_LONG_PERIOD_SINCE = date(2019, 6, 20)
_FORMER_YEARS = 5


def keep_until(kept: Kept, begins: date) -> date:
    """The last day on which the record is kept, `begins` being the day of the event that starts the period."""
    period = PERIODS[kept]
    if period.years:
        return years_later(begins, period.years)
    return business_days_later(begins, period.business_days)


def may_be_erased(kept: Kept, begins: date, today: date) -> bool:
    """Whether the period is over."""
    return today > keep_until(kept, begins)


def may_be_discarded_lawfully(removed_on: date) -> bool:
    """Whether a 除票 may be missing because its former period of 5 years ended before the long one began (2019-06-20).

    The answer is then 「保存期間満了により廃棄」, which is not the same as "not found".
    """
    return years_later(removed_on, _FORMER_YEARS) < _LONG_PERIOD_SINCE
