"""The door for systems of offices, behind the mutual TLS of commons: pull, files, and what they tell of qualifications.

Who is not registered with exactly this certificate hears F001, whatever is asked; an answer is signed by commons.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from cryptography import x509

from daicho.commons.exchange import files, pull, subscribers
from daicho.commons.exchange.errors import CursorUnreadable, NoSuchFile, NotByThisForm, NotRegistered
from daicho.commons.exchange.push import SIGNATURE_HEADER
from daicho.commons.exchange.subscribers import Subscription
from daicho.law.errors import DaichoError
from daicho.wire.certificates import Own
from daicho.wire.door import Door
from daicho.wire.environment import Connection, Environment
from daicho.wire.errors import SignatureBroken
from daicho.wire.links import is_office
from daicho.wire.signed import detach, sign

PREFIX = "/exchange/v1/"
BLOCK = 65_536
CHANGES, FILES = f"{PREFIX}changes", f"{PREFIX}files"
log = logging.getLogger("daicho.exchange")
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(frozen=True, slots=True)
class ExchangeDoor:
    """The WSGI application: what is not for offices' systems goes to the wire's door."""

    environment: Environment
    own: Own
    files: Path
    wire: Door

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; nothing of a person ever reaches the log."""
        try:
            certificate, name = self._caller(environ)
            if not environ["PATH_INFO"].startswith(PREFIX) and not is_office(name):
                return self.wire(environ, start_response)
            with self.environment.database.transaction() as connection:
                who = self._admitted(connection, certificate, name)
                if environ["PATH_INFO"].startswith(PREFIX):
                    return self._tell(start_response, *self._asked(connection, environ, who))
            return self.wire(environ, start_response)
        except DaichoError as error:
            log.warning("refused an office's system: %s", error.code)
            return self._refuse(start_response, error)

    def _caller(self, environ: dict[str, Any]) -> tuple[x509.Certificate, str]:
        shown = environ["gunicorn.socket"].getpeercert(binary_form=True)
        if not shown:
            raise SignatureBroken
        certificate = x509.load_der_x509_certificate(shown)
        return certificate, self.own.authority.check(certificate, self.environment.clock.now())

    def _admitted(self, connection: Connection, certificate: x509.Certificate, name: str) -> Subscription:
        if not is_office(name):
            raise NotRegistered
        return subscribers.admitted(connection, certificate, name, self.environment.clock.today())

    def _asked(
        self, connection: Connection, environ: dict[str, Any], who: Subscription
    ) -> tuple[bytes | Path, str, str]:
        """Body, or the file that is the body, media type and detached signature of an answer."""
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] != "GET":
            raise NoSuchFile
        if path == CHANGES:
            page = pull.read(connection, self.environment, who, *_query(environ))
            return self._signed(page.as_dict())
        if who.form != "file":
            raise NotByThisForm
        if path == FILES:
            made = files.listed(connection, who.subscriber)
            return self._signed({"files": [{"name": one.name, "kind": one.kind, "sha256": one.sha256} for one in made]})
        if path.startswith(f"{FILES}/"):
            file, signature = files.content(connection, self.files, who.subscriber, path.removeprefix(f"{FILES}/"))
            return file, "text/csv; charset=utf-8", signature
        raise NoSuchFile

    def _signed(self, content: dict[str, Any]) -> tuple[bytes, str, str]:
        body = json.dumps(content, ensure_ascii=False).encode()
        return body, "application/json", detach(sign(self.own.credentials, "daicho-feed", body))

    def _tell(
        self, start_response: StartResponse, body: bytes | Path, media_type: str, signature: str
    ) -> Iterable[bytes]:
        size = body.stat().st_size if isinstance(body, Path) else len(body)
        headers = [("Content-Type", media_type), ("Content-Length", str(size)), (SIGNATURE_HEADER, signature)]
        start_response("200 OK", headers)
        return _blocks(body) if isinstance(body, Path) else [body]

    def _refuse(self, start_response: StartResponse, error: DaichoError) -> Iterable[bytes]:
        body = json.dumps({"code": error.code}).encode()
        start_response(
            f"{error.status} Refused", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        )
        return [body]


def _blocks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            yield block


def _query(environ: dict[str, Any]) -> tuple[str, int]:
    """Cursor and number of events asked for; unknown and repeated names are refused. Raises CursorUnreadable."""
    asked = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    if not asked.keys() <= {"cursor", "most"} or any(len(values) != 1 for values in asked.values()):
        raise CursorUnreadable
    [most] = asked.get("most", [str(pull.MOST)])
    if not most.isascii() or not most.isdigit() or not 0 < int(most[:6]) <= pull.MOST:
        raise CursorUnreadable
    [cursor] = asked.get("cursor", ["0"])
    return cursor, int(most)
