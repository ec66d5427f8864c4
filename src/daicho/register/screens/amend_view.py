"""What the entry page of an amendment shows: each chosen item as it stands, beside the field for its new value."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from daicho.law.reasons import Reason
from daicho.law.towns import town_of_code
from daicho.register.changes.amendable import ADDRESS, MAIL_NAMES, SOURCES, STATES, Item, items_of
from daicho.register.changes.grounds import GROUNDS
from daicho.register.changes.record import ResidentRecord
from daicho.register.desk.forms.base import HouseholdView
from daicho.register.desk.forms.items import ADDRESS_FIELDS, AT, chooses_items, first_member, shown_items
from daicho.register.desk.model import Case
from daicho.register.desk.past_changes import changes_of
from daicho.register.screens.entry_view import Field, Fields
from daicho.register.screens.labels import REGISTER_FACE, display
from daicho.register.screens.number_view import number_context
from daicho.register.screens.words import reason_word
from daicho.wire.environment import Connection

_HINTS = {
    "day": "R8.4.1",
    "any_day": "R8.4.1",
    "legal_day": "S55.3.12",
    "sex": "1 男・2 女",
    "flag": "1 はい・0 いいえ",
    "reading_source": "・".join(f"{place} {word}" for place, word in enumerate(SOURCES.values(), start=1)),
    "mail_name": "・".join(f"{place} {word}" for place, word in enumerate(MAIL_NAMES.values(), start=1)),
    "reading_state": "・".join(f"{place} {word}" for place, word in enumerate(STATES.values(), start=1)),
}
_SUGGESTED = ("relationship", "nationality", "residence_status", "article_30_45")

_SUGGESTED_BY_NAME = ("domicile", "family_register_head", "previous_address", "last_address")


@dataclass(frozen=True, slots=True)
class Line:
    """One item: as it stands, and the fields in which it is typed."""

    key: str
    word: str
    current: str
    reg: bool
    fields: tuple[tuple[str, Field], ...]
    hint: str
    suggest: bool
    dated: str
    shape: str


def lines(case: Case, fields: Fields, household: HouseholdView | None) -> list[Line]:
    """The items shown now, by their figures."""
    member = first_member(household, case.typed)
    record = member.record if member else _any_record(household)
    return [_line(name, item, record, fields) for name, item in shown_items(case.reason, case.typed)]


def _any_record(household: HouseholdView | None) -> ResidentRecord | None:
    return household.members[0].record if household and household.members else None


def _line(name: str, item: Item, record: ResidentRecord | None, fields: Fields) -> Line:
    if name == "address":
        current = " ".join(part for part in (record.address, record.building) if part) if record else ""
        words = ("町名", "番地", "方書")
        typed = tuple((word, fields[field]) for word, field in zip(words, ADDRESS_FIELDS, strict=True))
        return Line(item.key, item.word, current, False, typed, _town_hint(record), False, "", "")
    return Line(
        item.key,
        item.word,
        display(name, record) if record else "",
        name in REGISTER_FACE,
        ((item.word, fields[AT + name]),),
        _HINTS.get(item.kind, ""),
        item.kind in _SUGGESTED or name in _SUGGESTED_BY_NAME or name in REGISTER_FACE,
        "event" if item.kind in ("day", "any_day") else "",
        "reg" if name in REGISTER_FACE else "fig" if "day" in item.kind else "",
    )


def _town_hint(record: ResidentRecord | None) -> str:
    town = town_of_code(record.town_code) if record and record.town_code else None
    return town.name if town else ""


def context(case: Case, fields: Fields, household: HouseholdView | None) -> Mapping[str, object]:
    """What the template of an amendment needs beside what every entry page shows; nothing for other reasons."""
    if case.reason not in AMENDING:
        return {}
    return {
        "lines": lines(case, fields, household),
        "choosing": chooses_items(case.reason),
        "correcting": case.reason is Reason.ERROR_CORRECTION,
        "grounds": [(key, ground.word) for key, ground in GROUNDS.get(case.reason, {}).items()],
        "item_list": item_list(case.reason, household, case.typed),
    }


def live(case: Case, fields: Fields, household: HouseholdView | None, sent: Collection[str]) -> Mapping[str, object]:
    """The items again when others are wanted than the page shows; what is being typed into is never replaced."""
    if case.reason not in AMENDING or not chooses_items(case.reason):
        return {}
    found = lines(case, fields, household)
    wanted = {field.name for line in found for _, field in line.fields}
    if wanted == {name for name in sent if name.startswith(AT)}:
        return {}
    return {"lines": found, "choosing": True, "renew_lines": True}


def item_list(reason: Reason, household: HouseholdView | None, typed: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """The figures of the items that can be chosen for the first chosen person."""
    if not chooses_items(reason):
        return ()
    member = first_member(household, typed)
    foreign = member.record.is_foreign if member and member.record else None
    found = [
        (item.key, item.word)
        for item in items_of(reason).values()
        if foreign is None or item.whose is None or (item.whose == "foreign") is foreign
    ]
    return sorted([(ADDRESS.key, ADDRESS.word), *found])


def ground_word(case: Case) -> str:
    """The ground of an amendment in words; "" for other changes."""
    chosen = GROUNDS.get(case.reason, {}).get(case.typed.get("ground", "").strip())
    return chosen.word if chosen else ""


AMENDING = frozenset(
    {
        Reason.EX_OFFICIO_AMENDMENT,
        Reason.MINOR_AMENDMENT,
        Reason.ERROR_CORRECTION,
        Reason.FORMER_NAME_ENTRY,
        Reason.FORMER_NAME_CHANGE,
        Reason.FORMER_NAME_DELETION,
        Reason.COMMON_NAME_ENTRY,
        Reason.COMMON_NAME_DELETION,
    }
)
"""Reasons whose entry page is the one of items."""


def wrong_changes(connection: Connection, case: Case, household: HouseholdView | None) -> Sequence[tuple[str, str]]:
    """For an error correction: the changes that wrote the chosen person's record, newest first, in words."""
    member = first_member(household, case.typed)
    if case.reason is not Reason.ERROR_CORRECTION or member is None:
        return ()
    return [
        (str(one.change_id), f"{one.change_date.wareki} {reason_word(one.reason)}")
        for one in changes_of(connection, member.person_id)
    ]


def of_page(
    connection: Connection, case: Case, fields: Fields, household: HouseholdView | None
) -> Mapping[str, object]:
    """What the entry page of an amendment or of a number needs; nothing for other reasons."""
    return {
        **context(case, fields, household),
        **number_context(connection, case.reason),
        "wrong_changes": wrong_changes(connection, case, household),
    }
