"""国内転入: entering people who come from another municipality (法22条, STD 4.1.1).

住民となった年月日 is the change date. 住所を定めた年月日 holds the same date until a move inside the city, as STD 4.1.1.1
demands of the data; paper leaves it blank as long as nobody moved (docs/decisions/0006).
Whoever returns keeps the person, and with it the addressee number and the numbers of the removed record (STD 4.1.1.2).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from daicho.law.codes import Sex
from daicho.law.dates import LegalDate
from daicho.law.household_order import household_order
from daicho.law.kinship import Member
from daicho.law.reasons import Reason
from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import NobodyMoves
from daicho.register.changes.household import HEAD, check_head_stays, check_households, enter_household
from daicho.register.changes.newcomer import (
    alone_later,
    candidate_alerts,
    check_newcomer,
    check_not_resident,
    check_rows_differ,
    fit_alerts,
    personal_items,
    record_number,
)
from daicho.register.changes.notification import MoveIn, NewResident
from daicho.register.changes.plan import Alert, Before, Effect, Plan, Scope
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.rules import (
    check_after_change,
    check_day,
    check_notified,
    check_place,
    late_note,
    place_items,
    relationship_code,
    relationship_of,
    require,
    young_head_note,
)

_KEPT_ON_RETURN = ("individual_number_id", "resident_code_id", "maiden_name")


def scope(notification: MoveIn) -> Scope:
    """The household entered and the persons of all rows."""
    return Scope((notification.household_id,), tuple(sorted({row.person_id for row in notification.members})))


def newcomers(notification: MoveIn) -> tuple[NewResident, ...]:
    """The rows for which the store looks for the same person."""
    return notification.members


def plan(before: Before, notification: MoveIn, today: date) -> Plan:
    """Enter all rows into a new household or an existing one.

    Raises C001-C003, C005, C006, C010, C011, C013-C015, C017-C020, C022, C026, C028-C030, C032, L101-L103, L401, L402, L601-L603.
    """
    _check(before, notification, today)
    codes = [
        relationship_code(row.relationship, f"members.{place}.relationship")
        for place, row in enumerate(notification.members)
    ]
    target = enter_household(before, notification.household_id, notification.address)
    check_head_stays(before.household(notification.household_id))
    head_birth = target.head_birth
    for row, code in zip(notification.members, codes, strict=True):
        if code == HEAD:
            head_birth = row.birth
    shared = {**target.items, **_shared(notification)}
    ranks = _ranks(notification, codes)
    effects, alerts = [], list(late_note(notification.notified_on, before.on, notification.basis, "法22条"))
    for place, (row, code) in enumerate(zip(notification.members, codes, strict=True)):
        effects.append(
            _effect(before, row, place, {**shared, "household_order": target.last_rank + ranks[place]}, code)
        )
        alerts.extend(_alerts(before, row, place, code))
        alerts.extend(fit_alerts(row, code, head_birth))
    if len(effects) == 1:
        more_effects, more_alerts = alone_later(effects[0], before.household(notification.household_id))
        effects.extend(more_effects)
        alerts.extend(more_alerts)
    check_households(before, effects)
    return Plan(
        Reason.MOVE_IN,
        notification.basis,
        LegalDate(notification.change_date),
        notification.notified_on,
        tuple(effects),
        tuple(alerts),
    )


def _ranks(notification: MoveIn, codes: Sequence[str]) -> list[int]:
    """The place of each row: in a new household by STD 5.2, in one that is there as they were typed, behind the others."""
    if notification.address is None:
        return list(range(1, len(codes) + 1))
    members = [
        Member(
            place, relationship_of(code), Sex(row.sex) if row.sex in set(Sex) else None, row.birth.on, f"{place:03d}"
        )
        for place, (row, code) in enumerate(zip(notification.members, codes, strict=True))
    ]
    ranks = {member.id: rank for rank, member in enumerate(household_order(members), start=1)}
    return [ranks[place] for place in range(len(codes))]


def _check(before: Before, notification: MoveIn, today: date) -> None:
    check_day(before, notification.change_date, today)
    check_notified(notification.notified_on, notification.basis, today)
    check_after_change(notification.notified_on, notification.change_date, notification.basis)
    if not notification.members:
        raise NobodyMoves("members")
    check_rows_differ(notification.members)
    require(notification.previous.address, "previous.address", "転入前住所（不明も可）")
    check_place(notification.previous, "previous")


def _shared(notification: MoveIn) -> dict[str, Any]:
    """What all rows get from the notification."""
    since = LegalDate(notification.change_date)
    return {
        "resident_since": since,
        "resident_notified_on": notification.notified_on,
        "settled_on": since,
        "settled_reason": Reason.MOVE_IN.word,
        "settled_notified_on": notification.notified_on,
        "settled_basis": notification.basis.word,
        **place_items(notification.previous, "previous"),
    }


def _effect(before: Before, row: NewResident, place: int, shared: dict[str, Any], code: str) -> Effect:
    """The resident record of one row; a returning person keeps the numbers and, when not given anew, the reading."""
    person = before.person(row.person_id)
    check_not_resident(person, f"members.{place}.name")
    numbers = check_newcomer(before, row, f"members.{place}.")
    items = personal_items(row)
    if person.current is not None:
        former = person.current.record
        items.update((name, getattr(former, name)) for name in _KEPT_ON_RETURN)
        if row.name_reading is None:
            items.update(name_reading=former.name_reading, name_reading_on=former.name_reading_on)
    record = ResidentRecord(
        **shared,
        **items,
        record_no=record_number(person),
        relationship=code,
        former_family_name=row.former_family_name,
        former_family_name_kana=row.former_family_name_kana,
    )
    return Effect(row.person_id, "enter", "mover", before.on, record, numbers)


def _alerts(before: Before, row: NewResident, place: int, code: str) -> list[Alert]:
    found = list(candidate_alerts(before, row, f"members.{place}.name"))
    former = before.person(row.person_id).current
    if former is not None:
        found.append(alert("W012", row.person_id))
        if former.record.birth != row.birth:
            found.append(alert("W015", row.person_id, item="生年月日"))
        if former.record.sex != row.sex:
            found.append(alert("W015", row.person_id, item="性別"))
    if row.resident_code is None and (former is None or former.record.resident_code_id is None):
        found.append(alert("W010", row.person_id))
    if code == HEAD:
        found.extend(young_head_note(row.person_id, row.birth, before.on))
    return found
