"""The font's table decides which characters can be printed: exact glyph or refusal."""

import pytest

from daicho.register.paper.errors import GlyphMissing
from daicho.register.paper.face import clusters, code_points
from daicho.register.paper.typesetter import Typesetter
from tests.paper.conftest import copy_of, person


@pytest.mark.parametrize(
    "text",
    [
        "山田　太郎",
        "葛\U000e0102",  # Moji_Joho sequences of 葛: VS19 to VS25
        "葛\U000e0108",
        "邉\U000e0115",
        "\U00020bb7",  # outside the basic plane
        "OLIVEIRA DE ALBUQUERQUE",
        "（ワタナベ・ヷ）",
    ],
)
def test_exact_glyphs_are_there(typesetter: Typesetter, text: str) -> None:
    assert typesetter.face.missing(text) is None


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("葛\U000e0100", "U+845B U+E0100"),  # Adobe-Japan1 sequence: typesetters silently draw the default
        ("葛\U000e0101城", "U+845B U+E0101"),
        ("辻\ufe00", "U+8FBB U+FE00"),
        ("山\U000e01ef", "U+5C71 U+E01EF"),
        ("\ue000", "U+E000"),  # private use: no agreed shape
        ("\uf860", "U+F860"),  # even where the font happens to have one
        ("\U0002f800", "U+2F800"),
        ("一行目\n二行目", "U+000A"),
        ("邉\U000e0115\U000e0115", "U+9089 U+E0115 U+E0115"),
        ("\U000e0115邉", "U+E0115"),
    ],
)
def test_anything_else_is_missing(typesetter: Typesetter, text: str, missing: str) -> None:
    found = typesetter.face.missing(text)
    assert found is not None
    assert code_points(found).startswith(missing.split(maxsplit=1)[0])
    assert code_points(found) == missing or "U+E0115 U+E0115" in missing


def test_a_selector_belongs_to_the_character_before_it() -> None:
    assert list(clusters("渡邉\U000e0115　一")) == ["渡", "邉\U000e0115", "　", "一"]


def test_widths_come_from_the_table(typesetter: Typesetter) -> None:
    assert typesetter.face.width("渡邉\U000e0115", 10.0) == 20.0
    assert 0 < typesetter.face.width("il", 10.0) < 10.0


@pytest.mark.parametrize(
    ("field", "item"),
    [
        ("name", "氏名"),
        ("reading", "氏名の振り仮名"),
        ("former_name", "旧氏"),
        ("domicile", "本籍"),
        ("register_head", "筆頭者"),
        ("address_before_entry", "転入前住所"),
        ("remarks", "備考"),
    ],
)
def test_a_missing_glyph_refuses_and_says_which(typesetter: Typesetter, field: str, item: str) -> None:
    copy = copy_of(2, persons=(person(0), person(1, **{field: "葛\U000e0100城"})))
    with pytest.raises(GlyphMissing) as refused:
        typesetter.set(copy)
    assert refused.value.data == {"position": "2人目", "item": item, "codepoint": "U+845B U+E0100"}
    assert "葛" not in refused.value.message


def test_a_missing_glyph_outside_the_persons_refuses_too(typesetter: Typesetter) -> None:
    with pytest.raises(GlyphMissing) as refused:
        typesetter.set(copy_of(1, address="埼玉県熊谷市\ue123"))
    assert refused.value.data["item"] == "住所"
