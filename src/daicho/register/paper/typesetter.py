"""Layout to PDF/A-2b: one reused Typst compiler with one font.

Equal copies give equal bytes while template, engine and font stay the same; `versions` names them.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import typst

from daicho.register.paper import heading, symbol
from daicho.register.paper.errors import GlyphMissing
from daicho.register.paper.face import Face, code_points, read_face
from daicho.register.paper.forms.table import DESIGNS, rows_of
from daicho.register.paper.layout import Layout, Setter
from daicho.register.paper.sheet import Sheet
from daicho.register.paper.versions import Versions
from daicho.register.paper.view import Paper, Section, shown

HERE = Path(__file__).parent
TEMPLATE = HERE / "templates" / "sheet.typ"
PDF_STANDARD: Final = "a-2b"


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished paper: bytes, the sections on each page (from 0), and the items that had to be broken."""

    pdf: bytes
    pages: tuple[tuple[int, ...], ...]
    tight: tuple[tuple[int, str], ...]


class Typesetter:
    """Holds the font and the compiler; one per process, one compile at a time."""

    def __init__(self, font: Path) -> None:
        """`font` is the IPAmj Mincho file; takes about a second."""
        self.face: Face = read_face(font)
        self._setter = Setter(self.face)
        # a compiler looks for fonts in folders; this one holds the one font only
        self._compiler = typst.Compiler(str(TEMPLATE), font_paths=[str(font.parent)], ignore_system_fonts=True)
        self.versions = Versions(_template_digest(), f"typst {metadata.version('typst')}", _font_name(self.face))

    def set(self, paper: Paper) -> Printed:
        """The PDF of a paper. GlyphMissing and CopyTooLong refuse; typst.TypstError is a fault of ours."""
        require_glyphs(self.face, paper)
        laid = self._setter.set(paper)
        data = json.dumps(_drawing(paper, laid), ensure_ascii=False)
        noon = datetime.combine(paper.issue.on, time(12), UTC) - timedelta(hours=9)
        pdf = self._compiler.compile(
            sys_inputs={"data": data}, format="pdf", pdf_standards=PDF_STANDARD, timestamp=noon
        )
        if not isinstance(pdf, bytes):
            raise TypeError("one document is one file")
        return Printed(pdf, laid.pages, laid.tight)


def _font_name(face: Face) -> str:
    return f"IPAmj Mincho {face.version} {face.sha256[:16]}"


def _template_digest() -> str:
    digest = hashlib.sha256()
    parts = ("fitting", "heading", "layout", "sheet", "symbol", "typesetter")
    for path in (TEMPLATE, *(HERE / f"{name}.py" for name in parts), *sorted((HERE / "forms").glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def texts(paper: Paper) -> Iterable[tuple[int, str, str]]:
    """Every text of a paper that varies: (position of the person, 0 for none; item word; text)."""
    for section in (*paper.top, *(paper.again if paper.again != paper.top else ()), *paper.sections):
        yield from _section_texts(section)
    for part, text in asdict(paper.attestation).items():
        yield 0, f"認証文（{part}）", text
    for text in (*paper.addressee, paper.notice):
        yield 0, "宛名・案内", text
    for text in (paper.title, paper.form, *paper.stamps, *paper.issue.number, paper.issue.code):
        yield 0, "表題・発行番号", text


def _section_texts(section: Section) -> Iterable[tuple[int, str, str]]:
    number = section.number or 0
    for row in rows_of(section):
        for cell in row.fields:
            word = cell.plain_label or cell.item
            yield number, word, shown(section.values.get(cell.item))
            if cell.reading is not None:
                yield number, f"{word}の振り仮名", shown(section.values.get(cell.reading))


def require_glyphs(face: Face, paper: Paper) -> None:
    """Refuse (GlyphMissing) a copy with a character that has no exact glyph; names person, item and code point."""
    for position, item, text in texts(paper):
        missing = face.missing(text)
        if missing is not None:
            where = f"{position}人目" if position else "世帯・認証の欄"
            raise GlyphMissing(position=where, item=item, codepoint=code_points(missing))


def _drawing(paper: Paper, laid: Layout) -> dict[str, Any]:
    on = paper.issue.on
    letter = DESIGNS[paper.kind].letter
    left, top = (heading.LETTER_CODE_X, heading.LETTER_CODE_Y) if letter else (heading.CODE_X, heading.CODE_Y)
    return {
        "kind": paper.name,
        "municipality": paper.municipality,
        "on": [on.year, on.month, on.day],
        "tint": paper.tint,
        "sheets": [
            {
                "lines": _lines(sheet),
                "runs": sheet.runs,
                "last": sheet.last,
                "codes": [
                    {"svg": symbol.outline(symbol.person_code(text)), "x": x, "y": y, "size": size}
                    for x, y, size, text in sheet.codes
                ],
            }
            for sheet in laid.sheets
        ],
        "code": {
            "svg": symbol.outline(symbol.verification(paper.issue.code)),
            "x": left,
            "y": top,
            "size": heading.CODE_SIZE,
        },
        "seal": _seal(paper),
    }


def _seal(paper: Paper) -> dict[str, Any] | None:
    if paper.seal is None:
        return None
    inset = (heading.SEAL_BOX - paper.seal.size) / 2
    return {
        "svg": paper.seal.svg,
        "x": heading.SEAL_X + inset,
        "y": heading.SEAL_Y + inset,
        "size": paper.seal.size,
    }


def _lines(sheet: Sheet) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297"><g fill="none" stroke="#000">'
        f'<path stroke-width="0.12" d="{"".join(sheet.hairs)}"/>'
        f'<path stroke-width="0.35" d="{"".join(sheet.frames)}"/></g></svg>'
    )
