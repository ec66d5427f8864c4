"""Papers without seal and issue number, each by a template of its own: content in, PDF out.

Set by a process of its own, so that the font's memory goes back when the paper is done: `python -m daicho.register.paper.plain`
reads template and content and writes the PDF. A character without its exact glyph is refused, as on every paper.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from daicho.law.glyphs import check_characters, font_glyphs
from daicho.register.paper.errors import PressRefused, PressTimeout

TEMPLATES = Path(__file__).parent / "templates"
PDF_STANDARD: Final = "a-2b"
SECONDS = 20.0


def pdf(template: str, content: Mapping[str, Any]) -> bytes:
    """The finished paper from `templates/<template>.typ`. Raises L601-L603, PressTimeout, PressRefused."""
    for text in _texts(content):
        check_characters(text, font_glyphs())
    command = [sys.executable, "-m", "daicho.register.paper.plain"]
    wanted = json.dumps({"template": template, "content": content}, ensure_ascii=False)
    try:
        done = subprocess.run(command, input=wanted.encode(), capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise PressTimeout from None
    if done.returncode != 0:
        raise PressRefused
    return done.stdout


def _texts(content: Any) -> Iterable[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _texts(value)


def main() -> int:
    """Template and content from standard input, PDF to standard output."""
    import typst

    from daicho.register.paper.face import find_font

    wanted: dict[str, Any] = json.load(sys.stdin)
    made = typst.compile(
        str(TEMPLATES / f"{wanted['template']}.typ"),
        font_paths=[str(find_font().parent)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(wanted["content"], ensure_ascii=False)},
        pdf_standards=PDF_STANDARD,
    )
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
