"""The receiving door of a system: a small WSGI application behind mutual TLS 1.3 (gunicorn hands over the peer's certificate)."""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from daicho.law.errors import DaichoError
from daicho.wire.environment import Environment
from daicho.wire.errors import MessageUnreadable, SignatureBroken, TooLarge
from daicho.wire.inbox import Receiver

PATH = "/wire/v1/messages"
LARGEST_BODY = 8 * 1024 * 1024
MOST_MESSAGES = 200
log = logging.getLogger("daicho.wire")

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(frozen=True, slots=True)
class Door:
    """The WSGI application. `environ["gunicorn.socket"]` is the TLS connection."""

    environment: Environment
    receiver: Receiver

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; nothing of a message ever reaches the log."""
        if environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"] == "/health":
            return _answer(start_response, "200 OK", {"system": self.receiver.own.credentials.system})
        if environ["REQUEST_METHOD"] != "POST" or environ["PATH_INFO"] != PATH:
            return _answer(start_response, "404 Not Found", {})
        try:
            peer = self.receiver.own.authority.check(_certificate(environ), self.environment.clock.now())
            tokens = _messages(environ)
        except DaichoError as error:
            return _answer(start_response, f"{error.status} Refused", {"code": error.code})
        return _answer(start_response, "200 OK", {"answers": [self._take(peer, token) for token in tokens]})

    def _take(self, peer: str, token: str) -> dict[str, str]:
        try:
            return {"receipt": self.receiver.receive(self.environment, peer, token)}
        except DaichoError as error:
            log.warning("refused a message of %s: %s", peer, error.code)
            signed = self.receiver.refusal(self.environment, peer, token, error)
            return {"code": error.code} if signed is None else {"receipt": signed}
        except Exception as error:
            # what failed may quote a person's data: only its class is logged, and the sender tries again
            log.error("a message of %s failed: %s", peer, type(error).__name__)
            return {"code": "unreachable"}


def _certificate(environ: dict[str, Any]) -> x509.Certificate:
    shown = environ["gunicorn.socket"].getpeercert(binary_form=True)
    if not shown:
        raise SignatureBroken
    return x509.load_der_x509_certificate(shown)


def _messages(environ: dict[str, Any]) -> list[str]:
    """The signed messages of a body. Raises TooLarge, MessageUnreadable."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise MessageUnreadable from None
    if not 0 < length <= LARGEST_BODY:
        raise TooLarge if length > LARGEST_BODY else MessageUnreadable
    try:
        found = json.loads(environ["wsgi.input"].read(length))
        tokens = found["messages"]
    except (ValueError, KeyError, TypeError):
        raise MessageUnreadable from None
    if not isinstance(tokens, list) or not tokens or not all(isinstance(one, str) and one.isascii() for one in tokens):
        raise MessageUnreadable
    if len(tokens) > MOST_MESSAGES:
        raise TooLarge
    return tokens


def _answer(start_response: StartResponse, status: str, content: dict[str, Any]) -> Iterable[bytes]:
    body = json.dumps(content).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
