"""転入通知の受理 (法9条1項, STD 4.1.3.1.1, 1.1.5): the second step of a move out.

STD 1.2.2 has no reason of its own for it. The notice completes a 国内転出 that was recorded on a planned day, so that
is its reason, on the basis 通知 and with its own day (通知日); for somebody removed ex officio it adds the same items to that
removed record. The confirmed destination and day stand beside the planned ones, never over them.

The removal takes effect on the earlier of the planned day and the day of arrival. So a notice may move it, to an earlier day
or, when a corrected one follows, to a later; who heads those that stayed moves with it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.eras import format_wareki
from daicho.law.reasons import Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import (
    ArrivedTooEarly,
    DuplicatePerson,
    FutureChangeDate,
    LaterChangeExists,
    NewerNotice,
    NobodyMoves,
    NotMovedOut,
    PlanOutdated,
    RemovalMoved,
)
from daicho.register.changes.household import check_households
from daicho.register.changes.notification import ArrivalNotice
from daicho.register.changes.plan import Alert, Before, ChangeKind, Effect, PersonBefore, Plan, Scope, State
from daicho.register.changes.rules import (
    check_after_change,
    check_notified,
    check_place,
    first_repeated,
    place_items,
    require,
)


def scope(notification: ArrivalNotice) -> Scope:
    """The household that was left, and the leavers."""
    return Scope((notification.household_id,), tuple(sorted(set(notification.person_ids))))


def plan(before: Before, notification: ArrivalNotice, today: date) -> Plan:
    """Enter the confirmed destination and day, and remove from the earlier day.

    Raises C001, C010, C017-C020, C022, C026, C029, C087-C089, C091, L601-L603.
    """
    _check(before, notification, today)
    leavers = [_leaver(before, notification, place) for place in range(len(notification.person_ids))]
    effects: list[Effect] = []
    alerts: list[Alert] = []
    removal_on = notification.removal_on
    target_on = removal_on
    for person, removed in leavers:
        target_on = _removal_day(removed, notification)
        effects += _confirmed(person, removed, target_on, notification)
        alerts += _notes(removed, target_on, removal_on)
    if target_on != removal_on and any(_was_head(person, removal_on) for person, _ in leavers):
        household = before.household(notification.household_id)
        for member in household.members:
            effects += _moved(member, removal_on, target_on)
    check_households(before, effects)
    return Plan(
        Reason.MOVE_OUT,
        notification.basis,
        LegalDate(notification.arrived_on),
        notification.notified_on,
        tuple(effects),
        tuple(dict.fromkeys(alerts)),
    )


def _check(before: Before, notification: ArrivalNotice, today: date) -> None:
    if before.on != notification.on:
        raise PlanOutdated
    if notification.arrived_on > today:
        raise FutureChangeDate("change_date", shown=format_wareki(notification.arrived_on))
    check_notified(notification.notified_on, notification.basis, today)
    check_after_change(notification.notified_on, notification.arrived_on, notification.basis)
    require(
        notification.destination.address or notification.destination.municipality,
        "destination.address",
        "転出先（確定）",
    )
    check_place(notification.destination, "destination")
    if not notification.person_ids:
        raise NobodyMoves("person_ids")
    repeated = first_repeated(notification.person_ids)
    if repeated is not None:
        raise DuplicatePerson(f"person_ids.{repeated}", row=repeated + 1)


def _leaver(before: Before, notification: ArrivalNotice, place: int) -> tuple[PersonBefore, State]:
    """The person and the state that removed them. Raises NotMovedOut, RemovalMoved, NewerNotice, ArrivedTooEarly."""
    person = before.person(notification.person_ids[place])
    field, row = f"person_ids.{place}", place + 1
    removed = next(
        (s for s in person.states if not s.record.is_resident and _spans(person, s, notification.removal_on)), None
    )
    if removed is None or removed.record.status == "dead":
        raise NotMovedOut(field, row=row)
    if removed.valid_from != notification.removal_on:
        raise RemovalMoved(field, row=row)
    known = removed.record.arrival_notice_on
    if known is not None and known > notification.notified_on:
        raise NewerNotice("notified_on", shown=format_wareki(known))
    first = person.states[0]
    if removed.record.planned_on is not None and first.valid_from >= notification.arrived_on:
        raise ArrivedTooEarly(field, row=row)
    return person, removed


def _spans(person: PersonBefore, state: State, day: date) -> bool:
    """Whether a state is the one that holds on a day, or begins a later removal."""
    following = [other.valid_from for other in person.states if other.valid_from > state.valid_from]
    return not following or min(following) > day


def _removal_day(removed: State, notification: ArrivalNotice) -> date:
    """The earlier of the planned day and the day of arrival (STD 1.1.5); a removal ex officio stays where it is."""
    planned_on = removed.record.planned_on
    return removed.valid_from if planned_on is None else min(planned_on, notification.arrived_on)


def _confirmed(person: PersonBefore, removed: State, target_on: date, notification: ArrivalNotice) -> list[Effect]:
    """The removed record with what the notice says, from the day on which it takes effect; what came later stays."""
    items: dict[str, Any] = {
        "confirmed_on": notification.arrived_on,
        "arrival_notice_on": notification.notified_on,
        **place_items(notification.destination, "confirmed"),
    }
    if removed.record.planned_on is not None:
        items["removed_on"] = LegalDate(target_on)
    record = removed.record.with_(**items)
    effects = _resident_again(person, removed, target_on)
    _check_nothing_between(person, target_on, removed.valid_from)
    kind: ChangeKind = "remove" if target_on != removed.valid_from else "amend"
    effects.append(Effect(person.person_id, kind, "mover", target_on, record))
    later = [state for state in person.states if state.valid_from > max(removed.valid_from, target_on)]
    effects += [Effect(person.person_id, "amend", "mover", state.valid_from, state.record) for state in later]
    return effects


def _resident_again(person: PersonBefore, removed: State, target_on: date) -> list[Effect]:
    """The days that a corrected notice gives back: a resident until the later day."""
    if target_on <= removed.valid_from:
        return []
    before = [state for state in person.states if state.valid_from < removed.valid_from]
    return [Effect(person.person_id, "amend", "mover", removed.valid_from, before[-1].record)]


def _check_nothing_between(person: PersonBefore, target_on: date, removal_on: date) -> None:
    """Raises LaterChangeExists when anything else was registered for the days over which the removal moves."""
    first, last = sorted((target_on, removal_on))
    for state in person.states:
        if state.valid_from != removal_on and first <= state.valid_from <= last:
            raise LaterChangeExists("change_date", shown=format_wareki(state.valid_from))


def _was_head(person: PersonBefore, removal_on: date) -> bool:
    """Whether the person headed the household until the removal."""
    earlier = [state for state in person.states if state.valid_from < removal_on]
    return bool(earlier) and earlier[-1].record.relationship == "02"


def _moved(member: PersonBefore, removal_on: date, target_on: date) -> list[Effect]:
    """What began for one who stays on the day of the removal begins on the other day."""
    begun = next(
        (state for state in member.states if state.valid_from == removal_on and state.record.is_resident), None
    )
    earlier = [state for state in member.states if state.valid_from < removal_on]
    if begun is None or not earlier:
        return []
    _check_nothing_between(member, target_on, removal_on)
    effects = []
    if target_on > removal_on:
        effects.append(Effect(member.person_id, "amend", "affected", removal_on, earlier[-1].record))
    effects.append(Effect(member.person_id, "amend", "affected", target_on, begun.record))
    later: Sequence[State] = [state for state in member.states if state.valid_from > max(removal_on, target_on)]
    return effects + [Effect(member.person_id, "amend", "affected", state.valid_from, state.record) for state in later]


def _notes(removed: State, target_on: date, removal_on: date) -> list[Alert]:
    found = []
    if removed.record.planned_on is None:
        found.append(alert("W045"))
    if target_on < removal_on:
        found.append(alert("W043", shown=format_wareki(target_on)))
    if removed.record.arrival_notice_on is not None:
        found.append(alert("W044"))
    return found
