"""The common slices are cut ahead of the first page, once, in a process of their own."""

from pathlib import Path

import pytest
from django.test.utils import override_settings

from daicho.ui import fonts, register_font


def test_common_slices_are_there_before_anybody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_font, "_ahead", [])
    with override_settings(DAICHO_FONT_CACHE=tmp_path):
        register_font.build_ahead()
        register_font.build_ahead()
    [process] = register_font._ahead
    assert process.wait(timeout=300) == 0
    folder = tmp_path / fonts.version(register_font.font_path())
    wanted = {name for name in fonts.slices(register_font.font_path()) if name.startswith("c")} | {"u0", "u30"}
    assert {file.stem for file in folder.glob("*.woff2")} == wanted
    assert not list(folder.glob(".*"))


def test_a_machine_without_the_font_starts_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise fonts.FontMissing

    monkeypatch.setattr(register_font, "font_path", missing)
    with override_settings(DAICHO_FONT_CACHE=tmp_path):
        register_font.build_ahead()
    assert not list(tmp_path.iterdir())
