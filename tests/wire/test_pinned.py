"""Calling a party whose certificate is known: kept connections, renewed keys, answers that are none."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256

from daicho.engine.authority import DemoAuthority
from daicho.engine.environment import SystemClock
from daicho.wire import pinned
from daicho.wire.certificates import Credentials
from daicho.wire.errors import SignatureBroken
from daicho.wire.pinned import Pinned
from daicho.wire.signed import attach
from daicho.wire.tls import server_context


class Answers(BaseHTTPRequestHandler):
    """Answers by its path: well, far too much, or not at all."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """One request."""
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/nothing":
            self.close_connection = True
            return
        body = b"x" * (pinned.LONGEST_ANSWER + 1 if self.path == "/much" else 1)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def authority(tmp_path: Path) -> DemoAuthority:
    """The house's authority."""
    return DemoAuthority(tmp_path / "pki")


@pytest.fixture
def port(authority: DemoAuthority) -> Iterator[int]:
    """Somebody who listens with the certificate of an office."""
    files = authority.files("office-kokuho", SystemClock().now())
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.socket = server_context(files.own, files.issuers).wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_connection_is_kept_and_made_anew_when_the_key_is_renewed(authority: DemoAuthority, port: int) -> None:
    now = SystemClock().now()
    mine, theirs = authority.files("commons", now), authority.files("office-kokuho", now)
    known = frozenset({Credentials.read(theirs.own).certificate.fingerprint(SHA256()).hex()})
    caller = Pinned(mine.own, mine.issuers)
    address = f"https://localhost:{port}"
    assert caller.post(f"{address}/well", b"x", {}, known) == (200, b"x")
    kept = caller._connection
    assert caller.post(address, b"x", {}, known) == (200, b"x")
    assert caller._connection is kept
    authority.renew("commons", now)
    assert caller.post(f"{address}/well", b"x", {}, known) == (200, b"x")
    assert caller._connection is not kept
    for path, words in (("/much", "too long"), ("/nothing", "RemoteDisconnected|Closed")):
        with pytest.raises(OSError, match=words):
            caller.post(f"{address}{path}", b"x", {}, known)
        assert caller._connection is None
    with pytest.raises(OSError, match="somebody else"):
        caller.post(f"{address}/well", b"x", {}, frozenset())
    with pytest.raises(OSError, match="ValueError"):
        caller.post("https://localhost:many/", b"x", {}, known)
    caller.close()


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "a..b.c"])
def test_what_is_no_detached_signature(text: str) -> None:
    with pytest.raises(SignatureBroken):
        attach(text, b"x")
