"""The order of members (STD 5.2), its ranks and its examples."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.codes import Sex
from daicho.law.household_order import household_order
from daicho.law.kinship import Member, Relationship, sex_of
from tests.law.households import household

JOINABLE = ["11", "12", "13", "14", "20", "21", "22", "51", "52", "71", "74", "81", "84"]


def shown(*texts: str) -> list[str]:
    return [texts[one.id] for one in household_order(household(*texts))]


def assert_order(*texts: str) -> None:
    """The texts stand in the right order, however they come in."""
    assert shown(*texts) == list(texts)
    assert shown(*reversed(texts)) == list(texts)
    middle = len(texts) // 2
    assert shown(*texts[middle:], *texts[:middle]) == list(texts)


def test_rank_one_is_head_spouse_children_by_age() -> None:
    assert_order("世帯主 1980", "妻 1975", "子 2005", "子 2010", "子 2012")


def test_a_registered_spouse_stands_before_an_unregistered_one() -> None:
    assert_order("世帯主 1980", "妻 1990", "妻（未届） 1970")


def test_equal_birth_dates_go_by_addressee_number() -> None:
    assert_order("世帯主 1980", "子 2005 100000001", "子 2005 100000002")


def test_children_with_families_follow_as_families_in_order_of_the_children() -> None:
    assert_order(
        "世帯主 1950 m",
        "妻 1952",
        "子 1985 f",
        "子 1975 m",
        "子の妻 1977",
        "子の子 2004",
        "子の子 2006",
        "子 1980 m",
        "子の妻（未届） 1981",
    )


def test_a_grandchild_goes_to_the_married_child() -> None:
    assert_order("世帯主 1950 m", "子 1974 f", "子 1975 m", "子の妻 1977", "子の子 2004")


def test_families_within_families() -> None:
    assert_order(
        "世帯主 1930 m",
        "子 1955 m",
        "子の妻 1956",
        "子の子 1985 f",
        "子の子 1980 m",
        "子の子の妻 1981",
        "子の子の子 2010",
        "子の子の子の子 2030",
    )


def test_a_family_whose_child_lives_elsewhere_stands_after_the_children() -> None:
    assert_order("世帯主 1950 m", "子 1990 f", "子の子 2001", "子の子 2003")


def test_an_adopted_child_married_to_a_child_stands_with_the_spouse() -> None:
    assert_order("世帯主 1950 m", "子 1970 f", "子 1975 m", "子（子の妻） 1977", "子の子 2004")
    assert_order("世帯主 1950 m", "子（子の夫） 1975", "子（子の妻） 1977", "子の子 2004")
    assert_order("世帯主 1950 m", "子（子の夫） 1975", "子 1977 m")


def test_rank_three_is_parents_siblings_grandparents() -> None:
    assert_order(
        "世帯主 1980 m",
        "子 2010",
        "母 1955 筆頭者",
        "父 1950",
        "姉 1978",
        "弟 1985",
        "父の母 1930 筆頭者",
        "父の父 1925",
    )


def test_without_a_register_head_parents_go_by_age() -> None:
    assert_order("世帯主 1980 m", "母 1949", "父 1950")


def test_rank_four_begins_with_the_side_of_the_spouse_like_rank_three() -> None:
    assert_order(
        "世帯主 1980 m",
        "妻 1982",
        "父 1950",
        "妻の母 1956 筆頭者",
        "妻の父 1950",
        "妻の兄 1978",
        "妻の弟 1985",
        "妻の父の母 1930",
        "父の兄 1948",
        "兄の妻 1978",
        "縁故者 1940",
        "同居人 1920",
    )


def test_example_one_of_the_standard() -> None:
    assert_order("世帯主 1980", "妻の兄 1979", "妻の弟 1985")


def test_example_two_of_the_standard_twins_go_by_number() -> None:
    assert_order("世帯主 1980", "妻の兄 1979 123000045", "妻の姉 1979 124000067")


def test_families_of_relatives_stay_together_elder_generation_first() -> None:
    assert_order(
        "世帯主 1980 m",
        "弟 1985",
        "父の弟 1955",
        "父の弟の妻 1956",
        "父の弟の子 1990",
        "弟の妻 1986",
        "弟の子 2015",
        "縁故者 1930",
        "縁故者 1940",
        "同居人 1920",
    )


def test_a_household_without_head_keeps_its_order() -> None:
    assert_order("妻 1980", "子 2010", "父 1950")


RELATIONSHIPS = st.one_of(
    st.sampled_from(["02", "96", "99"]).map(lambda code: Relationship((code,))),
    st.lists(st.sampled_from(JOINABLE), min_size=1, max_size=4).map(lambda codes: Relationship(tuple(codes))),
)
MEMBERS = st.lists(
    st.tuples(RELATIONSHIPS, st.sampled_from([None, *Sex]), st.dates(date(1920, 1, 1), date(2020, 1, 1))), max_size=8
).map(
    lambda rows: [
        Member(place, relationship, sex_of(relationship.elements[-1]) or sex, born, str(place))
        for place, (relationship, sex, born) in enumerate(rows)
    ]
)


@given(MEMBERS, st.randoms(use_true_random=False))
def test_nobody_is_lost_and_the_way_in_does_not_matter(members: list[Member], random: object) -> None:
    ordered = household_order(members)
    assert sorted(one.id for one in ordered) == [one.id for one in members]
    shuffled = list(members)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert household_order(shuffled) == ordered


@pytest.mark.parametrize("count", [0, 1])
def test_small_households(count: int) -> None:
    members = household("世帯主 1980")[:count]
    assert household_order(members) == members
