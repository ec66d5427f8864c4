"""Names as stored and as searched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law import names

VS = "\U000e0101"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("　𠮷田   ﾀﾛｳ ", "𠮷田　タロウ"),
        ("ﾊﾞﾊﾟ", "バパ"),
        ("ＳＭＩＴＨ　John", "SMITH John"),
        ("SMITH ジョン", "SMITH　ジョン"),
        ("か\u3099く", "がく"),
        ("渡邉" + VS + " 神", "渡邉" + VS + "　神"),
        ("髙橋\t﨑", "髙橋　﨑"),
        ("", ""),
    ],
)
def test_stored_names(typed: str, stored: str) -> None:
    assert names.normalise_name(typed) == stored


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1).map(lambda t: t + VS))
def test_no_kanji_and_no_selector_is_ever_changed(name: str) -> None:
    assert names.normalise_name(name) == name


@given(st.text("ｱｶﾞﾊﾟｰ ＡＢａｂ 山邉神" + VS + "がゔ\u3099"))
def test_storing_twice_is_storing_once(name: str) -> None:
    once = names.normalise_name(name)
    assert names.normalise_name(once) == once


def test_lengths_are_what_a_reader_counts() -> None:
    assert names.grapheme_length("渡邉" + VS + "　太郎") == 5
    assert names.grapheme_length("e\u0301") == 1
    assert names.strip_selectors("葛" + VS + "\ufe00") == "葛"


def alike(one: str, other: str) -> bool:
    return bool(set(names.kana_keys(one)) & set(names.kana_keys(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ヂ", "ジ"),
        ("ズ", "ヅ"),
        ("ワ", "ハ"),
        ("ヴァ", "バ"),
        ("ヴィ", "ビ"),
        ("ヴ", "ブ"),
        ("ヴェラ", "ベラ"),
        ("オ", "ヲ"),
        ("ヒ", "ピ"),
        ("ッ", "ツ"),
        ("ャ", "ヤ"),
        ("ュ", "ユ"),
        ("ョ", "ヨ"),
        ("テヅカ", "テツカ"),
        ("テヅカ", "テズカ"),
        ("チヅル", "ちづる"),
        ("タケシ", "ダゲジ"),
        ("オオノ", "オウノ"),
        ("コウイチ", "コオイチ"),
        ("キョウコ", "キヨオコ"),
        ("ヨーコ", "ヨコ"),
        ("ヨ―コ", "ヨコ"),
        ("ヨ－コ", "ヨｰコ"),
        ("ヨ‐コ", "ヨ-コ"),
        ("ヤマダ　タロウ", "ヤマダ タロウ"),
        ("ヤマダタロウ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("ジョー・スミス", "ジョー スミス"),
        ("José", "JOSE"),
    ],
)
def test_readings_that_are_alike(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(("one", "other"), [("シバ", "チバ"), ("スズキ", "ツヅキ"), ("ウエノ", "オエノ"), ("ノ", "ヌ")])
def test_readings_that_are_not_alike(one: str, other: str) -> None:
    assert not alike(one, other)


def test_the_first_letter_u_stays() -> None:
    assert names.kana_key("ウエノ") == "ウエノ"
    assert names.kana_key("ｺｳﾉ") == "コオノ"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("渡邉", "渡辺"),
        ("渡邊" + VS, "渡辺"),
        ("邉", "边"),
        ("辺", "𨘢"),
        ("髙橋", "高橋"),
        ("濵田", "浜田"),
        ("濱", "滨"),
        ("浜", "頻"),
        ("藤", "䕨"),
        ("藤", "籘"),
        ("藤", "籐"),
        ("山﨑", "山崎"),
        ("𠮷田", "吉田"),
        ("齋藤", "斎藤"),
        ("\ufa19谷", "神谷"),
        ("佐々木", "佐佐木"),
        ("茅ヶ崎", "茅ケ崎"),
        ("ｓｍｉｔｈ", "SMITH"),
        ("山田　太郎", "山田太郎"),
    ],
)
def test_names_with_the_same_search_key(one: str, other: str) -> None:
    assert names.kanji_key(one) == names.kanji_key(other)


@pytest.mark.parametrize(("one", "other"), [("斉藤", "斎藤"), ("井", "丼"), ("太田", "大田")])
def test_names_with_different_search_keys(one: str, other: str) -> None:
    assert names.kanji_key(one) != names.kanji_key(other)


def test_a_repeat_mark_at_the_start_repeats_nothing() -> None:
    assert names.kanji_key("々木") == "々木"


@given(st.text("渡邉邊辺髙高﨑𠮷神々ーｱ " + VS))
def test_keys_of_keys_are_the_same(name: str) -> None:
    key = names.kanji_key(name)
    assert names.kanji_key(key) == key


def test_deletions_by_hand() -> None:
    assert names.deletions("アイウ") == {"アイウ", "イウ", "アウ", "アイ"}
    assert names.deletions("ア") == {"ア"}


@given(st.text("アイウエ", min_size=2, max_size=8), st.data())
def test_one_slip_of_the_fingers_is_always_met(key: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(key) - 2))
    letter = data.draw(st.sampled_from("アイウエ"))
    for typed in (
        key[:place] + key[place + 1 :],
        key[:place] + letter + key[place:],
        key[:place] + letter + key[place + 1 :],
        key[:place] + key[place + 1] + key[place] + key[place + 2 :],
    ):
        assert names.deletions(key) & names.deletions(typed)
        assert names.one_letter_apart(key, typed)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("サトオ", "サトオ", True),
        ("サトオ", "サトオマ", True),
        ("サトオ", "サキオ", True),
        ("サトオ", "トサオ", True),
        ("サトオ", "キトマ", False),
        ("サトオマ", "トオマサ", False),
        ("サトオ", "サトオマキ", False),
        ("", "サ", True),
    ],
)
def test_one_letter_apart(one: str, other: str, apart: bool) -> None:
    assert names.one_letter_apart(one, other) is apart
    assert names.one_letter_apart(other, one) is apart


@pytest.mark.parametrize(("read", "typed"), [("グエントゥハー", "グエンゥハー"), ("イノウエ", "イノヤウエ")])
def test_a_wrong_letter_before_a_long_vowel(read: str, typed: str) -> None:
    """The letter behind the wrong one sounds otherwise then: two letters of the key differ for one of the name."""
    stored = names.deletions(names.kana_key(read))
    assert not stored & names.deletions(names.kana_key(typed))
    assert any(stored & names.deletions(one) for one in names.misheard(names.kana_key(typed)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("妻沼東三丁目26番地8", "妻沼東３－２６－８"),
        ("妻沼東三丁目26番地8", "妻沼東3丁目26番8号"),
        ("妻沼東三丁目二十六番地八", "妻沼東三丁目26番地八"),
        ("石原1085番地", "石原千八十五番地"),
        ("石原1085番地", "石原一〇八五番地"),
        ("大字上之12番地の3", "上之12-3"),
        ("上之12の3", "上之 12ー3"),
        ("肥塚三丁目112番地4　メゾン肥塚205号室", "肥塚3-112-4メゾン肥塚205"),
        ("箱田ケ丘十二丁目", "箱田ヶ丘12丁目"),
    ],
)
def test_addresses_with_the_same_search_key(one: str, other: str) -> None:
    assert names.address_key(one) == names.address_key(other)


def test_addresses_with_different_search_keys() -> None:
    assert names.address_key("石原12番地3") != names.address_key("石原123番地")
    assert names.address_key("石原12番地メゾン") == "石原12メゾン"


@pytest.mark.parametrize(("text", "value"), [("三", 3), ("十", 10), ("二十三", 23), ("百五", 105), ("千八十五", 1085)])
def test_kanji_numbers(text: str, value: int) -> None:
    assert names.kanji_number(text) == value
