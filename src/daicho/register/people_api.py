"""People over the API: search, and households at any point on both axes. Rights and trail as on the screens."""

from datetime import date, datetime
from typing import Any, cast

from django.http import HttpRequest
from ninja import Query, Router, Schema

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.errors import PurposeMissing
from daicho.register.environment import current
from daicho.register.signon.door import ApiDoor
from daicho.register.store.access import AsOf, Member, open_household
from daicho.register.store.search import search

router = Router(tags=["people"])


class SearchFor(Schema):
    """A search text as typed into the one box, and the purpose (two-digit code)."""

    text: str
    purpose: str


class PersonLine(Schema):
    """One person found; a hidden one comes without household (0), address and status."""

    person_id: int
    household_id: int
    addressee_number: str
    name: str
    name_kana: str | None
    birth: date
    sex: str
    address: str
    building: str | None
    status: str
    removed_from: date | None
    why: str
    past: bool
    hidden: bool


class SearchAnswer(Schema):
    """The people found; `more` says that the text should say more."""

    people: list[PersonLine]
    reading: list[str]
    more: bool


class Point(Schema):
    """The purpose, and a point on both axes: `on` true that day, `known` as known at that instant (now if absent)."""

    purpose: str
    on: date | None = None
    known: datetime | None = None


class MemberLine(Schema):
    """One person's record without numbers; a hidden one is told by name and birth date alone."""

    person_id: int
    addressee_number: str
    history_no: int
    status: str
    name: str
    name_kana: str | None
    birth: str
    sex: str
    relationship: str
    address: str
    building: str | None
    valid_from: date | None
    hidden: bool


class HouseholdAnswer(Schema):
    """A household at one point on both axes."""

    household_id: int
    household_number: str
    members: list[MemberLine]
    removed: list[MemberLine]
    changes: list[str]


def _actor(request: HttpRequest) -> Actor:
    return cast(Any, request).auth  # type: ignore[no-any-return]


def _purpose(code: str) -> Purpose:
    try:
        return Purpose.from_code(code)
    except ValueError:
        raise PurposeMissing(field="purpose") from None


@router.post("/search", response=SearchAnswer, auth=ApiDoor(Right.PERSON_SEARCH), operation_id="search_people")
def search_people(request: HttpRequest, wanted: SearchFor) -> SearchAnswer:
    """Find people; posted, so that nothing typed stands in an address."""
    found = search(current(), _actor(request), wanted.text, _purpose(wanted.purpose))
    people = [PersonLine.model_validate(hit, from_attributes=True) for hit in found.hits]
    return SearchAnswer(people=people, reading=list(found.query.reading), more=found.more)


@router.get(
    "/households/{household_id}", response=HouseholdAnswer, auth=ApiDoor(Right.PERSON_READ), operation_id="household"
)
def household(request: HttpRequest, household_id: int, point: Query[Point]) -> HouseholdAnswer:
    """A household now, or on a day as known at an instant."""
    as_of = AsOf(point.on, point.known) if point.on else None
    sheet = open_household(current(), _actor(request), household_id, _purpose(point.purpose), as_of)
    return HouseholdAnswer(
        household_id=sheet.household_id,
        household_number=sheet.household_number,
        members=[_line(member) for member in sheet.members],
        removed=[_line(member) for member in sheet.removed],
        changes=[change.reason.value for change in sheet.changes],
    )


def _line(member: Member) -> MemberLine:
    record = member.state.record
    return MemberLine(
        person_id=member.person_id,
        addressee_number=member.addressee_number,
        history_no=member.state.history_no,
        status="" if member.hidden else record.status,
        name=record.name,
        name_kana=record.name_kana,
        birth=record.birth.wareki,
        sex=record.sex,
        relationship=record.relationship,
        address=record.address,
        building=record.building,
        valid_from=None if member.hidden else member.state.valid_from,
        hidden=member.hidden,
    )
