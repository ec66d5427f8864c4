"""The pure decisions of four eyes, by table and over random officers, instants, decisions and counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.access.actor import Actor
from daicho.access.approvals import rules
from daicho.access.approvals.content import Request, Wanted, canonical, canonical_condition, read_condition
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
from daicho.access.approvals.kinds import PRESENT_FOR, Kind
from daicho.access.approvals.rules import Decision, Ending, Facts, Live, Presence, State
from daicho.access.errors import NotAllowed, TerminalCannot
from daicho.law.errors import DaichoError
from tests.access.test_decision import CLERK

NOW = datetime(2026, 4, 1, tzinfo=UTC)
TODAY = date(2026, 4, 1)
HOUR = timedelta(hours=1)
WANTED = Wanted(
    subject="file",
    kind=Kind.BULK_OUTPUT,
    purpose="移行",
    basis="決裁 第12号",
    items=("氏名",),
    condition={"town": "11202001002", "minors": True},
    rows=100,
    destination="情報政策課",
    valid_until=NOW + timedelta(days=7),
    tolerance=5,
)
REQUEST = Request(7, WANTED, "asker", "SHIMIN-11", NOW)


def officer(name: str, role: str = "reviewer", terminal: str = "counter") -> Actor:
    """An officer of one role."""
    return replace(CLERK, officer_id=name, roles=frozenset({role}), terminal_class=terminal)


ASKER, APPROVER, THIRD = officer("asker"), officer("approver", "security"), officer("third", "protector")
YES = Decision(True, "approver", "counter", NOW)
APPROVED = Facts(REQUEST, YES)
MEDIUM = replace(REQUEST, wanted=replace(WANTED, kind=Kind.MEDIA_OUTPUT, medium="USB M-1"))
WITNESSED = Facts(MEDIUM, YES, Presence("third", NOW))
AT_MANAGEMENT = replace(ASKER, terminal_class="management")


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({}, None, None),
        ({"purpose": " "}, RequestUnreadable, "purpose"),
        ({"purpose": "x" * 401}, RequestUnreadable, "purpose"),
        ({"basis": ""}, RequestUnreadable, "basis"),
        ({"destination": ""}, RequestUnreadable, "destination"),
        ({"medium": "USB"}, RequestUnreadable, "medium"),
        ({"kind": Kind.MEDIA_OUTPUT}, RequestUnreadable, "medium"),
        ({"valid_until": NOW}, RequestUnreadable, "valid_until"),
        ({"valid_until": NOW + timedelta(days=15)}, RequestUnreadable, "valid_until"),
        ({"items": ()}, RequestUnreadable, "items"),
        ({"rows": 0}, NothingToDo, None),
        ({"tolerance": 10}, None, None),
        ({"tolerance": 11}, RequestUnreadable, "tolerance"),
        ({"tolerance": -1}, RequestUnreadable, "tolerance"),
        ({"rows": 3, "tolerance": 1}, None, None),
        ({"kind": Kind.BACKUP_TAKE_OUT, "medium": "LTO 7"}, NotAllowed, None),
    ],
)
def test_what_can_be_asked(change: dict[str, object], error: type[DaichoError] | None, field: str | None) -> None:
    wanted = replace(WANTED, **change)  # type: ignore[arg-type]
    if error is None:
        rules.require_askable(wanted, ASKER, now=NOW, today=TODAY)
        return
    with pytest.raises(error) as raised:
        rules.require_askable(wanted, ASKER, now=NOW, today=TODAY)
    assert raised.value.field == field


ASKED = Facts(REQUEST)
CONCERNED = Facts(replace(REQUEST, wanted=replace(WANTED, concerns=("approver",))))


@pytest.mark.parametrize(
    ("facts", "actor", "at", "error"),
    [
        (ASKED, APPROVER, NOW, None),
        (ASKED, ASKER, NOW, OwnApproval),
        (ASKED, officer("other", "clerk"), NOW, NotAllowed),
        (CONCERNED, APPROVER, NOW, OwnApproval),
        (APPROVED, officer("second"), NOW, ApprovalMoved),
        (Facts(REQUEST, ending=Ending(State.WITHDRAWN, NOW, "asker")), APPROVER, NOW, ApprovalMoved),
        (ASKED, APPROVER, WANTED.valid_until - timedelta(microseconds=1), None),
        (ASKED, APPROVER, WANTED.valid_until, ApprovalExpired),
    ],
)
def test_who_decides_what_and_until_when(
    facts: Facts, actor: Actor, at: datetime, error: type[DaichoError] | None
) -> None:
    seen = facts.request.digest
    if error is None:
        rules.require_decidable(facts, actor, seen, now=at, today=TODAY)
        with pytest.raises(SeenOtherwise):
            rules.require_decidable(facts, actor, b"another page", now=at, today=TODAY)
        return
    with pytest.raises(error):
        rules.require_decidable(facts, actor, seen, now=at, today=TODAY)


@pytest.mark.parametrize(
    ("facts", "actor", "error"),
    [
        (WITNESSED, THIRD, None),
        (Facts(MEDIUM, YES), THIRD, None),
        (Facts(MEDIUM), THIRD, ApprovalMoved),
        (APPROVED, THIRD, ApprovalMoved),
        (WITNESSED, ASKER, OwnApproval),
        (WITNESSED, APPROVER, OwnApproval),
        (WITNESSED, officer("clerk", "clerk"), NotAllowed),
    ],
)
def test_a_witness_is_a_third_officer(facts: Facts, actor: Actor, error: type[DaichoError] | None) -> None:
    seen = facts.request.digest
    if error is None:
        rules.require_witness(facts, actor, seen, now=NOW, today=TODAY)
        with pytest.raises(SeenOtherwise):
            rules.require_witness(facts, actor, b"another page", now=NOW, today=TODAY)
        return
    with pytest.raises(error):
        rules.require_witness(facts, actor, seen, now=NOW, today=TODAY)


@pytest.mark.parametrize(
    ("facts", "actor", "approver", "at", "error"),
    [
        (APPROVED, ASKER, APPROVER, NOW, None),
        (ASKED, ASKER, APPROVER, NOW, NotApprovedYet),
        (Facts(REQUEST, replace(YES, is_approved=False)), ASKER, APPROVER, NOW, ApprovalMoved),
        (APPROVED, officer("another"), APPROVER, NOW, OwnApproval),
        (APPROVED, officer("asker", "clerk"), APPROVER, NOW, NotAllowed),
        (APPROVED, ASKER, None, NOW, ApproverLost),
        (APPROVED, ASKER, officer("approver", "clerk"), NOW, ApproverLost),
        (APPROVED, ASKER, APPROVER, WANTED.valid_until, ApprovalExpired),
        (APPROVED, replace(ASKER, terminal_class="temporary"), APPROVER, NOW, TerminalCannot),
        (replace(APPROVED, ending=Ending(State.EXECUTED, NOW, "asker", rows=1)), ASKER, APPROVER, NOW, ApprovalMoved),
        (WITNESSED, AT_MANAGEMENT, APPROVER, NOW, None),
        (WITNESSED, ASKER, APPROVER, NOW, TerminalCannot),
        (Facts(MEDIUM, YES), AT_MANAGEMENT, APPROVER, NOW, NotApprovedYet),
        (WITNESSED, AT_MANAGEMENT, APPROVER, NOW + PRESENT_FOR, NotApprovedYet),
    ],
)
def test_what_is_carried_out(
    facts: Facts, actor: Actor, approver: Actor | None, at: datetime, error: type[DaichoError] | None
) -> None:
    if error is None:
        rules.require_executable(facts, actor, approver, now=at, today=TODAY)
        return
    with pytest.raises(error):
        rules.require_executable(facts, actor, approver, now=at, today=TODAY)


def test_only_whoever_asked_takes_back() -> None:
    rules.require_withdrawable(APPROVED, ASKER, now=NOW)
    with pytest.raises(OwnApproval):
        rules.require_withdrawable(APPROVED, APPROVER, now=NOW)
    with pytest.raises(ApprovalMoved):
        rules.require_withdrawable(APPROVED, ASKER, now=WANTED.valid_until)


values_st = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=3)).map(tuple)
conditions_st = st.dictionaries(st.text(max_size=4), values_st, max_size=4)


@given(conditions_st, st.data())
def test_a_condition_has_one_form(condition: dict[str, object], data: st.DataObject) -> None:
    text = canonical_condition(condition)  # type: ignore[arg-type]
    shuffled = dict(data.draw(st.permutations(list(condition.items()))))
    assert canonical_condition(shuffled) == text  # type: ignore[arg-type]
    assert canonical_condition(read_condition(text)) == text


@given(conditions_st, conditions_st, st.integers(-20, 20), st.integers(0, 10))
def test_what_is_carried_out_is_what_was_approved(
    asked: dict[str, object], live: dict[str, object], moved: int, tolerance: int
) -> None:
    wanted = replace(WANTED, condition=asked, tolerance=tolerance)  # type: ignore[arg-type]
    request = replace(REQUEST, wanted=wanted)
    state = Live(live, WANTED.rows + moved)  # type: ignore[arg-type]
    changed = canonical_condition(asked) != canonical_condition(live)  # type: ignore[arg-type]
    if changed or abs(moved) > tolerance:
        with pytest.raises(ConditionChanged if changed else RowsMoved):
            rules.require_same(request, state)
    else:
        rules.require_same(request, state)


FIELDS = {
    "subject": "other", "kind": Kind.DISPOSAL, "purpose": "x", "basis": "x", "items": ("氏名", "住所"), "rows": 99,
    "condition": {"town": "1"}, "destination": "x", "valid_until": NOW + HOUR, "tolerance": 4, "medium": "x",
    "concerns": ("x",),
}  # fmt: skip


def test_the_digest_covers_everything_that_is_said() -> None:
    assert set(FIELDS) == set(Wanted.__dataclass_fields__)
    others = [replace(REQUEST, wanted=replace(WANTED, **{name: value})) for name, value in FIELDS.items()]  # type: ignore[arg-type]
    others += [
        replace(REQUEST, approval_id=8),
        replace(REQUEST, requested_by="x"),
        replace(REQUEST, terminal="x"),
        replace(REQUEST, requested_at=NOW + HOUR),
    ]
    assert len({REQUEST.digest, *(one.digest for one in others)}) == len(others) + 1
    assert canonical(REQUEST).startswith(b'["daicho/approval/1",7,')


instants_st = st.integers(-2, 200).map(lambda hours: NOW + hours * HOUR)
names_st = st.sampled_from(["asker", "approver", "third", "fourth"])
facts_st = st.builds(
    Facts,
    st.sampled_from([REQUEST, MEDIUM, CONCERNED.request]),
    st.none() | st.builds(Decision, st.booleans(), names_st, st.just("counter"), instants_st),
    st.none() | st.builds(Presence, names_st, instants_st),
    st.none()
    | st.builds(Ending, st.sampled_from([State.EXECUTED, State.WITHDRAWN, State.VOIDED]), instants_st, names_st),
)


@given(
    facts_st, names_st, st.sampled_from(["clerk", "reviewer", "security", "protector", "administrator"]), instants_st
)
def test_nobody_is_two_of_the_three(facts: Facts, name: str, role: str, at: datetime) -> None:
    """Whatever passes was asked by another, is open, and comes from an officer of the right."""
    actor = officer(name, role)
    seen = facts.request.digest
    try:
        rules.require_decidable(facts, actor, seen, now=at, today=TODAY)
    except DaichoError:
        pass
    else:
        assert name not in {"asker", *facts.request.wanted.concerns}
        assert (facts.decision, facts.ending) == (None, None)
        assert at < facts.request.wanted.valid_until
        assert role in {"reviewer", "security"}
    try:
        rules.require_witness(facts, actor, seen, now=at, today=TODAY)
    except DaichoError:
        pass
    else:
        assert facts.decision is not None
        assert facts.decision.is_approved
        assert name not in {"asker", facts.decision.decided_by}
        assert facts.request is MEDIUM
