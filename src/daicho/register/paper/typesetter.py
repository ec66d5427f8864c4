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

import segno
import typst

from daicho.register.paper import layout
from daicho.register.paper.errors import GlyphMissing
from daicho.register.paper.face import Face, code_points, read_face
from daicho.register.paper.fields import rows_of
from daicho.register.paper.layout import Layout, Setter, Sheet
from daicho.register.paper.versions import Versions
from daicho.register.paper.view import HouseholdCopy, shown

HERE = Path(__file__).parent
TEMPLATE = HERE / "templates" / "household.typ"
PDF_STANDARD: Final = "a-2b"
CODE_MASK = 3


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished paper: bytes, the persons on each page (from 0), and the items that had to be broken."""

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

    def set(self, copy: HouseholdCopy) -> Printed:
        """The paper of a copy. GlyphMissing and CopyTooLong refuse; typst.TypstError is a fault of ours."""
        require_glyphs(self.face, copy)
        laid = self._setter.set(copy)
        data = json.dumps(_drawing(copy, laid), ensure_ascii=False)
        noon = datetime.combine(copy.issue.on, time(12), UTC) - timedelta(hours=9)
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
    for path in (TEMPLATE, HERE / "fields.py", HERE / "fitting.py", HERE / "layout.py", HERE / "typesetter.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def texts(copy: HouseholdCopy) -> Iterable[tuple[int, str, str]]:
    """Every text of a copy that varies: (position from 1, 0 outside the persons; item word; text)."""
    yield 0, "住所", copy.address
    yield 0, "世帯主", shown(copy.head)
    for position, person in enumerate(copy.persons, 1):
        for row in rows_of(person.foreign):
            for cell in row.fields:
                yield position, cell.plain_label, shown(getattr(person, cell.item))
                if cell.reading is not None:
                    yield position, f"{cell.plain_label}の振り仮名", getattr(person, cell.reading) or ""
    for part, text in asdict(copy.attestation).items():
        yield 0, f"認証文（{part}）", text
    for text in (copy.title, copy.form, *copy.stamps, *copy.issue.number, copy.issue.code):
        yield 0, "表題・発行番号", text


def require_glyphs(face: Face, copy: HouseholdCopy) -> None:
    """Refuse (GlyphMissing) a copy with a character that has no exact glyph; names person, item and code point."""
    for position, item, text in texts(copy):
        missing = face.missing(text)
        if missing is not None:
            where = f"{position}人目" if position else "世帯・認証の欄"
            raise GlyphMissing(position=where, item=item, codepoint=code_points(missing))


def _drawing(copy: HouseholdCopy, laid: Layout) -> dict[str, Any]:
    on = copy.issue.on
    inset = (layout.SEAL_BOX - copy.seal.size) / 2
    return {
        "kind": copy.kind,
        "municipality": copy.municipality,
        "on": [on.year, on.month, on.day],
        "tint": copy.tint,
        "sheets": [{"lines": _lines(s), "runs": s.runs, "last": s.last} for s in laid.sheets],
        "code": {
            "svg": code_outline(copy.issue.code),
            "x": layout.CODE_X,
            "y": layout.CODE_Y,
            "size": layout.CODE_SIZE,
        },
        "seal": {
            "svg": copy.seal.svg,
            "x": layout.SEAL_X + inset,
            "y": layout.SEAL_Y + inset,
            "size": copy.seal.size,
        },
    }


def _lines(sheet: Sheet) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297"><g fill="none" stroke="#000">'
        f'<path stroke-width="0.12" d="{"".join(sheet.hairs)}"/>'
        f'<path stroke-width="0.35" d="{"".join(sheet.frames)}"/></g></svg>'
    )


def code_outline(code: str) -> str:
    """The verification code as a two-dimensional code: SVG with one outline of all dark modules."""
    # any mask can be read; looking for the prettiest one would cost as much as laying out the page
    symbol = segno.make_qr(code, version=1, mode="alphanumeric", error="m", mask=CODE_MASK, boost_error=False)
    rows = [bytes(row) for row in symbol.matrix]
    path = "".join(f"M{start} {y}h{length}v1h{-length}z" for y, row in enumerate(rows) for start, length in _dark(row))
    side = len(rows)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>'


def _dark(row: bytes) -> Iterable[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    start = 0
    while start < len(row):
        end = start
        while end < len(row) and row[end] == row[start]:
            end += 1
        if row[start]:
            yield start, end - start
        start = end
