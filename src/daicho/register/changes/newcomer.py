"""Entering a person: what a row of the move-in grid and a newborn have in common."""

from dataclasses import replace
from typing import Any

from daicho.law.codes import Sex
from daicho.law.dates import LegalDate
from daicho.law.eras import format_wareki
from daicho.law.errors import DaichoError
from daicho.law.kinship import CHILDREN, ELDER_SIBLINGS, PARENTS, SIBLINGS
from daicho.law.numbers import check_individual_number, check_resident_code
from daicho.register.changes.alerts import alert
from daicho.register.changes.errors import (
    AlreadyResident,
    DuplicatePerson,
    MustReturn,
    NotificationUnreadable,
    PersonDead,
)
from daicho.register.changes.foreign import check_foreign
from daicho.register.changes.household import HEAD, left_alone_on
from daicho.register.changes.newcomer_checks import stay_alerts
from daicho.register.changes.notification import Birth, ForeignItems, NewResident
from daicho.register.changes.overlay import check_nothing_later
from daicho.register.changes.plan import Alert, Before, Effect, HouseholdBefore, NewNumbers, PersonBefore
from daicho.register.changes.rules import check_born, check_texts, first_repeated, relationship_of, require

Newcomer = NewResident | Birth

_PERSONAL = (
    "name",
    "sex",
    "birth",
    "name_kana",
    "name_kana_checked",
    "name_reading",
    "name_reading_on",
    "domicile_municipality",
    "domicile_postcode",
    "domicile",
    "family_register_head",
    "remarks",
)
_TEXTS = ("name", "name_kana", "name_reading", "domicile", "family_register_head", "remarks")
_FOREIGN = tuple(ForeignItems.__dataclass_fields__)


def check_newcomer(before: Before, row: Newcomer, path: str = "") -> NewNumbers:
    """The numbers in clear, checked; raises what makes this person impossible to enter (STD 1.1.6).

    `path` stands before field names ("members.0.").
    """
    check_born(row.birth, before.on, f"{path}birth")
    require(row.name, f"{path}name", "氏名")
    if row.sex not in set(Sex):
        raise NotificationUnreadable(f"{path}sex")
    check_texts(row, _TEXTS, path)
    if row.foreign is not None:
        check_foreign(row.foreign, f"{path}foreign.")
    else:
        require(row.domicile, f"{path}domicile", "本籍（なし・不明も可）")
        require(row.family_register_head, f"{path}family_register_head", "筆頭者（なし・不明も可）")
    return _numbers(before, row, path)


def _numbers(before: Before, row: Newcomer, path: str) -> NewNumbers:
    individual, code = row.individual_number, row.resident_code
    try:
        return NewNumbers(
            individual and check_individual_number(individual, before.number_rule),
            code and check_resident_code(code, before.number_rule),
        )
    except DaichoError as error:
        error.field = f"{path}numbers"
        raise


def check_rows_differ(rows: tuple[NewResident, ...]) -> None:
    """Raises DuplicatePerson when an id, a number, a card number, or name, sex and birth date stand in two rows."""
    keys: tuple[list[Any], ...] = (
        [row.person_id for row in rows],
        [row.individual_number or row.person_id for row in rows],
        [row.resident_code or row.person_id for row in rows],
        [(row.foreign and row.foreign.residence_card_number) or row.person_id for row in rows],
        [(row.name, row.sex, row.birth) for row in rows],
    )
    for values in keys:
        repeated = first_repeated(values)
        if repeated is not None:
            raise DuplicatePerson(f"members.{repeated}.name", row=repeated + 1)


def check_not_resident(person: PersonBefore, field: str) -> None:
    """Raises AlreadyResident, PersonDead, or LaterChangeExists for a person entered from a later day."""
    if person.current is not None and person.current.record.is_resident:
        raise AlreadyResident(field)
    if person.current is not None and person.current.record.status == "dead":
        raise PersonDead(field)
    check_nothing_later(person)


def record_number(person: PersonBefore) -> int:
    """The number of the record to be entered: the one after the removed record of somebody who returns."""
    return person.current.record.record_no + 1 if person.current is not None else 1


def candidate_alerts(before: Before, row: Newcomer, field: str) -> tuple[Alert, ...]:
    """What is said of people in the register who may be this one (STD 4.1.1.2), and of the stay of a foreigner.

    An equal number is proof: raises AlreadyResident or MustReturn. Equal name, sex and birth date never link two
    records by themselves: the clerk decides each candidate. Raises StayEnded.
    """
    path = field.removesuffix("name")
    found = list(stay_alerts(row.foreign, row.person_id, before.on, f"{path}stay_until"))
    for candidate in before.candidates:
        if candidate.person_id != row.person_id or candidate.candidate_id == row.person_id:
            continue
        if candidate.match == "number":
            raise AlreadyResident(field) if candidate.is_resident else MustReturn(field)
        if candidate.candidate_id in row.different_from:
            found.append(alert("W003", row.person_id))
        else:
            found.append(alert("W073" if candidate.match == "similar" else "W002", row.person_id))
    return tuple(dict.fromkeys(found))


def alone_later(effect: Effect, household: HouseholdBefore) -> tuple[tuple[Effect, ...], tuple[Alert, ...]]:
    """What follows when everybody else has planned to leave: the one newcomer becomes head on that day (STD 4.0.4)."""
    day = left_alone_on(household)
    if day is None or day <= effect.valid_from:
        return (), ()
    head = replace(effect, kind="amend", valid_from=day, record=effect.record.with_(relationship=HEAD))
    return (head,), (alert("W014", effect.person_id, shown=format_wareki(day)),)


def personal_items(row: Newcomer) -> dict[str, Any]:
    """The fields of the record that the row gives of the person, foreign items included."""
    items = {name: getattr(row, name) for name in _PERSONAL}
    items["is_foreign"] = row.foreign is not None
    if row.foreign is not None:
        items.update((name, getattr(row.foreign, name)) for name in _FOREIGN)
    return items


def fit_alerts(row: Newcomer, code: str, head_birth: LegalDate | None) -> tuple[Alert, ...]:
    """Warnings where a relationship contradicts sex or age beside the head's (STD 1.1.11)."""
    relationship = relationship_of(code)
    found = []
    if relationship.sex not in (None, row.sex):
        found.append(alert("W013", row.person_id, word=relationship.word, item="性別"))
    if head_birth is not None and not _age_fits(relationship.elements, row.birth, head_birth):
        found.append(alert("W013", row.person_id, word=relationship.word, item="年齢"))
    return tuple(found)


def _age_fits(elements: tuple[str, ...], birth: LegalDate, head_birth: LegalDate) -> bool:
    if len(elements) > 1 or not (birth.is_calendar and head_birth.is_calendar):
        return True
    if elements[0] in PARENTS | ELDER_SIBLINGS:
        return birth.on <= head_birth.on
    if elements[0] in CHILDREN | SIBLINGS:
        return birth.on >= head_birth.on
    return True
