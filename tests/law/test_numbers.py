"""Check digits against published examples, and what the rules promise, by search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law import numbers
from daicho.law.numbers import NumberRule

REAL, SYNTHETIC = NumberRule.REAL, NumberRule.SYNTHETIC
RULES = st.sampled_from([REAL, SYNTHETIC])


def body(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


@pytest.mark.parametrize("number", ["123456789018", "983205673214"])
def test_published_individual_numbers_are_valid(number: str) -> None:
    assert numbers.check_individual_number(number, REAL) == number
    assert numbers.individual_number(number[:11], REAL) == number


@pytest.mark.parametrize("number", ["24727059608", "24846016224", "25208017643"])
def test_published_resident_codes_are_valid(number: str) -> None:
    assert numbers.check_resident_code(number, REAL) == number
    assert numbers.resident_code(number[:10], REAL) == number


def test_the_specimen_known_to_be_wrong_is_refused() -> None:
    with pytest.raises(numbers.NumberWrongCheckDigit):
        numbers.check_resident_code("25208017644", REAL)


@pytest.mark.parametrize("code", ["112020", "131041", "131016", "011002", "221384"])
def test_municipality_codes(code: str) -> None:
    assert numbers.check_municipality_code(code) == code
    assert numbers.municipality_code(code[:5]) == code
    wrong = code[:5] + str((int(code[5]) + 1) % 10)
    with pytest.raises(numbers.NumberWrongCheckDigit):
        numbers.check_municipality_code(wrong)


def test_serial_number_of_the_worked_example() -> None:
    assert numbers.serial_number(1234, 9) == "000012343"
    assert numbers.check_serial_number("0000-1234-3", 9) == "000012343"


def test_serials_whose_digit_would_be_ten_are_skipped_and_nothing_else() -> None:
    given_out, serial = [], 0
    for _ in range(300):
        serial, number = numbers.next_serial(serial, 8)
        given_out.append((serial, number))
    taken = {serial for serial, _ in given_out}
    for skipped in set(range(1, serial)) - taken:
        assert numbers.serial_number(skipped, 8) is None
    assert len({number for _, number in given_out}) == 300
    assert all(len(number) == 8 for _, number in given_out)


def test_a_remainder_of_zero_gives_the_digit_zero() -> None:
    zero = next(s for s in range(1, 100) if (numbers.serial_number(s, 8) or "x")[-1] == "0")
    assert sum(int(d) * w for d, w in zip(f"{zero:02d}"[::-1], (2, 3), strict=True)) % 11 == 0


@pytest.mark.parametrize("serial", [0, -1, 10_000])
def test_serials_outside_the_width_are_refused(serial: int) -> None:
    with pytest.raises(numbers.SerialsExhausted):
        numbers.serial_number(serial, 5)


def test_the_last_serial_is_the_end() -> None:
    with pytest.raises(numbers.SerialsExhausted):
        numbers.next_serial(9999, 5)


@pytest.mark.parametrize("wrong", ["00000000", "00001235"])
def test_numbers_that_are_no_serial_of_ours_are_refused(wrong: str) -> None:
    with pytest.raises(numbers.NumberWrongCheckDigit):
        numbers.check_serial_number(wrong, 8)


@pytest.mark.parametrize(
    "typed",
    [
        "１２３４５６７８９０１８",
        "1234 5678 9018",
        "1234-5678-9018",
        "1234　5678－9018",
        "1234‐5678―9018",
        "1234−5678ー9018",
    ],
)
def test_width_spaces_and_hyphens_do_not_matter(typed: str) -> None:
    assert numbers.check_individual_number(typed, REAL) == "123456789018"


@pytest.mark.parametrize("typed", ["12345678901X", "1234567890①②x", "一二三四五六七八九〇一八"])
def test_other_characters_are_refused(typed: str) -> None:
    with pytest.raises(numbers.NumberNotDigits):
        numbers.check_individual_number(typed, REAL)


def test_digits_of_other_scripts_are_refused() -> None:
    with pytest.raises(numbers.NumberNotDigits):
        numbers.check_individual_number("٣" * 12, REAL)


@pytest.mark.parametrize("typed", ["", "12345678901", "1234567890180"])
def test_wrong_lengths_are_refused_with_both_lengths(typed: str) -> None:
    with pytest.raises(numbers.NumberWrongLength) as error:
        numbers.check_individual_number(typed, REAL)
    assert error.value.data == {"name": "個人番号", "expected": 12, "found": len(typed)}


def test_errors_never_hold_the_number() -> None:
    with pytest.raises(numbers.NumberWrongCheckDigit) as error:
        numbers.check_individual_number("123456789019", REAL)
    assert "123456789019" not in error.value.message + str(error.value) + repr(error.value.data)


@given(body(11), body(10))
def test_no_number_is_valid_under_both_rules(eleven: str, ten: str) -> None:
    for mine, other in ((REAL, SYNTHETIC), (SYNTHETIC, REAL)):
        person, code = numbers.individual_number(eleven, mine), numbers.resident_code(ten, mine)
        assert numbers.check_individual_number(person, mine) == person
        assert numbers.check_resident_code(code, mine) == code
        with pytest.raises(numbers.NumberWrongCheckDigit):
            numbers.check_individual_number(person, other)
        with pytest.raises(numbers.NumberWrongCheckDigit):
            numbers.check_resident_code(code, other)


def remainder(digits: str) -> int:
    return sum(int(d) * w for d, w in zip(reversed(digits), (2, 3, 4, 5, 6, 7) * 2, strict=False)) % 11


def assert_seen_as_promised(before: str, after: str, rule: NumberRule) -> None:
    number = numbers.individual_number(before, rule)
    hidden = {remainder(before), remainder(after)} == {0, 1}
    if hidden:
        assert numbers.check_individual_number(after + number[-1], rule)
    else:
        with pytest.raises(numbers.NumberWrongCheckDigit):
            numbers.check_individual_number(after + number[-1], rule)


@given(body(11), st.integers(0, 10), st.integers(1, 9), RULES)
def test_one_wrong_digit_is_seen_as_promised(before: str, place: int, step: int, rule: NumberRule) -> None:
    digit = str((int(before[place]) + step) % 10)
    assert_seen_as_promised(before, before[:place] + digit + before[place + 1 :], rule)


@given(body(11), st.integers(0, 9), RULES)
def test_a_swap_of_neighbours_is_seen_as_promised(before: str, place: int, rule: NumberRule) -> None:
    after = before[:place] + before[place + 1] + before[place] + before[place + 2 :]
    if after != before:
        assert_seen_as_promised(before, after, rule)


@given(body(11), st.integers(1, 9), RULES)
def test_a_wrong_check_digit_is_always_seen(eleven: str, step: int, rule: NumberRule) -> None:
    number = numbers.individual_number(eleven, rule)
    with pytest.raises(numbers.NumberWrongCheckDigit):
        numbers.check_individual_number(eleven + str((int(number[-1]) + step) % 10), rule)


@given(st.integers(1, 9_999_999), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_of_a_serial_is_always_seen(serial: int, place: int, step: int) -> None:
    number = numbers.next_serial(serial - 1, 8)[1]
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    with pytest.raises(numbers.NumberWrongCheckDigit):
        numbers.check_serial_number(wrong, 8)
