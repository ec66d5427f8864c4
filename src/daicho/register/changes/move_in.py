"""国内転入: entering people who come from another municipality (法22条, STD 4.1.1); what they share with others is in `entering`."""

from datetime import date

from daicho.law.reasons import Reason
from daicho.register.changes.entering import enter, newcomers, scope
from daicho.register.changes.notification import MoveIn
from daicho.register.changes.plan import Before, Plan
from daicho.register.changes.rules import require

__all__ = ["newcomers", "plan", "scope"]


def plan(before: Before, notification: MoveIn, today: date) -> Plan:
    """Enter all rows into a new household or an existing one; raises what `enter` raises."""
    made = enter(before, notification, today, Reason.MOVE_IN, "法22条")
    require(notification.previous.address, "previous.address", "転入前住所（不明も可）")
    return made
