"""Cases over the API: the same services as the screens, the same errors, one operation per act."""

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest
from ninja import Field, Router, Schema

from daicho.access.actor import Actor, Right
from daicho.law.reasons import Reason
from daicho.register.desk import case as desk
from daicho.register.desk import check as checking
from daicho.register.desk import review
from daicho.register.desk.certificate_data import MoveOutCertificateData
from daicho.register.desk.check import Checked
from daicho.register.desk.errors import NoForm
from daicho.register.desk.model import Case
from daicho.register.environment import current
from daicho.register.signon.door import ApiDoor

router = Router(tags=["cases"])


class Received(Schema):
    """What opens a case. `token` names this sending: a repeat gives the case already made."""

    token: str
    reason: str
    reception: dict[str, str] = Field(default_factory=dict)
    typed: dict[str, str] = Field(default_factory=dict)
    counter_ticket: str | None = None
    household_id: int | None = None
    person_id: int | None = None
    certificate: MoveOutCertificateData | None = None
    """転出証明書情報 of a move in with a card: it fills the fields that `typed` does not give."""


class Draft(Schema):
    """Fields as typed; those not sent stay as they were, or become what the 転出証明書情報 says."""

    version: int
    typed: dict[str, str] = Field(default_factory=dict)
    certificate: MoveOutCertificateData | None = None


class Version(Schema):
    """The version of the case that the caller has seen; an older one is refused (409)."""

    version: int


class Sending(Schema):
    """Sends a checked case to review; `reason` is the code under which its warnings are acknowledged.

    `reasons` gives single alerts, by their code, a reason of their own.
    """

    version: int
    reason: str = ""
    reasons: dict[str, str] = Field(default_factory=dict)


class Decision(Schema):
    """What a clerk decided about one candidate of one row, with a reason code: the same person, another, or (null) not yet."""

    version: int
    row: str
    person_id: int
    same: bool | None
    reason: str


class Rekeys(Schema):
    """Birth dates and change date as keyed again from the document; `third` settles a mismatch."""

    keyed: dict[str, str] = Field(default_factory=dict)
    third: dict[str, str] = Field(default_factory=dict)


class Comment(Schema):
    """What is wrong with one field."""

    field: str
    text: str


class Returned(Schema):
    """Sends a case back to its entrant."""

    version: int
    comments: list[Comment]


class Ended(Schema):
    """Parks, withdraws or refuses a case for a reason."""

    version: int
    reason: str


class CaseState(Schema):
    """Where a case stands. What was typed is not part of it."""

    case_number: str
    reason: str
    status: str
    word: str
    version: int
    entrant: str
    reviewer: str | None
    change_id: int | None
    received_at: datetime


class AlertLine(Schema):
    """One alert of the check; tier 1 note, 2 warning (acknowledge with a reason), 3 stop."""

    code: str
    tier: int
    sentence: str


class CheckResult(Schema):
    """The case with the alerts of its plan."""

    case: CaseState
    alerts: list[AlertLine]
    stale: bool


class RekeyResult(Schema):
    """Per field how the keying ended: match, mismatch, settled or unsettled."""

    outcomes: dict[str, str]


def _actor(request: HttpRequest) -> Actor:
    return cast(Any, request).auth  # type: ignore[no-any-return]


def _state(case: Case) -> CaseState:
    return CaseState(
        case_number=case.case_number,
        reason=case.reason.value,
        status=case.status,
        word=case.word,
        version=case.version,
        entrant=case.entrant,
        reviewer=case.reviewer,
        change_id=case.change_id,
        received_at=case.received_at,
    )


def _result(checked: Checked) -> CheckResult:
    alerts = [AlertLine(code=a.code, tier=a.tier, sentence=a.sentence) for a in checked.prepared.plan.alerts]
    return CheckResult(case=_state(checked.case), alerts=alerts, stale=checked.is_stale)


@router.post("", response=CaseState, auth=ApiDoor(Right.CASE_ENTER), operation_id="receive_case")
def receive(request: HttpRequest, wanted: Received) -> CaseState:
    """Open a case (受付)."""
    try:
        reason = Reason(wanted.reason)
    except ValueError:
        raise NoForm from None
    case = desk.receive(
        current(),
        _actor(request),
        token=wanted.token,
        reason=reason,
        reception=wanted.reception,
        typed=wanted.typed,
        certificate=wanted.certificate,
        counter_ticket=wanted.counter_ticket,
        household_id=wanted.household_id,
        person_id=wanted.person_id,
    )
    return _state(case)


@router.get("/{number}", response=CaseState, auth=ApiDoor(Right.CASE_ENTER), operation_id="open_case")
def open_case(request: HttpRequest, number: str) -> CaseState:
    """Where the case stands; the look is in the trail."""
    return _state(desk.open_case(current(), _actor(request), number))


@router.put("/{number}/draft", response=CaseState, auth=ApiDoor(Right.CASE_ENTER), operation_id="save_draft")
def save_draft(request: HttpRequest, number: str, draft: Draft) -> CaseState:
    """Keep what was typed."""
    return _state(
        desk.save_draft(current(), _actor(request), number, draft.version, draft.typed, certificate=draft.certificate)
    )


@router.post("/{number}/check", response=CheckResult, auth=ApiDoor(Right.CASE_ENTER), operation_id="check_case")
def check(request: HttpRequest, number: str, seen: Version) -> CheckResult:
    """Make the case provisional (仮登録) and say what its plan brings up."""
    return _result(checking.check(current(), _actor(request), number, seen.version))


@router.post("/{number}/candidate", response=CaseState, auth=ApiDoor(Right.CASE_ENTER), operation_id="decide_candidate")
def decide_candidate(request: HttpRequest, number: str, decision: Decision) -> CaseState:
    """Decide whether a possible same person is the same (再転入) or another; check again afterwards."""
    return _state(
        checking.decide_candidate(
            current(),
            _actor(request),
            number,
            decision.version,
            row=decision.row,
            candidate_id=decision.person_id,
            same=decision.same,
            reason=decision.reason,
        )
    )


@router.post("/{number}/send", response=CaseState, auth=ApiDoor(Right.CASE_ENTER), operation_id="send_case")
def send(request: HttpRequest, number: str, sending: Sending) -> CaseState:
    """Send the checked case to review."""
    return _state(
        checking.send(current(), _actor(request), number, sending.version, sending.reason, reasons=sending.reasons)
    )


@router.post("/{number}/take", response=CaseState, auth=ApiDoor(Right.CASE_REVIEW), operation_id="take_case")
def take(request: HttpRequest, number: str) -> CaseState:
    """Take a waiting case for review; never one's own."""
    return _state(review.take(current(), _actor(request), number))


@router.post("/{number}/rekey", response=RekeyResult, auth=ApiDoor(Right.CASE_REVIEW), operation_id="rekey_case")
def rekey(request: HttpRequest, number: str, rekeys: Rekeys) -> RekeyResult:
    """Key birth dates and change date again from the document."""
    found = review.rekey(current(), _actor(request), number, rekeys.keyed, rekeys.third)
    return RekeyResult(outcomes={field: one.outcome for field, one in found.items()})


@router.post("/{number}/approve", response=CaseState, auth=ApiDoor(Right.CASE_REVIEW), operation_id="approve_case")
def approve(request: HttpRequest, number: str, seen: Version) -> CaseState:
    """Approve the review; with the right to decide, the change is registered at once."""
    return _state(review.approve(current(), _actor(request), number, seen.version))


@router.post("/{number}/decide", response=CaseState, auth=ApiDoor(Right.CASE_DECIDE), operation_id="decide_case")
def decide(request: HttpRequest, number: str, seen: Version) -> CaseState:
    """Decide a reviewed case: it is registered."""
    return _state(review.decide_case(current(), _actor(request), number, seen.version))


@router.post("/{number}/return", response=CaseState, auth=ApiDoor(Right.CASE_REVIEW), operation_id="return_case")
def return_case(request: HttpRequest, number: str, returned: Returned) -> CaseState:
    """Send the case back with comments on fields (差戻し)."""
    comments = [(comment.field, comment.text) for comment in returned.comments]
    return _state(review.return_case(current(), _actor(request), number, returned.version, comments))


@router.post("/{number}/park", response=CaseState, auth=ApiDoor(Right.CASE_ENTER), operation_id="park_case")
def park(request: HttpRequest, number: str, parked: Ended) -> CaseState:
    """Put the case aside (中断)."""
    return _state(desk.park(current(), _actor(request), number, parked.version, parked.reason))


@router.post("/{number}/resume", response=CaseState, auth=ApiDoor(Right.CASE_ENTER), operation_id="resume_case")
def resume(request: HttpRequest, number: str) -> CaseState:
    """Take up a parked case, at any desk."""
    return _state(desk.resume(current(), _actor(request), number))


@router.post("/{number}/withdraw", response=CaseState, auth=ApiDoor(Right.CASE_ENTER), operation_id="withdraw_case")
def withdraw(request: HttpRequest, number: str, ended: Ended) -> CaseState:
    """Withdraw the case at the wish of the person who notified (取下げ)."""
    return _state(desk.withdraw(current(), _actor(request), number, ended.version, ended.reason))


@router.post("/{number}/refuse", response=CaseState, auth=ApiDoor(Right.CASE_REVIEW), operation_id="refuse_case")
def refuse(request: HttpRequest, number: str, ended: Ended) -> CaseState:
    """Refuse the notification (不受理)."""
    return _state(desk.refuse(current(), _actor(request), number, ended.version, ended.reason))
