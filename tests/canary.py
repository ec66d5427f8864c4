"""Strings that may never leave the register for anybody who is not entitled: they stand in the places of protected people.

The fixtures of `tests/protection/build.py` write them; the scanner looks for them in whatever a test lets out: answers,
files, outbox rows, log lines, errors, addresses of pages. See docs/door.md.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

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


# --- the scanner of the whole run ------------------------------------------------------------------------------------


class Scanner(logging.Handler):
    """Reads every answer that Django's test client gets and every log line of the run.

    An answer may hold a canary when its client says that the officer is entitled (`client.entitled = True`), as tests of
    the designated officer do; a log line never.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.logged: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the place of a log line that tells."""
        if leaks(record.getMessage(), record.args, record.exc_text):
            self.logged.append(f"{record.name}:{record.lineno}")


_scanner = Scanner()


def pytest_configure(config: pytest.Config) -> None:
    """Read all logs, and stand behind every test client."""
    logging.getLogger().addHandler(_scanner)
    from django.test import Client

    asked = Client.request

    def scanned(client: Client, **request: Any) -> Any:
        answer = asked(client, **request)
        if not getattr(client, "entitled", False) and not answer.streaming:
            told = leaks(answer.content, *answer.headers.items())
            place = request.get("PATH_INFO", "")
            assert not told, f"{place} ({answer.status_code}) tells {told}: see docs/door.md, The walk and the canaries"
        return answer

    vars(config)["_canary_undo"] = lambda: setattr(Client, "request", asked)
    setattr(Client, "request", scanned)  # noqa: B010 - a plugin stands behind the class for the run


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the client and the logs."""
    logging.getLogger().removeHandler(_scanner)
    undo = vars(config).pop("_canary_undo", None)
    if undo is not None:
        undo()


@pytest.fixture(autouse=True)
def canaries_stay_out_of_logs() -> Iterator[None]:
    """No test leaves a canary in a log line."""
    before = len(_scanner.logged)
    yield
    assert _scanner.logged[before:] == []
