"""Two systems that talk: real databases, real certificates; the connection is a direct call or a real socket."""

import io
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from daicho.engine.authority import DemoAuthority, Files
from daicho.engine.paths import ROOT
from daicho.wire import outbox
from daicho.wire.certificates import Own
from daicho.wire.door import PATH, Door
from daicho.wire.environment import Connection, Environment
from daicho.wire.errors import MessageUnreadable
from daicho.wire.inbox import Handler, Receiver
from daicho.wire.message import Envelope
from daicho.wire.pump import Delivered, Peer, Pump

NOW = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
PEER = Peer("register-commons", "commons", f"https://localhost:1{PATH}")


class Fact(BaseModel):
    """The content of the test's contract, which stands in for `resident-changed`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    day: date = date(2026, 4, 1)


def take(connection: Connection, env: Environment, envelope: Envelope, content: Fact) -> None:
    """Keep the fact; refuse what says so, fail at what says so."""
    if content.text == "refuse":
        raise MessageUnreadable
    if content.text == "fail":
        raise ValueError("a secret of the person")
    connection.execute(
        "INSERT INTO wire.fact VALUES (%s, %s, %s)", (envelope.person, envelope.sequence_no, content.text)
    )


def own(files: Files) -> Own:
    """A system's files, read."""
    return Own(files.own, files.issuers, files.revoked)


@dataclass
class TlsPeer:
    """Stands for the TLS connection that gunicorn hands over."""

    certificate: bytes | None

    def getpeercert(self, binary_form: bool) -> bytes | None:
        """The certificate shown in the handshake."""
        assert binary_form
        return self.certificate


@dataclass
class Direct:
    """A transport that calls the receiver's door in this process, with faults that a test switches on."""

    door: Door
    peer: Callable[[], bytes]
    down: bool = False
    answer: Callable[[int, bytes], tuple[int, bytes]] = lambda status, body: (status, body)
    posts: list[list[str]] = field(default_factory=list)

    def get(self, url: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Nothing is asked for on the wire."""
        raise OSError(url)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Send one request."""
        self.posts.append(json.loads(body)["messages"])
        if self.down:
            raise OSError("nobody there")
        return self.answer(*call(self.door, body, self.peer()))


def call(
    door: Door, body: bytes, certificate: bytes | None, *, path: str = PATH, method: str = "POST", **more: Any
) -> tuple[int, bytes]:
    """One request at a door."""
    statuses: list[str] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "gunicorn.socket": TlsPeer(certificate),
        **more,
    }
    content = b"".join(door(environ, lambda status, _headers: statuses.append(status)))
    return int(statuses[0].split()[0]), content


@dataclass
class Parties:
    """The register that sends and commons that receives."""

    register: Environment
    commons: Environment
    pump: Pump
    receiver: Receiver
    transport: Direct
    authority: DemoAuthority

    def put(self, person: int, sequence_no: int, text: str = "x", *, kind: str = "resident-changed") -> int:
        """Write a message in a business transaction of the register."""
        with self.register.database.transaction() as connection:
            [message_id] = self.register.ids.take(connection, 1)
            message = outbox.Message(
                message_id, PEER.link, kind, 2, person, sequence_no, json.dumps({"text": text, "day": "2026-04-01"})
            )
            outbox.put(connection, self.register.clock.now(), [message])
        return message_id

    def step(self) -> Delivered:
        """One step of the pump."""
        return self.pump.step(self.register, PEER)

    def facts(self) -> list[tuple[int, int, str]]:
        """What commons has, by person and number."""
        with self.commons.database.transaction() as connection:
            rows = connection.execute("SELECT person, no, text FROM wire.fact ORDER BY 1, 2").fetchall()
        return [(row["person"], row["no"], row["text"]) for row in rows]

    def one(self, query: str, *, at: str = "register") -> Any:
        """The first value of a query at one of the two."""
        env = self.register if at == "register" else self.commons
        with env.database.transaction() as connection:
            row = connection.execute(query.encode()).fetchone()
        return None if row is None else next(iter(row.values()))


def parties(register: Environment, commons: Environment, folder: Path) -> Parties:
    """Both systems with certificates of one authority."""
    authority = DemoAuthority(folder)
    sender = own(authority.files("register", NOW))
    receiver = Receiver(own(authority.files("commons", NOW)), {("resident-changed", 2): Handler(Fact, take)})
    transport = Direct(Door(commons, receiver), lambda: der(sender))
    return Parties(replace(register, transport=transport), commons, Pump(sender), receiver, transport, authority)


def der(whose: Own) -> bytes:
    """A system's certificate as TLS shows it."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return whose.credentials.certificate.public_bytes(Encoding.DER)


@contextmanager
def listening(files: Files, application: str, config: str = "daicho.wire.serving", **variables: str) -> Iterator[int]:
    """A door served by gunicorn on a real port, as the house serves it; gives the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", f"python:{config}", application]
    environment = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore"}
    environment |= files.variables() | {"DAICHO_WIRE_BIND": f"127.0.0.1:{port}"} | variables
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=30)


def later(**amount: float) -> datetime:
    """That much after the start."""
    return NOW + timedelta(**amount)
