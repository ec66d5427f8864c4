"""Members of one household become members of another at the same address: what 分離, 合併 and 世帯変更 share (STD 4.1.4).

The address never changes (STD 4.1.4.1), nor does anything else of the record: household, rank and relationship do.
Newcomers stand behind those who are there, among themselves in the order of STD 5.2, until a clerk sets the order.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from daicho.law.dates import LegalDate
from daicho.law.household_order import household_order
from daicho.law.reasons import Reason
from daicho.register.changes.errors import AddressDiffers, OrderUnfit
from daicho.register.changes.household import HEAD, check_households, ranks
from daicho.register.changes.leaving import chosen_members, chosen_relationships, left_behind
from daicho.register.changes.notification import HouseholdMove, Related
from daicho.register.changes.overlay import amend_from, resident_state
from daicho.register.changes.plan import Alert, Before, Effect, HouseholdBefore, PersonBefore, Plan, Scope
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.relations import member_of
from daicho.register.changes.rules import check_after_change, check_day, check_notified, late_note


class Leaving(NamedTuple):
    """Who goes and who stays, the relationships chosen for each side, and what becomes of those who stay."""

    source: HouseholdBefore
    movers: list[PersonBefore]
    staying: list[PersonBefore]
    for_movers: list[Related]
    effects: list[Effect]
    alerts: list[Alert]


def scope(notification: HouseholdMove) -> Scope:
    """Both households, and those who go."""
    households = {notification.from_household_id, notification.household_id}
    return Scope(tuple(sorted(households)), tuple(sorted(set(notification.person_ids))))


def check_dates(before: Before, notification: HouseholdMove, today: Any) -> None:
    """Raises C001, C019, C020, C022, C029: a change of household is notified once it happened (法25条)."""
    check_day(before, notification.change_date, today)
    check_notified(notification.notified_on, notification.basis, today)
    check_after_change(notification.notified_on, notification.change_date, notification.basis)


def leave(before: Before, notification: HouseholdMove) -> Leaving:
    """Take the chosen members out of their household. Raises C007, C008, C010, C017, C018, C024, C031, C082, L401, L402."""
    source = before.household(notification.from_household_id)
    movers = chosen_members(source, notification.person_ids)
    ids = {mover.person_id for mover in movers}
    staying = [member for member in source.residents if member.person_id not in ids]
    staying_ids = {member.person_id for member in staying}
    chosen_relationships(notification.relationships, ids | staying_ids)
    related = notification.relationships
    effects, alerts = left_behind(
        source,
        ids,
        notification.new_head_id,
        [choice for choice in related if choice.person_id in staying_ids],
        before.on,
    )
    return Leaving(source, movers, staying, [choice for choice in related if choice.person_id in ids], effects, alerts)


def check_same_address(movers: Sequence[PersonBefore], target: HouseholdBefore) -> None:
    """Raises AddressDiffers unless all live at the address of the household entered, building line included."""
    people = (*movers, *target.residents)
    places = {_place(resident_state(person).record) for person in people}
    if len(places) > 1:
        raise AddressDiffers("household_id")


def _place(record: ResidentRecord) -> tuple[str, str, str | None]:
    return record.municipality_code, record.address, record.building


def enter(
    before: Before,
    notification: HouseholdMove,
    leaving: Leaving,
    relationships: Mapping[int, str],
    *,
    head_absent: bool = False,
) -> list[Effect]:
    """The movers in the household entered, each with rank and relationship; the order set by hand, if any.

    Raises OrderUnfit, LaterChangeExists.
    """
    target = before.household(notification.household_id)
    last = ranks(target)[1]
    ordered = in_order(leaving.movers, relationships)
    positions = {person.person_id: last + place for place, person in enumerate(ordered, start=1)}
    if notification.order:
        there = {member.person_id: resident_state(member).record.relationship for member in target.residents}
        positions = by_hand(notification.order, {**there, **relationships}, target)
    effects: list[Effect] = []
    for mover in leaving.movers:
        effects += amend_from(
            mover,
            before.on,
            "mover",
            household_id=notification.household_id,
            household_order=positions[mover.person_id],
            relationship=relationships[mover.person_id],
            head_absent=head_absent,
        )
    return effects + ranked(target, positions, before)


def in_order(people: Sequence[PersonBefore], relationships: Mapping[int, str]) -> list[PersonBefore]:
    """People in the order of STD 5.2 for these relationships."""
    by_id = {person.person_id: person for person in people}
    members = [member_of(person, relationships[person.person_id]) for person in people]
    return [by_id[member.id] for member in household_order(members)]


def by_hand(order: Sequence[int], relationships: Mapping[int, str], household: HouseholdBefore) -> dict[int, int]:
    """Person id → rank for an order set by hand (STD 5.2): fresh ranks, behind all that anybody there has or will have.

    Raises OrderUnfit when it does not name every resident once, or does not begin with the head.
    """
    if len(set(order)) < len(order) or set(order) != set(relationships):
        raise OrderUnfit("order")
    heads = [person_id for person_id, code in relationships.items() if code == HEAD]
    if heads and order[0] not in heads:
        raise OrderUnfit("order")
    last = ranks(household)[1]
    return {person_id: last + place for place, person_id in enumerate(order, start=1)}


def ranked(household: HouseholdBefore, positions: Mapping[int, int], before: Before) -> list[Effect]:
    """The effects that give those who are there already another rank; nothing else of their records changes."""
    effects: list[Effect] = []
    for member in household.residents:
        if member.person_id in positions:
            effects += amend_from(member, before.on, "affected", household_order=positions[member.person_id])
    return effects


def planned(
    reason: Reason, before: Before, notification: HouseholdMove, effects: Sequence[Effect], alerts: Sequence[Alert]
) -> Plan:
    """The plan, once the rules of both households hold."""
    check_households(before, effects)
    late = late_note(notification.notified_on, before.on, notification.basis, "法25条")
    return Plan(
        reason,
        notification.basis,
        LegalDate(notification.change_date),
        notification.notified_on,
        tuple(effects),
        (*late, *alerts),
    )
