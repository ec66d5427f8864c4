"""A whole house, killed in every place: after the restart everything committed is there and nothing is left over."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import psycopg
import pytest
from bench.measure import pss_mb
from psycopg.rows import dict_row

from daicho.engine import house, postgres, processes
from daicho.engine.environment import PooledDatabase, SystemRandom
from daicho.engine.errors import CommitUnknown, DatabaseUnavailable, SetupError
from daicho.engine.keys import FileKeys
from daicho.engine.paths import ROOT, DataDir
from daicho.engine.status import look, supervisor_of
from daicho.engine.visitor import Visitor
from daicho.wire import outbox
from daicho.wire.contracts import identity_changed
from daicho.wire.secret_items import close_items


@pytest.fixture(scope="module")
def data() -> Iterator[DataDir]:
    """A data folder with a short path; the house in it is removed at the end, whatever the tests did to it."""
    folder = Path(tempfile.mkdtemp(prefix="daicho-house-"))
    made = DataDir.at(folder)
    yield made
    processes.end(processes.of_house(made.run))
    postgres.cluster(made).stop_leftover()
    house.remove(made)


class Up:
    """`daicho up` in its own process."""

    def __init__(self, data: DataDir, *arguments: str, **variables: str) -> None:
        """Start it and wait until it serves."""
        self.data = data
        self.log = data.logs / "up.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [*command("up"), "--data", str(data.path), "--port", "0", "--residents", "0", *arguments],
                env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | variables,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        until(lambda: house.url(data) is not None or self.process.poll() is not None, 300)
        self.url = house.url(data) or ""
        assert self.url, self.log.read_text(encoding="utf-8")

    def kill(self) -> None:
        """kill -9, and nobody told."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """As Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(180) == 0


@pytest.fixture(scope="module")
def houses() -> Iterator[list[Up]]:
    """The house that runs, if one does; stopped at the end."""
    kept: list[Up] = []
    yield kept
    for left in kept:
        if left.process.poll() is None:
            left.process.terminate()
            left.process.wait(180)


@pytest.fixture
def up(data: DataDir, houses: list[Up]) -> Up:
    """A running house: the one of the test before, or a new one where that was killed or stopped."""
    if not houses or houses[-1].process.poll() is not None:
        houses[:] = [Up(data)]
    return houses[-1]


def command(name: str) -> list[str]:
    """The command line of one command."""
    return [sys.executable, "-m", "daicho.engine", name]


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    variables = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run([*command(name), *arguments], env=variables, capture_output=True, text=True, check=False)


def until(condition: Callable[[], object], seconds: float = 180.0) -> None:
    """Wait for a condition; fail when it does not come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)


def services(data: DataDir) -> dict[str, Any]:
    """What the supervisor wrote about its children."""
    written: dict[str, Any] = json.loads((data.run / "processes.json").read_text(encoding="utf-8"))["services"]
    return written


def healthy(url: str) -> bool:
    """Whether the pages and their database serve."""
    try:
        return httpx.get(f"{url}/health", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def children(pid: int) -> list[int]:
    """Child processes of a process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


class Writer:
    """Commits one row after the other and remembers which commits were confirmed."""

    def __init__(self, data: DataDir) -> None:
        """Make the table and begin."""
        known = house.databases(data)
        with psycopg.connect(known.owner.conninfo()) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS engine.crash (id bigint PRIMARY KEY)")
            connection.execute("GRANT SELECT, INSERT ON engine.crash TO register_app")
            row = connection.execute("SELECT coalesce(max(id), 0) FROM engine.crash").fetchone()
        self.next = row[0] + 1 if row else 1
        self.confirmed: set[int] = set()
        self.open: set[int] = set()
        self.refused: set[int] = set()
        self._database = PooledDatabase(known.app, timeout=0.3)
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    def _write(self) -> None:
        while not self._enough.is_set():
            number, self.next = self.next, self.next + 1
            try:
                with self._database.transaction() as connection:
                    connection.execute("INSERT INTO engine.crash VALUES (%s)", (number,))
                self.confirmed.add(number)
            except CommitUnknown:
                self.open.add(number)
            except DatabaseUnavailable:
                self.refused.add(number)

    def more(self) -> None:
        """Wait until further rows are confirmed."""
        before = len(self.confirmed)
        until(lambda: len(self.confirmed) > before + 20)

    def end(self) -> None:
        """Stop writing."""
        self._enough.set()
        self._thread.join()
        self._database.close()

    def check(self, data: DataDir) -> None:
        """Everything confirmed is there, nothing refused is."""
        with psycopg.connect(house.databases(data).owner.conninfo()) as connection:
            there = {row[0] for row in connection.execute("SELECT id FROM engine.crash")}
        assert self.confirmed <= there
        assert not self.refused & there


def test_the_pages_live_on_localhost_only(up: Up) -> None:
    port = up.url.rpartition(":")[2]
    answer = httpx.get(f"http://127.0.0.1:{port}/sign-on?next=/x", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == f"http://localhost:{port}/sign-on?next=/x"


def test_kill_9_of_the_database_in_the_middle_of_work(up: Up) -> None:
    writer = Writer(up.data)
    writer.more()
    first = services(up.data)["postgres"]["pid"]
    os.kill(first, signal.SIGKILL)
    until(lambda: services(up.data).get("postgres", {}).get("pid") not in {None, first})
    writer.more()
    writer.end()
    writer.check(up.data)
    until(lambda: healthy(up.url))


def test_the_sealer_is_small_and_comes_back_after_kill_9(up: Up) -> None:
    first = services(up.data)["sealer"]["pid"]
    assert pss_mb([first]) <= 40
    os.kill(first, signal.SIGKILL)
    until(lambda: services(up.data).get("sealer", {}).get("pid") not in {None, first})
    with psycopg.connect(house.databases(up.data).app.conninfo(), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO trail.entry (entry_id, at, act, officer, terminal, purpose, request_id, number_shown, refused,"
            " detail) VALUES (1, '2026-04-01', 'signon.on', 'x', 'x', '', '-', false, false, '{}')"
        )
        sealed = "SELECT 1 FROM trail.leaf WHERE entry_id = 1"
        until(lambda: connection.execute(sealed).fetchone(), 10)


def test_the_worker_of_batches_is_small_and_comes_back_after_kill_9(up: Up) -> None:
    first = services(up.data)["batch"]["pid"]
    assert pss_mb([first]) <= 80
    os.kill(first, signal.SIGKILL)
    until(lambda: services(up.data).get("batch", {}).get("pid") not in {None, first})
    with psycopg.connect(house.databases(up.data).app.conninfo(), autocommit=True) as connection:
        done = "SELECT 1 FROM register.batch_run WHERE job = 'day_change' AND status = 'done'"
        until(lambda: connection.execute(done).fetchone(), 10)


def test_kill_9_of_a_page_worker_and_of_all_pages(up: Up) -> None:
    pages = services(up.data)["register"]["pid"]
    workers = [child for child in children(pages) if b"granian" in Path(f"/proc/{child}/cmdline").read_bytes()]
    os.kill(workers[0], signal.SIGKILL)
    until(lambda: healthy(up.url))
    os.kill(pages, signal.SIGKILL)
    until(lambda: services(up.data).get("register", {}).get("pid") not in {None, pages})
    until(lambda: healthy(up.url))
    assert not [worker for worker in workers if processes.Identity.of(worker)]


def test_kill_9_of_sending_and_commons_loses_and_doubles_nothing(up: Up) -> None:
    """Every message written in a business transaction arrives once and in order, whoever dies between."""
    known, receiving = house.databases(up.data), house.commons_databases(up.data)
    before = _told(receiving)
    for number in range(1, 41):
        _say(known, number)
        if number in (10, 25):
            os.kill(services(up.data)["sending" if number == 10 else "commons"]["pid"], signal.SIGKILL)
    until(lambda: _told(receiving) == before + 40)
    with psycopg.connect(receiving.owner.conninfo()) as connection:
        rows = connection.execute(
            "SELECT sequence_no FROM wire.inbox WHERE person = 1 ORDER BY received_at, sequence_no"
        ).fetchall()
    assert [row[0] for row in rows] == list(range(1, 41))
    seen = json.loads(run("status", "--json", "--data", str(up.data.path)).stdout)
    assert seen["backlog"] == {}
    told = run("wire", "verify", "register-commons", "7", "--data", str(up.data.path))
    assert "both signatures hold" in told.stdout, told.stderr
    proof = str(up.data.path / "proof.json")
    told = run("wire", "export", "register-commons", "7", "--file", proof, "--data", str(up.data.path))
    assert "evidence is written" in told.stdout, told.stderr
    issuers = str(up.data.secrets / "pki" / "issuers.pem")
    told = run("wire", "verify", "--file", proof, "--issuers", issuers)
    assert "commons took it" in told.stdout, told.stderr
    assert run("wire", "--data", str(up.data.path)).stdout == "Nothing waits.\n"
    assert "V010" in run("wire", "again", "register-commons", "7", "--data", str(up.data.path)).stderr


def _told(receiving: house.Databases) -> int:
    with psycopg.connect(receiving.owner.conninfo()) as connection:
        row = connection.execute("SELECT count(*) FROM wire.inbox WHERE person = 1").fetchone()
    return int(row[0]) if row else 0


def _say(known: house.Databases, number: int) -> None:
    """One message of a business transaction about person 1."""
    picture = {
        "valid_from": "2026-04-01", "history_no": number, "status": "resident", "is_foreign": False,
        "household_number": "1", "household_order": 1, "head_absent": False, "relationship": "02", "name": "試験",
        "name_kana": None, "sex": "1", "birth": "1980-03-12", "birth_text": None, "municipality_code": "112020",
        "town_code": None, "postcode": None, "address": "x", "building": None, "resident_since": None,
        "settled_on": None, "removed_on": None,
    }  # fmt: skip
    content = {
        "message_id": number, "change_id": number, "addressee_number": "1", "sequence_no": number, "reason": "move_in",
        "basis": "notification", "kind": "amend", "change_date": "2026-04-01", "change_date_text": None,
        "recorded_at": "2026-04-01T00:00:00Z", "protected": False, "pictures": [picture],
    }  # fmt: skip
    message = outbox.Message(number, outbox.LINK_COMMONS, "resident-changed", 2, 1, number, json.dumps(content))
    with psycopg.connect(known.app.conninfo(), row_factory=dict_row) as connection:
        outbox.put(connection, datetime(2026, 4, 1, tzinfo=UTC), [message])


def test_the_connector_and_those_outside_are_killed_and_catch_up(up: Up) -> None:
    """What was said meanwhile arrives; what the prefecture refuses is listed and completed by hand."""
    for name in ("connector", "prefecture", "connector-sending"):
        os.kill(services(up.data)[name]["pid"], signal.SIGKILL)
    _tell_connector(up.data, 901, "112020")
    _tell_connector(up.data, 902, "112021")  # a check digit that is none
    arrived = "SELECT 1 FROM prefecture.record WHERE name = '試験901'"
    with psycopg.connect(house.system_databases(up.data, house.PREFECTURE).app.conninfo(), autocommit=True) as outside:
        until(lambda: outside.execute(arrived).fetchone())
    listed = ["wire", "--system", "connector", "--data", str(up.data.path)]
    until(lambda: "Z005" in run(*listed).stdout)
    [line] = [line for line in run(*listed).stdout.splitlines() if line.startswith("refused")]
    done = run("wire", "by-hand", "connector-prefecture", line.split()[2], *listed[1:], "--reason", "電話で伝えた")
    assert done.returncode == 0, done.stderr
    assert run(*listed).stdout == "Nothing waits.\n"


def _tell_connector(data: DataDir, person: int, municipality: str) -> None:
    """A change of a person that the connector has not heard of."""
    keys = SimpleNamespace(keys=FileKeys(house.key_folder(data, house.SYSTEM)), random=SystemRandom())
    numbers = {"resident_code": f"{person:011d}"}
    content = identity_changed.IdentityChanged(
        message_id=person, numbers=close_items(keys, outbox.LINK_CONNECTOR, person, numbers), name=f"試験{person}",  # type: ignore[arg-type]
        name_kana=None, birth=date(1980, 3, 12), birth_text=None, sex="1", municipality_code=municipality, town_code=None,
        postcode=None, address="x", resident_since=None, resident_since_text=None, settled_on=None, settled_on_text=None,
        notified_on=None, previous_municipality=None, previous_address=None, relationship="02", reason="move_in",
        change_date=date(2026, 4, 1), change_date_text=None, basis="notification", code_used_from=None, change_id=person,
        operator="x", terminal="x", planned=False, status="resident", recorded_at=datetime(2026, 4, 1, tzinfo=UTC),
        former_family_name=None, former_family_name_kana=None,
    )  # fmt: skip
    message = outbox.Message(
        person, outbox.LINK_CONNECTOR, identity_changed.KIND, 1, person, 1, content.model_dump_json()
    )
    with psycopg.connect(house.databases(data).app.conninfo(), row_factory=dict_row) as connection:
        outbox.put(connection, datetime(2026, 4, 1, tzinfo=UTC), [message])


def test_pages_without_a_database_say_so(up: Up) -> None:
    os.kill(services(up.data)["postgres"]["pid"], signal.SIGSTOP)
    os.kill(up.process.pid, signal.SIGSTOP)  # so that nobody starts it again
    try:
        for child in children(services(up.data)["postgres"]["pid"]):
            os.kill(child, signal.SIGKILL)
        answer = httpx.get(f"{up.url}/health", timeout=20)
        assert answer.status_code == 503
        assert answer.json() == {"state": "degraded", "code": "E001"}
    finally:
        os.kill(services(up.data)["postgres"]["pid"], signal.SIGCONT)
        os.kill(up.process.pid, signal.SIGCONT)
    until(lambda: healthy(up.url))


def test_officers_sign_on_at_commons_and_go_on_while_it_is_down(up: Up) -> None:
    with Visitor(up.url, up.data.secrets, "clerk1") as officer:
        assert officer.get("/session")["terminal"] == "SHIMIN-03"
        os.kill(up.process.pid, signal.SIGSTOP)  # so that nobody starts it again
        try:
            for child in [
                *children(services(up.data)["commons-pages"]["pid"]),
                services(up.data)["commons-pages"]["pid"],
            ]:
                os.kill(child, signal.SIGKILL)
            assert officer.get("/session")["officer"] == "clerk1"
            stranger = httpx.get(f"{up.url}/sign-on", timeout=20)
            assert (stranger.status_code, "新しくサインインできません" in stranger.text) == (503, True)
        finally:
            os.kill(up.process.pid, signal.SIGCONT)
        common = house.url(up.data, house.COMMONS)
        assert common is not None
        until(lambda: healthy(common))
        assert officer.get("/session")["officer"] == "clerk1"
    with Visitor(up.url, up.data.secrets, "clerk2") as other:
        assert other.get("/session")["roles"] == ["clerk"]


def test_an_altered_sign_on_in_the_trail_of_commons_is_named_by_its_number(up: Up) -> None:
    with Visitor(up.url, up.data.secrets, "clerk1") as officer:
        officer.post("/search", {"text": "髙橋", "purpose": "04"})
    last = (
        "SELECT e.entry_id, l.seq FROM trail.entry e LEFT JOIN trail.leaf l ON (l.at, l.entry_id) = (e.at, e.entry_id)"
        " WHERE e.act = 'signon.on' ORDER BY e.entry_id DESC LIMIT 1"
    )
    superuser = postgres.cluster(up.data).superuser.on(house.COMMONS).conninfo()
    with psycopg.connect(superuser, autocommit=True) as connection:
        until(lambda: (connection.execute(last).fetchone() or (0, None))[1])
        entry, number = connection.execute(last).fetchone() or (0, 0)
        connection.execute("SET session_replication_role = replica")  # who is superuser passes the triggers by
        harm = "UPDATE trail.entry SET officer = %s WHERE entry_id = %s"
        connection.execute(harm, ("clerk2", entry))
        found = run("trail", "verify", "--data", str(up.data.path))
        assert found.returncode == 1, found.stderr
        assert "register: The trail is whole." in found.stdout
        assert f"commons: BROKEN, first at number {number}." in found.stdout
        until(lambda: connection.execute("SELECT FROM trail.witnessed WHERE log = 'register'").rowcount)
        connection.execute(harm, ("clerk1", entry))
    whole = run("trail", "verify", "--json", "--data", str(up.data.path))
    assert whole.returncode == 0, whole.stderr
    told = [json.loads(line) for line in whole.stdout.splitlines()]
    assert [(one["system"], one["ok"]) for one in told] == [("register", True), ("commons", True)]
    assert told[0]["checkpoints"] >= 1, "what commons saw of the register's trail"


def test_kill_9_of_the_supervisor_leaves_nothing_behind_after_the_next_up(up: Up, houses: list[Up]) -> None:
    writer = Writer(up.data)
    writer.more()
    up.kill()
    writer.end()
    left = set(processes.of_house(up.data.run))
    assert left
    assert postgres.cluster(up.data).running_pid() is not None
    houses[:] = [Up(up.data)]
    assert not left & set(processes.of_house(up.data.run))
    writer.check(up.data)
    until(lambda: healthy(houses[0].url))


def test_status_tells_what_runs(up: Up) -> None:
    seen = json.loads(run("status", "--json", "--data", str(up.data.path)).stdout)
    assert set(seen) == {"systems", "links", "backlog", "backup"}
    assert seen["backup"] is None
    assert {system["state"] for system in seen["systems"].values()} == {"ok"}
    assert seen["systems"]["register"]["url"] == up.url
    assert set(seen["systems"]["register"]) == {"state", "pid", "url", "version"}


def test_up_twice_is_refused(up: Up) -> None:
    second = run("up", "--data", str(up.data.path), "--residents", "0")
    assert second.returncode == 2
    assert "already running" in second.stderr
    until(lambda: healthy(up.url))


def test_a_command_finds_the_database_with_and_without_a_house(data: DataDir, up: Up) -> None:
    saved = dict(os.environ)
    try:
        with house.database(data) as known, psycopg.connect(known.app.conninfo()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        up.stop()
        assert supervisor_of(data) is None
        assert {system["state"] for system in look(data)["systems"].values()} == {"down"}
        assert run("status", "--data", str(data.path)).returncode == 1
        with house.database(data) as known, psycopg.connect(known.app.conninfo()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert postgres.cluster(data).running_pid() is None
    finally:
        os.environ.clear()
        os.environ.update(saved)


def test_down_ends_what_a_killed_supervisor_left(up: Up) -> None:
    up.kill()
    done = run("down", "--data", str(up.data.path))
    assert (done.returncode, done.stdout) == (0, "Stopped.\n")
    assert processes.of_house(up.data.run) == []
    assert postgres.cluster(up.data).running_pid() is None
    assert run("down", "--data", str(up.data.path)).stdout == "No house was running.\n"


def test_down_stops_a_running_house(up: Up) -> None:
    assert run("down", "--data", str(up.data.path)).stdout == "Stopped.\n"
    assert up.process.wait(180) == 0
    assert processes.of_house(up.data.run) == []


def test_a_taken_port_is_named(data: DataDir) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("up", "--data", str(data.path), "--residents", "0", "--port", str(port))
    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr


def test_a_broken_house_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="did not start"), house.started(tmp_path / "d", ["--residents", "-1"]):
        pass
    shutil.rmtree(tmp_path / "d")
