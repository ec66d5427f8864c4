"""転居: moving inside the city, with all or some members of a household (法23条, STD 4.1.2, 4.0.1, 4.0.2).

A household that moves whole keeps its number, head and relationships. Some members make a new household with a head of
their own, or join an existing one. 住所を定めた年月日 becomes the change date; 住民となった年月日 and the address before
entering the city stay. A planned move-out stays planned.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.eras import format_wareki
from daicho.law.reasons import Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import HouseholdOccupied, NewHeadNeeded, NewHeadUnfit
from daicho.register.changes.household import HEAD, check_head_stays, check_households, enter_household
from daicho.register.changes.leaving import chosen_members, chosen_relationships, left_behind
from daicho.register.changes.notification import Address, MoveWithin, Related
from daicho.register.changes.overlay import amend_from, resident_state
from daicho.register.changes.plan import Alert, Before, Effect, HouseholdBefore, PersonBefore, Plan, Scope
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.relations import check_possible, follow, join
from daicho.register.changes.rules import (
    address_items,
    check_address,
    check_after_change,
    check_day,
    check_notified,
    late_note,
    young_head_note,
)

Items = dict[int, dict[str, Any]]
"""Person id → the fields that change for this mover."""


def scope(notification: MoveWithin) -> Scope:
    """The household that is left, the one that is entered, and the movers."""
    households = {notification.from_household_id, notification.household_id}
    return Scope(tuple(sorted(households)), tuple(sorted(set(notification.person_ids))))


def plan(before: Before, notification: MoveWithin, today: date) -> Plan:
    """Move the chosen members, and settle who heads those that stay.

    Raises C001, C005-C008, C010, C013-C015, C017-C020, C022, C024-C026, C029-C031, C082, L401, L402, L601-L603.
    """
    check_day(before, notification.change_date, today)
    check_notified(notification.notified_on, notification.basis, today)
    check_after_change(notification.notified_on, notification.change_date, notification.basis)
    source = before.household(notification.from_household_id)
    movers = chosen_members(source, notification.person_ids)
    stay_effects, alerts, items = _settle(before, notification, source, movers)
    effects: list[Effect] = []
    for mover in movers:
        effects.extend(_move(mover, before.on, items[mover.person_id], notification))
        alerts.extend(_planned_note(mover))
    effects += stay_effects
    check_households(before, effects)
    return Plan(
        Reason.MOVE_WITHIN,
        notification.basis,
        LegalDate(notification.change_date),
        notification.notified_on,
        tuple(effects),
        (
            *late_note(notification.notified_on, before.on, notification.basis, "法23条"),
            *_same_address_note(movers, items),
            *alerts,
        ),
    )


def _settle(
    before: Before, notification: MoveWithin, source: HouseholdBefore, movers: Sequence[PersonBefore]
) -> tuple[list[Effect], list[Alert], Items]:
    """The effects on those who stay, all alerts, and what changes for each mover."""
    mover_ids = {mover.person_id for mover in movers}
    staying_ids = {member.person_id for member in source.residents} - mover_ids
    chosen_relationships(notification.relationships, mover_ids | staying_ids)
    for_movers = [choice for choice in notification.relationships if choice.person_id in mover_ids]
    for_staying = [choice for choice in notification.relationships if choice.person_id in staying_ids]
    effects, alerts = left_behind(
        source, mover_ids, notification.new_head_id, for_staying, before.on, head_open=notification.head_open
    )
    if notification.household_id != source.household_id:
        items, more = _elsewhere(before, notification, source, movers, for_movers)
        return effects, alerts + more, items
    if staying_ids or notification.address is None:
        raise HouseholdOccupied("household_id")
    return effects, alerts, _whole(notification.address, source, movers, notification.head_id, for_movers)


def _whole(
    address: Address,
    source: HouseholdBefore,
    movers: Sequence[PersonBefore],
    head_id: int | None,
    related: Sequence[Related],
) -> Items:
    """The household goes as it is; another head needs a change of head of its own."""
    if head_id is not None and (source.head is None or source.head.person_id != head_id):
        raise NewHeadUnfit("head_id")
    chosen_relationships(related, ())
    check_address(address)
    return {mover.person_id: address_items(address) for mover in movers}


def _elsewhere(
    before: Before,
    notification: MoveWithin,
    source: HouseholdBefore,
    movers: Sequence[PersonBefore],
    related: Sequence[Related],
) -> tuple[Items, list[Alert]]:
    """The movers make a new household, or join one."""
    target = enter_household(before, notification.household_id, notification.address)
    check_head_stays(before.household(notification.household_id))
    alerts: list[Alert] = []
    if notification.address is None:
        relationships, alerts = _joining(
            source, before.household(notification.household_id), movers, notification, related
        )
        ordered = list(movers)
    else:
        head_id = _head_of_movers(source, movers, notification.head_id)
        others = [mover.person_id for mover in movers if mover.person_id != head_id]
        [head] = [resident_state(mover).record for mover in movers if mover.person_id == head_id]
        check_possible(related, movers, head)
        relationships, alerts = follow(source, movers, head_id, chosen_relationships(related, others))
        # The head stands first; the others keep their order behind.
        ordered = sorted(movers, key=lambda mover: mover.person_id != head_id)
        alerts.extend(_young_head(ordered[0], before.on))
    items = {
        mover.person_id: {
            **target.items,
            "relationship": relationships[mover.person_id],
            "household_order": target.last_rank + place,
        }
        for place, mover in enumerate(ordered, start=1)
    }
    return items, alerts


def _young_head(head: PersonBefore, on: date) -> tuple[Alert, ...]:
    record = resident_state(head).record
    return () if record.relationship == HEAD else young_head_note(head.person_id, record.birth, on)


def _joining(
    source: HouseholdBefore,
    target: HouseholdBefore,
    movers: Sequence[PersonBefore],
    notification: MoveWithin,
    related: Sequence[Related],
) -> tuple[dict[int, str], list[Alert]]:
    """One relationship to the head of the other household is chosen, the others follow; raises RelationshipNeeded."""
    if notification.head_id is not None:
        raise NewHeadUnfit("head_id")
    check_possible(related, movers, resident_state(target.head).record if target.head is not None else None)
    return join(source, target, movers, chosen_relationships(related, [mover.person_id for mover in movers]))


def _head_of_movers(source: HouseholdBefore, movers: Sequence[PersonBefore], head_id: int | None) -> int:
    """Who heads the new household: as named, else the head who moves, else whoever moves alone."""
    ids = [mover.person_id for mover in movers]
    if head_id is not None:
        if head_id not in ids:
            raise NewHeadUnfit("head_id")
        return head_id
    if source.head is not None and source.head.person_id in ids:
        return source.head.person_id
    if len(ids) > 1:
        raise NewHeadNeeded("head_id", count=len(ids))
    return ids[0]


def _move(mover: PersonBefore, on: date, items: dict[str, Any], notification: MoveWithin) -> tuple[Effect, ...]:
    former = resident_state(mover).record
    return amend_from(
        mover,
        on,
        "mover",
        **items,
        former_address=former.address,
        former_building=former.building,
        settled_on=LegalDate(notification.change_date),
        settled_reason=Reason.MOVE_WITHIN.word,
        settled_notified_on=notification.notified_on,
        settled_basis=notification.basis.word,
    )


def _planned_note(mover: PersonBefore) -> tuple[Alert, ...]:
    return tuple(alert("W011", mover.person_id, shown=format_wareki(state.valid_from)) for state in mover.later)


def _same_address_note(movers: Sequence[PersonBefore], items: Items) -> tuple[Alert, ...]:
    """The warning when nobody's address changes: allowed, but often a change of household (STD 4.1.2.1)."""
    records: list[tuple[ResidentRecord, dict[str, Any]]] = [
        (resident_state(mover).record, items[mover.person_id]) for mover in movers
    ]
    moved = any((old.address, old.building) != (new["address"], new["building"]) for old, new in records)
    return () if moved else (alert("W006"),)
