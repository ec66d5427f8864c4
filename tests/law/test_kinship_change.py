"""Relationships after a change of head: the proposal, the other readings, and what is left open."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.codes import Sex
from daicho.law.kinship import MOST_ELEMENTS, Member, Relationship, parse_relationship, sex_of
from daicho.law.kinship_change import Proposal, relationships_after_head_change, relationships_after_joining
from tests.law.households import household

THREE_GENERATIONS = [
    "世帯主 1950 m",
    "妻 1952",
    "子 1975 m",
    "子の妻 1977",
    "子の子 2004 m",
    "子の子 2006 f",
    "母 1925",
]


def proposals(new_head: int, *texts: str) -> list[Proposal]:
    return list(relationships_after_head_change(household(*texts), new_head))


def words(new_head: int, *texts: str) -> list[str]:
    """Proposals in one text each: proposed/choice/choice, with ? where a human must decide."""
    return [
        "/".join(word.word for word in (found.proposed, *found.choices)) + ("?" if found.is_open else "")
        for found in proposals(new_head, *texts)
    ]


@pytest.mark.parametrize(
    ("new_head", "texts", "expected"),
    [
        (2, THREE_GENERATIONS, ["父", "母/父の妻?", "世帯主", "妻", "子", "子", "父の母"]),
        (
            1,
            THREE_GENERATIONS,
            ["夫", "世帯主", "子/夫の子?", "子の妻/夫の子の妻?", "子の子/夫の子の子?", "子の子/夫の子の子?", "夫の母"],
        ),
        (
            4,
            THREE_GENERATIONS,
            ["父の父", "父の母/父の父の妻?", "父", "母/父の妻?", "世帯主", "妹", "父の父の母"],
        ),
        (6, THREE_GENERATIONS, ["子", "子の妻", "子の子", "子の子の妻", "子の子の子", "子の子の子", "世帯主"]),
        (0, THREE_GENERATIONS, ["世帯主", "妻", "子", "子の妻", "子の子", "子の子", "母"]),
        (
            3,
            THREE_GENERATIONS,
            ["夫の父", "夫の母/夫の父の妻?", "夫", "世帯主", "子/夫の子?", "子/夫の子?", "夫の父の母"],
        ),
    ],
)
def test_three_generations(new_head: int, texts: list[str], expected: list[str]) -> None:
    assert words(new_head, *texts) == expected


@pytest.mark.parametrize(
    ("new_head", "texts", "expected"),
    [
        # Two sons: whose wife and whose child is not recorded.
        (
            2,
            ["世帯主 1950 m", "子 1974 m", "子 1976 m", "子の妻 1977", "子の子 2004 m"],
            ["父", "兄", "世帯主", "妻/兄の妻?", "子/兄の子?"],
        ),
        (
            1,
            ["世帯主 1950 m", "子 1974 m", "子 1976 m", "子の妻 1977", "子の子 2004 m"],
            ["父", "世帯主", "弟", "弟の妻/妻?", "弟の子/子?"],
        ),
        # The child between lives elsewhere.
        (
            2,
            ["世帯主 1950 m", "子の妻 1977", "子の子 2004 m", "子の子 2006 f"],
            ["父の父", "母/父の妻/父の兄の妻/父の弟の妻?", "世帯主", "妹/父の兄の子/父の弟の子?"],
        ),
        (1, ["世帯主 1950 m", "子の子 2004 m"], ["父の父/母の父?", "世帯主"]),
        (1, ["世帯主 1950", "子の子 2004 m"], ["父の父/父の母/母の父/母の母?", "世帯主"]),
        # Parents, siblings, uncles.
        (
            1,
            ["世帯主 1980 m", "父 1950", "母 1952", "妻 1981", "子 2010 f", "弟 1983", "弟の妻 1984", "父の姉 1940"],
            ["子", "世帯主", "妻/子の母?", "子の妻", "子の子", "子/子の弟?", "子の妻/子の弟の妻?", "姉"],
        ),
        (1, ["世帯主 1980 m", "父 1950", "父 1955"], ["子", "世帯主", "子の父"]),
        (
            1,
            ["世帯主 1980 f", "妹 1985", "母 1950", "姉の子 2000 m", "兄 1970", "弟 1985"],
            ["姉", "世帯主", "母/姉の母?", "姉の子/妹の子?", "兄", "兄/弟?"],
        ),
        # Spouses who are not registered make no parents and no children.
        (
            1,
            ["世帯主 1980 f", "夫（未届） 1975", "子 2010 m", "夫（未届）の子 2008 f", "母 1950"],
            ["妻（未届）", "世帯主", "妻（未届）の子", "子", "妻（未届）の母"],
        ),
        (2, ["世帯主 1950 m", "妻（未届） 1955", "子 1980 f"], ["父", "父の妻（未届）", "世帯主"]),
        # A child older than the new head is no child of hers (民法793条).
        (1, ["世帯主 1940 m", "妻 1975", "子 1970 f"], ["夫", "世帯主", "夫の子"]),
        # An adopted child married to a child: of two true words the higher one is recorded.
        (
            2,
            ["世帯主 1950 m", "子 1975 f", "子（子の夫） 1973", "妻 1951"],
            ["父", "妻", "世帯主", "母/父の妻?"],
        ),
        (1, ["世帯主 1950 m", "子 1975 f", "子（子の夫） 1973", "妻 1951"], ["父", "世帯主", "夫", "母/父の妻?"]),
        (
            3,
            ["世帯主 1950 m", "子 1975 f", "子（子の夫） 1973", "妻 1951"],
            ["夫", "子/夫の子?", "子（子の夫）/夫の子（子の夫）?", "世帯主"],
        ),
        # Five or more elements are 縁故者.
        (
            1,
            ["世帯主 1930 m", "子の子の子 2000 m", "兄の子の子 1980 f"],
            ["父の父の父/父の母の父/母の父の父/母の母の父?", "世帯主", "縁故者"],
        ),
        # 縁故者 and 同居人 have no path.
        (1, ["世帯主 1980 f", "縁故者 1975", "子 2010 m"], ["縁故者/同居人?", "世帯主", "縁故者/同居人?"]),
        (1, ["世帯主 1980 f", "同居人 1975", "縁故者 2010"], ["同居人/縁故者?", "世帯主", "同居人/縁故者?"]),
        (1, ["世帯主 1980 f", "子 2005", "同居人 1975"], ["母", "世帯主", "同居人/縁故者?"]),
        # Nobody is the head: the paths start at the person who has left.
        (0, ["妻 1981", "子 2010 m", "父 1950"], ["世帯主", "子/夫の子?", "夫の父"]),
        (0, ["子 2005 m", "子 2010 f"], ["世帯主", "妹"]),
        (0, ["弟 1985 m", "父 1950"], ["世帯主", "父/兄の父/姉の父?"]),
    ],
)
def test_other_households(new_head: int, texts: list[str], expected: list[str]) -> None:
    assert words(new_head, *texts) == expected


def test_the_longest_path_still_has_words() -> None:
    head, _, wife = proposals(1, "世帯主 1930 m", "子の子の子の子（子の妻） 2000", "妻 1930")
    assert len((head.proposed, *head.choices)) == 8
    assert head.proposed.word == "父の父の父の父"
    assert wife.choices[-1].word == "縁故者"


def test_the_steps_explain_each_proposal() -> None:
    found = proposals(2, *THREE_GENERATIONS)
    assert found[0].steps == ("旧世帯主です。", "順にたどると新世帯主（子）の父です。")
    assert found[0].line == "旧世帯主 → 新世帯主（子）の父 なので 父"
    assert found[1].steps == (
        "旧世帯主の妻です。",
        "順にたどると新世帯主（子）の父の妻です。",
        "親の配偶者は親です。実親・養親でなければ「父の妻」などになります。",
    )
    assert found[2].steps == ("新しい世帯主です。",)
    (unchanged, *_) = proposals(0, "世帯主 1980", "妻 1980")[1].steps
    assert unchanged == "世帯主は変わりません。"
    too_long = proposals(1, "世帯主 1930 m", "子の子の子 2000 m", "兄の子の子 1980 f")[2]
    assert "「縁故者」とします（標準仕様1.1.11）。" in too_long.steps[-1]
    assert (
        too_long.line
        == "旧世帯主の兄の子の子 → 新世帯主（子の子の子）の親の親の父の兄の子の子（5つ以上） なので 縁故者"
    )
    unknown = proposals(1, "世帯主 1950 m", "子の子 2004 m")[0]
    assert "性別か年齢の上下が分からない" in unknown.steps[-1]
    assert unknown.line == "旧世帯主 → 新世帯主（子の子）の親の父 なので 父の父"
    several = proposals(2, "世帯主 1950 m", "子 1974 m", "子 1976 m", "子の妻 1977")[3]
    assert "一人に決まらない" in several.steps[-1]


def test_the_wife_becomes_head_in_one_line() -> None:
    child = proposals(1, "世帯主 1980 m", "妻 1982", "子 2010 m")[2]
    assert child.line == "旧世帯主の子 → 新世帯主（妻）の子 なので 子"
    assert child.steps[1] == "順にたどると新世帯主（妻）の夫の子です。"
    assert child.is_open
    assert [choice.word for choice in child.choices] == ["夫の子"]


def joined(anchor: int, link: str, head: str, household_of_head: list[str], *texts: str) -> list[str]:
    """Proposals for those who join, written as `words` writes them."""
    target = [dataclasses.replace(one, id=one.id + 50) for one in household(head, *household_of_head)]
    found = relationships_after_joining(household(*texts), anchor, parse_relationship(link), target[0], target)
    return [
        "/".join(word.word for word in (one.proposed, *one.choices)) + ("?" if one.is_open else "") for one in found
    ]


@pytest.mark.parametrize(
    ("anchor", "link", "head", "others", "texts", "expected"),
    [
        (0, "妻", "世帯主 1980 m", [], ["世帯主 1982 f", "子 2010 m"], ["妻", "妻の子/子?"]),
        (0, "妻", "世帯主 1980 m", [], ["世帯主 1982 f", "母 1950"], ["妻", "妻の母"]),
        (0, "子", "世帯主 1950 m", [], ["世帯主 1980 m", "妻 1982", "子 2010 m"], ["子", "子の妻", "子の子"]),
        (0, "父", "世帯主 1980 m", [], ["世帯主 1950 m", "妻 1952", "子 1985 f"], ["父", "母/父の妻?", "妹"]),
        (
            1,
            "子",
            "世帯主 1950 m",
            [],
            ["世帯主 1980 m", "妻 1982", "子 2010 m"],
            ["子の夫", "子", "子の子/子の夫の子?"],
        ),
        (0, "子の妻", "世帯主 1950 m", ["子 1978 m"], ["世帯主 1982 f", "子 2010 m"], ["子の妻", "子の妻の子/子の子?"]),
        (0, "同居人", "世帯主 1980 m", [], ["世帯主 1982 f", "子 2010 m"], ["同居人", "同居人/縁故者?"]),
        (0, "縁故者", "世帯主 1980 m", [], ["世帯主 1982 f", "子 2010 m"], ["縁故者", "縁故者/同居人?"]),
        (0, "子の子の子", "世帯主 1920 m", [], ["世帯主 1985 f", "子の子 2020 m"], ["子の子の子", "縁故者"]),
    ],
)
def test_people_who_join_hang_on_the_one_who_is_known(
    anchor: int, link: str, head: str, others: list[str], texts: list[str], expected: list[str]
) -> None:
    assert joined(anchor, link, head, others, *texts) == expected


def test_a_joining_is_explained() -> None:
    head = dataclasses.replace(household("世帯主 1980 m")[0], id=50)
    known, child = relationships_after_joining(
        household("世帯主 1982 f", "子 2010 m"), 0, parse_relationship("妻"), head, [head]
    )
    assert known.line == "書類で確かめて選んだ続柄です。"
    assert child.line == "元の世帯主の子 → 新しい世帯主の妻の子 なので 妻の子"
    with pytest.raises(KeyError):
        relationships_after_joining(household("世帯主 1982 f"), 7, parse_relationship("妻"), head, [head])


def test_an_unknown_head_is_the_callers_mistake() -> None:
    with pytest.raises(KeyError):
        relationships_after_head_change(household("世帯主 1980"), 7)


@pytest.mark.parametrize("new_head", range(7))
def test_changing_the_head_and_back_offers_the_old_words(new_head: int) -> None:
    members = household(*THREE_GENERATIONS)
    forward = relationships_after_head_change(members, new_head)
    changed = [
        dataclasses.replace(member, relationship=found.proposed) for member, found in zip(members, forward, strict=True)
    ]
    for member, found in zip(members, relationships_after_head_change(changed, 0), strict=True):
        assert member.relationship in (found.proposed, *found.choices)


JOINABLE = ["11", "12", "13", "14", "20", "21", "22", "51", "52", "71", "74", "81", "84"]
RELATIONSHIPS = st.one_of(
    st.sampled_from(["96", "99"]).map(lambda code: Relationship((code,))),
    st.lists(st.sampled_from(JOINABLE), min_size=1, max_size=4).map(lambda codes: Relationship(tuple(codes))),
)
ROWS = st.lists(
    st.tuples(RELATIONSHIPS, st.sampled_from([None, *Sex]), st.dates(date(1920, 1, 1), date(2020, 1, 1))),
    min_size=1,
    max_size=5,
)


@given(ROWS, st.booleans(), st.data())
def test_any_household_gets_one_head_and_valid_words(
    rows: list[tuple[Relationship, Sex | None, date]], with_head: bool, data: st.DataObject
) -> None:
    members = [
        Member(place, relationship, sex_of(relationship.elements[-1]) or sex, born)
        for place, (relationship, sex, born) in enumerate(rows)
    ]
    if with_head:
        members.append(Member(99, Relationship(("02",)), Sex.MALE, date(1960, 5, 5)))
    new_head = data.draw(st.sampled_from([member.id for member in members]))
    found = relationships_after_head_change(members, new_head)
    assert [one.member_id for one in found] == [member.id for member in members]
    assert [one.member_id for one in found if one.proposed.is_head] == [new_head]
    assert all(one.steps and one.line for one in found)
    assert all(len(word.elements) <= MOST_ELEMENTS for one in found for word in (one.proposed, *one.choices))
    assert all(one.proposed not in one.choices and len(set(one.choices)) == len(one.choices) for one in found)
    assert all(not one.choices or one.is_open for one in found)


@given(ROWS, RELATIONSHIPS, st.data())
def test_anybody_joins_with_valid_words(
    rows: list[tuple[Relationship, Sex | None, date]], link: Relationship, data: st.DataObject
) -> None:
    members = [
        Member(place, relationship, sex_of(relationship.elements[-1]) or sex, born)
        for place, (relationship, sex, born) in enumerate(rows)
    ]
    head = Member(99, Relationship(("02",)), Sex.MALE, date(1960, 5, 5))
    anchor = data.draw(st.sampled_from([member.id for member in members]))
    found = relationships_after_joining(members, anchor, link, head, [head])
    assert [one.member_id for one in found] == [member.id for member in members]
    assert {one.member_id: one.proposed for one in found}[anchor] == link
    assert all(one.steps and one.line for one in found)
    assert all(len(word.elements) <= MOST_ELEMENTS for one in found for word in (one.proposed, *one.choices))
    assert not any(one.proposed.is_head for one in found)


CERTAIN_KIN = ["世帯主 1950 m", "子 1975 m", "子 1977 f", "母 1925", "弟 1955 m", "妹 1958 f"]


@pytest.mark.parametrize("new_head", range(1, len(CERTAIN_KIN)))
def test_what_is_certain_comes_back_as_it_was(new_head: int) -> None:
    """There and back: where law leaves no choice either way, every word is the old one again."""
    members = household(*CERTAIN_KIN)
    forward = relationships_after_head_change(members, new_head)
    changed = [
        dataclasses.replace(member, relationship=found.proposed) for member, found in zip(members, forward, strict=True)
    ]
    back = relationships_after_head_change(changed, 0)
    for member, there, again in zip(members, forward, back, strict=True):
        if not there.is_open and not again.is_open:
            assert again.proposed == member.relationship


@pytest.mark.parametrize(
    ("texts", "anchor", "movers"),
    [
        (THREE_GENERATIONS, 2, [2, 3, 4, 5]),
        (THREE_GENERATIONS, 3, [2, 3, 4, 5]),
        (["世帯主 1950 m", "弟 1955 m", "弟の妻 1957", "弟の子 1980 f"], 1, [1, 2, 3]),
        (["世帯主 1980 m", "母 1955", "母の母 1930", "母の兄 1950"], 1, [1, 2, 3]),
    ],
)
def test_a_family_that_splits_off_and_joins_again(texts: list[str], anchor: int, movers: list[int]) -> None:
    """There and back: over the link that was left, everybody of that family is offered the old word."""
    everybody = household(*texts)
    apart = relationships_after_head_change(everybody, anchor)
    alone = [dataclasses.replace(everybody[one], relationship=apart[one].proposed) for one in movers]
    link, head = everybody[anchor].relationship, everybody[0]
    staying = [one for one in everybody if one.id not in movers]
    for one, again in zip(movers, relationships_after_joining(alone, anchor, link, head, staying), strict=True):
        assert everybody[one].relationship in (again.proposed, *again.choices)


def test_people_join_somebody_who_is_not_in_the_register() -> None:
    """事実上の世帯主 (STD 4.1.4.3): the way begins at somebody of whom nothing is known."""
    found = relationships_after_joining(household("世帯主 1982 f", "子 2010 m"), 0, parse_relationship("妻"), None, [])
    assert [one.proposed.word for one in found] == ["妻", "妻の子"]
