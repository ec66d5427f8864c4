"""The pure decisions of four eyes: may this be asked, decided, witnessed, withdrawn, carried out. Checks raise."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from daicho.access.actor import Actor
from daicho.access.approvals.content import Condition, Request, Wanted, canonical_condition
from daicho.access.approvals.errors import (
    ApprovalExpired,
    ApprovalMoved,
    ApproverLost,
    ConditionChanged,
    NotApprovedYet,
    NothingToDo,
    OwnApproval,
    RequestUnreadable,
    RowsMoved,
    SeenOtherwise,
)
from daicho.access.approvals.kinds import PRESENT_FOR
from daicho.access.decision import RIGHTS, RightsTable, holds, require_output, require_right

LONGEST = 400
"""Characters of a text of a request."""
MOST_TOLERATED = 10
"""Per cent of the rows that a tolerance may be."""


class State(Enum):
    """Where a request stands. `word` is the Japanese word."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"
    EXPIRED = "expired"
    EXECUTED = "executed"

    @property
    def word(self) -> str:
        """The Japanese word shown on screens."""
        return _WORDS[self]


_WORDS = {
    State.ASKED: "承認待ち",
    State.APPROVED: "承認済",
    State.REFUSED: "却下",
    State.WITHDRAWN: "取下げ",
    State.VOIDED: "無効",
    State.EXPIRED: "期限切れ",
    State.EXECUTED: "実行済",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What another officer decided, at which class of terminal, of what they had seen."""

    is_approved: bool
    decided_by: str
    terminal_class: str
    at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Presence:
    """A third officer who said to be present."""

    witness: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """How a request ended: `executed`, `withdrawn`, or `voided` (with why); `rows` that were handled."""

    how: State
    at: datetime
    by: str
    why: str = ""
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known of one request."""

    request: Request
    decision: Decision | None = None
    presence: Presence | None = None
    ending: Ending | None = None

    def state(self, now: datetime) -> State:
        """Where it stands at an instant."""
        if self.ending is not None:
            return self.ending.how
        if self.decision is not None and not self.decision.is_approved:
            return State.REFUSED
        if now >= self.request.wanted.valid_until:
            return State.EXPIRED
        return State.ASKED if self.decision is None else State.APPROVED

    def witness(self, now: datetime) -> str | None:
        """Who is present at an instant, or None."""
        if self.presence is None or not now - PRESENT_FOR < self.presence.at <= now:
            return None
        return self.presence.witness


@dataclass(frozen=True, slots=True)
class Live:
    """What would be done now: the condition as the system would use it, and how many records meet it."""

    condition: Condition
    rows: int


def require_askable(wanted: Wanted, actor: Actor, *, now: datetime, today: date, rights: RightsTable = RIGHTS) -> None:
    """Refuse a request that nobody may make, or that leaves open what the approver must know.

    Raises NotAllowed, RequestUnreadable, NothingToDo.
    """
    rule = wanted.kind.rule
    require_right(actor, rule.ask, on=today, rights=rights)
    for field, item, value in (
        ("purpose", "目的", wanted.purpose),
        ("basis", "根拠", wanted.basis),
        ("destination", "提供先・使用する場所", wanted.destination),
    ):
        if not value.strip() or len(value) > LONGEST:
            raise RequestUnreadable(field, item=item, hint=f"{LONGEST}文字までで入力してください。")
    if rule.on_media != bool(wanted.medium.strip()) or len(wanted.medium) > LONGEST:
        raise RequestUnreadable("medium", item="媒体", hint="媒体の種類と管理番号を入力してください。")
    if not now < wanted.valid_until <= now + rule.open_for:
        hint = f"明日から{rule.open_for // timedelta(days=1)}日先までの日を入力してください。"
        raise RequestUnreadable("valid_until", item="期限", hint=hint)
    if not wanted.items:
        raise RequestUnreadable("items", item="項目", hint="少なくとも一つを選んでください。")
    if wanted.rows < 1:
        raise NothingToDo
    if not 0 <= wanted.tolerance <= max(1, wanted.rows * MOST_TOLERATED // 100):
        hint = f"0から、件数の{MOST_TOLERATED}%までで入力してください。"
        raise RequestUnreadable("tolerance", item="件数の差", hint=hint)


def require_decidable(
    facts: Facts, actor: Actor, seen: bytes, *, now: datetime, today: date, rights: RightsTable = RIGHTS
) -> None:
    """Refuse a decision: by who has no right, asked for it, or is concerned; of what was not shown; too late.

    Raises NotAllowed, OwnApproval, ApprovalMoved, ApprovalExpired, SeenOtherwise.
    """
    request = facts.request
    require_right(actor, request.wanted.kind.rule.approve, on=today, rights=rights)
    if actor.officer_id in {request.requested_by, *request.wanted.concerns}:
        raise OwnApproval
    _require_state(facts, State.ASKED, now)
    if seen != request.digest:
        raise SeenOtherwise


def require_witness(
    facts: Facts, actor: Actor, seen: bytes, *, now: datetime, today: date, rights: RightsTable = RIGHTS
) -> None:
    """Refuse a witness who is not a third officer, or of what is not approved. Raises as `require_decidable`."""
    rule = facts.request.wanted.kind.rule
    if rule.witness is None:
        raise ApprovalMoved(state="立会いの要らない申請")
    require_right(actor, rule.witness, on=today, rights=rights)
    decider = facts.decision.decided_by if facts.decision else ""
    if actor.officer_id in {facts.request.requested_by, decider, *facts.request.wanted.concerns}:
        raise OwnApproval
    _require_state(facts, State.APPROVED, now)
    if seen != facts.request.digest:
        raise SeenOtherwise


def require_withdrawable(facts: Facts, actor: Actor, *, now: datetime) -> None:
    """Only whoever asked takes a request back, until it is carried out. Raises OwnApproval, ApprovalMoved."""
    if actor.officer_id != facts.request.requested_by:
        raise OwnApproval
    state = facts.state(now)
    if state not in (State.ASKED, State.APPROVED):
        raise ApprovalMoved(state=state.word)


def require_executable(
    facts: Facts,
    actor: Actor,
    approver: Actor | None,
    *,
    now: datetime,
    today: date,
    rights: RightsTable = RIGHTS,
) -> None:
    """Refuse to carry out what is not approved now, by these officers, here.

    `approver` is who approved, with the roles of today; None when there is no such officer any more. Raises NotAllowed,
    TerminalCannot, OwnApproval, ApprovalMoved, ApprovalExpired, NotApprovedYet, ApproverLost.
    """
    rule = facts.request.wanted.kind.rule
    require_right(actor, rule.ask, on=today, rights=rights)
    if actor.officer_id != facts.request.requested_by:
        raise OwnApproval
    if facts.state(now) is State.ASKED:
        raise NotApprovedYet(lack="ほかの職員の承認", who="承認の権限を持つ職員")
    _require_state(facts, State.APPROVED, now)
    decision = facts.decision
    if decision is None or approver is None:
        raise ApproverLost
    if not holds(replace(approver, terminal_class=decision.terminal_class), rule.approve, on=today, rights=rights):
        raise ApproverLost
    if rule.output is not None:
        require_output(actor, rule.output, on=today, rights=rights)
    if rule.witness is not None and facts.witness(now) is None:
        raise NotApprovedYet(lack="立会い", who="立会いの権限を持つ第三の職員")


def require_same(request: Request, live: Live) -> None:
    """Refuse what is not what was approved. Raises ConditionChanged, RowsMoved: both void the approval."""
    if canonical_condition(live.condition) != canonical_condition(request.wanted.condition):
        raise ConditionChanged
    require_rows(request, live.rows)


def require_rows(request: Request, rows: int) -> None:
    """Refuse a count beyond the tolerance that the request states. Raises RowsMoved."""
    wanted = request.wanted
    if abs(rows - wanted.rows) > wanted.tolerance:
        raise RowsMoved(asked=wanted.rows, live=rows, tolerance=wanted.tolerance)


def _require_state(facts: Facts, needed: State, now: datetime) -> None:
    state = facts.state(now)
    if state is State.EXPIRED:
        raise ApprovalExpired
    if state is not needed:
        raise ApprovalMoved(state=state.word)
