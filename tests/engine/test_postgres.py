"""The embedded server: private, unprivileged, whole after a kill, under closed parent folders, and PostgreSQL 15 as well."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from daicho.engine import postgres, postgres_files
from daicho.engine.databases import DatabaseSettings, create_system
from daicho.engine.environment import PooledDatabase, SequenceIds
from daicho.engine.migrate import load, migrate_register
from daicho.engine.paths import ROOT, DataDir, is_root
from daicho.engine.processes import Identity

NOBODY = 65534
PARENT = "home"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Cluster]:
    """A cluster whose data folder lies under a folder that only its owner may enter."""
    private = tmp_path_factory.mktemp(PARENT)
    private.chmod(0o700)
    made = postgres.Cluster(
        DataDir.at(private / "clone" / "var"), postgres_files.binaries(), (("max_connections", "20"),)
    )
    begun = start(made)
    yield made
    made.stop_leftover()
    begun.wait()
    made.remove()


def start(cluster: postgres.Cluster) -> subprocess.Popen[bytes]:
    """Start it with its usual log."""
    return cluster.start(cluster.data.logs / "postgres.log")


@pytest.fixture
def process(cluster: postgres.Cluster) -> Iterator[subprocess.Popen[bytes]]:
    """The running server, started anew for this test; started again by the next one that needs it."""
    begun = start(cluster)
    yield begun
    cluster.stop_leftover()
    begun.wait()


def mode(path: Path) -> int:
    """Permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def one(settings: DatabaseSettings, query: str) -> object:
    """The first value of the first row."""
    with psycopg.connect(settings.conninfo()) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def test_it_works_under_a_folder_that_nobody_else_may_enter(
    cluster: postgres.Cluster, process: subprocess.Popen[bytes]
) -> None:
    data = cluster.data.path
    assert one(cluster.superuser, "SELECT 1") == 1
    assert mode(data.parent.parent) == 0o700
    assert mode(data) == 0o700
    assert mode(cluster.socket_folder) == 0o700
    assert mode(data / "secrets" / postgres.SUPERUSER) == 0o600
    assert Path(f"/proc/{process.pid}").stat().st_uid != 0
    assert not (cluster.folder / "password").exists()


def test_it_works_for_an_ordinary_user() -> None:
    """As root the check becomes nobody, in a folder that nobody can reach; otherwise it is the plain run."""
    with tempfile.TemporaryDirectory(prefix="daicho-ordinary-") as name:
        folder = Path(name) / "ordinary"
        folder.mkdir()
        if is_root():
            folder.parent.chmod(0o711)
            os.chown(folder, NOBODY, NOBODY)
        done = subprocess.run(
            [sys.executable, "-m", "tests.engine.ordinary", str(folder), str(NOBODY)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stderr


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    data = DataDir.at(tmp_path / ("long-" * 30))
    cluster = postgres.Cluster(data, Path("/nowhere"))
    assert len(str(cluster.socket_folder)) + len("/.s.PGSQL.65535") <= postgres.LONGEST_SOCKET


def test_what_was_committed_is_there_after_kill_9(cluster: postgres.Cluster, process: subprocess.Popen[bytes]) -> None:
    with psycopg.connect(cluster.superuser.conninfo(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (id bigint)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    again = start(cluster)
    assert one(cluster.superuser, "SELECT count(*) FROM kept") == 1000
    postgres.stop(again.pid)
    again.wait()


def test_a_server_that_nobody_watches_is_replaced(cluster: postgres.Cluster, process: subprocess.Popen[bytes]) -> None:
    second = start(cluster)
    process.wait()
    assert cluster.running_pid() == second.pid
    postgres.stop(second.pid)
    second.wait()


def test_a_strange_process_with_the_same_number_is_left_alone(
    cluster: postgres.Cluster, process: subprocess.Popen[bytes]
) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    stranger = subprocess.Popen(["sleep", "600"])
    left = cluster.store / "postmaster.pid"
    left.write_text(left.read_text(encoding="ascii").replace(str(process.pid), str(stranger.pid), 1), encoding="ascii")
    assert cluster.running_pid() is None
    cluster.stop_leftover()
    assert Identity.of(stranger.pid) is not None
    stranger.kill()
    stranger.wait()


def test_nothing_of_a_statement_reaches_the_log(cluster: postgres.Cluster, process: subprocess.Popen[bytes]) -> None:
    refused = (
        "INSERT INTO person VALUES ('カナリア', 1)",
        "INSERT INTO person VALUES ('カナリア2', -1)",
        "SELECT 'カナリア'::integer",
    )
    with psycopg.connect(cluster.superuser.conninfo(), autocommit=True) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY, age integer CHECK (age > 0))")
        connection.execute("INSERT INTO person VALUES ('カナリア', 1)")
        for statement in refused:
            with pytest.raises(psycopg.Error):
                connection.execute(statement.encode())
    log = (cluster.data.logs / "postgres.log").read_text(encoding="utf-8")
    assert "ready to accept connections" in log
    assert "カナリア" not in log


def test_japanese_order(cluster: postgres.Cluster, process: subprocess.Popen[bytes]) -> None:
    query = "SELECT string_agg(x, '' ORDER BY x) FROM unnest(array['ひ','ぱ','ば','ハ','は','あ','ァ','ぁ']) x"
    assert one(cluster.superuser, query) == "ぁァあはハばぱひ"


def test_a_half_made_cluster_is_made_again(tmp_path: Path) -> None:
    half = throwaway(tmp_path)
    half.store.mkdir(parents=True)
    (half.store / "PG_VERSION").write_text("18\n", encoding="ascii")
    begun = start(half)
    assert one(half.superuser, "SELECT 1") == 1
    postgres.stop(begun.pid)
    begun.wait()
    half.remove()


def throwaway(folder: Path, version: str = "") -> postgres.Cluster:
    """A cluster that need not survive a power cut."""
    extra = (("max_connections", "20"), ("fsync", "off"))
    return postgres.Cluster(DataDir.at(folder / "var"), postgres_files.version(version), extra)


def test_everything_applies_on_postgresql_15(tmp_path: Path) -> None:
    """A city's own server of the oldest version: all migrations, Django's too, and a round of work as the runtime role."""
    cluster = throwaway(tmp_path, "15.")
    begun = start(cluster)
    create_system(cluster.superuser, "register", cluster.data.secrets)
    applied = migrate_register(cluster.settings("register_owner", "register"))
    assert applied == [item.name for item in load()]
    assert migrate_register(cluster.settings("register_owner", "register")) == []
    database = PooledDatabase(cluster.settings("register_app", "register"))
    with database.transaction() as connection:
        assert connection.info.server_version // 10000 == 15
        assert len(SequenceIds().take(connection, 3)) == 3
        row = connection.execute("SELECT count(*) AS n FROM register.change").fetchone()
        assert row == {"n": 0}
    database.close()
    postgres.stop(begun.pid)
    begun.wait()
    cluster.remove()
