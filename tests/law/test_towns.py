"""The address dictionary."""

import pytest

from daicho.law.numbers import check_municipality_code
from daicho.law.towns import CITY_CODE, municipalities, municipality_of, suggest_municipalities, town_of_code, towns


def test_town_codes_are_eleven_digits_in_the_order_of_the_table() -> None:
    assert len(towns()) == 231
    assert all(len(code) == 11 and code.startswith(CITY_CODE[:5]) for code in towns())
    assert list(towns()) == sorted(towns())


def test_a_town_by_its_code() -> None:
    town = towns()["11202024001"]
    assert (town.name, town.postcode, town.kana, town.part) == ("籠原南一丁目", "3600847", "カゴハラミナミ", "")
    assert town.full_name == "籠原南一丁目"
    assert town_of_code("11202024001") == town
    assert town_of_code("11202999999") is None
    assert towns()["11202052101"].full_name == "佐谷田字南砂原"


def test_municipalities_by_code() -> None:
    assert municipalities()[CITY_CODE].name == "埼玉県熊谷市"
    assert len(municipalities()) == 1959
    assert all(check_municipality_code(code) == code for code in municipalities())


@pytest.mark.parametrize("typed", ["112020", "熊谷", "埼玉県熊谷", "クマガヤ", "くまがや", "ｸﾏｶﾞﾔ"])
def test_municipalities_are_suggested_by_code_name_and_reading(typed: str) -> None:
    assert [place.name for place in suggest_municipalities(typed)] == ["埼玉県熊谷市"]


def test_suggestions_hold_no_prefectures_and_nothing_for_nothing() -> None:
    assert suggest_municipalities("　") == ()
    assert {place.kind for place in suggest_municipalities("埼玉県")} >= {"city", "town"}
    assert all(place.kind != "pref" for place in suggest_municipalities("埼玉県"))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("埼玉県熊谷市箱田一丁目", "埼玉県熊谷市"),
        ("鴻巣市本町三丁目4番11号", "埼玉県鴻巣市"),
        ("浜松市中央区元城町103番地", "静岡県浜松市中央区"),
        ("東京都府中市宮西町", "東京都府中市"),
        ("府中市宮西町", None),
        ("アメリカ合衆国", None),
        ("埼玉県", None),
        ("", None),
    ],
)
def test_the_municipality_an_address_begins_with(address: str, name: str | None) -> None:
    found = municipality_of(address)
    assert (found and found.name) == name
