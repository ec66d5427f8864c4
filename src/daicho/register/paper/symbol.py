"""Two-dimensional codes as outlines: the verification code of every paper, and the code of a person on a 転出証明書."""

from collections.abc import Iterable

import segno

MASK = 3


def verification(code: str) -> list[bytes]:
    """The modules of the verification code, row by row."""
    # any mask can be read; looking for the prettiest one would cost as much as laying out the page
    symbol = segno.make_qr(code, version=1, mode="alphanumeric", error="m", mask=MASK, boost_error=False)
    return [bytes(row) for row in symbol.matrix]


def person_code(text: str) -> list[bytes]:
    """The modules of a person's code: UTF-8, the smallest size that holds the text."""
    symbol = segno.make_qr(text, mode="byte", encoding="utf-8", error="l", mask=MASK, boost_error=False)
    return [bytes(row) for row in symbol.matrix]


def outline(rows: list[bytes]) -> str:
    """SVG with one outline of all dark modules."""
    path = "".join(f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _dark(row))
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
