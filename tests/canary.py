"""Strings that may never leave the register for anybody who is not entitled: they stand in the places of protected people.

The fixtures of `tests/protection/build.py` write them; the scanner looks for them in whatever a test lets out: answers,
files, outbox rows, log lines, errors, addresses of pages. See docs/door.md.
"""

import json
from collections.abc import Iterable

CANARIES = {
    "address": "石原金糸雀町77番地7",
    "building": "カナリヤ荘707号室",
    "domicile": "埼玉県熊谷市金糸雀本籍7番地",
    "destination": "長野県金糸雀市逃先7丁目",
    "counterpart": "金糸雀　加害男",
    "memo": "金糸雀覚書七七",
}
"""What a protected person's record and measure hold in the fixtures."""
MARKS = ("金糸雀", "カナリヤ荘")
"""Any canary holds one of these; nothing else in the tests does."""


def leaks(*texts: object) -> list[str]:
    """The marks found in anything that can be written out, escaped forms included."""
    found = []
    for text in texts:
        plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        for mark in MARKS:
            if any(form in plain for form in _forms(mark)):
                found.append(mark)
    return found


def _forms(mark: str) -> Iterable[str]:
    from urllib.parse import quote

    yield mark
    yield json.dumps(mark)[1:-1]
    yield quote(mark)
    yield "".join(f"&#{ord(one)};" for one in mark)
