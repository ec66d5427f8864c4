"""The wire on real sockets: TLS 1.3, a certificate on both sides, and each forbidden pair refused by the callee."""

import itertools
import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daicho.engine.authority import DemoAuthority
from daicho.engine.environment import HttpTransport, SystemClock
from daicho.wire.door import PATH
from daicho.wire.links import PARTIES, links
from daicho.wire.message import Envelope, Receipt
from daicho.wire.signed import sign, verify
from daicho.wire.tls import client_context
from tests.wire.parties import listening, own

PAIRS = list(itertools.permutations(PARTIES, 2))
ALLOWED = {(link.sender, link.receiver) for link in links()}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> DemoAuthority:
    """The house's authority."""
    return DemoAuthority(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def doors(authority: DemoAuthority) -> Iterator[dict[str, int]]:
    """The doors of all systems on real ports."""
    from contextlib import ExitStack

    now = SystemClock().now()
    with ExitStack() as stack:
        yield {
            system: stack.enter_context(listening(authority.files(system, now), "tests.wire.application:application"))
            for system in PARTIES
        }


def message(authority: DemoAuthority, sender: str, receiver: str) -> bytes:
    """A batch of one well-formed, well-signed message."""
    now = datetime.now(UTC)
    envelope = Envelope(
        sender=sender, receiver=receiver, kind="resident-changed", version=2, message_id=1, person=1, sequence_no=1,
        created_at=now, content={},
    )  # fmt: skip
    credentials = own(authority.files(sender, now)).credentials
    return json.dumps({"messages": [sign(credentials, "daicho-message", envelope.model_dump_json().encode())]}).encode()


def client(authority: DemoAuthority, system: str) -> HttpTransport:
    """A system calling others."""
    files = authority.files(system, SystemClock().now())
    return HttpTransport(tls=client_context(files.own, files.issuers))


@pytest.mark.parametrize(
    ("sender", "receiver"),
    [*(pair for pair in PAIRS if pair not in ALLOWED), *(("office-kokuho", receiver) for receiver in PARTIES)],
)
def test_a_forbidden_pair_is_refused_on_the_socket(
    authority: DemoAuthority, doors: dict[str, int], sender: str, receiver: str
) -> None:
    caller = client(authority, sender)
    status, body = caller.post(f"https://localhost:{doors[receiver]}{PATH}", message(authority, sender, receiver), {})
    caller.close()
    [answer] = json.loads(body)["answers"]
    found = verify(
        own(authority.files(sender, SystemClock().now())).authority,
        "daicho-receipt",
        answer["receipt"],
        datetime.now(UTC),
    )
    refusal = Receipt.model_validate_json(found.payload)
    assert (status, found.system, refusal.outcome, refusal.code) == (200, receiver, "refused", "V001")


def test_a_borrowed_signature_is_refused_on_the_socket(authority: DemoAuthority, doors: dict[str, int]) -> None:
    caller = client(authority, "kiosk")
    _, body = caller.post(f"https://localhost:{doors['commons']}{PATH}", message(authority, "register", "commons"), {})
    caller.close()
    assert json.loads(body) == {"answers": [{"code": "V002"}]}


def test_without_a_certificate_of_ours_nobody_gets_past_the_handshake(
    authority: DemoAuthority, doors: dict[str, int], tmp_path: Path
) -> None:
    address = f"https://localhost:{doors['commons']}{PATH}"
    issuers = authority.files("register", SystemClock().now()).issuers
    nobody = ssl.create_default_context(cafile=str(issuers))
    strange = DemoAuthority(tmp_path / "strange").files("register", SystemClock().now())
    stranger = client_context(strange.own, issuers)
    old = client_context(authority.files("register", SystemClock().now()).own, issuers)
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2
    distrustful = client_context(authority.files("register", SystemClock().now()).own, strange.issuers)
    for context in (nobody, stranger, old, distrustful):
        caller = HttpTransport(tls=context)
        with pytest.raises(OSError, match=r"(?i)ssl|alert|certificate|closed|disconnected|reset|broken"):
            caller.post(address, b"x", {})
        caller.close()
