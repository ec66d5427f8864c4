"""One form for every amendment of a record: who, which items, and what they become (STD 4.2.3, 1.1.7).

Fields: `items` the figures of the items to be shown, `i.<field>` the new value of one item; blank leaves it as it is, "-"
takes it away. The address is typed as town, lot and building and belongs to the whole household.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from daicho.law.codes import CodeList
from daicho.law.dates import LegalDate, parse_date
from daicho.law.reasons import Basis, Reason
from daicho.law.towns import CITY_CODE, Town, town_of_code
from daicho.register.changes.amend_errors import OnePersonOnly
from daicho.register.changes.amendable import ADDRESS, ITEMS, MAIL_NAMES, SOURCES, STATES, Item, items_of
from daicho.register.changes.errors import ChangeGone
from daicho.register.changes.grounds import GROUNDS
from daicho.register.changes.notification import Address
from daicho.register.changes.notification_amend import Amendment, ErrorCorrection, NewValue
from daicho.register.changes.record import ResidentRecord
from daicho.register.desk.addresses import building_code, district_of, find_town, lot_text, postcode
from daicho.register.desk.errors import UnknownCode
from daicho.register.desk.forms.base import (
    ChangeView,
    Context,
    HouseholdMember,
    HouseholdView,
    Read,
    know_fields,
    widen_latin,
)
from daicho.register.desk.forms.foreign import find
from daicho.register.desk.forms.members import (
    Household,
    birth_rekeys,
    is_person_field,
    member_fields,
    people,
    read_household,
    start_members,
)

AT = "i."
ADDRESS_FIELDS = ("i.town", "i.lot", "i.building")
CLEAR = ("-", "－", "ー")
FLAGS = {"1": True, "0": False, "はい": True, "いいえ": False}
_HEADER = ("household", "members", "notified_on", "change_date", "notifier", "ground", "items", "note")
_SPLIT = re.compile(r"[\s,、・.]+")


def item_key(key: str, reason: Reason) -> str | None:
    """The field of the item with these figures that the reason may touch; "address" for the address."""
    if key == ADDRESS.key and reason in ADDRESS.reasons:
        return "address"
    return next((name for name, item in items_of(reason).items() if item.key == key), None)


def listed_items(text: str, reason: Reason) -> list[str]:
    """The items named by figures, in the order typed. Raises UnknownCode."""
    names = []
    for key in filter(None, _SPLIT.split(widen_latin(text))):
        name = item_key(key, reason)
        if name is None:
            raise UnknownCode(what="項目")
        names.append(name)
    return list(dict.fromkeys(names))


def has_ground(reason: Reason) -> bool:
    """Whether the reason needs a ground."""
    return reason in GROUNDS


def chooses_items(reason: Reason) -> bool:
    """Whether the clerk names the items; the other reasons have a few that are all shown."""
    return has_ground(reason) or reason is Reason.ERROR_CORRECTION


class AmendmentForm:
    """職権修正, 軽微な修正, 旧氏 and 通称: the reason says which items may be touched."""

    template = "register/entry_items.html"

    def __init__(self, reason: Reason, basis: Basis) -> None:
        """`basis`: what such a change usually rests on; a ground may say otherwise."""
        self.reason = reason
        self.title = reason.word
        self.basis = basis

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """The person from whose screen the case was opened is chosen."""
        chosen = [person_id] if household and person_id else []
        return {"notified_on": "今日", **start_members(household, chosen)}

    def fields(self, typed: Mapping[str, str]) -> list[str]:
        """Header, members, then the items in the order of the table."""
        return [*_HEADER, *member_fields(typed), *ADDRESS_FIELDS, *(AT + name for name in ITEMS)]

    def wanted_ids(self, typed: Mapping[str, str]) -> list[str]:
        """Nobody is new."""
        return []

    def know(self, typed: Mapping[str, str]) -> None:
        """Raises NoSuchField."""
        know_fields(typed, self._is_field)

    def _is_field(self, name: str) -> bool:
        known = name in _HEADER or is_person_field(name) or name in ADDRESS_FIELDS
        return known or (name.startswith(AT) and name.removeprefix(AT) in items_of(self.reason))

    def read(self, context: Context) -> Read:
        """The amendment; raises EntryIncomplete."""
        household = read_household(context)
        ground = self._ground(context)
        change_date = context.day("change_date", "異動日")
        notified_on = context.notified_on()
        context.read("items", lambda text: listed_items(text, self.reason))
        context.name("note")
        values = read_values(context, self.reason)
        address = read_new_address(context, household) if self.reason in ADDRESS.reasons else None
        context.finish(self.fields(context.typed))
        on = change_date or context.today
        notification = Amendment(
            reason=self.reason,
            household_id=household.household_id,
            person_ids=household.chosen_ids,
            change_date=on,
            notified_on=notified_on,
            basis=context.basis,
            ground=ground,
            values=values,
            address=address,
            note=context.name("note"),
        )
        return Read(
            notification=notification,
            on=on,
            rekeys={"change_date": LegalDate(on), **birth_rekeys(household.chosen), **_new_birth(values)},
            paths=_paths(values),
            people=people(household.chosen),
        )

    def _ground(self, context: Context) -> str | None:
        grounds = GROUNDS.get(self.reason)
        if grounds is None:
            return None
        return context.choice("ground", {key: ground.word for key, ground in grounds.items()}, "根拠")


class ErrorCorrectionForm(AmendmentForm):
    """誤記修正: as an amendment, from the day on which the change wrote that made the error (`wrong_change`)."""

    def __init__(self) -> None:
        """Always ex officio (STD 4.2.3.3)."""
        super().__init__(Reason.ERROR_CORRECTION, Basis.EX_OFFICIO)

    def start(self, today: date, household: HouseholdView | None, person_id: int | None) -> dict[str, str]:
        """The correction itself is of today."""
        return {**super().start(today, household, person_id), "notified_on": "", "change_date": "今日"}

    def _is_field(self, name: str) -> bool:
        return name == "wrong_change" or super()._is_field(name)

    def read(self, context: Context) -> Read:
        """The correction; raises EntryIncomplete."""
        household = read_household(context)
        change = context.read("wrong_change", lambda text: _wrong_change(context, household, text), "誤記のあった異動")
        if len(household.chosen) > 1:
            context.fail("members", OnePersonOnly(item=self.title))
        change_date = context.day("change_date", "異動日")
        notified_on = context.notified_on()
        context.read("items", lambda text: listed_items(text, self.reason))
        context.name("note")
        values = read_values(context, self.reason)
        address = read_new_address(context, household)
        context.finish(["wrong_change", *self.fields(context.typed)])
        assert change is not None  # noqa: S101 - `finish` raises while the change is missing
        on = change_date or context.today
        return Read(
            notification=ErrorCorrection(
                change_id=change.change_id,
                first_day=change.first_day,
                household_ids=change.household_ids,
                person_id=household.chosen_ids[0],
                change_date=on,
                notified_on=notified_on,
                basis=context.basis,
                values=values,
                address=address,
                note=context.name("note"),
            ),
            on=change.first_day,
            rekeys={"change_date": LegalDate(on), **birth_rekeys(household.chosen), **_new_birth(values)},
            paths={**_paths(values), "person_id": "wrong_change", "change_id": "wrong_change"},
            people=people(household.chosen),
        )


def _wrong_change(context: Context, household: Household, text: str) -> ChangeView:
    """The change by its id, if it wrote the record of a chosen person."""
    found = context.lookup.change(int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None
    if found is None or not set(household.chosen_ids) <= set(found.involved_ids):
        raise ChangeGone
    return found


def read_values(context: Context, reason: Reason) -> tuple[NewValue, ...]:
    """The new values of all items that were typed; "-" clears one."""
    found = []
    for name, item in items_of(reason).items():
        field, text = AT + name, context.text(AT + name)
        if text in CLEAR and item.kind != "flag":
            found.append(NewValue(item=name))
        elif text:
            value = _READERS[item.kind](context, field)
            if value is not None:
                found.append(NewValue(item=name, **{_PLACES.get(item.kind, "text"): value}))
    return tuple(found)


def _flag(text: str) -> bool:
    key = "0" if text in CLEAR else widen_latin(text)
    if key not in FLAGS:
        raise UnknownCode(what="はい(1)・いいえ(0)")
    return FLAGS[key]


def read_month(text: str, today: date) -> str:
    """A month in any form of a date without its day, as 2026-04."""
    whole = f"{text}1日" if text.endswith("月") else f"{text}.1"
    return f"{parse_date(whole, today, future=True):%Y-%m}"


def _choice(options: Mapping[str, str], what: str) -> Callable[[Context, str], str | None]:
    """One of a few codes by its place (1, 2 …) or its word."""
    keys = {str(place): code for place, code in enumerate(options, start=1)}
    words = {word: code for code, word in options.items()}

    def reader(text: str) -> str:
        code = keys.get(widen_latin(text)) or words.get(text)
        if code is None:
            raise UnknownCode(what=what)
        return code

    return lambda context, field: context.read(field, reader)


def _code(which: CodeList) -> Callable[[Context, str], str | None]:
    return lambda context, field: context.read(field, lambda text: find(which, text).code)


_READERS: Mapping[str, Callable[[Context, str], Any]] = {
    "text": lambda context, field: context.name(field),
    "kana": lambda context, field: context.kana(field),
    "short": lambda context, field: context.read(field, widen_latin),
    "day": lambda context, field: context.day(field),
    "any_day": lambda context, field: context.day(field, future=True),
    "legal_day": lambda context, field: context.legal_day(field),
    "sex": lambda context, field: context.sex(field),
    "relationship": lambda context, field: context.relationship(field),
    "flag": lambda context, field: context.read(field, _flag),
    "reading_source": _choice(SOURCES, "振り仮名のもと"),
    "reading_state": _choice(STATES, "確認状態"),
    "mail_name": _choice(MAIL_NAMES, "郵便物の宛名"),
    "nationality": _code(CodeList.NATIONALITY),
    "residence_status": _code(CodeList.RESIDENCE_STATUS),
    "article_30_45": _code(CodeList.ARTICLE_30_45),
    "postcode": lambda context, field: context.read(field, postcode),
    "month": lambda context, field: context.read(field, lambda text: read_month(text, context.day_of_typing(field))),
}
"""How an item of each kind is read from what was typed."""

_PLACES = {"day": "day", "any_day": "day", "legal_day": "legal", "flag": "flag"}
"""Where a new value of a kind stands; texts everywhere else."""


def read_new_address(context: Context, household: Household) -> Address | None:
    """The address as it will stand: what was typed of town, lot and building over what stands now."""
    members = household.view.members if household.view else ()
    record = members[0].record if members else None
    if record is None or not any(context.text(field) for field in ADDRESS_FIELDS):
        return None
    town, address = _town_and_lot(context, record)
    typed = context.text("i.building")
    building = None if typed in CLEAR else context.name("i.building") or record.building
    moved = (address, town.code if town else record.town_code) != (record.address, record.town_code)
    return Address(
        municipality_code=CITY_CODE,
        address=address,
        town_code=town.code if town else record.town_code,
        postcode=town.postcode if town else record.postcode,
        district_code=district_of(town.code) if town else record.district_code,
        building_code=_building_code(town or _known(record), address, building)
        if moved or typed
        else record.building_code,
        building=building,
    )


def _known(record: ResidentRecord) -> Town | None:
    return town_of_code(record.town_code) if record.town_code else None


def _building_code(town: Town | None, address: str, building: str | None) -> str | None:
    """The code of the registered building at an address."""
    return building_code(town.code, address.removeprefix(town.name), building) if town else None


def _town_and_lot(context: Context, record: ResidentRecord) -> tuple[Town | None, str]:
    """The town, None while it stays as it is recorded, and the address of town and lot."""
    if not context.text("i.town") and not context.text("i.lot"):
        return None, record.address
    known = _known(record)
    town = context.read("i.town", find_town, "" if known else "町名") or known
    lot = context.read("i.lot", lot_text)
    if town is None:
        return None, record.address
    former = record.address.removeprefix(known.name) if known else ""
    return town, town.name + (lot or former)


def _new_birth(values: tuple[NewValue, ...]) -> dict[str, LegalDate]:
    """A new birth date is keyed again like the one that stands."""
    return {f"{AT}birth": value.legal for value in values if value.item == "birth" and value.legal is not None}


def _paths(values: tuple[NewValue, ...]) -> dict[str, str]:
    """Where an error of the law was typed."""
    rows = {f"values.{place}": AT + value.item for place, value in enumerate(values)}
    return {
        "person_ids": "members",
        "person_ids.0": "members",
        "household_id": "household",
        "values": "items",
        "address": "i.town",
        "address.town_code": "i.town",
        "address.address": "i.lot",
        "address.building": "i.building",
        **rows,
    }


def shown_items(reason: Reason, typed: Mapping[str, str]) -> list[tuple[str, Item]]:
    """The items that the entry page shows: those named by figures and those typed; all where the reason has few."""
    if not chooses_items(reason):
        return list(items_of(reason).items())
    try:
        wanted = set(listed_items(typed.get("items", ""), reason))
    except UnknownCode:
        wanted = set()
    wanted |= {name for name in items_of(reason) if typed.get(AT + name, "").strip()}
    if any(typed.get(field, "").strip() for field in ADDRESS_FIELDS):
        wanted.add("address")
    ordered = [("address", ADDRESS), *items_of(reason).items()]
    return sorted((one for one in ordered if one[0] in wanted), key=lambda one: one[1].key)


def first_member(household: HouseholdView | None, typed: Mapping[str, str]) -> HouseholdMember | None:
    """The first chosen member, whose record stands beside the new values."""
    members = household.members if household else ()
    chosen = [m for m in members if typed.get(f"m.{m.person_id}") == "1"]
    return chosen[0] if chosen else None
