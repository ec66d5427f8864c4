"""Doubts about a household."""

import pytest

from daicho.law.household_notes import household_notes
from tests.law.households import household


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        (["世帯主 1980 m", "妻 1982", "子 2010 m", "父 1950", "母 1952", "兄 1978", "妹 1985", "妻の父 1990"], []),
        (["世帯主 1980 m", "子 1980 f"], ["CHILD_NOT_YOUNGER"]),
        (["世帯主 1980 m", "子（子の夫） 1970"], ["CHILD_NOT_YOUNGER"]),
        (["世帯主 1980 m", "母 1980"], ["PARENT_NOT_OLDER"]),
        (["世帯主 1980 m", "兄 1981"], ["ELDER_IS_YOUNGER"]),
        (["世帯主 1980 m", "妹 1979"], ["YOUNGER_IS_ELDER"]),
        (["世帯主 1980 m", "兄 1980", "弟 1980"], []),
        (["世帯主 1980 m", "妻 1981", "妻（未届） 1985"], ["TWO_SPOUSES"]),
        (["世帯主 1980 m", "父 1950", "父 1951"], ["TWO_FATHERS"]),
        (["世帯主 1980 m", "母 1950", "母 1951"], ["TWO_MOTHERS"]),
        (["世帯主 1980 f", "妻 1981"], ["SPOUSE_OF_SAME_SEX"]),
        (["世帯主 1980", "妻 1981"], []),
        (["世帯主 1980 f", "夫 1981 f"], ["SEX_AND_WORD", "SPOUSE_OF_SAME_SEX"]),
        (["世帯主 1980 f", "子の妻 2001 m"], ["SEX_AND_WORD"]),
        (["妻 1981", "子 1970 m"], []),
        (["世帯主 1980 m", "縁故者 1990 f", "同居人 1950"], []),
    ],
)
def test_doubts(texts: list[str], codes: list[str]) -> None:
    notes = household_notes(household(*texts))
    assert [note.code for note in notes] == codes


def test_a_note_names_members_and_rule() -> None:
    (note,) = household_notes(household("世帯主 1980 m", "妻 1982", "子 1970 m"))
    assert note.member_ids == (2, 0)
    assert "民法793条" in note.text
