"""The sending process: where it sends, that trouble with the database ends nothing, that it stops when told."""

import importlib
import ssl
import threading
from pathlib import Path

import pytest

from daicho.engine.errors import DatabaseUnavailable
from daicho.wire.certificates import own_of_process
from daicho.wire.environment import of_process
from daicho.wire.pump import Peer, Pump
from daicho.wire.sending import keep_sending, main, peers_of
from tests.wire.parties import NOW, PEER, Parties


def test_peers_are_listed_with_their_addresses() -> None:
    assert peers_of("register", "commons=https://a/x  connector=https://b/y") == (
        Peer("register-commons", "commons", "https://a/x"),
        Peer("register-connector", "connector", "https://b/y"),
    )
    assert peers_of("register", "") == ()


def test_it_sends_what_waits_rests_in_trouble_and_stops(
    two: Parties, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.put(1, 1)
    two.put(1, 2)
    rounds: list[float] = []

    class Stop(threading.Event):
        """Trouble at the first pause, the end at the third."""

        def wait(self, timeout: float | None = None) -> bool:
            rounds.append(timeout or 0)
            if len(rounds) == 1:
                monkeypatch.setattr(
                    "daicho.wire.sending.round_of", lambda *_: (_ for _ in ()).throw(DatabaseUnavailable())
                )
            if len(rounds) == 3:
                self.set()
            return self.is_set()

    keep_sending(two.register, two.pump, [PEER], Stop(), tmp_path / "beat")
    assert (tmp_path / "beat").exists()
    assert rounds == [0.2, 5.0, 5.0]
    assert two.facts() == [(1, 1, "x"), (1, 2, "x")]


def test_a_process_knows_itself_by_its_variables(two: Parties, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in two.authority.files("register", NOW).variables().items():
        monkeypatch.setenv(name, value)
    assert own_of_process().credentials.system == "register"
    monkeypatch.setenv("DAICHO_ENVIRONMENT", "tests.wire.parties:later")
    with pytest.raises(TypeError, match="does not name a function"):
        of_process()
    monkeypatch.setattr("tests.wire.parties.later", lambda: two.register)
    assert of_process() is two.register
    monkeypatch.setenv("DAICHO_WIRE_PEERS", "commons=https://a/x")
    monkeypatch.setenv("DAICHO_DATA", str(tmp_path))
    started: list[tuple[object, ...]] = []
    monkeypatch.setattr("daicho.wire.sending.keep_sending", lambda *known: started.append(known))
    monkeypatch.setattr("signal.signal", lambda _sign, handler: handler(None, None))
    main()
    [(env, pump, peers, stop, beat)] = started
    assert (env, peers) == (two.register, (Peer("register-commons", "commons", "https://a/x"),))
    assert isinstance(pump, Pump)
    assert isinstance(stop, threading.Event)
    assert stop.is_set()
    assert beat == tmp_path / "run" / "sending.beat"


def test_a_door_is_served_by_tls_1_3_alone(two: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in two.authority.files("commons", NOW).variables().items():
        monkeypatch.setenv(name, value)
    serving = importlib.reload(importlib.import_module("daicho.wire.serving"))
    context = serving.ssl_context(None, None)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_3
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert serving.cert_reqs is ssl.CERT_REQUIRED
