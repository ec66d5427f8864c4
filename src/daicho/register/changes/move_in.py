"""国内転入: entering people who come from another municipality (法22条, STD 4.1.1); what they share with others is in `entering`.

With a card (特例転入, 法24条の2, STD 4.1.1.3) the 転出証明書情報 takes the place of the paper. That holds only for a notification,
with the card of one who moves in, by the 14th day after the move and the 30th after the day planned; a last day on which
the office is closed moves to the next open one (`law.periods`). The card goes on for whoever asks within 90 days of it.
"""

from dataclasses import replace
from datetime import date, timedelta

from daicho.law.eras import format_wareki
from daicho.law.periods import NOTIFICATION_DAYS, open_day
from daicho.law.reasons import Basis, Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.entering import enter, newcomers, scope
from daicho.register.changes.errors import CardNotShown, CardRouteLapsed, CardRouteNotNotified
from daicho.register.changes.notification import CardShown, MoveIn
from daicho.register.changes.plan import Before, Plan
from daicho.register.changes.rules import require

__all__ = ["newcomers", "plan", "scope"]

DAYS_AFTER_PLANNED = 30
DAYS_OF_CARD = 90


def plan(before: Before, notification: MoveIn, today: date) -> Plan:
    """Enter all rows into a new household or an existing one; raises what `enter` raises, with a card C092-C094 too."""
    made = enter(before, notification, today, Reason.MOVE_IN, "法22条")
    require(notification.previous.address, "previous.address", "転入前住所（不明も可）")
    return made if notification.card is None else _by_card(made, notification, notification.card)


def _by_card(made: Plan, notification: MoveIn, card: CardShown) -> Plan:
    notified = notification.notified_on
    if notified is None or notification.basis is not Basis.NOTIFICATION:
        raise CardRouteNotNotified("basis")
    if card.holder_id not in {row.person_id for row in notification.members}:
        raise CardNotShown("card.holder_id")
    _check_days("change_date", "転入をした日から14日", notification.change_date, NOTIFICATION_DAYS, notified)
    _check_days("card.planned_on", "転出予定日から30日", card.planned_on, DAYS_AFTER_PLANNED, notified)
    until = format_wareki(open_day(notified + timedelta(days=DAYS_OF_CARD)))
    return replace(made, alerts=(*made.alerts, alert("W047", card.holder_id, shown=until)))


def _check_days(field: str, limit: str, begins: date, days: int, notified: date) -> None:
    last = open_day(begins + timedelta(days=days))
    if notified > last:
        raise CardRouteLapsed(field, limit=limit, last=format_wareki(last))
