"""Shapes of characters by MJ number and code point (STD 2.2.3)."""

import pytest

from daicho.law.shapes import shapes_like, shapes_of


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


def test_shapes_are_found_from_a_character_alike_or_by_their_number() -> None:
    """STD 2.1.3, 2.2.3: every shape of the character and of its variants that the font has; nothing else."""
    found = [shape.text for shape in shapes_like("辺")]
    assert found[0] == "辺"
    assert {"邊", "邉", "邉\U000e0110"} <= set(found)
    assert all(len(one) <= 2 for one in found)
    assert len({shape.named for shape in shapes_like("辺")}) == len(found)
    assert shapes_like("MJ026190")[0].text == "邉"  # the plain character shows this very shape
    assert shapes_like("u+9089 u+e0110")[0].text == "邉\U000e0110"
    assert [shape.text for shape in shapes_like("U+9AD9")][:2] == ["髙", "高"]
    for nothing in ("", "　", "渡辺", "MJ999999", "U+110000", "U+E000"):
        assert shapes_like(nothing) == ()
