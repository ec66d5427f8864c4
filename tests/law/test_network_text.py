"""Readings, characters without a code in the resident network, substitutes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.network_text import characters, count_uncoded, hiragana, is_jis, substituted, unvoiced

SELECTED = "邉\U000e0119"


@pytest.mark.parametrize(
    ("kana", "reading", "plain"),
    [
        ("タカハシ　ケンイチ", "たかはし　けんいち", "たかはしけんいち"),
        ("ワタナベ　ジュン", "わたなべ　じゅん", "わたなへしゆん"),
        ("パク　キョンヒ", "ぱく　きょんひ", "はくきよんひ"),
        ("ヴァン　レー", "ゔぁん　れー", "うあんれー"),
        ("ANN SAMPLE", "ANN SAMPLE", "ANNSAMPLE"),
    ],
)
def test_readings(kana: str, reading: str, plain: str) -> None:
    assert (hiragana(kana), unvoiced(kana)) == (reading, plain)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (None, 0),
        ("SAMPLE ANN", 0),
        ("髙橋　健一", 0),  # 統一文字 has 髙
        ("渡" + SELECTED, 0),  # and this shape
        ("渡邉\U000e0150", 1),  # but not this one
        ("𛀁", 1),  # 変体仮名
        ("肥塚三丁目112番地4", 0),
        ("朴　민수", 2),
    ],
)
def test_what_the_network_has_no_code_for(text: str | None, count: int) -> None:
    assert count_uncoded(text) == count


@pytest.mark.parametrize(
    ("text", "written", "positions", "missing"),
    [
        ("高橋", "高橋", (), ()),
        ("髙橋", "高橋", (1,), ()),
        ("山﨑　𠮷男", "山崎　吉男", (2, 4), ()),
        ("渡" + SELECTED, "渡邉", (2,), ()),
        ("朴　민수", "朴　민수", (), (3, 4)),
    ],
)
def test_substitutes(text: str, written: str, positions: tuple[int, ...], missing: tuple[int, ...]) -> None:
    found = substituted(text)
    assert (found.text, found.positions, found.missing) == (written, positions, missing)


@given(st.text(st.sampled_from("髙﨑𠮷山田邉\U000e0119\U000e0100　aあ민"), max_size=20))
def test_a_substitute_stands_where_it_is_said(text: str) -> None:
    found, before = substituted(text), characters(text)
    after = characters(found.text)
    if len(after) != len(before):  # a selector at the very beginning belongs to nothing
        return
    for place, (one, other) in enumerate(zip(before, after, strict=True), start=1):
        assert (place in found.positions) == (one != other)
        assert is_jis(other) or place in found.missing
