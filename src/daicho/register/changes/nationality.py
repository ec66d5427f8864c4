"""帰化, 国籍取得 and 国籍喪失 of a resident: one record removed, one entered, on one day (STD 4.5.3-4.5.5; 令8条, 令12条).

Carried over are household, address, birth date, sex, relationship, 住所を定めた年月日 with what belongs to it, resident code,
individual number, address before entering the city, and what other offices keep of the person. 外国人住民となった年月日
becomes 住民となった年月日; whoever loses the nationality becomes a foreign resident on the later of that day and 住民となった
年月日. Name, family register or the items of foreign residents are entered. Whoever had no record is entered by 職権記載.
"""

from datetime import date
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.errors import DaichoError
from daicho.law.reasons import Nationality, Reason, check_nationality
from daicho.register.changes.alerts import alert
from daicho.register.changes.foreign import check_foreign
from daicho.register.changes.household import HEAD, check_households
from daicho.register.changes.leaving import chosen_members
from daicho.register.changes.notification import ForeignItems, NationalityLoss, Naturalisation
from daicho.register.changes.plan import Alert, Before, Note, PersonBefore, Plan, Scope
from daicho.register.changes.record import RECORD_FIELDS, ResidentRecord
from daicho.register.changes.rules import check_day, check_notified, check_texts, require
from daicho.register.changes.succession import next_record, record_end

_KEPT = frozenset(
    {
        *("status", "household_id", "household_order", "head_absent", "relationship", "sex", "birth"),
        *("district_code", "postcode", "municipality_code", "town_code", "address", "building_code", "building"),
        *("settled_on", "settled_reason", "settled_notified_on", "settled_basis"),
        *(f"previous_{part}" for part in ("municipality", "postcode", "address", "building", "head")),
        *("resident_code_id", "individual_number_id", "adult_ward"),
        *("health_insurance", "health_insurance_retired", "care_insurance", "elderly_medical", "welfare_medical"),
        *("pension_number", "pension_kind", "pension_insurance", "pension_benefit", "child_allowance"),
    }
)
"""What the next record takes over from the former one."""
_OF_A_PLAN = frozenset(
    {
        *("planned_on", "removed_on", "removed_notified_on", "removed_reason", "removed_basis"),
        *("confirmed_on", "arrival_notice_on"),
        *(f"{which}_{part}" for which in ("planned", "confirmed")
          for part in ("municipality", "postcode", "address", "building", "head")),
    }
)  # fmt: skip
"""What a planned move out holds: never touched here, so that the plan goes on."""
_BLANK = ResidentRecord(
    household_id=0, relationship="", municipality_code="", address="", name="", sex="", birth=LegalDate(date.min)
)
_DROPPED: dict[str, Any] = {
    name: getattr(_BLANK, name) for name in RECORD_FIELDS if name not in _KEPT | _OF_A_PLAN | {"record_no"}
}
"""What the next record does not take over: blank until the change gives it."""
_JAPANESE_TEXTS = ("name", "name_kana", "name_reading", "domicile", "family_register_head", "remarks")
_FOREIGN_TEXTS = ("name", "name_kana", "remarks")


def scope(notification: Naturalisation | NationalityLoss) -> Scope:
    """The household, and the person."""
    return Scope((notification.household_id,), (notification.person_id,))


def plan_naturalisation(before: Before, notification: Naturalisation, today: date) -> Plan:
    """Remove the record of the foreign resident and enter that of the Japanese one.

    Raises C001, C010, C019, C022, C024, C029, L302, L601-L603.
    """
    person = _person(before, notification, today, Reason.REMOVAL_NATURALISATION)
    require(notification.name, "name", "氏名")
    require(notification.domicile, "domicile", "本籍（なし・不明も可）")
    require(notification.family_register_head, "family_register_head", "筆頭者（なし・不明も可）")
    check_texts(notification, _JAPANESE_TEXTS)
    former = _record(person)
    reading = notification.name_reading
    items = {
        **_DROPPED,
        **{name: getattr(notification, name) for name in _NATURALISED},
        "resident_since": former.foreign_resident_since or former.resident_since,
        "resident_notified_on": notification.notified_on,
        "name_reading_on": (notification.name_reading_on or notification.change_date) if reading else None,
        "name_reading_source": "family_register" if reading else None,
        "name_reading_state": "confirmed" if reading else None,
    }
    ground = "国籍取得" if notification.acquisition else "帰化"
    return _pair(
        before, notification, person, (Reason.ENTRY_NATURALISATION, Reason.REMOVAL_NATURALISATION), items, ground
    )


_NATURALISED = (
    *("name", "name_kana", "name_kana_checked", "name_reading", "remarks"),
    *("domicile_municipality", "domicile_postcode", "domicile", "family_register_head"),
)


def plan_loss(before: Before, notification: NationalityLoss, today: date) -> Plan:
    """Remove the record of the Japanese resident and enter that of the foreign one.

    Raises C001, C010, C019, C022, C024, C029, C060, C061, L302, L601-L603.
    """
    person = _person(before, notification, today, Reason.REMOVAL_NATIONALITY_LOSS)
    require(notification.name, "name", "氏名")
    check_texts(notification, _FOREIGN_TEXTS)
    check_foreign(notification.foreign, "foreign.")
    former, lost = _record(person), LegalDate(notification.change_date)
    since = max((day for day in (former.resident_since, lost) if day is not None), key=lambda day: day.on)
    items = {
        **_DROPPED,
        **{name: getattr(notification, name) for name in ("name", "name_kana", "name_kana_checked", "remarks")},
        **{name: getattr(notification.foreign, name) for name in ForeignItems.__dataclass_fields__},
        "is_foreign": True,
        "foreign_resident_since": since,
        "foreign_resident_notified_on": notification.notified_on,
        "resident_since": since,
        "resident_notified_on": notification.notified_on,
    }
    reasons = (Reason.ENTRY_NATIONALITY_LOSS, Reason.REMOVAL_NATIONALITY_LOSS)
    return _pair(before, notification, person, reasons, items, "国籍喪失")


def _person(
    before: Before, notification: Naturalisation | NationalityLoss, today: date, removal: Reason
) -> PersonBefore:
    """The member whose nationality changes, with the checks that both directions share."""
    check_day(before, notification.change_date, today)
    check_notified(notification.notified_on, notification.basis, today)
    [person] = chosen_members(before.household(notification.household_id), (notification.person_id,))
    nationality = Nationality.FOREIGN if _record(person).is_foreign else Nationality.JAPANESE
    try:
        check_nationality(removal, nationality)
    except DaichoError as error:
        error.field = "person_id"
        raise
    return person


def _record(person: PersonBefore) -> ResidentRecord:
    assert person.current is not None  # noqa: S101 - chosen_members gives residents only
    return person.current.record


def _pair(
    before: Before,
    notification: Naturalisation | NationalityLoss,
    person: PersonBefore,
    reasons: tuple[Reason, Reason],
    items: dict[str, Any],
    ground: str,
) -> Plan:
    entry, removal = reasons
    on = LegalDate(notification.change_date)
    effects = next_record(person, before.on, **items)
    check_households(before, effects)
    return Plan(
        entry,
        notification.basis,
        on,
        notification.notified_on,
        effects,
        _alerts(person, notification.name),
        notes=(Note(person.person_id, "removed_reason", ground),),
        removal=removal,
        ends=(record_end(person, removal, on, notification.notified_on, notification.basis),),
    )


def _alerts(person: PersonBefore, name: str) -> tuple[Alert, ...]:
    former = _record(person)
    found = []
    if former.relationship == HEAD and former.name != name:
        found.append(alert("W030", person.person_id))
    if former.resident_code_id is None:
        found.append(alert("W010", person.person_id))
    return tuple(found)
