"""世帯変更 (法25条, STD 4.1.4.1): some members go over to another household at the same address.

Without anybody who goes it sets the order of the members by hand (STD 5.2): the rank is part of what a household is, so it
is kept on both time axes by the reason that is about its composition; nobody is a 異動者 then, and nothing but the rank changes.
"""

from datetime import date

from daicho.law.reasons import Reason
from daicho.register.changes.errors import HouseholdEmpty, NewHeadUnfit, NobodyMoves, NobodyStays, SameHousehold
from daicho.register.changes.household import check_head_stays
from daicho.register.changes.leaving import Outcome, chosen_relationships
from daicho.register.changes.notification import HouseholdMove
from daicho.register.changes.overlay import resident_state
from daicho.register.changes.plan import Before, Plan
from daicho.register.changes.regroup import (
    Leaving,
    by_hand,
    check_dates,
    check_same_address,
    enter,
    leave,
    planned,
    ranked,
    scope,
)
from daicho.register.changes.relations import check_possible, join

__all__ = ["joined", "plan", "scope"]


def plan(before: Before, notification: HouseholdMove, today: date) -> Plan:
    """Move the chosen members into the other household, or set the order of one.

    Raises C001, C005, C007, C008, C010, C014, C017-C020, C022, C024-C026, C029, C031, C080-C083, C085, L401, L402.
    """
    check_dates(before, notification, today)
    if not notification.person_ids:
        return _reordered(before, notification)
    leaving = leave(before, notification)
    if not leaving.staying:
        raise NobodyStays("person_ids")
    effects, alerts = joined(before, notification, leaving)
    return planned(Reason.HOUSEHOLD_CHANGE, before, notification, effects, alerts)


def joined(before: Before, notification: HouseholdMove, leaving: Leaving) -> Outcome:
    """The movers in the household that is there already, and what becomes of those who stay."""
    target = before.household(notification.household_id)
    if target.household_id == leaving.source.household_id:
        raise SameHousehold("household_id")
    if not target.residents:
        raise HouseholdEmpty("household_id")
    if notification.head_id is not None:
        raise NewHeadUnfit("head_id")
    check_head_stays(target)
    check_same_address(leaving.movers, target)
    chosen = chosen_relationships(leaving.for_movers, [mover.person_id for mover in leaving.movers])
    head = resident_state(target.head).record if target.head is not None else None
    check_possible(leaving.for_movers, leaving.movers, head)
    relationships, alerts = join(leaving.source, target, leaving.movers, chosen)
    effects = enter(before, notification, leaving, relationships, head_absent=head is None)
    return [*effects, *leaving.effects], [*alerts, *leaving.alerts]


def _reordered(before: Before, notification: HouseholdMove) -> Plan:
    """The order of one household set by hand, at the clerk's own discretion (STD 5.2)."""
    if not notification.order or notification.household_id != notification.from_household_id:
        raise NobodyMoves("person_ids")
    chosen_relationships(notification.relationships, ())
    household = before.household(notification.household_id)
    there = {member.person_id: resident_state(member).record.relationship for member in household.residents}
    positions = by_hand(notification.order, there, household)
    return planned(Reason.HOUSEHOLD_CHANGE, before, notification, ranked(household, positions, before), ())
