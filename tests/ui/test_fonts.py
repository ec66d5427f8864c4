"""The register web font: exact shapes, variation sequences, no other font in silence, the licence kept."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from playwright.sync_api import Page

from daicho.ui import fonts

FONT = fonts.find_font()
TABLE = fonts.coverage(FONT)
BASE = 0x9089
SELECTORS = [vs for vs in TABLE.selectors[BASE] if TABLE.variants[BASE, vs] != TABLE.glyphs[BASE]]
"""Selectors of \u9089 whose shape is not the base shape."""


def test_slices_hold_every_character_once() -> None:
    parts = fonts.slices(FONT)
    codes = [code for part in parts.values() for code in part]
    assert len(codes) == len(set(codes))
    assert set(codes) == set(TABLE.glyphs)
    assert max(len(part) for part in parts.values()) <= 256


def test_a_slice_holds_all_sequences_of_its_characters_unchanged() -> None:
    built = TTFont(io.BytesIO(fonts.build(FONT, [0x9089, 0x4E00])))
    tables = {table.format: table for table in built["cmap"].tables}
    pairs = {(code, selector) for selector, found in tables[14].uvsDict.items() for code, _ in found}
    assert pairs == {(code, selector) for code, selector in TABLE.variants if code in (0x9089, 0x4E00)}
    with TTFont(FONT, lazy=True) as original:
        name = original.getBestCmap()[0x9089]
        mine = built["glyf"][built.getBestCmap()[0x9089]]
        theirs = original["glyf"][name]
        assert list(mine.coordinates) == list(theirs.coordinates)
        assert built["hmtx"][built.getBestCmap()[0x9089]] == original["hmtx"][name]


def test_a_slice_without_sequences_and_unknown_characters() -> None:
    built = TTFont(io.BytesIO(fonts.build(FONT, [0x20, 0x41, 0x10FFFF])))
    assert set(built.getBestCmap()) == {0x20, 0x41}
    assert 14 not in {table.format for table in built["cmap"].tables}


def test_the_derived_font_keeps_the_licence() -> None:
    built = TTFont(io.BytesIO(fonts.build(FONT, [0x4E00])))
    names = {record.nameID: record.toUnicode() for record in built["name"].names}
    assert all("IPA" not in names[number] for number in (1, 3, 4, 6))
    assert "IPA Font License Agreement v1.0" in names[13]
    licence = (Path(fonts.__file__).parent / "static/ui/fonts/register-licence.txt").read_text(encoding="utf-8")
    assert "IPA Font License Agreement v1.0" in licence
    assert "return to the original" in licence


def test_same_characters_same_bytes() -> None:
    assert fonts.build(FONT, [0x9089]) == fonts.build(FONT, [0x9089])


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(sorted(TABLE.glyphs)), min_size=1, max_size=8))
def test_any_characters_can_be_built(codes: set[int]) -> None:
    built = TTFont(io.BytesIO(fonts.build(FONT, codes)))
    assert set(built.getBestCmap()) == codes


def test_a_missing_font_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "PLACES", ("/nowhere/at-all.ttf",))
    with pytest.raises(fonts.FontMissing):
        fonts.find_font()


def test_the_command_wants_a_directory() -> None:
    command = [sys.executable, "-m", "daicho.ui.fonts"]
    place = {**os.environ, "PYTHONPATH": str(Path(fonts.__file__).parents[2])}
    ran = subprocess.run(command, env=place, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "DIRECTORY" in ran.stderr


def test_a_slice_is_built_once(tmp_path: Path) -> None:
    first = fonts.slice_file(FONT, "u200", tmp_path)
    stamp = first.stat().st_mtime_ns
    assert fonts.slice_file(FONT, "u200", tmp_path).stat().st_mtime_ns == stamp
    assert [path.name for path in first.parent.iterdir()] == ["u200.woff2"]
    with pytest.raises(KeyError):
        fonts.slice_file(FONT, "../secret", tmp_path)


def _pixels(page: Page, name: str) -> Image.Image:
    page.goto(f"/style?name={name}")
    page.evaluate("document.fonts.ready.then(() => true)")
    shot = page.locator(".who-name").screenshot()
    return Image.open(io.BytesIO(shot)).convert("L")


@pytest.mark.browser
def test_each_selector_shows_its_own_shape(page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    shapes = [_pixels(page, "\u9089" + chr(selector)) for selector in SELECTORS[:6]]
    shapes.append(_pixels(page, "\u9089"))
    for at, one in enumerate(shapes):
        for other in shapes[at + 1 :]:
            assert ImageChops.difference(one, other).getbbox() is not None


@pytest.mark.browser
def test_a_rare_character_loads_its_block_and_a_missing_one_is_marked(page: Page) -> None:
    page.goto("/style?name=\U00020089\u9089\U000e01ef")
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate("document.fonts.check('18px \"Daicho Register\"', '\U00020089')")
    assert page.inner_text("#shown-name .noglyph small") == "9089 E01EF"
    assert "\u9089" not in page.inner_text("#shown-name")
