"""The view model of a certified copy from resident records: a pure function.

Same records, request and masters give the same `HouseholdCopy`, today or in a reproduction years later. Items of a
planned move-out are never printed (STD 5.1: before the planned date they are left out; afterwards the person is no
longer a resident). Readings are printed only where the family register has confirmed them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from daicho.law.codes import CodeList, Sex, find_code
from daicho.law.dates import LegalDate, format_wareki, format_western
from daicho.law.kinship import Relationship
from daicho.law.towns import municipalities
from daicho.register.changes.record import ResidentRecord
from daicho.register.paper.authority import Authority, Item, check_items
from daicho.register.paper.errors import NobodyChosen
from daicho.register.paper.view import OMITTED, Attestation, HouseholdCopy, IssueMark, PersonEntry, Seal, Value

KIND = "住民票の写し（世帯連記式）"
WIDE_SPACE = "　"
ALL_MEMBERS = "この写しは、世帯全員の住民票の原本と相違ないことを証明する。"
SOME_MEMBERS = "この写しは、住民票の原本と相違ないことを証明する。"
HEAD_CODE = "02"


@dataclass(frozen=True, slots=True)
class Subject:
    """One member of the household on the day of issue. Numbers in clear only where they were asked for."""

    person_id: int
    state_id: int
    record: ResidentRecord
    individual_number: str | None = None
    resident_code: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked for: persons (empty: the whole household), items, by whom, for which stated reason."""

    person_ids: tuple[int, ...]
    items: frozenset[Item]
    authority: Authority
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Masters:
    """What the city registers for its papers, as in force on the day of issue."""

    municipality_code: str
    title: str
    name: str
    seal: Seal
    seal_note: str
    synthetic: bool
    tint: bool = True

    @property
    def municipality(self) -> str:
        """The city without its prefecture: 熊谷市."""
        prefecture = municipalities()[prefecture_code(self.municipality_code)].name
        return municipalities()[self.municipality_code].name.removeprefix(prefecture)


def compose(members: Sequence[Subject], selection: Selection, masters: Masters, issue: IssueMark) -> HouseholdCopy:
    """The copy for one household.

    `members` are all residents of the household on `issue.on`. Raises ItemNotAllowed, ReasonMissing (the rule table is
    applied here, so that no caller can go round it) and NobodyChosen.
    """
    check_items(selection.authority, selection.items, selection.reason)
    chosen = choose(members, selection.person_ids)
    everyone = len(chosen) == len(members)
    first = chosen[0].record
    stamps = ("公用",) if selection.authority is Authority.OFFICE else ()
    return HouseholdCopy(
        kind=KIND,
        title="住民票",
        form="（世帯連記式）",
        municipality=masters.municipality,
        stamps=(*stamps, "合成データ") if masters.synthetic else stamps,
        address=_with_building(_in_city(first.municipality_code, first.address), first.building) or "",
        head=_head(members) if Item.HEAD in selection.items else OMITTED,
        persons=tuple(_entry(subject, selection.items) for subject in chosen),
        attestation=Attestation(
            sentence=ALL_MEMBERS if everyone else SOME_MEMBERS,
            date=format_wareki(issue.on),
            office=masters.title,
            name=masters.name,
            seal_note=masters.seal_note,
        ),
        seal=masters.seal,
        issue=issue,
        tint=masters.tint,
    )


def choose(members: Sequence[Subject], person_ids: Sequence[int]) -> list[Subject]:
    """The persons to print in the order kept with the household (STD 5.2); raises NobodyChosen."""
    wanted = set(person_ids) or {member.person_id for member in members}
    chosen = [member for member in members if member.person_id in wanted]
    if not chosen or len(chosen) != len(wanted) or not all(member.record.is_resident for member in chosen):
        raise NobodyChosen(field="persons")
    return sorted(chosen, key=lambda member: (member.record.household_order, member.person_id))


def _head(members: Sequence[Subject]) -> Value:
    """The head's name; nothing for a household without head (STD 1.1.10)."""
    heads = [_name(member.record) for member in members if member.record.relationship == HEAD_CODE]
    return heads[0] if heads else None


def _entry(subject: Subject, items: frozenset[Item]) -> PersonEntry:
    record = subject.record
    numbers: tuple[Value, Value] = (
        subject.individual_number if Item.INDIVIDUAL_NUMBER in items else OMITTED,
        subject.resident_code if Item.RESIDENT_CODE in items else OMITTED,
    )
    since = record.foreign_resident_since if record.is_foreign else record.resident_since
    notified = record.foreign_resident_notified_on if record.is_foreign else record.resident_notified_on
    common = PersonEntry(
        foreign=record.is_foreign,
        name=_name(record),
        reading=record.name_reading,
        birth=record.birth.western if record.is_foreign else record.birth.wareki,
        sex=Sex(record.sex).word,
        relationship=_relationship(record) if Item.HEAD in items else OMITTED,
        resident_since=_legal(since),
        notified=_day(notified),
        settled=_settled(record, since),
        address_before_entry=_with_building(record.previous_address, record.previous_building),
        address_before_change=_with_building(
            _in_city(record.municipality_code, record.former_address), record.former_building
        ),
        individual_number=numbers[0],
        resident_code=numbers[1],
        remarks=_one_line(record.remarks) if Item.REMARKS in items else OMITTED,
    )
    return _foreign(common, record, items) if record.is_foreign else _japanese(common, record, items)


def _japanese(entry: PersonEntry, record: ResidentRecord, items: frozenset[Item]) -> PersonEntry:
    asked = Item.DOMICILE in items
    return replace(
        entry,
        former_name=record.former_family_name,
        former_name_reading=record.former_family_name_kana,
        domicile=record.domicile if asked else OMITTED,
        register_head=record.family_register_head if asked else OMITTED,
    )


def _foreign(entry: PersonEntry, record: ResidentRecord, items: frozenset[Item]) -> PersonEntry:
    named = replace(entry, common_name=record.common_name, common_name_reading=record.common_name_kana)
    if Item.FOREIGN not in items:
        return replace(
            named,
            nationality=OMITTED,
            category=OMITTED,
            card_number=OMITTED,
            status=OMITTED,
            period=OMITTED,
            expiry=OMITTED,
        )
    category = record.article_30_45
    return replace(
        named,
        nationality=record.nationality_name,
        category=find_code(CodeList.ARTICLE_30_45, category).name if category else None,
        card_number=record.residence_card_number,
        status=record.residence_status_name,
        period=record.stay_period,
        expiry=format_western(record.stay_until) if record.stay_until else None,
    )


def _name(record: ResidentRecord) -> str:
    """The name as registered; a foreign resident's 併記名 stands behind it (STD 5.3)."""
    if record.is_foreign and record.parallel_name and record.parallel_name not in record.name:
        return record.name + WIDE_SPACE + record.parallel_name
    return record.name


def _relationship(record: ResidentRecord) -> str | None:
    if record.head_absent:
        return None
    return Relationship(tuple(record.relationship.split("."))).word


def _legal(value: LegalDate | None) -> str | None:
    return value.wareki if value else None


def _settled(record: ResidentRecord, since: LegalDate | None) -> str | None:
    """住所を定めた年月日: blank for who has not moved inside the city since entering it."""
    return None if record.settled_on == since else _legal(record.settled_on)


def _day(value: date | None) -> str | None:
    return format_wareki(value) if value else None


def _one_line(text: str | None) -> str | None:
    return " ".join(text.split("\n")) if text else None


def prefecture_code(municipality_code: str) -> str:
    """The six-digit code of a municipality's prefecture."""
    return next(code for code in municipalities() if code[:5] == municipality_code[:2] + "000")


def _in_city(municipality_code: str, address: str | None) -> str | None:
    """An address inside the city with prefecture and city before it."""
    if not address:
        return None
    city = municipalities()[municipality_code].name
    return address if address.startswith(city) else city + address


def _with_building(address: str | None, building: str | None) -> str | None:
    """An address with its building line, which is never left out (STD 5.4)."""
    if not address:
        return None
    return address + WIDE_SPACE + building if building else address
