"""What is said of two people beside each other, by table."""

from datetime import date

import pytest

from daicho.register.store.likeness import (
    address_part,
    birth_part,
    card_part,
    likeness,
    name_part,
    number_part,
    sex_part,
    swapped,
)

BORN = date(1980, 3, 12)


@pytest.mark.parametrize(
    ("found", "equality", "words"),
    [
        (BORN, "same", "一致"),
        (date(1980, 12, 3), "different", "月と日が入れかわっています"),
        (date(1981, 3, 12), "different", "年だけ違います"),
        (date(1980, 4, 12), "different", "月だけ違います"),
        (date(1980, 3, 13), "different", "日だけ違います"),
        (date(1981, 3, 13), "different", "一致しません"),
    ],
)
def test_birth_dates(found: date, equality: str, words: str) -> None:
    part = birth_part(BORN, found)
    assert (part.equality, part.words) == (equality, words)


@pytest.mark.parametrize(
    ("on", "other"), [(BORN, date(1980, 12, 3)), (date(1980, 3, 13), None), (date(1980, 5, 5), None)]
)
def test_month_and_day_changed_round(on: date, other: date | None) -> None:
    assert swapped(on) == other


@pytest.mark.parametrize(
    ("wanted", "now", "others", "words", "points"),
    [
        (["a"], ["a"], ["a"], "一致", 20),
        (["a"], ["b"], ["b", "a"], "以前の氏名・旧氏・通称と一致", 15),
        (["a"], ["b"], ["b"], "一致しません", -10),
        (["a"], [], [], "記録がありません", 0),
        ([], ["b"], ["b"], "入力がありません", 0),
    ],
)
def test_names(wanted: list[str], now: list[str], others: list[str], words: str, points: int) -> None:
    part = name_part("氏名", wanted, now, others, 20)
    assert (part.words, part.points) == (words, points)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["x"], "転出先と前の住所が一致"),
        (["xy"], "転出先と前の住所が一致"),
        (["a"], "以前の住所と一致"),
        (["c"], "つながる住所がありません"),
        ([""], "入力がありません"),
    ],
)
def test_addresses(typed: list[str], words: str) -> None:
    assert address_part(typed, ["ab"], ["x", ""]).words == words


def test_points_put_into_order_and_decide_nothing() -> None:
    three = [name_part("氏名", ["a"], ["a"], [], 20), birth_part(BORN, BORN), sex_part(True)]
    assert likeness(*three).word == "似ています"
    assert likeness(*three, number_part("個人番号", "same")).word == "よく似ています"
    unlike = likeness(*three, number_part("個人番号", "different"), card_part("different"), sex_part(False))
    assert (unlike.points, unlike.word) == (0, "一部だけ同じです")
    assert likeness(*three, number_part("個人番号", "same"), card_part("same")).points == 100
