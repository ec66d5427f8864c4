"""The decision over duty, department, officer, function, item, terminal class and period, on random tables and officers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.access.actor import Actor, Item, Output, Purpose, Right
from daicho.access.decision import (
    RIGHTS,
    Grant,
    RightsTable,
    decide,
    holds,
    read_rights,
    reasons_for,
    require_item,
    require_output,
    require_right,
    require_roles_fit,
)
from daicho.access.errors import ConflictingRoles, NotAllowed, PurposeMissing, TerminalCannot
from daicho.access.explain import explain, outputs
from daicho.access.reasons import Because, Reason
from daicho.access.table import ClassPeriod, TerminalClass
from tests.access.test_decision import CLERK, TODAY, may

ROLES, DEPARTMENTS, OFFICERS, CLASSES = ("a", "b", "c"), ("市民課", "大里", "税務課"), ("o1", "o2"), ("t1", "t2")
DAY = timedelta(days=1)
FIRST = date(2026, 4, 1)

days_st = st.integers(0, 20).map(lambda n: FIRST + n * DAY)
ends_st = st.none() | days_st
rights_st = st.sampled_from([Right.PERSON_READ, Right.NUMBER_REVEAL, Right.CASE_REVIEW])
purposes_st = st.none() | st.sampled_from(list(Purpose))


def some(names: tuple[str, ...]) -> st.SearchStrategy[frozenset[str] | None]:
    """A narrowing: all, or some of the names."""
    return st.none() | st.frozensets(st.sampled_from(names))


grants_st = st.builds(
    Grant,
    since=days_st,
    until=ends_st,
    rights=st.frozensets(rights_st),
    departments=some(DEPARTMENTS),
    officers=some(OFFICERS),
    terminals=some(CLASSES),
    masks=st.dictionaries(rights_st, st.frozensets(st.sampled_from(Item))),
)
classes_st = st.builds(
    TerminalClass,
    word=st.just("窓口端末"),
    ask=st.just("係の管理者"),
    periods=st.lists(
        st.builds(
            ClassPeriod,
            since=days_st,
            until=ends_st,
            outputs=st.frozensets(st.sampled_from(Output)),
            without=st.frozensets(rights_st, max_size=1),
        ),
        max_size=2,
    ).map(tuple),
)
tables_st = st.builds(
    RightsTable,
    roles=st.dictionaries(st.sampled_from(ROLES), st.lists(grants_st, max_size=3).map(tuple)),
    words=st.just({role: role for role in ROLES}),
    purposes=st.dictionaries(rights_st, st.frozensets(st.sampled_from(Purpose))),
    terminals=st.dictionaries(st.sampled_from(CLASSES), classes_st),
    conflicts=st.frozensets(st.sampled_from([frozenset("ab"), frozenset("bc"), frozenset("ac")]), max_size=2),
)
actors_st = st.builds(
    lambda roles, department, officer, terminal: replace(
        CLERK, roles=roles, department=department, officer_id=officer, terminal_class=terminal
    ),
    st.frozensets(st.sampled_from([*ROLES, "unknown"])),
    st.sampled_from([*DEPARTMENTS, ""]),
    st.sampled_from([*OFFICERS, "o3"]),
    st.sampled_from([*CLASSES, "t3"]),
)


def reaches(grant: Grant, actor: Actor, right: Right, on: date) -> bool:
    """Whether a grant gives a right, said again from the words of the design."""
    return (
        right in grant.rights
        and grant.since <= on
        and (grant.until is None or grant.until >= on)
        and (grant.departments is None or actor.department in grant.departments)
        and (grant.officers is None or actor.officer_id in grant.officers)
        and (grant.terminals is None or actor.terminal_class in grant.terminals)
    )


def opened(table: RightsTable, actor: Actor, on: date) -> ClassPeriod | None:
    """What the class of the terminal may do on a day."""
    found = table.terminals.get(actor.terminal_class)
    return next((p for p in found.periods if p.covers(on)), None) if found else None


@given(tables_st, actors_st, rights_st, purposes_st, days_st)
def test_nothing_passes_but_what_a_grant_gives(
    table: RightsTable, actor: Actor, right: Right, purpose: Purpose | None, on: date
) -> None:
    here = opened(table, actor, on)
    given_by = [g for role in actor.roles for g in table.roles.get(role, ()) if reaches(g, actor, right, on)]
    fits = not any(pair <= actor.roles for pair in table.conflicts)
    held = here is not None and right not in here.without and fits and bool(given_by)
    justified = right not in table.purposes or purpose in table.purposes[right]
    assert may(actor, right, on, purpose, table) == (held and justified)
    assert holds(actor, right, on=on, rights=table) == held


@given(tables_st, actors_st, rights_st, days_st)
def test_every_refusal_says_why_and_every_right_from_where(
    table: RightsTable, actor: Actor, right: Right, on: date
) -> None:
    held, against = reasons_for(actor, right, on=on, rights=table)
    assert bool(held) != bool(against)
    assert all(reason.because is Because.GRANTED and reason.role in actor.roles for reason in held)
    if against:
        with pytest.raises(NotAllowed, match="A001") as caught:
            require_right(actor, right, on=on, rights=table)
        assert caught.value.reasons == against


@given(tables_st, actors_st, rights_st, days_st)
def test_a_conflict_of_duty_never_passes(table: RightsTable, actor: Actor, right: Right, on: date) -> None:
    for pair in table.conflicts:
        both = replace(actor, roles=actor.roles | pair)
        assert not holds(both, right, on=on, rights=table)
        with pytest.raises(ConflictingRoles):
            require_roles_fit(both.roles, rights=table)


@given(tables_st, actors_st, grants_st, rights_st, days_st)
def test_one_more_grant_takes_nothing_away_and_one_less_gives_nothing(
    table: RightsTable, actor: Actor, grant: Grant, right: Right, on: date
) -> None:
    wider = replace(table, roles={**table.roles, "a": (*table.roles.get("a", ()), grant)})
    assert holds(actor, right, on=on, rights=wider) >= holds(actor, right, on=on, rights=table)
    for item in Item:
        assert shows(wider, actor, right, item, on) >= shows(table, actor, right, item, on)


@given(tables_st, actors_st, rights_st, st.sampled_from(Output), days_st)
def test_withholding_more_at_a_class_of_terminals_gives_nothing(
    table: RightsTable, actor: Actor, right: Right, output: Output, on: date
) -> None:
    def less(period: ClassPeriod) -> ClassPeriod:
        return replace(period, outputs=frozenset(), without=period.without | {right})

    closed = {
        code: replace(one, periods=tuple(less(period) for period in one.periods))
        for code, one in table.terminals.items()
    }
    narrower = replace(table, terminals=closed)
    assert not holds(actor, right, on=on, rights=narrower)
    with pytest.raises(TerminalCannot):
        require_output(actor, output, on=on, rights=narrower)


@given(tables_st, actors_st, rights_st, days_st, days_st, ends_st)
def test_a_grant_counts_on_both_of_its_end_days_and_on_no_other(
    table: RightsTable, actor: Actor, right: Right, on: date, since: date, until: date | None
) -> None:
    role = "a"
    only = replace(
        table,
        roles={role: (Grant(since, until, frozenset({right})),)},
        terminals={"t1": TerminalClass("x", "x", (ClassPeriod(FIRST, None, frozenset(), frozenset()),))},
        conflicts=frozenset(),
    )
    one = replace(actor, roles=frozenset({role}), terminal_class="t1")
    assert holds(one, right, on=on, rights=only) == (since <= on and (until is None or on <= until))


@given(tables_st, actors_st, st.sampled_from(Output), days_st)
def test_an_output_leaves_only_where_its_class_allows_it(
    table: RightsTable, actor: Actor, output: Output, on: date
) -> None:
    here = opened(table, actor, on)
    if here is not None and output in here.outputs:
        require_output(actor, output, on=on, rights=table)
        return
    with pytest.raises(TerminalCannot) as caught:
        require_output(actor, output, on=on, rights=table)
    assert caught.value.reasons[0].about == actor.terminal_class


def shows(table: RightsTable, actor: Actor, right: Right, item: Item, on: date) -> bool:
    """Whether an item is reached, as a value."""
    try:
        require_item(actor, right, item, on=on, rights=table)
    except NotAllowed:
        return False
    return True


def test_a_refused_output_names_the_class_and_whom_to_ask() -> None:
    with pytest.raises(TerminalCannot) as caught:
        require_output(replace(CLERK, terminal_class="temporary"), Output.EXPORT, on=TODAY)
    assert caught.value.message == (
        "この端末(臨時職員用端末)からはファイルに書出しできません。登録は変わっていません。"
        "必要なときは、窓口端末の職員に依頼してください。"
    )


@pytest.mark.parametrize(
    ("terminal", "allowed"),
    [
        ("counter", "print export"),
        ("management", "print export media"),
        ("temporary", "print"),
        ("screen", ""),
        ("", ""),
    ],
)
def test_what_may_leave_the_terminals_of_this_release(terminal: str, allowed: str) -> None:
    found = set()
    for output in Output:
        try:
            require_output(replace(CLERK, terminal_class=terminal), output, on=TODAY)
        except TerminalCannot:
            continue
        found.add(output.value)
    assert found == set(allowed.split())


def test_temporary_staff_work_at_their_own_terminals_without_the_individual_number() -> None:
    """R-USE-24, and only at that class."""
    assistant = replace(CLERK, roles=frozenset({"assistant"}), terminal_class="temporary")
    assert holds(assistant, Right.CASE_ENTER, on=TODAY)
    assert shows(RIGHTS, assistant, Right.NUMBER_REVEAL, Item.RESIDENT_CODE, TODAY)
    with pytest.raises(NotAllowed) as caught:
        require_item(assistant, Right.NUMBER_REVEAL, Item.INDIVIDUAL_NUMBER, on=TODAY)
    assert caught.value.reasons == (
        Reason(Because.ITEM_MASKED, "assistant", date(2020, 1, 1), None, "individual_number"),
    )
    with pytest.raises(NotAllowed) as elsewhere:
        decide(replace(assistant, terminal_class="counter"), Right.CASE_ENTER, on=TODAY)
    assert [one.because for one in elsewhere.value.reasons] == [Because.TERMINAL_NOT_IN_GRANT]


def test_the_chain_names_the_department_the_period_and_the_purpose() -> None:
    grants = (
        Grant(FIRST, FIRST, frozenset({Right.CASE_REVIEW})),
        Grant(FIRST + 2 * DAY, None, frozenset({Right.CASE_REVIEW})),
        Grant(FIRST, None, frozenset({Right.CASE_REVIEW}), departments=frozenset({"税務課"})),
    )
    table = replace(RIGHTS, roles={"clerk": grants})
    with pytest.raises(NotAllowed) as caught:
        decide(CLERK, Right.CASE_REVIEW, on=FIRST + DAY, rights=table)
    assert [(one.because, one.about) for one in caught.value.reasons] == [
        (Because.OVER, ""),
        (Because.NOT_YET, ""),
        (Because.OTHER_DEPARTMENT, "市民課"),
    ]
    with pytest.raises(NotAllowed) as unjustified:
        decide(CLERK, Right.NUMBER_REVEAL, on=TODAY, purpose=Purpose.STATISTICS)
    assert unjustified.value.reasons == (Reason(Because.PURPOSE_NOT_JUSTIFIED, about="08"),)
    with pytest.raises(PurposeMissing):
        decide(CLERK, Right.NUMBER_REVEAL, on=TODAY)


def test_no_officer_both_gives_rights_and_works_with_them() -> None:
    for role in RIGHTS.roles.keys() - {"administrator"}:
        with pytest.raises(ConflictingRoles, match="A006"):
            require_roles_fit(frozenset({"administrator", role}))
    require_roles_fit(frozenset({"clerk", "reviewer"}))


HEAD = '[[role]]\ncode="x"\nword="x"\nrights='
CLASS = '[[terminal_class]]\ncode="t"\nword="t"\nask="t"\nperiods='


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f'conflicts=[["x", "y"]]\n{HEAD}[]\n', "conflict of unknown"),
        (f'conflicts=[["x", "x"]]\n{HEAD}[]\n', "conflict of unknown"),
        (f'{HEAD}[{{since=2020-01-01, names=["home"], terminals=["nowhere"]}}]\n', "terminal class"),
        (f'{HEAD}[{{since=2020-01-01, names=["home"], masks={{"person.read"=[]}}}}]\n', "mask for a right"),
        (f'{HEAD}[{{since=2020-01-01, names=["home"], masks={{"home"=["nothing"]}}}}]\n', "nothing"),
        (f'{HEAD}[]\n{CLASS}[{{since=2020-01-01, outputs=["telepathy"]}}]\n', "telepathy"),
    ],
)
def test_a_table_with_a_typing_error_is_refused(text: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        read_rights(text)


def test_every_reason_item_and_output_has_its_word() -> None:
    assert all(one.word for one in (*Because, *Item, *Output))


@given(tables_st, actors_st, purposes_st, days_st)
def test_the_page_tells_what_the_decision_does(
    table: RightsTable, actor: Actor, purpose: Purpose | None, on: date
) -> None:
    for one in explain(actor, on=on, purpose=purpose, rights=table):
        if purpose is None:
            assert one.held == holds(actor, one.right, on=on, rights=table)
        else:
            assert one.held == may(actor, one.right, on, purpose, table)
        assert one.reasons
        assert all((reason.because is Because.GRANTED) == one.held for reason in one.reasons)
        if one.held:
            assert one.masked == {item for item in Item if not shows(table, actor, one.right, item, on)}
    here = opened(table, actor, on)
    allowed = {output for output, is_open in outputs(actor, on=on, rights=table).items() if is_open}
    assert allowed == (here.outputs if here else set())
