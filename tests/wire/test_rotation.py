"""Keys are replaced while messages flow: on real sockets, with real databases at both ends."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from daicho.engine.authority import DemoAuthority
from daicho.engine.databases import DatabaseSettings
from daicho.engine.environment import SystemClock, SystemTransport
from daicho.wire import evidence
from daicho.wire.certificates import Credentials
from daicho.wire.door import PATH
from daicho.wire.pump import Delivered, Peer, Pump
from tests.wire.parties import Parties, listening, own


@dataclass
class Live:
    """Register and commons with a socket between them."""

    two: Parties
    authority: DemoAuthority
    peer: Peer

    def say(self, *numbers: int) -> Delivered:
        """One message about each person, sent in one step."""
        self.two.register.clock.set(SystemClock().now())  # type: ignore[attr-defined]
        for number in numbers:
            self.two.put(number, 1, str(number))
        return self.two.pump.step(self.two.register, self.peer)

    def renew(self, system: str) -> int:
        """A new key; the serial number of the certificate before."""
        file = self.authority.files(system, SystemClock().now()).own
        serial = Credentials.read(file).certificate.serial_number
        self.authority.renew(system, SystemClock().now())
        return serial


@pytest.fixture
def live(two: Parties, receiving: DatabaseSettings, tmp_path: Path) -> Iterator[Live]:
    """A door on a port, and a register that calls it."""
    now = SystemClock().now()
    authority = DemoAuthority(tmp_path / "live")
    mine = authority.files("register", now)
    transport = SystemTransport(mine.own, mine.issuers)
    variables = receiving.variables("app") | {"DAICHO_KEYS": str(tmp_path / "keys")}
    with listening(authority.files("commons", now), "tests.wire.application:taking()", **variables) as port:
        sending = replace(two, register=replace(two.register, transport=transport), pump=Pump(own(mine)))
        yield Live(sending, authority, Peer("register-commons", "commons", f"https://localhost:{port}{PATH}"))
    transport.close()


def test_both_change_their_keys_and_nothing_waits(live: Live) -> None:
    """The old certificates are revoked as soon as the new ones are there; what they signed stays proven."""
    assert live.say(1) == Delivered(settled=1)
    for person, system in enumerate(("register", "commons", "register"), start=2):
        old = live.renew(system)
        live.authority.revoke(old)
        assert live.say(person) == Delivered(settled=1)
    with live.two.register.database.transaction() as connection:
        numbers = connection.execute("SELECT message_id FROM wire.settled ORDER BY settled_at").fetchall()
        proofs = [evidence.of(connection, live.peer.link, row["message_id"])[0] for row in numbers]
    assert [evidence.verify(proof, live.two.pump.own.authority).outcome for proof in proofs] == ["accepted"] * 4
    assert live.two.one("SELECT count(*) FROM wire.inbox", at="commons") == 4


def test_keys_change_in_the_middle_of_sending(live: Live) -> None:
    """Whatever instant the files are replaced at, no message is refused, lost or taken twice."""
    done = threading.Event()

    def turn() -> None:
        while not done.is_set():
            for system in ("register", "commons"):
                live.renew(system)

    turning = threading.Thread(target=turn)
    turning.start()
    try:
        results = [live.say(*range(first, first + 5)) for first in range(1, 51, 5)]
    finally:
        done.set()
        turning.join()
    assert results == [Delivered(settled=5)] * 10
    assert len(live.two.facts()) == 50
