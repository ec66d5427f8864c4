"""世帯分離 (法25条, STD 4.1.4.1): some members make a household of their own at the same address.

The new household is headed by whom the notification names, else by the old head who leaves, else by whoever leaves
alone; what is left behind follows STD 4.0.4. Its members stand in the order of STD 5.2.
"""

from datetime import date

from daicho.law.reasons import Reason
from daicho.register.changes.errors import HouseholdOccupied, NewHeadNeeded, NewHeadUnfit, NobodyStays
from daicho.register.changes.leaving import chosen_relationships
from daicho.register.changes.notification import HouseholdMove
from daicho.register.changes.overlay import resident_state
from daicho.register.changes.plan import Before, Plan
from daicho.register.changes.regroup import Leaving, check_dates, enter, leave, planned, scope
from daicho.register.changes.relations import check_possible, follow
from daicho.register.changes.rules import young_head_note

__all__ = ["plan", "scope"]


def plan(before: Before, notification: HouseholdMove, today: date) -> Plan:
    """Split the chosen members off.

    Raises C001, C005, C007, C008, C010, C015, C017-C020, C022, C024, C026, C029, C031, C081-C083, L401, L402.
    """
    check_dates(before, notification, today)
    if before.household(notification.household_id).members:
        raise HouseholdOccupied("household_id")
    leaving = leave(before, notification)
    if not leaving.staying:
        raise NobodyStays("person_ids")
    head_id = head_of(leaving, notification.head_id)
    [head] = [resident_state(mover).record for mover in leaving.movers if mover.person_id == head_id]
    others = [mover.person_id for mover in leaving.movers if mover.person_id != head_id]
    chosen = chosen_relationships(leaving.for_movers, others)
    check_possible(leaving.for_movers, leaving.movers, head)
    relationships, alerts = follow(leaving.source, leaving.movers, head_id, chosen)
    effects = [*enter(before, notification, leaving, relationships), *leaving.effects]
    young = young_head_note(head_id, head.birth, before.on) if head.relationship != "02" else ()
    return planned(Reason.HOUSEHOLD_SPLIT, before, notification, effects, (*alerts, *young, *leaving.alerts))


def head_of(leaving: Leaving, head_id: int | None) -> int:
    """Who heads the new household. Raises NewHeadUnfit, NewHeadNeeded."""
    ids = [mover.person_id for mover in leaving.movers]
    if head_id is not None:
        if head_id not in ids:
            raise NewHeadUnfit("head_id")
        return head_id
    if leaving.source.head is not None and leaving.source.head.person_id in ids:
        return leaving.source.head.person_id
    if len(ids) > 1:
        raise NewHeadNeeded("head_id", count=len(ids))
    return ids[0]
