"""Characters that can and cannot be recorded and printed."""

from pathlib import Path

import pytest

from daicho.law import glyphs
from daicho.law.errors import DaichoError
from daicho.law.glyphs import FontGlyphs, PrivateUseCharacter, UnassignableCharacter, UnknownSelector, check_characters

E0102 = "\U000e0102"


@pytest.mark.parametrize(
    "name", ["𠮷田　太郎", "髙橋 﨑", "葛" + E0102 + "飾", "ABC", "ヴァ", "\ufa19", "", "ゐヱ・ー々"]
)
def test_characters_of_the_font_are_accepted(name: str) -> None:
    check_characters(name, glyphs.font_glyphs())


@pytest.mark.parametrize(
    ("name", "error", "data"),
    [
        ("山\ue000", PrivateUseCharacter, {"point": "U+E000", "place": 2}),
        ("\U0010de92", PrivateUseCharacter, {"point": "U+10DE92", "place": 1}),
        ("山田😀", UnassignableCharacter, {"point": "U+1F600", "place": 3}),
        ("山\u200b", UnassignableCharacter, {"point": "U+200B", "place": 2}),
        ("山\n", UnassignableCharacter, {"point": "U+000A", "place": 2}),
        ("葛" + E0102 + "山\ue000", PrivateUseCharacter, {"point": "U+E000", "place": 3}),
        ("a葛\U000e0100", UnknownSelector, {"point": "U+845B", "selector": "U+E0100", "place": 2}),
        ("葛" + E0102 * 2, UnknownSelector, {"point": "U+E0102", "selector": "U+E0102", "place": 1}),
        (E0102, UnknownSelector, {"point": "なし", "selector": "U+E0102", "place": 1}),
        ("山\ufe0f", UnknownSelector, {"point": "U+5C71", "selector": "U+FE0F", "place": 1}),
    ],
)
def test_others_are_refused_with_code_point_and_place(
    name: str, error: type[DaichoError], data: dict[str, str | int]
) -> None:
    with pytest.raises(error) as refused:
        check_characters(name, glyphs.font_glyphs())
    assert refused.value.data == data
    assert name not in refused.value.message


def test_selectors_of_another_collection_get_a_hint() -> None:
    with pytest.raises(UnknownSelector) as refused:
        check_characters("葛\U000e0100", glyphs.font_glyphs())
    assert "Adobe-Japan1" in refused.value.message


def test_the_table_is_read_as_ranges(tmp_path: Path) -> None:
    file = tmp_path / "glyphs.csv"
    file.write_text("selector,first,last\n,41,43\n,4E00,4E00\nE0100,4E00,4E01\n", encoding="ascii")
    table = FontGlyphs(file)
    assert [table.has(char) for char in "@ABCD一丁"] == [False, True, True, True, False, True, False]
    assert [table.has_pair(base, "\U000e0100") for base in "A一丁"] == [False, True, True]
    assert not table.has_pair("一", "\U000e0101")
