"""A sample office system that is pushed to (国民健康保険): it verifies, takes each event once, and signs for what it took.

`python -m daicho.world.office_push`; OFFICE_* variables say who it is and where (docs/exchange.md). It also tells the register
of qualifications: `POST /qualification` on its page's port, for the demo.
"""

import json
import logging
import os
import threading
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from daicho.law.errors import DaichoError
from daicho.wire.certificates import Own
from daicho.wire.environment import Clock
from daicho.wire.errors import SignatureBroken
from daicho.wire.signed import attach, sign, verify
from daicho.wire.tls import server_context
from daicho.world.office_page import page_server
from daicho.world.office_process import Office, of_process, until_told
from daicho.world.office_store import OfficeStore

LARGEST_BODY = 4 * 1024 * 1024
PATH = "/events"
log = logging.getLogger("daicho.office")


def taken(own: Own, clock: Clock, store: OfficeStore, body: bytes, signature: str) -> str:
    """Take a batch that commons has signed; returns the signed receipt. Raises SignatureBroken, ValueError."""
    now = clock.now()
    said = verify(own.authority, "daicho-feed", attach(signature, body), now)
    if said.system != "commons":
        raise SignatureBroken
    events = json.loads(body)
    store.take(events)
    receipt = {
        "subscriber": own.credentials.system,
        "digest": sha256(body).hexdigest(),
        "received_at": now.isoformat(),
        "outcomes": [{"id": str(event["id"]), "outcome": "accepted", "code": None} for event in events],
    }
    return sign(own.credentials, "daicho-feed-receipt", json.dumps(receipt).encode())


def door(office: Office) -> ThreadingHTTPServer:
    """The office's door, behind mutual TLS 1.3; only commons may call."""

    class Handler(BaseHTTPRequestHandler):
        """One request."""

        protocol_version = "HTTP/1.1"
        timeout = 60

        def do_POST(self) -> None:
            """Take a batch."""
            status, answer = self._answer()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def _answer(self) -> tuple[int, bytes]:
            length = int(self.headers.get("Content-Length") or 0)
            if self.path != PATH or not 0 < length <= LARGEST_BODY:
                self.close_connection = True
                return 404, b""
            body = self.rfile.read(length)
            try:
                receipt = taken(office.own, office.clock, office.store, body, self.headers.get("Daicho-Signature", ""))
            except (DaichoError, ValueError, KeyError, TypeError) as error:
                log.warning("refused: %s", type(error).__name__)
                return 403, b""
            return 200, receipt.encode()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing of a request reaches a log."""

    server = ThreadingHTTPServer(("127.0.0.1", office.port), Handler)
    context = server_context(Path(os.environ["DAICHO_WIRE_OWN"]), Path(os.environ["DAICHO_WIRE_ISSUERS"]))
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return server


def main() -> None:
    """Serve until SIGTERM."""
    office = of_process()
    servers = [door(office), page_server(office)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    until_told()


if __name__ == "__main__":
    main()
