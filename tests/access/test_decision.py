"""The pure decision: every allowed combination is in the table, everything else is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from daicho.access.actor import Actor, Purpose, Right
from daicho.access.decision import (
    RIGHTS,
    Grant,
    RightsTable,
    decide,
    holds,
    read_rights,
    require_other_officer,
)
from daicho.access.errors import NotAllowed, NotAvailable, PurposeMissing, SameOfficer

TODAY = date(2026, 11, 24)
CLERK = Actor(
    officer_id="clerk1",
    name="小林",
    roles=frozenset({"clerk"}),
    department="市民課",
    office="市民課",
    terminal_id="SHIMIN-03",
    terminal_name="市民課 3番窓口",
    session_ref="0" * 32,
    signed_on_at=datetime(2026, 11, 24, tzinfo=UTC),
    terminal_class="counter",
)

rights_st = st.sampled_from(list(Right))
purposes_st = st.none() | st.sampled_from(list(Purpose))
roles_st = st.frozensets(st.sampled_from([*RIGHTS.roles, "stranger", ""]))
days_st = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


def may(actor: Actor, right: Right, on: date, purpose: Purpose | None, table: RightsTable) -> bool:
    """The verdict of `decide` as a value, for comparing."""
    try:
        decide(actor, right, on=on, purpose=purpose, rights=table)
    except (NotAllowed, PurposeMissing):
        return False
    return True


@given(roles=roles_st, right=rights_st, purpose=purposes_st, on=days_st)
def test_decide_allows_exactly_what_the_table_says(
    roles: frozenset[str], right: Right, purpose: Purpose | None, on: date
) -> None:
    actor = replace(CLERK, roles=roles)
    granted = any(
        right in grant.rights and grant.since <= on and (grant.until is None or on <= grant.until)
        for role in roles
        for grant in RIGHTS.roles.get(role, ())
        if grant.terminals is None or CLERK.terminal_class in grant.terminals
    ) and not any(pair <= roles for pair in RIGHTS.conflicts)
    justified = right not in RIGHTS.purposes or purpose in RIGHTS.purposes[right]
    assert may(actor, right, on, purpose, RIGHTS) == (granted and justified)
    assert holds(actor, right, on=on) == granted


@given(roles=roles_st, more=roles_st, right=rights_st, purpose=purposes_st)
def test_another_role_never_takes_a_right_away(
    roles: frozenset[str], more: frozenset[str], right: Right, purpose: Purpose | None
) -> None:
    assume(RIGHTS.conflict(roles | more) is None)
    before = may(replace(CLERK, roles=roles), right, TODAY, purpose, RIGHTS)
    after = may(replace(CLERK, roles=roles | more), right, TODAY, purpose, RIGHTS)
    assert after or not before


@given(right=rights_st, purpose=purposes_st, on=days_st)
def test_no_role_no_right(right: Right, purpose: Purpose | None, on: date) -> None:
    with pytest.raises(NotAllowed):
        decide(replace(CLERK, roles=frozenset()), right, on=on, purpose=purpose)


@pytest.mark.parametrize(
    ("on", "allowed"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_a_grant_holds_on_both_of_its_end_days(on: date, allowed: bool) -> None:
    grant = Grant(date(2026, 4, 1), date(2027, 3, 31), frozenset({Right.CASE_REVIEW}))
    table = RightsTable(roles={"clerk": (grant,)}, words={"clerk": "窓口担当"}, purposes={}, terminals=RIGHTS.terminals)
    assert may(CLERK, Right.CASE_REVIEW, on, None, table) == allowed


@pytest.mark.parametrize(
    ("role", "right", "allowed"),
    [
        ("clerk", Right.CASE_ENTER, True),
        ("clerk", Right.CASE_REVIEW, False),
        ("clerk", Right.CASE_DECIDE, False),
        ("clerk", Right.USER_ADMIN, False),
        ("reviewer", Right.CASE_REVIEW, True),
        ("reviewer", Right.CASE_DECIDE, True),
        ("reviewer", Right.USER_ADMIN, False),
        ("administrator", Right.USER_ADMIN, True),
        ("administrator", Right.CASE_ENTER, False),
        ("administrator", Right.PERSON_READ, False),
    ],
)
def test_the_roles_of_this_release(role: str, right: Right, allowed: bool) -> None:
    assert holds(replace(CLERK, roles=frozenset({role})), right, on=TODAY) == allowed


def test_a_look_without_a_purpose_is_refused_by_name() -> None:
    with pytest.raises(PurposeMissing) as caught:
        decide(CLERK, Right.PERSON_READ, on=TODAY)
    assert caught.value.field == "purpose"


def test_a_purpose_that_does_not_justify_is_refused() -> None:
    with pytest.raises(NotAllowed):
        decide(CLERK, Right.NUMBER_REVEAL, on=TODAY, purpose=Purpose.STATISTICS)


def test_an_unknown_function_is_not_learned_from_a_missing_purpose() -> None:
    """Without the right, the answer is the same with and without a purpose."""
    with pytest.raises(NotAllowed):
        decide(replace(CLERK, roles=frozenset({"administrator"})), Right.NUMBER_REVEAL, on=TODAY)


@given(entrant=st.text(min_size=1), reviewer=st.text(min_size=1))
def test_four_eyes(entrant: str, reviewer: str) -> None:
    if entrant == reviewer:
        with pytest.raises(SameOfficer):
            require_other_officer(entrant, reviewer)
    else:
        require_other_officer(entrant, reviewer)


def test_unknown_rights_in_the_data_are_refused() -> None:
    text = '[[role]]\ncode="x"\nword="x"\nrights=[{since=2020-01-01, names=["case.everything"]}]\n'
    with pytest.raises(ValueError, match=r"case\.everything"):
        read_rights(text)


def test_every_word_is_there_and_every_right_is_held_by_someone() -> None:
    assert all(purpose.word for purpose in Purpose)
    assert all(right.word for right in Right)
    grants = [grant for given in RIGHTS.roles.values() for grant in given if grant.covers(TODAY)]
    held = frozenset[Right]().union(*(grant.rights for grant in grants))
    assert held == frozenset(Right)


def test_codes_of_purposes() -> None:
    assert Purpose.from_code("01") is Purpose.CHANGE_NOTIFICATION
    assert Purpose.CHANGE_NOTIFICATION.word == "異動届"
    with pytest.raises(ValueError, match="42"):
        Purpose.from_code("42")


def test_refusals_say_nothing_about_the_record() -> None:
    assert "ありません" not in NotAvailable().message
    assert "権限" not in NotAvailable().happened
    assert NotAvailable.status == 404
    assert str(NotAvailable()) == "A002"
