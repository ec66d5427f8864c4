"""The door of a simulated peer: the wire's own door, with what its faults make of a request."""

import io
import json
import socket
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from daicho.wire.certificates import Own
from daicho.wire.door import Door, StartResponse
from daicho.wire.environment import Environment
from daicho.wire.inbox import Receiver
from daicho.wire.signed import sign
from daicho.world.errors import RefusedByFault
from daicho.world.faults import Fault, Faults

GARBAGE = b"\x00<html>\xff{]"
LATE_SECONDS = 12.0
"""More than a caller waits (`HttpTransport`)."""


@dataclass(frozen=True, slots=True)
class Refusing(Receiver):
    """A receiver that takes nothing."""

    def receive(self, env: Environment, peer: str, token: str) -> str:
        """Refuse."""
        raise RefusedByFault


@dataclass(frozen=True, slots=True)
class FaultyDoor:
    """The WSGI application. `stranger` signs where the fault is a wrong signature; `sleep` is replaced in simulations."""

    environment: Environment
    receiver: Receiver
    faults: Faults
    stranger: Own
    sleep: Callable[[float], None] = field(default=time.sleep)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, or what the faults leave of it."""
        if environ["REQUEST_METHOD"] != "POST":
            return self._door({})(environ, start_response)
        found = self.faults.drawn(self.environment.clock, self.environment.random)
        if found.keys() & {"drop", "down", "wrong_certificate"}:
            return _hang_up(environ, start_response)
        if "delay" in found:
            self.sleep(found["delay"].seconds)
        if "garbage" in found:
            return _say(start_response, GARBAGE)
        status, body = self._taken(environ, found)
        if "lose" in found:
            return _hang_up(environ, start_response)
        if "late" in found:
            self.sleep(found["late"].seconds or LATE_SECONDS)
        return _say(start_response, _twice(body) if "twice" in found else body, status)

    def _taken(self, environ: dict[str, Any], found: dict[str, Fault]) -> tuple[str, bytes]:
        """What the door answers, in the order of the request."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        door = self._door(found)
        if "reorder" in found:
            status, answers = _ask(door, environ, _reversed(body, "messages"))
            return status, _reversed(answers, "answers")
        once = _ask(door, environ, body)
        status, answers = _ask(door, environ, body) if "repeat" in found else once
        return status, self._forged(answers) if "wrong_signature" in found else answers

    def _door(self, found: dict[str, Fault]) -> Door:
        receiver = self.receiver
        return Door(self.environment, Refusing(receiver.own, receiver.handlers) if "refuse" in found else receiver)

    def _forged(self, body: bytes) -> bytes:
        """The same receipts, signed by a stranger of the same name."""
        answers = json.loads(body).get("answers", [])
        for answer in answers:
            _, payload, _ = answer.get("receipt", "..").split(".")
            answer["receipt"] = sign(
                self.stranger.credentials, "daicho-receipt", urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
            )
        return json.dumps({"answers": answers}).encode()


def _ask(door: Door, environ: dict[str, Any], body: bytes) -> tuple[str, bytes]:
    statuses: list[str] = []
    asked = environ | {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    content = b"".join(door(asked, lambda status, _headers: statuses.append(status)))
    return statuses[0], content


def _reversed(body: bytes, name: str) -> bytes:
    with suppress(ValueError, KeyError, TypeError):
        found = json.loads(body)
        return json.dumps(found | {name: found[name][::-1]}).encode()
    return body


def _twice(body: bytes) -> bytes:
    found = json.loads(body)
    return json.dumps({"answers": [one for one in found.get("answers", []) for _ in range(2)]}).encode()


def _say(start_response: StartResponse, body: bytes, status: str = "200 OK") -> Iterable[bytes]:
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _hang_up(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Close the connection without an answer."""
    with suppress(AttributeError, OSError):
        environ["gunicorn.socket"].shutdown(socket.SHUT_RDWR)
    start_response("503 Service Unavailable", [("Content-Length", "0"), ("Connection", "close")])
    return [b""]
