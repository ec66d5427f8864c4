"""The other side of the press's socket: sends a copy, takes only an answer that is bound to this very request."""

import hashlib
import hmac
import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daicho.register.paper import errors, frames
from daicho.register.paper.errors import PressRefused, PressTimeout, PressUnavailable, WrongAnswer
from daicho.register.paper.versions import Versions
from daicho.register.paper.view import Paper

SOCKET_VARIABLE = "DAICHO_PRESS_SOCKET"
SECONDS = 15.0  # longer than the press's own limit, so that it is the press that says "too late"

_BY_CODE: dict[str, type[errors.PaperError]] = {
    kind.code: kind
    for kind in (
        errors.GlyphMissing,
        errors.CopyTooLong,
        errors.PressBusy,
        errors.PressTimeout,
        errors.PressRefused,
    )
}


@dataclass(frozen=True, slots=True)
class Pressed:
    """A paper with the sections on each page (from 0), the items that had to be broken, and what made it."""

    pdf: bytes
    pages: tuple[tuple[int, ...], ...]
    tight: tuple[tuple[int, str], ...]
    versions: Versions


class PressClient:
    """Talks to the press of this machine; one connection a request."""

    def __init__(self, path: Path, seconds: float = SECONDS) -> None:
        """`path` is the press's socket."""
        self.path = path
        self._seconds = seconds

    def print(self, request_id: str, paper: Paper) -> Pressed:
        """The PDF of a paper. Raises what the press refuses with, PressUnavailable, PressTimeout, WrongAnswer."""
        text = b'{"request_id":%s,"paper":%s}' % (json.dumps(request_id).encode(), paper.to_json().encode())
        head, pdf = self._exchange(request_id, text)
        if not hmac.compare_digest(hashlib.sha256(pdf).hexdigest(), str(head.get("pdf_digest"))):
            raise WrongAnswer
        return Pressed(
            pdf,
            tuple(tuple(page) for page in head["pages"]),
            tuple((position, item) for position, item in head["tight"]),
            Versions(**head["versions"]),
        )

    def versions(self, request_id: str) -> Versions:
        """What this press would print with; PressUnavailable when it is not there."""
        text = json.dumps({"request_id": request_id, "status": True}).encode()
        return Versions(**self._exchange(request_id, text)[0]["versions"])

    def _exchange(self, request_id: str, text: bytes) -> tuple[dict[str, Any], bytes]:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(self._seconds)
                connection.connect(str(self.path))
                connection.sendall(len(text).to_bytes(4, "big") + text)
                head = frames.parse(frames.receive_head(connection))
                _check(head, request_id, text)
                return head, frames.receive(connection, head["pdf_length"])
        except TimeoutError:
            raise PressTimeout from None
        except (OSError, frames.BrokenFrame):
            raise PressUnavailable from None


def _check(head: dict[str, Any], request_id: str, text: bytes) -> None:
    """Raise unless the answer is a success bound to this request."""
    if head.get("ok") is not True and head.get("request_id") == "":
        raise PressRefused
    digest = hashlib.sha256(text).hexdigest()
    if head.get("request_id") != request_id or not hmac.compare_digest(str(head.get("request_digest")), digest):
        raise WrongAnswer
    if head.get("ok") is not True:
        raise _BY_CODE.get(str(head.get("code")), PressRefused)(**head.get("data", {}))


def of_process() -> PressClient:
    """The press named by DAICHO_PRESS_SOCKET; PressUnavailable when none is named."""
    path = os.environ.get(SOCKET_VARIABLE)
    if not path:
        raise PressUnavailable
    return PressClient(Path(path))
