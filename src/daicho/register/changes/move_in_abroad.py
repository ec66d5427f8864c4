"""国外転入等: people who come from abroad (法22条), foreign residents from abroad (法30条の46) or at home (法30条の47; STD 4.5.1, 4.5.2).

Of the two articles for foreign residents 転入前住所 is blank. Whoever left this city for abroad and first comes back here keeps the former
family name or common name of that day (STD 1.1.7).
"""

from dataclasses import replace
from datetime import date

from daicho.law.reasons import Reason
from daicho.law.towns import municipality_of
from daicho.register.changes.alerts import alert
from daicho.register.changes.entering import enter, newcomers, scope
from daicho.register.changes.entry_errors import CategoryNotOfArticle, DomesticAddress, NoPreviousAddress, NotForeign
from daicho.register.changes.foreign import TRANSITIONAL
from daicho.register.changes.notification import AbroadKind, MoveInAbroad
from daicho.register.changes.plan import Alert, Before, Plan
from daicho.register.changes.rules import require

__all__ = ["newcomers", "plan", "scope"]

_LAWS = {
    AbroadKind.ABROAD: "法22条",
    AbroadKind.ARTICLE_30_46: "法30条の46",
    AbroadKind.ARTICLE_30_47: "法30条の47",
}


def plan(before: Before, notification: MoveInAbroad, today: date) -> Plan:
    """Enter all rows; raises C063, C065-C067 and what `enter` raises."""
    _check(notification)
    made = enter(before, notification, today, Reason.MOVE_IN_ABROAD, _LAWS[notification.kind], from_abroad=True)
    return replace(made, alerts=(*made.alerts, *_since_alerts(notification)))


def _check(notification: MoveInAbroad) -> None:
    address = notification.previous.address
    if notification.kind is AbroadKind.ABROAD:
        require(address, "previous.address", "転入前住所（国名など）")
        if address is not None and municipality_of(address) is not None:
            raise DomesticAddress("previous.address")
        return
    if address:
        raise NoPreviousAddress("previous.address")
    for place, row in enumerate(notification.members):
        if row.foreign is None:
            raise NotForeign(f"members.{place}.nationality")
        if row.foreign.article_30_45 == TRANSITIONAL:
            raise CategoryNotOfArticle(f"members.{place}.article_30_45")


def _since_alerts(notification: MoveInAbroad) -> tuple[Alert, ...]:
    """Who comes from abroad is a foreign resident since the day of the change, unless documents say otherwise."""
    return tuple(
        alert("W033", row.person_id)
        for row in notification.members
        if row.foreign is not None and row.foreign.foreign_resident_since.on != notification.change_date
    )
