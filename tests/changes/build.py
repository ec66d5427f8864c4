"""Small households of invented people for the tests of the changes."""

from datetime import date, timedelta
from typing import Any

from daicho.law.dates import LegalDate
from daicho.law.numbers import NumberRule
from daicho.register.changes.notification import Address, MoveIn, NewResident, Place
from daicho.register.changes.plan import Before, Effect, HouseholdBefore, PersonBefore, Plan, State
from daicho.register.changes.record import ResidentRecord

TODAY = date(2026, 11, 24)
DAY = date(2026, 11, 20)
CITY = "112020"
HOME = Address(
    municipality_code=CITY,
    address="肥塚三丁目112番地4",
    town_code="11202046003",
    postcode="360-0015",
    building="ひまわり荘101号",
)
OTHER = Address(municipality_code=CITY, address="江南中央二丁目8番地12", town_code="11202047002", postcode="360-0114")
FROM = Place(municipality="131164", address="東京都豊島区東池袋九丁目2番3号", head="渡邉　大輔")

ADULTS = [
    ("渡邉　大輔", "1", date(1983, 9, 14)),
    ("渡邉　彩香", "2", date(1985, 2, 3)),
    ("渡邉　陽斗", "1", date(2014, 6, 21)),
    ("渡邉　結菜", "2", date(2019, 8, 30)),
    ("渡邉　蒼", "1", date(2021, 1, 5)),
]
FAMILY_CODES = ("02", "12", "20", "20", "20")


def resident(place: int = 0, **changes: Any) -> ResidentRecord:
    """The record of the n-th member of the family, living at HOME since 2019."""
    name, sex, born = ADULTS[place]
    since = LegalDate(date(2019, 4, 1))
    base = ResidentRecord(
        household_id=1,
        household_order=place + 1,
        relationship=FAMILY_CODES[place],
        municipality_code=CITY,
        town_code=HOME.town_code,
        postcode=HOME.postcode,
        address=HOME.address,
        building=HOME.building,
        name=name,
        name_kana="ワタナベ",
        sex=sex,
        birth=LegalDate(born),
        domicile="東京都板橋区大山東町32番地",
        family_register_head="渡邉　大輔",
        resident_since=since,
        settled_on=since,
        resident_code_id=500 + place,
    )
    return base.with_(**changes)


def person(person_id: int, record: ResidentRecord | None, *later: tuple[date, ResidentRecord]) -> PersonBefore:
    """A person with this record on the change date and these from later days."""
    current = State(person_id * 10, person_id, 1, date(2019, 4, 1), record) if record else None
    states = tuple(
        State(person_id * 10 + place, person_id, place + 1, begins, one)
        for place, (begins, one) in enumerate(later, start=1)
    )
    return PersonBefore(person_id, str(person_id).zfill(10), current, states)


def leaves(record: ResidentRecord, on: date) -> tuple[date, ResidentRecord]:
    """The planned move-out of a record."""
    return on, record.with_(status="moved_out", removed_on=LegalDate(on), removed_reason="国内転出", planned_on=on)


def household(*members: PersonBefore, household_id: int = 1) -> HouseholdBefore:
    """A household with these members."""
    return HouseholdBefore(household_id, str(household_id).zfill(8), members)


def family(size: int = 4, **changes: Any) -> HouseholdBefore:
    """Persons 11, 12, ... : head, wife, children."""
    return household(*(person(11 + place, resident(place, **changes)) for place in range(size)))


def before(*households: HouseholdBefore, on: date = DAY, persons: tuple[PersonBefore, ...] = (), **more: Any) -> Before:
    """What a plan sees; numbers follow the synthetic rule."""
    more.setdefault("number_rule", NumberRule.SYNTHETIC)
    return Before(on, {one.household_id: one for one in households}, {one.person_id: one for one in persons}, **more)


def row(place: int = 0, **changes: Any) -> NewResident:
    """A row of the move-in grid: the n-th member of the family as person 91, 92, ..."""
    name, sex, born = ADULTS[place]
    given: dict[str, Any] = {
        "person_id": 91 + place,
        "name": name,
        "sex": sex,
        "birth": LegalDate(born),
        "relationship": FAMILY_CODES[place],
        "name_kana": "ワタナベ",
        "domicile": "東京都板橋区大山東町32番地",
        "family_register_head": "渡邉　大輔",
    }
    return NewResident(**{**given, **changes})


def move_in(*rows: NewResident, **changes: Any) -> MoveIn:
    """A notification two days after moving, made today."""
    given: dict[str, Any] = {
        "household_id": 9,
        "change_date": DAY,
        "notified_on": TODAY,
        "address": HOME,
        "previous": FROM,
        "members": rows,
    }
    return MoveIn(**{**given, **changes})


def records(plan: Plan, on: date = DAY) -> dict[int, ResidentRecord]:
    """Person id → record written from `on`."""
    return {effect.person_id: effect.record for effect in plan.effects if effect.valid_from == on}


def effects_later(plan: Plan, on: date = DAY) -> list[Effect]:
    """The effects from days after `on`."""
    return [effect for effect in plan.effects if effect.valid_from > on]


def codes(plan: Plan) -> list[str]:
    """The codes of the alerts in order."""
    return [alert.code for alert in plan.alerts]


def days(count: int) -> timedelta:
    """A number of days."""
    return timedelta(days=count)
