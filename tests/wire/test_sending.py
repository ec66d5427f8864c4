"""The sending process: where it sends, that trouble with the database ends nothing, that it stops when told."""

import importlib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daicho.engine.errors import DatabaseUnavailable
from daicho.wire.certificates import own_of_process
from daicho.wire.environment import of_process
from daicho.wire.pump import Peer, Pump
from daicho.wire.sending import TROUBLE_SECONDS, keep_sending, main, peers_of
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
    rests: list[float] = []

    def trouble(_channel: str, _seconds: float) -> bool:
        raise DatabaseUnavailable

    class Stop(threading.Event):
        """The end at the second rest."""

        def wait(self, timeout: float | None = None) -> bool:
            rests.append(timeout or 0)
            if len(rests) == 2:
                self.set()
            return self.is_set()

    monkeypatch.setattr(two.register.database, "hear", trouble)
    keep_sending(two.register, two.pump, [PEER], Stop(), tmp_path / "beat")
    assert (tmp_path / "beat").exists()
    assert rests == [TROUBLE_SECONDS, TROUBLE_SECONDS]
    assert two.facts() == [(1, 1, "x"), (1, 2, "x")]


@contextmanager
def sending(two: Parties, beat: Path) -> Iterator[Callable[[str], bool]]:
    """The register's sending under way; gives a function that says whether a text arrives at commons."""
    stop, arrived = threading.Event(), threading.Condition()
    texts: list[str] = []

    def seen(status: int, body: bytes) -> tuple[int, bytes]:
        with arrived:
            texts[:] = [text for _, _, text in two.facts()]
            arrived.notify_all()
        return status, body

    def arrives(text: str) -> bool:
        with arrived:
            return arrived.wait_for(lambda: text in texts, timeout=30)

    two.transport.answer = seen
    thread = threading.Thread(target=keep_sending, args=(two.register, two.pump, [PEER], stop, beat))
    thread.start()
    try:
        yield arrives
    finally:
        stop.set()
        with two.register.database.transaction() as connection:
            connection.execute("SELECT pg_notify('wire_outbox', '')")
        thread.join()


def test_what_is_committed_is_sent_at_once(two: Parties, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking would take ten minutes here: it is the notice that wakes the sending, and nothing is due before it."""
    monkeypatch.setattr("daicho.wire.sending.PAUSE_SECONDS", 600.0)
    with sending(two, tmp_path / "beat") as arrives:
        for number in range(1, 4):
            two.put(1, number, f"said {number}")
            assert arrives(f"said {number}")


def test_what_no_notice_told_of_is_found_by_looking(
    two: Parties, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daicho.wire.sending.PAUSE_SECONDS", 0.05)
    monkeypatch.setattr("daicho.wire.sending.CHANNEL", "nobody_tells")
    with sending(two, tmp_path / "beat") as arrives:
        two.put(1, 1, "found")
        assert arrives("found")


def test_a_lost_ear_is_told_and_grown_again(two: Parties) -> None:
    database = two.register.database
    assert database.hear("x_y", 0)
    assert not database.hear("x_y", 0)
    with database.transaction() as connection:
        connection.execute("SELECT pg_notify('x_y', '')")
    assert database.hear("x_y", 30)
    with database.transaction() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE query = 'LISTEN \"x_y\"'"
        )
    with pytest.raises(DatabaseUnavailable):
        database.hear("x_y", 30)
    assert database.hear("x_y", 0)


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
    monkeypatch.setattr("daicho.wire.sending.archive_beside", lambda *known: started.append(known))
    monkeypatch.setattr("signal.signal", lambda _sign, handler: handler(None, None))
    main()
    [(archived, until), (env, pump, peers, stop, beat)] = started
    assert (archived, until) == (env, stop)
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
