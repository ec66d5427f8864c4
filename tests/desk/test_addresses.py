"""The address dictionary and how a lot is recorded (STD 1.3.3)."""

import pytest

from daicho.law.towns import towns
from daicho.register.desk.addresses import LotUnreadable, TownNotFound, find_town, lot_text, suggest_towns, town_key


def test_codes_are_eleven_digits_and_keys_are_unique() -> None:
    """全国地方公共団体コードを使用した11桁; clerks key four of them."""
    assert all(len(town.code) == 11 and town.code.startswith("11202") for town in towns().values())
    assert len({town_key(town) for town in towns().values()}) == len(towns())


@pytest.mark.parametrize("typed", ["籠原南一丁目", "籠原南1", "籠原南１丁目", "カゴハラミナミ1", "かごはらみなみ1"])
def test_a_town_is_found_by_name_and_reading(typed: str) -> None:
    """Kanji, figures of any width, katakana and hiragana."""
    assert find_town(typed).name == "籠原南一丁目"


def test_a_town_is_found_by_its_code_and_key() -> None:
    """The eleven digits and the clerks' four figures."""
    town = find_town("籠原南一丁目")
    assert find_town(town_key(town)) == find_town(town.code) == town


def test_a_postcode_gives_its_towns() -> None:
    """A postcode may hold several 丁目: they are suggested, none is chosen by itself."""
    found = suggest_towns("360-0847")
    assert {town.postcode for town in found} == {"3600847"}
    with pytest.raises(TownNotFound):
        find_town("360-0847")


def test_the_beginning_of_a_reading_suggests() -> None:
    """Kana prefixes narrow."""
    assert {t.kana for t in suggest_towns("カゴ")} == {"カゴハラミナミ"}
    assert suggest_towns(" ") == ()


@pytest.mark.parametrize("typed", ["ない町", "99999", "カゴ"])
def test_what_is_not_one_town_is_refused(typed: str) -> None:
    """Unknown and ambiguous names."""
    with pytest.raises(TownNotFound):
        find_town(typed)


@pytest.mark.parametrize(
    ("typed", "recorded"),
    [
        ("214-3", "214番地3"),
        ("２１４－３", "214番地3"),
        ("214番地3", "214番地3"),
        ("214", "214番地"),
        ("214番地", "214番地"),
        ("214-3-1", "214番地3の1"),
        ("214の3", "214番地3"),
        ("無番地", "無番地"),
    ],
)
def test_a_lot_is_recorded_in_one_form(typed: str, recorded: str) -> None:
    """Hyphens of every kind and width."""
    assert lot_text(typed) == recorded


@pytest.mark.parametrize("typed", ["", "0-1", "ABC", "214-", "3丁目"])
def test_an_unreadable_lot_is_refused(typed: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(LotUnreadable):
        lot_text(typed)
