"""The embedded PostgreSQL: one cluster, a unix socket in a 0700 folder, scram-sha-256, never TCP, never trust.

For demo, development and tests. PostgreSQL refuses to run as root, so as root it runs as `postgres` or `nobody`, with
binaries and cluster under /var/lib/daicho: the permissions of the clone's parent folders stay as they are.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from daicho.engine.databases import DatabaseSettings
from daicho.engine.errors import SetupError
from daicho.engine.paths import DataDir, is_root
from daicho.engine.postgres_files import binaries, system_folder
from daicho.engine.secretfiles import secret

SUPERUSER = "daicho_superuser"
PORT = 5432  # names the socket only: there is no TCP
LONGEST_SOCKET = 100  # the kernel takes 107 bytes
START_SECONDS = 120.0
FAST_SHUTDOWN = signal.SIGINT

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_wal_size": "4GB",
    "maintenance_work_mem": "256MB",
    "work_mem": "16MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Refused statements, key values, even the messages themselves can hold people's data: the server's log is about the
    # server alone (in this setting LOG ranks above ERROR); what was refused is recorded by whoever asked.
    "log_min_messages": "log",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_autovacuum_min_duration": "-1",
    "log_checkpoints": "off",
    # WAL that no backup fetches for long must not fill the disk: rather is the next base backup made anew.
    "max_slot_wal_keep_size": "16GB",
}


def unprivileged() -> dict[str, Any]:
    """Arguments for subprocess that drop root to the user `postgres`, else `nobody`; nothing for other users."""
    if not is_root():
        return {}
    account = _account()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SetupError("Neither a user postgres nor a user nobody exists; PostgreSQL cannot run as root.")


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster of one data folder."""

    data: DataDir
    bin: Path
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def folder(self) -> Path:
        """Where the cluster lies (`pg/` in the data folder; as root under /var/lib/daicho)."""
        return self.data.cluster

    @property
    def store(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        """The 0700 folder of the socket; under the temporary folder when the path would be too long for a socket."""
        beside = self.folder / "socket"
        if len(str(beside)) + len("/.s.PGSQL.65535") <= LONGEST_SOCKET:
            return beside
        return Path(tempfile.gettempdir()) / f"daicho-{os.geteuid()}-{secret(self.data.path, 'cluster')[:16]}"

    @property
    def superuser(self) -> DatabaseSettings:
        """How to connect as the cluster's superuser."""
        return DatabaseSettings(
            host=str(self.socket_folder),
            port=PORT,
            name="postgres",
            user=SUPERUSER,
            password_file=self.data.secrets / SUPERUSER,
            sslmode="disable",
        )

    def settings(self, user: str, database: str) -> DatabaseSettings:
        """How to connect as `user`, whose password is in the secrets folder."""
        return DatabaseSettings(str(self.socket_folder), PORT, database, user, self.data.secrets / user, "disable")

    def initialise(self) -> None:
        """Make the cluster if there is none; a half-made one (killed in the middle) is made again."""
        if (self.folder / "complete").is_file():
            return
        self.make_folders()
        if self.store.exists():
            shutil.rmtree(self.store)
        secret(self.data.secrets, SUPERUSER)
        password = self.folder / "password"
        password.write_bytes((self.data.secrets / SUPERUSER).read_bytes())
        password.chmod(0o600)
        self._give_away(password)
        options = [
            "--locale-provider=icu",
            "--icu-locale=ja-JP",
            "--locale=C.UTF-8",
            "-E",
            "UTF8",
            "--auth=scram-sha-256",
        ]
        command = [str(self.bin / "initdb"), "-D", str(self.store), "-U", SUPERUSER, f"--pwfile={password}", *options]
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=_clean(), capture_output=True, text=True, check=False, **unprivileged()
            )
        finally:
            password.unlink()
        if done.returncode != 0:
            raise SetupError(f"initdb failed:\n{done.stderr.strip()}")
        (self.folder / "complete").touch()

    def start(self, log: Path, seconds: float = START_SECONDS) -> subprocess.Popen[bytes]:
        """Start the server as a child process (its own process group) and wait at most `seconds` until it answers.

        A server left over by a killed supervisor is stopped first. SetupError when it does not come up.
        """
        if not self.is_recovering:
            self.initialise()
        self.stop_leftover()
        self.make_folders()
        chosen = SETTINGS | dict(self.extra) | {"unix_socket_directories": str(self.socket_folder)}
        arguments = [piece for name, value in chosen.items() for piece in ("-c", f"{name}={value}")]
        deadline = time.monotonic() + seconds
        while True:
            with log.open("ab") as output:
                process = subprocess.Popen(
                    [self.bin / "postgres", "-D", self.store, "-p", str(PORT), *arguments],
                    cwd=self.folder,
                    env=_clean(),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                    **unprivileged(),
                )
            if self._answers(process, deadline):
                return process
            if time.monotonic() > deadline:
                stop(process.pid)
                process.wait()
                raise SetupError(f"PostgreSQL did not start within {seconds:.0f} s; see {log}.")

    @property
    def is_recovering(self) -> bool:
        """Whether a backup was laid here that the server has still to replay."""
        return (self.store / "recovery.signal").is_file()

    def own(self, *folders: Path) -> None:
        """Give folders and all in them to the user that the server runs as."""
        for folder in folders:
            for path in (folder, *folder.rglob("*")):
                self._give_away(path)

    def stop_leftover(self) -> None:
        """Stop a server of this cluster that nobody watches any more, and wait until it is gone."""
        pid = self.running_pid()
        if pid is not None:
            stop(pid)

    def running_pid(self) -> int | None:
        """The process id of this cluster's server if it runs, whoever started it."""
        try:
            pid = int((self.store / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if str(self.store).encode() in command else None

    def remove(self) -> None:
        """Delete the stopped cluster (throw-away runs and tests)."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _answers(self, process: subprocess.Popen[bytes], deadline: float) -> bool:
        """Wait for the first answer; False when the process ended (an old server's memory is not yet released)."""
        while time.monotonic() < deadline:
            if process.poll() is not None:
                time.sleep(0.2)
                return False
            try:
                psycopg.connect(self.superuser.conninfo()).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return True
        return False

    def make_folders(self) -> None:
        """The folders of cluster and socket, for their owner only."""
        if is_root():
            system_folder("clusters")
        for folder in (self.folder, self.socket_folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if folder.is_symlink():
                raise SetupError(f"{folder} is a link; it must be a folder of our own.")
            self._give_away(folder)
            folder.chmod(0o700)

    def _give_away(self, path: Path) -> None:
        if is_root():
            account = _account()
            os.chown(path, account.pw_uid, account.pw_gid)


def cluster(data: DataDir, **extra: str) -> Cluster:
    """The embedded cluster of a data folder; `extra` are PostgreSQL settings on top of ours."""
    return Cluster(data, binaries(), tuple(extra.items()))


def stop(pid: int, seconds: float = 20.0) -> None:
    """Stop a server: fast shutdown, immediate shutdown after `seconds`, and wait until it is gone."""
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if _gone(pid):
                return
            time.sleep(0.02)


def _gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _clean() -> dict[str, str]:
    """The server gets no secret and no locale of ours."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
