"""What both sample offices share: who they are, from the variables of their process, and how they talk to commons."""

import http.client
import json
import os
import signal
import threading
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from daicho.wire.certificates import Own, own_of_process
from daicho.wire.environment import Clock
from daicho.wire.errors import SignatureBroken
from daicho.wire.message import Envelope, digest_of, seal
from daicho.wire.signed import attach, verify
from daicho.wire.tls import client_context
from daicho.world.office_store import OfficeStore

CLOCK = "daicho.engine.environment:SystemClock"
"""By name: the world does not import the engine."""
TIMEOUT_SECONDS = 10.0
_STOP = threading.Event()


@dataclass(frozen=True, slots=True)
class Office:
    """One office's system: its place on the wire, its own store, its ports and the address of commons."""

    name: str
    own: Own
    clock: Clock
    store: OfficeStore
    commons: str
    port: int
    page: int


def of_process() -> Office:
    """From OFFICE_NAME, OFFICE_STORE, OFFICE_COMMONS, OFFICE_PORT, OFFICE_PAGE and the DAICHO_WIRE_* variables."""
    module, _, name = os.environ.get("OFFICE_CLOCK", CLOCK).partition(":")
    return Office(
        name=os.environ["OFFICE_NAME"],
        own=own_of_process(),
        clock=getattr(import_module(module), name)(),
        store=OfficeStore(Path(os.environ["OFFICE_STORE"])),
        commons=os.environ["OFFICE_COMMONS"],
        port=int(os.environ.get("OFFICE_PORT", "0")),
        page=int(os.environ["OFFICE_PAGE"]),
    )


def until_told(stop: threading.Event = _STOP) -> None:
    """Wait for SIGTERM or SIGINT."""
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: stop.set())
    stop.wait()


def ask(office: Office, method: str, path: str, body: bytes = b"") -> tuple[int, bytes, str]:
    """One request to commons; status, body and its signature. Raises OSError when nobody answers."""
    parts = urlsplit(office.commons)
    context = client_context(Path(os.environ["DAICHO_WIRE_OWN"]), Path(os.environ["DAICHO_WIRE_ISSUERS"]))
    connection = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS, context=context)
    try:
        connection.request(method, path, body or None, {"Content-Type": "application/json"} if body else {})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers.get("Daicho-Signature", "")
    except http.client.HTTPException as error:
        raise OSError(type(error).__name__) from error
    finally:
        connection.close()


def verified(office: Office, body: bytes, signature: str) -> bytes:
    """The body, when commons has signed exactly this. Raises SignatureBroken."""
    said = verify(office.own.authority, "daicho-feed", attach(signature, body), office.clock.now())
    if said.system != "commons":
        raise SignatureBroken
    return body


def tell_qualification(office: Office, number: str, content: dict[str, Any]) -> dict[str, Any]:
    """Tell the register of one person's qualification, by way of commons, in the person's order; what commons answered.

    The next number of a person is remembered only once commons has signed for this one: a repeat is harmless.
    """
    name = f"sequence {number}"
    sequence_no = int(office.store.value(name, "0")) + 1
    envelope = Envelope(
        sender=office.own.credentials.system,
        receiver="commons",
        kind="qualification-changed",
        version=1,
        message_id=int(number) * 1000 + sequence_no,
        person=int(number),
        sequence_no=sequence_no,
        created_at=office.clock.now(),
        content=content,
    )
    token = seal(office.own.credentials, envelope)
    status, body, _ = ask(office, "POST", "/wire/v1/messages", json.dumps({"messages": [token]}).encode())
    answer: dict[str, Any] = json.loads(body)
    [one] = answer.get("answers", [{"code": answer.get("code", str(status))}])
    if "receipt" not in one:
        return {"code": one.get("code")}
    found = verify(office.own.authority, "daicho-receipt", one["receipt"], office.clock.now())
    receipt: dict[str, Any] = json.loads(found.payload)
    if found.system == "commons" and receipt["digest"] == digest_of(token) and receipt["outcome"] == "accepted":
        office.store.remember(name, str(sequence_no))
    return {"outcome": receipt["outcome"], "code": receipt["code"]}
