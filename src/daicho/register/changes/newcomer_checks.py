"""What is impossible or doubtful about a person to be entered, beside the household: stay and parent (STD 11.1)."""

import calendar
from datetime import date

from daicho.law.dates import LegalDate, age_on
from daicho.law.eras import format_western
from daicho.law.errors import DaichoError
from daicho.register.changes.alerts import alert
from daicho.register.changes.notification import Birth, ForeignItems
from daicho.register.changes.overlay import resident_state
from daicho.register.changes.plan import Alert, HouseholdBefore

_SPECIAL_MONTHS = 2
"""入管法20条6項, 21条4項: who has applied in time may stay until decided, at most two months past the end."""
_ENDS_SOON = 30
_YOUNGEST_PARENT = 12


class StayEnded(DaichoError):
    """The period of stay, the two months after an application included, is over; data: shown."""

    code = "M001"
    happened = "在留期間の満了日（{shown}）から2か月の特例期間も過ぎています。"
    todo = "新しい在留カードか出入国在留管理庁の通知で、満了日を確かめてください。更新されていなければ記載できません。"


class ParentYounger(DaichoError):
    """A child is not born before its parent; data: born."""

    code = "M002"
    happened = "子の生年月日が、父母の生年月日（{born}）より前です。"
    todo = "子の生年月日と、選んだ父母を確かめてください。"


def special_period_end(stay_until: date) -> date:
    """The last day of the two months in which who has applied for a renewal may stay (入管法20条6項; 民法143条)."""
    month = stay_until.month - 1 + _SPECIAL_MONTHS
    year, month = stay_until.year + month // 12, month % 12 + 1
    return date(year, month, min(stay_until.day, calendar.monthrange(year, month)[1]))


def stay_alerts(foreign: ForeignItems | None, person_id: int, on: date, field: str = "") -> tuple[Alert, ...]:
    """A stay that has ended or ends soon. Raises StayEnded for the named field."""
    until = foreign.stay_until if foreign is not None else None
    if until is None:
        return ()
    if on > special_period_end(until):
        raise StayEnded(field, shown=format_western(until))
    if on > until:
        return (alert("W070", person_id, shown=format_western(until)),)
    days = (until - on).days
    return (alert("W072", person_id, days=days),) if days <= _ENDS_SOON else ()


def parent_alerts(household: HouseholdBefore, birth: Birth) -> tuple[Alert, ...]:
    """A parent of this age is seldom. Raises ParentYounger."""
    for member in household.residents:
        if member.person_id == birth.parent_id:
            return _parent_age(resident_state(member).record.birth, birth)
    return ()


def _parent_age(parent: LegalDate, child: Birth) -> tuple[Alert, ...]:
    age = age_on(parent, child.birth.on)
    if parent.is_calendar and child.birth.is_calendar and child.birth.on <= parent.on:
        raise ParentYounger("birth", born=parent.wareki)
    if age is None or age >= _YOUNGEST_PARENT:
        return ()
    return (alert("W071", child.person_id, age=age),)
