"""Entering people by a row each: what moves in, from elsewhere or abroad, and entries ex officio have in common (STD 4.1.1, 4.2.1).

住民となった年月日 is the change date. 住所を定めた年月日 holds the same date until a move inside the city, as STD 4.1.1.1
demands of the data; paper leaves it blank as long as nobody moved (docs/decisions/0006).
Whoever returns keeps the person, and with it the addressee number and the numbers of the removed record (STD 4.1.1.2).
Of people who came without a notification before (未届転入, STD 4.1.1.4) the address before ends with （未届）, a note says so, and
the last place of registration is an item of its own.
"""

from collections.abc import Sequence
from dataclasses import replace
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
from daicho.register.changes.notification import MoveIn, NewResident, Place
from daicho.register.changes.plan import Alert, Before, Effect, Note, PersonBefore, Plan, Scope
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

UNREPORTED = "（未届）"
_KEPT_ON_RETURN = ("individual_number_id", "resident_code_id", "maiden_name")
_FORMER_NAME = (
    "former_family_name",
    "former_family_name_kana",
    "former_family_name_kana_checked",
    "former_family_name_reading",
    "former_family_name_reading_on",
)
_COMMON_NAME = (
    "common_name",
    "common_name_kana",
    "common_name_kana_checked",
    "common_name_on",
    "common_name_municipality",
    "common_name_history",
)


def scope(notification: MoveIn) -> Scope:
    """The household entered and the persons of all rows."""
    return Scope((notification.household_id,), tuple(sorted({row.person_id for row in notification.members})))


def newcomers(notification: MoveIn) -> tuple[NewResident, ...]:
    """The rows for which the store looks for the same person."""
    return notification.members


def enter(
    before: Before, notification: MoveIn, today: date, reason: Reason, law: str, *, from_abroad: bool = False
) -> Plan:
    """Enter all rows into a new household or an existing one; `law` fixes the days within which this is notified.

    Raises C001-C003, C005, C006, C010, C011, C013-C015, C017-C020, C022, C026, C028-C030, C032, C060, C061, L101-L103,
    L401, L402, L601-L603, M001.
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
    shared = {**target.items, **_shared(notification, reason)}
    ranks = _ranks(notification, codes)
    effects, alerts = [], list(late_note(notification.notified_on, before.on, notification.basis, law))
    for place, (row, code) in enumerate(zip(notification.members, codes, strict=True)):
        kept = _kept(before.person(row.person_id), row) if from_abroad else {}
        effects.append(
            _effect(before, row, place, {**shared, "household_order": target.last_rank + ranks[place]}, code, kept)
        )
        if any(kept.values()):
            alerts.append(alert("W032", row.person_id))
        alerts.extend(_alerts(before, row, place, code))
        alerts.extend(fit_alerts(row, code, head_birth))
    if len(effects) == 1:
        more_effects, more_alerts = alone_later(effects[0], before.household(notification.household_id))
        effects.extend(more_effects)
        alerts.extend(more_alerts)
    check_households(before, effects)
    return Plan(
        reason,
        notification.basis,
        LegalDate(notification.change_date),
        notification.notified_on,
        tuple(effects),
        tuple(alerts),
        notes=_notes(notification),
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
    check_place(notification.previous, "previous")
    if notification.unreported:
        require(notification.previous.address, "previous.address", "未届の住所")
    if notification.last is not None:
        check_place(notification.last, "last")


def _previous(notification: MoveIn) -> Place:
    """The address before; of people who came without notification it says so."""
    place, text = notification.previous, notification.previous.address
    if not notification.unreported or text is None or text.endswith(UNREPORTED):
        return place
    return replace(place, address=text + UNREPORTED)


def _notes(notification: MoveIn) -> tuple[Note, ...]:
    """未届転入 and the unreported address, tied to 転入前住所 (STD 4.1.1.4, 1.1.14)."""
    if not notification.unreported:
        return ()
    text = f"未届転入　{_previous(notification).address}"
    return tuple(Note(row.person_id, "previous_address", text) for row in notification.members)


def _shared(notification: MoveIn, reason: Reason) -> dict[str, Any]:
    """What all rows get from the notification."""
    since = LegalDate(notification.change_date)
    return {
        "resident_since": since,
        "resident_notified_on": notification.notified_on,
        "settled_on": since,
        "settled_reason": reason.word,
        "settled_notified_on": notification.notified_on,
        "settled_basis": notification.basis.word,
        **place_items(_previous(notification), "previous"),
        **place_items(notification.last or Place(), "last"),
        "unreported_from": notification.unreported_from,
        "unreported_to": notification.unreported_to,
    }


def _kept(person: PersonBefore, row: NewResident) -> dict[str, Any]:
    """Former family name or common name of somebody who left this city for abroad and comes back here first (STD 1.1.7)."""
    former = person.current.record if person.current is not None else None
    if former is None or former.removed_reason != Reason.MOVE_OUT_ABROAD.word:
        return {}
    if row.foreign is None:
        return {} if row.former_family_name else {name: getattr(former, name) for name in _FORMER_NAME}
    return {} if row.foreign.common_name else {name: getattr(former, name) for name in _COMMON_NAME}


def _effect(
    before: Before, row: NewResident, place: int, shared: dict[str, Any], code: str, kept: dict[str, Any]
) -> Effect:
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
    items |= {name: getattr(row, name) for name in (*_FORMER_NAME, "adult_ward")} | kept
    if row.foreign is not None:
        items["foreign_resident_notified_on"] = shared["resident_notified_on"]
    record = ResidentRecord(**shared, **items, record_no=record_number(person), relationship=code)
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
