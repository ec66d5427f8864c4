"""Shapes of characters by MJ number and code point (STD 2.2.3)."""

import pytest

from daicho.law.shapes import shapes_of


@pytest.mark.parametrize(
    ("text", "numbers", "codes"),
    [
        ("渡邉\U000e010f", ["MJ015547", "MJ026190"], ["U+6E21", "U+9089 U+E010F"]),
        ("辺", ["MJ025758"], ["U+8FBA"]),
        ("　", [None], ["U+3000"]),
        ("A", [None], ["U+0041"]),
        ("", [], []),
    ],
)
def test_numbers_and_codes(text: str, numbers: list[str | None], codes: list[str]) -> None:
    shapes = shapes_of(text)
    assert [shape.mj_number for shape in shapes] == numbers
    assert [shape.code for shape in shapes] == codes
    assert "".join(shape.text for shape in shapes) == text


def test_a_shape_without_number_is_named_by_its_code() -> None:
    assert [shape.named for shape in shapes_of("辺A")] == ["MJ025758", "U+0041"]
