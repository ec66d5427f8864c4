"""The vocabulary of relationships."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law import kinship
from daicho.law.codes import Sex
from daicho.law.kinship import Relationship, TooManyGenerations, UnknownRelationship, parse_relationship

JOINABLE = ["11", "12", "13", "14", "20", "21", "22", "51", "52", "71", "74", "81", "84"]
RELATIONSHIPS = st.one_of(
    st.sampled_from([kinship.HEAD, kinship.CONNECTION, kinship.LODGER]),
    st.lists(st.sampled_from(JOINABLE), min_size=1, max_size=4).map(lambda codes: Relationship(tuple(codes))),
)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("02", "世帯主"),
        ("１２", "妻"),
        ("20.12", "子の妻"),
        ("2012", "子の妻"),
        ("20202020", "子の子の子の子"),
        ("妻(未届)", "妻（未届）"),
        ("夫（未届）の子", "夫（未届）の子"),
        ("子（子の夫）", "子（子の夫）"),
        ("子(子の妻)の子", "子（子の妻）の子"),
        ("父の兄の子", "父の兄の子"),
        ("つま", "妻"),
        ("コノツマ", "子の妻"),
        ("ｺﾉｺ", "子の子"),
        ("こ の こ", "子の子"),
        ("おとうと", "弟"),
        ("オットミトドケ", "夫（未届）"),
        ("どうきょにん", "同居人"),
        ("えんこしゃ", "縁故者"),
    ],
)
def test_codes_words_and_kana(typed: str, word: str) -> None:
    assert parse_relationship(typed).word == word == str(parse_relationship(typed))


@given(RELATIONSHIPS)
def test_every_value_survives_code_and_word(value: Relationship) -> None:
    assert parse_relationship(value.code) == value
    assert parse_relationship(value.word) == value
    kana = "ノ".join(kinship._names()[code][1] for code in value.elements)
    assert parse_relationship(kana) == value


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("孫", "子の子"),
        ("祖父", "父の父、母の父"),
        ("長男", "「子」"),
        ("伯父", "父の兄"),
        ("姪", "兄の子"),
        ("家事使用人", ""),
        ("準世帯主", ""),
        ("", ""),
        ("の", ""),
        ("子の", ""),
        ("の子", ""),
        ("子妻", ""),
        ("201", ""),
        ("33", ""),
        ("世帯主の子", ""),
        ("同居人の妻", ""),
        ("9920", ""),
    ],
)
def test_other_words_are_refused_with_a_hint_where_one_exists(typed: str, hint: str) -> None:
    with pytest.raises(UnknownRelationship) as error:
        parse_relationship(typed)
    assert hint in error.value.message
    assert bool(hint) == bool(error.value.data["hint"])


@pytest.mark.parametrize("typed", ["子の子の子の子の子", "2020202020"])
def test_five_elements_are_refused_and_the_remedy_named(typed: str) -> None:
    with pytest.raises(TooManyGenerations) as error:
        parse_relationship(typed)
    assert "縁故者" in error.value.message


def test_what_a_value_tells() -> None:
    assert kinship.HEAD.is_head
    assert not kinship.WIFE.is_head
    assert kinship.WIFE_UNREGISTERED.is_spouse
    assert not Relationship(("20", "12")).is_spouse
    assert not kinship.CHILD.is_spouse
    assert [value.is_relative for value in (kinship.CHILD, kinship.HEAD, kinship.CONNECTION, kinship.LODGER)] == [
        True,
        False,
        False,
        False,
    ]
    assert kinship.WIFE.sex is Sex.FEMALE
    assert Relationship(("20", "11")).sex is Sex.MALE
    assert kinship.CHILD.sex is None


def test_all_values_of_two_elements_are_different_words() -> None:
    values = [Relationship(pair) for pair in itertools.product(JOINABLE, repeat=2)]
    assert len({value.word for value in values}) == len(values) == 169
