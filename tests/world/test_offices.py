"""The two sample offices on real sockets: one is pushed to, one pulls; each keeps what it is told once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from daicho.commons.exchange import push
from daicho.engine.environment import SystemClock
from daicho.wire.environment import Environment
from daicho.wire.pinned import Pinned
from daicho.world.office_page import page
from daicho.world.office_process import Office, tell_qualification
from daicho.world.office_pull import pull
from daicho.world.office_push import door
from daicho.world.office_store import OfficeStore
from tests.commons.offices import HOKEN, KOKUHO, Offices
from tests.commons.told import ADDRESS, changed, suppressed
from tests.house_database import House
from tests.wire.parties import listening, own

pytestmark = pytest.mark.usefixtures("now_on_the_clock")


@pytest.fixture
def now_on_the_clock(empty: Environment) -> Iterator[None]:
    """Sockets look at the machine's clock, so the test's clock agrees with it."""
    before = empty.clock.now()
    empty.clock.set(SystemClock().now())  # type: ignore[attr-defined]
    yield
    empty.clock.set(before)  # type: ignore[attr-defined]


@contextmanager
def served(offices: Offices, name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Office, int]]:
    """An office that is pushed to, on a port."""
    files = offices.authority.files(name, SystemClock().now())
    for variable, value in files.variables().items():
        monkeypatch.setenv(variable, value)
    office = Office(name, own(files), SystemClock(), OfficeStore(folder / f"{name}.sqlite"), "", 0, 0)
    server = door(office)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield office, server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_office_is_pushed_to_over_tls_and_takes_each_event_once(
    empty: Environment, offices: Offices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = offices.authority.files("commons", SystemClock().now())
    with served(offices, "office-kokuho", tmp_path, monkeypatch) as (office, port):
        kokuho = offices(KOKUHO, endpoint=f"https://localhost:{port}/events")
        changed(empty, "1001", 1, address=ADDRESS)
        sender = Pinned(files.own, files.issuers)
        assert push.step(empty, kokuho.commons, sender, "office-kokuho").settled == 1
        with empty.database.transaction() as connection:
            [batch] = connection.execute("SELECT * FROM commons.batch").fetchall()
        headers = {"Daicho-Signature": batch["signature"]}
        pinned = frozenset({offices_fingerprint(office)})
        body = batch["body"].encode()
        assert sender.post(f"https://localhost:{port}/events", body, headers, pinned)[0] == 200
        assert office.store.counts() == {"persons": 1, "protected": 0, "events": 1}
        assert sender.post(f"https://localhost:{port}/events", body + b" ", headers, pinned)[0] == 403
        with pytest.raises(OSError, match="somebody else"):
            sender.post(f"https://localhost:{port}/events", b"x", headers, frozenset({"0" * 64}))
        suppressed(empty, "1001", 2, protected=True)
        push.step(empty, kokuho.commons, sender, "office-kokuho")
        assert office.store.counts()["protected"] == 1
        assert ADDRESS not in page(office)
        sender.close()


def offices_fingerprint(office: Office) -> str:
    """The fingerprint of an office's certificate."""
    from daicho.commons.exchange.subscribers import fingerprint

    return fingerprint(office.own.credentials.certificate)


def test_an_office_pulls_from_the_door_of_commons_and_tells_a_qualification(
    empty: Environment, offices: Offices, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = SystemClock().now()
    hoken = offices(HOKEN, qualification="health_insurance")
    for sequence_no in range(1, 4):
        changed(empty, "1001", sequence_no)
    with empty.database.transaction() as connection:
        row = connection.execute("SELECT current_database() AS name").fetchone()
    assert row is not None
    files = offices.authority.files("office-hoken", now)
    for variable, value in files.variables().items():
        monkeypatch.setenv(variable, value)
    variables = house.cluster.settings("register_app", row["name"]).variables("app")
    variables |= {"DAICHO_KEYS": str(tmp_path / "keys"), "DAICHO_FILES": str(tmp_path / "files")}
    application = "daicho.commons.door:application_of_process()"
    with listening(offices.authority.files("commons", now), application, **variables) as port:
        store = OfficeStore(tmp_path / "hoken.sqlite")
        office = Office("健康管理", hoken.own, SystemClock(), store, f"https://localhost:{port}", 0, 0)
        assert pull(office) == (3, False)
        assert pull(office) == (0, False)
        store.remember("cursor", "0")
        assert pull(office) == (0, False)
        assert store.counts() == {"persons": 1, "protected": 0, "events": 3}
        told = {
            "addressee_number": "1001", "office": "office-hoken", "effective_on": "2026-04-01",
            "qualification": {"kind": "health_insurance", "state": "1", "retired": None, "since": None, "until": None},
        }  # fmt: skip
        assert tell_qualification(office, "1001", told) == {"outcome": "accepted", "code": None}
        assert tell_qualification(office, "1001", {**told, "office": "office-zei"})["code"] == "F011"
        stranger = replace(office, own=own(offices.authority.files("office-nobody", now)))
        other = offices.authority.files("office-nobody", now)
        for variable, value in other.variables().items():
            monkeypatch.setenv(variable, value)
        with pytest.raises(OSError, match="403"):
            pull(stranger)
