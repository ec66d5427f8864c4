"""What all amendments share: new values held against the table of items, and who gets them."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from daicho.law.codes import CodeList, Sex, find_code
from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.glyphs import check_characters, font_glyphs
from daicho.law.reasons import Nationality, Reason
from daicho.law.towns import municipality_of
from daicho.register.changes.alerts import alert
from daicho.register.changes.amend_errors import ItemNotAmendable, ItemNotForPerson, NothingAmended, OnePersonOnly
from daicho.register.changes.amendable import ADDRESS, ITEMS, MAIL_NAMES, SOURCES, STATES, Item
from daicho.register.changes.errors import ItemMissing, NotificationUnreadable
from daicho.register.changes.household import HEAD, check_households
from daicho.register.changes.leaving import chosen_members
from daicho.register.changes.notification import Address
from daicho.register.changes.notification_amend import Amendment, ErrorCorrection, NewValue
from daicho.register.changes.overlay import resident_state
from daicho.register.changes.plan import Alert, Before, Effect, Note, PersonBefore, Plan, Scope
from daicho.register.changes.record import ResidentRecord
from daicho.register.changes.retroactive import effects_to, line_of, set_fields
from daicho.register.changes.rules import (
    address_items,
    check_address,
    check_born,
    check_day,
    check_notified,
    check_texts,
    relationship_code,
    relationship_of,
)

Fields = dict[str, Any]
"""Fields of a record with their new values."""

_NAMED_BY = {
    "nationality": (CodeList.NATIONALITY, "nationality_name"),
    "residence_status": (CodeList.RESIDENCE_STATUS, "residence_status_name"),
}
"""Coded items with the field that holds the word beside them."""
_CODED_PLACE = {
    "domicile": "domicile_municipality",
    "previous_address": "previous_municipality",
    "last_address": "last_municipality",
}
"""Addresses elsewhere with the field of the municipality that follows from them."""
_FORMS = {"postcode": re.compile("[0-9]{7}"), "month": re.compile("[0-9]{4}-(0[1-9]|1[0-2])")}
_CHOICES = {"reading_source": SOURCES, "reading_state": STATES, "mail_name": MAIL_NAMES}


def scope(notification: Amendment) -> Scope:
    """The household, and the persons amended."""
    return Scope((notification.household_id,), tuple(sorted(set(notification.person_ids))))


def check_dates(before: Before, notification: Amendment, today: date) -> None:
    """Raises PlanOutdated, FutureChangeDate, ItemMissing or NotifiedInFuture."""
    check_day(before, notification.change_date, today)
    check_notified(notification.notified_on, notification.basis, today)


def people_of(before: Before, notification: Amendment) -> list[PersonBefore]:
    """The members amended. Raises NobodyMoves, DuplicatePerson, NotOfHousehold, NotResident."""
    return chosen_members(before.household(notification.household_id), notification.person_ids)


def person_of(before: Before, notification: Amendment, today: date, item: Item) -> PersonBefore:
    """The one member whose name (`item`) is amended, a resident of the kind that can have it.

    Raises C001, C004, C010, C018, C019, C028, C029, OnePersonOnly, ItemNotForPerson.
    """
    check_dates(before, notification, today)
    people = people_of(before, notification)
    if len(people) > 1:
        raise OnePersonOnly("person_ids", item=item.word)
    check_kind_of_resident(item, resident_state(people[0]).record, "person_ids")
    return people[0]


def check_kind_of_resident(item: Item, record: ResidentRecord, field: str) -> None:
    """Raises ItemNotForPerson when the item is kept for the other kind of resident (STD 1.1.1, 1.1.2)."""
    kind = Nationality.FOREIGN if record.is_foreign else Nationality.JAPANESE
    if item.whose not in (None, kind):
        allowed = "日本人" if item.whose is Nationality.JAPANESE else "外国人"
        raise ItemNotForPerson(field, item=item.word, allowed=allowed)


def new_fields(notification: Amendment | ErrorCorrection, people: Sequence[PersonBefore], on: date) -> Fields:
    """All new values, checked; raises what the table of items does not allow.

    Raises C002, C022, C028, C102-C104, L401, L402, L501, L601-L603.
    """
    found: Fields = {}
    for place, value in enumerate(notification.values):
        path = f"values.{place}"
        item = ITEMS.get(value.item)
        if item is None or value.item in found:
            raise NotificationUnreadable(f"{path}.item")
        if notification.reason not in item.reasons:
            raise ItemNotAmendable(path, item=item.word)
        if len(people) > 1 and not item.together:
            raise OnePersonOnly(path, item=item.word)
        for person in people:
            check_kind_of_resident(item, resident_state(person).record, path)
        found.update(_read(item, value, path, on))
        if value.item in _CODED_PLACE:
            found[_CODED_PLACE[value.item]] = _municipality(value.text)
    return found


def _municipality(address: str | None) -> str | None:
    """The code of the municipality that an address begins with."""
    place = municipality_of(address) if address else None
    return place.code if place else None


def _read(item: Item, value: NewValue, path: str, on: date) -> Fields:
    """The fields of one new value."""
    given = {name for name in ("text", "day", "legal", "flag") if getattr(value, name) is not None}
    wanted = {"day": "day", "any_day": "day", "legal_day": "legal", "flag": "flag"}.get(item.kind, "text")
    if not given <= {wanted} or (wanted == "flag" and not given):
        raise NotificationUnreadable(path)
    if not given:
        if item.needed:
            raise ItemMissing(path, item=item.word)
        return {value.item: None, **({_NAMED_BY[value.item][1]: None} if value.item in _NAMED_BY else {})}
    if value.legal is not None and value.item == "birth":
        check_born(value.legal, on, path)
    if value.text is not None:
        return _text(item, value.item, value.text, path)
    return {value.item: getattr(value, wanted)}


def _text(item: Item, name: str, text: str, path: str) -> Fields:
    """A text by the kind of its item: printable, of a list, or within the vocabulary."""
    if item.kind == "relationship":
        return {name: relationship_code(text, path)}
    if item.kind == "sex" and text not in set(Sex):
        raise NotificationUnreadable(path)
    if item.kind in _CHOICES and text not in _CHOICES[item.kind]:
        raise NotificationUnreadable(path)
    if item.kind in _FORMS and not _FORMS[item.kind].fullmatch(text):
        raise NotificationUnreadable(path)
    try:
        if name in _NAMED_BY:
            which, beside = _NAMED_BY[name]
            return {name: text, beside: find_code(which, text).name}
        if item.kind == "article_30_45":
            find_code(CodeList.ARTICLE_30_45, text)
        if item.kind == "text":
            check_characters(text, font_glyphs())
    except DaichoError as error:
        error.field = path
        raise
    return {name: text}


def household_address(notification: Amendment | ErrorCorrection) -> Fields:
    """The fields of a new address, nothing without one. Raises UnknownTown, L601-L603, ItemNotAmendable."""
    address: Address | None = notification.address
    if address is None:
        return {}
    if notification.reason not in ADDRESS.reasons:
        raise ItemNotAmendable("address", item=ADDRESS.word)
    check_address(address)
    return address_items(address)


def amended(
    before: Before, household_id: int, people: Sequence[PersonBefore], fields: Fields, shared: Fields
) -> tuple[Effect, ...]:
    """The effects: `fields` on the chosen people, `shared` on everybody of the household, in all later states too.

    What a later change set by itself stays, and so does what belongs to the household into which somebody has gone since:
    its address and the relationship there. Raises NothingAmended.
    """
    chosen = {person.person_id for person in people}
    household = before.household(household_id)
    own = {name: value for name, value in fields.items() if name != "relationship"}
    relation = {name: value for name, value in fields.items() if name == "relationship"}
    effects: list[Effect] = []
    for member in household.members:
        line = line_of(member)
        if member.person_id in chosen:
            line = set_fields(line, before.on, **own)
            line = set_fields(line, before.on, within=household_id, **relation)
        line = set_fields(line, _enters(member, household_id, before.on), within=household_id, **shared)
        effects.extend(effects_to(member, line, "mover" if member.person_id in chosen else "affected"))
    if not effects:
        raise NothingAmended("values")
    check_households(before, effects)
    return tuple(effects)


def _enters(member: PersonBefore, household_id: int, on: date) -> date:
    """The day, or the later one on which somebody comes into the household."""
    states = [state for state in (member.current, *member.later) if state is not None]
    return max(on, next(state.valid_from for state in states if state.record.household_id == household_id))


def careful(people: Sequence[PersonBefore], fields: Fields) -> list[Alert]:
    """What must be seen: identity items, a relationship against the sex, the head's name that others show."""
    found: list[Alert] = []
    for person in people:
        record = resident_state(person).record
        for name in ("birth", "sex"):
            if name in fields and fields[name] != getattr(record, name):
                found.append(alert("W051", person.person_id, item=ITEMS[name].word))
        after = record.with_(**fields)
        if record.relationship == HEAD and after.name != record.name:
            found.append(alert("W050", person.person_id))
        if {"sex", "relationship"} & fields.keys():
            relationship = relationship_of(after.relationship)
            if relationship.sex not in (None, after.sex):
                found.append(alert("W013", person.person_id, word=relationship.word, item="性別"))
    return found


def notes_of(notification: Amendment | ErrorCorrection, person_ids: Sequence[int]) -> tuple[Note, ...]:
    """The 留意事項 typed, tied to the first item amended, for each person (STD 1.1.14). Raises L601-L603."""
    if notification.note is None:
        return ()
    check_texts(notification, ("note",))
    item = notification.values[0].item if notification.values else "address" if notification.address else "name"
    return tuple(Note(person_id, item, notification.note) for person_id in person_ids)


def made(notification: Amendment, effects: tuple[Effect, ...], alerts: Sequence[Alert], **more: Any) -> Plan:
    """The plan of an amendment."""
    return Plan(
        notification.reason,
        notification.basis,
        LegalDate(notification.change_date),
        notification.notified_on,
        effects,
        tuple(alerts),
        notes=notes_of(notification, notification.person_ids),
        **more,
    )


def is_deletion(reason: Reason) -> bool:
    """Whether a reason takes a name out of the record."""
    return reason in (Reason.FORMER_NAME_DELETION, Reason.COMMON_NAME_DELETION)
