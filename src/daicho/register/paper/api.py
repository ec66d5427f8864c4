"""Certificates over the API: reserve, hand over, fetch, give up. The same services as the screen."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from daicho.access.actor import Actor, Output, Right
from daicho.register.environment import current
from daicho.register.paper import issue, press_client
from daicho.register.paper.application import Application
from daicho.register.paper.authority import Authority, Item
from daicho.register.paper.errors import RequestIncomplete
from daicho.register.paper.facts import HOUSEHOLD_COPY
from daicho.register.paper.issue import Counter, Reservation
from daicho.register.signon.door import ApiDoor

router = Router(tags=["certificates"])


class Wanted(Schema):
    """An application for certified copies; see `daicho.register.paper.application`."""

    kind: str = HOUSEHOLD_COPY
    household_id: int | None = None
    person_ids: list[int] = Field(default_factory=list)
    authority: str
    requester: str = ""
    requester_person: int | None = None
    identity_document: str
    use_code: str
    use_text: str = ""
    reason: str = ""
    items: list[str] = Field(default_factory=list)
    copies: int = 1
    exemption: str | None = None
    change_id: int | None = None
    reissue_of: int | None = None
    town_code: str | None = None
    record_no: int | None = None
    before_pending: bool = False


class CopyLine(Schema):
    """One copy: its issue number and the SHA-256 of its bytes."""

    certificate_id: int
    number: str
    digest: str
    pages: int
    status: str


class Reserved(Schema):
    """What stands ready or was handed over."""

    application_id: int
    copies: list[CopyLine]
    fee_yen: int
    by_mail: bool


class Digests(Schema):
    """The digests of the copies as previewed, in order."""

    digests: list[str]


def _actor(request: HttpRequest) -> Actor:
    return cast(Any, request).auth  # type: ignore[no-any-return]


def _counter() -> Counter:
    return Counter(press_client.of_process())


def _answer(made: Reservation) -> Reserved:
    return Reserved(
        application_id=made.application_id,
        copies=[CopyLine.model_validate(copy, from_attributes=True) for copy in made.copies],
        fee_yen=made.fee_yen,
        by_mail=made.by_mail,
    )


@router.post("", response=Reserved, auth=ApiDoor(Right.CERTIFICATE_ISSUE), operation_id="reserve_copies")
def reserve(request: HttpRequest, wanted: Wanted) -> Reserved:
    """Take issue numbers and make the papers; nothing is handed over yet."""
    try:
        authority = Authority(wanted.authority)
        items = frozenset(Item(item) for item in wanted.items)
    except ValueError:
        raise RequestIncomplete(field="authority", what="資格・記載する項目") from None
    application = Application(
        kind=wanted.kind,
        household_id=wanted.household_id,
        person_ids=tuple(wanted.person_ids),
        authority=authority,
        requester=wanted.requester,
        requester_person=wanted.requester_person,
        identity_document=wanted.identity_document,
        use_code=wanted.use_code,
        use_text=wanted.use_text,
        reason=wanted.reason,
        items=items,
        copies=wanted.copies,
        exemption=wanted.exemption,
        change_id=wanted.change_id,
        reissue_of=wanted.reissue_of,
        town_code=wanted.town_code,
        record_no=wanted.record_no,
        before_pending=wanted.before_pending,
    )
    return _answer(issue.reserve(current(), _counter(), _actor(request), application))


@router.post(
    "/{application_id}/release",
    response=Reserved,
    auth=ApiDoor(Right.CERTIFICATE_ISSUE, output=Output.PRINT),
    operation_id="release_copies",
)
def release(request: HttpRequest, application_id: int, seen: Digests) -> Reserved:
    """Hand over exactly the bytes that were previewed."""
    return _answer(issue.release(current(), _counter(), _actor(request), application_id, seen.digests))


@router.post(
    "/{application_id}/void", response={204: None}, auth=ApiDoor(Right.CERTIFICATE_ISSUE), operation_id="void_copies"
)
def void(request: HttpRequest, application_id: int) -> HttpResponse:
    """Give up a preview; its numbers are spent."""
    issue.void(current(), _actor(request), application_id)
    return HttpResponse(status=204)


@router.get(
    "/files/{certificate_id}",
    auth=ApiDoor(Right.CERTIFICATE_ISSUE, output=Output.PRINT),
    operation_id="certificate_file",
)
def file(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """The paper that was handed over."""
    pdf = issue.open_file(current(), _actor(request), certificate_id)
    return HttpResponse(pdf, content_type="application/pdf", headers={"Cache-Control": "no-store"})
