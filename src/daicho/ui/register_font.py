"""Serves the register web font: one style sheet of unicode ranges, one file per slice, and the licence."""

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from daicho.ui import fonts
from daicho.ui.assets import KEEP, ROOT


def font_path() -> Path:
    """The register font of this machine; settings may name it as `DAICHO_REGISTER_FONT`."""
    return fonts.find_font(getattr(settings, "DAICHO_REGISTER_FONT", None))


def cache_directory() -> Path:
    """Where built slices are kept: `DAICHO_FONT_CACHE`, else a private folder of this process.

    Never a folder with a known name in a place where anybody may write: what lies there is served as a font.
    """
    configured = getattr(settings, "DAICHO_FONT_CACHE", None)
    return Path(configured) if configured else _private_folder()


@functools.cache
def _private_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="daicho-register-font-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def build_ahead() -> None:
    """Have the common slices cut in a process of its own, once per cache and version of the font.

    So names show at once on the first page of the day; a slice asked for before it is ready is cut by that request.
    """
    try:
        path = font_path()
    except fonts.FontMissing:
        return
    folder = cache_directory() / fonts.version(path)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        (folder / "begun").touch(exist_ok=False)
    except FileExistsError:
        return
    command = [sys.executable, "-m", "daicho.ui.fonts", str(cache_directory()), str(path)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _ahead.append(process)


_ahead: list["subprocess.Popen[bytes]"] = []
"""Kept, so that the process is waited for and not complained about."""


def sheet_url() -> str:
    """The address of the style sheet, with the version of the font in it."""
    return reverse("ui-register-font", args=[fonts.version(font_path())])


def ranges(codes: Sequence[int]) -> str:
    """Sorted code points as a CSS unicode-range value."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(f"U+{low:X}" if low == high else f"U+{low:X}-{high:X}" for low, high in runs)


@functools.lru_cache(maxsize=2)
def _sheet(path: Path) -> str:
    """Whole blocks first, then the common characters: where ranges overlap the later rule wins."""
    ordered = sorted(fonts.slices(path).items(), key=lambda item: item[0].startswith("c"))
    rules = (
        f'@font-face{{font-family:"{fonts.FAMILY}";src:url({name}.woff2);font-display:block;'
        f"unicode-range:{ranges(codes) if name.startswith('c') else f'U+{name[1:].upper()}??'}}}"
        for name, codes in ordered
    )
    return "/* Derived font, IPA Font License v1.0: see ../licence.txt */\n" + "\n".join(rules) + "\n"


@require_safe
def sheet(request: HttpRequest, version: str) -> HttpResponse:
    """The style sheet with one rule per slice."""
    response = HttpResponse(_sheet(font_path()), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = KEEP if version == fonts.version(font_path()) else "no-cache"
    return response


@require_safe
def block(request: HttpRequest, version: str, block: str) -> HttpResponse:
    """One slice; built at the first request and kept."""
    path = font_path()
    if version != fonts.version(path) or block not in fonts.slices(path):
        raise Http404
    content = fonts.slice_file(path, block, cache_directory()).read_bytes()
    response = HttpResponse(content, content_type="font/woff2")
    response["Cache-Control"] = KEEP
    return response


@require_safe
def licence(request: HttpRequest) -> HttpResponse:
    """The licence of the derived font and how to return to the original."""
    text = (ROOT / "fonts" / "register-licence.txt").read_bytes()
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
