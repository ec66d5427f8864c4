"""What the one search box understands."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.names import address_key, kana_keys, kanji_key
from daicho.register.store.errors import UnreadableQuery
from daicho.register.store.query import Query, read_query

TODAY = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("text", "kana", "kanji", "born"),
    [
        ("タカハシ ケンイチ", "タカハシケンイチ", None, None),
        ("たかはし　けんいち", "タカハシケンイチ", None, None),
        ("ﾀｶﾊｼ", "タカハシ", None, None),
        ("ミヅキ", "ミヅキ", None, None),
        ("髙橋健一", None, "髙橋健一", None),
        ("タカハシ S550312", "タカハシ", None, (date(1980, 3, 12), date(1980, 3, 12))),
        ("タカハシ 昭和55年3月12日", "タカハシ", None, (date(1980, 3, 12), date(1980, 3, 12))),
        ("S45", None, None, (date(1970, 1, 1), date(1970, 12, 31))),
        ("昭和64年", None, None, (date(1989, 1, 1), date(1989, 1, 7))),
        ("平成元年", None, None, (date(1989, 1, 8), date(1989, 12, 31))),
        ("1970", None, None, (date(1970, 1, 1), date(1970, 12, 31))),
        ("19800312", None, None, (date(1980, 3, 12), date(1980, 3, 12))),
        ("1980/3/12", None, None, (date(1980, 3, 12), date(1980, 3, 12))),
    ],
)
def test_names_and_dates(text: str, kana: str | None, kanji: str | None, born: tuple[date, date] | None) -> None:
    found = read_query(text, TODAY)
    assert found.kana == (kana_keys(kana) if kana else ())
    assert found.kanji == (kanji_key(kanji) if kanji else None)
    assert found.born == born
    assert found.address is None
    assert found.numbers == ()


@pytest.mark.parametrize("text", ["肥塚三丁目112番地4", "肥塚3丁目112-4", "石原2丁目"])
def test_addresses(text: str) -> None:
    assert read_query(text, TODAY).address == address_key(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("123456789018", "123456789018"), ("1234-5678-9018", "123456789018"), ("24727059608", "24727059608"),
     ("0048-2913", "00482913"), ("0000012343", "0000012343")],
)  # fmt: skip
def test_numbers_are_read_and_never_printed(text: str, number: str) -> None:
    found = read_query(text, TODAY)
    assert found.numbers == (number,)
    assert number not in repr(found)


@pytest.mark.parametrize("text", ["", "　 ", "あ" * 121, "S55 S56", "\\", "、。", "-", "・ ・", "-- ー", "男", "男 女"])
def test_what_cannot_be_read_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(UnreadableQuery) as refused:
        read_query(text, TODAY)
    assert refused.value.data["reason"]


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("わたなべ ケンイチ S45", [("カナ", "ワタナベ ケンイチ"), ("生年", "昭和45年")]),
        ("1989", [("生年", "1989年")]),
        ("平成元年", [("生年", "平成元年")]),
        ("渡邉 男 S550312", [("氏名・住所", "渡邉"), ("生年月日", "昭和55年3月12日"), ("性別", "男")]),
        ("肥塚３丁目１１２", [("住所", "肥塚3丁目112")]),
        ("1234-5678-9018", [("番号", "12桁")]),
    ],
)
def test_what_was_understood_is_said_and_numbers_only_by_their_length(
    text: str, understood: list[tuple[str, str]]
) -> None:
    found = read_query(text, TODAY)
    assert list(found.understood) == understood
    assert found.reading == tuple(kind for kind, _ in understood)
    assert understood[0][1] not in repr(found)


@pytest.mark.parametrize(("text", "sex"), [("ワタナベ 男", "1"), ("ワタナベ 女", "2"), ("ワタナベ 男 女", None)])
def test_a_sex_narrows(text: str, sex: str | None) -> None:
    assert read_query(text, TODAY).sex == sex


@given(st.text(max_size=130))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UnreadableQuery):
        assert isinstance(read_query(text, TODAY), Query)
