"""世帯合併 (法25条, STD 4.1.4.1): a whole household becomes part of another one at the same address.

The household entered keeps its head and number. One relationship across is chosen from documents, the others follow.
"""

from datetime import date

from daicho.law.reasons import Reason
from daicho.register.changes.errors import SomebodyStays
from daicho.register.changes.household_change import joined
from daicho.register.changes.notification import HouseholdMove
from daicho.register.changes.plan import Before, Plan
from daicho.register.changes.regroup import check_dates, leave, planned, scope

__all__ = ["plan", "scope"]


def plan(before: Before, notification: HouseholdMove, today: date) -> Plan:
    """Merge the household into the other one.

    Raises C001, C005, C008, C010, C014, C017-C020, C022, C024-C026, C029, C031, C080-C082, C084, C085, L401, L402.
    """
    check_dates(before, notification, today)
    leaving = leave(before, notification)
    if leaving.staying:
        raise SomebodyStays("person_ids", count=len(leaving.staying))
    effects, alerts = joined(before, notification, leaving)
    return planned(Reason.HOUSEHOLD_MERGE, before, notification, effects, alerts)
