"""Static files of the pages: served from the package under a path that carries the digest of all of them.

One digest for the whole folder lets style sheets and modules refer to their neighbours by relative paths, and
lets browsers keep every file for good: a changed file changes the path.
"""

import functools
import hashlib
import mimetypes
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

ROOT = Path(__file__).parent / "static" / "ui"
KEEP = "public, max-age=31536000, immutable"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@functools.cache
def _files() -> dict[str, bytes]:
    """Every file by its path below `ROOT`; read once per process."""
    found = sorted(path for path in ROOT.rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in found}


@functools.cache
def digest() -> str:
    """Twelve hexadecimal digits that change with any file."""
    total = hashlib.sha256()
    for name, content in _files().items():
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()[:12]


def asset_url(name: str) -> str:
    """The address of a static file; raises KeyError for a file that does not exist."""
    _files()[name]
    return reverse("ui-asset", args=[digest(), name])


@require_safe
def asset(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """Serve one static file; an old digest is answered with the present file but not kept."""
    content = _files().get(name)
    if content is None:
        raise Http404
    suffix = Path(name).suffix
    kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or suffix == ".svg"
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8" if text else kind)
    response["Cache-Control"] = KEEP if version == digest() else "no-cache"
    return response
