"""Requests for approval in words: the same lines for whoever asks, decides and witnesses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daicho.access.actor import Actor
from daicho.access.approvals.content import Request
from daicho.access.approvals.kinds import PRESENT_FOR
from daicho.access.approvals.outputs import Output
from daicho.access.approvals.rules import Facts, State
from daicho.access.approvals.subject import Book, Subject
from daicho.access.decision import holds
from daicho.law.eras import format_wareki
from daicho.law.japan import JAPAN

WHY = {"condition": "条件が変わったため", "rows": "件数が変わったため"}
_COLOURS = {
    State.ASKED: ("warn", "hourglass"),
    State.APPROVED: ("info", "check"),
    State.EXECUTED: ("ok", "circle-check"),
    State.REFUSED: ("stop", "octagon-x"),
    State.VOIDED: ("stop", "octagon-x"),
    State.WITHDRAWN: ("", ""),
    State.EXPIRED: ("", ""),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One request of a list."""

    approval_id: int
    word: str
    kind: str
    rows: int
    requester: str
    asked: str
    until: str
    state: str
    colour: tuple[str, str]
    need: str
    """What this officer can do here: 承認, 立会い, 実行 or nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a request, or that it waits for."""

    word: str
    who: str
    at: str
    more: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One act that the page offers; `is_main` is the one of Ctrl+Enter."""

    act: str
    word: str
    is_main: bool = False
    is_danger: bool = False


def instant(at: datetime) -> str:
    """令和8年11月24日 10:42."""
    local = at.astimezone(JAPAN)
    return f"{format_wareki(local.date())} {local:%H:%M}"


def until(at: datetime) -> str:
    """令和8年11月24日まで, with the hour where it is not the end of a day."""
    local = at.astimezone(JAPAN)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{format_wareki(local.date() - timedelta(days=1))}まで"
    return f"{instant(at)}まで"


def colour(state: State) -> tuple[str, str]:
    """Kind and icon of the label of a state."""
    return _COLOURS[state]


def lines_of(request: Request, subject: Subject | None, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """All that a request says, nothing left out: what is approved is what stands here."""
    wanted = request.wanted
    found = [("件数", f"{wanted.rows:,}件")]
    if wanted.tolerance:
        found.append(("実行のときの件数の差", f"{wanted.tolerance:,}件まで"))
    condition = subject.describe(wanted.condition) if subject else [(k, str(v)) for k, v in wanted.condition.items()]
    found += [("目的", wanted.purpose), ("根拠", wanted.basis), *condition]
    found.append((f"項目({len(wanted.items)})", "、".join(wanted.items)))
    if wanted.medium:
        found.append(("媒体", wanted.medium))
    found.append(("提供先・使用する場所", wanted.destination))
    if wanted.concerns:
        found.append(("権限の本人", "、".join(names.get(one, one) for one in wanted.concerns)))
    found.append(("期限", until(wanted.valid_until)))
    found.append(("申請", f"{names.get(request.requested_by, request.requested_by)} {instant(request.requested_at)}"))
    found.append(("申請した端末", request.terminal))
    return found


def line_of(facts: Facts, book: Book, names: Mapping[str, str], now: datetime, officer: str) -> Line:
    """A request as a line of a list."""
    wanted = facts.request.wanted
    subject = book.subjects.get(wanted.subject)
    state = facts.state(now)
    need = ""
    if facts.request.requested_by == officer:
        need = "実行" if state is State.APPROVED else ""
    elif state is State.ASKED:
        need = "承認"
    elif state is State.APPROVED:
        need = "立会い"
    return Line(
        approval_id=facts.request.approval_id,
        word=subject.word if subject else wanted.subject,
        kind=wanted.kind.word,
        rows=wanted.rows,
        requester=names.get(facts.request.requested_by, facts.request.requested_by),
        asked=instant(facts.request.requested_at),
        until=until(wanted.valid_until),
        state=state.word,
        colour=colour(state),
        need=need,
    )


def steps_of(facts: Facts, names: Mapping[str, str], now: datetime, output: Output | None) -> list[Step]:
    """What happened so far and what comes next."""
    request, rule, state = facts.request, facts.request.wanted.kind.rule, facts.state(now)
    name = names.get
    found = [Step("申請", name(request.requested_by, request.requested_by), instant(request.requested_at), "", True)]
    decision, presence, ending = facts.decision, facts.presence, facts.ending
    if decision is not None:
        word = "承認" if decision.is_approved else "却下"
        by = name(decision.decided_by, decision.decided_by)
        found.append(Step(word, by, instant(decision.at), decision.comment, True))
    elif state is State.ASKED:
        found.append(Step("承認", "申請した人と違う職員", "", "", False))
    if presence is not None:
        by = name(presence.witness, presence.witness)
        found.append(Step("立会い", by, instant(presence.at), f"{instant(presence.at + PRESENT_FOR)}まで", True))
    elif rule.witness is not None and state in (State.ASKED, State.APPROVED):
        found.append(Step("立会い", "第三の職員", "", "出力の直前に", False))
    if ending is not None:
        more = WHY.get(ending.why, "") if ending.rows is None else f"{ending.rows:,}件"
        found.append(Step(ending.how.word, name(ending.by, ending.by), instant(ending.at), more, True))
    elif state is State.EXPIRED:
        found.append(Step("期限切れ", "", instant(request.wanted.valid_until), "", True))
    elif state in (State.ASKED, State.APPROVED):
        found.append(Step("実行", name(request.requested_by, request.requested_by), "", "", False))
    if output is not None:
        more = f"{output.size:,}バイト"
        if output.taken_at is not None:
            found.append(
                Step("受渡し", name(request.requested_by, request.requested_by), instant(output.taken_at), more, True)
            )
        at = instant(output.received_at) if output.received_at else ""
        found.append(Step("受領の確認", "", at, "" if output.taken_at else more, output.received_at is not None))
    return found


def act_choices(facts: Facts, actor: Actor, output: Output | None, now: datetime, today: date) -> list[Choice]:
    """What this officer may do now. For display: each act is decided again when it is done."""
    rule, state = facts.request.wanted.kind.rule, facts.state(now)
    own = facts.request.requested_by == actor.officer_id
    decider = facts.decision.decided_by if facts.decision else ""
    concerned = actor.officer_id in facts.request.wanted.concerns
    found: list[Choice] = []
    if own and state is State.APPROVED and holds(actor, rule.ask, on=today):
        found.append(Choice("execute", "実行する", is_main=True))
    if own and state in (State.ASKED, State.APPROVED):
        found.append(Choice("withdraw", "取り下げる", is_danger=True))
    if own and output is not None and output.received_at is None:
        found.append(Choice("receive", "受領を確認する", is_main=output.taken_at is not None))
    if not own and not concerned and state is State.ASKED and holds(actor, rule.approve, on=today):
        found += [Choice("approve", "承認する", is_main=True), Choice("refuse", "却下する", is_danger=True)]
    may_witness = rule.witness is not None and holds(actor, rule.witness, on=today)
    if not own and not concerned and actor.officer_id != decider and state is State.APPROVED and may_witness:
        found.append(Choice("witness", "立ち会う", is_main=True))
    return found
